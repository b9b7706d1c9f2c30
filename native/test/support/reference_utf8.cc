#include "test/support/reference_utf8.h"

#include <algorithm>
#include <array>

namespace winwire::test {
namespace {

struct Shape {
  std::size_t size;
  std::uint32_t lowest;  // lowest code point with this many bytes
  std::uint8_t lead;     // the fixed bits of the first byte
  std::uint8_t mask;     // their mask
};

constexpr Shape kShapes[] = {
    {1, 0x0, 0x00, 0x80}, {2, 0x80, 0xC0, 0xE0}, {3, 0x800, 0xE0, 0xF0}, {4, 0x10000, 0xF0, 0xF8}};

const Shape* ShapeOf(std::uint8_t lead) {
  const Shape* shape = std::find_if(std::begin(kShapes), std::end(kShapes),
                                    [lead](const Shape& entry) { return (lead & entry.mask) == entry.lead; });
  return shape == std::end(kShapes) ? nullptr : shape;
}

// Returns the size of the character at `position`, 0 if there is none.
std::size_t CharacterAt(const Bytes& bytes, std::size_t position) {
  const Shape* shape = ShapeOf(bytes[position]);
  if (shape == nullptr || bytes.size() - position < shape->size) return 0;
  std::uint32_t code_point = bytes[position] & static_cast<std::uint8_t>(~shape->mask);
  for (std::size_t i = 1; i < shape->size; ++i) {
    const std::uint8_t byte = bytes[position + i];
    if (byte / 64 != 2) return 0;
    code_point = code_point * 64 + byte % 64;
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point >= shape->lowest && code_point <= 0x10FFFF && !surrogate ? shape->size : 0;
}

// Continuation bytes: the ends of all ranges of RFC 3629 section 4.
constexpr std::array<std::uint8_t, 6> kContinuations = {0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF};

bool CanBecomeCharacter(Bytes start) {
  if (CharacterAt(start, 0) != 0) return true;
  if (start.size() == 4) return false;
  return std::any_of(kContinuations.begin(), kContinuations.end(), [&](std::uint8_t byte) {
    Bytes longer = start;
    longer.push_back(byte);
    return CanBecomeCharacter(longer);
  });
}

}  // namespace

bool IsUtf8(const Bytes& bytes) {
  for (std::size_t position = 0; position < bytes.size();) {
    const std::size_t size = CharacterAt(bytes, position);
    if (size == 0) return false;
    position += size;
  }
  return true;
}

bool IsUtf8Prefix(const Bytes& bytes) {
  std::size_t position = 0;
  while (position < bytes.size()) {
    const std::size_t size = CharacterAt(bytes, position);
    if (size == 0) break;
    position += size;
  }
  const Bytes rest(bytes.begin() + static_cast<std::ptrdiff_t>(position), bytes.end());
  return rest.empty() || (rest.size() < 4 && CanBecomeCharacter(rest));
}

}  // namespace winwire::test
