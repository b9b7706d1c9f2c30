// [MSVC] Compares winhttp_abi.h with httprequest.h: a difference does not compile. The Windows SDK ships only
// httprequest.idl, from which MIDL creates the header: tools/windows/sdk-check.mjs.
#include "abi/winhttp_abi.h"

#if defined(_MSC_VER) && __has_include(<httprequest.h>)

// The ids come first: the header uses them.
#include <httprequest.h>
#include <httprequestid.h>

#include <type_traits>

namespace {

namespace abi = winwire::abi;

constexpr bool SameGuid(const GUID& a, const GUID& b) {
  for (int i = 0; i < 8; ++i) {
    if (a.Data4[i] != b.Data4[i]) return false;
  }
  return a.Data1 == b.Data1 && a.Data2 == b.Data2 && a.Data3 == b.Data3;
}

static_assert(SameGuid(abi::CLSID_WinHttpRequest, __uuidof(::WinHttpRequest)));
static_assert(SameGuid(abi::IID_IWinHttpRequest, __uuidof(::IWinHttpRequest)));
static_assert(SameGuid(abi::IID_IWinHttpRequestEvents, __uuidof(::IWinHttpRequestEvents)));

#define WINWIRE_SAME_VALUE(name) static_assert(static_cast<long>(abi::name) == static_cast<long>(::name))

WINWIRE_SAME_VALUE(WinHttpRequestOption_UserAgentString);
WINWIRE_SAME_VALUE(WinHttpRequestOption_URL);
WINWIRE_SAME_VALUE(WinHttpRequestOption_URLCodePage);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EscapePercentInURL);
WINWIRE_SAME_VALUE(WinHttpRequestOption_SslErrorIgnoreFlags);
WINWIRE_SAME_VALUE(WinHttpRequestOption_SelectCertificate);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnableRedirects);
WINWIRE_SAME_VALUE(WinHttpRequestOption_UrlEscapeDisable);
WINWIRE_SAME_VALUE(WinHttpRequestOption_UrlEscapeDisableQuery);
WINWIRE_SAME_VALUE(WinHttpRequestOption_SecureProtocols);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnableTracing);
WINWIRE_SAME_VALUE(WinHttpRequestOption_RevertImpersonationOverSsl);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnableHttpsToHttpRedirects);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnablePassportAuthentication);
WINWIRE_SAME_VALUE(WinHttpRequestOption_MaxAutomaticRedirects);
WINWIRE_SAME_VALUE(WinHttpRequestOption_MaxResponseHeaderSize);
WINWIRE_SAME_VALUE(WinHttpRequestOption_MaxResponseDrainSize);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnableHttp1_1);
WINWIRE_SAME_VALUE(WinHttpRequestOption_EnableCertificateRevocationCheck);
WINWIRE_SAME_VALUE(WinHttpRequestOption_RejectUserpwd);
WINWIRE_SAME_VALUE(AutoLogonPolicy_Always);
WINWIRE_SAME_VALUE(AutoLogonPolicy_OnlyIfBypassProxy);
WINWIRE_SAME_VALUE(AutoLogonPolicy_Never);
WINWIRE_SAME_VALUE(SslErrorFlag_UnknownCA);
WINWIRE_SAME_VALUE(SslErrorFlag_CertWrongUsage);
WINWIRE_SAME_VALUE(SslErrorFlag_CertCNInvalid);
WINWIRE_SAME_VALUE(SslErrorFlag_CertDateInvalid);
WINWIRE_SAME_VALUE(SslErrorFlag_Ignore_All);
WINWIRE_SAME_VALUE(SecureProtocol_SSL2);
WINWIRE_SAME_VALUE(SecureProtocol_SSL3);
WINWIRE_SAME_VALUE(SecureProtocol_TLS1);
WINWIRE_SAME_VALUE(SecureProtocol_TLS1_1);
WINWIRE_SAME_VALUE(SecureProtocol_TLS1_2);
WINWIRE_SAME_VALUE(SecureProtocol_ALL);

// In httprequest.h these are file-scope constants with older names; only their type is certain.
static_assert(std::is_same_v<abi::HTTPREQUEST_PROXY_SETTING, ::HTTPREQUEST_PROXY_SETTING>);
static_assert(std::is_same_v<abi::HTTPREQUEST_SETCREDENTIALS_FLAGS, ::HTTPREQUEST_SETCREDENTIALS_FLAGS>);

static_assert(abi::kDispidOpen == DISPID_HTTPREQUEST_OPEN);
static_assert(abi::kDispidSetRequestHeader == DISPID_HTTPREQUEST_SETREQUESTHEADER);
static_assert(abi::kDispidGetResponseHeader == DISPID_HTTPREQUEST_GETRESPONSEHEADER);
static_assert(abi::kDispidGetAllResponseHeaders == DISPID_HTTPREQUEST_GETALLRESPONSEHEADERS);
static_assert(abi::kDispidSend == DISPID_HTTPREQUEST_SEND);
static_assert(abi::kDispidOption == DISPID_HTTPREQUEST_OPTION);
static_assert(abi::kDispidStatus == DISPID_HTTPREQUEST_STATUS);
static_assert(abi::kDispidStatusText == DISPID_HTTPREQUEST_STATUSTEXT);
static_assert(abi::kDispidResponseText == DISPID_HTTPREQUEST_RESPONSETEXT);
static_assert(abi::kDispidResponseBody == DISPID_HTTPREQUEST_RESPONSEBODY);
static_assert(abi::kDispidResponseStream == DISPID_HTTPREQUEST_RESPONSESTREAM);
static_assert(abi::kDispidAbort == DISPID_HTTPREQUEST_ABORT);
static_assert(abi::kDispidSetProxy == DISPID_HTTPREQUEST_SETPROXY);
static_assert(abi::kDispidSetCredentials == DISPID_HTTPREQUEST_SETCREDENTIALS);
static_assert(abi::kDispidWaitForResponse == DISPID_HTTPREQUEST_WAITFORRESPONSE);
static_assert(abi::kDispidSetTimeouts == DISPID_HTTPREQUEST_SETTIMEOUTS);
static_assert(abi::kDispidSetClientCertificate == DISPID_HTTPREQUEST_SETCLIENTCERTIFICATE);
static_assert(abi::kDispidSetAutoLogonPolicy == DISPID_HTTPREQUEST_SETAUTOLOGONPOLICY);

// Compares parameters. The compiler cannot compare the order of slots; RQ-009 reads it from the type library.
template <class A, class B>
struct SameMethod : std::false_type {};
template <class R, class C, class D, class... P, class... Q>
struct SameMethod<R (STDMETHODCALLTYPE C::*)(P...), R (STDMETHODCALLTYPE D::*)(Q...)>
    : std::bool_constant<sizeof...(P) == sizeof...(Q) && ((sizeof(P) == sizeof(Q)) && ...)> {};

#define WINWIRE_SAME_METHOD(type, name) \
  static_assert(SameMethod<decltype(&abi::type::name), decltype(&::type::name)>::value)

WINWIRE_SAME_METHOD(IWinHttpRequest, SetProxy);
WINWIRE_SAME_METHOD(IWinHttpRequest, SetCredentials);
WINWIRE_SAME_METHOD(IWinHttpRequest, Open);
WINWIRE_SAME_METHOD(IWinHttpRequest, SetRequestHeader);
WINWIRE_SAME_METHOD(IWinHttpRequest, GetResponseHeader);
WINWIRE_SAME_METHOD(IWinHttpRequest, GetAllResponseHeaders);
WINWIRE_SAME_METHOD(IWinHttpRequest, Send);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_Status);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_StatusText);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_ResponseText);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_ResponseBody);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_ResponseStream);
WINWIRE_SAME_METHOD(IWinHttpRequest, get_Option);
WINWIRE_SAME_METHOD(IWinHttpRequest, put_Option);
WINWIRE_SAME_METHOD(IWinHttpRequest, WaitForResponse);
WINWIRE_SAME_METHOD(IWinHttpRequest, Abort);
WINWIRE_SAME_METHOD(IWinHttpRequest, SetTimeouts);
WINWIRE_SAME_METHOD(IWinHttpRequest, SetClientCertificate);
WINWIRE_SAME_METHOD(IWinHttpRequest, SetAutoLogonPolicy);
WINWIRE_SAME_METHOD(IWinHttpRequestEvents, OnResponseStart);
WINWIRE_SAME_METHOD(IWinHttpRequestEvents, OnResponseDataAvailable);
WINWIRE_SAME_METHOD(IWinHttpRequestEvents, OnResponseFinished);
WINWIRE_SAME_METHOD(IWinHttpRequestEvents, OnError);

}  // namespace

#endif
