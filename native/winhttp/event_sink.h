// IWinHttpRequestEvents of the package, and its connection to an object.
//
// Threads: the object's apartment, except the methods of EventSink, which the object may call on any thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "winhttp/com_ptr.h"
#include "winhttp/values.h"

namespace winwire::winhttp {

// Receives the events of an EventSink, on the apartment. The sink catches its exceptions, since COM has none, and calls
// OnError.
class EventTarget {
 public:
  virtual void OnResponseStart(std::int32_t status, std::u16string content_type) = 0;
  // Lent for the duration of the call.
  virtual void OnResponseData(SAFEARRAY* data) = 0;
  virtual void OnResponseFinished() = 0;
  virtual void OnError(Failure failure) = 0;
  // Runs an event on the apartment, after the earlier ones. Any thread.
  virtual void Defer(std::function<void()> event) = 0;

 protected:
  ~EventTarget() = default;
};

class EventSink final : public abi::IWinHttpRequestEvents {
 public:
  // With one reference, the caller's, on the apartment.
  explicit EventSink(std::weak_ptr<EventTarget> target) : target_(std::move(target)) {}
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;

  // Drops all further events, including those that wait for the apartment.
  void Detach() { is_detached_ = true; }

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override;
  ULONG STDMETHODCALLTYPE AddRef() override;
  ULONG STDMETHODCALLTYPE Release() override;

  void STDMETHODCALLTYPE OnResponseStart(long status, BSTR content_type) override;
  void STDMETHODCALLTYPE OnResponseDataAvailable(SAFEARRAY** data) override;
  void STDMETHODCALLTYPE OnResponseFinished() override;
  void STDMETHODCALLTYPE OnError(long error_number, BSTR error_description) override;

 private:
  using Event = std::function<void(EventTarget&)>;

  // Not virtual: only Release deletes COM objects.
  ~EventSink() = default;
  template <class Make>
  void Emit(Make make);
  void Deliver(const Event& event);
  bool IsOnApartment() const { return ::GetCurrentThreadId() == thread_; }

  std::atomic<ULONG> references_{1};
  std::atomic<bool> is_detached_{false};
  const DWORD thread_ = ::GetCurrentThreadId();
  // The object may keep the sink longer than its target lives.
  const std::weak_ptr<EventTarget> target_;
};

// An advised sink: one per Send, so that an event belongs to the request of its sink. The destructor unadvises it.
class EventConnection {
 public:
  EventConnection() = default;
  EventConnection(const EventConnection&) = delete;
  EventConnection& operator=(const EventConnection&) = delete;
  ~EventConnection() { Disconnect(); }

  // Replaces the previous sink. Returns S_OK, or why there are no events: E_NOINTERFACE without connection points.
  HRESULT Connect(abi::IWinHttpRequest* object, std::weak_ptr<EventTarget> target);
  void Disconnect();
  // Stops events to the target. Unadvise waits for the next Connect or Disconnect, because this may run inside the
  // object's call of the sink.
  void Detach();

 private:
  ComPtr<IConnectionPoint> point_;
  ComPtr<EventSink> sink_;
  DWORD cookie_ = 0;
};

}  // namespace winwire::winhttp
