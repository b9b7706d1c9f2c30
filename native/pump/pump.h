// Drives one handle for a whole connection: bytes of the network in, messages out; messages in, bytes for the network
// out. It runs the loop of WebSocketSend, WebSocketReceive, WebSocketGetAction and WebSocketCompleteAction over any
// backend's table, for the real DLL and the engine alike. No Node, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "abi/websocket_api.h"
#include "backend/backend.h"
#include "pump/inbound.h"
#include "pump/out_block.h"
#include "pump/text_reader.h"

namespace winwire::pump {

enum class ReceiveStatus {
  kWantsBytes,  // everything given has been used
  kFull,        // call again with an empty block or table; nothing is lost
  kClosed,      // a close was indicated, or the handle has nothing more to give
  kBadText,     // text that is not UTF-8
};

class Pump {
 public:
  // The handshake of the handle is complete, and nothing else uses its queues. It outlives the pump. With
  // `checks_text` the pump judges UTF-8: the component has one HRESULT for bad text and bad frames, where RFC 6455 has
  // two close codes (1007 and 1002).
  Pump(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, bool checks_text)
      : api_(&api), handle_(handle), text_(checks_text) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  ~Pump() = default;

  // Goes on with the same handle by another table, which may have its own idea of the handle.
  void UseTable(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle) {
    api_ = &api;
    handle_ = handle;
    read_in_place_ = nullptr;
  }

  // From now on bytes are parsed where they are, until another table is used: a trace has every call.
  void ReadInPlace(backend::ReadInPlaceFunction* function) { read_in_place_ = function; }

  // Gives the handle what it asks for of `bytes` from `used` on, and takes what it indicates. Pongs go to `out`. A
  // failure is the peer's fault; what came before it is in `inbound`.
  abi::HRESULT Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                       ReceiveStatus& status);

  // Sends one buffer and frames it into `out` at once; its bytes are not needed afterwards.
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out);

  // WebSocketAbortHandle and the drain of both queues. The handle takes nothing any more.
  void Abort();

  std::uint64_t PongCount() const { return pong_count_; }

 private:
  struct Action {
    abi::WEB_SOCKET_ACTION kind = abi::WEB_SOCKET_NO_ACTION;
    abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;
    // Two is the most that is ever returned.
    static constexpr abi::ULONG kBufferCapacity = 2;
    abi::WEB_SOCKET_BUFFER buffers[kBufferCapacity] = {};
    abi::ULONG buffer_count = 0;
    void* context = nullptr;
  };

  abi::HRESULT GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action);
  void Complete(Action& action, abi::ULONG bytes);
  abi::ULONG Write(const Action& action, OutBlock& out) const;
  abi::HRESULT NextReceiveAction();
  bool IsLongControl() const;
  bool FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used);
  ReceiveStatus TakeIndication(std::span<std::uint8_t> block, Inbound& inbound);
  static void CopyData(std::span<const std::uint8_t> bytes, std::uint8_t* to, Inbound& inbound);
  abi::HRESULT ReceiveInPlace(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                              ReceiveStatus& status);
  bool TakeInPlace(const engine::ParsedItem& data, std::uint8_t* chunk, Inbound& inbound);
  static void JoinFrames(std::uint8_t* chunk, Inbound& inbound);
  void Drain(abi::WEB_SOCKET_ACTION_QUEUE queue);

  const abi::WebSocketApi* api_;
  abi::WEB_SOCKET_HANDLE handle_;
  backend::ReadInPlaceFunction* read_in_place_ = nullptr;

  // The receive queue's action that is not completed yet: RECEIVE_FROM_NETWORK that waits for bytes, or an indication
  // that waits for room. NO_ACTION: none.
  Action waiting_;
  bool receive_queued_ = false;
  bool closed_ = false;
  TextReader text_;
  std::uint64_t pong_count_ = 0;
};

}  // namespace winwire::pump
