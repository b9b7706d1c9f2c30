// The way from the apartments back to JavaScript: messages in the order in which they were posted, several in one turn
// of the event loop where they have gathered.
#pragma once

#include <napi.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "winhttp/values.h"

namespace winwire::binding {

// What the first argument of the dispatch function says; lib/winhttp/system/winhttp-native.ts has the same list.
enum class MessageKind : std::int32_t {
  kResult = 0,    // call, value
  kFailure = 1,   // call, HRESULT, syscall, description
  kStart = 2,     // object, generation, status, content type, length or undefined
  kData = 3,      // object, generation, bytes
  kFinished = 4,  // object, generation, status, status text, headers
  kError = 5,     // object, generation, HRESULT, syscall, description
  kProgress = 6,  // object, received, total or undefined
  kResponse = 7,  // object, status, status text, headers, body, URL or undefined
};

struct Message {
  MessageKind kind;
  double id;  // of a call or of an object, as JavaScript numbered it
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

  // Any thread; does nothing once the outbox is closed.
  void Post(Message message);

  // The rest: the environment's thread. After Close nothing is called any more.
  void Close();
  // Whether what is to come keeps the process alive. Not at first.
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
