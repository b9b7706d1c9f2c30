#include "test/pump/pump_driver.h"

#include "engine/websocket_functions.h"
#include "test/check.h"

namespace winwire::test {

using pump::ReceiveStatus;

PumpDriver::PumpDriver(Way way, Handle handle, PumpOptions options)
    : handle_(std::move(handle)),
      pump_(handle_.api(), handle_.get(), options.checks_text),
      items_(options.item_count),
      text_(256),
      room_size_(options.room_size) {
  if (way == Way::kInPlace) pump_.ReadInPlace(&engine::ReadInPlace);
}

ReceiveStatus PumpDriver::Feed(Bytes chunk) {
  std::size_t used = 0;
  std::size_t position = 0;
  Bytes room(in_message_ ? room_size_ : 0);
  Bytes block;
  for (;;) {
    pump::Inbound inbound{room.empty() ? block : room, items_, text_, !room.empty()};
    if (room.empty() && block.empty()) inbound.block_used = position;
    auto status = ReceiveStatus::kWantsBytes;
    ++call_count_;
    failure_ = pump_.Receive(chunk, used, inbound, out_, status);
    frame_left_ = inbound.frame_left;
    frame_ends_message_ = inbound.frame_ends_message;
    item_total_ += inbound.item_count;
    for (std::size_t i = 0; i < inbound.item_count; ++i) {
      const pump::Item& item = inbound.items[i];
      TakeItem(item, BytesOf(item, block.empty() ? chunk : block, room));
    }
    if (inbound.block.empty()) position = inbound.block_used;
    if (abi::Failed(failure_) || status != ReceiveStatus::kFull) return status;
    block = inbound.item_count == 0 && block.empty() && room.empty() ? Bytes(65536) : Bytes();
    room.clear();
  }
}

abi::HRESULT PumpDriver::Send(abi::WEB_SOCKET_BUFFER_TYPE type, Bytes payload) {
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data = {payload.data(), static_cast<abi::ULONG>(payload.size())};
  return pump_.Send(type, &buffer, out_);
}

Bytes PumpDriver::TakeOut() {
  Bytes bytes(out_.Bytes().begin(), out_.Bytes().end());
  out_.Clear();
  return bytes;
}

Bytes PumpDriver::BytesOf(const pump::Item& item, const Bytes& block, const Bytes& room) const {
  const auto* text = reinterpret_cast<const std::uint8_t*>(text_.data());
  if (!pump::IsData(item.buffer_type)) return Bytes(text + item.offset, text + item.offset + item.length);
  const auto encoding = static_cast<pump::Encoding>(item.detail);
  if (encoding == pump::Encoding::kUtf16) return Utf16At(item);
  const Bytes& memory = encoding == pump::Encoding::kInRoom ? room : block;
  CHECK(item.offset <= memory.size() && item.length <= memory.size() - item.offset);
  return Bytes(memory.data() + item.offset, memory.data() + item.offset + item.length);
}

// Back to UTF-8.
Bytes PumpDriver::Utf16At(const pump::Item& item) const {
  Bytes bytes;
  for (std::size_t i = 0; i < item.length / 2; ++i) {
    std::uint32_t point = text_[item.offset / 2 + i];
    if (point >= 0xD800 && point <= 0xDBFF)
      point = 0x10000 + ((point & 0x3FF) << 10 | (text_[item.offset / 2 + ++i] & 0x3FF));
    const int more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    constexpr std::uint8_t kLeads[] = {0, 0xC0, 0xE0, 0xF0};
    bytes.push_back(static_cast<std::uint8_t>(kLeads[more] | point >> (6 * more)));
    for (int left = more - 1; left >= 0; --left) {
      bytes.push_back(static_cast<std::uint8_t>(0x80 | (point >> (6 * left) & 0x3F)));
    }
  }
  return bytes;
}

void PumpDriver::TakeItem(const pump::Item& item, const Bytes& bytes) {
  const auto type = static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(item.buffer_type));
  if (pump::IsData(item.buffer_type)) {
    if (item.detail == static_cast<std::uint32_t>(pump::Encoding::kInRoom)) in_room_.push_back(item);
    TakeData(type, bytes);
    return;
  }
  const bool is_close = type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  controls_.push_back((is_close ? "close " + std::to_string(item.detail) : "pong") + " " + ToText(bytes));
  log_.push_back(controls_.back());
}

void PumpDriver::TakeData(abi::WEB_SOCKET_BUFFER_TYPE type, const Bytes& bytes) {
  Append(open_.bytes, bytes);
  in_message_ = true;
  open_.is_text = type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE || type == abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
  if (pump::IsFragment(static_cast<std::uint32_t>(type))) return;
  log_.push_back((open_.is_text ? "text " : "binary ") + ToHex(open_.bytes));
  messages_.push_back(std::exchange(open_, {}));
  in_message_ = false;
}

}  // namespace winwire::test
