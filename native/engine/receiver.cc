#include "engine/receiver.h"

#include <algorithm>
#include <limits>

namespace winwire::engine {

using abi::HRESULT;
using abi::ULONG;

HRESULT Receiver::Queue(const abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  ReceiveTarget target;
  if (buffer != nullptr) {
    target = {buffer->Data.pbBuffer, buffer->Data.ulBufferLength};
    if (target.bytes == nullptr || target.length == 0) return abi::hresult::kInvalidArg;
  }
  // After a close no further data is allowed [assumed]; after a fault reading stops.
  if (state_.closing.aborted || state_.closing.close_received || abi::Failed(error_)) {
    return abi::hresult::kInvalidProtocolOperation;
  }
  Operation* const operation = operations_.Add();
  if (operation == nullptr) return abi::hresult::kOutOfMemory;
  operation->target = target;
  operation->context = context;
  return abi::hresult::kOk;
}

HRESULT Receiver::Next(const BufferSlots& slots, ActionOutput& output) {
  if (outstanding_ != Outstanding::kNothing) return abi::hresult::kOk;
  if (abi::Failed(error_) && !state_.closing.aborted) return error_;
  if (operations_.Empty()) return abi::hresult::kOk;
  if (slots.capacity == 0) return abi::hresult::kInsufficientBuffer;
  if (cancelled_ || state_.closing.aborted) {
    IndicateEmpty(slots.slots[0], output);
    return abi::hresult::kOk;
  }
  const ReceiveTarget& target = operations_.Front().target;
  if (target.bytes == nullptr && IndicateMessage(slots.slots[0], output)) return abi::hresult::kOk;
  ParsedItem item;
  Parse(target, item);
  switch (item.kind) {
    case ParsedItem::Kind::kNeedBytes:
      RequestBytes(slots.slots[0], output);
      return abi::hresult::kOk;
    case ParsedItem::Kind::kError:
      return item.error;
    case ParsedItem::Kind::kPing:
      SendPong(item, slots.slots[0], output);
      return abi::hresult::kOk;
    case ParsedItem::Kind::kPong:
    case ParsedItem::Kind::kClose:
    case ParsedItem::Kind::kData:
      Indicate(item, slots.slots[0], output);
      return abi::hresult::kOk;
  }
  return abi::hresult::kOk;
}

std::size_t Receiver::ReadInPlace(std::span<abi::BYTE> bytes, std::size_t& used, const ReceiveTarget& target,
                                  std::span<WholeMessage> messages, ParsedItem& item) {
  const bool is_idle = outstanding_ == Outstanding::kNothing && operations_.Empty() && parser_.Unread() == 0;
  if (!is_idle || state_.closing.aborted || state_.closing.close_received) {
    item.Fail(abi::hresult::kInvalidProtocolOperation);
    return 0;
  }
  if (abi::Failed(error_)) {
    item.Fail(error_);
    return 0;
  }
  const auto size = static_cast<ULONG>(std::min<std::size_t>(bytes.size() - used, std::numeric_limits<ULONG>::max()));
  parser_.Feed(bytes.data() + used, size);
  const std::size_t count = parser_.TakeMessages(messages);
  if (count == 0 || count < messages.size()) Parse(target, item);
  used += size - parser_.Unread();
  // The caller's bytes may be freed before the next call.
  parser_.Feed(nullptr, 0);
  return count;
}

// Returns the next item for the caller; a ping as the pong that answers it.
void Receiver::Parse(const ReceiveTarget& target, ParsedItem& item) {
  do {
    parser_.Next(target, item);
    // After both closes a pong is not sent [assumed].
  } while (item.kind == ParsedItem::Kind::kPing && state_.closing.BothClosed());
  if (item.kind == ParsedItem::Kind::kPing) MakePong(item);
  if (item.kind == ParsedItem::Kind::kClose) state_.closing.close_received = true;
  if (item.kind == ParsedItem::Kind::kError) error_ = item.error;
}

// RFC 6455 section 5.5.3: the pong has the ping's payload. Its header is written before it.
void Receiver::MakePong(ParsedItem& ping) const {
  FrameHeader header;
  if (!state_.headers.Make(Opcode::kPong, true, ping.length, header)) {
    ping.Fail(abi::hresult::kFail);
    return;
  }
  const std::size_t header_size = state_.headers.SizeFor(ping.length);
  abi::BYTE* const payload = ping.bytes;
  ping.bytes -= header_size;
  WriteHeader(header, ping.bytes);
  ApplyMask(payload, payload, ping.length, header.key, 0);
  ping.length += static_cast<ULONG>(header_size);
}

void Receiver::SendPong(const ParsedItem& pong, abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output) {
  slot.Data = {pong.bytes, pong.length};
  SetAction(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE, output);
  output.application_context = nullptr;  // WebSocketGetAction: not set for a send that the component created
  outstanding_ = Outstanding::kPong;
}

void Receiver::RequestBytes(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output) {
  slot.Data = {buffer_, buffer_size_};
  SetAction(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, abi::kNoBufferType, output);
  outstanding_ = Outstanding::kReceiveFromNetwork;
}

void Receiver::Indicate(const ParsedItem& item, abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output) {
  abi::WEB_SOCKET_BUFFER_TYPE type = item.buffer_type;
  if (item.kind == ParsedItem::Kind::kClose) {
    slot.CloseStatus = {item.bytes, item.length, item.status};
    type = abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  } else {
    slot.Data = {item.bytes, item.length};
    if (item.kind == ParsedItem::Kind::kPong) type = abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
  }
  SetAction(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, type, output);
  outstanding_ = Outstanding::kIndication;
}

// Returns false without a change if the next frame needs the complete parser.
bool Receiver::IndicateMessage(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output) {
  WholeMessage message{};
  if (state_.closing.close_received || parser_.TakeMessages({&message, 1}) == 0) return false;
  slot.Data = {message.bytes, message.length};
  SetAction(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION,
            message.is_text ? abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,
            output);
  outstanding_ = Outstanding::kIndication;
  return true;
}

void Receiver::IndicateEmpty(abi::WEB_SOCKET_BUFFER& slot, ActionOutput& output) {
  slot.Data = {nullptr, 0};
  SetAction(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, abi::kNoBufferType, output);
  outstanding_ = Outstanding::kIndication;
}

void Receiver::SetAction(abi::WEB_SOCKET_ACTION action, abi::WEB_SOCKET_BUFFER_TYPE type, ActionOutput& output) {
  outstanding_context_ = state_.contexts.Next();
  output.action = action;
  output.buffer_type = type;
  output.buffer_count = 1;
  output.application_context = operations_.Front().context;
  output.action_context = outstanding_context_;
}

void Receiver::Complete(const void* action_context, ULONG bytes_transferred) {
  if (outstanding_ == Outstanding::kNothing || action_context != outstanding_context_) return;
  if (outstanding_ == Outstanding::kIndication) {
    operations_.Pop();
    cancelled_ = false;
  } else if (outstanding_ == Outstanding::kReceiveFromNetwork) {
    // Bytes beyond the buffer were never received: the memory after the buffer is not read.
    const bool received = bytes_transferred > 0 && bytes_transferred <= buffer_size_;
    parser_.Feed(buffer_, received ? bytes_transferred : 0);
    cancelled_ = !received;
  }
  // A pong is complete however much of it was written.
  outstanding_ = Outstanding::kNothing;
}

}  // namespace winwire::engine
