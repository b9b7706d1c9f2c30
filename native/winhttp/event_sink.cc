#include "winhttp/event_sink.h"

#include <new>
#include <utility>

#include "winhttp/bstr.h"
#include "winhttp/failure.h"

namespace winwire::winhttp {
namespace {

// Copies an array that is lent for one call.
std::shared_ptr<SAFEARRAY> CopyOf(SAFEARRAY* array) {
  SAFEARRAY* copy = nullptr;
  if (FAILED(::SafeArrayCopy(array, &copy))) throw std::bad_alloc();
  return std::shared_ptr<SAFEARRAY>(copy, ::SafeArrayDestroy);
}

// Returns a failing HRESULT unless the result is S_OK with a pointer.
HRESULT Refused(HRESULT hr) { return abi::Failed(hr) ? hr : abi::hresult::kUnexpected; }

// Zero and positive numbers are not failing HRESULTs.
Failure FailureOf(long error_number, BSTR description) {
  const HRESULT hr = static_cast<HRESULT>(error_number);
  if (!abi::Failed(hr)) return BrokenContract("IWinHttpRequestEvents::OnError", hr);
  return {hr, "IWinHttpRequest::Send", TextOf(description)};
}

}  // namespace

// COM has no exceptions, and the methods of the interface return void.
template <class Make>
void EventSink::Emit(Make make) {
  try {
    Event event = make();
    if (IsOnApartment()) return Deliver(event);
    const std::shared_ptr<EventTarget> target = target_.lock();
    if (!target) return;
    AddRef();
    target->Defer([self = ComPtr<EventSink>::Attach(this), event = std::move(event)] { self->Deliver(event); });
  } catch (...) {
    // Without memory the event is lost; ComRequest::Check polls the object.
  }
}

void EventSink::Deliver(const Event& event) {
  const std::shared_ptr<EventTarget> target = target_.lock();
  if (!target || is_detached_) return;
  try {
    event(*target);
  } catch (...) {
    try {
      target->OnError({abi::hresult::kOutOfMemory, "IWinHttpRequest::Send", {}});
    } catch (...) {
      // As in Emit.
    }
  }
}

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
  Emit([&]() -> Event {
    return [status, type = TextOf(content_type)](EventTarget& target) { target.OnResponseStart(status, type); };
  });
}

void STDMETHODCALLTYPE EventSink::OnResponseDataAvailable(SAFEARRAY** data) {
  if (data == nullptr || *data == nullptr) return;
  Emit([&]() -> Event {
    if (IsOnApartment()) return [array = *data](EventTarget& target) { target.OnResponseData(array); };
    return [copy = CopyOf(*data)](EventTarget& target) { target.OnResponseData(copy.get()); };
  });
}

void STDMETHODCALLTYPE EventSink::OnResponseFinished() {
  Emit([]() -> Event { return [](EventTarget& target) { target.OnResponseFinished(); }; });
}

void STDMETHODCALLTYPE EventSink::OnError(long error_number, BSTR error_description) {
  Emit([&]() -> Event {
    return [failure = FailureOf(error_number, error_description)](EventTarget& target) { target.OnError(failure); };
  });
}

HRESULT EventConnection::Connect(abi::IWinHttpRequest* object, std::weak_ptr<EventTarget> target) {
  Disconnect();
  ComPtr<IConnectionPointContainer> container;
  HRESULT hr = object->QueryInterface(::IID_IConnectionPointContainer, container.PutVoid());
  if (hr != S_OK || !container) return Refused(hr);
  ComPtr<IConnectionPoint> point;
  hr = container->FindConnectionPoint(abi::IID_IWinHttpRequestEvents, point.Put());
  if (hr != S_OK || !point) return Refused(hr);
  ComPtr<EventSink> sink = ComPtr<EventSink>::Attach(new EventSink(std::move(target)));
  hr = point->Advise(sink.Get(), &cookie_);
  if (hr != S_OK) return Refused(hr);
  point_ = std::move(point);
  sink_ = std::move(sink);
  return S_OK;
}

void EventConnection::Detach() {
  if (sink_) sink_->Detach();
}

// Detached first: Unadvise may dispatch a last event.
void EventConnection::Disconnect() {
  Detach();
  if (const ComPtr<IConnectionPoint> point = std::move(point_)) point->Unadvise(cookie_);
  sink_.Reset();
}

}  // namespace winwire::winhttp
