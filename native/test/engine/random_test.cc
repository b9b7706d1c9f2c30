#include "engine/random.h"

#include <algorithm>

#include "test/check.h"
#include "test/engine/faults.h"
#include "test/support/bytes.h"

using namespace winwire;
using namespace winwire::test;

namespace {

Bytes Random(std::size_t size) {
  Bytes bytes(size);
  CHECK(engine::FillRandom(bytes.data(), bytes.size()));
  return bytes;
}

}  // namespace

TEST("random: two draws differ") {
  CHECK(Random(16) != Random(16));
  CHECK(Random(16) != Bytes(16));
}

TEST("random: every byte is filled") {
  // A byte that stays 0 in sixteen draws is not written (2^-128 otherwise).
  Bytes seen(300);
  for (int draw = 0; draw < 16; ++draw) {
    const Bytes bytes = Random(seen.size());
    for (std::size_t i = 0; i < seen.size(); ++i) seen[i] |= bytes[i];
  }
  CHECK(std::count(seen.begin(), seen.end(), 0) == 0);
}

TEST("random: nothing behind the end is written") {
  Bytes bytes(32, 0xEE);
  CHECK(engine::FillRandom(bytes.data(), 16));
  CHECK(std::all_of(bytes.begin() + 16, bytes.end(), [](std::uint8_t byte) { return byte == 0xEE; }));
  CHECK(engine::FillRandom(bytes.data(), 0));
}

TEST("random: reports a failed source") {
  Bytes bytes(16);
  if (!ScriptRandom({RandomFault::kFails})) return;
  CHECK(!engine::FillRandom(bytes.data(), bytes.size()));
  ScriptRandom({RandomFault::kNothing});
  CHECK(!engine::FillRandom(bytes.data(), bytes.size()));
  // errno still reports the interruption then.
  ScriptRandom({RandomFault::kInterrupted, RandomFault::kNothing});
  CHECK(!engine::FillRandom(bytes.data(), bytes.size()));
  ScriptRandom({RandomFault::kOneByte, RandomFault::kFails});
  CHECK(!engine::FillRandom(bytes.data(), bytes.size()));
  CHECK_EQ(RandomFaultsLeft(), 0u);
}

TEST("random: an interrupted or short call is continued") {
  for (int draw = 0; draw < 16; ++draw) {
    if (!ScriptRandom({RandomFault::kInterrupted, RandomFault::kOneByte, RandomFault::kInterrupted})) return;
    Bytes bytes(64, 0);
    CHECK(engine::FillRandom(bytes.data(), bytes.size()));
    CHECK_EQ(RandomFaultsLeft(), 0u);
    CHECK(std::count(bytes.begin(), bytes.end(), 0) < 16);
  }
}
