// Injects failures of memory and randomness into the engine. Only for engine_tests, where operator new is replaced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace winwire::test {

// Allocations by operator new on this thread.
std::uint64_t AllocationCount();

// While it exists, the allocation number `index` (from 0) of this thread fails.
class FailingAllocation {
 public:
  explicit FailingAllocation(std::uint64_t index);
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  ~FailingAllocation();

  // Allocations do not count and do not fail between Pause and Resume.
  static void Pause();
  static void Resume();
  static bool Happened();
};

// The results of the next calls of the system's random source, one entry per call; without entries it works.
enum class RandomFault { kFails, kInterrupted, kOneByte, kNothing };

// Returns false if the source cannot be replaced (it can on Linux).
bool ScriptRandom(std::vector<RandomFault> faults);
// Number of unused entries.
std::size_t RandomFaultsLeft();

}  // namespace winwire::test
