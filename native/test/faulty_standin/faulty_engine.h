// The engine's 13 functions with one fault, built as a second stand-in (websocket_faulty.dll): a comparison of the
// system's DLL with the portable engine must find it. The fault: the last byte of a pong is changed.
#pragma once

#include "engine/websocket_functions.h"

namespace winwire::test::faulty {

using engine::WebSocketAbortHandle;
using engine::WebSocketBeginClientHandshake;
using engine::WebSocketBeginServerHandshake;
using engine::WebSocketCompleteAction;
using engine::WebSocketCreateClientHandle;
using engine::WebSocketCreateServerHandle;
using engine::WebSocketDeleteHandle;
using engine::WebSocketEndClientHandshake;
using engine::WebSocketEndServerHandshake;
using engine::WebSocketGetGlobalProperty;
using engine::WebSocketReceive;
using engine::WebSocketSend;

inline bool IsPong(const abi::WEB_SOCKET_BUFFER& head) {
  constexpr abi::BYTE kFinalPong = 0x8A;  // RFC 6455 section 5.2: FIN and opcode 10
  return head.Data.ulBufferLength > 0 && head.Data.pbBuffer[0] == kFinalPong;
}

inline abi::HRESULT WebSocketGetAction(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_ACTION_QUEUE queue,
                                       abi::WEB_SOCKET_BUFFER* buffers, abi::ULONG* count,
                                       abi::WEB_SOCKET_ACTION* action, abi::WEB_SOCKET_BUFFER_TYPE* type,
                                       void** application_context, void** action_context) {
  const abi::HRESULT result =
      engine::WebSocketGetAction(handle, queue, buffers, count, action, type, application_context, action_context);
  if (result < 0 || *action != abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION || *count == 0 || !IsPong(buffers[0])) {
    return result;
  }
  const bool is_masked = (buffers[0].Data.pbBuffer[1] & 0x80) != 0;
  const abi::ULONG header_size = is_masked ? 6 : 2;
  // The engine returns a pong as one buffer; without a payload it is only the header.
  const auto& last = buffers[*count - 1].Data;
  if (*count > 1 || last.ulBufferLength > header_size) last.pbBuffer[last.ulBufferLength - 1] ^= 0x20;
  return result;
}

}  // namespace winwire::test::faulty
