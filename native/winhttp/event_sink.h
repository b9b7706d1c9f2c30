// IWinHttpRequestEvents of the package, and its connection to an object.
//
// Threads: everything on the object's apartment.
#pragma once

#include <atomic>

#include "winhttp/com_ptr.h"
#include "winhttp/values.h"

namespace winwire::winhttp {

// Who an EventSink tells. What it throws goes no further than the sink, since COM knows no exceptions: it is told of an
// error instead.
class EventTarget {
 public:
  virtual void OnResponseStart(std::int32_t status, std::u16string content_type) = 0;
  // Lent for the time of the call.
  virtual void OnResponseData(SAFEARRAY* data) = 0;
  virtual void OnResponseFinished() = 0;
  virtual void OnError(Failure failure) = 0;

 protected:
  ~EventTarget() = default;
};

class EventSink final : public abi::IWinHttpRequestEvents {
 public:
  // With one reference, the caller's.
  explicit EventSink(EventTarget* target) : target_(target) {}
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;

  // From now on events go nowhere. The object may hold the sink longer than its target lives.
  void Detach() { target_ = nullptr; }

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override;
  ULONG STDMETHODCALLTYPE AddRef() override;
  ULONG STDMETHODCALLTYPE Release() override;

  void STDMETHODCALLTYPE OnResponseStart(long status, BSTR content_type) override;
  void STDMETHODCALLTYPE OnResponseDataAvailable(SAFEARRAY** data) override;
  void STDMETHODCALLTYPE OnResponseFinished() override;
  void STDMETHODCALLTYPE OnError(long error_number, BSTR error_description) override;

 private:
  // Not virtual: COM objects go by Release only.
  ~EventSink() = default;

  std::atomic<ULONG> references_{1};
  EventTarget* target_;
};

// An advised sink. Unadvised when it goes.
class EventConnection {
 public:
  EventConnection() = default;
  EventConnection(const EventConnection&) = delete;
  EventConnection& operator=(const EventConnection&) = delete;
  ~EventConnection() { Disconnect(); }

  // E_NOINTERFACE where the object has no connection points.
  HRESULT Connect(abi::IWinHttpRequest* object, EventTarget* target);
  void Disconnect();
  bool IsConnected() const { return static_cast<bool>(point_); }

 private:
  ComPtr<IConnectionPoint> point_;
  ComPtr<EventSink> sink_;
  DWORD cookie_ = 0;
};

}  // namespace winwire::winhttp
