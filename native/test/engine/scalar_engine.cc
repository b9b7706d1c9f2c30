#include "test/engine/scalar_engine.h"

#include <cstring>

// A second copy of two engine files in another namespace.
// NOLINTBEGIN(bugprone-suspicious-include, readability-identifier-naming)
#define WINWIRE_SCALAR 1
#define engine scalar_engine
#include "engine/mask.cc"
#include "engine/utf8.cc"
#undef engine
// NOLINTEND(bugprone-suspicious-include, readability-identifier-naming)

namespace winwire::test {

void ScalarApplyMask(const std::uint8_t* from, std::uint8_t* to, std::size_t size,
                     const std::array<std::uint8_t, 4>& key, std::uint64_t position) {
  scalar_engine::ApplyMask(from, to, size, key, position);
}

Utf8Verdict ScalarUtf8(const std::uint8_t* bytes, std::size_t size, std::size_t split) {
  scalar_engine::Utf8Validator validator;
  if (!validator.Feed(bytes, split) || !validator.Feed(bytes + split, size - split)) return Utf8Verdict::kInvalid;
  return validator.Complete() ? Utf8Verdict::kComplete : Utf8Verdict::kIncomplete;
}

}  // namespace winwire::test
