// One call from JavaScript: its arguments read into plain values, its result, and the border that no C++ exception
// crosses. The data functions use it bare, because each Napi:: value that they do not need costs more than their work;
// the others may use Napi:: inside.
#pragma once

#include <napi.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>

#include "binding/instance.h"
#include "binding/status.h"

namespace winwire::binding {

class Call {
 public:
  Call(napi_env env, napi_callback_info info) : env_(env) {
    void* data = nullptr;
    napi_get_cb_info(env, info, &count_, arguments_.data(), nullptr, &data);
    instance_ = static_cast<Instance*>(data);
  }

  napi_env env() const { return env_; }
  Instance& instance() const { return *instance_; }
  bool Has(std::size_t index) const { return index < count_; }
  Napi::Value Argument(std::size_t index) const { return {env_, arguments_[index]}; }

  // Argument 0, or null if it is no open handle.
  HandleOwner* Handle() const { return instance_->Find(env_, arguments_[0]); }

  bool ReadUint32(std::size_t index, std::uint32_t* value) const {
    return napi_get_value_uint32(env_, arguments_[index], value) == napi_ok;
  }

  // A Uint8Array's memory as it is at this moment: to be used before any JavaScript can run.
  Status ReadBytes(std::size_t index, ByteSpan* bytes) const;

  bool IsNullish(std::size_t index) const;
  // latin1; what lib/websocket/functions lets through has no other characters.
  std::string ReadString(std::size_t index) const;

  napi_value Return(Status status) const {
    napi_value result = nullptr;
    napi_create_int32(env_, status, &result);
    return result;
  }

  // undefined for success, which is cheaper than a number.
  napi_value ReturnRefusal(Status status) const { return abi::Succeeded(status) ? nullptr : Return(status); }

 private:
  napi_env env_;
  std::size_t count_ = 4;
  std::array<napi_value, 4> arguments_{};
  Instance* instance_ = nullptr;
};

// The Node-API callback of a function of the addon.
template <napi_value (*Body)(const Call&)>
napi_value Entry(napi_env env, napi_callback_info info) noexcept {
  const Call call(env, info);
  try {
    return Body(call);
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
    return nullptr;
  } catch (const std::bad_alloc&) {
    return call.Return(abi::hresult::kOutOfMemory);
  } catch (const std::length_error&) {
    return call.Return(abi::hresult::kOutOfMemory);
  }
}

}  // namespace winwire::binding
