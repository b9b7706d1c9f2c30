// 14, threads: messages during a wait, an apartment that dispatches none, the thread of the events.
#include "test/statements/winhttp_statement.h"
#include "test/support/http_server.h"
#include "winhttp/bstr.h"
#include "winhttp/event_sink.h"

using namespace winwire;
using namespace winwire::test;

namespace {

constexpr UINT kTimerPeriod = 30;

thread_local int timer_ticks = 0;

// Counts the messages that the thread dispatches while this exists.
class Ticks {
 public:
  Ticks() : timer_(::SetTimer(nullptr, 0, kTimerPeriod, OnTick)) { timer_ticks = 0; }
  ~Ticks() { ::KillTimer(nullptr, timer_); }
  Ticks(const Ticks&) = delete;
  Ticks& operator=(const Ticks&) = delete;
  int count() const { return timer_ticks; }

 private:
  static void CALLBACK OnTick(HWND, UINT, UINT_PTR, DWORD) { ++timer_ticks; }
  const UINT_PTR timer_;
};

class ThreadRecorder final : public winhttp::EventTarget {
 public:
  void OnResponseStart(std::int32_t, std::u16string) override { Record(); }
  void OnResponseData(SAFEARRAY*) override { Record(); }
  void OnResponseFinished() override { Record(); }
  void OnError(winhttp::Failure) override { Record(); }
  void Defer(std::function<void()>) override { Record(); }

  int events = 0;
  int elsewhere = 0;

 private:
  void Record() {
    ++events;
    if (::GetCurrentThreadId() != thread_) ++elsewhere;
  }
  const DWORD thread_ = ::GetCurrentThreadId();
};

}  // namespace

WINHTTP_STATEMENT("RQ-129") {
  const ComThread com;
  const HttpServer server;
  const Request waiting = NewRequest();
  CHECK_EQ(Open(waiting, u"GET", server.Url("/?delay=300"), Variant(true)), S_OK);
  CHECK_EQ(Send(waiting), S_OK);
  {
    const Ticks ticks;
    VARIANT_BOOL succeeded = VARIANT_TRUE;
    CHECK_EQ(WaitForResponse(waiting, -1, &succeeded), S_OK);
    CHECK(ticks.count() > 0, "WaitForResponse");
  }
  const Request sending = NewRequest();
  CHECK_EQ(Open(sending, u"GET", server.Url("/?delay=300"), Variant(false)), S_OK);
  const Ticks ticks;
  CHECK_EQ(Send(sending), S_OK);
  CHECK(ticks.count() > 0, "synchronous Send");
}

WINHTTP_STATEMENT("RQ-130") {
  const ComThread com;
  const HttpServer server;
  const Request request = NewRequest();
  CHECK_EQ(Open(request, u"GET", server.Url("/?delay=100"), Variant(true)), S_OK);
  CHECK_EQ(Send(request), S_OK);
  CHECK_EQ(WaitForResponse(request, 10, nullptr), S_OK);
}

WINHTTP_STATEMENT("RQ-131") {
  const ComThread com;
  const HttpServer server;
  const Request request = NewRequest();
  CHECK_EQ(Open(request, u"GET", server.Url("/"), Variant(true)), S_OK);
  CHECK_EQ(Send(request), S_OK);
  long status = 0;
  for (int i = 0; i < 100 && (FAILED(request->get_Status(&status)) || status == 0); ++i) ::Sleep(20);
  CHECK_EQ(status, 200);
  // The head may arrive before the body: E_PENDING, or in Wine 8.0 the received part.
  const auto has_text = [&request] {
    winhttp::Bstr text;
    return SUCCEEDED(request->get_ResponseText(text.Put())) && winhttp::TextOf(text.Get()).size() == 5;
  };
  for (int i = 0; i < 100 && !has_text(); ++i) ::Sleep(20);
  CHECK_EQ(TextOfResponse(request), std::string("hello"));
}

WINHTTP_STATEMENT("RQ-229") {
  const ComThread com;
  const HttpServer server;
  const auto recorder = std::make_shared<ThreadRecorder>();
  const Request request = NewRequest();
  winhttp::EventConnection connection;
  CHECK_EQ(connection.Connect(request.Get(), recorder), S_OK);
  CHECK_EQ(Open(request, u"GET", server.Url("/?delay=50"), Variant(true)), S_OK);
  CHECK_EQ(Send(request), S_OK);
  VARIANT_BOOL succeeded = VARIANT_TRUE;
  CHECK_EQ(WaitForResponse(request, 10, &succeeded), S_OK);
  CHECK(recorder->events > 0);
  CHECK_EQ(recorder->elsewhere, 0);
}
