// The received data of a pump: a table of items, and their memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "abi/websocket_abi.h"

namespace winwire::pump {

// One indication: a part or the whole of a message, a pong or a close.
struct Item {
  std::uint32_t buffer_type;
  // In bytes. For data, `detail` says where; the payload of a control frame is in the text area.
  std::uint32_t offset;
  std::uint32_t length;
  // The status of a close, the Encoding of data.
  std::uint32_t detail;
};

// Location and encoding of data. A text message in one part is converted for JavaScript, whose own decoder takes
// several times as long.
enum class Encoding : std::uint32_t {
  kBytes,   // in the network's bytes, or in a block that is not for one message
  kAscii,   // in the same place
  kUtf16,   // in the text area
  kInRoom,  // in the block for the rest of a message
};

constexpr bool IsFragment(std::uint32_t buffer_type) {
  return buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE) ||
         buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE);
}

constexpr bool IsData(std::uint32_t buffer_type) {
  return (buffer_type & ~3u) == (static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE) & ~3u);
}

// The output of Receive. Without a block the bytes stay in the network's memory.
struct Inbound {
  // After the rest of a message in its block: what follows stays in the network's memory.
  void LeaveRoom();
  // Whether there may be no space for the next item.
  bool IsFull() const;
  // Space for text in units, less a reserve for a control payload.
  std::size_t TextCapacity() const;
  // The free part of the block for the rest of the message; null without one.
  std::span<std::uint8_t> FreeSpace() const;

  // The next item, which AddData counts.
  Item& Next() { return items[item_count]; }
  // Adjacent parts of a message are merged: how a receive buffer splits a message is irrelevant.
  void AddData();
  // A pong, or a close with its status. At most 125 bytes, for which IsFull reserves space.
  void AddControl(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::uint32_t status, std::span<const std::uint8_t> payload);

  std::span<std::uint8_t> block;
  std::span<Item> items;
  std::span<char16_t> text;
  // The block is only for the rest of the current message.
  bool one_message = false;
  bool message_ended = false;
  std::size_t block_used = 0;
  std::size_t item_count = 0;
  std::size_t text_used = 0;
  // Missing payload of the current data frame, and whether the message ends with it. 0 if unknown.
  std::uint64_t frame_left = 0;
  bool frame_ends_message = false;
};

}  // namespace winwire::pump
