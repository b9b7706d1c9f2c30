#include "engine/base64.h"

namespace winwire::engine {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string EncodeBase64(const std::uint8_t* bytes, std::size_t size) {
  std::string text;
  text.reserve((size + 2) / 3 * 4);
  for (std::size_t i = 0; i < size; i += 3) {
    const std::size_t count = size - i < 3 ? size - i : 3;
    std::uint32_t group = std::uint32_t{bytes[i]} << 16;
    if (count > 1) group |= std::uint32_t{bytes[i + 1]} << 8;
    if (count > 2) group |= bytes[i + 2];
    for (std::size_t digit = 0; digit < 4; ++digit) {
      text += digit <= count ? kAlphabet[(group >> (18 - 6 * digit)) & 0x3F] : '=';
    }
  }
  return text;
}

std::ptrdiff_t DecodedBase64Size(std::string_view text) {
  if (text.size() % 4 != 0) return -1;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view digits = text.substr(0, text.size() - padding);
  if (digits.find_first_not_of(kAlphabet) != std::string_view::npos) return -1;
  if (padding > 0) {
    // The unused bits of the last digit are zero in the canonical form (RFC 4648 section 3.5).
    const std::size_t last = kAlphabet.find(digits.back());
    const std::size_t unused = padding == 1 ? 0x3 : 0xF;
    if ((last & unused) != 0) return -1;
  }
  return static_cast<std::ptrdiff_t>(text.size() / 4 * 3 - padding);
}

}  // namespace winwire::engine
