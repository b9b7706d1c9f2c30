#include "binding/proxy_functions.h"

#include <utility>

#include "binding/proxy_environment.h"
#include "binding/winhttp_arguments.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::binding {
namespace {

ProxyEnvironment& EnvironmentOf(const Napi::CallbackInfo& info) { return *static_cast<ProxyEnvironment*>(info.Data()); }

// flags, automatic detection's flags, URL, URL of the script or undefined, whether default credentials answer it.
proxy::ScriptQuery ReadQuery(const WinHttpArguments& arguments) {
  proxy::ScriptQuery query;
  query.flags = static_cast<std::uint32_t>(arguments.Integer(0));
  query.auto_detect_flags = static_cast<std::uint32_t>(arguments.Integer(1));
  query.url = arguments.Text(2).value_or(std::u16string());
  query.auto_config_url = arguments.Text(3);
  query.auto_logon_if_challenged = arguments.Boolean(4);
  return query;
}

Napi::Value Call(const Napi::CallbackInfo& info) {
  const WinHttpArguments head(info, 0);
  EnvironmentOf(info).Call(static_cast<ProxyFunction>(head.Integer(0)), head.Number(1),
                           ReadQuery(WinHttpArguments(info, 2)));
  return info.Env().Undefined();
}

Napi::Value Cancel(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Cancel(WinHttpArguments(info, 0).Number(0));
  return info.Env().Undefined();
}

Napi::Value Watch(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Watch();
  return info.Env().Undefined();
}

Napi::Value Ref(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).Ref(info.Env(), WinHttpArguments(info, 0).Boolean(0));
  return info.Env().Undefined();
}

Napi::Value Start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  ProxyEnvironment& environment = ProxyEnvironment::Start(env, info[0].As<Napi::Function>());
  Napi::Object functions = Napi::Object::New(env);
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    functions.Set(name, Napi::Function::New(env, function, name, &environment));
  };
  add("call", Call);
  add("cancel", Cancel);
  add("watch", Watch);
  add("ref", Ref);
  functions.Set("isWine", winhttp::wine8::IsWine());
  return functions;
}

}  // namespace

void ExportProxy(Napi::Env env, Napi::Object exports) {
  Napi::Object proxy = Napi::Object::New(env);
  proxy.Set("start", Napi::Function::New(env, Start, "start"));
  exports.Set("proxy", proxy);
}

}  // namespace winwire::binding
