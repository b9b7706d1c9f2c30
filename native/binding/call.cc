#include "binding/call.h"

#include <limits>

namespace winwire::binding {

Status Call::ReadBytes(ArgumentIndex index, ByteSpan* bytes) const {
  napi_typedarray_type type = napi_int8_array;
  std::size_t length = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  const napi_status status = napi_get_typedarray_info(env_, arguments_[index], &type, &length, &data, &buffer, nullptr);
  if (status != napi_ok || type != napi_uint8_array) return kRefusedArgument;
  if (length > std::numeric_limits<abi::ULONG>::max()) return kRefusedLength;
  if (length == 0) {
    bool is_detached = false;
    napi_is_detached_arraybuffer(env_, buffer, &is_detached);
    if (is_detached) return kRefusedDetached;
  }
  *bytes = ByteSpan(static_cast<std::uint8_t*>(data), length);
  return abi::hresult::kOk;
}

bool Call::IsNullish(ArgumentIndex index) const {
  napi_valuetype type = napi_undefined;
  napi_typeof(env_, arguments_[index], &type);
  return type == napi_undefined || type == napi_null;
}

std::string Call::ReadString(ArgumentIndex index) const {
  std::size_t length = 0;
  if (napi_get_value_string_latin1(env_, arguments_[index], nullptr, 0, &length) != napi_ok) {
    throw Napi::TypeError::New(env_, "a string was expected");
  }
  std::string text(length, '\0');
  napi_get_value_string_latin1(env_, arguments_[index], text.data(), length + 1, &length);
  return text;
}

}  // namespace winwire::binding
