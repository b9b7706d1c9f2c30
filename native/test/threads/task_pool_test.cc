// Threads for calls that block.
#include "threads/task_pool.h"

#include <chrono>
#include <future>
#include <utility>
#include <vector>

#include "test/check.h"

namespace winwire::test {
namespace {

using threads::CallKey;
using threads::TaskPool;

constexpr std::chrono::hours kAlways{1};
const int kOwner = 0;

CallKey Key(double call) { return {&kOwner, call}; }

// A task that runs until it is let go, and tells when it begins.
class Blocked {
 public:
  TaskPool::Task Task() {
    return [this, released = released_.get_future().share()] {
      began_.set_value();
      released.wait();
    };
  }
  void WaitUntilItBegins() { began_.get_future().wait(); }
  void Release() { released_.set_value(); }

 private:
  std::promise<void> began_;
  std::promise<void> released_;
};

}  // namespace

// The pools are not destroyed: a thread may still be about to end.

TEST("task pool: runs tasks in the order of their submission") {
  TaskPool& pool = *new TaskPool(1, kAlways);
  std::vector<int> order;
  std::promise<void> done;
  Blocked first;
  pool.Submit(Key(0), first.Task());
  first.WaitUntilItBegins();
  for (int i = 1; i <= 3; ++i) pool.Submit(Key(i), [&order, i] { order.push_back(i); });
  pool.Submit(Key(4), [&done] { done.set_value(); });
  first.Release();
  done.get_future().wait();
  CHECK_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST("task pool: drops cancelled tasks that have not begun") {
  TaskPool& pool = *new TaskPool(1, kAlways);
  const int other = 0;
  std::vector<int> order;
  std::promise<void> done;
  Blocked first;
  pool.Submit(Key(0), first.Task());
  first.WaitUntilItBegins();
  pool.Submit(Key(1), [&order] { order.push_back(1); });
  pool.Submit({&other, 1}, [&order] { order.push_back(2); });
  pool.Submit({&other, 2}, [&order] { order.push_back(3); });
  pool.Submit(Key(2), [&order] { order.push_back(4); });
  pool.Submit(Key(3), [&done] { done.set_value(); });
  pool.Cancel(Key(1));
  pool.CancelAll(&other);
  first.Release();
  done.get_future().wait();
  CHECK_EQ(order, (std::vector<int>{4}));
}

TEST("task pool: takes up a waiting task when the one before it has run for long") {
  TaskPool& pool = *new TaskPool(1, std::chrono::milliseconds(1));
  Blocked stuck;
  std::promise<void> done;
  pool.Submit(Key(0), stuck.Task());
  stuck.WaitUntilItBegins();
  pool.Submit(Key(1), [&done] { done.set_value(); });
  done.get_future().wait();
  stuck.Release();
}

TEST("task pool: takes up a waiting task when the one before it is abandoned") {
  TaskPool& pool = *new TaskPool(1, kAlways);
  Blocked stuck;
  std::promise<void> done;
  pool.Submit(Key(0), stuck.Task());
  stuck.WaitUntilItBegins();
  pool.Submit(Key(1), [&done] { done.set_value(); });
  pool.Abandon(Key(0));
  done.get_future().wait();
  stuck.Release();
}

TEST("task pool: runs no more tasks at once than its limit") {
  TaskPool& pool = *new TaskPool(2, kAlways);
  Blocked first;
  Blocked second;
  std::promise<void> third;
  pool.Submit(Key(0), first.Task());
  pool.Submit(Key(1), second.Task());
  first.WaitUntilItBegins();
  second.WaitUntilItBegins();
  auto done = third.get_future();
  pool.Submit(Key(2), [&third] { third.set_value(); });
  CHECK(done.wait_for(std::chrono::milliseconds(20)) == std::future_status::timeout);
  first.Release();
  done.wait();
  second.Release();
}

TEST("task pool: waits for the running tasks of an owner, within a limit") {
  TaskPool& pool = *new TaskPool(1, kAlways);
  const int other = 0;
  Blocked running;
  pool.Submit(Key(0), running.Task());
  CHECK(!TaskPool(1, kAlways).IsBusy());
  running.WaitUntilItBegins();
  CHECK(pool.IsBusy());
  pool.WaitForRunning(&other, kAlways);
  pool.WaitForRunning(&kOwner, std::chrono::milliseconds(1));
  running.Release();
  pool.WaitForRunning(&kOwner, kAlways);
}

}  // namespace winwire::test
