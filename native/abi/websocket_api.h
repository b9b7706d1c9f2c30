// The 13 functions of websocket.h as a table, filled by System32's websocket.dll or the portable engine.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::abi {

// The entry points in the order of websocket.h. X(name) is applied to each, to fill, check and list tables.
#define WINWIRE_WEBSOCKET_FUNCTIONS(X) \
  X(WebSocketCreateClientHandle)       \
  X(WebSocketBeginClientHandshake)     \
  X(WebSocketEndClientHandshake)       \
  X(WebSocketCreateServerHandle)       \
  X(WebSocketBeginServerHandshake)     \
  X(WebSocketEndServerHandshake)       \
  X(WebSocketSend)                     \
  X(WebSocketReceive)                  \
  X(WebSocketGetAction)                \
  X(WebSocketCompleteAction)           \
  X(WebSocketAbortHandle)              \
  X(WebSocketDeleteHandle)             \
  X(WebSocketGetGlobalProperty)

struct WebSocketApi {
#define WINWIRE_DECLARE_ENTRY(name) name##Fn* name = nullptr;
  WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_DECLARE_ENTRY)
#undef WINWIRE_DECLARE_ENTRY
};

}  // namespace winwire::abi
