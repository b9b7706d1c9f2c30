// The memory that the pumps of one environment share with JavaScript (lib/websocket/connection/pump-block.ts has the
// same layout): the outputs of a call, received data, and the messages to frame.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "pump/pump.h"

namespace winwire::binding {

struct PumpFields {
  // In and out: the bytes of the chunk that the handle used, and the places in it that contain bytes of messages.
  std::uint32_t used;
  std::uint32_t block_used;
  std::uint32_t item_count;
  // Bytes for the network, and whether they did not fit into the caller's memory.
  std::uint32_t out_size;
  std::uint32_t out_spilled;
  // Staged messages that were framed.
  std::uint32_t sent_count;
  // Pongs that were written since the last receive.
  std::uint32_t pong_count;
  // A pump::CalledFunction: the function that failed.
  std::uint32_t failed_function;
  // Missing bytes of the current data frame at the end of a chunk, capped; 0: none, or its header is incomplete.
  // Whether the message ends with it.
  std::uint32_t frame_left;
  std::uint32_t frame_ends_message;
  // Whether the pump parses in place.
  std::uint32_t in_place;
  std::array<std::uint32_t, 5> unused;
};

// A message in the staging area, where each follows the previous one.
struct StagedMessage {
  // In place of a length: no buffer.
  static constexpr std::uint32_t kNullData = 0xFFFFFFFF;

  std::uint32_t buffer_type;
  std::uint32_t length;
  // The status of a close.
  std::uint32_t status;
  std::uint32_t unused;
};

struct PumpBlock {
  PumpFields fields;
  std::array<pump::Item, 4096> items;
  std::array<StagedMessage, 1024> messages;
  std::array<std::uint8_t, 65536> staging;
  // Text messages of the last chunk, decoded.
  std::array<char16_t, 65536> text;
  // Data buffers shared by all handles with pumps, if they need no larger ones and the backend supports it: an idle
  // connection has no buffers.
  std::array<std::uint8_t, 8192> shared_receive;
  std::array<std::uint8_t, 4096> shared_send;
};

static_assert(sizeof(PumpFields) == 64);
static_assert(sizeof(pump::Item) == 16 && sizeof(StagedMessage) == 16);
static_assert(offsetof(PumpBlock, messages) == sizeof(PumpFields) + sizeof(PumpBlock::items));
static_assert(offsetof(PumpBlock, staging) == offsetof(PumpBlock, messages) + sizeof(PumpBlock::messages));

}  // namespace winwire::binding
