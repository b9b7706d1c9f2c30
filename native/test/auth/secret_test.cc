// Text that is wiped.
#include "auth/secret.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "test/check.h"

namespace winwire::test {

using auth::Secret;
using auth::TextChar;

TEST("secret: wiping overwrites each byte") {
  std::array<char, 5> bytes = {'a', 'b', 'c', 'd', 'e'};
  auth::Wipe(bytes.data(), 4);
  CHECK(std::all_of(bytes.begin(), bytes.begin() + 4, [](char c) { return c == 0; }));
  CHECK_EQ(bytes[4], 'e');
}

TEST("secret: moving leaves no copy") {
  Secret secret(3);
  secret.data()[0] = 'x';
  const TextChar* const text = secret.data();
  Secret moved(std::move(secret));
  CHECK(moved.data() == text);
  CHECK_EQ(moved.length(), 3);
  Secret assigned;
  assigned = std::move(moved);
  CHECK(assigned.data() == text);
  CHECK_EQ(assigned.data()[0], 'x');
  CHECK_EQ(assigned.data()[3], '\0');
}

}  // namespace winwire::test
