// The next part of the network's bytes, as parser and receiver pass it on: always by reference, since a copy right
// after the writes would stall for as long as a small frame takes.
#pragma once

#include <cstdint>

#include "abi/websocket_abi.h"

namespace winwire::engine {

struct ParsedItem {
  // kPing: to be answered; `bytes` is the pong's frame after the receiver has created it.
  enum class Kind : std::uint8_t { kNeedBytes, kData, kPing, kPong, kClose, kError };

  void Fail(abi::HRESULT hr) {
    kind = Kind::kError;
    error = hr;
  }

  Kind kind = Kind::kNeedBytes;
  // Of kNeedBytes: whether the message ends with the current data frame, and its missing payload.
  bool ends_message = false;
  abi::USHORT status = 0;  // of a close
  abi::HRESULT error = abi::hresult::kOk;
  abi::BYTE* bytes = nullptr;  // unmasked; of a close: its reason
  abi::ULONG length = 0;
  abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;  // of data
  std::uint64_t frame_left = 0;
  // Of kNeedBytes: missing payload of the current control frame; `bytes` and `length` are the start of a split header.
  std::uint64_t control_left = 0;
  // Of data, and of kNeedBytes: the frames of the message in progress, with the current one.
  std::uint32_t message_frames = 0;
};

// A complete message in one frame, the usual case, which needs none of the above. Without default values, because an
// array of them is created for each chunk.
struct WholeMessage {
  abi::BYTE* bytes;  // unmasked in place
  abi::ULONG length;
  bool is_text;
};

// Memory of the caller for data, instead of the received bytes. Null: none. With a pointer and length 0 no data is
// accepted.
struct ReceiveTarget {
  abi::BYTE* bytes = nullptr;
  abi::ULONG length = 0;
};

}  // namespace winwire::engine
