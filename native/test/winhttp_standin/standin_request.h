// [Wine, tests only] Wine's WinHttpRequest with the missing connection points, and IWinHttpRequestEvents in the
// documented order. Reports call it a stand-in: it tests the package's event sink, not Windows' behaviour.
//
// Threads: the object's apartment, except for Job.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "abi/winhttp_abi.h"
// After it.
#include <olectl.h>

#include "winhttp/com_ptr.h"

namespace winwire::test {

// Creates one of Wine's own objects.
using InnerFactory = HRESULT (*)(abi::IWinHttpRequest** object);

// A pending request: waits on a thread of the pool, and reports by a message to the apartment.
struct Job {
  winhttp::ComPtr<abi::IWinHttpRequest> inner;
  HWND window = nullptr;
  std::atomic<bool> is_cancelled{false};
  HRESULT result = S_OK;  // before the message
};

class StandinRequest final : public abi::IWinHttpRequest, public IConnectionPointContainer, public IConnectionPoint {
 public:
  explicit StandinRequest(InnerFactory make_inner) : make_inner_(make_inner) {}
  HRESULT Initialize();

  // IUnknown, of all three interfaces
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override;
  ULONG STDMETHODCALLTYPE AddRef() override { return ++references_; }
  ULONG STDMETHODCALLTYPE Release() override;

  // IDispatch
  HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT* count) override;
  HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT index, LCID locale, ITypeInfo** info) override;
  HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID iid, LPOLESTR* names, UINT count, LCID locale, DISPID* ids) override;
  HRESULT STDMETHODCALLTYPE Invoke(DISPID member, REFIID iid, LCID locale, WORD flags, DISPPARAMS* parameters,
                                   VARIANT* result, EXCEPINFO* exception, UINT* argument) override;

  // IWinHttpRequest
  HRESULT STDMETHODCALLTYPE SetProxy(abi::HTTPREQUEST_PROXY_SETTING setting, VARIANT server, VARIANT bypass) override;
  HRESULT STDMETHODCALLTYPE SetCredentials(BSTR user, BSTR password, abi::HTTPREQUEST_SETCREDENTIALS_FLAGS) override;
  HRESULT STDMETHODCALLTYPE Open(BSTR method, BSTR url, VARIANT async) override;
  HRESULT STDMETHODCALLTYPE SetRequestHeader(BSTR header, BSTR value) override;
  HRESULT STDMETHODCALLTYPE GetResponseHeader(BSTR header, BSTR* value) override;
  HRESULT STDMETHODCALLTYPE GetAllResponseHeaders(BSTR* headers) override;
  HRESULT STDMETHODCALLTYPE Send(VARIANT body) override;
  HRESULT STDMETHODCALLTYPE get_Status(long* status) override;
  HRESULT STDMETHODCALLTYPE get_StatusText(BSTR* text) override;
  HRESULT STDMETHODCALLTYPE get_ResponseText(BSTR* body) override;
  HRESULT STDMETHODCALLTYPE get_ResponseBody(VARIANT* body) override;
  HRESULT STDMETHODCALLTYPE get_ResponseStream(VARIANT* body) override;
  HRESULT STDMETHODCALLTYPE get_Option(abi::WinHttpRequestOption option, VARIANT* value) override;
  HRESULT STDMETHODCALLTYPE put_Option(abi::WinHttpRequestOption option, VARIANT value) override;
  HRESULT STDMETHODCALLTYPE WaitForResponse(VARIANT timeout, VARIANT_BOOL* succeeded) override;
  HRESULT STDMETHODCALLTYPE Abort() override;
  HRESULT STDMETHODCALLTYPE SetTimeouts(long resolve, long connect, long send, long receive) override;
  HRESULT STDMETHODCALLTYPE SetClientCertificate(BSTR certificate) override;
  HRESULT STDMETHODCALLTYPE SetAutoLogonPolicy(abi::WinHttpRequestAutoLogonPolicy policy) override;

  // IConnectionPointContainer
  HRESULT STDMETHODCALLTYPE EnumConnectionPoints(IEnumConnectionPoints** points) override;
  HRESULT STDMETHODCALLTYPE FindConnectionPoint(REFIID iid, IConnectionPoint** point) override;

  // IConnectionPoint
  HRESULT STDMETHODCALLTYPE GetConnectionInterface(IID* iid) override;
  HRESULT STDMETHODCALLTYPE GetConnectionPointContainer(IConnectionPointContainer** container) override;
  HRESULT STDMETHODCALLTYPE Advise(IUnknown* sink, DWORD* cookie) override;
  HRESULT STDMETHODCALLTYPE Unadvise(DWORD cookie) override;
  HRESULT STDMETHODCALLTYPE EnumConnections(IEnumConnections** connections) override;

 private:
  struct Connection {
    DWORD cookie;
    winhttp::ComPtr<abi::IWinHttpRequestEvents> sink;
  };

  ~StandinRequest();
  HRESULT ReplaceInner();
  HRESULT OpenInner(BSTR method, BSTR url, const VARIANT& async);
  HRESULT SendInner(const VARIANT& body);
  HRESULT Await(const VARIANT& timeout, VARIANT_BOOL* succeeded);
  void Cancel();
  bool IsPending() const { return job_ != nullptr; }
  template <class Call>
  HRESULT Get(Call call);
  template <class Call>
  HRESULT GetBody(Call call);
  bool IsCutOff();
  HRESULT PumpUntilDone(DWORD milliseconds, bool* is_done);
  void OpenWindow();
  void OnDone(const Job& job);
  void TellCancelled();
  void TellResponse();
  void TellError(HRESULT result);
  void TellData(SAFEARRAY* body);
  template <class Emit>
  void EmitToAll(Emit tell);
  static void CALLBACK Wait(PTP_CALLBACK_INSTANCE, void* job);
  static LRESULT CALLBACK WindowProcedure(HWND window, UINT message, WPARAM w, LPARAM l);

  const InnerFactory make_inner_;
  std::atomic<ULONG> references_{1};
  winhttp::ComPtr<abi::IWinHttpRequest> inner_;
  HWND window_ = nullptr;
  // The pending request; replaced or reset when it is reported or cancelled.
  std::shared_ptr<Job> job_;
  HRESULT last_result_ = S_OK;
  std::u16string method_;
  bool is_async_ = false;
  bool is_done_ = false;
  bool was_cancelled_ = false;
  bool is_unusable_ = false;
  DWORD last_cookie_ = 0;
  std::vector<Connection> connections_;
};

}  // namespace winwire::test
