// A handle with its pump, if one drives it, and its account with the garbage collector.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "backend/tracing_api.h"
#include "binding/websocket_handle.h"
#include "pump/pump.h"

namespace winwire::binding {

class Instance;

struct HandleOwner {
  HandleOwner(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE native_handle, std::size_t buffer_size)
      : handle(api, native_handle, buffer_size) {}

  // Ends the pump, then the handle.
  void Close() {
    if (pump.has_value()) pump->Abort();
    pump.reset();
    recorder.reset();
    handle.Close();
  }

  // Reports changes of the handle's native memory to the garbage collector.
  void Account(napi_env env) {
    if (handle.external_size() != accounted) Adjust(env, handle.external_size());
  }

  void Adjust(napi_env env, std::int64_t size) {
    std::int64_t total = 0;
    napi_adjust_external_memory(env, size - accounted, &total);
    accounted = size;
  }

  WebSocketHandle handle;
  // Only of a handle that lib/websocket/connection drives.
  std::optional<pump::Pump> pump;
  // Null unless the pump's calls are traced.
  std::unique_ptr<backend::TraceRecorder> recorder;
  // Of the handle of an External. Null after it is closed.
  Instance* instance = nullptr;
  // Bytes reported to the garbage collector.
  std::int64_t accounted = 0;
  // The number in PumpHandles; else 0.
  std::uint32_t number = 0;
};

}  // namespace winwire::binding
