// Copies bytes at full speed at any alignment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace winwire::engine {

// Below this size memcpy uses no string instruction.
inline constexpr std::size_t kLargeCopy = 1024;

// 64 bytes at a time, which some processors prefer to memcpy (processor.h).
void CopyLines(std::uint8_t* to, const std::uint8_t* from, std::size_t size);

void CopyLarge(std::uint8_t* to, const std::uint8_t* from, std::size_t size);

// Copies between memory that does not overlap, at the same speed for all addresses.
inline void CopyBytes(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  if (size >= kLargeCopy) {
    CopyLarge(to, from, size);
  } else if (size > 0) {
    // memcpy with a null pointer is undefined even for size 0.
    std::memcpy(to, from, size);
  }
}

}  // namespace winwire::engine
