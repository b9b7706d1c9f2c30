// A first-in first-out ring of operations. It grows as needed and keeps its memory, so a queue in steady use does not
// allocate.
#pragma once

#include <cstddef>
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
  const Operation& Front() const { return ring_[first_]; }

  // The place of a new last operation, to be filled in; null when memory is short, and the queue is then unchanged.
  Operation* Add() {
    if (count_ == capacity_ && !Grow()) return nullptr;
    Operation* const place = &ring_[(first_ + count_) & (capacity_ - 1)];
    ++count_;
    return place;
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
  bool Grow() {
    const std::size_t capacity = capacity_ == 1 ? 4 : capacity_ * 2;
    std::unique_ptr<Operation[]> ring(new (std::nothrow) Operation[capacity]);
    if (ring == nullptr) return false;
    for (std::size_t i = 0; i < count_; ++i) ring[i] = ring_[(first_ + i) & (capacity_ - 1)];
    memory_ = std::move(ring);
    ring_ = memory_.get();
    capacity_ = capacity;
    first_ = 0;
    return true;
  }

  // One operation has a place here: a handle at rest has a receive queued, and no memory for it.
  Operation only_{};
  std::unique_ptr<Operation[]> memory_;
  Operation* ring_ = &only_;
  // A power of two, so that a position wraps by a mask.
  std::size_t capacity_ = 1;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace winwire::engine
