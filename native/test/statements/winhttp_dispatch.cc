// 14, IDispatch: names and late-bound calls.
#include "test/statements/winhttp_statement.h"

using namespace winwire;
using namespace winwire::test;
using abi::hresult::kDispException;
using abi::hresult::kDispMemberNotFound;
using abi::hresult::kDispParamNotFound;
using abi::hresult::kDispTypeMismatch;
using abi::hresult::kDispUnknownInterface;
using abi::hresult::kDispUnknownName;

namespace {

constexpr std::int32_t kCodePage = abi::WinHttpRequestOption_URLCodePage;
constexpr WORD kMethodOrGet = DISPATCH_METHOD | DISPATCH_PROPERTYGET;
constexpr WORD kMethodOrPut = DISPATCH_METHOD | DISPATCH_PROPERTYPUT;

HRESULT IdOf(const Request& request, const wchar_t* name, DISPID* id) {
  std::wstring text = name;
  LPOLESTR names[] = {text.data()};
  return request->GetIDsOfNames(IID_NULL, names, 1, LOCALE_USER_DEFAULT, id);
}

std::int32_t CodePageOf(const Request& request) {
  return OptionAsInteger(request, abi::WinHttpRequestOption_URLCodePage);
}

}  // namespace

WINHTTP_STATEMENT("RQ-010") {
  const ComThread com;
  const Request request = NewRequest();
  DISPID id = 0;
  CHECK_EQ(IdOf(request, L"Open", &id), S_OK);
  CHECK_EQ(id, abi::kDispidOpen);
  CHECK_EQ(IdOf(request, L"Option", &id), S_OK);
  CHECK_EQ(id, abi::kDispidOption);
}

WINHTTP_STATEMENT("RQ-011") {
  const ComThread com;
  DISPID id = 0;
  CHECK_EQ(IdOf(NewRequest(), L"gEtaLLresponseheaders", &id), S_OK);
  CHECK_EQ(id, abi::kDispidGetAllResponseHeaders);
}

WINHTTP_STATEMENT("RQ-012") {
  const ComThread com;
  DISPID id = 0;
  CHECK_EQ(IdOf(NewRequest(), L"NoSuchMember", &id), kDispUnknownName);
}

WINHTTP_STATEMENT("RQ-013") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage).Invoke(abi::kDispidOption, DISPATCH_PROPERTYGET, ::IID_IUnknown),
           kDispUnknownInterface);
}

WINHTTP_STATEMENT("RQ-014") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.Invoke(255, DISPATCH_METHOD), kDispMemberNotFound);
}

WINHTTP_STATEMENT("RQ-015") {
  const ComThread com;
  const Request request = NewRequest();
  for (const WORD flags : {WORD{DISPATCH_PROPERTYGET}, kMethodOrGet, WORD{DISPATCH_METHOD}}) {
    LateCall call(request);
    CHECK_EQ(call.With(kCodePage).Invoke(abi::kDispidOption, flags), S_OK);
    CHECK_EQ(call.result().vt, VT_I4);
    CHECK_EQ(call.result().lVal, 65001);
  }
}

WINHTTP_STATEMENT("RQ-016") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage, std::int32_t{1252}).Invoke(abi::kDispidOption, DISPATCH_METHOD), S_OK);
  CHECK_EQ(CodePageOf(request), 65001);
}

WINHTTP_STATEMENT("RQ-017") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage, std::int32_t{1252}).Invoke(abi::kDispidOption, kMethodOrPut), S_OK);
  CHECK_EQ(CodePageOf(request), 65001);
}

WINHTTP_STATEMENT("RQ-018") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(2.0, std::int32_t{1252}).Invoke(abi::kDispidOption, DISPATCH_PROPERTYPUT), S_OK);
  CHECK_EQ(CodePageOf(request), 1252);
}

WINHTTP_STATEMENT("RQ-019") {
  const ComThread com;
  const Request request = NewRequest();
  CHECK_EQ(request->put_Option(abi::WinHttpRequestOption_URLCodePage, Variant(std::int32_t{1252}).Get()), S_OK);
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage, std::u16string(u"UTF-8")).Invoke(abi::kDispidOption, DISPATCH_PROPERTYPUT), S_OK);
  CHECK_EQ(CodePageOf(request), 65001);
}

WINHTTP_STATEMENT("RQ-020") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(std::u16string(u"UTF-8")).Invoke(abi::kDispidOption, DISPATCH_PROPERTYPUT), kDispTypeMismatch);
}

WINHTTP_STATEMENT("RQ-021") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  call.With(kCodePage, std::int32_t{1252}, std::int32_t{0});
  CHECK_EQ(call.Invoke(abi::kDispidOption, DISPATCH_PROPERTYPUT), S_OK);
}

WINHTTP_STATEMENT("RQ-022") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage, std::int32_t{0}).Invoke(abi::kDispidOption, DISPATCH_PROPERTYGET), S_OK);
}

WINHTTP_STATEMENT("RQ-023") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.Invoke(abi::kDispidOption, DISPATCH_PROPERTYGET), kDispParamNotFound);
}

WINHTTP_STATEMENT("RQ-024") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(kCodePage).Invoke(abi::kDispidOption, 0), S_OK);
  CHECK_EQ(call.result().vt, VT_EMPTY);
}

WINHTTP_STATEMENT("RQ-025") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall get(request);
  CHECK_EQ(get.With(kCodePage).WithoutResult().Invoke(abi::kDispidOption, DISPATCH_PROPERTYGET), S_OK);
  LateCall put(request);
  put.With(kCodePage, std::int32_t{1252}).WithoutResult();
  CHECK_EQ(put.Invoke(abi::kDispidOption, DISPATCH_PROPERTYPUT), S_OK);
}

WINHTTP_STATEMENT("RQ-026") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(std::int32_t{abi::AutoLogonPolicy_Never}).Invoke(abi::kDispidSetAutoLogonPolicy, DISPATCH_METHOD),
           S_OK);
}

WINHTTP_STATEMENT("RQ-027") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(winhttp::Missing{}).Invoke(abi::kDispidSend, DISPATCH_METHOD), kDispException);
  CHECK_EQ(static_cast<HRESULT>(call.exception().scode), abi::hresult::kWinHttpCannotCallBeforeOpen);
}

WINHTTP_STATEMENT("RQ-028") {
  const ComThread com;
  const Request request = NewRequest();
  LateCall call(request);
  CHECK_EQ(call.With(winhttp::Missing{}).Invoke(abi::kDispidSend, DISPATCH_METHOD), kDispException);
  CHECK(winhttp::TextOf(call.exception().bstrSource) == u"WinHttp.WinHttpRequest");
  CHECK(::SysStringLen(call.exception().bstrDescription) > 0);
}
