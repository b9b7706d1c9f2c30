// The memory that passes an action to JavaScript: numbers and short bytes, from which
// lib/websocket/functions/exchange-block.ts creates the object. Creating it there costs 0.15 us, with Node-API 1.7 us;
// a Buffer 0.03 us instead of 0.4 us (Node 20).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace winwire::binding {

struct ExchangeFields {
  std::uint32_t action;
  std::uint32_t buffer_type;
  std::uint32_t buffer_count;
  std::array<std::uint32_t, 2> lengths;
  std::uint32_t room;
  std::uint32_t close_status;
  std::uint32_t reason_is_null;
  // The operation's number plus 1; 0 without an operation.
  std::uint32_t operation;
  std::uint32_t action_id;
};

// The field names in JavaScript; a test compares them with its list.
inline constexpr const char* kExchangeFieldNames[] = {"action", "bufferType",  "bufferCount",  "length0",   "length1",
                                                      "room",   "closeStatus", "reasonIsNull", "operation", "actionId"};
static_assert(sizeof(ExchangeFields) == sizeof(std::uint32_t) * std::size(kExchangeFieldNames));

// Longer bytes are copied by a separate call straight into a Buffer: one crossing costs less than copying twice.
inline constexpr std::size_t kExchangeRegionSize = 512;

struct ExchangeBlock {
  ExchangeFields fields;
  std::array<std::uint32_t, 6> unused;
  std::array<std::array<std::uint8_t, kExchangeRegionSize>, 2> regions;
};
static_assert(offsetof(ExchangeBlock, regions) == 64);

}  // namespace winwire::binding
