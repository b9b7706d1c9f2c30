// A thread with a COM single-threaded apartment: it dispatches window messages and runs commands in order.
//
// Threads: any, except functions marked [own thread]. Commands run on the own thread.
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

  enum class Order {
    kInTurn,
    // Also inside a call that dispatches messages while it blocks, unless an ordinary command is waiting before it.
    kNested,
  };

  // Throws std::system_error if no thread can be started.
  static std::shared_ptr<Apartment> Start();
  ~Apartment();
  Apartment(const Apartment&) = delete;
  Apartment& operator=(const Apartment&) = delete;

  // Drops the command if the thread has ended.
  void Post(Command command, Order order = Order::kInTurn);

  // Runs the command after this time, also inside a blocking call. [own thread]
  void After(std::chrono::milliseconds delay, Command command);

  // Dispatches messages for this time. [own thread]
  void PumpFor(std::chrono::milliseconds time);

  // Marks a call that should return soon, while this exists. [own thread] A nested one restarts the time, as Wine's
  // WaitForResponse does.
  class Bounded {
   public:
    Bounded(Apartment& apartment, const char* syscall);
    ~Bounded();
    Bounded(const Bounded&) = delete;
    Bounded& operator=(const Bounded&) = delete;

   private:
    Apartment& apartment_;
    const char* const outer_;
  };

  // Returns the marked call that has not returned within this time, if there is one.
  const char* BlockedCall(std::chrono::milliseconds limit);

  // Ends the thread after the posted commands.
  void Stop();

  // Returns false if the thread is still busy at that time. It is then left alone: it owns what it needs.
  bool WaitUntilEnded(Clock::time_point deadline);

 private:
  struct Entry {
    Command run;
    Order order;
  };

  Apartment();
  void Enter(const char* syscall);
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

  HANDLE wake_event_ = nullptr;
  std::mutex mutex_;
  std::condition_variable ended_condition_;
  std::deque<Entry> queue_;         // under mutex_
  HWND window_ = nullptr;           // written under mutex_ by the own thread
  bool wake_sent_ = false;          // under mutex_
  bool stopping_ = false;           // under mutex_
  bool ended_ = false;              // under mutex_
  bool in_command_ = false;         // own thread
  const char* call_ = nullptr;      // under mutex_
  Clock::time_point call_began_{};  // under mutex_
  std::uintptr_t last_timer_ = 0;
  std::map<std::uintptr_t, Command> timers_;
};

}  // namespace winwire::winhttp
