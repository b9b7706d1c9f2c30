// The receive queue of a handle: WebSocketReceive operations, the indications that complete them, and the pongs between
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "abi/websocket_abi.h"
#include "engine/action.h"
#include "engine/frame_parser.h"
#include "engine/handle_state.h"
#include "engine/operation_queue.h"

namespace winwire::engine {

class Receiver {
 public:
  Receiver(Role role, const Settings& settings, HandleState& state)
      : state_(state), parser_(role, settings, state.closing), buffer_size_(settings.receive_buffer_size) {}

  void SetBuffers(abi::BYTE* receive_buffer, abi::BYTE* control) {
    buffer_ = receive_buffer;
    parser_.SetControlBuffer(control);
  }

  // WebSocketReceive.
  abi::HRESULT Queue(const abi::WEB_SOCKET_BUFFER* buffer, void* context);

  // Returns the next action of the queue; leaves `output` unchanged if there is none.
  abi::HRESULT Next(const BufferSlots& slots, ActionOutput& output);

  // Parses the bytes from `used` on in place, for a caller that queues no operations. Returns the number of whole
  // messages; then, unless there may be more of them, fills another item, whose data goes to `target` if there is one.
  std::size_t ReadInPlace(std::span<abi::BYTE> bytes, std::size_t& used, const ReceiveTarget& target,
                          std::span<WholeMessage> messages, ParsedItem& item);

  // Completes the outstanding action if it has this context.
  void Complete(const void* action_context, abi::ULONG bytes_transferred);

  // A returned pong that is not completed blocks the send queue (.NET Framework's WebSocketBase.cs).
  bool PongOutstanding() const { return outstanding_ == Outstanding::kPong; }

 private:
  enum class Outstanding : std::uint8_t { kNothing, kReceiveFromNetwork, kIndication, kPong };

  struct Operation {
    ReceiveTarget target;
    void* context = nullptr;
  };

  void Parse(const ReceiveTarget& target, ParsedItem& item);
  void MakePong(ParsedItem& ping) const;
  void SendPong(const ParsedItem& pong, abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void RequestBytes(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void Indicate(const ParsedItem& item, abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  bool IndicateMessage(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void IndicateEmpty(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void SetAction(abi::WEB_SOCKET_ACTION action, abi::WEB_SOCKET_BUFFER_TYPE type, ActionOutput& output);

  HandleState& state_;
  FrameParser parser_;
  abi::BYTE* buffer_ = nullptr;
  abi::ULONG buffer_size_;

  OperationQueue<Operation> operations_;
  // After a fault of the peer every GetAction returns it again, until abort [assumed].
  abi::HRESULT error_ = abi::hresult::kOk;
  // The first operation has only an empty indication left.
  bool cancelled_ = false;

  Outstanding outstanding_ = Outstanding::kNothing;
  void* outstanding_context_ = nullptr;
};

}  // namespace winwire::engine
