#include "binding/winhttp_functions.h"

#include <utility>

#include "binding/winhttp_arguments.h"
#include "binding/winhttp_environment.h"
#include "binding/winhttp_members.h"
#include "winhttp/registration.h"

namespace winwire::binding {
namespace {

using winhttp::CallResult;
using winhttp::ComRequest;

// Reports the events of a request, which it identifies by number.
class Listener final : public winhttp::ComRequestListener {
 public:
  Listener(std::shared_ptr<Outbox> outbox, double id) : outbox_(std::move(outbox)), id_(id) {}

  void OnStart(double generation, winhttp::ResponseStart start) override {
    Post(MessageKind::kStart, generation, start.status, std::move(start.content_type), Optional(start.length));
  }
  void OnData(double generation, winhttp::Bytes chunk) override {
    Post(MessageKind::kData, generation, std::move(chunk));
  }
  void OnFinished(double generation, winhttp::ResponseHead head) override {
    Post(MessageKind::kFinished, generation, head.status, std::move(head.status_text), std::move(head.headers));
  }
  void OnError(double generation, winhttp::Failure failure) override {
    Post(MessageKind::kError, generation, failure.hr, SyscallOf(failure), std::move(failure.description));
  }
  void OnProgress(double received, std::optional<double> total) override {
    Post(MessageKind::kProgress, received, Optional(total));
  }
  void OnResponse(winhttp::Response response) override {
    winhttp::ResponseHead& head = response.head;
    Post(MessageKind::kResponse, head.status, std::move(head.status_text), std::move(head.headers),
         std::move(response.body), Optional(std::move(response.url)));
  }

 private:
  template <class T>
  static winhttp::Value Optional(std::optional<T> value) {
    if (value) return std::move(*value);
    return {};
  }
  template <class... Arguments>
  void Post(MessageKind kind, Arguments&&... arguments) {
    outbox_->Post(MakeMessage(kind, id_, std::forward<Arguments>(arguments)...));
  }

  const std::shared_ptr<Outbox> outbox_;
  const double id_;
};

winhttp::Request::Done AnswerTo(const std::shared_ptr<Outbox>& outbox, double call) {
  return [outbox, call](CallResult result) {
    outbox->Post(result.failure ? FailureMessage(call, std::move(*result.failure))
                                : MakeMessage(MessageKind::kResult, call, std::move(result.value)));
  };
}

WinHttpEnvironment& EnvironmentOf(const Napi::CallbackInfo& info) {
  return *static_cast<WinHttpEnvironment*>(info.Data());
}

winhttp::Request& RequestOf(const Napi::CallbackInfo& info) {
  winhttp::Request* request = EnvironmentOf(info).FindRequest(info[0]);
  if (request == nullptr) throw Napi::TypeError::New(info.Env(), "no request of this environment");
  return *request;
}

WinHttpOwner& StreamOf(const Napi::CallbackInfo& info) {
  WinHttpOwner* stream = EnvironmentOf(info).FindStream(info[0]);
  if (stream == nullptr) throw Napi::TypeError::New(info.Env(), "no open stream of this environment");
  return *stream;
}

std::unique_ptr<WinHttpOwner> MakeRequest(WinHttpEnvironment& environment, double id, bool native_sync) {
  auto owner = std::make_unique<WinHttpOwner>();
  owner->id = id;
  owner->request = std::make_unique<winhttp::Request>(environment.host(), native_sync,
                                                      std::make_shared<Listener>(environment.outbox(), id));
  return owner;
}

Napi::Value Probe(const Napi::CallbackInfo& info) {
  const double call = WinHttpArguments(info, 0).Number(0);
  const WinHttpEnvironment& environment = EnvironmentOf(info);
  environment.host()->Probe([outbox = environment.outbox(), call](winhttp::ClassInfo found) {
    outbox->Post(found.failure ? FailureMessage(call, std::move(*found.failure))
                               : MakeMessage(MessageKind::kResult, call, std::move(found.file), found.has_events));
  });
  return info.Env().Undefined();
}

Napi::Value CreateRequest(const Napi::CallbackInfo& info) {
  const WinHttpArguments arguments(info, 0);
  WinHttpEnvironment& environment = EnvironmentOf(info);
  return environment.Wrap(info.Env(), MakeRequest(environment, arguments.Number(0), arguments.Boolean(1)));
}

Napi::Value Invoke(const Napi::CallbackInfo& info) {
  const WinHttpArguments head(info, 1);
  InvokeMember(RequestOf(info), static_cast<WinHttpMember>(head.Integer(1)), WinHttpArguments(info, 3),
               AnswerTo(EnvironmentOf(info).outbox(), head.Number(0)));
  return info.Env().Undefined();
}

Napi::Value Send(const Napi::CallbackInfo& info) {
  const WinHttpArguments arguments(info, 1);
  RequestOf(info).Send(arguments.Value(1), arguments.Number(0));
  return info.Env().Undefined();
}

Napi::Value Abort(const Napi::CallbackInfo& info) {
  RequestOf(info).Abort();
  return info.Env().Undefined();
}

Napi::Value WantData(const Napi::CallbackInfo& info) {
  RequestOf(info).WantData(WinHttpArguments(info, 1).Boolean(0));
  return info.Env().Undefined();
}

Napi::Value Close(const Napi::CallbackInfo& info) {
  const double call = WinHttpArguments(info, 1).Number(0);
  RequestOf(info).Close(
      [outbox = EnvironmentOf(info).outbox(), call] { outbox->Post(MakeMessage(MessageKind::kResult, call)); });
  return info.Env().Undefined();
}

Napi::Value Execute(const Napi::CallbackInfo& info) {
  WinHttpEnvironment& environment = EnvironmentOf(info);
  auto owner = MakeRequest(environment, WinHttpArguments(info, 0).Number(0), false);
  owner->request->Execute(ReadRequestSpec(WinHttpArguments(info, 1)));
  return environment.Wrap(info.Env(), std::move(owner));
}

Napi::Value SettleOpen(const Napi::CallbackInfo& info) {
  RequestOf(info).SettleOpen(WinHttpArguments(info, 1).Boolean(0));
  return info.Env().Undefined();
}

Napi::Value OpenStream(const Napi::CallbackInfo& info) {
  WinHttpEnvironment& environment = EnvironmentOf(info);
  winhttp::Request& request = RequestOf(info);
  auto owner = std::make_unique<WinHttpOwner>();
  owner->id = WinHttpArguments(info, 1).Number(0);
  owner->stream_com_request = request.CurrentComRequest();
  owner->stream = environment.NextStream();
  request.Invoke([number = owner->stream](ComRequest& com_request) { return com_request.OpenStream(number); },
                 AnswerTo(environment.outbox(), owner->id));
  return environment.Wrap(info.Env(), std::move(owner));
}

Napi::Value ReadStream(const Napi::CallbackInfo& info) {
  const WinHttpArguments arguments(info, 1);
  const WinHttpOwner& owner = StreamOf(info);
  owner.stream_com_request->Post([done = AnswerTo(EnvironmentOf(info).outbox(), arguments.Number(0)),
                                  number = owner.stream, size = static_cast<std::uint32_t>(arguments.Integer(1))](
                                     ComRequest& com_request) { done(com_request.ReadStream(number, size)); },
                                 winhttp::Apartment::Order::kNested);
  return info.Env().Undefined();
}

Napi::Value CloseStream(const Napi::CallbackInfo& info) {
  StreamOf(info).CloseStream();
  return info.Env().Undefined();
}

Napi::Value Ref(const Napi::CallbackInfo& info) {
  EnvironmentOf(info).outbox()->Ref(info.Env(), WinHttpArguments(info, 0).Boolean(0));
  return info.Env().Undefined();
}

Napi::Value Check(const Napi::CallbackInfo& info) {
  const std::chrono::milliseconds limit(WinHttpArguments(info, 0).Integer(0));
  Napi::Array result = Napi::Array::New(info.Env());
  for (const auto& [id, call] : EnvironmentOf(info).Check(limit)) {
    result.Set(result.Length(), id);
    result.Set(result.Length(), call);
  }
  return result;
}

Napi::Value Start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  WinHttpEnvironment& environment = WinHttpEnvironment::Start(env, info[0].As<Napi::Function>());
  Napi::Object functions = Napi::Object::New(env);
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    functions.Set(name, Napi::Function::New(env, function, name, &environment));
  };
  add("probe", Probe);
  add("createRequest", CreateRequest);
  add("invoke", Invoke);
  add("send", Send);
  add("abort", Abort);
  add("wantData", WantData);
  add("close", Close);
  add("execute", Execute);
  add("settleOpen", SettleOpen);
  add("openStream", OpenStream);
  add("readStream", ReadStream);
  add("closeStream", CloseStream);
  add("ref", Ref);
  add("check", Check);
  return functions;
}

Napi::Value Registration(const Napi::CallbackInfo& info) {
  const winhttp::Registration found = winhttp::FindRegistration();
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("file", found.file);
  result.Set("version", found.version);
  result.Set("provider", found.provider);
  result.Set("reason", found.reason);
  return result;
}

}  // namespace

void ExportWinHttp(Napi::Env env, Napi::Object exports) {
  Napi::Object winhttp = Napi::Object::New(env);
  winhttp.Set("start", Napi::Function::New(env, Start, "start"));
  winhttp.Set("registration", Napi::Function::New(env, Registration, "registration"));
  exports.Set("winhttp", winhttp);
}

}  // namespace winwire::binding
