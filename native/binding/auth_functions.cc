#include "binding/auth_functions.h"

#include <type_traits>
#include <utility>

#include "binding/auth_environment.h"

namespace winwire::binding {
namespace {

AuthEnvironment& EnvironmentOf(const Napi::CallbackInfo& info) { return *static_cast<AuthEnvironment*>(info.Data()); }

double NumberOf(Napi::Value value) {
  double number = 0;
  napi_get_value_double(value.Env(), value, &number);
  return number;
}

auth::Package PackageOf(Napi::Value value) {
  std::int32_t number = 0;
  napi_get_value_int32(value.Env(), value, &number);
  return static_cast<auth::Package>(number);
}

// Without copies of the text elsewhere; empty if the value is not a string.
auth::Secret SecretOf(Napi::Value value) {
  const auto read = [&](auth::TextChar* text, std::size_t size, std::size_t* length) {
    if constexpr (std::is_same_v<auth::TextChar, char>) {
      return napi_get_value_string_utf8(value.Env(), value, reinterpret_cast<char*>(text), size, length);
    } else {
      return napi_get_value_string_utf16(value.Env(), value, reinterpret_cast<char16_t*>(text), size, length);
    }
  };
  std::size_t length = 0;
  if (read(nullptr, 0, &length) != napi_ok) return {};
  auth::Secret secret(length);
  read(secret.data(), length + 1, &length);
  return secret;
}

auth::Text TextOf(Napi::Value value) {
  const auth::Secret secret = SecretOf(value);
  return {secret.data(), secret.length()};
}

auth::Bytes BytesOf(Napi::Value value) {
  if (!value.IsTypedArray()) return {};
  const auto bytes = value.As<Napi::Uint8Array>();
  return auth::Bytes(bytes.Data(), bytes.Data() + bytes.ByteLength());
}

// call, package, service, channel binding, user, password, domain
Napi::Value Open(const Napi::CallbackInfo& info) {
  auth::OpenRequest request{PackageOf(info[1]), TextOf(info[2]), BytesOf(info[3]), {}};
  if (info[4].IsString()) request.password.emplace(auth::Password{TextOf(info[4]), TextOf(info[6]), SecretOf(info[5])});
  EnvironmentOf(info).Open(NumberOf(info[0]), std::move(request));
  return info.Env().Undefined();
}

// call, context, token
Napi::Value Step(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Step(NumberOf(info[0]), NumberOf(info[1]), BytesOf(info[2]));
  return info.Env().Undefined();
}

// call, package
Napi::Value Identity(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Identity(NumberOf(info[0]), PackageOf(info[1]));
  return info.Env().Undefined();
}

Napi::Value Close(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Close(NumberOf(info[0]));
  return info.Env().Undefined();
}

Napi::Value Cancel(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Cancel(NumberOf(info[0]));
  return info.Env().Undefined();
}

Napi::Value Ref(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Ref(info.Env(), info[0].ToBoolean());
  return info.Env().Undefined();
}

Napi::Value Start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AuthEnvironment& environment = AuthEnvironment::Start(env, info[0].As<Napi::Function>());
  Napi::Object functions = Napi::Object::New(env);
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    functions.Set(name, Napi::Function::New(env, function, name, &environment));
  };
  add("open", Open);
  add("step", Step);
  add("identity", Identity);
  add("close", Close);
  add("cancel", Cancel);
  add("ref", Ref);
  return functions;
}

Napi::Value Describe(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auth::Description description = auth::SystemMechanism().Describe();
  Napi::Object result = Napi::Object::New(env);
  result.Set("file", description.file);
  result.Set("version", description.version);
  result.Set("provider", description.provider);
  result.Set("reason", description.reason);
  Napi::Array mechanisms = Napi::Array::New(env);
  for (const std::string& mechanism : description.mechanisms) mechanisms.Set(mechanisms.Length(), mechanism);
  result.Set("mechanisms", mechanisms);
  return result;
}

Napi::Value OpenContextCount(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), auth::Context::Count());
}

}  // namespace

void ExportAuth(Napi::Env env, Napi::Object exports) {
  Napi::Object functions = Napi::Object::New(env);
  functions.Set("start", Napi::Function::New(env, Start, "start"));
  functions.Set("info", Napi::Function::New(env, Describe, "info"));
  functions.Set("openContextCount", Napi::Function::New(env, OpenContextCount, "openContextCount"));
  exports.Set("auth", functions);
}

}  // namespace winwire::binding
