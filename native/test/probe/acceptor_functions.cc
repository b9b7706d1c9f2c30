#include "test/probe/acceptor_functions.h"

#include <exception>
#include <utility>

#include "test/probe/acceptor.h"
#include "test/probe/export.h"

namespace winwire::test {
namespace {

struct Arguments {
  Arguments(napi_env env, napi_callback_info info) {
    std::size_t count = 2;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }
  napi_value values[2] = {};
};

std::span<const std::uint8_t> BytesOf(napi_env env, napi_value value) {
  bool is_typed_array = false;
  std::size_t length = 0;
  void* data = nullptr;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array) return {};
  napi_get_typedarray_info(env, value, nullptr, &length, &data, nullptr, nullptr);
  return {static_cast<const std::uint8_t*>(data), length};
}

napi_value TextOf(napi_env env, const std::string& text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

napi_value ToJs(napi_env env, const Accepted& accepted) {
  napi_value object = nullptr;
  napi_value value = nullptr;
  napi_create_object(env, &object);
  napi_create_buffer_copy(env, accepted.token.size(), accepted.token.data(), nullptr, &value);
  napi_set_named_property(env, object, "token", value);
  napi_get_boolean(env, accepted.done, &value);
  napi_set_named_property(env, object, "done", value);
  napi_set_named_property(env, object, "client", TextOf(env, accepted.client));
  napi_set_named_property(env, object, "mechanism", TextOf(env, accepted.mechanism));
  napi_create_uint32(env, accepted.flags, &value);
  napi_set_named_property(env, object, "flags", value);
  return object;
}

napi_value Create(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  std::int32_t package = 0;
  napi_get_value_int32(env, arguments.values[0], &package);
  const auto binding = BytesOf(env, arguments.values[1]);
  try {
    auto acceptor = CreateAcceptor(static_cast<auth::Package>(package), {binding.begin(), binding.end()});
    napi_value external = nullptr;
    napi_create_external(
        env, acceptor.release(), [](napi_env, void* data, void*) { delete static_cast<Acceptor*>(data); }, nullptr,
        &external);
    return external;
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
    return nullptr;
  }
}

napi_value Accept(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info);
  void* acceptor = nullptr;
  if (napi_get_value_external(env, arguments.values[0], &acceptor) != napi_ok) return nullptr;
  try {
    return ToJs(env, static_cast<Acceptor*>(acceptor)->Accept(BytesOf(env, arguments.values[1])));
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
    return nullptr;
  }
}

}  // namespace

void ExportAcceptor(napi_env env, napi_value exports) {
  Export(env, exports, "createAcceptor", Create);
  Export(env, exports, "acceptToken", Accept);
}

}  // namespace winwire::test
