#include "engine/frame_parser.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "engine/close_status.h"
#include "engine/copy.h"

namespace winwire::engine {
namespace {

using abi::BYTE;
using abi::HRESULT;
using abi::ULONG;

// RFC 6455 section 5.2: the shortest form, and the most significant bit of a 64-bit length is 0.
bool IsCanonicalLength(const HeaderPrefix& prefix, std::uint64_t length) {
  if (prefix.LengthSize() == 2) return length > kMaxControlPayload;
  if (prefix.LengthSize() == 8) return length > 0xFFFF && (length >> 63) == 0;
  return true;
}

}  // namespace

void FrameParser::Next(const ReceiveTarget& target, ParsedItem& item) {
  item = ParsedItem();
  if (!in_frame_) {
    const HeaderResult result = TakeHeader();
    if (result == HeaderResult::kError) item.Fail(header_error_);
    if (result == HeaderResult::kNeedBytes) NeedHeader(item);
    if (result != HeaderResult::kComplete) return;
  }
  if (IsControl(frame_.opcode)) {
    TakeControl(item);
  } else {
    TakeData(target, item);
  }
}

std::size_t FrameParser::TakeMessages(std::span<WholeMessage> messages) {
  const bool may_begin = !in_frame_ && partial_size_ == 0 && message_ == MessageKind::kNone;
  std::size_t count = 0;
  while (may_begin && count < messages.size() && TakeMessage(messages[count])) ++count;
  return count;
}

// Returns false without a change for frames that need the complete parser.
bool FrameParser::TakeMessage(WholeMessage& message) {
  constexpr std::uint8_t kWholeText = 0x81;
  constexpr std::uint8_t kWholeBinary = 0x82;
  const ULONG size = end_ - position_;
  if (size < kMinHeaderSize) return false;
  BYTE* const header = input_ + position_;
  const HeaderPrefix prefix(header);
  message.is_text = prefix.first == kWholeText;
  const bool may_be_taken = prefix.first == kWholeBinary || (message.is_text && !verify_utf8_);
  if (!may_be_taken || !FitsRole(prefix)) return false;
  const auto header_size = static_cast<ULONG>(prefix.HeaderSize());
  if (size < header_size) return false;
  const bool is_short = prefix.LengthSize() == 0;
  // Of a length of 8 bytes these are the first 2, which IsCanonicalLength refuses: Next reads it.
  message.length = is_short ? prefix.LengthCode() : (ULONG{header[2]} << 8) | header[3];
  if (size - header_size < message.length || !IsCanonicalLength(prefix, message.length)) return false;
  message.bytes = header + header_size;
  if (prefix.Masked()) {
    MaskKey key;
    std::memcpy(key.data(), message.bytes - kMaskKeySize, kMaskKeySize);
    ApplyMask(message.bytes, message.bytes, message.length, key, 0);
  }
  position_ += header_size + message.length;
  return true;
}

void FrameParser::NeedHeader(ParsedItem& item) {
  item.bytes = partial_header_.data();
  item.length = partial_size_;
  item.message_frames = message_ == MessageKind::kNone ? 0 : message_frames_;
}

FrameParser::HeaderResult FrameParser::TakeHeader() {
  // Checked when two bytes are there: an invalid frame is rejected before its length arrives.
  if (partial_size_ + (end_ - position_) < kMinHeaderSize) {
    GatherTo(kMinHeaderSize);
    return HeaderResult::kNeedBytes;
  }
  const BYTE* header = GatherHeader();
  if (header == nullptr) {
    return abi::Failed(header_error_) ? HeaderResult::kError : HeaderResult::kNeedBytes;
  }
  BeginFrame(ReadHeader(header));
  if (IsCanonicalLength(HeaderPrefix(header), frame_.payload_length)) return HeaderResult::kComplete;
  header_error_ = abi::hresult::kInvalidProtocolFormat;
  return HeaderResult::kError;
}

// Returns the header's bytes when they are complete and the first two are valid: in place, or gathered from several
// reads.
const BYTE* FrameParser::GatherHeader() {
  const bool in_place = partial_size_ == 0;
  if (!in_place) GatherTo(kMinHeaderSize);
  const HeaderPrefix prefix(in_place ? input_ + position_ : partial_header_.data());
  header_error_ = CheckPrefix(prefix);
  if (abi::Failed(header_error_)) return nullptr;
  const std::size_t size = prefix.HeaderSize();
  if (in_place && end_ - position_ >= size) {
    const BYTE* header = input_ + position_;
    position_ += static_cast<ULONG>(size);
    return header;
  }
  if (!GatherTo(size)) return nullptr;
  partial_size_ = 0;
  return partial_header_.data();
}

// Moves received bytes to the partial header until it has `size`; returns false without enough bytes.
bool FrameParser::GatherTo(std::size_t size) {
  while (partial_size_ < size && position_ < end_) partial_header_[partial_size_++] = input_[position_++];
  return partial_size_ >= size;
}

HRESULT FrameParser::CheckPrefix(const HeaderPrefix& prefix) const {
  if (prefix.HasReservedBits()) return abi::hresult::kInvalidProtocolFormat;
  if (!FitsRole(prefix)) return abi::hresult::kInvalidProtocolFormat;
  return (prefix.OpcodeBits() & 0x8) != 0 ? CheckControl(prefix) : CheckData(prefix);
}

// RFC 6455 section 5.1: a client masks, a server does not. A server with DISABLE_MASKING accepts both.
bool FrameParser::FitsRole(const HeaderPrefix& prefix) const {
  const bool must_be_masked = role_ == Role::kServer && masking_;
  const bool may_be_masked = role_ == Role::kServer;
  return prefix.Masked() ? may_be_masked : !must_be_masked;
}

HRESULT FrameParser::CheckControl(const HeaderPrefix& prefix) const {
  if (prefix.OpcodeBits() > static_cast<std::uint8_t>(Opcode::kPong)) return abi::hresult::kInvalidProtocolFormat;
  // RFC 6455 section 5.5.
  if (!prefix.Final() || prefix.LengthCode() > kMaxControlPayload) return abi::hresult::kInvalidProtocolFormat;
  const bool second_close = closing_.close_received && prefix.OpcodeBits() == static_cast<std::uint8_t>(Opcode::kClose);
  return second_close ? abi::hresult::kInvalidProtocolOperation : abi::hresult::kOk;
}

HRESULT FrameParser::CheckData(const HeaderPrefix& prefix) const {
  if (prefix.OpcodeBits() > static_cast<std::uint8_t>(Opcode::kBinary)) return abi::hresult::kInvalidProtocolFormat;
  if (closing_.close_received) return abi::hresult::kInvalidProtocolOperation;
  const bool continues = prefix.OpcodeBits() == static_cast<std::uint8_t>(Opcode::kContinuation);
  const bool expected = continues == (message_ != MessageKind::kNone);
  return expected ? abi::hresult::kOk : abi::hresult::kInvalidProtocolOperation;
}

void FrameParser::BeginFrame(const FrameHeader& header) {
  frame_ = header;
  in_frame_ = true;
  payload_taken_ = 0;
  if (IsControl(header.opcode)) return;
  if (header.opcode == Opcode::kContinuation) {
    message_frames_ += message_frames_ < std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
    return;
  }
  message_ = header.opcode == Opcode::kText ? MessageKind::kText : MessageKind::kBinary;
  message_frames_ = 1;
}

// Returns the available payload of the frame, never across its end [assumed].
void FrameParser::TakeData(const ReceiveTarget& target, ParsedItem& item) {
  const std::uint64_t left = frame_.payload_length - payload_taken_;
  const ULONG room = target.bytes == nullptr ? std::numeric_limits<ULONG>::max() : target.length;
  const auto size = static_cast<ULONG>(std::min<std::uint64_t>({left, end_ - position_, room}));
  item.message_frames = message_frames_;
  if (size == 0 && left > 0) {
    item.ends_message = frame_.final;
    item.frame_left = left;
    return;
  }
  item.kind = ParsedItem::Kind::kData;
  BYTE* received = input_ + position_;
  item.bytes = target.bytes == nullptr ? received : target.bytes;
  item.length = size;
  if (frame_.masked) {
    ApplyMask(received, item.bytes, size, frame_.key, payload_taken_);
  } else if (item.bytes != received) {
    CopyBytes(item.bytes, received, size);
  }
  position_ += size;
  payload_taken_ += size;

  const bool ends_frame = size == left;
  const bool ends_message = ends_frame && frame_.final;
  if (!FitsUtf8(item, ends_message)) {
    item.Fail(abi::hresult::kInvalidProtocolFormat);
    return;
  }
  item.buffer_type = DataType(message_, ends_message);
  in_frame_ = !ends_frame;
  if (ends_message) message_ = MessageKind::kNone;
}

// Text is checked across parts and frames, and may not end inside a character (RFC 6455 section 8.1). A part that ends
// inside one is returned unchanged [assumed].
bool FrameParser::FitsUtf8(const ParsedItem& data, bool ends_message) {
  if (message_ != MessageKind::kText || !verify_utf8_) return true;
  return utf8_.Feed(data.bytes, data.length) && (!ends_message || utf8_.Complete());
}

// A control frame is returned complete: its payload is gathered beside the receive buffer.
void FrameParser::TakeControl(ParsedItem& item) {
  if (!HasControlBuffer()) {
    item.Fail(abi::hresult::kOutOfMemory);
    return;
  }
  BYTE* payload = control_ + kPongHeaderRoom;
  const auto size =
      static_cast<ULONG>(std::min<std::uint64_t>(frame_.payload_length - payload_taken_, end_ - position_));
  ApplyMask(input_ + position_, payload + payload_taken_, size, frame_.key, payload_taken_);
  position_ += size;
  payload_taken_ += size;
  if (payload_taken_ < frame_.payload_length) {
    item.control_left = frame_.payload_length - payload_taken_;
    item.message_frames = message_ == MessageKind::kNone ? 0 : message_frames_;
    return;
  }
  in_frame_ = false;
  if (frame_.opcode == Opcode::kClose) {
    TakeClose(item);
    return;
  }
  item.kind = frame_.opcode == Opcode::kPing ? ParsedItem::Kind::kPing : ParsedItem::Kind::kPong;
  item.bytes = payload;
  item.length = static_cast<ULONG>(payload_taken_);
}

bool FrameParser::HasControlBuffer() {
  if (control_ != nullptr) return true;
  own_control_.reset(new (std::nothrow) BYTE[kControlBufferSize]);
  control_ = own_control_.get();
  return control_ != nullptr;
}

void FrameParser::TakeClose(ParsedItem& item) const {
  BYTE* payload = control_ + kPongHeaderRoom;
  item.kind = ParsedItem::Kind::kClose;
  item.status = abi::WEB_SOCKET_EMPTY_CLOSE_STATUS;
  if (payload_taken_ == 0) return;
  bool is_allowed = payload_taken_ >= kCloseStatusSize;
  if (is_allowed) {
    item.status = static_cast<abi::USHORT>((payload[0] << 8) | payload[1]);
    item.bytes = payload + kCloseStatusSize;
    item.length = static_cast<ULONG>(payload_taken_ - kCloseStatusSize);
    Utf8Validator reason;
    is_allowed =
        MayBeReceived(item.status) && (!verify_utf8_ || (reason.Feed(item.bytes, item.length) && reason.Complete()));
  }
  if (!is_allowed) item.Fail(abi::hresult::kInvalidProtocolFormat);
}

}  // namespace winwire::engine
