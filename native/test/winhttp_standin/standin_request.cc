#include "test/winhttp_standin/standin_request.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <cwchar>
#include <new>
#include <thread>

#include "test/winhttp_standin/standin_modes.h"
#include "winhttp/bstr.h"
#include "winhttp/variant.h"
#include "winhttp/wine_8_workarounds.h"

namespace winwire::test {
namespace {

using winhttp::Bstr;
using winhttp::ComPtr;
using winhttp::Variant;

constexpr UINT kDoneMessage = WM_APP;
constexpr UINT kCancelledMessage = WM_APP + 1;
constexpr wchar_t kWindowClass[] = L"winwire.standin";
// The additional delay of `blocking-abort` and `wait-late`.
constexpr DWORD kDelay = 500;

std::size_t ChunkSize() { return HasMode("small-data") ? 1000 : HasMode("whole-data") ? SIZE_MAX : 8192; }

// Not a lambda: for 32 bits GCC cannot make it __stdcall.
void CALLBACK AbortInner(PTP_CALLBACK_INSTANCE, void* inner) { static_cast<abi::IWinHttpRequest*>(inner)->Abort(); }

bool IsTrue(const VARIANT& variant) {
  VARIANT converted;
  ::VariantInit(&converted);
  if (variant.vt == VT_ERROR || variant.vt == VT_EMPTY || variant.vt == VT_NULL) return false;
  if (FAILED(::VariantChangeType(&converted, const_cast<VARIANT*>(&variant), 0, VT_BOOL))) return false;
  return converted.boolVal != VARIANT_FALSE;
}

// Of one window only, or of all.
void Dispatch(HWND window = nullptr) {
  MSG message;
  while (::PeekMessageW(&message, window, 0, 0, PM_REMOVE)) {
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
}

}  // namespace

HRESULT StandinRequest::Initialize() { return ReplaceInner(); }

// An aborted inner object is not released: Wine's I/O still reports to it.
HRESULT StandinRequest::ReplaceInner() {
  is_unusable_ = false;
  return make_inner_(inner_.Put());
}

StandinRequest::~StandinRequest() {
  Cancel();
  if (window_ != nullptr) ::DestroyWindow(window_);
}

// The pool's thread takes over the request: Wine's Abort may block until the server sends.
void StandinRequest::Cancel() {
  if (!job_) return;
  const std::shared_ptr<Job> job = std::move(job_);
  job->is_cancelled = true;
  // Never released.
  abi::IWinHttpRequest* const inner = inner_.Detach();
  if (HasMode("blocking-abort")) {
    ::Sleep(kDelay);
    inner->Abort();
  } else {
    ::TrySubmitThreadpoolCallback(AbortInner, inner, nullptr);
  }
  was_cancelled_ = true;
  ReplaceInner();
  if (HasMode("quiet-abort")) return;
  // Whether Windows reports this, and when, is unknown: here it is reported late, when the next request may be pending.
  if (HasMode("prompt-abort")) return TellCancelled();
  ::PostMessageW(window_, kCancelledMessage, 0, 0);
}

// `late-response`: as if the request had been answered after all.
void StandinRequest::TellCancelled() {
  if (!HasMode("late-response")) return TellError(abi::hresult::kWinHttpOperationCancelled);
  SAFEARRAY* data = winhttp::MakeByteArray({'l', 'a', 't', 'e'});
  EmitToAll([](abi::IWinHttpRequestEvents& sink) { sink.OnResponseStart(299, nullptr); });
  EmitToAll([&](abi::IWinHttpRequestEvents& sink) { sink.OnResponseDataAvailable(&data); });
  EmitToAll([](abi::IWinHttpRequestEvents& sink) { sink.OnResponseFinished(); });
  ::SafeArrayDestroy(data);
}

HRESULT StandinRequest::Open(BSTR method, BSTR url, VARIANT async) {
  return Answer("Open", [&] { return OpenInner(method, url, async); });
}

HRESULT StandinRequest::OpenInner(BSTR method, BSTR url, const VARIANT& async) {
  // Tried on another object while a request is pending, since a failed Open must not change it.
  if (IsPending() || is_unusable_) {
    ComPtr<abi::IWinHttpRequest> trial;
    HRESULT hr = make_inner_(trial.Put());
    if (SUCCEEDED(hr)) hr = trial->Open(method, url, async);
    if (FAILED(hr)) return hr;
    Cancel();
    ReplaceInner();
  }
  const HRESULT hr = inner_->Open(method, url, Variant(true).Get());
  if (FAILED(hr)) return hr;
  method_ = winhttp::TextOf(method);
  is_async_ = IsTrue(async);
  is_done_ = false;
  return hr;
}

HRESULT StandinRequest::Send(VARIANT body) {
  return Answer("Send", [&] { return SendInner(body); });
}

HRESULT StandinRequest::SendInner(const VARIANT& body) {
  if (is_done_) return S_OK;
  OpenWindow();
  const HRESULT hr = inner_->Send(body);
  if (FAILED(hr)) return hr;
  auto job = std::make_shared<Job>();
  job->inner = inner_;
  job->window = window_;
  job_ = job;
  was_cancelled_ = false;
  auto* parameter = new std::shared_ptr<Job>(job);
  if (!::TrySubmitThreadpoolCallback(Wait, parameter, nullptr)) {
    delete parameter;
    return E_OUTOFMEMORY;
  }
  if (HasMode("early-finish")) EmitToAll([](abi::IWinHttpRequestEvents& sink) { sink.OnResponseFinished(); });
  if (is_async_) return S_OK;
  bool is_done = false;
  return PumpUntilDone(INFINITE, &is_done);
}

void CALLBACK StandinRequest::Wait(PTP_CALLBACK_INSTANCE, void* parameter) {
  auto* owned = static_cast<std::shared_ptr<Job>*>(parameter);
  const std::shared_ptr<Job> job = *owned;
  const Variant one_second(std::int32_t{1});
  VARIANT_BOOL succeeded = VARIANT_FALSE;
  while (!job->is_cancelled && job->result == S_OK && succeeded == VARIANT_FALSE) {
    succeeded = winhttp::wine8::kUnwritten;
    job->result = job->inner->WaitForResponse(one_second.Get(), &succeeded);
  }
  const WPARAM is_unusable = winhttp::wine8::IsUnusableAfter(succeeded) ? 1 : 0;
  if (job->is_cancelled || !::PostMessageW(job->window, kDoneMessage, is_unusable, reinterpret_cast<LPARAM>(owned))) {
    // Cancelled: the object is kept (see ReplaceInner).
    if (job->is_cancelled) job->inner.Detach();
    delete owned;
  }
}

void StandinRequest::OpenWindow() {
  if (window_ != nullptr) return;
  WNDCLASSEXW type = {};
  type.cbSize = sizeof(type);
  type.lpfnWndProc = WindowProcedure;
  type.hInstance = ::GetModuleHandleW(nullptr);
  type.lpszClassName = kWindowClass;
  ::RegisterClassExW(&type);
  window_ = ::CreateWindowExW(0, kWindowClass, nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, type.hInstance, nullptr);
  ::SetWindowLongPtrW(window_, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
}

LRESULT CALLBACK StandinRequest::WindowProcedure(HWND window, UINT message, WPARAM w, LPARAM l) {
  auto* request = reinterpret_cast<StandinRequest*>(::GetWindowLongPtrW(window, GWLP_USERDATA));
  if (message == kCancelledMessage) {
    const ComPtr<abi::IWinHttpRequest> keep(request);
    request->TellCancelled();
    return 0;
  }
  if (message != kDoneMessage) return ::DefWindowProcW(window, message, w, l);
  const std::unique_ptr<std::shared_ptr<Job>> job(reinterpret_cast<std::shared_ptr<Job>*>(l));
  if (request->job_ != *job) return 0;
  // A sink may release the last reference.
  const ComPtr<abi::IWinHttpRequest> keep(request);
  request->is_unusable_ = w != 0;
  request->OnDone(**job);
  return 0;
}

void StandinRequest::OnDone(const Job& job) {
  last_result_ = job.result;
  if (SUCCEEDED(last_result_) && HasMode("strict-length") && IsCutOff()) {
    last_result_ = abi::hresult::kWinHttpConnectionError;
  }
  is_done_ = SUCCEEDED(last_result_);
  if (is_done_) {
    TellResponse();
  } else {
    job_.reset();
    TellError(last_result_);
  }
}

// Whether a body ends before its Content-Length.
bool StandinRequest::IsCutOff() {
  Bstr length;
  Variant body;
  if (method_ == u"HEAD") return false;
  if (FAILED(inner_->GetResponseHeader(Bstr(u"Content-Length").Get(), length.Put()))) {
    length.Forget();
    return false;
  }
  inner_->get_ResponseBody(body.Put());
  return winhttp::ByteArraySize(body.ByteArray()) < std::wcstoull(length.Get(), nullptr, 10);
}

// `cancelled-timeouts`: as KB 839872 describes for asynchronous requests.
void StandinRequest::TellError(HRESULT result) {
  const bool is_timeout = result == abi::hresult::kWinHttpTimeout || result == abi::hresult::FromWin32(WSAETIMEDOUT);
  if (is_timeout && HasMode("cancelled-timeouts")) result = abi::hresult::kWinHttpOperationCancelled;
  if (HasMode("odd-error")) result = S_FALSE;
  const Bstr text(u"a stand-in's description");
  EmitToAll([&](abi::IWinHttpRequestEvents& sink) { sink.OnError(result, text.Get()); });
}

// A sink may abort, which replaces job_.
void StandinRequest::TellResponse() {
  const std::shared_ptr<Job> job = job_;
  long status = 0;
  Bstr type;
  Variant body;
  inner_->get_Status(&status);
  if (FAILED(inner_->GetResponseHeader(Bstr(u"Content-Type").Get(), type.Put()))) type.Forget();
  // Without the NUL that Wine 8.0 includes.
  if (type.Get() != nullptr) type = Bstr(reinterpret_cast<const char16_t*>(type.Get()));
  inner_->get_ResponseBody(body.Put());
  for (int round = HasMode("twice") ? 0 : 1; round < 2; ++round) {
    EmitToAll([&](abi::IWinHttpRequestEvents& sink) { sink.OnResponseStart(status, type.Get()); });
  }
  if (job_ == job && !HasMode("no-data") && body.ByteArray() != nullptr) TellData(body.ByteArray());
  if (job_ != job) return;
  job_.reset();
  EmitToAll([](abi::IWinHttpRequestEvents& sink) { sink.OnResponseFinished(); });
  if (!HasMode("twice")) return;
  EmitToAll([](abi::IWinHttpRequestEvents& sink) { sink.OnResponseFinished(); });
  TellError(abi::hresult::kWinHttpInternalError);
}

void StandinRequest::TellData(SAFEARRAY* body) {
  const std::shared_ptr<Job> job = job_;
  const winhttp::Bytes bytes = winhttp::CopyByteArray(body);
  for (std::size_t at = 0; at < bytes.size() && job_ == job; at += ChunkSize()) {
    const std::size_t size = std::min(ChunkSize(), bytes.size() - at);
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    SAFEARRAY* chunk = winhttp::MakeByteArray({first, first + static_cast<std::ptrdiff_t>(size)});
    EmitToAll([&](abi::IWinHttpRequestEvents& sink) { sink.OnResponseDataAvailable(&chunk); });
    ::SafeArrayDestroy(chunk);
  }
}

// `foreign-thread`: on a thread of the multi-threaded apartment, while this one waits.
template <class Emit>
void StandinRequest::EmitToAll(Emit tell) {
  if (HasMode("mute") || (!is_async_ && HasMode("mute-sync"))) return;
  const std::vector<Connection> connections = connections_;
  for (const Connection& connection : connections) {
    const bool is_connected = std::any_of(connections_.begin(), connections_.end(),
                                          [&](const Connection& each) { return each.cookie == connection.cookie; });
    if (!is_connected) continue;
    abi::IWinHttpRequestEvents& sink = *connection.sink.Get();
    if (HasMode("foreign-thread")) {
      std::thread([&] {
        ::CoInitializeEx(nullptr, COINIT_MULTITHREADED);
        tell(sink);
        ::CoUninitialize();
      }).join();
    } else {
      tell(sink);
    }
  }
}

HRESULT StandinRequest::PumpUntilDone(DWORD milliseconds, bool* is_done) {
  const std::shared_ptr<Job> job = job_;
  const ULONGLONG start = ::GetTickCount64();
  while (job_ == job && job != nullptr) {
    const ULONGLONG passed = ::GetTickCount64() - start;
    if (milliseconds != INFINITE && passed >= milliseconds) return S_OK;
    const DWORD left = milliseconds == INFINITE ? INFINITE : milliseconds - static_cast<DWORD>(passed);
    ::MsgWaitForMultipleObjectsEx(0, nullptr, left, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    Dispatch(HasMode("deaf") ? window_ : nullptr);
  }
  *is_done = true;
  return was_cancelled_ ? abi::hresult::kWinHttpOperationCancelled : last_result_;
}

HRESULT StandinRequest::WaitForResponse(VARIANT timeout, VARIANT_BOOL* succeeded) {
  return Answer("WaitForResponse", [&] { return Await(timeout, succeeded); });
}

HRESULT StandinRequest::Await(const VARIANT& timeout, VARIANT_BOOL* succeeded) {
  const bool is_limited = timeout.vt == VT_I4 && timeout.lVal >= 0;
  DWORD limit = is_limited ? static_cast<DWORD>(timeout.lVal) * 1000 : INFINITE;
  if (HasMode("wait-early")) limit = 0;
  if (is_limited && HasMode("wait-late")) limit += kDelay;
  bool is_done = is_done_;
  HRESULT hr = S_OK;
  if (!is_done && !HasMode("wait-true")) hr = PumpUntilDone(limit, &is_done);
  if (succeeded != nullptr) *succeeded = is_done || HasMode("wait-true") ? VARIANT_TRUE : VARIANT_FALSE;
  return hr;
}

HRESULT StandinRequest::Abort() {
  return Answer("Abort", [&] {
    if (IsPending()) {
      Cancel();
      return S_OK;
    }
    is_done_ = false;
    is_unusable_ = true;
    return inner_->Abort();
  });
}

// `late-no-advise`: only the first object of the process, which the package probes, accepts a sink.
HRESULT StandinRequest::Advise(IUnknown* sink, DWORD* cookie) {
  static std::atomic<int> calls{0};
  if (HasMode("no-advise") || (calls++ > 0 && HasMode("late-no-advise"))) return CONNECT_E_ADVISELIMIT;
  if (HasMode("false", "Advise")) return S_FALSE;
  if (sink == nullptr || cookie == nullptr) return E_POINTER;
  ComPtr<abi::IWinHttpRequestEvents> events;
  if (FAILED(sink->QueryInterface(abi::IID_IWinHttpRequestEvents, events.PutVoid()))) return CONNECT_E_CANNOTCONNECT;
  connections_.push_back({++last_cookie_, std::move(events)});
  *cookie = last_cookie_;
  return S_OK;
}

HRESULT StandinRequest::Unadvise(DWORD cookie) {
  const auto removed = std::remove_if(connections_.begin(), connections_.end(),
                                      [&](const Connection& each) { return each.cookie == cookie; });
  if (removed == connections_.end()) return CONNECT_E_NOCONNECTION;
  connections_.erase(removed, connections_.end());
  return S_OK;
}

}  // namespace winwire::test
