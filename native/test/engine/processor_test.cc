#include "engine/processor.h"

#include <fstream>
#include <iterator>
#include <string>

#include "test/check.h"

namespace winwire::test {
namespace {

TEST("processor: what it prefers depends on its vendor, as Linux tells it") {
  std::ifstream file("/proc/cpuinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // Not Linux.
  if (text.empty()) return;
  const bool is_intel = text.find("GenuineIntel") != std::string::npos;
  const bool is_x86 = text.find("vendor_id") != std::string::npos;
  CHECK_EQ(engine::PrefersPrefetch(), is_intel);
  CHECK_EQ(engine::PrefersMemcpy(), is_intel || !is_x86);
}

}  // namespace
}  // namespace winwire::test
