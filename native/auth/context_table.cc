#include "auth/context_table.h"

#include <cmath>
#include <utility>

namespace winwire::auth {

double ContextTable::Add(std::unique_ptr<Context> context) {
  auto entry = std::make_shared<Entry>(std::move(context));
  const std::lock_guard lock(mutex_);
  if (is_closed_) return 0;
  if (free_slots_.empty()) {
    if (slots_.size() == kMostSlots) return 0;
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  Slot& slot = slots_[index];
  ++slot.generation;
  slot.entry = std::move(entry);
  return static_cast<double>((std::uint64_t{slot.generation} << kSlotBits) | index);
}

// Requires mutex_.
ContextTable::Slot* ContextTable::SlotOf(double number) {
  constexpr double kLimit = 9007199254740992.0;
  if (std::isnan(number) || number <= 0 || number >= kLimit || number != std::trunc(number)) return nullptr;
  const auto bits = static_cast<std::uint64_t>(number);
  const std::size_t index = bits & (kMostSlots - 1);
  if (index >= slots_.size()) return nullptr;
  Slot& slot = slots_[index];
  return slot.entry != nullptr && slot.generation == bits >> kSlotBits ? &slot : nullptr;
}

std::shared_ptr<ContextTable::Entry> ContextTable::Find(double number) {
  const std::lock_guard lock(mutex_);
  const Slot* const slot = SlotOf(number);
  return slot == nullptr ? nullptr : slot->entry;
}

void ContextTable::Remove(double number) {
  // Freed after the lock is.
  std::shared_ptr<Entry> removed;
  const std::lock_guard lock(mutex_);
  Slot* const slot = SlotOf(number);
  if (slot == nullptr) return;
  removed = std::exchange(slot->entry, nullptr);
  // The vector has had this many entries before.
  free_slots_.push_back(static_cast<std::uint32_t>(slot - slots_.data()));
}

void ContextTable::Close() {
  std::vector<Slot> removed;
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  removed.swap(slots_);
  free_slots_.clear();
}

}  // namespace winwire::auth
