#include "test/statements/winhttp_statement.h"

#include <algorithm>
#include <exception>
#include <thread>

namespace winwire::test {
namespace {

std::vector<WinHttpStatement>& Registry() {
  static std::vector<WinHttpStatement> statements;
  return statements;
}

}  // namespace

WinHttpStatementRegistrar::WinHttpStatementRegistrar(const char* id, void (*run)()) { Registry().push_back({id, run}); }

std::vector<WinHttpStatement> RegisteredWinHttpStatements() {
  std::vector<WinHttpStatement> sorted = Registry();
  std::sort(sorted.begin(), sorted.end(),
            [](const WinHttpStatement& a, const WinHttpStatement& b) { return a.id < b.id; });
  return sorted;
}

void RunWinHttpStatement(const WinHttpStatement& statement) {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      statement.run();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace winwire::test
