// A component that gives, by a seed, every answer that the documents leave open: a table of the 13 functions around the
// engine's. Code that drives it by Microsoft's documents works with each of them. For tests only; not shipped.
#pragma once

#include "abi/websocket_api.h"
#include "test/permissive/variants.h"

namespace winwire::test::permissive {

// Handles use the variants that are selected when they are created.
const abi::WebSocketApi& PermissiveApi();

}  // namespace winwire::test::permissive
