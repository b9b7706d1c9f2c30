// What a pump hands on of received bytes: a table of items, and the memory that they lie in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "abi/websocket_abi.h"

namespace winwire::pump {

// One indication: a part or the whole of a message, a pong or a close.
struct Item {
  std::uint32_t buffer_type;
  // Bytes. Of data, `detail` says where from; the payload of a control frame is in the text area.
  std::uint32_t offset;
  std::uint32_t length;
  // Of a close its status, of data an Encoding.
  std::uint32_t detail;
};

// Where data is and what it is. A text message that came in one part is made ready for JavaScript, whose own decoder
// takes several times as long.
enum class Encoding : std::uint32_t {
  kBytes,   // where the network's bytes were, or in a block that is not for one message
  kAscii,   // there too
  kUtf16,   // in the text area
  kInRoom,  // bytes in the block for the rest of a message
};

constexpr bool IsFragment(std::uint32_t buffer_type) {
  return buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE) ||
         buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE);
}

constexpr bool IsData(std::uint32_t buffer_type) {
  return (buffer_type & ~3u) == (static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE) & ~3u);
}

// What Receive fills. Without a block the bytes stay where the network's bytes were.
struct Inbound {
  // Whether an indication of this type may be taken now: nothing but the rest of one message goes to its block.
  bool Takes(abi::WEB_SOCKET_BUFFER_TYPE buffer_type) const;
  // Whether there may be no place for what comes next.
  bool IsFull() const;
  // What is left of the block for the rest of the message; null without any.
  std::span<std::uint8_t> Room() const;

  // The next item, which AddData counts.
  Item& Next() { return items[item_count]; }
  // A part that lies behind the one before it of the same message becomes one with it: how a message is cut by a
  // receive buffer is of no interest.
  void AddData();
  // A pong, or a close with its status. At most 125 bytes, for which IsFull has kept a place.
  void AddControl(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::uint32_t status, std::span<const std::uint8_t> payload);

  std::span<std::uint8_t> block;
  std::span<Item> items;
  std::span<char16_t> text;
  // The block is for the rest of the message in progress.
  bool one_message = false;
  bool message_ended = false;
  std::size_t block_used = 0;
  std::size_t item_count = 0;
  std::size_t text_used = 0;
  // Of the data frame in progress: how much of its payload has not come, and whether the message ends with it. 0 where
  // that is not known.
  std::uint64_t frame_left = 0;
  bool frame_ends_message = false;
};

}  // namespace winwire::pump
