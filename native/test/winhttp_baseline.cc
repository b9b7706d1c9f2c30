// [Windows] Makes the COM calls of requests in plain C++, as the baseline of the package's figures.
//
//   winhttp_baseline URL COUNT request|members|aborts [AT-A-TIME]
//
// `request`: one object per request, like WinHttpRequest.request, AT-A-TIME of them at once; `members`: one object for
// all requests. Both print requests per second. `aborts`: one object per request, aborted after Send; prints the growth
// of the working set per request, in bytes.

// psapi.h needs windows.h before it.
// clang-format off
#include <windows.h>
#include <psapi.h>
// clang-format on

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "abi/winhttp_abi.h"
#include "winhttp/bstr.h"
#include "winhttp/com_ptr.h"
#include "winhttp/variant.h"

namespace winwire::test {
namespace {

using winhttp::Bstr;
using winhttp::ComPtr;
using winhttp::Variant;

struct ComFailure {
  HRESULT hr;
  const char* call;
};

void Require(HRESULT hr, const char* call) {
  if (FAILED(hr)) throw ComFailure{hr, call};
}

ComPtr<abi::IWinHttpRequest> Create() {
  ComPtr<abi::IWinHttpRequest> object;
  Require(::CoCreateInstance(abi::CLSID_WinHttpRequest, nullptr, CLSCTX_INPROC_SERVER, abi::IID_IWinHttpRequest,
                             object.PutVoid()),
          "CoCreateInstance");
  return object;
}

void Start(abi::IWinHttpRequest& object, const Bstr& url) {
  const Variant is_async(true);
  const Variant missing(winhttp::Missing{});
  Require(object.Open(Bstr(u"GET").Get(), url.Get(), is_async.Get()), "Open");
  Require(object.Send(missing.Get()), "Send");
}

void Wait(abi::IWinHttpRequest& object) {
  const Variant for_ever(std::int32_t{-1});
  VARIANT_BOOL succeeded = VARIANT_TRUE;
  Require(object.WaitForResponse(for_ever.Get(), &succeeded), "WaitForResponse");
}

void SendAndWait(abi::IWinHttpRequest& object, const Bstr& url) {
  Start(object, url);
  Wait(object);
}

void ReadHead(abi::IWinHttpRequest& object) {
  long status = 0;
  Bstr text;
  Bstr headers;
  Require(object.get_Status(&status), "Status");
  Require(object.get_StatusText(text.Put()), "StatusText");
  Require(object.GetAllResponseHeaders(headers.Put()), "GetAllResponseHeaders");
  if (status != 200) throw ComFailure{S_FALSE, "Status"};
}

ComPtr<abi::IWinHttpRequest> BeginRequest(const Bstr& url) {
  ComPtr<abi::IWinHttpRequest> object = Create();
  Start(*object.Get(), url);
  return object;
}

void EndRequest(abi::IWinHttpRequest& object) {
  Variant body;
  Wait(object);
  ReadHead(object);
  Require(object.get_ResponseBody(body.Put()), "ResponseBody");
}

// Waits for the oldest request, then starts another in its place.
void DoRequests(const Bstr& url, int count, int at_a_time) {
  std::vector<ComPtr<abi::IWinHttpRequest>> pending(static_cast<std::size_t>(at_a_time));
  for (int i = 0; i < count + at_a_time; ++i) {
    ComPtr<abi::IWinHttpRequest>& object = pending[static_cast<std::size_t>(i % at_a_time)];
    if (i >= at_a_time) EndRequest(*object.Get());
    object.Reset();
    if (i < count) object = BeginRequest(url);
  }
}

// In Wine 8.0 an object is unusable if its response was complete before WaitForResponse: replaces such an object.
void DoMembers(ComPtr<abi::IWinHttpRequest>* object, const Bstr& url) {
  Bstr text;
  try {
    SendAndWait(*object->Get(), url);
  } catch (const ComFailure&) {
    *object = Create();
    SendAndWait(*object->Get(), url);
  }
  ReadHead(*object->Get());
  Require((*object)->get_ResponseText(text.Put()), "ResponseText");
}

double Measure(const Bstr& url, int count, bool by_members, int at_a_time) {
  using Clock = std::chrono::steady_clock;
  ComPtr<abi::IWinHttpRequest> object = Create();
  DoRequests(url, 1, 1);
  const Clock::time_point start = Clock::now();
  if (by_members) {
    for (int i = 0; i < count; ++i) DoMembers(&object, url);
  } else {
    DoRequests(url, count, at_a_time);
  }
  return count / std::chrono::duration<double>(Clock::now() - start).count();
}

void DoAborts(const Bstr& url, int count) {
  for (int i = 0; i < count; ++i) {
    const ComPtr<abi::IWinHttpRequest> object = BeginRequest(url);
    Require(object->Abort(), "Abort");
  }
}

double WorkingSet() {
  PROCESS_MEMORY_COUNTERS counters{};
  counters.cb = sizeof(counters);
  if (!::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, counters.cb)) {
    throw ComFailure{HRESULT_FROM_WIN32(::GetLastError()), "GetProcessMemoryInfo"};
  }
  return static_cast<double>(counters.WorkingSetSize);
}

double MeasureAborts(const Bstr& url, int count) {
  constexpr int kWarmUp = 50;
  DoAborts(url, kWarmUp);
  const double before = WorkingSet();
  DoAborts(url, count);
  return (WorkingSet() - before) / count;
}

}  // namespace
}  // namespace winwire::test

int main(int count, char** arguments) {
  using winwire::test::ComFailure;
  if (count != 4 && count != 5) return 2;
  const std::string url = arguments[1];
  ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
  try {
    const winwire::winhttp::Bstr text(std::u16string(url.begin(), url.end()));
    const std::string kind = arguments[3];
    const int requests = std::atoi(arguments[2]);
    const int at_a_time = count == 5 ? std::atoi(arguments[4]) : 1;
    const double result = kind == "aborts" ? winwire::test::MeasureAborts(text, requests)
                                           : winwire::test::Measure(text, requests, kind == "members", at_a_time);
    std::printf("%.1f\n", result);
  } catch (const ComFailure& failure) {
    std::fprintf(stderr, "%s failed: 0x%08X\n", failure.call, static_cast<unsigned>(failure.hr));
    return 1;
  }
  return 0;
}
