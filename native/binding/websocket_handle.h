// One WEB_SOCKET_HANDLE and everything that has to live as long as the component may use it. What the component leaves
// undefined (a stale handle, an unknown action context, a second completion, a count above the sum) ends here. Knows
// nothing of Node-API; used by one thread.
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

// Name and value in turn, copied out of the component's memory.
using HeaderStrings = std::vector<std::string>;

struct Selection {
  static constexpr abi::ULONG kNone = 0xFFFFFFFF;

  abi::ULONG subprotocol = kNone;
  std::vector<abi::ULONG> extensions;
};

// Pointers may be null where they stand for NULL.
class WebSocketHandle {
 public:
  // Takes over a handle that the table's component has created. `buffer_size` is what it allocates for its buffers once
  // the handshake is done.
  WebSocketHandle(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, std::size_t buffer_size);
  ~WebSocketHandle();
  WebSocketHandle(const WebSocketHandle&) = delete;
  WebSocketHandle& operator=(const WebSocketHandle&) = delete;

  // For a pump, which then is the only one to use the queues.
  const abi::WebSocketApi& api() const { return api_; }
  abi::WEB_SOCKET_HANDLE native_handle() const { return handle_; }

  // Aborts, drains and deletes; a second call does nothing. No other function may follow.
  void Close();

  Status BeginClientHandshake(TokenList* subprotocols, TokenList* extensions, HeaderArray* headers,
                              HeaderStrings& request);
  Status EndClientHandshake(HeaderArray& response, Selection& selection);
  Status BeginServerHandshake(abi::PCSTR subprotocol, TokenList* extensions, HeaderArray& request,
                              HeaderStrings& response);
  Status EndServerHandshake();

  // The result is the operation's number, or a failure.
  Status Send(abi::WEB_SOCKET_BUFFER_TYPE type, const ByteSpan* payload);
  Status SendClose(abi::USHORT status, const ByteSpan* reason);
  Status Receive(const std::size_t* size);

  Status GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, ExchangeBlock& block);
  // For a buffer that is longer than the block's region.
  Status CopyBuffer(std::uint32_t action_id, std::uint32_t index, ByteSpan target);
  // Action 0 stands for NULL.
  Status CompleteAction(std::uint32_t action_id, abi::ULONG bytes_transferred);
  Status CompleteReceive(std::uint32_t action_id, ByteSpan bytes);
  void Abort();

  // Bytes of native memory that go with the handle, for the garbage collector to know.
  std::int64_t external_size() const;

 private:
  // An action that was returned and is not yet completed.
  struct Outstanding {
    std::uint32_t id;
    abi::WEB_SOCKET_ACTION action;
    void* context;
    std::uint32_t operation;
    std::uint32_t count;
    abi::WEB_SOCKET_BUFFER buffers[2];
  };

  // What is queued and outstanding. A pump keeps its own account, and its handle has none.
  struct Calls {
    OperationTable operations;
    // One for each queue, and a pong: short enough to be searched.
    std::vector<Outstanding> outstanding;
  };

  Calls& calls();
  Status Queued(abi::HRESULT hr, std::uint32_t operation);
  void Describe(const Outstanding& action, ExchangeBlock& block) const;
  Outstanding* Find(std::uint32_t action_id);
  void Finish(Outstanding& action, abi::ULONG bytes_transferred);
  void Drain(abi::WEB_SOCKET_ACTION_QUEUE queue);

  const abi::WebSocketApi& api_;
  abi::WEB_SOCKET_HANDLE handle_;
  const std::size_t buffer_size_;
  // Null until the first call that queues, or asks for an action.
  std::unique_ptr<Calls> calls_;
  std::uint32_t last_action_id_ = 0;
  // What the client offered: the capacity that WebSocketEndClientHandshake asks for.
  abi::ULONG offered_extensions_ = 0;
  bool offered_subprotocols_ = false;
  // The component has allocated its buffers.
  bool is_open_ = false;
};

// Handles that are open in the process, over all environments.
std::uint64_t OpenHandleCount();

}  // namespace winwire::binding
