// [Windows] The COM calls of a request as a plain C++ program makes them: what the package's figures are held against.
//
//   winhttp_baseline URL COUNT request|members
//
// `request`: an object for each request, as WinHttpRequest.request. `members`: one object for all. Prints requests a
// second.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

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

void SendAndWait(abi::IWinHttpRequest& object, const Bstr& url) {
  const Variant is_async(true);
  const Variant missing(winhttp::Missing{});
  const Variant for_ever(std::int32_t{-1});
  VARIANT_BOOL succeeded = VARIANT_TRUE;
  Require(object.Open(Bstr(u"GET").Get(), url.Get(), is_async.Get()), "Open");
  Require(object.Send(missing.Get()), "Send");
  Require(object.WaitForResponse(for_ever.Get(), &succeeded), "WaitForResponse");
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

void DoRequest(const Bstr& url) {
  const ComPtr<abi::IWinHttpRequest> object = Create();
  Variant body;
  SendAndWait(*object.Get(), url);
  ReadHead(*object.Get());
  Require(object->get_ResponseBody(body.Put()), "ResponseBody");
}

// Wine 8.0 spoils an object whose response was complete before WaitForResponse is entered: then another takes its
// place.
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

double Measure(const Bstr& url, int count, bool by_members) {
  using Clock = std::chrono::steady_clock;
  ComPtr<abi::IWinHttpRequest> object = Create();
  DoRequest(url);
  const Clock::time_point start = Clock::now();
  for (int i = 0; i < count; ++i) {
    if (by_members) {
      DoMembers(&object, url);
    } else {
      DoRequest(url);
    }
  }
  return count / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace
}  // namespace winwire::test

int main(int count, char** arguments) {
  using winwire::test::ComFailure;
  if (count != 4) return 2;
  const std::string url = arguments[1];
  ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
  try {
    const winwire::winhttp::Bstr text(std::u16string(url.begin(), url.end()));
    const bool by_members = std::string(arguments[3]) == "members";
    std::printf("%.1f\n", winwire::test::Measure(text, std::atoi(arguments[2]), by_members));
  } catch (const ComFailure& failure) {
    std::fprintf(stderr, "%s failed: 0x%08X\n", failure.call, static_cast<unsigned>(failure.hr));
    return 1;
  }
  return 0;
}
