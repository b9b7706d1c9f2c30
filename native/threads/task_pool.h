// Threads for blocking calls: a few, which run tasks in order and end when none is left.
//
// Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>

namespace winwire::threads {

// The owner of a call, and its number there.
struct CallKey {
  const void* owner;
  double call;
  bool operator==(const CallKey&) const = default;
};

class TaskPool {
 public:
  // A task must not throw.
  using Task = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  // Maximum number of tasks at once. A task that runs longer than `prompt` does not count, up to kMostThreads, because
  // it may never end. A pool is never destroyed: its threads may outlive the statics of the module.
  TaskPool(std::size_t limit, std::chrono::milliseconds prompt) : limit_(limit), prompt_(prompt) {}

  // Throws std::system_error if no thread can be started.
  void Submit(CallKey key, Task task);
  // Drops tasks that have not started.
  void Cancel(CallKey key);
  void CancelAll(const void* owner);
  // As Cancel; a task that has started does not count from now on, because no caller waits for it.
  // Throws std::system_error if no thread can be started.
  void Abandon(CallKey key);
  // Whether a task runs or waits.
  bool IsBusy();
  // Waits until no task of the owner runs, and no longer than `limit`.
  void WaitForRunning(const void* owner, std::chrono::milliseconds limit);

  static constexpr std::size_t kMostThreads = 16;

 private:
  struct Entry {
    CallKey key;
    Task task;
  };

  // What a thread runs; the default values without a task.
  struct Running {
    Clock::time_point began = Clock::time_point::min();
    CallKey key{nullptr, 0};
  };
  using Thread = std::list<Running>::iterator;

  bool HasRoom() const;
  bool WantsThread() const;
  void StartThread();
  void Run(Thread thread);
  bool TakeNext(Thread thread, Task* task);
  void WaitForRoom(std::unique_lock<std::mutex>& lock);

  const std::size_t limit_;
  const std::chrono::milliseconds prompt_;
  std::mutex mutex_;
  std::condition_variable ended_;     // a task has ended
  std::condition_variable has_room_;  // a task does not count any more
  bool has_waiter_ = false;           // under mutex_
  std::deque<Entry> queue_;           // under mutex_
  std::list<Running> running_;        // under mutex_: one for each thread
};

}  // namespace winwire::threads
