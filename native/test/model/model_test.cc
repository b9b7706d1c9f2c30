#include "test/check.h"
#include "test/model/session.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::test;

namespace {

// Enough to take every branch of both sides many times, and quick.
constexpr std::uint64_t kSessions = 3000;
constexpr int kSteps = 150;

void RunSessions(std::uint64_t first, std::uint64_t count, int steps) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    Choices choices(seed);
    Session session(PortableApi(), choices);
    try {
      session.Run(steps);
    } catch (const CheckFailure& failure) {
      throw CheckFailure("seed " + std::to_string(seed) + ": " + failure.what());
    }
  }
}

}  // namespace

TEST("model: short sessions of random calls") { RunSessions(1, kSessions, kSteps); }

TEST("model: long sessions of random calls") { RunSessions(1000000, 30, 20 * kSteps); }
