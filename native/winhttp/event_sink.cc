#include "winhttp/event_sink.h"

#include <utility>

#include "winhttp/bstr.h"

namespace winwire::winhttp {
namespace {

void TellOfException(EventTarget* target) {
  try {
    target->OnError({abi::hresult::kOutOfMemory, "IWinHttpRequest::Send", {}});
  } catch (...) {
    // Nobody is left to tell: the methods of the interface return void.
  }
}

template <class Tell>
void TellSafely(EventTarget* target, Tell tell) {
  if (target == nullptr) return;
  try {
    tell(*target);
  } catch (...) {
    TellOfException(target);
  }
}

}  // namespace

HRESULT STDMETHODCALLTYPE EventSink::QueryInterface(REFIID iid, void** object) {
  if (object == nullptr) return E_POINTER;
  if (!::IsEqualGUID(iid, ::IID_IUnknown) && !::IsEqualGUID(iid, abi::IID_IWinHttpRequestEvents)) {
    *object = nullptr;
    return E_NOINTERFACE;
  }
  *object = static_cast<abi::IWinHttpRequestEvents*>(this);
  AddRef();
  return S_OK;
}

ULONG STDMETHODCALLTYPE EventSink::AddRef() { return ++references_; }

ULONG STDMETHODCALLTYPE EventSink::Release() {
  const ULONG left = --references_;
  if (left == 0) delete this;
  return left;
}

void STDMETHODCALLTYPE EventSink::OnResponseStart(long status, BSTR content_type) {
  TellSafely(target_, [&](EventTarget& target) { target.OnResponseStart(status, TextOf(content_type)); });
}

void STDMETHODCALLTYPE EventSink::OnResponseDataAvailable(SAFEARRAY** data) {
  if (data == nullptr || *data == nullptr) return;
  TellSafely(target_, [&](EventTarget& target) { target.OnResponseData(*data); });
}

void STDMETHODCALLTYPE EventSink::OnResponseFinished() {
  TellSafely(target_, [](EventTarget& target) { target.OnResponseFinished(); });
}

void STDMETHODCALLTYPE EventSink::OnError(long error_number, BSTR error_description) {
  TellSafely(target_, [&](EventTarget& target) {
    target.OnError({static_cast<HRESULT>(error_number), "IWinHttpRequest::Send", TextOf(error_description)});
  });
}

HRESULT EventConnection::Connect(abi::IWinHttpRequest* object, EventTarget* target) {
  ComPtr<IConnectionPointContainer> container;
  HRESULT hr = object->QueryInterface(::IID_IConnectionPointContainer, container.PutVoid());
  if (FAILED(hr)) return hr;
  ComPtr<IConnectionPoint> point;
  hr = container->FindConnectionPoint(abi::IID_IWinHttpRequestEvents, point.Put());
  if (FAILED(hr)) return hr;
  ComPtr<EventSink> sink = ComPtr<EventSink>::Attach(new EventSink(target));
  hr = point->Advise(sink.Get(), &cookie_);
  if (FAILED(hr)) return hr;
  point_ = std::move(point);
  sink_ = std::move(sink);
  return hr;
}

// Detached first: Unadvise may dispatch a last event.
void EventConnection::Disconnect() {
  if (sink_) sink_->Detach();
  if (const ComPtr<IConnectionPoint> point = std::move(point_)) point->Unadvise(cookie_);
  sink_.Reset();
}

}  // namespace winwire::winhttp
