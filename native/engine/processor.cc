#include "engine/processor.h"

#include <cstdint>

// Not by the names of the processors alone: clang defines GCC's names when it replaces MSVC, too.
#if defined(_MSC_VER) && (defined(_M_X64) || defined(_M_IX86))
#define WINWIRE_CPUID_MSVC 1
#include <intrin.h>
#elif !defined(_MSC_VER) && (defined(__x86_64__) || defined(__i386__))
#define WINWIRE_CPUID_GCC 1
#include <cpuid.h>
#endif

namespace winwire::engine {
namespace {

enum class Vendor { kIntel, kOtherX86, kNotX86 };

Vendor FindVendor() {
  // "Genu", of "GenuineIntel".
  constexpr std::uint32_t kIntelStart = 0x756E6547;
#if defined(WINWIRE_CPUID_GCC)
  std::uint32_t eax = 0;
  std::uint32_t ebx = 0;
  std::uint32_t ecx = 0;
  std::uint32_t edx = 0;
  const bool known = __get_cpuid(0, &eax, &ebx, &ecx, &edx) != 0;
  return known && ebx == kIntelStart ? Vendor::kIntel : Vendor::kOtherX86;
#elif defined(WINWIRE_CPUID_MSVC)
  int registers[4] = {};
  __cpuid(registers, 0);
  return static_cast<std::uint32_t>(registers[1]) == kIntelStart ? Vendor::kIntel : Vendor::kOtherX86;
#else
  static_cast<void>(kIntelStart);
  return Vendor::kNotX86;
#endif
}

const Vendor kVendor = FindVendor();

}  // namespace

bool PrefersPrefetch() { return kVendor == Vendor::kIntel; }

bool PrefersMemcpy() { return kVendor != Vendor::kOtherX86; }

}  // namespace winwire::engine
