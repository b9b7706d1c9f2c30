// The numbers of contexts.
#include "auth/context_table.h"

#include <memory>
#include <utility>

#include "test/check.h"

namespace winwire::test {
namespace {

using auth::Context;
using auth::ContextTable;

class EmptyContext final : public Context {
 public:
  auth::Result<auth::Token> Step(std::span<const std::uint8_t>) override { return auth::Token(); }
  std::optional<std::string> Identity() override { return {}; }
};

double AddOne(ContextTable& table) { return table.Add(std::make_unique<EmptyContext>()); }

}  // namespace

TEST("contexts: a number finds its context until it is removed") {
  ContextTable table;
  const int before = Context::Count();
  const double first = AddOne(table);
  const double second = AddOne(table);
  CHECK(first != second);
  CHECK(table.Find(first) != table.Find(second));
  CHECK_EQ(Context::Count(), before + 2);
  table.Remove(first);
  CHECK(table.Find(first) == nullptr);
  CHECK(table.Find(second) != nullptr);
  CHECK_EQ(Context::Count(), before + 1);
}

TEST("contexts: the number of a removed context stays invalid when its slot is used again") {
  ContextTable table;
  const double first = AddOne(table);
  table.Remove(first);
  const double second = AddOne(table);
  CHECK(first != second);
  CHECK(table.Find(first) == nullptr);
  table.Remove(first);
  CHECK(table.Find(second) != nullptr);
}

TEST("contexts: numbers of no context find nothing") {
  ContextTable table;
  const double number = AddOne(table);
  for (const double other : {0.0, -1.0, number + 0.5, number + 1, 1e300, -1e300, 0.0 / number - 1}) {
    CHECK(table.Find(other) == nullptr);
    table.Remove(other);
  }
  CHECK(table.Find(number) != nullptr);
}

TEST("contexts: a context that is in use is freed after its last use") {
  ContextTable table;
  const int before = Context::Count();
  const double number = AddOne(table);
  auto used = table.Find(number);
  table.Remove(number);
  CHECK_EQ(Context::Count(), before + 1);
  used.reset();
  CHECK_EQ(Context::Count(), before);
}

TEST("contexts: a closed table frees all contexts and accepts no more") {
  ContextTable table;
  const int before = Context::Count();
  const double number = AddOne(table);
  AddOne(table);
  table.Close();
  CHECK_EQ(Context::Count(), before);
  CHECK(AddOne(table) == 0);
  CHECK_EQ(Context::Count(), before);
  CHECK(table.Find(number) == nullptr);
}

}  // namespace winwire::test
