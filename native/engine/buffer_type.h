// The properties of the seven buffer types.
#pragma once

#include "abi/websocket_abi.h"
#include "engine/frame.h"

namespace winwire::engine {

enum class MessageKind : std::uint8_t { kNone, kText, kBinary };

constexpr MessageKind KindOf(abi::WEB_SOCKET_BUFFER_TYPE type) {
  switch (type) {
    case abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
    case abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
      return MessageKind::kText;
    case abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
    case abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
      return MessageKind::kBinary;
    default:
      return MessageKind::kNone;
  }
}

constexpr bool IsFragment(abi::WEB_SOCKET_BUFFER_TYPE type) {
  return type == abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE || type == abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
}

constexpr Opcode OpcodeOf(MessageKind kind) { return kind == MessageKind::kText ? Opcode::kText : Opcode::kBinary; }

constexpr abi::WEB_SOCKET_BUFFER_TYPE DataType(MessageKind kind, bool last) {
  if (kind == MessageKind::kText) {
    return last ? abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
  }
  return last ? abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE : abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
}

}  // namespace winwire::engine
