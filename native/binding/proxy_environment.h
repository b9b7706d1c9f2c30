// [Windows] The addon's state for one environment that calls the proxy functions, created for the first call.
#pragma once

#include <napi.h>

#include <memory>
#include <optional>

#include "binding/outbox.h"
#include "proxy/proxy_calls.h"
#include "proxy/settings_watch.h"

namespace winwire::binding {

// The functions; lib/proxy/proxy-native.ts has the same list.
enum class ProxyFunction : std::int32_t {
  kGetIEProxyConfigForCurrentUser = 0,
  kGetDefaultProxyConfiguration = 1,
  kGetProxyForUrl = 2,            // the arguments of a ScriptQuery
  kDetectAutoProxyConfigUrl = 3,  // flags
  kResolve = 4,                   // the arguments of a ScriptQuery; uses WinHttpGetProxyForUrlEx if the system has it
  kGetSettingsPerUser = 5,
};

class ProxyEnvironment {
 public:
  // Lives until the environment's cleanup hook. Running calls end later, and their results are dropped.
  static ProxyEnvironment& Start(Napi::Env env, Napi::Function dispatch);
  ProxyEnvironment(const ProxyEnvironment&) = delete;
  ProxyEnvironment& operator=(const ProxyEnvironment&) = delete;

  // Answered by a message with the number `call`. Throws std::system_error if no thread can be started.
  void Call(ProxyFunction function, double call, proxy::ScriptQuery query);
  // Drops the answer, and ends the call if possible.
  void Cancel(double call);
  // Starts messages about changed settings.
  void Watch();
  void Ref(napi_env env, bool referenced) { outbox_->Ref(env, referenced); }

 private:
  explicit ProxyEnvironment(std::shared_ptr<Outbox> outbox) : outbox_(std::move(outbox)) {}
  ~ProxyEnvironment();

  const std::shared_ptr<Outbox> outbox_;
  std::optional<proxy::SettingsWatch> watch_;
};

}  // namespace winwire::binding
