#include "engine/utf8.h"

#include <algorithm>

#include "test/check.h"
#include "test/engine/scalar_engine.h"
#include "test/support/bytes.h"
#include "test/support/choices.h"
#include "test/support/reference_utf8.h"

using namespace winwire;
using namespace winwire::test;

namespace {

Utf8Verdict Judge(const std::uint8_t* bytes, std::size_t size, std::size_t split) {
  engine::Utf8Validator validator;
  if (!validator.Feed(bytes, split) || !validator.Feed(bytes + split, size - split)) return Utf8Verdict::kInvalid;
  return validator.Complete() ? Utf8Verdict::kComplete : Utf8Verdict::kIncomplete;
}

Utf8Verdict Reference(const Bytes& bytes) {
  if (IsUtf8(bytes)) return Utf8Verdict::kComplete;
  return IsUtf8Prefix(bytes) ? Utf8Verdict::kIncomplete : Utf8Verdict::kInvalid;
}

void CheckSplit(const Bytes& bytes, std::size_t split, Utf8Verdict expected) {
  if (Judge(bytes.data(), bytes.size(), split) != expected ||
      ScalarUtf8(bytes.data(), bytes.size(), split) != expected) {
    const std::string where = Describe(bytes) + " split at " + std::to_string(split);
    CHECK_EQ(Judge(bytes.data(), bytes.size(), split), expected, where);
    CHECK_EQ(ScalarUtf8(bytes.data(), bytes.size(), split), expected, where + " without SIMD");
  }
}

void CheckEverySplit(const Bytes& bytes) {
  const Utf8Verdict expected = Reference(bytes);
  for (std::size_t split = 0; split <= bytes.size(); ++split) CheckSplit(bytes, split, expected);
}

// Both sides of every limit in the table of RFC 3629 section 4.
constexpr std::uint8_t kAroundTails[] = {0x7F, 0x80, 0xBF, 0xC0};
constexpr std::uint8_t kInteresting[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                         0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF};

// Sequences at each position around the end of a 16-byte block, with ASCII around them.
void CheckInBlocks(const Bytes& sequence) {
  const Utf8Verdict expected = Reference(Join({sequence, FromText("z")}));
  for (std::size_t before = 16 - sequence.size() - 1; before <= 17; ++before) {
    Bytes bytes(before, 'a');
    Append(bytes, sequence);
    bytes.resize(40, 'z');
    CheckSplit(bytes, 0, expected);
  }
}

// Characters of one to four bytes, including the limits of each size.
Bytes RandomText(Choices& choices, std::size_t characters) {
  constexpr const char* kCharacters[] = {"a",
                                         "\x7F",
                                         "\xC2\x80",
                                         "\xDF\xBF",
                                         "\xE0\xA0\x80",
                                         "\xED\x9F\xBF",
                                         "\xEE\x80\x80",
                                         "\xEF\xBF\xBF",
                                         "\xF0\x90\x80\x80",
                                         "\xF4\x8F\xBF\xBF",
                                         "\xC3\xA9",
                                         "\xE2\x82\xAC",
                                         "z"};
  Bytes bytes;
  for (std::size_t i = 0; i < characters; ++i) Append(bytes, FromText(choices.Of(kCharacters)));
  return bytes;
}

}  // namespace

TEST("utf8: every string of one and two bytes") {
  for (unsigned first = 0; first < 256; ++first) {
    CheckEverySplit({static_cast<std::uint8_t>(first)});
    for (unsigned second = 0; second < 256; ++second) {
      CheckEverySplit({static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)});
    }
  }
}

TEST("utf8: three bytes around every limit") {
  for (const std::uint8_t first : kInteresting) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const std::uint8_t third : kInteresting) CheckEverySplit({first, static_cast<std::uint8_t>(second), third});
    }
  }
}

TEST("utf8: four bytes around every limit") {
  for (unsigned first = 0xE0; first < 256; ++first) {
    for (const std::uint8_t second : kInteresting) {
      for (const std::uint8_t third : kAroundTails) {
        for (const std::uint8_t fourth : kAroundTails) {
          CheckEverySplit({static_cast<std::uint8_t>(first), second, third, fourth});
        }
      }
    }
  }
}

TEST("utf8: sequences around the end of a block") {
  for (unsigned first = 0x80; first < 256; ++first) {
    const auto lead = static_cast<std::uint8_t>(first);
    CheckInBlocks({lead});
    for (const std::uint8_t second : kInteresting) {
      CheckInBlocks({lead, second});
      CheckInBlocks({lead, second, 0x80});
      CheckInBlocks({lead, second, 0xBF, 0x80});
      CheckInBlocks({lead, second, 0x80, 0x80, 0x80});
    }
  }
}

TEST("utf8: text cut anywhere is accepted, and complete only between characters") {
  Choices choices(1);
  for (int round = 0; round < 40; ++round) {
    const Bytes text = RandomText(choices, 40);
    CheckEverySplit(text);
    for (std::size_t size = 0; size < text.size(); ++size) {
      const Bytes prefix(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
      CheckSplit(prefix, size / 2, Reference(prefix));
    }
  }
}

TEST("utf8: one wrong byte anywhere in a text is found as soon as it is wrong") {
  Choices choices(2);
  for (int round = 0; round < 400; ++round) {
    Bytes text = RandomText(choices, 30);
    text[choices.Below(static_cast<std::uint32_t>(text.size()))] = choices.Of(kInteresting);
    CheckEverySplit(text);
    std::size_t size = choices.Below(static_cast<std::uint32_t>(text.size()));
    text.resize(size);
    CheckEverySplit(text);
  }
}

TEST("utf8: byte by byte") {
  Choices choices(3);
  for (int round = 0; round < 50; ++round) {
    const Bytes text = RandomText(choices, 50);
    engine::Utf8Validator validator;
    for (const std::uint8_t byte : text) CHECK(validator.Feed(&byte, 1));
    CHECK(validator.Complete());
  }
}

TEST("utf8: what goes on with a cut character may lie anywhere and be of any size") {
  const Bytes character = FromHex("f09f9880");
  for (std::ptrdiff_t cut = 1; cut <= 4; ++cut) {
    for (std::size_t more = 0; more <= 40; ++more) {
      const Bytes start(character.begin(), character.begin() + cut);
      Bytes rest(character.begin() + cut, character.end());
      rest.resize(rest.size() + more, 'a');
      engine::Utf8Validator validator;
      CHECK(validator.Feed(start.data(), start.size()) && validator.Feed(rest.data(), rest.size()));
      CHECK(validator.Complete());
    }
  }
}

TEST("utf8: a validator that was reset begins anew") {
  engine::Utf8Validator validator;
  const Bytes open = FromHex("e0");
  CHECK(validator.Feed(open.data(), open.size()));
  CHECK(!validator.Complete());
  validator.Reset();
  CHECK(validator.Complete());
  const Bytes two = FromHex("c280");
  CHECK(validator.Feed(two.data(), two.size()));
}

TEST("utf8: nothing is well-formed") {
  engine::Utf8Validator validator;
  CHECK(validator.Complete());
  CHECK(validator.Feed(nullptr, 0));
  CHECK(validator.Complete());
}

TEST("utf8: the reference knows the examples of RFC 3629") {
  CHECK(IsUtf8(FromHex("41e289a2ce912e")));
  CHECK(IsUtf8(FromHex("ed959ceab5adec96b4")));
  CHECK(IsUtf8(FromHex("efbbbff0a38eb4")));
  CHECK(!IsUtf8(FromHex("c080")));
  CHECK(!IsUtf8(FromHex("eda081edb080")));
  CHECK(!IsUtf8(FromHex("f4908080")));
}
