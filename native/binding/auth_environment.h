// The addon's state for one environment that makes tokens, created for the first call.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>

#include "auth/context_table.h"
#include "auth/mechanism.h"
#include "binding/outbox.h"

namespace winwire::binding {

class AuthEnvironment {
 public:
  // Lives until the environment's cleanup hook. Running steps end later, and free their contexts.
  static AuthEnvironment& Start(Napi::Env env, Napi::Function dispatch);
  AuthEnvironment(const AuthEnvironment&) = delete;
  AuthEnvironment& operator=(const AuthEnvironment&) = delete;

  // Answered by a message with the number `call`; lib/auth/auth-native.ts describes the values. Throw std::system_error
  // if no thread can be started.
  void Open(double call, auth::OpenRequest request);
  void Step(double call, double context, auth::Bytes token);
  void Identity(double call, auth::Package package);
  void Close(double context) { contexts_->Remove(context); }
  // Drops the call if it has not begun. Another call can take its place if it has.
  void Cancel(double call);
  void Ref(napi_env env, bool referenced) { outbox_->Ref(env, referenced); }

 private:
  explicit AuthEnvironment(std::shared_ptr<Outbox> outbox) : outbox_(std::move(outbox)) {}
  ~AuthEnvironment();
  void Submit(double call, std::function<Message()> task);

  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<auth::ContextTable> contexts_ = std::make_shared<auth::ContextTable>();
};

}  // namespace winwire::binding
