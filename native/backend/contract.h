// Violations of a component's contract, detected before its outputs are used, so that they end one connection and not
// the process.
#pragma once

#include <cstdint>
#include <span>

#include "abi/hresult.h"
#include "abi/websocket_abi.h"

namespace winwire::backend {

// Used instead of an HRESULT (the customer bit is set, which no HRESULT of Microsoft has). lib/errors.ts has the same
// list.
inline constexpr abi::HRESULT kBrokenResult = abi::hresult::FromBits(0xA0000101);    // neither S_OK nor a failure
inline constexpr abi::HRESULT kBrokenOutput = abi::hresult::FromBits(0xA0000102);    // null, unknown, or too long
inline constexpr abi::HRESULT kEndlessActions = abi::hresult::FromBits(0xA0000103);  // the actions never end
inline constexpr abi::HRESULT kMissingAction =
    abi::hresult::FromBits(0xA0000104);  // no action, although an operation waits

// Returns the result of a call: S_OK is the only known success.
constexpr abi::HRESULT CheckedResult(abi::HRESULT hr) { return hr > 0 ? kBrokenResult : hr; }

// Whether a pointer may be used for this many elements.
constexpr bool IsUsable(const void* pointer, std::uint64_t count) { return pointer != nullptr || count == 0; }

inline std::uint64_t SumOf(std::span<const abi::WEB_SOCKET_BUFFER> buffers) {
  std::uint64_t sum = 0;
  // Both union members have pointer and length at the same offset.
  for (const abi::WEB_SOCKET_BUFFER& buffer : buffers) sum += buffer.Data.ulBufferLength;
  return sum;
}

// Whether the result of WebSocketGetAction is usable: a known action, and valid buffers. `limit` is for the component's
// own buffers; the maximum for sends depends on the sent data.
inline bool IsUsableAction(abi::WEB_SOCKET_ACTION action, std::span<const abi::WEB_SOCKET_BUFFER> buffers,
                           std::uint64_t limit) {
  for (const abi::WEB_SOCKET_BUFFER& buffer : buffers) {
    if (!IsUsable(buffer.Data.pbBuffer, buffer.Data.ulBufferLength)) return false;
  }
  switch (action) {
    case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
      return true;
    case abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
      return SumOf(buffers) > 0 && SumOf(buffers) <= limit;
    case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
      return SumOf(buffers) <= limit;
    default:
      return false;
  }
}

}  // namespace winwire::backend
