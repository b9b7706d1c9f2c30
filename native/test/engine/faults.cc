#include "test/engine/faults.h"

#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#endif

namespace winwire::test {
namespace {

struct AllocationState {
  std::uint64_t count = 0;
  bool armed = false;
  bool happened = false;
  std::uint64_t left = 0;
};

thread_local AllocationState allocations;

void* Allocate(std::size_t size) {
  ++allocations.count;
  if (allocations.armed && allocations.left-- == 0) {
    allocations.armed = false;
    allocations.happened = true;
    return nullptr;
  }
  return std::malloc(size == 0 ? 1 : size);  // NOLINT(cppcoreguidelines-no-malloc): this is operator new
}

void* AllocateOrThrow(std::size_t size) {
  void* const memory = Allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

std::vector<RandomFault>& RandomScript() {
  static std::vector<RandomFault> script;
  return script;
}

}  // namespace

std::uint64_t AllocationCount() { return allocations.count; }

FailingAllocation::FailingAllocation(std::uint64_t index) {
  allocations.left = index;
  allocations.happened = false;
}

FailingAllocation::~FailingAllocation() { allocations.armed = false; }

void FailingAllocation::Pause() { allocations.armed = false; }
void FailingAllocation::Resume() { allocations.armed = !allocations.happened; }
bool FailingAllocation::Happened() { return allocations.happened; }

std::size_t RandomFaultsLeft() { return RandomScript().size(); }

bool ScriptRandom(std::vector<RandomFault> faults) {
  RandomScript().assign(faults.rbegin(), faults.rend());
#ifdef __linux__
  return true;
#else
  return false;
#endif
}

}  // namespace winwire::test

void* operator new(std::size_t size) { return winwire::test::AllocateOrThrow(size); }
void* operator new[](std::size_t size) { return winwire::test::AllocateOrThrow(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return winwire::test::Allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return winwire::test::Allocate(size); }
// NOLINTBEGIN(cppcoreguidelines-no-malloc): the other side of Allocate
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
// NOLINTEND(cppcoreguidelines-no-malloc)

#ifdef __linux__
// This definition takes precedence over the C library's function of the same name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" ssize_t getrandom(void* buffer, std::size_t size, unsigned flags) {
  auto& script = winwire::test::RandomScript();
  if (script.empty()) return syscall(SYS_getrandom, buffer, size, flags);
  const winwire::test::RandomFault fault = script.back();
  script.pop_back();
  switch (fault) {
    case winwire::test::RandomFault::kFails:
      errno = ENOSYS;
      return -1;
    case winwire::test::RandomFault::kInterrupted:
      errno = EINTR;
      return -1;
    case winwire::test::RandomFault::kOneByte:
      return syscall(SYS_getrandom, buffer, 1, flags);
    case winwire::test::RandomFault::kNothing:
      return 0;
  }
  return -1;
}
#endif
