// Replaces the system's random source with the same bytes in each run, so that a finding can be reproduced.
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "test/fuzz/fuzz.h"

namespace winwire::test {
namespace {

std::uint32_t state = 1;

}  // namespace

void RestartRandom() { state = 1; }

}  // namespace winwire::test

extern "C" ssize_t getrandom(void* buffer, std::size_t size, unsigned /*flags*/) noexcept {
  auto* bytes = static_cast<std::uint8_t*>(buffer);
  for (std::size_t i = 0; i < size; ++i) {
    winwire::test::state = winwire::test::state * 1664525u + 1013904223u;
    bytes[i] = static_cast<std::uint8_t>(winwire::test::state >> 24);
  }
  return static_cast<ssize_t>(size);
}
