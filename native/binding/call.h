// One call from JavaScript: parses its arguments, returns its result, and stops C++ exceptions. The data functions use
// it without Napi:: values, each of which costs more than their work; the others may use Napi::.
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

// The index of an argument. One that a Call does not read cannot be compiled.
class ArgumentIndex {
 public:
  static constexpr std::size_t kCount = 6;
  consteval ArgumentIndex(std::size_t value) : value_(value) {  // NOLINT(google-explicit-constructor)
    if (value >= kCount) throw std::out_of_range("ArgumentIndex::kCount");
  }
  constexpr operator std::size_t() const { return value_; }  // NOLINT(google-explicit-constructor)

 private:
  std::size_t value_;
};

class Call {
 public:
  Call(napi_env env, napi_callback_info info) : env_(env) {
    void* data = nullptr;
    napi_get_cb_info(env, info, &count_, arguments_.data(), nullptr, &data);
    instance_ = static_cast<Instance*>(data);
  }

  napi_env env() const { return env_; }
  Instance& instance() const { return *instance_; }
  bool Has(ArgumentIndex index) const { return index < count_; }
  Napi::Value Argument(ArgumentIndex index) const { return {env_, arguments_[index]}; }

  // Returns the handle in argument 0, or null if it is not an open handle.
  HandleOwner* Handle() const { return instance_->Find(env_, arguments_[0]); }

  bool ReadUint32(ArgumentIndex index, std::uint32_t* value) const {
    return napi_get_value_uint32(env_, arguments_[index], value) == napi_ok;
  }

  // Returns the current memory of a Uint8Array: use it before any JavaScript can run.
  Status ReadBytes(ArgumentIndex index, ByteSpan* bytes) const;

  bool IsNullish(ArgumentIndex index) const;
  // latin1: lib/websocket/functions passes no other characters.
  std::string ReadString(ArgumentIndex index) const;

  napi_value Return(Status status) const {
    napi_value result = nullptr;
    napi_create_int32(env_, status, &result);
    return result;
  }

  // Returns undefined for success, which is cheaper than a number.
  napi_value ReturnRefusal(Status status) const { return abi::Succeeded(status) ? nullptr : Return(status); }

 private:
  napi_env env_;
  std::size_t count_ = ArgumentIndex::kCount;
  std::array<napi_value, ArgumentIndex::kCount> arguments_{};
  Instance* instance_ = nullptr;
};

inline void Throw(const Napi::Error& error) noexcept {
  try {
    error.ThrowAsJavaScriptException();
  } catch (const Napi::Error&) {
    // JavaScript cannot run any more: its worker is being ended.
  }
}

// The Node-API callback of an addon function.
template <napi_value (*Body)(const Call&)>
napi_value Entry(napi_env env, napi_callback_info info) noexcept {
  const Call call(env, info);
  try {
    return Body(call);
  } catch (const Napi::Error& error) {
    Throw(error);
    return nullptr;
  } catch (const std::bad_alloc&) {
    return call.Return(abi::hresult::kOutOfMemory);
  } catch (const std::length_error&) {
    return call.Return(abi::hresult::kOutOfMemory);
  }
}

}  // namespace winwire::binding
