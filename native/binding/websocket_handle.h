// One WEB_SOCKET_HANDLE and everything that must live as long as the component may use it. Cases that the component
// leaves undefined (a stale handle, an unknown action context, a second completion, a count above the sum) end here.
// Independent of Node-API; used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "abi/websocket_api.h"
#include "binding/exchange_block.h"
#include "binding/operation_table.h"
#include "binding/packed_strings.h"
#include "binding/status.h"

namespace winwire::binding {

using ByteSpan = std::span<std::uint8_t>;

// Name and value in turn, copied from the component's memory.
using HeaderStrings = std::vector<std::string>;

struct Selection {
  static constexpr abi::ULONG kNone = 0xFFFFFFFF;

  abi::ULONG subprotocol = kNone;
  std::vector<abi::ULONG> extensions;
};

// Null pointers mean NULL.
class WebSocketHandle {
 public:
  // Takes over a handle created by the table's component. `buffer_size` is the memory that it allocates for its buffers
  // after the handshake.
  WebSocketHandle(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, std::size_t buffer_size);
  ~WebSocketHandle();
  WebSocketHandle(const WebSocketHandle&) = delete;
  WebSocketHandle& operator=(const WebSocketHandle&) = delete;

  // For a pump, which is then the only user of the queues.
  const abi::WebSocketApi& api() const { return api_; }
  abi::WEB_SOCKET_HANDLE native_handle() const { return handle_; }

  // Aborts, drains and deletes; a second call has no effect. No other function may follow.
  void Close();

  Status BeginClientHandshake(TokenList* subprotocols, TokenList* extensions, HeaderArray* headers,
                              HeaderStrings& request);
  Status EndClientHandshake(HeaderArray& response, Selection& selection);
  Status BeginServerHandshake(abi::PCSTR subprotocol, TokenList* extensions, HeaderArray& request,
                              HeaderStrings& response);
  Status EndServerHandshake();

  // Returns the operation's number, or a failure.
  Status Send(abi::WEB_SOCKET_BUFFER_TYPE type, const ByteSpan* payload);
  Status SendClose(abi::USHORT status, const ByteSpan* reason);
  Status Receive(const std::size_t* size);

  Status GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, ExchangeBlock& block);
  // For a buffer longer than the block's region.
  Status CopyBuffer(std::uint32_t action_id, std::uint32_t index, ByteSpan target);
  // Action 0 means NULL.
  Status CompleteAction(std::uint32_t action_id, abi::ULONG bytes_transferred);
  Status CompleteReceive(std::uint32_t action_id, ByteSpan bytes);
  void Abort();

  // Bytes of the handle's native memory, for the garbage collector.
  std::int64_t external_size() const;

 private:
  // A returned action that is not completed.
  struct Outstanding {
    std::uint32_t id;
    abi::WEB_SOCKET_ACTION action;
    void* context;
    std::uint32_t operation;
    std::uint32_t count;
    abi::WEB_SOCKET_BUFFER buffers[2];
  };

  // Queued and outstanding operations. A pump keeps its own record, so its handle has none.
  struct Calls {
    OperationTable operations;
    // One per queue, and a pong: few enough to search.
    std::vector<Outstanding> outstanding;
    // Bytes of the largest payload or receive buffer so far.
    std::size_t largest_operation = 0;
  };

  Calls& calls();
  std::uint32_t AddOperation(std::size_t size, std::uint8_t** memory);
  bool IsUsable(const Outstanding& action) const;
  Status Queued(abi::HRESULT hr, std::uint32_t operation);
  void Describe(const Outstanding& action, ExchangeBlock& block) const;
  Outstanding* Find(std::uint32_t action_id);
  void Finish(Outstanding& action, abi::ULONG bytes_transferred);
  void Drain(abi::WEB_SOCKET_ACTION_QUEUE queue);

  const abi::WebSocketApi& api_;
  abi::WEB_SOCKET_HANDLE handle_;
  const std::size_t buffer_size_;
  // Null until the first call that queues an operation or gets an action.
  std::unique_ptr<Calls> calls_;
  std::uint32_t last_action_id_ = 0;
  // The client's offer: the capacity that WebSocketEndClientHandshake needs.
  abi::ULONG offered_extensions_ = 0;
  bool offered_subprotocols_ = false;
  // The component has allocated its buffers.
  bool is_open_ = false;
};

// The number of open handles in the process, over all environments.
std::uint64_t OpenHandleCount();

}  // namespace winwire::binding
