#include "pump/text.h"

#include <string>
#include <string_view>

#include "test/check.h"
#include "test/support/bytes.h"
#include "test/support/choices.h"
#include "test/support/reference_utf8.h"

namespace winwire::test {
namespace {

struct Decoded {
  bool good;
  std::u16string text;
};

Decoded Decode(const Bytes& bytes) {
  std::u16string units(bytes.size(), u'\0');
  std::size_t count = 0;
  const bool good = pump::DecodeUtf8(bytes, units.data(), count);
  if (good) units.resize(count);
  return {good, units};
}

TEST("pump text: ASCII is distinguished at every length and position") {
  for (std::size_t size = 0; size < 40; ++size) {
    Bytes bytes(size, 0x7F);
    CHECK(pump::IsAscii(bytes));
    for (std::size_t at = 0; at < size; ++at) {
      bytes[at] = 0x80;
      CHECK(!pump::IsAscii(bytes), "at " + std::to_string(at) + " of " + std::to_string(size));
      bytes[at] = 0;
    }
  }
}

TEST("pump text: UTF-8 becomes UTF-16, at every boundary of the code points") {
  const std::string_view utf8 = "a\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF";
  const Decoded decoded = Decode(FromText(utf8));
  CHECK(decoded.good);
  CHECK(decoded.text == u"a\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF");
}

TEST("pump text: invalid UTF-8 is rejected") {
  for (const char* hex :
       {"80", "bf", "c0 80", "c1 bf", "c2", "c2 41", "e0 80 80", "e0 9f bf", "e1 80", "ed a0 80", "ed bf bf",
        "f0 80 80 80", "f0 8f bf bf", "f1 80 80", "f4 90 80 80", "f5 80 80 80", "ff", "61 c3", "c3 a9 e2 82"}) {
    CHECK(!Decode(FromHex(hex)).good, hex);
  }
}

TEST("pump text: random bytes give the result of the reference") {
  Choices choices(20);
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes;
    // Many lead and continuation bytes.
    for (std::uint32_t left = choices.Below(12); left > 0; --left) {
      bytes.push_back(static_cast<std::uint8_t>(choices.Byte() | (choices.OneIn(3) ? 0 : 0x80)));
    }
    CHECK_EQ(Decode(bytes).good, IsUtf8(bytes), ToHex(bytes));
  }
}

}  // namespace
}  // namespace winwire::test
