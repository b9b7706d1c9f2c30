// The memory through which the pumps of one environment speak with JavaScript (lib/websocket/connection/pump-block.ts
// has the same layout): what a call says beside its status, what was received, and the messages that wait to be framed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "pump/pump.h"

namespace winwire::binding {

struct PumpFields {
  // Of the chunk, in and out: how many bytes the handle took, and how many of its places hold bytes of messages.
  std::uint32_t used;
  std::uint32_t block_used;
  std::uint32_t item_count;
  // Bytes for the network, and whether they are not in the memory that the caller gave.
  std::uint32_t out_size;
  std::uint32_t out_spilled;
  // Staged messages that were framed.
  std::uint32_t sent_count;
  // Pongs among the bytes for the network.
  std::uint32_t pong_count;
  std::uint32_t reserved;
  // Of the data frame in progress at the end of a chunk: bytes that have not come, or the most that can be said; 0
  // where that is not known. Whether the message ends with it.
  std::uint32_t frame_left;
  std::uint32_t frame_ends_message;
  std::array<std::uint32_t, 6> unused;
};

// A message in the staging area, where each begins at the end of the one before.
struct StagedMessage {
  // In the place of a length: no buffer at all.
  static constexpr std::uint32_t kNullData = 0xFFFFFFFF;

  std::uint32_t buffer_type;
  std::uint32_t length;
  // Of a close.
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
  // Data buffers for all handles with pumps, if they need no larger ones and the backend can share them: an idle
  // connection has none of its own.
  std::array<std::uint8_t, 8192> shared_receive;
  std::array<std::uint8_t, 4096> shared_send;
};

static_assert(sizeof(PumpFields) == 64);
static_assert(sizeof(pump::Item) == 16 && sizeof(StagedMessage) == 16);
static_assert(offsetof(PumpBlock, messages) == sizeof(PumpFields) + sizeof(PumpBlock::items));
static_assert(offsetof(PumpBlock, staging) == offsetof(PumpBlock, messages) + sizeof(PumpBlock::messages));

}  // namespace winwire::binding
