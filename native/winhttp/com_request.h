// One COM object on its apartment: members, requests and their events.
//
// Threads: functions under "any thread" may be called from every thread; the others run on the apartment, as commands.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>

#include "winhttp/apartment.h"
#include "winhttp/com_ptr.h"
#include "winhttp/event_sink.h"
#include "winhttp/values.h"

namespace winwire::winhttp {

class Variant;

// Receives the events of a request. Called on the apartment.
class ComRequestListener {
 public:
  virtual ~ComRequestListener() = default;
  virtual void OnStart(double generation, ResponseStart start) = 0;
  virtual void OnData(double generation, Bytes chunk) = 0;
  virtual void OnFinished(double generation, ResponseHead head) = 0;
  virtual void OnError(double generation, Failure failure) = 0;
  // Of Execute only.
  virtual void OnProgress(double received, std::optional<double> total) = 0;
  virtual void OnResponse(Response response) = 0;
};

// What an environment knows of the class. [any thread]
struct ClassState {
  std::atomic<bool> has_events{false};
  std::atomic<std::chrono::milliseconds> limit{std::chrono::seconds(30)};
};

struct ComRequestOptions {
  std::shared_ptr<ClassState> class_state;
  // Whether the object's events report completion; otherwise the apartment, which is then not shared, waits for it.
  bool has_events = false;
  // Uses COM's own synchronous Send if Open requests it; otherwise COM is always asynchronous.
  bool native_sync = false;
};

class ComRequest final : public std::enable_shared_from_this<ComRequest>, private EventTarget {
 public:
  // `released` is called on the apartment when the COM request no longer needs it.
  ComRequest(std::shared_ptr<Apartment> apartment, ComRequestOptions options,
             std::shared_ptr<ComRequestListener> listener, std::function<void()> released);

  // --- any thread
  // The command must not throw.
  void Post(std::function<void(ComRequest&)> command, Apartment::Order order);
  bool HasEvents() const { return options_.has_events; }
  void PostAbort();
  // Permanently: cancels the pending request, even inside a call that blocks the apartment or waits for completion, and
  // prevents further ones.
  void Cancel();
  // See Apartment::BlockedCall.
  const char* BlockedCall(std::chrono::milliseconds limit) const { return apartment_->BlockedCall(limit); }
  void MarkPending() { is_pending_ = true; }
  bool IsPending() const { return is_pending_; }
  // The object cannot serve another request (winhttp/wine_8_workarounds.h, trap 1), or continues a cancelled one.
  bool IsUnusable() const { return is_unusable_; }
  void WantData(bool wanted) { wants_data_ = wanted; }

  // --- apartment: IWinHttpRequest. The first call creates the object.
  CallResult Create();
  CallResult SetProxy(const Proxy& proxy);
  CallResult SetCredentials(const Text& user, const Text& password, std::int32_t target);
  CallResult Open(const Text& method, const Text& url, const Value& async);
  CallResult SetRequestHeader(const Text& header, const Text& value);
  CallResult GetResponseHeader(const Text& header);
  CallResult GetAllResponseHeaders();
  // The listener gets the outcome of the request, including a rejected Send.
  void Send(const Value& body, double generation);
  CallResult Status();
  CallResult StatusText();
  // Limits in bytes; beyond it ERROR_FILE_TOO_LARGE.
  CallResult ResponseText(double limit);
  CallResult ResponseBody(double limit);
  CallResult GetOption(std::int32_t option);
  CallResult PutOption(std::int32_t option, const Value& value);
  CallResult SetTimeouts(const Timeouts& timeouts);
  CallResult SetClientCertificate(const Text& certificate);
  CallResult SetAutoLogonPolicy(std::int32_t policy);
  void Abort();
  // Call it each second while a request is pending with an object with connection points: polls one that sends no
  // events.
  void Check();

  // ResponseStream, under a number of the caller's. It stays readable until it is closed, even without the object.
  CallResult OpenStream(std::int32_t number);
  CallResult ReadStream(std::int32_t stream, std::uint32_t size);
  void CloseStream(std::int32_t stream);

  // A whole request. OnResponse or OnError ends it and the COM request.
  void Execute(const RequestSpec& spec);
  // Releases the object.
  void Close();

 private:
  enum class Phase { kIdle, kPending, kDone };
  struct Execution {
    double body_limit;
    bool wants_progress;
  };

  // EventTarget
  void OnResponseStart(std::int32_t status, std::u16string content_type) override;
  void OnResponseData(SAFEARRAY* data) override;
  void OnResponseFinished() override;
  void OnError(Failure failure) override;
  void Defer(std::function<void()> event) override;

  // An exception ends the request.
  void Safely(const std::function<void()>& run);
  template <class Call>
  CallResult Invoke(const char* syscall, Call call);
  CallResult GetBody(Variant* body);
  template <class Getter>
  CallResult GetText(const char* syscall, Getter getter);
  std::optional<Failure> Configure(const RequestSpec& spec);
  std::optional<Failure> ConfigureOptions(const RequestSpec& spec, bool before_open);
  std::optional<Failure> ConfigureObject(const RequestSpec& spec);

  bool IsListening();
  bool IsCurrent(std::uint64_t send) const { return phase_ == Phase::kPending && send == send_; }
  bool Listen();
  void StartSend(const Value& body);
  HRESULT CallSend(const Value& body);
  void AwaitCompletion(bool is_listening);
  void WaitForCompletion();
  void Poll();
  std::optional<CallResult> QueryCompletion(std::int32_t seconds);
  bool Settle(CallResult outcome);
  bool Complete();
  std::optional<Failure> CompleteStart();
  std::optional<Failure> CompleteData();
  void Start(std::int32_t status, std::u16string content_type);
  void CountData(std::size_t size);
  std::optional<Failure> Finish();
  std::optional<Failure> Respond(ResponseHead head);
  std::optional<Failure> ReadHead(ResponseHead* head);
  std::optional<double> ContentLength();
  void Fail(Failure failure);
  void Abandon(Failure failure);
  void EndPending(Phase phase);
  void ReleaseIfUnused();

  const std::shared_ptr<Apartment> apartment_;
  const ComRequestOptions options_;
  const std::shared_ptr<ComRequestListener> listener_;
  std::function<void()> released_;

  std::atomic<bool> is_pending_{false};
  std::atomic<bool> is_unusable_{false};
  std::atomic<bool> wants_data_{false};
  std::atomic<bool> is_cancelled_{false};

  ComPtr<abi::IWinHttpRequest> object_;
  EventConnection events_;
  Phase phase_ = Phase::kIdle;
  bool is_closed_ = false;
  bool opened_synchronous_ = false;
  bool was_aborted_ = false;
  bool in_send_ = false;
  // Counts calls of Send, to distinguish the pending one from earlier ones.
  std::uint64_t send_ = 0;
  struct {
    // Number of events so far, and the time of the last Check.
    std::uint64_t heard = 0;
    std::optional<std::uint64_t> heard_at_check;
    // The answer to the last poll, if no event followed.
    std::optional<CallResult> outcome;
    // Since when it reports a complete response without returning it.
    std::optional<Apartment::Clock::time_point> complete_since;
  } wait_;
  bool started_ = false;
  double received_ = 0;
  double generation_ = 0;
  std::optional<Execution> execution_;
  std::optional<double> total_;
  std::map<std::int32_t, ComPtr<IStream>> streams_;
};

}  // namespace winwire::winhttp
