// Random sequences of the 13 functions on two handles, compared with the model.
#include "test/fuzz/fuzz.h"
#include "test/model/session.h"
#include "test/support/portable_api.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winwire::test;
  constexpr int kMostSteps = 400;
  RestartRandom();
  Choices choices(data, size);
  Session session(PortableApi(), choices);
  session.Run(kMostSteps);
  return 0;
}
