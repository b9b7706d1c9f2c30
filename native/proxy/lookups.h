// [Windows] Look-ups by WinHttpGetProxyForUrlEx, which block no thread: WinHTTP calls back, and closing the resolver
// cancels. WinHTTP's context is a number, so that a late callback is ignored.
//
// Threads: any. `done` is called at most once, on a thread of WinHTTP or within Start.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "proxy/proxy_calls.h"
#include "proxy/winhttp_api.h"
#include "threads/task_pool.h"

namespace winwire::proxy {

using threads::CallKey;

class Lookups {
 public:
  using Done = std::function<void(Answer)>;

  // The look-ups of the process.
  static Lookups& Get();

  explicit Lookups(const WinHttpApi& api) : api_(api) {}
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;
  ~Lookups() = default;

  // Returns false if this system has no resolver: `done` is not called then. The value of an answer is the list of
  // routes as a script writes it.
  bool Start(HINTERNET session, CallKey key, const ScriptQuery& query, Done done);
  // Cancels without an answer.
  void Cancel(CallKey key);
  void CancelAll(const void* owner);
  // Called by WinHTTP.
  void OnStatus(DWORD_PTR id, DWORD status, const void* information);

 private:
  // Closed with the last reference.
  using Resolver = std::shared_ptr<void>;
  struct Lookup {
    CallKey key;
    Resolver resolver;
    Done done;
  };

  DWORD_PTR Add(Lookup lookup);
  void End(DWORD_PTR id, const std::function<Answer(HINTERNET)>& answer);
  template <class Predicate>
  void CancelWhere(Predicate predicate);
  Answer ReadResult(HINTERNET resolver) const;

  const WinHttpApi& api_;
  std::mutex mutex_;
  std::map<DWORD_PTR, Lookup> lookups_;  // under mutex_
  DWORD_PTR last_id_ = 0;                // under mutex_
};

}  // namespace winwire::proxy
