// The table filled from the system's websocket.dll.
#pragma once

#include "backend/backend.h"

namespace winwire::backend {

// Loads the DLL by its full path in the system directory: all 13 entry points or none, with the reason. It is never
// unloaded. Call it once.
WebSocketBackend LoadSystemWebSocket();

}  // namespace winwire::backend
