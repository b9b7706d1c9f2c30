// Who answers a call: the 13 functions as a table, filled from System32's websocket.dll or from the portable engine.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::backend {

// The entry points in the order of websocket.h. X(name) is applied to each, so that a table is filled, checked and
// listed from this one list.
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
#define WINWIRE_DECLARE_ENTRY(name) abi::name##Fn* name = nullptr;
  WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_DECLARE_ENTRY)
#undef WINWIRE_DECLARE_ENTRY
};

}  // namespace winwire::backend
