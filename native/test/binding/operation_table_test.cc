#include "binding/operation_table.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "test/check.h"
#include "test/engine/faults.h"

namespace winwire::test {
namespace {

using binding::OperationMemory;
using binding::OperationTable;

// Makes the next allocation fail.
template <typename Call>
auto WithoutMemory(Call call) {
  const FailingAllocation failing(0);
  FailingAllocation::Resume();
  const auto result = call();
  FailingAllocation::Pause();
  return result;
}

void* ContextOfNumber(std::uintptr_t number) { return std::bit_cast<void*>(number); }

std::uint32_t Add(OperationTable& table, std::size_t size) {
  std::uint8_t* memory = nullptr;
  return table.Add(size, &memory);
}

TEST("operation memory: there is a pointer even for size 0") {
  OperationMemory memory;
  CHECK(memory.Reserve(0) != nullptr);
}

TEST("operation memory: a small payload lies inside, a larger one is kept, a large one is given back") {
  OperationMemory memory;
  std::uint8_t* const inside = memory.Reserve(OperationMemory::kInlineSize);
  CHECK_EQ(memory.Reserve(1), inside);
  std::uint8_t* const kept = memory.Reserve(OperationMemory::kInlineSize + 1000);
  CHECK(kept != inside);
  memory.Release();
  CHECK_EQ(memory.Reserve(OperationMemory::kInlineSize + 1), kept);
  CHECK_EQ(memory.large_size(), 0u);
  memory.Reserve(OperationMemory::kKeptSize);
  CHECK_EQ(memory.large_size(), 0u);
  memory.Reserve(OperationMemory::kKeptSize + 1);
  CHECK_EQ(memory.large_size(), OperationMemory::kKeptSize + 1);
  memory.Release();
  CHECK_EQ(memory.large_size(), 0u);
}

TEST("operation memory: what cannot be had is null, and leaves nothing to be told of") {
  OperationMemory memory;
  std::uint8_t* const reserved = WithoutMemory([&memory] { return memory.Reserve(100000); });
  CHECK(reserved == nullptr);
  CHECK_EQ(memory.large_size(), 0u);
  CHECK(memory.Reserve(1000) != nullptr);
}

TEST("operation table: a context leads back to its operation, and to no other") {
  OperationTable table;
  const std::uint32_t first = Add(table, 1);
  const std::uint32_t second = Add(table, 1);
  CHECK(first != OperationTable::kNone);
  CHECK(first != second);
  CHECK_EQ(table.TagOf(OperationTable::ContextOf(first)), first);
  CHECK_EQ(table.TagOf(OperationTable::ContextOf(second)), second);
  CHECK_EQ(table.size(), 2u);
}

TEST("operation table: an unknown context has no tag") {
  OperationTable table;
  const std::uint32_t tag = Add(table, 1);
  const int somewhere = 0;
  CHECK_EQ(table.TagOf(nullptr), OperationTable::kNone);
  CHECK_EQ(table.TagOf(&somewhere), OperationTable::kNone);
  CHECK_EQ(table.TagOf(ContextOfNumber(tag + 1)), OperationTable::kNone);
  CHECK_EQ(table.TagOf(ContextOfNumber(UINTPTR_MAX)), OperationTable::kNone);
  table.Remove(tag);
  CHECK_EQ(table.TagOf(OperationTable::ContextOf(tag)), OperationTable::kNone);
  CHECK_EQ(table.size(), 0u);
}

TEST("operation table: memory stays where it is while others come and go") {
  OperationTable table;
  std::vector<std::uint8_t*> memories;
  std::vector<std::uint32_t> tags;
  for (int count = 0; count < 1000; ++count) {
    std::uint8_t* memory = nullptr;
    tags.push_back(table.Add(64, &memory));
    std::memset(memory, count & 0xFF, 64);
    memories.push_back(memory);
    if (count % 3 == 2) {
      table.Remove(tags[static_cast<std::size_t>(count) - 1]);
      tags[static_cast<std::size_t>(count) - 1] = OperationTable::kNone;
    }
  }
  for (std::size_t index = 0; index < tags.size(); ++index) {
    if (tags[index] != OperationTable::kNone) CHECK_EQ(memories[index][63], index & 0xFF);
  }
}

TEST("operation table: numbers are used again, the last one first") {
  OperationTable table;
  const std::array<std::uint32_t, 3> tags = {Add(table, 1), Add(table, 1), Add(table, 1)};
  table.Remove(tags[0]);
  table.Remove(tags[2]);
  CHECK_EQ(Add(table, 1), tags[2]);
  CHECK_EQ(Add(table, 1), tags[0]);
  CHECK_EQ(Add(table, 1), tags[2] + 1);
}

TEST("operation table: it knows how much large memory is held") {
  OperationTable table;
  const std::uint32_t small = Add(table, 1000);
  CHECK_EQ(table.large_size(), 0u);
  const std::uint32_t large = Add(table, 100000);
  CHECK_EQ(table.large_size(), 100000u);
  table.Remove(small);
  CHECK_EQ(table.large_size(), 100000u);
  table.Remove(large);
  CHECK_EQ(table.large_size(), 0u);
}

TEST("operation table: large memory is kept for the next operation, and told of") {
  constexpr std::size_t kHalf = OperationTable::kKeptLargeSize / 2;
  OperationTable table;
  std::uint8_t* memory = nullptr;
  const std::uint32_t first = table.Add(kHalf, &memory);
  table.Remove(first);
  CHECK_EQ(table.large_size(), kHalf);
  std::uint8_t* again = nullptr;
  CHECK_EQ(table.Add(kHalf, &again), first);
  CHECK_EQ(again, memory);
  CHECK_EQ(table.large_size(), kHalf);
}

TEST("operation table: no more large memory is kept than the limit") {
  constexpr std::size_t kHalf = OperationTable::kKeptLargeSize / 2;
  OperationTable table;
  const std::array<std::uint32_t, 3> tags = {Add(table, kHalf), Add(table, kHalf), Add(table, kHalf)};
  CHECK_EQ(table.large_size(), 3 * kHalf);
  for (const std::uint32_t tag : tags) table.Remove(tag);
  CHECK_EQ(table.large_size(), 2 * kHalf);
}

TEST("operation table: what cannot be had is not counted") {
  OperationTable table;
  table.Remove(Add(table, 10000));
  CHECK_EQ(WithoutMemory([&table] { return Add(table, 20000); }), OperationTable::kNone);
  CHECK_EQ(table.large_size(), 0u);
}

TEST("operation table: an operation without memory fails, and the next one succeeds") {
  OperationTable table;
  table.Remove(Add(table, 1));
  const std::uint32_t none = WithoutMemory([&table] { return Add(table, 1000); });
  CHECK_EQ(none, OperationTable::kNone);
  CHECK_EQ(table.size(), 0u);
  CHECK(Add(table, 1000) != OperationTable::kNone);
}

TEST("operation table: after a burst it works as before") {
  OperationTable table;
  std::vector<std::uint32_t> tags;
  tags.reserve(100);
  for (int count = 0; count < 100; ++count) tags.push_back(Add(table, 5000));
  for (const std::uint32_t tag : tags) table.Remove(tag);
  CHECK_EQ(table.size(), 0u);
  CHECK(table.large_size() <= OperationTable::kKeptLargeSize);
  for (int count = 0; count < 100; ++count) CHECK(Add(table, 200) <= 100);
}

}  // namespace
}  // namespace winwire::test
