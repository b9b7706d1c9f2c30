// A first-in first-out ring of operations. It grows as needed and keeps its memory, so a queue in steady use does not
// allocate.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace winwire::engine {

template <typename Operation>
class OperationQueue {
  static_assert(std::is_trivially_copyable_v<Operation>);

 public:
  OperationQueue() = default;
  OperationQueue(const OperationQueue&) = delete;
  OperationQueue& operator=(const OperationQueue&) = delete;
  ~OperationQueue() = default;

  bool Empty() const { return count_ == 0; }
  const Operation& Front() const { return memory_ == nullptr ? only_ : memory_[first_]; }

  // Returns the place of a new last operation; null without memory, and the queue is then unchanged.
  Operation* Add() {
    if (count_ == capacity_ && !Grow()) return nullptr;
    return At(count_++);
  }

  bool Push(const Operation& operation) {
    Operation* const place = Add();
    if (place == nullptr) return false;
    *place = operation;
    return true;
  }

  void Pop() {
    first_ = (first_ + 1) & (capacity_ - 1);
    --count_;
  }

 private:
  Operation* At(std::uint32_t offset) {
    return memory_ == nullptr ? &only_ : &memory_[(first_ + offset) & (capacity_ - 1)];
  }

  bool Grow() {
    if (capacity_ > std::numeric_limits<std::uint32_t>::max() / 2) return false;
    const std::uint32_t capacity = capacity_ == 1 ? 4 : capacity_ * 2;
    std::unique_ptr<Operation[]> memory(new (std::nothrow) Operation[capacity]);
    if (memory == nullptr) return false;
    for (std::uint32_t i = 0; i < count_; ++i) memory[i] = *At(i);
    memory_ = std::move(memory);
    capacity_ = capacity;
    first_ = 0;
    return true;
  }

  // One operation is stored here: an idle handle has a receive queued, without further memory.
  Operation only_{};
  std::unique_ptr<Operation[]> memory_;
  // A power of two, so that a position wraps with a mask.
  std::uint32_t capacity_ = 1;
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace winwire::engine
