// One WebSocketSend: its data, checked as far as possible without the state of the connection.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::engine {

struct SendOperation {
  abi::WEB_SOCKET_BUFFER_TYPE type;
  abi::BYTE* bytes;  // the caller's: payload, or the reason of a close
  abi::ULONG length;
  abi::USHORT status;  // of a close; 0 for a close frame without payload
  void* context;
};

// E_INVALIDARG [assumed] if type and buffer do not match.
abi::HRESULT MakeSendOperation(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context,
                               SendOperation& operation);

}  // namespace winwire::engine
