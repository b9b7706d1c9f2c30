#include "pump/inbound.h"

#include <cstring>

namespace winwire::pump {

// RFC 6455 section 5.5: 125 bytes.
constexpr std::size_t kControlUnits = 64;

void Inbound::LeaveRoom() {
  if (!one_message) return;
  one_message = false;
  block = {};
  block_used = 0;
}

bool Inbound::IsFull() const { return item_count == items.size() || text.size() - text_used < kControlUnits; }

std::size_t Inbound::TextCapacity() const {
  const std::size_t left = text.size() - text_used;
  return left > kControlUnits ? left - kControlUnits : 0;
}

std::span<std::uint8_t> Inbound::FreeSpace() const {
  if (!one_message || message_ended || block_used == block.size()) return {};
  return block.subspan(block_used);
}

void Inbound::AddData() {
  const Item& part = Next();
  if (!IsFragment(part.buffer_type)) message_ended = true;
  if (item_count > 0) {
    Item& last = items[item_count - 1];
    const bool continues = IsFragment(last.buffer_type) && (part.buffer_type & ~1u) == (last.buffer_type & ~1u) &&
                           last.detail == part.detail && last.offset + last.length == part.offset;
    if (continues) {
      last.buffer_type = part.buffer_type;
      last.length += part.length;
      return;
    }
  }
  ++item_count;
}

void Inbound::AddControl(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::uint32_t status,
                         std::span<const std::uint8_t> payload) {
  Item& item = Next();
  item.buffer_type = static_cast<std::uint32_t>(buffer_type);
  item.offset = static_cast<std::uint32_t>(text_used * sizeof(char16_t));
  item.length = static_cast<std::uint32_t>(payload.size());
  item.detail = status;
  if (!payload.empty()) std::memcpy(text.data() + text_used, payload.data(), payload.size());
  text_used += (payload.size() + 1) / sizeof(char16_t);
  ++item_count;
}

}  // namespace winwire::pump
