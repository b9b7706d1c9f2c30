// Messages from other threads to JavaScript: in the order in which they were posted, possibly several in one turn of
// the event loop.
#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "winhttp/values.h"

namespace winwire::binding {

// The first argument of the dispatch function; lib/winhttp/system/winhttp-native.ts has the same list.
// Its failures are those of Microsoft's functions; lib/auth/auth-native.ts has other arguments.
enum class MessageKind : std::int32_t {
  kResult = 0,    // call, value
  kFailure = 1,   // call, HRESULT, syscall, description
  kStart = 2,     // object, generation, status, content type, length or undefined
  kData = 3,      // object, generation, bytes
  kFinished = 4,  // object, generation, status, status text, headers
  kError = 5,     // object, generation, HRESULT, syscall, description
  kProgress = 6,  // object, received, total or undefined
  kResponse = 7,  // object, status, status text, headers, body, URL or undefined
  kChanged = 8,   // proxy settings; lib/proxy/proxy-native.ts
};

struct Message {
  MessageKind kind;
  double id;  // of a call or an object, as JavaScript numbered it
  std::vector<winhttp::Value> arguments;
};

// Moves the arguments in; an initializer list would copy the bytes.
template <class... Arguments>
Message MakeMessage(MessageKind kind, double id, Arguments&&... arguments) {
  Message message{kind, id, {}};
  message.arguments.reserve(sizeof...(arguments));
  (message.arguments.emplace_back(std::forward<Arguments>(arguments)), ...);
  return message;
}

std::u16string SyscallOf(const winhttp::Failure& failure);
Message FailureMessage(double call, winhttp::Failure failure);

class Outbox {
 public:
  // Throws Napi::Error. `dispatch` is called on the environment's thread.
  static std::shared_ptr<Outbox> Open(Napi::Env env, Napi::Function dispatch);
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  ~Outbox() = default;

  // Any thread; has no effect after Close.
  void Post(Message message);

  // The following: the environment's thread. After Close there are no further calls.
  void Close();
  // Whether outstanding messages keep the process alive. Default false.
  void Ref(napi_env env, bool referenced);

 private:
  Outbox() = default;
  static void CallJs(napi_env env, napi_value, void* context, void*);
  void Deliver(napi_env env);
  std::vector<Message> Take();

  std::mutex mutex_;
  std::vector<Message> messages_;  // under mutex_
  bool wake_sent_ = false;         // under mutex_
  bool is_closed_ = false;         // under mutex_
  napi_threadsafe_function wake_ = nullptr;
  Napi::FunctionReference dispatch_;
};

}  // namespace winwire::binding
