#include "engine/operation_queue.h"

#include <deque>

#include "test/check.h"
#include "test/engine/faults.h"
#include "test/support/choices.h"

using namespace winwire;
using namespace winwire::test;

TEST("operation queue: first in, first out, as it grows and wraps") {
  engine::OperationQueue<int> queue;
  std::deque<int> expected;
  Choices choices(7);
  for (int i = 0; i < 20000; ++i) {
    CHECK_EQ(queue.Empty(), expected.empty());
    // Longer and longer queues, drained from time to time.
    const bool push = expected.empty() || choices.Below(100) < (i % 2000 < 1000 ? 60u : 40u);
    if (push) {
      CHECK(queue.Push(i));
      expected.push_back(i);
    } else {
      CHECK_EQ(queue.Front(), expected.front());
      queue.Pop();
      expected.pop_front();
    }
  }
}

TEST("operation queue: grows when it is full and not before") {
  engine::OperationQueue<int> queue;
  const auto allocations_of = [&](int pushes) {
    const std::uint64_t before = AllocationCount();
    for (int i = 0; i < pushes; ++i) CHECK(queue.Push(i));
    return AllocationCount() - before;
  };
  CHECK_EQ(allocations_of(1), 0u);
  CHECK_EQ(allocations_of(1), 1u);
  CHECK_EQ(allocations_of(2), 0u);
  CHECK_EQ(allocations_of(1), 1u);
  CHECK_EQ(allocations_of(3), 0u);
  CHECK_EQ(allocations_of(1), 1u);
  CHECK_EQ(allocations_of(7), 0u);
}

TEST("operation queue: a full ring that begins anywhere keeps its order") {
  for (int offset = 0; offset < 4; ++offset) {
    engine::OperationQueue<int> queue;
    for (int i = 0; i < offset; ++i) {
      CHECK(queue.Push(-1));
      queue.Pop();
    }
    for (int i = 0; i < 5; ++i) CHECK(queue.Push(i));
    for (int i = 0; i < 5; ++i) {
      CHECK_EQ(queue.Front(), i);
      queue.Pop();
    }
    CHECK(queue.Empty());
  }
}

TEST("operation queue: is unchanged when memory is short") {
  for (const int full : {1, 4, 8}) {
    engine::OperationQueue<int> queue;
    for (int i = 0; i < full; ++i) CHECK(queue.Push(i));
    {
      FailingAllocation failing(0);
      FailingAllocation::Resume();
      const bool pushed = queue.Push(full);
      FailingAllocation::Pause();
      CHECK(!pushed);
    }
    CHECK(queue.Push(full));
    for (int i = 0; i <= full; ++i) {
      CHECK_EQ(queue.Front(), i);
      queue.Pop();
    }
    CHECK(queue.Empty());
  }
}

TEST("operation queue: one operation at a time needs no memory") {
  engine::OperationQueue<int> queue;
  const std::uint64_t before = AllocationCount();
  for (int i = 0; i < 100; ++i) {
    CHECK(queue.Push(i));
    CHECK_EQ(queue.Front(), i);
    queue.Pop();
    CHECK(queue.Empty());
  }
  CHECK_EQ(AllocationCount(), before);
}

TEST("operation queue: in steady use nothing is allocated") {
  engine::OperationQueue<int> queue;
  for (int i = 0; i < 4; ++i) CHECK(queue.Push(i));
  const std::uint64_t before = AllocationCount();
  for (int i = 4; i < 1000; ++i) {
    queue.Pop();
    CHECK(queue.Push(i));
  }
  CHECK_EQ(AllocationCount(), before);
}
