// Sixteen bytes at a time on the baseline of the target: SSE2 (every x64), NEON (every ARM64); else there is no
// `Bytes16`, and callers use their scalar path. WINWIRE_SCALAR disables it, so that one machine can test both paths.
#pragma once

#include <cstddef>
#include <cstdint>

#if !defined(WINWIRE_SCALAR) && (defined(__SSE2__) || defined(_M_X64) || (defined(_M_IX86_FP) && _M_IX86_FP >= 2))
#define WINWIRE_SIMD 1
#include <emmintrin.h>

namespace winwire::engine {

// A hint: any address is allowed.
inline void Prefetch(const std::uint8_t* address) { _mm_prefetch(reinterpret_cast<const char*>(address), _MM_HINT_T0); }

struct Bytes16 {
  __m128i value;

  static Bytes16 Load(const std::uint8_t* from) { return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))}; }
  static Bytes16 Fill(std::uint8_t byte) { return {_mm_set1_epi8(static_cast<char>(byte))}; }
  static Bytes16 FillWord(std::uint32_t word) { return {_mm_set1_epi32(static_cast<int>(word))}; }
  void Store(std::uint8_t* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value); }

  bool HasHighBit() const { return _mm_movemask_epi8(value) != 0; }
  // Unsigned comparison, lane by lane: 0xFF where this <= other.
  Bytes16 AtMost(Bytes16 other) const { return {_mm_cmpeq_epi8(_mm_min_epu8(value, other.value), value)}; }
  Bytes16 Equals(Bytes16 other) const { return {_mm_cmpeq_epi8(value, other.value)}; }
  // The bytes `Count` places before each of these; the first ones come from the end of `before`.
  template <int Count>
  Bytes16 Preceding(Bytes16 before) const {
    return {_mm_or_si128(_mm_slli_si128(value, Count), _mm_srli_si128(before.value, 16 - Count))};
  }

  friend Bytes16 operator^(Bytes16 a, Bytes16 b) { return {_mm_xor_si128(a.value, b.value)}; }
  friend Bytes16 operator|(Bytes16 a, Bytes16 b) { return {_mm_or_si128(a.value, b.value)}; }
  friend Bytes16 operator&(Bytes16 a, Bytes16 b) { return {_mm_and_si128(a.value, b.value)}; }
};

}  // namespace winwire::engine

#elif !defined(WINWIRE_SCALAR) && (defined(__aarch64__) || defined(_M_ARM64))
#define WINWIRE_SIMD 1
#include <arm_neon.h>
#if defined(_MSC_VER)
#include <intrin.h>
#endif

namespace winwire::engine {

// A hint: any address is allowed.
inline void Prefetch(const std::uint8_t* address) {
#if defined(_MSC_VER)
  __prefetch(address);
#else
  __builtin_prefetch(address);
#endif
}

struct Bytes16 {
  uint8x16_t value;

  static Bytes16 Load(const std::uint8_t* from) { return {vld1q_u8(from)}; }
  static Bytes16 Fill(std::uint8_t byte) { return {vdupq_n_u8(byte)}; }
  static Bytes16 FillWord(std::uint32_t word) { return {vreinterpretq_u8_u32(vdupq_n_u32(word))}; }
  void Store(std::uint8_t* to) const { vst1q_u8(to, value); }

  bool HasHighBit() const { return vmaxvq_u8(value) >= 0x80; }
  Bytes16 AtMost(Bytes16 other) const { return {vcleq_u8(value, other.value)}; }
  Bytes16 Equals(Bytes16 other) const { return {vceqq_u8(value, other.value)}; }
  template <int Count>
  Bytes16 Preceding(Bytes16 before) const {
    return {vextq_u8(before.value, value, 16 - Count)};
  }

  friend Bytes16 operator^(Bytes16 a, Bytes16 b) { return {veorq_u8(a.value, b.value)}; }
  friend Bytes16 operator|(Bytes16 a, Bytes16 b) { return {vorrq_u8(a.value, b.value)}; }
  friend Bytes16 operator&(Bytes16 a, Bytes16 b) { return {vandq_u8(a.value, b.value)}; }
};

}  // namespace winwire::engine

#else
#define WINWIRE_SIMD 0
#endif

#if WINWIRE_SIMD
namespace winwire::engine {

// How many bytes ahead loops over lines prefetch for reading and for writing. Less is too late, more has no effect
// (measured on an Intel Xeon).
inline constexpr std::size_t kPrefetchRead = 1024;
inline constexpr std::size_t kPrefetchWrite = 512;

// The unit of loops over large memory: a cache line of most processors.
struct Bytes64 {
  Bytes16 parts[4];

  static Bytes64 Load(const std::uint8_t* from) {
    return {{Bytes16::Load(from), Bytes16::Load(from + 16), Bytes16::Load(from + 32), Bytes16::Load(from + 48)}};
  }
  void Store(std::uint8_t* to) const {
    for (std::size_t i = 0; i < 4; ++i) parts[i].Store(to + i * 16);
  }

  friend Bytes64 operator^(const Bytes64& bytes, Bytes16 wide) {
    const Bytes16* const own = bytes.parts;
    return {{own[0] ^ wide, own[1] ^ wide, own[2] ^ wide, own[3] ^ wide}};
  }
};

}  // namespace winwire::engine
#endif
