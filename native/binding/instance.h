// The addon's state for one environment (the main thread or a worker): its open handles and its exchange block.
#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_set>

#include "binding/exchange_block.h"
#include "binding/handle_owner.h"
#include "binding/pump_block.h"
#include "binding/pump_handles.h"

namespace winwire::binding {

class Instance {
 public:
  // Lives until the environment ends, then closes the open handles.
  static Instance& Create(Napi::Env env);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  ExchangeBlock& block() { return *block_; }
  Napi::ArrayBuffer block_buffer() const { return block_reference_.Value(); }

  // Created for the first pump of the environment.
  Napi::ArrayBuffer pump_block_buffer(Napi::Env env);
  // Null before the first pump.
  PumpBlock* pump_block() { return pump_block_; }
  // Bytes for the network that did not fit into the caller's memory; the caller takes them at once.
  pump::OutBlock& spilled() { return spilled_; }

  // Handles that pumps drive.
  PumpHandles& pump_handles() { return pump_handles_; }

  // Returns an External that owns the handle and closes it when garbage-collected. Null with a pending exception.
  napi_value Wrap(napi_env env, std::unique_ptr<HandleOwner> owner);

  // Returns null unless the value is the External of an open handle of this environment, or its number. The pointer is
  // only looked up; a foreign one is never dereferenced. Measured (Node 20): 6 ns; napi_check_object_type_tag and
  // napi_unwrap take 92 ns, eight times the cost of the crossing itself.
  HandleOwner* Find(napi_env env, napi_value handle) {
    void* data = nullptr;
    if (napi_get_value_external(env, handle, &data) != napi_ok) return FindNumbered(env, handle);
    auto* const owner = static_cast<HandleOwner*>(data);
    HandleOwner*& recent = recent_[SlotOf(owner)];
    if (recent != owner) {
      if (!open_.contains(owner)) return nullptr;
      recent = owner;
    }
    return owner;
  }

  // Closes the handle now. Its External, if any, remains empty.
  void Close(napi_env env, HandleOwner& owner);

 private:
  explicit Instance(Napi::Env env);

  HandleOwner* FindNumbered(napi_env env, napi_value handle) const;
  static void Collect(napi_env env, void* data, void* hint);

  static constexpr std::size_t kRecentSize = 64;

  static std::size_t SlotOf(const HandleOwner* owner) {
    return (reinterpret_cast<std::uintptr_t>(owner) >> 6) % kRecentSize;
  }

  std::unordered_set<HandleOwner*> open_;
  // Cache of open handles: a look-up in the set costs as much as the rest of Find.
  std::array<HandleOwner*, kRecentSize> recent_{};
  ExchangeBlock* block_ = nullptr;
  Napi::Reference<Napi::ArrayBuffer> block_reference_;
  PumpBlock* pump_block_ = nullptr;
  Napi::Reference<Napi::ArrayBuffer> pump_block_reference_;
  pump::OutBlock spilled_{{}};
  // Closed before the blocks are freed, which these handles use.
  PumpHandles pump_handles_;
};

}  // namespace winwire::binding
