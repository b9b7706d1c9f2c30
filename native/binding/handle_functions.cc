// The functions of the addon that create, abort and delete handles, and describe backends and global properties.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/contract.h"
#include "binding/functions.h"

namespace winwire::binding {

namespace {

const backend::WebSocketBackend& BackendArgument(const Call& call, ArgumentIndex index) {
  const std::string name = call.ReadString(index);
  if (name == "system") return backend::GetWebSocketBackend(backend::BackendName::kSystem);
  if (name == "portable") return backend::GetWebSocketBackend(backend::BackendName::kPortable);
  throw Napi::TypeError::New(call.env(), "no such backend: " + name);
}

// Creation properties with storage for their values.
class PropertyArray {
 public:
  // Returns false for properties that must not reach the component.
  bool Read(const Call& call, ArgumentIndex types_index, ArgumentIndex values_index);

  abi::PWEB_SOCKET_PROPERTY data() { return properties_.empty() ? nullptr : properties_.data(); }
  abi::ULONG size() const { return static_cast<abi::ULONG>(properties_.size()); }

  // The last value of a size property, as the component reads it.
  std::size_t SizeOf(abi::WEB_SOCKET_PROPERTY_TYPE type, std::size_t otherwise) const;

 private:
  // Aligned for every type, and never shorter than the longest scalar: the component rejects a value of the wrong size,
  // but may read it first.
  using Storage = std::vector<std::uint64_t>;

  std::vector<Storage> values_;
  std::vector<abi::WEB_SOCKET_PROPERTY> properties_;
};

bool PropertyArray::Read(const Call& call, ArgumentIndex types_index, ArgumentIndex values_index) {
  const auto types = call.Argument(types_index).As<Napi::Array>();
  const auto values = call.Argument(values_index).As<Napi::Array>();
  const std::uint32_t count = types.Length();
  values_.reserve(count);
  properties_.reserve(count);
  for (std::uint32_t index = 0; index < count; ++index) {
    const auto type =
        static_cast<abi::WEB_SOCKET_PROPERTY_TYPE>(Napi::Value(types[index]).As<Napi::Number>().Int32Value());
    // Its value is the address of memory that the component would write to.
    if (type == abi::WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE) return false;
    const auto bytes = Napi::Value(values[index]).As<Napi::Uint8Array>();
    Storage& storage = values_.emplace_back(bytes.ByteLength() / sizeof(std::uint64_t) + 1, 0);
    if (bytes.ByteLength() > 0) std::memcpy(storage.data(), bytes.Data(), bytes.ByteLength());
    properties_.push_back({type, storage.data(), static_cast<abi::ULONG>(bytes.ByteLength())});
  }
  return true;
}

std::size_t PropertyArray::SizeOf(abi::WEB_SOCKET_PROPERTY_TYPE type, std::size_t otherwise) const {
  std::size_t size = otherwise;
  for (const abi::WEB_SOCKET_PROPERTY& property : properties_) {
    if (property.Type != type || property.ulValueSize != sizeof(abi::ULONG)) continue;
    abi::ULONG value = 0;
    std::memcpy(&value, property.pvValue, sizeof(value));
    size = value;
  }
  return size;
}

// What the component allocates after the handshake; the defaults are those of Microsoft, WEB_SOCKET_PROPERTY_TYPE
// enumeration.
std::size_t BufferSizeOf(const PropertyArray& properties, bool is_server) {
  return properties.SizeOf(abi::WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, 4096) +
         properties.SizeOf(abi::WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, is_server ? 16 : 4096);
}

bool SharePumpBuffers(PumpBlock& block, const backend::WebSocketBackend& backend, abi::WEB_SOCKET_HANDLE handle) {
  return backend.share_buffers != nullptr && backend.share_buffers(handle, {block.shared_receive, block.shared_send});
}

// Returns null and sets the call's result on failure. With `pump_block` the handle uses its buffers if possible.
std::unique_ptr<HandleOwner> MakeHandle(const Call& call, PumpBlock* pump_block, napi_value* result) {
  const bool is_server = call.Argument(0).As<Napi::Boolean>().Value();
  const backend::WebSocketBackend& backend = BackendArgument(call, 1);
  const abi::WebSocketApi* const api = backend.api;
  if (api == nullptr) return nullptr;
  PropertyArray properties;
  if (!properties.Read(call, 2, 3)) {
    *result = call.Return(kRefusedArgument);
    return nullptr;
  }
  abi::WEB_SOCKET_HANDLE handle = nullptr;
  const abi::HRESULT hr = is_server ? api->WebSocketCreateServerHandle(properties.data(), properties.size(), &handle)
                                    : api->WebSocketCreateClientHandle(properties.data(), properties.size(), &handle);
  const Status status =
      hr == abi::hresult::kOk && handle == nullptr ? backend::kBrokenOutput : backend::CheckedResult(hr);
  if (abi::Failed(status)) {
    *result = call.Return(status);
    return nullptr;
  }
  const bool shares = pump_block != nullptr && SharePumpBuffers(*pump_block, backend, handle);
  return std::make_unique<HandleOwner>(*api, handle, shares ? 0 : BufferSizeOf(properties, is_server));
}

}  // namespace

napi_value BackendInfo(const Call& call) {
  const backend::WebSocketBackend& backend = BackendArgument(call, 0);
  Napi::Object info = Napi::Object::New(call.env());
  info.Set("available", backend.api != nullptr);
  info.Set("file", backend.file);
  info.Set("version", backend.version);
  info.Set("provider", backend.provider);
  info.Set("reason", backend.reason);
  return info;
}

napi_value OpenHandles(const Call& call) {
  return Napi::Number::New(call.env(), static_cast<double>(OpenHandleCount()));
}

// (server, backend, types, values of the properties)
napi_value CreateHandle(const Call& call) {
  napi_value result = nullptr;
  std::unique_ptr<HandleOwner> owner = MakeHandle(call, nullptr, &result);
  return owner == nullptr ? result : call.instance().Wrap(call.env(), std::move(owner));
}

// (the same)
napi_value CreatePumpHandle(const Call& call) {
  PumpBlock* const pump_block = call.instance().pump_block();
  if (pump_block == nullptr) return call.Return(kRefusedArgument);
  napi_value result = nullptr;
  std::unique_ptr<HandleOwner> owner = MakeHandle(call, pump_block, &result);
  return owner == nullptr ? result : call.instance().pump_handles().Add(call.env(), std::move(owner));
}

napi_value AbortHandle(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  owner->handle.Abort();
  return nullptr;
}

napi_value DeleteHandle(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  call.instance().Close(call.env(), *owner);
  return nullptr;
}

napi_value GetGlobalProperty(const Call& call) {
  const abi::WebSocketApi* const api = BackendArgument(call, 0).api;
  if (api == nullptr) return nullptr;
  std::uint32_t number = 0;
  if (!call.ReadUint32(1, &number)) return call.Return(kRefusedArgument);
  const auto type = static_cast<abi::WEB_SOCKET_PROPERTY_TYPE>(static_cast<std::int32_t>(number));
  std::vector<abi::ULONG> values(64, 0);
  // The keep-alive interval is queried with its exact size, as .NET does; the list has no fixed size.
  const std::size_t capacity = type == abi::WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE ? 1 : values.size();
  auto size = static_cast<abi::ULONG>(capacity * sizeof(abi::ULONG));
  const abi::HRESULT hr = api->WebSocketGetGlobalProperty(type, values.data(), &size);
  if (hr != abi::hresult::kOk) return call.Return(backend::CheckedResult(hr));
  const std::size_t count = std::min<std::size_t>(size / sizeof(abi::ULONG), capacity);
  Napi::Array result = Napi::Array::New(call.env(), count);
  for (std::uint32_t index = 0; index < count; ++index) result.Set(index, static_cast<double>(values[index]));
  return result;
}

}  // namespace winwire::binding
