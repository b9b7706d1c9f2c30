// The package's event sink with the object: tests by name, which need connection points (Windows, or the stand-in).
#include <functional>
#include <stdexcept>

#include "test/statements/winhttp_statement.h"
#include "test/support/http_server.h"
#include "winhttp/event_sink.h"

using namespace winwire;
using namespace winwire::test;

namespace {

class Target final : public winhttp::EventTarget {
 public:
  void OnResponseStart(std::int32_t, std::u16string) override { Record("start"); }
  void OnResponseData(SAFEARRAY* data) override {
    bytes += winhttp::ByteArraySize(data);
    Record("data");
  }
  void OnResponseFinished() override { Record("finished"); }
  void OnError(winhttp::Failure failure) override {
    last_error = failure.hr;
    Record("error");
  }
  void Defer(std::function<void()> event) override { event(); }

  std::vector<std::string> events;
  std::size_t bytes = 0;
  HRESULT last_error = S_OK;
  std::function<void(const std::string& event)> on_event;

 private:
  void Record(const std::string& event) {
    if (events.empty() || events.back() != event) events.push_back(event);
    if (on_event) on_event(event);
  }
};

// Dispatches messages for a while, or until the condition holds.
void PumpUntil(const std::function<bool()>& holds, DWORD milliseconds) {
  const ULONGLONG end = ::GetTickCount64() + milliseconds;
  MSG message;
  while (!holds() && ::GetTickCount64() < end) {
    ::MsgWaitForMultipleObjects(0, nullptr, FALSE, 10, QS_ALLINPUT);
    while (::PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) ::DispatchMessageW(&message);
  }
}

struct Connected {
  explicit Connected(const char* target_path = "/?delay=50") {
    CHECK_EQ(connection.Connect(request.Get(), target), S_OK);
    CHECK_EQ(Open(request, u"GET", server.Url(target_path), Variant(true)), S_OK);
  }
  void Run() {
    CHECK_EQ(Send(request), S_OK);
    PumpUntil([this] { return Has("finished") || Has("error"); }, 5000);
  }
  bool Has(const std::string& event) const {
    for (const std::string& each : target->events) {
      if (each == event) return true;
    }
    return false;
  }

  ComThread com;
  HttpServer server;
  Request request = NewRequest();
  const std::shared_ptr<Target> target = std::make_shared<Target>();
  winhttp::EventConnection connection;
};

const std::vector<std::string> kComplete = {"start", "data", "finished"};

}  // namespace

WINHTTP_STATEMENT("sink: start, data and finished in this order") {
  Connected at;
  at.Run();
  CHECK_EQ(at.target->events, kComplete);
  CHECK_EQ(at.target->bytes, 5u);
}

WINHTTP_STATEMENT("sink: Abort from within OnResponseStart ends the events") {
  Connected at;
  at.target->on_event = [&](const std::string& event) {
    if (event == "start") CHECK_EQ(at.request->Abort(), S_OK);
  };
  CHECK_EQ(Send(at.request), S_OK);
  PumpUntil([&] { return at.Has("start"); }, 5000);
  PumpUntil([] { return false; }, 200);
  CHECK(at.Has("start"));
  CHECK(!at.Has("finished"));
  CHECK(!at.Has("data"));
}

WINHTTP_STATEMENT("sink: Abort from within OnResponseFinished is S_OK") {
  Connected at;
  HRESULT result = E_FAIL;
  at.target->on_event = [&](const std::string& event) {
    if (event == "finished") result = at.request->Abort();
  };
  at.Run();
  CHECK_EQ(result, S_OK);
}

WINHTTP_STATEMENT("sink: a target that throws gets an error") {
  Connected at;
  at.target->on_event = [](const std::string& event) {
    if (event == "start") throw std::runtime_error("no");
  };
  at.Run();
  CHECK(at.Has("error"));
  CHECK_EQ(at.target->last_error, abi::hresult::kOutOfMemory);
  // The object still works.
  at.target->events.clear();
  at.target->on_event = nullptr;
  PumpUntil([] { return false; }, 200);
  at.target->events.clear();
  CHECK_EQ(Open(at.request, u"GET", at.server.Url("/"), Variant(true)), S_OK);
  at.Run();
  CHECK_EQ(at.target->events, kComplete);
}

WINHTTP_STATEMENT("sink: no events after Disconnect") {
  Connected at;
  at.connection.Disconnect();
  CHECK_EQ(Send(at.request), S_OK);
  PumpUntil([] { return false; }, 300);
  CHECK(at.target->events.empty());
}

WINHTTP_STATEMENT("sink: a connection that goes is unadvised") {
  Connected at;
  {
    const auto other = std::make_shared<Target>();
    winhttp::EventConnection second;
    CHECK_EQ(second.Connect(at.request.Get(), other), S_OK);
  }
  at.Run();
  CHECK_EQ(at.target->events, kComplete);
}
