// The members that the stand-in forwards to Wine's object, and COM's formalities.
#include <string>

#include "test/winhttp_standin/standin_modes.h"
#include "test/winhttp_standin/standin_request.h"
#include "winhttp/bstr.h"

namespace winwire::test {

HRESULT StandinRequest::QueryInterface(REFIID iid, void** object) {
  if (object == nullptr) return E_POINTER;
  *object = nullptr;
  if (::IsEqualGUID(iid, ::IID_IUnknown) || ::IsEqualGUID(iid, ::IID_IDispatch) ||
      ::IsEqualGUID(iid, abi::IID_IWinHttpRequest)) {
    *object = static_cast<abi::IWinHttpRequest*>(this);
  } else if (::IsEqualGUID(iid, ::IID_IConnectionPointContainer)) {
    if (HasMode("no-container")) return E_NOINTERFACE;
    if (HasMode("null-container")) return S_OK;
    *object = static_cast<IConnectionPointContainer*>(this);
  } else if (::IsEqualGUID(iid, ::IID_IConnectionPoint)) {
    *object = static_cast<IConnectionPoint*>(this);
  } else {
    return E_NOINTERFACE;
  }
  AddRef();
  return S_OK;
}

ULONG StandinRequest::Release() {
  const ULONG left = --references_;
  if (left == 0) delete this;
  return left;
}

// `pending-getters`: E_PENDING until the head is available, where Wine returns 12101, and for the body until it is
// complete.
template <class Call>
HRESULT StandinRequest::Get(Call call) {
  const HRESULT hr = call();
  const bool is_too_early = IsPending() && hr == abi::hresult::kWinHttpCannotCallBeforeSend;
  return is_too_early && HasMode("pending-getters") ? abi::hresult::kPending : hr;
}
template <class Call>
HRESULT StandinRequest::GetBody(Call call) {
  return IsPending() && HasMode("pending-getters") ? abi::hresult::kPending : call();
}

HRESULT StandinRequest::GetTypeInfoCount(UINT* count) { return inner_->GetTypeInfoCount(count); }
HRESULT StandinRequest::GetTypeInfo(UINT index, LCID locale, ITypeInfo** info) {
  return inner_->GetTypeInfo(index, locale, info);
}
HRESULT StandinRequest::GetIDsOfNames(REFIID iid, LPOLESTR* names, UINT count, LCID locale, DISPID* ids) {
  return inner_->GetIDsOfNames(iid, names, count, locale, ids);
}
// Late-bound calls bypass the events.
HRESULT StandinRequest::Invoke(DISPID member, REFIID iid, LCID locale, WORD flags, DISPPARAMS* parameters,
                               VARIANT* result, EXCEPINFO* exception, UINT* argument) {
  return inner_->Invoke(member, iid, locale, flags, parameters, result, exception, argument);
}

HRESULT StandinRequest::SetProxy(abi::HTTPREQUEST_PROXY_SETTING setting, VARIANT server, VARIANT bypass) {
  return Answer("SetProxy", [&] { return inner_->SetProxy(setting, server, bypass); });
}
HRESULT StandinRequest::SetCredentials(BSTR user, BSTR password, abi::HTTPREQUEST_SETCREDENTIALS_FLAGS flags) {
  return Answer("SetCredentials", [&] { return inner_->SetCredentials(user, password, flags); });
}
HRESULT StandinRequest::SetRequestHeader(BSTR header, BSTR value) {
  return Answer("SetRequestHeader", [&] { return inner_->SetRequestHeader(header, value); });
}
HRESULT StandinRequest::GetResponseHeader(BSTR header, BSTR* value) {
  return Answer("GetResponseHeader", [&] { return Get([&] { return inner_->GetResponseHeader(header, value); }); });
}
// `plain-headers`: without the status line with which Wine's begin.
HRESULT StandinRequest::GetAllResponseHeaders(BSTR* headers) {
  return Answer("GetAllResponseHeaders", [&] {
    const HRESULT hr = Get([&] { return inner_->GetAllResponseHeaders(headers); });
    if (FAILED(hr) || !HasMode("plain-headers")) return hr;
    const std::u16string text = winhttp::TextOf(*headers);
    ::SysFreeString(*headers);
    *headers = winhttp::Bstr(text.substr(text.find(u"\r\n") + 2)).Detach();
    return hr;
  });
}
HRESULT StandinRequest::get_Status(long* status) {
  return Answer("Status", [&] { return Get([&] { return inner_->get_Status(status); }); });
}
HRESULT StandinRequest::get_StatusText(BSTR* text) {
  return Answer("StatusText", [&] { return Get([&] { return inner_->get_StatusText(text); }); });
}
HRESULT StandinRequest::get_ResponseText(BSTR* body) {
  return Answer("ResponseText", [&] { return GetBody([&] { return inner_->get_ResponseText(body); }); });
}
HRESULT StandinRequest::get_ResponseBody(VARIANT* body) {
  return Answer("ResponseBody", [&] { return GetBody([&] { return inner_->get_ResponseBody(body); }); });
}
HRESULT StandinRequest::get_ResponseStream(VARIANT* body) {
  return Answer("ResponseStream", [&] { return GetBody([&] { return inner_->get_ResponseStream(body); }); });
}
HRESULT StandinRequest::get_Option(abi::WinHttpRequestOption option, VARIANT* value) {
  return Answer("Option", [&] { return inner_->get_Option(option, value); });
}
HRESULT StandinRequest::put_Option(abi::WinHttpRequestOption option, VARIANT value) {
  return Answer("Option", [&] { return inner_->put_Option(option, value); });
}
HRESULT StandinRequest::SetTimeouts(long resolve, long connect, long send, long receive) {
  return Answer("SetTimeouts", [&] { return inner_->SetTimeouts(resolve, connect, send, receive); });
}
HRESULT StandinRequest::SetClientCertificate(BSTR certificate) {
  return Answer("SetClientCertificate", [&] { return inner_->SetClientCertificate(certificate); });
}
HRESULT StandinRequest::SetAutoLogonPolicy(abi::WinHttpRequestAutoLogonPolicy policy) {
  return Answer("SetAutoLogonPolicy", [&] { return inner_->SetAutoLogonPolicy(policy); });
}

HRESULT StandinRequest::EnumConnectionPoints(IEnumConnectionPoints**) { return E_NOTIMPL; }
HRESULT StandinRequest::FindConnectionPoint(REFIID iid, IConnectionPoint** point) {
  if (point == nullptr) return E_POINTER;
  *point = nullptr;
  if (HasMode("null-point")) return S_OK;
  if (HasMode("no-point")) return CONNECT_E_NOCONNECTION;
  if (!::IsEqualGUID(iid, abi::IID_IWinHttpRequestEvents)) return CONNECT_E_NOCONNECTION;
  return QueryInterface(::IID_IConnectionPoint, reinterpret_cast<void**>(point));
}
HRESULT StandinRequest::GetConnectionInterface(IID* iid) {
  if (iid == nullptr) return E_POINTER;
  *iid = abi::IID_IWinHttpRequestEvents;
  return S_OK;
}
HRESULT StandinRequest::GetConnectionPointContainer(IConnectionPointContainer** container) {
  return QueryInterface(::IID_IConnectionPointContainer, reinterpret_cast<void**>(container));
}
HRESULT StandinRequest::EnumConnections(IEnumConnections**) { return E_NOTIMPL; }

}  // namespace winwire::test
