// Bytes of a peer in chunks of any size, for a pump that reads in place and one that calls the 13 functions: their
// outputs are equal. The input's first bytes select role, properties and chunks; the rest is the peer's data.
#include <algorithm>

#include "test/fuzz/fuzz.h"
#include "test/pump/pump_comparison.h"

using namespace winwire::test;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kChoiceBytes = 16;
  RestartRandom();
  const std::size_t head = std::min(size, kChoiceBytes);
  Choices choices(data, head);
  ComparePumps(MakePumpPlan(choices), Bytes(data + head, data + size), "");
  return 0;
}
