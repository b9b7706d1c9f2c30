// Receiving from a component that parses in place, without copying through its receive buffer.
#include <algorithm>
#include <cstring>
#include <limits>

#include "pump/pump.h"

namespace winwire::pump {

using abi::HRESULT;
using abi::ULONG;
using engine::ParsedItem;
using engine::WholeMessage;

// Number of whole messages per call: few enough to stay in the processor's first cache.
constexpr std::size_t kBatchSize = 32;

// No item may wait between two calls, because it may point into the chunk: IsFull is checked first.
HRESULT Pump::ReceiveInPlace(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                             ReceiveStatus& status) {
  ParsedItem item;
  WholeMessage batch[kBatchSize];
  while (!closed_) {
    if (inbound.IsFull()) {
      status = ReceiveStatus::kFull;
      return abi::hresult::kOk;
    }
    const std::span<std::uint8_t> room = inbound.FreeSpace();
    const auto room_size = static_cast<ULONG>(std::min<std::size_t>(room.size(), std::numeric_limits<ULONG>::max()));
    // The last place is for the item after them.
    const std::size_t places = room.empty() ? std::min(kBatchSize, inbound.items.size() - inbound.item_count - 1) : 0;
    const std::span<WholeMessage> messages(batch, places);
    const std::size_t count = read_in_place_(handle_, bytes, used, {room.data(), room_size}, messages, item);
    if (!TakeMessages(messages.first(count), bytes.data(), inbound)) {
      status = ReceiveStatus::kBadText;
      return abi::hresult::kOk;
    }
    if (count > 0 && count == places) continue;
    if (item.message_frames > frame_counter_.most()) {
      status = ReceiveStatus::kTooManyFrames;
      return abi::hresult::kOk;
    }
    switch (item.kind) {
      case ParsedItem::Kind::kNeedBytes:
        inbound.frame_left = item.frame_left;
        inbound.frame_ends_message = item.ends_message;
        status = ReceiveStatus::kWantsBytes;
        return abi::hresult::kOk;
      case ParsedItem::Kind::kError:
        return item.error;
      case ParsedItem::Kind::kPing:
        // No pong follows our close, as where the functions are called.
        if (close_sent_) break;
        ++pong_count_;
        out.Append(item.bytes, item.length);
        break;
      case ParsedItem::Kind::kPong:
        inbound.AddControl(abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE, 0, {item.bytes, item.length});
        break;
      case ParsedItem::Kind::kClose:
        closed_ = true;
        inbound.AddControl(abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, item.status, {item.bytes, item.length});
        break;
      case ParsedItem::Kind::kData:
        if (TakeInPlace(item, bytes.data(), inbound)) break;
        status = ReceiveStatus::kBadText;
        return abi::hresult::kOk;
    }
  }
  status = ReceiveStatus::kClosed;
  return abi::hresult::kOk;
}

// Returns false for text that is not UTF-8.
bool Pump::TakeMessages(std::span<const WholeMessage> messages, const std::uint8_t* chunk, Inbound& inbound) {
  for (const WholeMessage& message : messages) {
    if (message.is_text &&
        !text_.Read(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, {message.bytes, message.length}, inbound))
      return false;
    Item& item = inbound.Next();
    if (!message.is_text) {
      item.buffer_type = static_cast<std::uint32_t>(abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE);
      item.detail = static_cast<std::uint32_t>(Encoding::kBytes);
    }
    if (item.detail != static_cast<std::uint32_t>(Encoding::kUtf16)) {
      item.offset = static_cast<std::uint32_t>(message.bytes - chunk);
      item.length = message.length;
    }
    ++inbound.item_count;
  }
  if (!messages.empty()) inbound.message_ended = true;
  return true;
}

// Returns false for text that is not UTF-8. Frames of a message are moved together in the chunk, so that they are one
// part.
bool Pump::TakeInPlace(const ParsedItem& data, std::uint8_t* chunk, Inbound& inbound) {
  if (!text_.Read(data.buffer_type, {data.bytes, data.length}, inbound)) return false;
  Item& item = inbound.Next();
  if (item.detail != static_cast<std::uint32_t>(Encoding::kUtf16)) {
    item.length = data.length;
    if (!inbound.FreeSpace().empty()) {
      item.detail = static_cast<std::uint32_t>(Encoding::kInRoom);
      item.offset = static_cast<std::uint32_t>(inbound.block_used);
      inbound.block_used += data.length;
    } else {
      item.offset = static_cast<std::uint32_t>(data.bytes - chunk);
      JoinFrames(chunk, inbound);
    }
  }
  inbound.AddData();
  return true;
}

void Pump::JoinFrames(std::uint8_t* chunk, Inbound& inbound) {
  if (inbound.item_count == 0) return;
  const Item& last = inbound.items[inbound.item_count - 1];
  if (!IsFragment(last.buffer_type) || last.detail == static_cast<std::uint32_t>(Encoding::kInRoom)) return;
  Item& item = inbound.Next();
  const std::uint32_t to = last.offset + last.length;
  if (item.length > 0) std::memmove(chunk + to, chunk + item.offset, item.length);
  item.offset = to;
}

}  // namespace winwire::pump
