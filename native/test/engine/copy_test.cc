#include "engine/copy.h"

#include <algorithm>

#include "test/check.h"
#include "test/support/bytes.h"

namespace winwire::test {
namespace {

constexpr std::uint8_t kUntouched = 0xEE;

// Whatever the processor prefers.
constexpr auto kCopies = {engine::CopyBytes, engine::CopyLarge, engine::CopyLines};

// Copies between these places and checks what is beside the target.
void CheckCopy(decltype(&engine::CopyLines) copy, std::size_t size, std::size_t from, std::size_t to) {
  static const Bytes source = Pattern(8192 + 64);
  Bytes target(8192 + 128, kUntouched);
  copy(target.data() + to, source.data() + from, size);
  const auto begin = target.begin() + static_cast<std::ptrdiff_t>(to);
  const auto end = begin + static_cast<std::ptrdiff_t>(size);
  CHECK(std::equal(begin, end, source.begin() + static_cast<std::ptrdiff_t>(from)));
  CHECK_EQ(static_cast<std::size_t>(std::count(target.begin(), begin, kUntouched)), to);
  CHECK(std::all_of(end, target.end(), [](std::uint8_t byte) { return byte == kUntouched; }));
}

TEST("copy: every size near a step, wherever both lie, and no byte beside it") {
  for (const auto copy : kCopies) {
    for (const std::size_t size : {0u, 1u, 15u, 16u, 63u, 64u, 1023u, 1024u, 1025u, 1087u, 1088u, 4095u, 8192u}) {
      for (const std::size_t from : {0u, 1u, 14u, 63u}) {
        for (const std::size_t to : {0u, 3u, 16u, 50u}) CheckCopy(copy, size, from, to);
      }
    }
  }
}

TEST("copy: nothing from nowhere to nowhere") { engine::CopyBytes(nullptr, nullptr, 0); }

}  // namespace
}  // namespace winwire::test
