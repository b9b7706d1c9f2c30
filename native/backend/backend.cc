#include "backend/backend.h"

#include "backend/version.h"
#include "backend/websocket_api_system.h"
#include "engine/websocket_functions.h"

namespace winwire::backend {
namespace {

constexpr abi::WebSocketApi PortableTable() {
  abi::WebSocketApi api;
#define WINWIRE_FILL_ENTRY(name) api.name = &engine::name;
  WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_FILL_ENTRY)
#undef WINWIRE_FILL_ENTRY
  return api;
}

constexpr abi::WebSocketApi kPortableApi = PortableTable();

}  // namespace

const WebSocketBackend& GetWebSocketBackend(BackendName name) {
  if (name == BackendName::kPortable) {
    static const WebSocketBackend portable{
        &kPortableApi, "", kWinwireVersion, "portable", "", &engine::ShareBuffers, &engine::ReadInPlace};
    return portable;
  }
  static const WebSocketBackend system = LoadSystemWebSocket();
  return system;
}

ReadInPlaceFunction* ReadInPlaceOf(const abi::WebSocketApi& api) {
  return &api == &kPortableApi ? &engine::ReadInPlace : nullptr;
}

}  // namespace winwire::backend
