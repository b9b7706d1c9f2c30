// The engine's functions as a table, without the registry of backends.
#pragma once

#include "abi/websocket_api.h"

namespace winwire::test {

const abi::WebSocketApi& PortableApi();

}  // namespace winwire::test
