// Short names for tests of the functions.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::test {

inline constexpr auto kUtf8Message = abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
inline constexpr auto kUtf8Fragment = abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
inline constexpr auto kBinaryMessage = abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
inline constexpr auto kBinaryFragment = abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
inline constexpr auto kCloseType = abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
inline constexpr auto kPingPong = abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
inline constexpr auto kUnsolicitedPong = abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE;

inline constexpr auto kSendQueue = abi::WEB_SOCKET_SEND_ACTION_QUEUE;
inline constexpr auto kReceiveQueue = abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE;
inline constexpr auto kAllQueues = abi::WEB_SOCKET_ALL_ACTION_QUEUE;

inline constexpr abi::HRESULT kOk = abi::hresult::kOk;
inline constexpr abi::HRESULT kOperation = abi::hresult::kInvalidProtocolOperation;
inline constexpr abi::HRESULT kFormat = abi::hresult::kInvalidProtocolFormat;
inline constexpr abi::HRESULT kInvalidArg = abi::hresult::kInvalidArg;
inline constexpr abi::HRESULT kInsufficientBuffer = abi::hresult::kInsufficientBuffer;

}  // namespace winwire::test
