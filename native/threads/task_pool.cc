#include "threads/task_pool.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "threads/module_pin.h"

namespace winwire::threads {

void TaskPool::Submit(CallKey key, Task task) {
  const std::lock_guard lock(mutex_);
  if (WantsThread()) StartThread();
  queue_.push_back({key, std::move(task)});
}

void TaskPool::Cancel(CallKey key) {
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [&](const Entry& entry) { return entry.key == key; });
}

void TaskPool::CancelAll(const void* owner) {
  const std::lock_guard lock(mutex_);
  std::erase_if(queue_, [&](const Entry& entry) { return entry.key.owner == owner; });
}

void TaskPool::Abandon(CallKey key) {
  Cancel(key);
  const std::lock_guard lock(mutex_);
  for (Running& thread : running_) {
    if (thread.key == key) thread.began = Clock::time_point::min();
  }
  has_room_.notify_all();
  if (!queue_.empty() && WantsThread()) StartThread();
}

bool TaskPool::IsBusy() {
  const std::lock_guard lock(mutex_);
  return !queue_.empty() ||
         std::any_of(running_.begin(), running_.end(), [](const Running& each) { return each.key.owner != nullptr; });
}

void TaskPool::WaitForRunning(const void* owner, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, limit, [&] {
    return std::none_of(running_.begin(), running_.end(), [&](const Running& each) { return each.key.owner == owner; });
  });
}

// Requires mutex_.
bool TaskPool::HasRoom() const {
  const Clock::time_point recent = Clock::now() - prompt_;
  const auto counted =
      std::count_if(running_.begin(), running_.end(), [&](const Running& each) { return each.began >= recent; });
  return static_cast<std::size_t>(counted) < limit_;
}

// Requires mutex_. If there is no room, one thread waits, to replace a task that turns out to run for long.
bool TaskPool::WantsThread() const { return running_.size() < kMostThreads && (HasRoom() || !has_waiter_); }

// Requires mutex_, for which the new thread waits.
void TaskPool::StartThread() {
  // Pinned before the thread starts: from then on the module must stay loaded.
  PinThisModule();
  const Thread thread = running_.insert(running_.end(), {Clock::now(), {nullptr, 0}});
  try {
    std::thread([this, thread] { Run(thread); }).detach();
  } catch (...) {
    running_.erase(thread);
    throw;
  }
}

void TaskPool::Run(Thread thread) {
  Task task;
  while (TakeNext(thread, &task)) {
    task();
    task = nullptr;
  }
}

void TaskPool::WaitForRoom(std::unique_lock<std::mutex>& lock) {
  has_waiter_ = true;
  while (!queue_.empty() && !HasRoom()) has_room_.wait_for(lock, prompt_);
  has_waiter_ = false;
}

bool TaskPool::TakeNext(Thread thread, Task* task) {
  std::unique_lock lock(mutex_);
  *thread = Running();
  ended_.notify_all();
  if (!has_waiter_) WaitForRoom(lock);
  if (queue_.empty() || !HasRoom()) {
    running_.erase(thread);
    return false;
  }
  *thread = {Clock::now(), queue_.front().key};
  *task = std::move(queue_.front().task);
  queue_.pop_front();
  return true;
}

}  // namespace winwire::threads
