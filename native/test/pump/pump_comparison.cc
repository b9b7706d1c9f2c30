#include "test/pump/pump_comparison.h"

#include <algorithm>

#include "test/check.h"

namespace winwire::test {
namespace {

// The visible results of a pump.
struct Outcome {
  std::vector<std::string> log;
  std::vector<std::string> pongs;
  // What is missing of a data frame after each chunk.
  std::vector<std::string> missing;
  std::uint64_t pong_count = 0;
  pump::ReceiveStatus status = pump::ReceiveStatus::kWantsBytes;
  abi::HRESULT failure = abi::hresult::kOk;
};

Outcome Run(Way way, const PumpPlan& plan, const Bytes& wire) {
  PumpDriver driver(way, plan.role, plan.options);
  if (plan.closes_first) {
    CHECK_EQ(driver.SendClose(), abi::hresult::kOk);
    driver.TakeOut();
  }
  Outcome outcome;
  std::size_t turn = 0;
  for (std::size_t at = 0; at < wire.size() && outcome.status == pump::ReceiveStatus::kWantsBytes;) {
    const std::size_t size = std::min(plan.chunks[turn++ % plan.chunks.size()], wire.size() - at);
    outcome.status = driver.Feed(Bytes(wire.data() + at, wire.data() + at + size));
    outcome.failure = driver.failure();
    if (abi::Failed(outcome.failure)) break;
    if (driver.frame_left() > 0) {
      outcome.missing.push_back(std::to_string(at) + ": " + std::to_string(driver.frame_left()) +
                                (driver.frame_ends_message() ? ", the last" : ""));
    }
    at += size;
  }
  outcome.log = driver.log();
  outcome.pong_count = driver.pump().PongCount();
  // A client's masks differ.
  for (const Frame& frame : DecodeAll(driver.TakeOut())) outcome.pongs.push_back(ToHex(frame.payload));
  return outcome;
}

}  // namespace

PumpPlan MakePumpPlan(Choices& choices) {
  constexpr abi::ULONG kReceiveSizes[] = {256, 300, 4096, 65536};
  constexpr std::size_t kChunks[] = {1, 2, 3, 7, 64, 130, 1000, 100000};
  PumpPlan plan;
  plan.role = choices.Of(kBothRoles);
  plan.options.properties.ReceiveBuffer(choices.Of(kReceiveSizes));
  if (choices.OneIn(4)) plan.options.properties.NoMasking();
  plan.options.item_count = choices.OneIn(2) ? 1 + choices.Below(4) : 64;
  plan.options.checks_text = !choices.OneIn(4);
  if (choices.OneIn(2)) plan.options.room_size = 1 + choices.Below(6000);
  plan.closes_first = choices.OneIn(8);
  for (std::uint32_t count = 1 + choices.Below(4); count > 0; --count) plan.chunks.push_back(choices.Of(kChunks));
  return plan;
}

void ComparePumps(const PumpPlan& plan, const Bytes& wire, const std::string& where) {
  const Outcome by_functions = Run(Way::kFunctions, plan, wire);
  const Outcome in_place = Run(Way::kInPlace, plan, wire);
  CHECK_EQ(in_place.log, by_functions.log, where);
  CHECK_EQ(in_place.missing, by_functions.missing, where);
  CHECK_EQ(in_place.pongs, by_functions.pongs, where);
  CHECK_EQ(in_place.pong_count, by_functions.pong_count, where);
  CHECK(in_place.status == by_functions.status, where);
  CHECK_EQ(in_place.failure, by_functions.failure, where);
}

}  // namespace winwire::test
