#include "pump/out_block.h"

#include "test/check.h"
#include "test/support/bytes.h"

namespace winwire::test {
namespace {

Bytes BytesOf(const pump::OutBlock& out) { return {out.Bytes().begin(), out.Bytes().end()}; }

TEST("out block: bytes stay in the fixed memory while they fit") {
  Bytes fixed(8);
  pump::OutBlock out(fixed);
  CHECK_EQ(out.Size(), 0u);
  out.Append(FromText("abcd").data(), 4);
  out.Append(FromText("efgh").data(), 4);
  CHECK(out.InFixed());
  CHECK_EQ(ToText(BytesOf(out)), "abcdefgh");
  CHECK_EQ(ToText(fixed), "abcdefgh");
}

TEST("out block: beyond that all bytes move to allocated memory") {
  Bytes fixed(8);
  pump::OutBlock out(fixed);
  out.Append(FromText("abcd").data(), 4);
  out.Append(FromText("12345").data(), 5);
  CHECK(!out.InFixed());
  out.Append(FromText("!").data(), 1);
  CHECK_EQ(out.Size(), 10u);
  CHECK_EQ(ToText(BytesOf(out)), "abcd12345!");
}

TEST("out block: it is empty after Clear and Release") {
  Bytes fixed(2);
  pump::OutBlock out(fixed);
  out.Append(FromText("abcd").data(), 4);
  out.Clear();
  CHECK(out.InFixed());
  CHECK_EQ(out.Size(), 0u);
  out.Append(FromText("x").data(), 1);
  out.Release();
  CHECK_EQ(out.Size(), 0u);
  out.Append(nullptr, 0);
  CHECK_EQ(out.Size(), 0u);
}

}  // namespace
}  // namespace winwire::test
