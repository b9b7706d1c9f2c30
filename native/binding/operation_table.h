// What send and receive operations need for as long as the component may use it: the copy of a payload, or the memory
// to receive into.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace winwire::binding {

// Memory of one operation. A small payload lies inside, and a block is kept for the next operation, so that a send in
// the steady state allocates nothing.
class OperationMemory {
 public:
  static constexpr std::size_t kInlineSize = 128;
  static constexpr std::size_t kKeptSize = 4096;

  // Null if there is not enough memory, but not for size 0: a pointer with length 0 is not NULL to the component.
  std::uint8_t* Reserve(std::size_t size);
  // Gives a block of more than `kept` bytes back.
  void Release(std::size_t kept = kKeptSize);

  // Bytes that the garbage collector should know of.
  std::size_t large_size() const { return heap_size_ > kKeptSize ? heap_size_ : 0; }

 private:
  std::array<std::uint8_t, kInlineSize> inline_{};
  std::unique_ptr<std::uint8_t[]> heap_;
  std::size_t heap_size_ = 0;
};

// Operations by tag: their number plus 1. The tag travels through the component as application context; what comes back
// is looked up here and never dereferenced.
class OperationTable {
 public:
  // Large blocks that are kept when their operations end take no more than this together.
  static constexpr std::size_t kKeptLargeSize = 65536;

  static constexpr std::uint32_t kNone = 0;

  // The tag, or kNone if there is not enough memory.
  std::uint32_t Add(std::size_t memory_size, std::uint8_t** memory);
  void Remove(std::uint32_t tag);

  static void* ContextOf(std::uint32_t tag);
  // kNone for what is no context of an operation in this table.
  std::uint32_t TagOf(const void* context) const;

  std::size_t size() const { return entries_.size() - free_.size(); }
  std::size_t large_size() const { return large_size_; }

 private:
  struct Entry {
    std::unique_ptr<OperationMemory> memory;
    bool in_use = false;
  };

  // Entries without a use that keep their memory; a burst of sends leaves no more behind.
  static constexpr std::size_t kKeptEntries = 16;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t large_size_ = 0;
};

}  // namespace winwire::binding
