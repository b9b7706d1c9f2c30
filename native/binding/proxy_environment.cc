#include "binding/proxy_environment.h"

#include <chrono>
#include <exception>
#include <utility>

#include "proxy/lookups.h"
#include "proxy/winhttp_api.h"
#include "threads/task_pool.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::binding {
namespace {

using proxy::Answer;
using proxy::Lookups;
using proxy::ScriptQuery;
using threads::CallKey;
using threads::TaskPool;

// The pools belong to the process and are never destroyed: their threads may outlive the statics of the module.
constexpr std::chrono::milliseconds kPrompt{5000};

TaskPool& SettingsPool() {
  static TaskPool& pool = *new TaskPool(2, kPrompt);
  return pool;
}

// Wine runs one script at a time: WinHttpGetProxyForUrl on a second thread fails with ERROR_CAN_NOT_COMPLETE.
TaskPool& ScriptPool() {
  static TaskPool& pool = *new TaskPool(winhttp::wine8::IsWine() ? 1 : 4, kPrompt);
  return pool;
}

bool RunsScript(ProxyFunction function) {
  return function == ProxyFunction::kGetProxyForUrl || function == ProxyFunction::kDetectAutoProxyConfigUrl ||
         function == ProxyFunction::kResolve;
}

Answer CallBlocking(ProxyFunction function, const ScriptQuery& query) {
  switch (function) {
    case ProxyFunction::kGetIEProxyConfigForCurrentUser:
      return proxy::GetIEProxyConfigForCurrentUser();
    case ProxyFunction::kGetDefaultProxyConfiguration:
      return proxy::GetDefaultProxyConfiguration();
    case ProxyFunction::kDetectAutoProxyConfigUrl:
      return proxy::DetectAutoProxyConfigUrl(query.flags);
    case ProxyFunction::kGetSettingsPerUser:
      return proxy::GetSettingsPerUser();
    default:
      return proxy::GetProxyForUrl(query);
  }
}

bool StartLookup(CallKey key, const ScriptQuery& query, const Lookups::Done& done) {
  const proxy::WinHttpApi& api = proxy::LoadWinHttp();
  if (!api.has_resolver) return false;
  HINTERNET session = proxy::OpenSession(api);
  return session != nullptr && Lookups::Get().Start(session, key, query, done);
}

}  // namespace

ProxyEnvironment& ProxyEnvironment::Start(Napi::Env env, Napi::Function dispatch) {
  // The hook is added after the thread-safe function, since hooks run in reverse.
  auto* environment = new ProxyEnvironment(Outbox::Open(env, dispatch));
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<ProxyEnvironment*>(data); }, environment);
  return *environment;
}

ProxyEnvironment::~ProxyEnvironment() {
  outbox_->Close();
  watch_.reset();
  SettingsPool().CancelAll(this);
  ScriptPool().CancelAll(this);
  Lookups::Get().CancelAll(this);
}

void ProxyEnvironment::Call(ProxyFunction function, double call, ScriptQuery query) {
  const Lookups::Done done = [outbox = outbox_, call](Answer answer) {
    outbox->Post(answer.failure ? FailureMessage(call, std::move(*answer.failure))
                                : Message{MessageKind::kResult, call, std::move(answer.values)});
  };
  const CallKey key{this, call};
  TaskPool& pool = RunsScript(function) ? ScriptPool() : SettingsPool();
  pool.Submit(key, [=, query = std::move(query)] {
    try {
      if (function == ProxyFunction::kResolve && StartLookup(key, query, done)) return;
      done(CallBlocking(function, query));
    } catch (const std::exception&) {
      // Without memory the caller's time limit ends the call.
    }
  });
}

void ProxyEnvironment::Cancel(double call) {
  const CallKey key{this, call};
  SettingsPool().Cancel(key);
  ScriptPool().Cancel(key);
  Lookups::Get().Cancel(key);
}

void ProxyEnvironment::Watch() {
  if (!watch_) watch_.emplace([outbox = outbox_] { outbox->Post({MessageKind::kChanged, 0, {}}); });
}

}  // namespace winwire::binding
