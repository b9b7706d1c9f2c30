#include "test/model/stream_model.h"

#include <algorithm>

#include "test/support/names.h"
#include "test/support/reference_utf8.h"

namespace winwire::test {

StreamItem StreamModel::Next(std::uint64_t room, bool close_received) {
  if (!in_frame_) {
    if (input_.size() < 2) return {};
    const abi::HRESULT judgement = JudgePrefix(input_[0], input_[1], close_received);
    if (judgement != kOk) return Fault(judgement);
    StreamItem fault;
    if (!TakeHeader(fault)) return fault;
  }
  return opcode_ >= kClose ? TakeControl() : TakeData(room);
}

abi::HRESULT StreamModel::JudgePrefix(std::uint8_t first, std::uint8_t second, bool close_received) const {
  const bool masked = second >= 0x80;
  if (rules_.receiver == Role::kClient && masked) return kFormat;
  if (rules_.receiver == Role::kServer && !masked && rules_.masking) return kFormat;
  if ((first & 0x70) != 0) return kFormat;
  const std::uint8_t opcode = first & 0x0F;
  const bool known = opcode <= kBinary || (opcode >= kClose && opcode <= kPong);
  if (!known) return kFormat;
  if (opcode >= kClose && (first < 0x80 || (second & 0x7F) > 125)) return kFormat;
  return JudgeOrder(opcode, close_received);
}

abi::HRESULT StreamModel::JudgeOrder(std::uint8_t opcode, bool close_received) const {
  if (opcode > kClose) return kOk;
  if (close_received) return kOperation;
  if (opcode == kClose) return kOk;
  return (opcode == kContinuation) == (message_ != Message::kNone) ? kOk : kOperation;
}

bool StreamModel::TakeHeader(StreamItem& fault) {
  const std::uint8_t code = input_[1] & 0x7F;
  const std::size_t length_size = code == 126 ? 2 : code == 127 ? 8 : 0;
  masked_ = input_[1] >= 0x80;
  const std::size_t size = 2 + length_size + (masked_ ? 4 : 0);
  if (input_.size() < size) return false;
  length_ = length_size == 0 ? code : 0;
  for (std::size_t i = 0; i < length_size; ++i) length_ = length_ * 256 + input_[2 + i];
  for (std::size_t i = 0; i < 4; ++i) key_[i] = masked_ ? input_[size - 4 + i] : 0;
  if (!IsShortest(code)) {
    fault = Fault(kFormat);
    return false;
  }
  fin_ = input_[0] >= 0x80;
  opcode_ = input_[0] & 0x0F;
  if (opcode_ == kText) message_ = Message::kText;
  if (opcode_ == kBinary) message_ = Message::kBinary;
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
  in_frame_ = true;
  taken_ = 0;
  return true;
}

bool StreamModel::IsShortest(std::uint8_t code) const {
  if (code == 126) return length_ >= 126;
  return code != 127 || (length_ >= 65536 && length_ < (std::uint64_t{1} << 63));
}

Bytes StreamModel::TakePayload(std::size_t size) {
  Bytes payload;
  for (std::size_t i = 0; i < size; ++i) {
    payload.push_back(static_cast<std::uint8_t>(input_.front() ^ key_[taken_++ % 4]));
    input_.pop_front();
  }
  return payload;
}

StreamItem StreamModel::TakeData(std::uint64_t room) {
  const std::uint64_t left = length_ - taken_;
  const std::uint64_t size = std::min({left, room, std::uint64_t{input_.size()}});
  if (size == 0 && left > 0) return {};
  const Bytes part = TakePayload(static_cast<std::size_t>(size));
  in_frame_ = size < left;
  const bool ends = !in_frame_ && fin_;
  if (message_ == Message::kText && rules_.verify_utf8 && !TextGoesOn(part, ends)) return Fault(kFormat);
  const bool text = message_ == Message::kText;
  if (ends) message_ = Message::kNone;
  const auto type = text ? (ends ? kUtf8Message : kUtf8Fragment) : (ends ? kBinaryMessage : kBinaryFragment);
  return {.kind = StreamItem::Kind::kData, .bytes = part, .type = type};
}

bool StreamModel::TextGoesOn(const Bytes& part, bool ends) {
  const Bytes text = Join({unfinished_character_, part});
  if (!(ends ? IsUtf8(text) : IsUtf8Prefix(text))) return false;
  unfinished_character_.clear();
  // An incomplete character has at most three bytes.
  for (std::size_t size = 1; size <= 3 && size <= text.size(); ++size) {
    const Bytes rest(text.end() - static_cast<std::ptrdiff_t>(size), text.end());
    if (rest.front() >= 0xC0 && !IsUtf8(rest)) unfinished_character_ = rest;
  }
  return true;
}

StreamItem StreamModel::TakeControl() {
  if (input_.size() < length_) return {};
  const Bytes payload = TakePayload(static_cast<std::size_t>(length_));
  in_frame_ = false;
  if (opcode_ == kClose) return CloseItem(payload);
  return {.kind = opcode_ == kPing ? StreamItem::Kind::kPing : StreamItem::Kind::kPong, .bytes = payload};
}

StreamItem StreamModel::CloseItem(const Bytes& payload) const {
  StreamItem item{.kind = StreamItem::Kind::kClose, .status = 1005};
  if (payload.empty()) return item;
  if (payload.size() == 1) return Fault(kFormat);
  const unsigned status = payload[0] * 256u + payload[1];
  const bool allowed = (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || status >= 3000;
  item.status = static_cast<abi::USHORT>(status);
  item.bytes.assign(payload.begin() + 2, payload.end());
  return allowed && (!rules_.verify_utf8 || IsUtf8(item.bytes)) ? item : Fault(kFormat);
}

StreamItem StreamModel::Fault(abi::HRESULT hr) { return {.kind = StreamItem::Kind::kFault, .fault = hr}; }

}  // namespace winwire::test
