#include "test/support/bytes.h"

#include "test/check.h"

namespace winwire::test {
namespace {

int DigitValue(char digit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t value = kDigits.find(static_cast<char>(digit >= 'A' && digit <= 'F' ? digit - 'A' + 'a' : digit));
  CHECK(value != std::string_view::npos, "not a hexadecimal digit");
  return static_cast<int>(value);
}

}  // namespace

Bytes FromText(std::string_view text) { return Bytes(text.begin(), text.end()); }

std::string ToText(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

Bytes FromHex(std::string_view digits) {
  Bytes bytes;
  bool half = false;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    const int value = DigitValue(digit);
    if (half) {
      bytes.back() = static_cast<std::uint8_t>(bytes.back() * 16 + value);
    } else {
      bytes.push_back(static_cast<std::uint8_t>(value));
    }
    half = !half;
  }
  CHECK(!half, "an odd number of hexadecimal digits");
  return bytes;
}

std::string ToHex(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 0xF];
  }
  return text;
}

std::string ToHex(const Bytes& bytes) { return ToHex(bytes.data(), bytes.size()); }

Bytes Join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) Append(all, part);
  return all;
}

void Append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

Bytes Pattern(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(seed + i * 7 + (i >> 8) * 13);
  return bytes;
}

}  // namespace winwire::test
