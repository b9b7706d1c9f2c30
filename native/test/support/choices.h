// The decisions of random tests: from a seeded generator, or from the bytes of a fuzzer.
#pragma once

#include <cstddef>
#include <cstdint>

#include "test/support/bytes.h"

namespace winwire::test {

class Choices {
 public:
  // Steered by `data`; when it is used up every choice is 0 and `Exhausted` is true.
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  // Endless and reproducible (SplitMix64).
  explicit Choices(std::uint64_t seed) : state_(seed), seeded_(true) {}

  bool Exhausted() const { return !seeded_ && used_ == size_; }

  std::uint8_t Byte() {
    if (seeded_) return static_cast<std::uint8_t>(Next());
    return used_ < size_ ? data_[used_++] : std::uint8_t{0};
  }

  // 0 .. limit - 1; `limit` is not 0.
  std::uint32_t Below(std::uint32_t limit) {
    std::uint32_t value = Byte();
    if (limit > 0x100) value = (value << 8) | Byte();
    if (limit > 0x10000) value = (value << 16) | (std::uint32_t{Byte()} << 8) | Byte();
    return value % limit;
  }

  bool OneIn(std::uint32_t count) { return Below(count) == count - 1; }

  template <class T, std::size_t N>
  const T& Of(const T (&values)[N]) {
    return values[Below(static_cast<std::uint32_t>(N))];
  }

  Bytes Some(std::size_t size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = Byte();
    return bytes;
  }

 private:
  std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t used_ = 0;
  std::uint64_t state_ = 0;
  bool seeded_ = false;
};

}  // namespace winwire::test
