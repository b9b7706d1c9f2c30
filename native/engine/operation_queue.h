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
  // A power of two, so that a position wraps by a mask.
  static constexpr std::size_t kFirstCapacity = 4;

  bool Grow() {
    const std::size_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
    std::unique_ptr<Operation[]> ring(new (std::nothrow) Operation[capacity]);
    if (ring == nullptr) return false;
    for (std::size_t i = 0; i < count_; ++i) ring[i] = ring_[(first_ + i) & (capacity_ - 1)];
    ring_ = std::move(ring);
    capacity_ = capacity;
    first_ = 0;
    return true;
  }

  std::unique_ptr<Operation[]> ring_;
  std::size_t capacity_ = 0;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

}  // namespace winwire::engine
