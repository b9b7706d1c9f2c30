#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace winwire::engine {

// Below this, memcpy uses no string operation.
inline constexpr std::size_t kLargeCopy = 1024;

void CopyLarge(std::uint8_t* to, const std::uint8_t* from, std::size_t size);

// Copies between memory that does not overlap, as fast whatever the addresses.
inline void CopyBytes(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  if (size >= kLargeCopy) {
    CopyLarge(to, from, size);
  } else if (size > 0) {
    // With a null pointer memcpy is undefined even for size 0.
    std::memcpy(to, from, size);
  }
}

}  // namespace winwire::engine
