#include "binding/outbox.h"

#include <array>
#include <string_view>
#include <utility>

namespace winwire::binding {
namespace {

constexpr std::size_t kMaxArguments = 8;

struct ToJs {
  napi_env env;

  napi_value operator()(std::monostate) const { return Undefined(); }
  napi_value operator()(winhttp::Missing) const { return Undefined(); }
  napi_value operator()(winhttp::Null) const {
    napi_value value = nullptr;
    napi_get_null(env, &value);
    return value;
  }
  napi_value operator()(bool boolean) const {
    napi_value value = nullptr;
    napi_get_boolean(env, boolean, &value);
    return value;
  }
  napi_value operator()(std::int32_t number) const {
    napi_value value = nullptr;
    napi_create_int32(env, number, &value);
    return value;
  }
  napi_value operator()(double number) const {
    napi_value value = nullptr;
    napi_create_double(env, number, &value);
    return value;
  }
  napi_value operator()(const std::u16string& text) const {
    napi_value value = nullptr;
    napi_create_string_utf16(env, text.data(), text.size(), &value);
    return value;
  }
  // Copied: not every runtime accepts external buffers.
  napi_value operator()(const winhttp::Bytes& bytes) const {
    napi_value value = nullptr;
    napi_create_buffer_copy(env, bytes.size(), bytes.data(), nullptr, &value);
    return value;
  }

  napi_value Undefined() const {
    napi_value value = nullptr;
    napi_get_undefined(env, &value);
    return value;
  }
};

// An exception while creating a value (out of memory) or of the dispatch function becomes an uncaught exception of the
// process; later messages are still delivered.
void ReportException(napi_env env) {
  bool is_pending = false;
  napi_value error = nullptr;
  if (napi_is_exception_pending(env, &is_pending) != napi_ok || !is_pending) return;
  if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
}

void Dispatch(napi_env env, napi_value dispatch, const Message& message) {
  std::array<napi_value, kMaxArguments> values{};
  std::size_t count = 0;
  const ToJs to_js{env};
  values[count++] = to_js(static_cast<std::int32_t>(message.kind));
  values[count++] = to_js(message.id);
  for (const winhttp::Value& argument : message.arguments) values[count++] = std::visit(to_js, argument);
  for (std::size_t i = 0; i < count; ++i) {
    if (values[i] == nullptr) return;
  }
  napi_call_function(env, to_js.Undefined(), dispatch, count, values.data(), nullptr);
}

}  // namespace

std::u16string SyscallOf(const winhttp::Failure& failure) {
  const std::string_view syscall = failure.syscall;
  return std::u16string(syscall.begin(), syscall.end());
}

Message FailureMessage(double call, winhttp::Failure failure) {
  return MakeMessage(MessageKind::kFailure, call, failure.hr, SyscallOf(failure), std::move(failure.description));
}

std::shared_ptr<Outbox> Outbox::Open(Napi::Env env, Napi::Function dispatch) {
  std::shared_ptr<Outbox> outbox(new Outbox());
  outbox->dispatch_ = Napi::Persistent(dispatch);
  // The function's reference to the outbox is released with it.
  auto context = std::make_unique<std::shared_ptr<Outbox>>(outbox);
  const napi_status status = napi_create_threadsafe_function(
      env, nullptr, nullptr, Napi::String::New(env, "winwire.winhttp"), 0, 1, context.get(),
      [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Outbox>*>(data); }, context.get(), CallJs,
      &outbox->wake_);
  if (status != napi_ok) throw Napi::Error::New(env);
  static_cast<void>(context.release());
  napi_unref_threadsafe_function(env, outbox->wake_);
  return outbox;
}

void Outbox::Post(Message message) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return;
  messages_.push_back(std::move(message));
  if (std::exchange(wake_sent_, true)) return;
  napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

void Outbox::Close() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(is_closed_, true)) return;
    messages_.clear();
  }
  try {
    dispatch_.Reset();
  } catch (const Napi::Error&) {
    // The environment ends, and its references with it.
  }
  napi_release_threadsafe_function(wake_, napi_tsfn_abort);
}

void Outbox::Ref(napi_env env, bool referenced) {
  if (referenced) {
    napi_ref_threadsafe_function(env, wake_);
  } else {
    napi_unref_threadsafe_function(env, wake_);
  }
}

void Outbox::CallJs(napi_env env, napi_value, void* context, void*) {
  // Null while the environment ends.
  if (env == nullptr) return;
  const std::shared_ptr<Outbox> outbox = *static_cast<std::shared_ptr<Outbox>*>(context);
  outbox->Deliver(env);
}

std::vector<Message> Outbox::Take() {
  const std::lock_guard lock(mutex_);
  wake_sent_ = false;
  return std::exchange(messages_, {});
}

// JavaScript may close the outbox meanwhile, by ending the environment.
void Outbox::Deliver(napi_env env) {
  for (const Message& message : Take()) {
    if (dispatch_.IsEmpty()) return;
    napi_handle_scope scope = nullptr;
    if (napi_open_handle_scope(env, &scope) != napi_ok) return;
    Dispatch(env, dispatch_.Value(), message);
    ReportException(env);
    napi_close_handle_scope(env, scope);
  }
}

}  // namespace winwire::binding
