#include "binding/instance.h"

#include <new>

namespace winwire::binding {

Instance& Instance::Create(Napi::Env env) {
  // Raw, because Napi::Env::SetInstanceData would free it by a finalizer without asking for ours first.
  auto instance = std::unique_ptr<Instance>(new Instance(env));
  const napi_status status = napi_set_instance_data(
      env, instance.get(), [](napi_env, void* data, void*) { delete static_cast<Instance*>(data); }, nullptr);
  if (status != napi_ok) throw Napi::Error::New(env, "the addon's state could not be attached to the environment");
  return *instance.release();
}

Instance::Instance(Napi::Env env) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, sizeof(ExchangeBlock));
  block_ = new (buffer.Data()) ExchangeBlock{};
  block_reference_ = Napi::Persistent(buffer);
}

Instance::~Instance() {
  for (HandleOwner* owner : open_) {
    owner->Close();
    owner->instance = nullptr;
  }
}

Napi::ArrayBuffer Instance::pump_block_buffer(Napi::Env env) {
  if (pump_block_ == nullptr) {
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, sizeof(PumpBlock));
    pump_block_ = new (buffer.Data()) PumpBlock{};
    pump_block_reference_ = Napi::Persistent(buffer);
  }
  return pump_block_reference_.Value();
}

napi_value Instance::Wrap(napi_env env, std::unique_ptr<HandleOwner> owner) {
  open_.insert(owner.get());
  owner->instance = this;
  napi_value external = nullptr;
  if (napi_create_external(env, owner.get(), Collect, nullptr, &external) != napi_ok) {
    Close(env, *owner);
    return nullptr;
  }
  owner.release()->Account(env);
  return external;
}

void Instance::Close(napi_env env, HandleOwner& owner) {
  if (owner.number != 0) {
    pump_handles_.Close(env, owner);
    return;
  }
  owner.Close();
  open_.erase(&owner);
  recent_[SlotOf(&owner)] = nullptr;
  owner.instance = nullptr;
  owner.Adjust(env, 0);
}

HandleOwner* Instance::FindNumbered(napi_env env, napi_value handle) const {
  std::uint32_t number = 0;
  return napi_get_value_uint32(env, handle, &number) == napi_ok ? pump_handles_.Find(number) : nullptr;
}

void Instance::Collect(napi_env env, void* data, void*) {
  const std::unique_ptr<HandleOwner> owner(static_cast<HandleOwner*>(data));
  if (owner->instance != nullptr) owner->instance->Close(env, *owner);
}

}  // namespace winwire::binding
