// Receiving from a component that parses bytes where they are: nothing is copied into its receive buffer and out of it.
#include <algorithm>
#include <cstring>
#include <limits>

#include "pump/pump.h"

namespace winwire::pump {

using abi::HRESULT;
using abi::ULONG;
using engine::ParsedItem;

// Nothing waits between two calls, for an item may point into the chunk: IsFull comes first.
HRESULT Pump::ReceiveInPlace(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                             ReceiveStatus& status) {
  ParsedItem item;
  while (!closed_) {
    if (inbound.IsFull()) {
      status = ReceiveStatus::kFull;
      return abi::hresult::kOk;
    }
    const std::span<std::uint8_t> room = inbound.Room();
    const auto room_size = static_cast<ULONG>(std::min<std::size_t>(room.size(), std::numeric_limits<ULONG>::max()));
    read_in_place_(handle_, bytes, used, {room.data(), room_size}, item);
    switch (item.kind) {
      case ParsedItem::Kind::kNeedBytes:
        inbound.frame_left = item.frame_left;
        inbound.frame_ends_message = item.ends_message;
        status = ReceiveStatus::kWantsBytes;
        return abi::hresult::kOk;
      case ParsedItem::Kind::kError:
        return item.error;
      case ParsedItem::Kind::kPing:
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

// False for text that is not UTF-8. The frames of a message lie apart in the chunk and are moved together, so that they
// are one part.
bool Pump::TakeInPlace(const ParsedItem& data, std::uint8_t* chunk, Inbound& inbound) {
  if (!text_.Read(data.buffer_type, {data.bytes, data.length}, inbound)) return false;
  Item& item = inbound.Next();
  if (item.detail != static_cast<std::uint32_t>(Encoding::kUtf16)) {
    item.length = data.length;
    if (!inbound.Room().empty()) {
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
