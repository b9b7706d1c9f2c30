#include "engine/sender.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace winwire::engine {
namespace {

using abi::BYTE;
using abi::HRESULT;
using abi::ULONG;

constexpr abi::WEB_SOCKET_BUFFER Bytes(BYTE* bytes, std::size_t size) {
  return {.Data = {bytes, static_cast<ULONG>(size)}};
}

std::size_t WriteCloseHead(const FrameHeader& header, abi::USHORT status, BYTE* to) {
  const std::size_t size = WriteHeader(header, to);
  to[size] = static_cast<BYTE>(status >> 8);
  to[size + 1] = static_cast<BYTE>(status & 0xFF);
  return size + kCloseStatusSize;
}

}  // namespace

HRESULT Sender::Queue(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  SendOperation operation{};
  HRESULT hr = MakeSendOperation(type, buffer, context, operation);
  if (abi::Succeeded(hr)) hr = CheckSequence(operation);
  if (abi::Failed(hr)) return hr;
  if (!operations_.Push(operation)) return abi::hresult::kOutOfMemory;
  NoteQueued(operation);
  return abi::hresult::kOk;
}

HRESULT Sender::CheckSequence(const SendOperation& operation) const {
  if (state_.closing.aborted) return abi::hresult::kInvalidProtocolOperation;
  const MessageKind kind = KindOf(operation.type);
  const bool is_close = operation.type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  if (state_.closing.close_sent && (is_close || kind != MessageKind::kNone))
    return abi::hresult::kInvalidProtocolOperation;
  // RFC 6455 section 5.4: a fragmented message must end before another one starts; control frames are allowed in
  // between.
  const bool interleaved =
      kind != MessageKind::kNone && queued_message_ != MessageKind::kNone && kind != queued_message_;
  return interleaved ? abi::hresult::kInvalidProtocolOperation : abi::hresult::kOk;
}

void Sender::NoteQueued(const SendOperation& operation) {
  const MessageKind kind = KindOf(operation.type);
  if (kind != MessageKind::kNone) queued_message_ = IsFragment(operation.type) ? kind : MessageKind::kNone;
  if (operation.type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE) state_.closing.close_sent = true;
}

HRESULT Sender::Next(const BufferSlots& slots, ActionOutput& output) {
  if (outstanding_ != Outstanding::kNothing || operations_.Empty()) return abi::hresult::kOk;
  if (!finished_ && !state_.closing.aborted) return BuildFrame(slots, output);
  Indicate(output);
  return abi::hresult::kOk;
}

void Sender::Indicate(ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  outstanding_ = Outstanding::kIndication;
  outstanding_context_ = state_.contexts.Next();
  output.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  output.buffer_type = operation.type;
  output.application_context = operation.context;
  output.action_context = outstanding_context_;
}

void Sender::Complete(const void* action_context, ULONG bytes_transferred) {
  if (outstanding_ == Outstanding::kNothing || action_context != outstanding_context_) return;
  const SendOperation& operation = operations_.Front();
  if (outstanding_ == Outstanding::kIndication) {
    operations_.Pop();
    framed_ = 0;
    finished_ = false;
  } else if (bytes_transferred != outstanding_size_) {
    // WebSocketCompleteAction: any other count cancels the operation. The next message starts a new frame [assumed].
    finished_ = true;
    if (KindOf(operation.type) != MessageKind::kNone) in_message_ = IsFragment(operation.type);
  }
  outstanding_ = Outstanding::kNothing;
}

HRESULT Sender::BuildFrame(const BufferSlots& slots, ActionOutput& output) {
  if (slots.capacity == 0) return abi::hresult::kInsufficientBuffer;
  switch (operations_.Front().type) {
    case abi::WEB_SOCKET_CLOSE_BUFFER_TYPE:
      return BuildClose(slots, output);
    case abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE:
      return BuildEmptyControl(Opcode::kPing, slots, output);
    case abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE:
      return BuildEmptyControl(Opcode::kPong, slots, output);
    default:
      return BuildData(slots, output);
  }
}

// Payload bytes of the next data frame: all that is left, unless it must be masked and does not fit into the send
// buffer.
ULONG Sender::NextPieceSize() const {
  const ULONG left = operations_.Front().length - framed_;
  if (!state_.headers.ChangesPayload() || std::uint64_t{left} + state_.headers.SizeFor(left) <= buffer_size_)
    return left;
  return buffer_size_ - static_cast<ULONG>(state_.headers.SizeFor(buffer_size_));
}

HRESULT Sender::BuildData(const BufferSlots& slots, ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  const ULONG size = NextPieceSize();
  const bool copies = state_.headers.ChangesPayload();
  if (!copies && size > 0 && slots.capacity < 2) return abi::hresult::kInsufficientBuffer;

  const bool last_piece = size == operation.length - framed_;
  const bool final = last_piece && !IsFragment(operation.type);
  const Opcode opcode = in_message_ ? Opcode::kContinuation : OpcodeOf(KindOf(operation.type));
  FrameHeader header;
  if (!state_.headers.Make(opcode, final, size, header)) return abi::hresult::kFail;

  const std::size_t header_size = WriteHeader(header, buffer_);
  BYTE* piece = operation.bytes + framed_;
  if (copies) {
    ApplyMask(piece, buffer_ + header_size, size, header.key, 0);
    Emit(slots, Bytes(buffer_, header_size + size), {}, output);
  } else {
    Emit(slots, Bytes(buffer_, header_size), Bytes(piece, size), output);
  }
  framed_ += size;
  finished_ = last_piece;
  in_message_ = !final;
  return abi::hresult::kOk;
}

HRESULT Sender::BuildClose(const BufferSlots& slots, ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  if (operation.status == 0) return BuildEmptyControl(Opcode::kClose, slots, output);
  FrameHeader header;
  if (!state_.headers.Make(Opcode::kClose, true, kCloseStatusSize + operation.length, header))
    return abi::hresult::kFail;
  return header.masked ? BuildClientClose(header, slots, output) : BuildServerClose(header, slots, output);
}

HRESULT Sender::BuildServerClose(const FrameHeader& header, const BufferSlots& slots, ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  if (operation.length > 0 && slots.capacity < 2) return abi::hresult::kInsufficientBuffer;
  const std::size_t head_size = WriteCloseHead(header, operation.status, buffer_);
  Emit(slots, Bytes(buffer_, head_size), Bytes(operation.bytes, operation.length), output);
  finished_ = true;
  return abi::hresult::kOk;
}

HRESULT Sender::BuildClientClose(const FrameHeader& header, const BufferSlots& slots, ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  const std::size_t frame_size = state_.headers.SizeFor(header.payload_length) + header.payload_length;
  BYTE* frame = buffer_;
  if (frame_size > buffer_size_) {
    close_frame_.reset(new (std::nothrow) BYTE[kMaxCloseFrame]);
    if (close_frame_ == nullptr) return abi::hresult::kOutOfMemory;
    frame = close_frame_.get();
  }
  const std::size_t head_size = WriteCloseHead(header, operation.status, frame);
  if (operation.length > 0) std::memcpy(frame + head_size, operation.bytes, operation.length);
  BYTE* payload = frame + head_size - kCloseStatusSize;
  ApplyMask(payload, payload, header.payload_length, header.key, 0);
  Emit(slots, Bytes(frame, frame_size), {}, output);
  finished_ = true;
  return abi::hresult::kOk;
}

HRESULT Sender::BuildEmptyControl(Opcode opcode, const BufferSlots& slots, ActionOutput& output) {
  FrameHeader header;
  if (!state_.headers.Make(opcode, true, 0, header)) return abi::hresult::kFail;
  Emit(slots, Bytes(buffer_, WriteHeader(header, buffer_)), {}, output);
  finished_ = true;
  return abi::hresult::kOk;
}

void Sender::Emit(const BufferSlots& slots, abi::WEB_SOCKET_BUFFER first, abi::WEB_SOCKET_BUFFER second,
                  ActionOutput& output) {
  const SendOperation& operation = operations_.Front();
  slots.slots[0] = first;
  output.buffer_count = 1;
  if (second.Data.ulBufferLength > 0) {
    slots.slots[1] = second;
    output.buffer_count = 2;
  }
  outstanding_ = Outstanding::kSendToNetwork;
  outstanding_context_ = state_.contexts.Next();
  outstanding_size_ = std::uint64_t{first.Data.ulBufferLength} + second.Data.ulBufferLength;
  output.action = abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION;
  output.buffer_type = operation.type;
  output.application_context = operation.context;
  output.action_context = outstanding_context_;
}

}  // namespace winwire::engine
