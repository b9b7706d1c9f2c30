#include "test/check.h"

#include <cstdio>

namespace winwire::test {

std::vector<TestCase>& RegisteredTests() {
  static std::vector<TestCase> tests;
  return tests;
}

void FailCheck(const CheckSite& site, std::string_view details) {
  std::string text = std::string(site.file) + ":" + std::to_string(site.line) + ": failed: " + site.text;
  if (!details.empty()) text.append(details.front() == '\n' ? "" : "\n  ").append(details);
  throw CheckFailure(text);
}

std::string DescribeText(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string DescribeBytes(const std::uint8_t* bytes, std::size_t size) {
  constexpr std::size_t kShown = 64;
  std::string text = std::to_string(size) + " bytes";
  for (std::size_t i = 0; i < size && i < kShown; ++i) {
    char digits[4];
    std::snprintf(digits, sizeof(digits), " %02x", static_cast<unsigned>(bytes[i]));
    text += digits;
  }
  return size > kShown ? text + " ..." : text;
}

std::string DescribePointer(const void* pointer) {
  if (pointer == nullptr) return "NULL";
  char text[32];
  std::snprintf(text, sizeof(text), "%p", pointer);
  return text;
}

// HRESULTs and buffer types are negative 32-bit numbers, readable only as hexadecimal.
std::string DescribeInteger(std::int64_t value, std::size_t width) {
  if (value >= 0 || width != 4) return std::to_string(value);
  char text[16];
  std::snprintf(text, sizeof(text), "0x%08X", static_cast<unsigned>(static_cast<std::uint32_t>(value)));
  return text;
}

std::string DescribeUnsigned(std::uint64_t value) { return std::to_string(value); }

}  // namespace winwire::test
