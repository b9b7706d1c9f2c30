// A thread that is a COM single-threaded apartment: it dispatches window messages and runs commands, one after the
// other.
//
// Threads: Post, Stop and WaitUntilEnded may be called from everywhere; After and everything else only from the
// apartment's own thread, which is where commands run.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "abi/win_types.h"

namespace winwire::winhttp {

class Apartment : public std::enable_shared_from_this<Apartment> {
 public:
  // A command must not throw.
  using Command = std::function<void()>;
  using Clock = std::chrono::steady_clock;

  enum class Sharing {
    // Many objects, none of which blocks. Commands never run inside another's COM call.
    kShared,
    // One object, which may block in a call that dispatches messages; Order::kNested gets through to it.
    kPrivate,
  };
  enum class Order {
    kInTurn,
    // Also from within a blocking call of a private apartment, unless a command in turn waits before it.
    kNested,
  };

  // Throws std::system_error where no thread can be started.
  static std::shared_ptr<Apartment> Start(Sharing sharing);
  ~Apartment();
  Apartment(const Apartment&) = delete;
  Apartment& operator=(const Apartment&) = delete;

  // Drops the command if the thread has ended.
  void Post(Command command, Order order = Order::kInTurn);

  // Runs the command after this time, also from within a blocking call. [private apartments, own thread]
  void After(std::chrono::milliseconds delay, Command command);

  // Lets the thread end when the commands that were posted have run.
  void Stop();

  // False if the thread is still at work at that time. It is then left alone: it holds what it needs.
  bool WaitUntilEnded(Clock::time_point deadline);

 private:
  struct Entry {
    Command run;
    Order order;
  };

  explicit Apartment(Sharing sharing);
  void Run();
  void RunQueue(bool nested);
  bool TakeNext(bool nested, Command* command);
  bool IsFinished();
  void WaitForWork();
  void Wake();
  void OpenWindow();
  void CloseWindow();
  void RunTimer(std::uintptr_t id);
  static LRESULT CALLBACK WindowProcedure(HWND window, UINT message, WPARAM w, LPARAM l);

  const Sharing sharing_;
  HANDLE wake_event_ = nullptr;
  std::mutex mutex_;
  std::condition_variable ended_condition_;
  std::deque<Entry> queue_;  // under mutex_
  HWND window_ = nullptr;    // private apartments; written under mutex_ by the own thread
  bool wake_sent_ = false;   // under mutex_
  bool stopping_ = false;    // under mutex_
  bool ended_ = false;       // under mutex_
  bool in_command_ = false;  // own thread
  std::uintptr_t last_timer_ = 0;
  std::map<std::uintptr_t, Command> timers_;
};

}  // namespace winwire::winhttp
