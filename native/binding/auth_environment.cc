#include "binding/auth_environment.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string_view>
#include <utility>
#include <variant>

#ifdef __GLIBC__
#include <dlfcn.h>
#include <unistd.h>
#endif

#include "auth/security_status.h"
#include "threads/task_pool.h"

namespace winwire::binding {
namespace {

using auth::ContextTable;

// No caller waits longer for a step; lib/auth/auth-native.ts has the same time.
constexpr std::chrono::seconds kPrompt{30};
constexpr std::size_t kMostSteps = 4;
// A step that needs no server takes a few milliseconds. The libraries of a step that is still running are finalized by
// the end of the process, so a step gets the time to end if it can.
constexpr std::chrono::milliseconds kPatience{100};

// Belongs to the process and is never destroyed: its threads may outlive the statics of the module.
threads::TaskPool& Pool() {
  static threads::TaskPool& pool = *new threads::TaskPool(kMostSteps, kPrompt);
  return pool;
}

#ifdef __GLIBC__
// As Node does in its own handler.
void ResetTerminal() {
  void* const address = ::dlsym(RTLD_DEFAULT, "uv_tty_reset_mode");
  int (*reset)() = nullptr;
  static_assert(sizeof(address) == sizeof(reset));
  std::memcpy(static_cast<void*>(&reset), static_cast<const void*>(&address), sizeof(reset));
  if (reset != nullptr) reset();
}

void EndIfBusy(int status, void*) {
  if (!Pool().IsBusy()) return;
  ResetTerminal();
  std::fflush(nullptr);
  ::_exit(status);
}

// exit() runs the handlers and destructors of libraries, those of the mechanisms too, and process.exit() waits for no
// step: OpenSSL and MIT Kerberos crash if a step still runs in them then. The handler that is registered last is called
// first, so it is registered again when the libraries have registered theirs.
void EndBeforeMechanisms() { static_cast<void>(::on_exit(EndIfBusy, nullptr)); }
#else
void EndBeforeMechanisms() {}
#endif

std::once_flag at_start;
std::once_flag after_first_task;

// UTF-8, which JavaScript decodes.
winhttp::Bytes ToBytes(std::string_view text) { return {text.begin(), text.end()}; }

winhttp::Value ToValue(const std::optional<std::string>& text) {
  if (!text) return winhttp::Missing{};
  return ToBytes(*text);
}

Message FailureOf(double call, const auth::Failure& failure) {
  Message message = MakeMessage(MessageKind::kFailure, call, failure.status, ToBytes(failure.syscall),
                                ToBytes(failure.text), static_cast<std::int32_t>(failure.reason));
  if (failure.gss) {
    message.arguments.emplace_back(static_cast<double>(failure.gss->major));
    message.arguments.emplace_back(static_cast<double>(failure.gss->minor));
  }
  return message;
}

Message StepOf(double call, ContextTable::Entry* entry, const auth::Bytes& token) {
  if (entry == nullptr || entry->is_busy.exchange(true)) {
    return FailureOf(call, {auth::Reason::kOther, auth::status::kInvalidHandle, "Step", "", {}});
  }
  auth::Result<auth::Token> result = entry->context->Step(token);
  const std::optional<std::string> identity = entry->context->Identity();
  entry->is_busy = false;
  if (const auto* failure = std::get_if<auth::Failure>(&result)) return FailureOf(call, *failure);
  auto& [bytes, done] = std::get<auth::Token>(result);
  return MakeMessage(MessageKind::kResult, call, std::move(bytes), done, ToValue(identity));
}

Message OpenOf(double call, ContextTable& contexts, auth::OpenRequest request) {
  auto result = auth::SystemMechanism().Open(std::move(request));
  if (const auto* failure = std::get_if<auth::Failure>(&result)) return FailureOf(call, *failure);
  auto& context = std::get<std::unique_ptr<auth::Context>>(result);
  const std::optional<std::string> identity = context->Identity();
  const double number = contexts.Add(std::move(context));
  if (number == 0) {
    return FailureOf(call, {auth::Reason::kOther, auth::status::kInternalError, "Open", "too many contexts", {}});
  }
  return MakeMessage(MessageKind::kResult, call, number, ToValue(identity));
}

}  // namespace

AuthEnvironment& AuthEnvironment::Start(Napi::Env env, Napi::Function dispatch) {
  std::call_once(at_start, EndBeforeMechanisms);
  // The hook is added after the thread-safe function, since hooks run in reverse.
  auto* environment = new AuthEnvironment(Outbox::Open(env, dispatch));
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<AuthEnvironment*>(data); }, environment);
  return *environment;
}

AuthEnvironment::~AuthEnvironment() {
  outbox_->Close();
  Pool().CancelAll(this);
  contexts_->Close();
  Pool().WaitForRunning(this, kPatience);
}

void AuthEnvironment::Submit(double call, std::function<Message()> task) {
  Pool().Submit({this, call}, [outbox = outbox_, task = std::move(task)] {
    try {
      Message answer = task();
      std::call_once(after_first_task, EndBeforeMechanisms);
      outbox->Post(std::move(answer));
    } catch (const std::exception&) {
      // Without memory the caller's time limit ends the call.
    }
  });
}

void AuthEnvironment::Open(double call, auth::OpenRequest request) {
  // Shared because a std::function must be copyable.
  auto shared = std::make_shared<auth::OpenRequest>(std::move(request));
  Submit(call, [=, contexts = contexts_] { return OpenOf(call, *contexts, std::move(*shared)); });
}

void AuthEnvironment::Step(double call, double context, auth::Bytes token) {
  Submit(call,
         [=, entry = contexts_->Find(context), token = std::move(token)] { return StepOf(call, entry.get(), token); });
}

void AuthEnvironment::Identity(double call, auth::Package package) {
  Submit(call, [=] {
    const auto result = auth::SystemMechanism().Identity(package);
    if (const auto* failure = std::get_if<auth::Failure>(&result)) return FailureOf(call, *failure);
    return MakeMessage(MessageKind::kResult, call, ToValue(std::get<std::optional<std::string>>(result)));
  });
}

void AuthEnvironment::Cancel(double call) { Pool().Abandon({this, call}); }

}  // namespace winwire::binding
