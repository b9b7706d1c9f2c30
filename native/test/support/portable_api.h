// The engine's functions as a table, without the registry of backends.
#pragma once

#include "backend/websocket_api.h"

namespace winwire::test {

const backend::WebSocketApi& PortableApi();

}  // namespace winwire::test
