// The table filled from the system's websocket.dll.
#pragma once

#include "backend/backend.h"

namespace winwire::backend {

// Loads the DLL by its full path in the system directory: all 13 entry points or none, the reason kept. It is never
// unloaded. To be called once.
WebSocketBackend LoadSystemWebSocket();

}  // namespace winwire::backend
