// The contexts of one environment, as numbers. A number contains a generation, so the number of a closed context is
// invalid even if its slot is reused.
//
// Threads: any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "auth/mechanism.h"

namespace winwire::auth {

class ContextTable {
 public:
  // Shared with the task that steps, so that the context is freed after both.
  struct Entry {
    explicit Entry(std::unique_ptr<Context> owned) : context(std::move(owned)) {}
    const std::unique_ptr<Context> context;
    // Whether a step runs.
    std::atomic<bool> is_busy = false;
  };

  // Returns 0, which is the number of no context, if the table is closed; the context is freed then.
  double Add(std::unique_ptr<Context> context);
  // Null for an unknown number.
  std::shared_ptr<Entry> Find(double number);
  // Frees the context, now or after its step.
  void Remove(double number);
  // Removes all, and accepts no more.
  void Close();

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::shared_ptr<Entry> entry;
  };

  // A double has 53 bits.
  static constexpr unsigned kSlotBits = 20;
  static constexpr std::size_t kMostSlots = std::size_t{1} << kSlotBits;

  Slot* SlotOf(double number);

  std::mutex mutex_;
  std::vector<Slot> slots_;                // under mutex_
  std::vector<std::uint32_t> free_slots_;  // under mutex_
  bool is_closed_ = false;                 // under mutex_
};

}  // namespace winwire::auth
