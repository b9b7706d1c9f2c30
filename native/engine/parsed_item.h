// What the bytes of the network hold next, as the parser and the receiver hand it on: always by reference, since a copy
// right after its fields were written waits for them, which takes as long as a small frame.
#pragma once

#include <cstdint>

#include "abi/websocket_abi.h"

namespace winwire::engine {

struct ParsedItem {
  // kPing: to be answered; `bytes` is the pong's frame once the receiver has made it.
  enum class Kind : std::uint8_t { kNeedBytes, kData, kPing, kPong, kClose, kError };

  void Fail(abi::HRESULT hr) {
    kind = Kind::kError;
    error = hr;
  }

  Kind kind = Kind::kNeedBytes;
  // Of kNeedBytes: whether the message ends with the data frame in progress, and how much of its payload is missing.
  bool ends_message = false;
  abi::USHORT status = 0;  // of a close
  abi::HRESULT error = abi::hresult::kOk;
  abi::BYTE* bytes = nullptr;  // unmasked; of a close: its reason
  abi::ULONG length = 0;
  abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;  // of data
  std::uint64_t frame_left = 0;
};

// Memory of the caller that data goes to, in place of where it was received. A null pointer: none. With a pointer and
// length 0 no data is taken.
struct ReceiveTarget {
  abi::BYTE* bytes = nullptr;
  abi::ULONG length = 0;
};

}  // namespace winwire::engine
