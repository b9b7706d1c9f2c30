// Reading in place changes only the speed: such a pump has the same results as one that calls the 13 functions.
#include "test/check.h"
#include "test/pump/pump_comparison.h"

namespace winwire::test {
namespace {

TEST("pump: both ways give the same results for any bytes in any chunks") {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Choices choices(seed);
    const PumpPlan plan = MakePumpPlan(choices);
    Bytes wire;
    for (std::uint32_t pieces = 1 + choices.Below(6); pieces > 0; --pieces) Append(wire, PeerBytes(choices, plan.role));
    ComparePumps(plan, wire, "seed " + std::to_string(seed));
  }
}

}  // namespace
}  // namespace winwire::test
