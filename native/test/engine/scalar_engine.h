// The engine's mask and UTF-8 check compiled without SIMD, to compare both.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace winwire::test {

void ScalarApplyMask(const std::uint8_t* from, std::uint8_t* to, std::size_t size,
                     const std::array<std::uint8_t, 4>& key, std::uint64_t position);

enum class Utf8Verdict { kInvalid, kIncomplete, kComplete };

// Fed in two pieces, the first of `split` bytes.
Utf8Verdict ScalarUtf8(const std::uint8_t* bytes, std::size_t size, std::size_t split);

}  // namespace winwire::test
