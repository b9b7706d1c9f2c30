#include "pump/frame_counter.h"

#include <algorithm>

#include "engine/frame.h"

namespace winwire::pump {

using engine::HeaderPrefix;
using engine::Opcode;

std::size_t FrameCounter::Pass(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && !exceeded_) {
    const std::size_t skipped = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - at));
    at += skipped;
    left_ -= skipped;
    if (at == bytes.size()) break;
    if (header_size_ == 0 && !Begin(bytes[at])) break;
    header_[header_size_++] = bytes[at++];
    TakeHeader();
  }
  return at;
}

// RFC 6455 section 5.4: control frames may come between the frames of a message.
bool FrameCounter::Begin(std::uint8_t first) {
  const auto opcode = static_cast<Opcode>(first & 0x0F);
  const bool is_extended = (first & 0x70) != 0;
  const bool begins = opcode == Opcode::kText || opcode == Opcode::kBinary;
  const bool continues = opcode == Opcode::kContinuation && frames_ > 0 && !is_extended;
  if (begins) frames_ = 1;
  if (continues && frames_ < std::numeric_limits<std::uint32_t>::max()) ++frames_;
  exceeded_ = continues && frames_ > most_;
  return !exceeded_;
}

// RFC 6455 section 5.2.
void FrameCounter::TakeHeader() {
  if (header_size_ < engine::kMinHeaderSize) return;
  const HeaderPrefix prefix(header_.data());
  if (header_size_ < engine::kMinHeaderSize + prefix.LengthSize()) return;
  std::uint64_t length = prefix.LengthSize() == 0 ? prefix.LengthCode() : 0;
  for (std::uint32_t i = engine::kMinHeaderSize; i < header_size_; ++i) length = (length << 8) | header_[i];
  // No component accepts a longer one.
  length &= ~std::uint64_t{0} >> 1;
  left_ = length + (prefix.Masked() ? engine::kMaskKeySize : 0);
  header_size_ = 0;
  const bool is_data = (prefix.OpcodeBits() & 0x8) == 0;
  payload_ = is_data ? length : 0;
  if (prefix.Final() && is_data) frames_ = 0;
}

void FrameCounter::ContinueAfter(const engine::ParsedItem& parsed) {
  frames_ = parsed.ends_message ? 0 : parsed.message_frames;
  left_ = parsed.frame_left + parsed.control_left;
  payload_ = parsed.frame_left;
  header_size_ = 0;
  if (parsed.kind == engine::ParsedItem::Kind::kNeedBytes) Pass({parsed.bytes, parsed.length});
}

}  // namespace winwire::pump
