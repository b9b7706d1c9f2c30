// [Windows] A WinHttpRequest object for statements.
#pragma once

#include <string>
#include <string_view>

#include "abi/winhttp_abi.h"
#include "test/check.h"
#include "winhttp/bstr.h"
#include "winhttp/com_ptr.h"
#include "winhttp/variant.h"

namespace winwire::test {

using winhttp::Bstr;
using winhttp::ComPtr;
using winhttp::Variant;
using Request = ComPtr<abi::IWinHttpRequest>;

// Initializes COM on this thread for its lifetime.
class ComThread {
 public:
  explicit ComThread(DWORD model = COINIT_APARTMENTTHREADED) { CHECK_EQ(::CoInitializeEx(nullptr, model), S_OK); }
  ~ComThread() { ::CoUninitialize(); }
  ComThread(const ComThread&) = delete;
  ComThread& operator=(const ComThread&) = delete;
};

// Fails the statement without an object.
Request NewRequest();

HRESULT Open(const Request& request, std::u16string_view method, std::u16string_view url, const Variant& async);
HRESULT Send(const Request& request, const winhttp::Value& body = winhttp::Missing{});
// -1 waits without a limit.
HRESULT WaitForResponse(const Request& request, std::int32_t seconds, VARIANT_BOOL* succeeded);
std::string TextOfResponse(const Request& request);
std::int32_t OptionAsInteger(const Request& request, abi::WinHttpRequestOption option);

// Returns an array of this size with bytes 1, 2, 3…; the caller owns it.
SAFEARRAY* MakeArray(LONG lower_bound, ULONG size);

// A late-bound call. Arguments in the order of the member's parameters.
class LateCall {
 public:
  explicit LateCall(const Request& request) : request_(request) {}

  template <class... Arguments>
  LateCall& With(const Arguments&... arguments) {
    (Add(Variant(winhttp::Value(arguments)).Get()), ...);
    return *this;
  }
  LateCall& WithoutResult() {
    has_result_ = false;
    return *this;
  }

  HRESULT Invoke(DISPID member, WORD flags, const IID& reserved = IID_NULL);

  const VARIANT& result() const { return result_.Get(); }
  const EXCEPINFO& exception() const { return exception_; }

  ~LateCall();
  LateCall(const LateCall&) = delete;
  LateCall& operator=(const LateCall&) = delete;

 private:
  // Copies it in front of the others: DISPPARAMS has the reverse order.
  void Add(const VARIANT& argument);

  const Request& request_;
  bool has_result_ = true;
  UINT count_ = 0;
  VARIANT arguments_[4] = {};
  Variant result_;
  EXCEPINFO exception_ = {};
};

}  // namespace winwire::test
