#include "pump/text.h"

#include <cstring>

namespace winwire::pump {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

std::uint64_t LoadEight(const std::uint8_t* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

constexpr bool IsContinuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// The code point that begins at text[at], whose lead byte is not ASCII; `at` moves behind it. -1 for what is none
// (RFC 3629 section 4).
std::int32_t TakeCodePoint(std::span<const std::uint8_t> text, std::size_t& at) {
  const std::uint8_t lead = text[at];
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < size) return -1;
  std::int32_t code_point = lead & (0x7F >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const std::uint8_t byte = text[at + i];
    if (!IsContinuation(byte)) return -1;
    code_point = (code_point << 6) | (byte & 0x3F);
  }
  constexpr std::int32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kLeast[size] || surrogate || code_point > 0x10FFFF) return -1;
  at += size;
  return code_point;
}

}  // namespace

bool IsAscii(std::span<const std::uint8_t> text) {
  std::size_t at = 0;
  for (; text.size() - at >= 8; at += 8) {
    if ((LoadEight(text.data() + at) & kHighBits) != 0) return false;
  }
  for (; at < text.size(); ++at) {
    if (text[at] >= 0x80) return false;
  }
  return true;
}

bool DecodeUtf8(std::span<const std::uint8_t> text, char16_t* to, std::size_t& units) {
  char16_t* next = to;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] < 0x80) {
      *next++ = text[at++];
      continue;
    }
    const std::int32_t code_point = TakeCodePoint(text, at);
    if (code_point < 0) return false;
    if (code_point < 0x10000) {
      *next++ = static_cast<char16_t>(code_point);
    } else {
      *next++ = static_cast<char16_t>(0xD800 + ((code_point - 0x10000) >> 10));
      *next++ = static_cast<char16_t>(0xDC00 + (code_point & 0x3FF));
    }
  }
  units = static_cast<std::size_t>(next - to);
  return true;
}

}  // namespace winwire::pump
