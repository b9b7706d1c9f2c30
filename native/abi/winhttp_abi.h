// [Windows] httprequest.h as Windows declares it (WinHttpRequest object): class, interfaces, DISPIDs and constants
// under their own names, in a namespace, so that they can be compared with the SDK's header (winhttp_abi_sdk_check.cc).
// MinGW has no httprequest.h.
#pragma once

// After <windows.h>, which WIN32_LEAN_AND_MEAN keeps from including them.
#include <objbase.h>
#include <ocidl.h>
#include <oleauto.h>

#include "abi/hresult.h"
#include "abi/win_types.h"

namespace winwire::abi {

inline constexpr wchar_t kWinHttpRequestProgId[] = L"WinHttp.WinHttpRequest.5.1";

inline constexpr GUID CLSID_WinHttpRequest = {
    0x2087c2f4, 0x2cef, 0x4953, {0xa8, 0xab, 0x66, 0x77, 0x9b, 0x67, 0x04, 0x95}};
inline constexpr GUID IID_IWinHttpRequest = {
    0x016fe2ec, 0xb2c8, 0x45f8, {0xb2, 0x3b, 0x39, 0xe5, 0x3a, 0x75, 0x39, 0x6b}};
inline constexpr GUID IID_IWinHttpRequestEvents = {
    0xf97f4e15, 0xb787, 0x4212, {0x80, 0xd1, 0xd3, 0x80, 0xcb, 0xbf, 0x98, 0x2e}};
inline constexpr GUID LIBID_WinHttp = {0x662901fc, 0x6951, 0x4854, {0x9e, 0xb2, 0xd9, 0xa2, 0x57, 0x0f, 0x2b, 0x2e}};

// Both are public typedefs of long in the IDL, not enums.
using HTTPREQUEST_PROXY_SETTING = long;
using HTTPREQUEST_SETCREDENTIALS_FLAGS = long;

inline constexpr HTTPREQUEST_PROXY_SETTING HTTPREQUEST_PROXYSETTING_DEFAULT = 0;
inline constexpr HTTPREQUEST_PROXY_SETTING HTTPREQUEST_PROXYSETTING_PRECONFIG = 0;
inline constexpr HTTPREQUEST_PROXY_SETTING HTTPREQUEST_PROXYSETTING_DIRECT = 1;
inline constexpr HTTPREQUEST_PROXY_SETTING HTTPREQUEST_PROXYSETTING_PROXY = 2;
inline constexpr HTTPREQUEST_SETCREDENTIALS_FLAGS HTTPREQUEST_SETCREDENTIALS_FOR_SERVER = 0;
inline constexpr HTTPREQUEST_SETCREDENTIALS_FLAGS HTTPREQUEST_SETCREDENTIALS_FOR_PROXY = 1;

enum WinHttpRequestOption : std::int32_t {
  WinHttpRequestOption_UserAgentString = 0,
  WinHttpRequestOption_URL = 1,
  WinHttpRequestOption_URLCodePage = 2,
  WinHttpRequestOption_EscapePercentInURL = 3,
  WinHttpRequestOption_SslErrorIgnoreFlags = 4,
  WinHttpRequestOption_SelectCertificate = 5,
  WinHttpRequestOption_EnableRedirects = 6,
  WinHttpRequestOption_UrlEscapeDisable = 7,
  WinHttpRequestOption_UrlEscapeDisableQuery = 8,
  WinHttpRequestOption_SecureProtocols = 9,
  WinHttpRequestOption_EnableTracing = 10,
  WinHttpRequestOption_RevertImpersonationOverSsl = 11,
  WinHttpRequestOption_EnableHttpsToHttpRedirects = 12,
  WinHttpRequestOption_EnablePassportAuthentication = 13,
  WinHttpRequestOption_MaxAutomaticRedirects = 14,
  WinHttpRequestOption_MaxResponseHeaderSize = 15,
  WinHttpRequestOption_MaxResponseDrainSize = 16,
  WinHttpRequestOption_EnableHttp1_1 = 17,
  WinHttpRequestOption_EnableCertificateRevocationCheck = 18,
  WinHttpRequestOption_RejectUserpwd = 19,
};

enum WinHttpRequestAutoLogonPolicy : std::int32_t {
  AutoLogonPolicy_Always = 0,
  AutoLogonPolicy_OnlyIfBypassProxy = 1,
  AutoLogonPolicy_Never = 2,
};

enum WinHttpRequestSslErrorFlags : std::int32_t {
  SslErrorFlag_UnknownCA = 0x0100,
  SslErrorFlag_CertWrongUsage = 0x0200,
  SslErrorFlag_CertCNInvalid = 0x1000,
  SslErrorFlag_CertDateInvalid = 0x2000,
  SslErrorFlag_Ignore_All = 0x3300,
};

enum WinHttpRequestSecureProtocols : std::int32_t {
  SecureProtocol_SSL2 = 0x0008,
  SecureProtocol_SSL3 = 0x0020,
  SecureProtocol_TLS1 = 0x0080,
  SecureProtocol_TLS1_1 = 0x0200,
  SecureProtocol_TLS1_2 = 0x0800,
  SecureProtocol_ALL = 0x00A8,  // SSL 2, SSL 3 and TLS 1.0 only
};

// DISPIDs of IWinHttpRequest, in another order than the vtable; the two accessors of Option share one.
inline constexpr DISPID kDispidOpen = 1;
inline constexpr DISPID kDispidSetRequestHeader = 2;
inline constexpr DISPID kDispidGetResponseHeader = 3;
inline constexpr DISPID kDispidGetAllResponseHeaders = 4;
inline constexpr DISPID kDispidSend = 5;
inline constexpr DISPID kDispidOption = 6;
inline constexpr DISPID kDispidStatus = 7;
inline constexpr DISPID kDispidStatusText = 8;
inline constexpr DISPID kDispidResponseText = 9;
inline constexpr DISPID kDispidResponseBody = 10;
inline constexpr DISPID kDispidResponseStream = 11;
inline constexpr DISPID kDispidAbort = 12;
inline constexpr DISPID kDispidSetProxy = 13;
inline constexpr DISPID kDispidSetCredentials = 14;
inline constexpr DISPID kDispidWaitForResponse = 15;
inline constexpr DISPID kDispidSetTimeouts = 16;
inline constexpr DISPID kDispidSetClientCertificate = 17;
inline constexpr DISPID kDispidSetAutoLogonPolicy = 18;

// Slots 7 to 25 in the vtable's real order. A missing optional VARIANT is VT_ERROR with DISP_E_PARAMNOTFOUND.
struct IWinHttpRequest : public IDispatch {
  virtual HRESULT STDMETHODCALLTYPE SetProxy(HTTPREQUEST_PROXY_SETTING ProxySetting, VARIANT ProxyServer,
                                             VARIANT BypassList) = 0;
  virtual HRESULT STDMETHODCALLTYPE SetCredentials(BSTR UserName, BSTR Password,
                                                   HTTPREQUEST_SETCREDENTIALS_FLAGS Flags) = 0;
  virtual HRESULT STDMETHODCALLTYPE Open(BSTR Method, BSTR Url, VARIANT Async) = 0;
  virtual HRESULT STDMETHODCALLTYPE SetRequestHeader(BSTR Header, BSTR Value) = 0;
  virtual HRESULT STDMETHODCALLTYPE GetResponseHeader(BSTR Header, BSTR* Value) = 0;
  virtual HRESULT STDMETHODCALLTYPE GetAllResponseHeaders(BSTR* Headers) = 0;
  virtual HRESULT STDMETHODCALLTYPE Send(VARIANT Body) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_Status(long* Status) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_StatusText(BSTR* Status) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_ResponseText(BSTR* Body) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_ResponseBody(VARIANT* Body) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_ResponseStream(VARIANT* Body) = 0;
  virtual HRESULT STDMETHODCALLTYPE get_Option(WinHttpRequestOption Option, VARIANT* Value) = 0;
  virtual HRESULT STDMETHODCALLTYPE put_Option(WinHttpRequestOption Option, VARIANT Value) = 0;
  virtual HRESULT STDMETHODCALLTYPE WaitForResponse(VARIANT Timeout, VARIANT_BOOL* Succeeded) = 0;
  virtual HRESULT STDMETHODCALLTYPE Abort() = 0;
  virtual HRESULT STDMETHODCALLTYPE SetTimeouts(long ResolveTimeout, long ConnectTimeout, long SendTimeout,
                                                long ReceiveTimeout) = 0;
  virtual HRESULT STDMETHODCALLTYPE SetClientCertificate(BSTR ClientCertificate) = 0;
  virtual HRESULT STDMETHODCALLTYPE SetAutoLogonPolicy(WinHttpRequestAutoLogonPolicy AutoLogonPolicy) = 0;
};

// The default source interface: derived from IUnknown, so an IDispatch sink does not work. The caller owns the
// arguments.
struct IWinHttpRequestEvents : public IUnknown {
  virtual void STDMETHODCALLTYPE OnResponseStart(long Status, BSTR ContentType) = 0;
  virtual void STDMETHODCALLTYPE OnResponseDataAvailable(SAFEARRAY** Data) = 0;
  virtual void STDMETHODCALLTYPE OnResponseFinished() = 0;
  virtual void STDMETHODCALLTYPE OnError(long ErrorNumber, BSTR ErrorDescription) = 0;
};

// Returns the IID of a type: `__uuidof` is not standard C++.
template <class Interface>
const GUID& IidOf();
template <>
inline const GUID& IidOf<IWinHttpRequest>() {
  return IID_IWinHttpRequest;
}
template <>
inline const GUID& IidOf<IWinHttpRequestEvents>() {
  return IID_IWinHttpRequestEvents;
}
template <>
inline const GUID& IidOf<IUnknown>() {
  return ::IID_IUnknown;
}
template <>
inline const GUID& IidOf<IDispatch>() {
  return ::IID_IDispatch;
}

static_assert(sizeof(VARIANT) == (sizeof(void*) == 8 ? 24 : 16));
static_assert(sizeof(GUID) == 16);
static_assert(sizeof(long) == 4);

}  // namespace winwire::abi
