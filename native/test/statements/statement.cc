#include "test/statements/statement.h"

#include <algorithm>

namespace winwire::test {
namespace {

std::vector<Statement>& Registry() {
  static std::vector<Statement> statements;
  return statements;
}

}  // namespace

StatementRegistrar::StatementRegistrar(const char* id, void (*run)(const abi::WebSocketApi& api)) {
  Registry().push_back({id, run});
}

std::vector<Statement> RegisteredStatements() {
  std::vector<Statement> sorted = Registry();
  std::sort(sorted.begin(), sorted.end(), [](const Statement& a, const Statement& b) { return a.id < b.id; });
  return sorted;
}

void RegisterStatementTests(const abi::WebSocketApi& api) {
  for (const Statement& statement : Registry()) {
    RegisteredTests().push_back({"statement " + statement.id, [&api, run = statement.run] { run(api); }});
  }
}

}  // namespace winwire::test
