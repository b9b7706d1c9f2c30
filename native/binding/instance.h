// What the addon keeps for one environment (the main thread or a worker): its open handles and its exchange block.
#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_set>

#include "backend/tracing_api.h"
#include "binding/exchange_block.h"
#include "binding/pump_block.h"
#include "binding/websocket_handle.h"

namespace winwire::binding {

class Instance;

// What the External of a handle points to. It outlives the handle, until the External is collected.
struct HandleOwner {
  HandleOwner(const backend::WebSocketApi& api, abi::WEB_SOCKET_HANDLE native_handle, std::size_t buffer_size)
      : handle(api, native_handle, buffer_size) {}

  // Ends what uses the handle, then the handle.
  void Close() {
    if (pump != nullptr) pump->Abort();
    pump.reset();
    recorder.reset();
    handle.Close();
  }

  WebSocketHandle handle;
  // Null unless lib/connection drives the handle.
  std::unique_ptr<pump::Pump> pump;
  // Null unless the pump's calls are traced.
  std::unique_ptr<backend::TraceRecorder> recorder;
  // Null once the handle is closed.
  Instance* instance = nullptr;
  // Bytes that the garbage collector has been told of.
  std::int64_t accounted = 0;
};

class Instance {
 public:
  // Lives until the environment ends, and then closes the handles that are still open.
  static Instance& Create(Napi::Env env);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  ExchangeBlock& block() { return *block_; }
  Napi::ArrayBuffer block_buffer() const { return block_reference_.Value(); }

  // Made when the first pump of the environment asks for it.
  Napi::ArrayBuffer pump_block_buffer(Napi::Env env);
  // Null before that.
  PumpBlock* pump_block() { return pump_block_; }
  // Bytes for the network that did not fit the memory of a caller, who is to take them at once.
  pump::OutBlock& spilled() { return spilled_; }

  // An External that owns the handle: collected, it closes it. Null with a pending exception.
  napi_value Wrap(napi_env env, std::unique_ptr<HandleOwner> owner);

  // Null for everything but the External of an open handle of this environment. What is looked up is the pointer; one
  // from elsewhere is never followed. Measured (Node 20): 6 ns, where napi_check_object_type_tag and napi_unwrap take
  // 92 ns, eight times the cost of the crossing itself.
  HandleOwner* Find(napi_env env, napi_value external) {
    void* data = nullptr;
    if (napi_get_value_external(env, external, &data) != napi_ok) return nullptr;
    auto* const owner = static_cast<HandleOwner*>(data);
    HandleOwner*& recent = recent_[SlotOf(owner)];
    if (recent != owner) {
      if (!open_.contains(owner)) return nullptr;
      recent = owner;
    }
    return owner;
  }

  // Closes the handle now; its External stays behind, empty.
  void Close(napi_env env, HandleOwner& owner);

  // Tells the garbage collector what native memory has come or gone with a handle.
  static void Account(napi_env env, HandleOwner& owner) {
    if (owner.handle.external_size() != owner.accounted) Adjust(env, owner, owner.handle.external_size());
  }

 private:
  explicit Instance(Napi::Env env);

  static void Adjust(napi_env env, HandleOwner& owner, std::int64_t size);
  static void Collect(napi_env env, void* data, void* hint);

  static constexpr std::size_t kRecentSize = 64;

  static std::size_t SlotOf(const HandleOwner* owner) {
    return (reinterpret_cast<std::uintptr_t>(owner) >> 6) % kRecentSize;
  }

  std::unordered_set<HandleOwner*> open_;
  // Open handles that were found before: a look-up in the set costs as much as the rest of Find.
  std::array<HandleOwner*, kRecentSize> recent_{};
  ExchangeBlock* block_ = nullptr;
  Napi::Reference<Napi::ArrayBuffer> block_reference_;
  PumpBlock* pump_block_ = nullptr;
  Napi::Reference<Napi::ArrayBuffer> pump_block_reference_;
  pump::OutBlock spilled_{{}};
};

}  // namespace winwire::binding
