// Faults injected into what the engine takes from the system: memory and randomness. Linked into engine_tests only,
// where operator new is replaced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace winwire::test {

// Allocations by operator new on this thread.
std::uint64_t AllocationCount();

// While it lives, the allocation number `index` (from 0) of this thread fails, and no other.
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

// What the next calls of the system's random source do, one entry a call; without entries it works.
enum class RandomFault { kFails, kInterrupted, kOneByte, kNothing };

// False where the source cannot be replaced (it is on Linux).
bool ScriptRandom(std::vector<RandomFault> faults);
// Entries not used yet.
std::size_t RandomFaultsLeft();

}  // namespace winwire::test
