// [Windows] Reports when the proxy settings in the registry may have changed: those of the user, of the machine (also
// netsh's), and their policies.
//
// Threads: the owner's. `changed` is called on the watching thread, and must neither block nor throw.
#pragma once

#include <functional>
#include <thread>

#include "abi/win_types.h"

namespace winwire::proxy {

class SettingsWatch {
 public:
  // Also calls `changed` when all keys are watched, because earlier results may be old. Throws std::system_error if no
  // thread can be started.
  explicit SettingsWatch(std::function<void()> changed);
  // Waits for the thread, which does not block.
  ~SettingsWatch();
  SettingsWatch(const SettingsWatch&) = delete;
  SettingsWatch& operator=(const SettingsWatch&) = delete;

 private:
  void Run() const;

  const std::function<void()> changed_;
  HANDLE stop_;
  std::thread thread_;
};

}  // namespace winwire::proxy
