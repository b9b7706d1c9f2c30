// The registry of backends in winwire_permissive.node, a test addon: the permissive component replaces the engine and,
// on Windows, the system's DLL.
#include "backend/backend.h"

#include "backend/version.h"
#include "backend/websocket_api_system.h"
#include "test/permissive/permissive_component.h"

namespace winwire::backend {

const WebSocketBackend& GetWebSocketBackend(BackendName name) {
  static const WebSocketBackend permissive = [] {
    test::permissive::Select(test::permissive::Selection::FromEnvironment());
    WebSocketBackend backend;
    backend.api = &test::permissive::PermissiveApi();
    backend.version = kWinwireVersion;
    backend.provider = "permissive";
    return backend;
  }();
#ifdef _WIN32
  static_cast<void>(name);
  return permissive;
#else
  static const WebSocketBackend system = LoadSystemWebSocket();
  return name == BackendName::kPortable ? permissive : system;
#endif
}

ReadInPlaceFunction* ReadInPlaceOf(const abi::WebSocketApi& /*api*/) { return nullptr; }

}  // namespace winwire::backend
