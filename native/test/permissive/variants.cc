#include "test/permissive/variants.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <sstream>

#ifdef _WIN32
#include <windows.h>
#endif

namespace winwire::test::permissive {
namespace {

std::mutex g_mutex;
Selection g_selection;
std::uint64_t g_handles = 0;

// Empty if it is not set. Windows' C library does not see variables that Node has set in the process.
std::string ReadEnvironment(const char* name) {
#ifdef _WIN32
  char value[1024];
  const DWORD size = GetEnvironmentVariableA(name, value, sizeof(value));
  return size < sizeof(value) ? std::string(value, size) : std::string();
#else
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
#endif
}

std::vector<std::string> Split(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

// An unknown variant is an error in the test run, which must not pass.
std::uint64_t BitsOf(const std::vector<std::string>& names) {
  const std::vector<std::string> known = VariantNames();
  std::uint64_t bits = 0;
  for (const std::string& name : names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) std::abort();
    bits |= std::uint64_t{1} << (found - known.begin());
  }
  return bits;
}

}  // namespace

std::vector<std::string> VariantNames() {
  return {
#define WINWIRE_NAME_VARIANT(name, text) text,
      WINWIRE_VARIANTS(WINWIRE_NAME_VARIANT)
#undef WINWIRE_NAME_VARIANT
  };
}

Selection Selection::FromEnvironment() {
  Selection selection;
  selection.seed = std::strtoull(ReadEnvironment("WINWIRE_PERMISSIVE_SEED").c_str(), nullptr, 10);
  selection.without = Split(ReadEnvironment("WINWIRE_PERMISSIVE_WITHOUT"));
  selection.only = Split(ReadEnvironment("WINWIRE_PERMISSIVE_ONLY"));
  return selection;
}

void Select(const Selection& selection) {
  const std::lock_guard lock(g_mutex);
  g_selection = selection;
  g_handles = 0;
}

// Half of the variants, so that they meet each other in every mixture.
Variants Variants::Next() {
  const std::lock_guard lock(g_mutex);
  const std::uint64_t seed = g_selection.seed * 0x100000001 + ++g_handles;
  Choices choices(seed);
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = (bits << 8) | choices.Byte();
  if (!g_selection.only.empty()) bits = BitsOf(g_selection.only);
  return Variants(seed, bits & ~BitsOf(g_selection.without));
}

}  // namespace winwire::test::permissive
