// A handle with what belongs to it: the pump that drives it, if one does, and what the garbage collector knows of it.
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

  // Ends what uses the handle, then the handle.
  void Close() {
    if (pump.has_value()) pump->Abort();
    pump.reset();
    recorder.reset();
    handle.Close();
  }

  // Tells the garbage collector what native memory has come or gone with the handle.
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
  // Of the handle of an External. Null once it is closed.
  Instance* instance = nullptr;
  // Bytes that the garbage collector has been told of.
  std::int64_t accounted = 0;
  // Of a handle that PumpHandles keeps; else 0.
  std::uint32_t number = 0;
};

}  // namespace winwire::binding
