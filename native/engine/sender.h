// The send queue of a handle: WebSocketSend operations, their frames, and their completion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "abi/websocket_abi.h"
#include "engine/action.h"
#include "engine/buffer_type.h"
#include "engine/handle_state.h"
#include "engine/operation_queue.h"
#include "engine/send_operation.h"

namespace winwire::engine {

class Sender {
 public:
  explicit Sender(HandleState& state) : state_(state) {}

  // The memory for headers and masked payload.
  void SetBuffer(abi::BYTE* buffer, abi::ULONG size) {
    buffer_ = buffer;
    buffer_size_ = size;
  }

  // WebSocketSend. The struct is copied; the bytes it points to are not and must stay until the operation's
  // INDICATE_SEND_COMPLETE.
  abi::HRESULT Queue(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context);

  // Returns the next action of the queue; leaves `output` unchanged if there is none.
  abi::HRESULT Next(const BufferSlots& slots, ActionOutput& output);

  // Completes the outstanding action if it has this context.
  void Complete(const void* action_context, abi::ULONG bytes_transferred);

 private:
  enum class Outstanding : std::uint8_t { kNothing, kSendToNetwork, kIndication };

  // A client's masked close frame, with payload.
  static constexpr std::size_t kMaxCloseFrame = kMinHeaderSize + kMaskKeySize + kMaxControlPayload;

  abi::HRESULT CheckSequence(const SendOperation& operation) const;
  void NoteQueued(const SendOperation& operation);
  void Indicate(ActionOutput& output);

  abi::HRESULT BuildFrame(const BufferSlots& slots, ActionOutput& output);
  abi::HRESULT BuildData(const BufferSlots& slots, ActionOutput& output);
  abi::HRESULT BuildClose(const BufferSlots& slots, ActionOutput& output);
  abi::HRESULT BuildServerClose(const FrameHeader& header, const BufferSlots& slots, ActionOutput& output);
  abi::HRESULT BuildClientClose(const FrameHeader& header, const BufferSlots& slots, ActionOutput& output);
  abi::HRESULT BuildEmptyControl(Opcode opcode, const BufferSlots& slots, ActionOutput& output);
  abi::ULONG NextPieceSize() const;

  // Fills the slots and makes this the outstanding action.
  void Emit(const BufferSlots& slots, abi::WEB_SOCKET_BUFFER first, abi::WEB_SOCKET_BUFFER second,
            ActionOutput& output);

  HandleState& state_;
  abi::BYTE* buffer_ = nullptr;
  abi::ULONG buffer_size_ = 0;

  // Of the first operation: its framed payload bytes, and whether only its indication is left.
  abi::ULONG framed_ = 0;
  OperationQueue<SendOperation> operations_;
  bool finished_ = false;
  // The messages started by the queued fragments, and by the returned frames.
  bool in_message_ = false;
  MessageKind queued_message_ = MessageKind::kNone;

  Outstanding outstanding_ = Outstanding::kNothing;
  void* outstanding_context_ = nullptr;
  std::uint64_t outstanding_size_ = 0;

  // SEND_BUFFER_SIZE may be as small as 16, and a control frame cannot be split. Allocated on demand.
  std::unique_ptr<abi::BYTE[]> close_frame_;
};

}  // namespace winwire::engine
