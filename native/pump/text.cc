#include "pump/text.h"

#include <cstring>

#include "engine/simd.h"

namespace winwire::pump {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

std::uint64_t LoadEight(const std::uint8_t* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

constexpr bool IsContinuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

constexpr std::uint32_t LowSix(std::uint8_t byte) { return byte & 0x3Fu; }

// Decodes UTF-8 to UTF-16. Adjacent characters mostly have the same length, so each loop handles one length: a branch
// per character costs more than the conversion.
struct Decoding {
  // These stop at a character of another length, and return false for invalid UTF-8 (RFC 3629 section 4).
  void TakeAscii() {
    while (at < end && *at < 0x80) *to++ = *at++;
  }

  bool TakeTwos() {
    for (; at < end && *at >= 0x80 && *at < 0xE0; at += 2) {
      if (*at < 0xC2 || end - at < 2 || !IsContinuation(at[1])) return false;
      *to++ = static_cast<char16_t>((at[0] & 0x1Fu) << 6 | LowSix(at[1]));
    }
    return true;
  }

  bool TakeThrees() {
    for (; at < end && *at >= 0xE0 && *at < 0xF0; at += 3) {
      if (end - at < 3 || !IsContinuation(at[1]) || !IsContinuation(at[2])) return false;
      const std::uint32_t point = (at[0] & 0xFu) << 12 | LowSix(at[1]) << 6 | LowSix(at[2]);
      const bool is_surrogate = (point & 0xF800) == 0xD800;
      if (point < 0x800 || is_surrogate) return false;
      *to++ = static_cast<char16_t>(point);
    }
    return true;
  }

  bool TakeFours() {
    for (; at < end && *at >= 0xF0; at += 4) {
      if (end - at < 4 || !IsContinuation(at[1]) || !IsContinuation(at[2]) || !IsContinuation(at[3])) return false;
      const std::uint32_t point = (at[0] & 0xFu) << 18 | LowSix(at[1]) << 12 | LowSix(at[2]) << 6 | LowSix(at[3]);
      if (point < 0x10000 || point > 0x10FFFF) return false;
      *to++ = static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
      *to++ = static_cast<char16_t>(0xDC00 + (point & 0x3FF));
    }
    return true;
  }

  const std::uint8_t* at;
  const std::uint8_t* end;
  char16_t* to;
};

}  // namespace

bool IsAscii(std::span<const std::uint8_t> text) {
  std::size_t at = 0;
#if WINWIRE_SIMD
  for (; text.size() - at >= 16; at += 16) {
    if (engine::Bytes16::Load(text.data() + at).HasHighBit()) return false;
  }
#endif
  for (; text.size() - at >= 8; at += 8) {
    if ((LoadEight(text.data() + at) & kHighBits) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    if (text[at] >= 0x80) return false;
  }
  return true;
}

bool DecodeUtf8(std::span<const std::uint8_t> text, char16_t* to, std::size_t& units) {
  Decoding decoding{text.data(), text.data() + text.size(), to};
  while (decoding.at < decoding.end) {
    decoding.TakeAscii();
    if (!decoding.TakeTwos() || !decoding.TakeThrees() || !decoding.TakeFours()) return false;
  }
  units = static_cast<std::size_t>(decoding.to - to);
  return true;
}

}  // namespace winwire::pump
