#include "test/support/winhttp_object.h"

#include <algorithm>

namespace winwire::test {

Request NewRequest() {
  Request request;
  CHECK_EQ(::CoCreateInstance(abi::CLSID_WinHttpRequest, nullptr, CLSCTX_INPROC_SERVER, abi::IID_IWinHttpRequest,
                              request.PutVoid()),
           S_OK);
  CHECK(static_cast<bool>(request));
  return request;
}

HRESULT Open(const Request& request, std::u16string_view method, std::u16string_view url, const Variant& async) {
  return request->Open(Bstr(method).Get(), Bstr(url).Get(), async.Get());
}

HRESULT Send(const Request& request, const winhttp::Value& body) { return request->Send(Variant(body).Get()); }

HRESULT WaitForResponse(const Request& request, std::int32_t seconds, VARIANT_BOOL* succeeded) {
  return request->WaitForResponse(Variant(seconds).Get(), succeeded);
}

std::string TextOfResponse(const Request& request) {
  Bstr text;
  CHECK_EQ(request->get_ResponseText(text.Put()), S_OK);
  const std::u16string wide = winhttp::TextOf(text.Get());
  std::string narrow(wide.size(), '\0');
  std::transform(wide.begin(), wide.end(), narrow.begin(), [](char16_t c) { return static_cast<char>(c); });
  return narrow;
}

std::int32_t OptionAsInteger(const Request& request, abi::WinHttpRequestOption option) {
  Variant value;
  CHECK_EQ(request->get_Option(option, value.Put()), S_OK);
  CHECK_EQ(value.Get().vt, VT_I4);
  return static_cast<std::int32_t>(value.Get().lVal);
}

SAFEARRAY* MakeArray(LONG lower_bound, ULONG size) {
  SAFEARRAY* array = ::SafeArrayCreateVector(VT_UI1, lower_bound, size);
  void* data = nullptr;
  CHECK_EQ(::SafeArrayAccessData(array, &data), S_OK);
  for (ULONG i = 0; i < size; ++i) static_cast<std::uint8_t*>(data)[i] = static_cast<std::uint8_t>(i + 1);
  ::SafeArrayUnaccessData(array);
  return array;
}

void LateCall::Add(const VARIANT& argument) {
  CHECK(count_ < std::size(arguments_));
  std::move_backward(arguments_, arguments_ + count_, arguments_ + count_ + 1);
  ++count_;
  ::VariantInit(&arguments_[0]);
  CHECK_EQ(::VariantCopy(&arguments_[0], const_cast<VARIANT*>(&argument)), S_OK);
}

HRESULT LateCall::Invoke(DISPID member, WORD flags, const IID& reserved) {
  DISPPARAMS parameters = {arguments_, nullptr, count_, 0};
  UINT argument = 0;
  return request_->Invoke(member, reserved, LOCALE_USER_DEFAULT, flags, &parameters,
                          has_result_ ? result_.Put() : nullptr, has_result_ ? &exception_ : nullptr,
                          has_result_ ? &argument : nullptr);
}

LateCall::~LateCall() {
  for (VARIANT& argument : arguments_) ::VariantClear(&argument);
  ::SysFreeString(exception_.bstrSource);
  ::SysFreeString(exception_.bstrDescription);
  ::SysFreeString(exception_.bstrHelpFile);
}

}  // namespace winwire::test
