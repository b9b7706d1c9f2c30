#include "binding/operation_table.h"

#include <bit>
#include <limits>
#include <new>

namespace winwire::binding {

std::uint8_t* OperationMemory::Reserve(std::size_t size) {
  if (size <= kInlineSize) return inline_.data();
  if (size > heap_size_) {
    heap_.reset(new (std::nothrow) std::uint8_t[size]);
    heap_size_ = heap_ == nullptr ? 0 : size;
  }
  return heap_.get();
}

void OperationMemory::Release(std::size_t kept) {
  if (heap_size_ <= kept) return;
  heap_.reset();
  heap_size_ = 0;
}

std::uint32_t OperationTable::Add(std::size_t memory_size, std::uint8_t** memory) {
  if (free_.empty()) {
    if (entries_.size() >= std::numeric_limits<std::int32_t>::max()) return kNone;
    // Reserves space for every entry, so that Remove cannot fail.
    free_.reserve(entries_.capacity() + 1);
    entries_.emplace_back();
    free_.push_back(static_cast<std::uint32_t>(entries_.size() - 1));
  }
  const std::uint32_t index = free_.back();
  Entry& entry = entries_[index];
  if (entry.memory == nullptr) entry.memory = std::make_unique<OperationMemory>();
  large_size_ -= entry.memory->large_size();
  *memory = entry.memory->Reserve(memory_size);
  large_size_ += entry.memory->large_size();
  if (*memory == nullptr) return kNone;
  free_.pop_back();
  entry.in_use = true;
  return index + 1;
}

void OperationTable::Remove(std::uint32_t tag) {
  Entry& entry = entries_[tag - 1];
  const bool fits = large_size_ <= kKeptLargeSize;
  large_size_ -= entry.memory->large_size();
  entry.memory->Release(fits ? kKeptLargeSize : OperationMemory::kKeptSize);
  if (free_.size() >= kKeptEntries) {
    entry.memory.reset();
  } else {
    large_size_ += entry.memory->large_size();
  }
  entry.in_use = false;
  free_.push_back(tag - 1);
}

void* OperationTable::ContextOf(std::uint32_t tag) { return std::bit_cast<void*>(static_cast<std::uintptr_t>(tag)); }

std::uint32_t OperationTable::TagOf(const void* context) const {
  const auto tag = reinterpret_cast<std::uintptr_t>(context);
  if (tag == kNone || tag > entries_.size() || !entries_[tag - 1].in_use) return kNone;
  return static_cast<std::uint32_t>(tag);
}

}  // namespace winwire::binding
