#include "engine/mask.h"

#include <algorithm>

#include "engine/simd.h"
#include "test/check.h"
#include "test/engine/scalar_engine.h"
#include "test/support/bytes.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::test;

namespace {

constexpr std::size_t kGuard = 16;
constexpr std::uint8_t kGuardByte = 0xA5;

Bytes Expected(const Bytes& payload, std::uint64_t position) {
  Bytes masked = payload;
  for (std::size_t i = 0; i < masked.size(); ++i) masked[i] ^= kTestKey[(position + i) % 4];
  return masked;
}

bool IsGuard(const Bytes& bytes, std::size_t from, std::size_t to) {
  return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.begin() + static_cast<std::ptrdiff_t>(to),
                     [](std::uint8_t byte) { return byte == kGuardByte; });
}

using Mask = void (*)(const std::uint8_t*, std::uint8_t*, std::size_t, const engine::MaskKey&, std::uint64_t);

// Copies between all distances from a 16-byte boundary.
void CheckCopy(Mask apply, std::size_t size, std::size_t alignment, std::uint64_t position) {
  const Bytes payload = Pattern(size);
  Bytes source(alignment + size);
  std::copy(payload.begin(), payload.end(), source.begin() + static_cast<std::ptrdiff_t>(alignment));
  const std::size_t start = kGuard + (alignment * 5 + 3) % 16;
  Bytes target(start + size + kGuard, kGuardByte);
  apply(source.data() + alignment, target.data() + start, size, kTestKey, position);
  const Bytes written(target.begin() + static_cast<std::ptrdiff_t>(start),
                      target.begin() + static_cast<std::ptrdiff_t>(start + size));
  CHECK_EQ(written, Expected(payload, position));
  CHECK(IsGuard(target, 0, start) && IsGuard(target, start + size, target.size()));
}

void CheckInPlace(Mask apply, std::size_t size, std::size_t alignment, std::uint64_t position) {
  Bytes bytes(alignment, kGuardByte);
  Append(bytes, Pattern(size));
  bytes.resize(bytes.size() + kGuard, kGuardByte);
  apply(bytes.data() + alignment, bytes.data() + alignment, size, kTestKey, position);
  const Bytes written(bytes.begin() + static_cast<std::ptrdiff_t>(alignment),
                      bytes.begin() + static_cast<std::ptrdiff_t>(alignment + size));
  CHECK_EQ(written, Expected(Pattern(size), position));
  CHECK(IsGuard(bytes, 0, alignment) && IsGuard(bytes, alignment + size, bytes.size()));
}

void CheckAllSizes(Mask apply) {
  for (std::size_t size = 0; size <= 200; ++size) {
    for (std::size_t alignment = 0; alignment < 16; ++alignment) {
      for (std::uint64_t phase = 0; phase < 4; ++phase) {
        CheckCopy(apply, size, alignment, phase);
        CheckInPlace(apply, size, alignment, phase);
      }
    }
  }
}

}  // namespace

TEST("mask: every length, alignment and phase") { CheckAllSizes(engine::ApplyMask); }

TEST("mask: every length, alignment and phase without SIMD") { CheckAllSizes(ScalarApplyMask); }

TEST("mask: the phase follows the place in the payload, also beyond 4 GiB") {
  for (const std::uint64_t position : {5ull, 0xFFFFFFFFull, 0x100000002ull, 0x7FFFFFFFFFFFFFFFull}) {
    CheckCopy(engine::ApplyMask, 37, 0, position);
    CheckCopy(ScalarApplyMask, 37, 0, position);
  }
}

TEST("mask: twice gives the payload back") {
  Bytes bytes = Pattern(1000);
  engine::ApplyMask(bytes.data(), bytes.data(), bytes.size(), kTestKey, 1);
  CHECK(bytes != Pattern(1000));
  engine::ApplyMask(bytes.data(), bytes.data(), bytes.size(), kTestKey, 1);
  CHECK_EQ(bytes, Pattern(1000));
}

TEST("mask: this machine's baseline has SIMD") {
#if defined(__x86_64__) || defined(__aarch64__) || defined(_M_X64) || defined(_M_ARM64)
  CHECK_EQ(WINWIRE_SIMD, 1);
#endif
}
