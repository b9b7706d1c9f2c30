// The memory that the component may use during send and receive operations: the copy of a payload, or the memory to
// receive into.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace winwire::binding {

// Memory of one operation. A small payload is stored inside, and a block is kept for the next operation, so that sends
// in the steady state allocate nothing.
class OperationMemory {
 public:
  static constexpr std::size_t kInlineSize = 128;
  static constexpr std::size_t kKeptSize = 4096;

  // Returns null without enough memory, but not for size 0: a pointer with length 0 is not NULL for the component.
  std::uint8_t* Reserve(std::size_t size);
  // Frees a block of more than `kept` bytes.
  void Release(std::size_t kept = kKeptSize);

  // The bytes to report to the garbage collector.
  std::size_t large_size() const { return heap_size_ > kKeptSize ? heap_size_ : 0; }

 private:
  std::array<std::uint8_t, kInlineSize> inline_{};
  std::unique_ptr<std::uint8_t[]> heap_;
  std::size_t heap_size_ = 0;
};

// Operations by tag: their number plus 1. The component passes the tag as application context; a returned one is looked
// up here and never dereferenced.
class OperationTable {
 public:
  // The maximum total of large blocks that are kept after their operations.
  static constexpr std::size_t kKeptLargeSize = 65536;

  static constexpr std::uint32_t kNone = 0;

  // Returns the tag, or kNone without enough memory.
  std::uint32_t Add(std::size_t memory_size, std::uint8_t** memory);
  void Remove(std::uint32_t tag);

  static void* ContextOf(std::uint32_t tag);
  // Returns kNone unless this is the context of an operation in this table.
  std::uint32_t TagOf(const void* context) const;

  std::size_t size() const { return entries_.size() - free_.size(); }
  std::size_t large_size() const { return large_size_; }

 private:
  struct Entry {
    std::unique_ptr<OperationMemory> memory;
    bool in_use = false;
  };

  // Unused entries that keep their memory, also after a burst of sends.
  static constexpr std::size_t kKeptEntries = 16;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t large_size_ = 0;
};

}  // namespace winwire::binding
