// The limit on the frames of a message: the same in both ways of a pump, wherever the network splits the bytes.
#include "pump/frame_counter.h"

#include <algorithm>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/pump/pump_driver.h"
#include "test/support/choices.h"
#include "test/support/wire.h"

namespace winwire::test {
namespace {

using pump::ReceiveStatus;

constexpr std::uint32_t kMost = 3;
constexpr std::size_t kSizes[] = {0, 1, 125, 126, 200, 65535, 65536};

// Messages of at most kMost frames, control frames between them, and then perhaps one with a frame too many.
struct Stream {
  Stream(Choices& choices, Role role) : choices_(choices), role_(role) {
    for (std::uint32_t left = choices.Below(5); left > 0; --left) {
      AddMessage(1 + choices.Below(kMost), true);
      ++messages;
    }
    exceeds = choices.OneIn(2);
    if (!exceeds) return;
    AddMessage(kMost, false);
    limit = wire.size();
    AddFrame(kContinuation, choices.OneIn(2));
  }

  void AddMessage(std::uint32_t frames, bool ends) {
    for (std::uint32_t i = 0; i < frames; ++i) {
      AddFrame(i == 0 ? kBinary : kContinuation, ends && i + 1 == frames);
      if (choices_.OneIn(3)) AddFrame(kPong, true);
    }
  }

  void AddFrame(std::uint8_t opcode, bool fin) {
    const Bytes payload(opcode == kPong ? choices_.Below(126) : choices_.Of(kSizes));
    Append(wire, role_ == Role::kServer ? Masked(opcode, payload, fin) : Bare(opcode, payload, fin));
  }

  Bytes wire;
  // Where the first frame too many begins.
  std::size_t limit = 0;
  bool exceeds = false;
  std::size_t messages = 0;

 private:
  Choices& choices_;
  Role role_;
};

std::size_t NextSize(Choices& choices) { return choices.OneIn(2) ? 1 : 1 + choices.Below(70000); }

TEST("pump: the frames of a message are counted however they are split") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Choices choices(seed);
    const Stream stream(choices, choices.Of(kBothRoles));
    const std::size_t end = stream.exceeds ? stream.limit : stream.wire.size();
    pump::FrameCounter counter;
    counter.LimitTo(kMost);
    std::size_t passed = 0;
    for (std::size_t at = 0; at < stream.wire.size();) {
      const std::size_t size = std::min(NextSize(choices), stream.wire.size() - at);
      passed += counter.Pass({stream.wire.data() + at, size});
      at += size;
    }
    CHECK_EQ(passed, end, "seed " + std::to_string(seed));
    CHECK_EQ(counter.exceeded(), stream.exceeds);
  }
}

TEST("pump: a message of too many frames ends the receiving in both ways, and where one follows the other") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const Way way : kBothWays) {
      Choices choices(seed);
      const Role role = choices.Of(kBothRoles);
      const Stream stream(choices, role);
      PumpDriver driver(way, role);
      driver.pump().LimitFrames(kMost);
      const std::size_t change = way == Way::kInPlace && choices.OneIn(2) ? choices.Below(70000) : ~std::size_t{0};
      auto status = ReceiveStatus::kWantsBytes;
      for (std::size_t at = 0; at < stream.wire.size() && status == ReceiveStatus::kWantsBytes;) {
        if (at >= change) driver.UseFunctions();
        const std::size_t size = std::min(NextSize(choices), stream.wire.size() - at);
        status = driver.Feed(Bytes(stream.wire.data() + at, stream.wire.data() + at + size));
        at += size;
      }
      const std::string note = "seed " + std::to_string(seed);
      CHECK(status == (stream.exceeds ? ReceiveStatus::kTooManyFrames : ReceiveStatus::kWantsBytes), note);
      CHECK_EQ(driver.failure(), abi::hresult::kOk, note);
      CHECK_EQ(driver.messages().size(), stream.messages, note);
    }
  }
}

}  // namespace
}  // namespace winwire::test
