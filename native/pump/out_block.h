// Collects bytes for the network: in a fixed block while they fit, otherwise in allocated memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/copy.h"

namespace winwire::pump {

class OutBlock {
 public:
  explicit OutBlock(std::span<std::uint8_t> fixed) : fixed_(fixed) {}

  void Clear() {
    used_ = 0;
    spilled_.clear();
  }

  void Append(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return;
    if (!spilled_.empty() || size > fixed_.size() - used_) {
      Spill(bytes, size);
      return;
    }
    engine::CopyBytes(fixed_.data() + used_, bytes, size);
    used_ += size;
  }

  std::size_t Size() const { return spilled_.empty() ? used_ : spilled_.size(); }
  // Whether the bytes are in the fixed block.
  bool InFixed() const { return spilled_.empty(); }
  std::span<const std::uint8_t> Bytes() const {
    if (spilled_.empty()) return {fixed_.data(), used_};
    return spilled_;
  }

  // Frees the memory of a large message; the block is empty afterwards.
  void Release() {
    Clear();
    spilled_.shrink_to_fit();
  }

 private:
  void Spill(const std::uint8_t* bytes, std::size_t size) {
    if (spilled_.empty()) spilled_.assign(fixed_.begin(), fixed_.begin() + static_cast<std::ptrdiff_t>(used_));
    spilled_.insert(spilled_.end(), bytes, bytes + size);
  }

  std::span<std::uint8_t> fixed_;
  std::size_t used_ = 0;
  std::vector<std::uint8_t> spilled_;
};

}  // namespace winwire::pump
