#include "test/support/portable_api.h"

#include "engine/websocket_functions.h"

namespace winwire::test {

const abi::WebSocketApi& PortableApi() {
  static const abi::WebSocketApi api = {
#define WINWIRE_TAKE_ENTRY(name) &engine::name,
      WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_TAKE_ENTRY)
#undef WINWIRE_TAKE_ENTRY
  };
  return api;
}

}  // namespace winwire::test
