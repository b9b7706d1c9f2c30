// The receive queue of a handle: WebSocketReceive operations, the indications that end them, and the pongs that are
// answered between.
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

  // The next action of the queue; leaves `output` alone when there is none.
  abi::HRESULT Next(const BufferSlots& slots, ActionOutput& output);

  // What the bytes from `used` on hold next, for a caller that queues no operation: they are parsed where they are, and
  // none of them is kept. Data goes to `target` if there is one.
  void ReadInPlace(std::span<abi::BYTE> bytes, std::size_t& used, const ReceiveTarget& target, ParsedItem& item);

  // Ends the outstanding action if it has this context.
  void Complete(const void* action_context, abi::ULONG bytes_transferred);

  // A pong that was handed out and not completed holds up the send queue (.NET Framework's WebSocketBase.cs).
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
  void AskNetwork(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void Indicate(const ParsedItem& item, abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void IndicateEmpty(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output);
  void Give(abi::WEB_SOCKET_ACTION action, abi::WEB_SOCKET_BUFFER_TYPE type, ActionOutput& output);

  HandleState& state_;
  FrameParser parser_;
  abi::BYTE* buffer_ = nullptr;
  abi::ULONG buffer_size_;

  OperationQueue<Operation> operations_;
  // Of a fault of the peer; every later GetAction gives it again, until abort [assumed].
  abi::HRESULT error_ = abi::hresult::kOk;
  // The operation at the head has no more to come than an empty indication.
  bool cancelled_ = false;

  Outstanding outstanding_ = Outstanding::kNothing;
  void* outstanding_context_ = nullptr;
};

}  // namespace winwire::engine
