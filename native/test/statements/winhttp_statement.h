// [Windows] The RQ statements that the typed API cannot say (test/conformance/winhttp/statements.json, face `probe`),
// as functions over the COM object of this machine. They say what is expected of Windows; what Wine does otherwise
// fails.
#pragma once

#include <string>
#include <vector>

#include "test/check.h"
#include "test/support/com_request.h"

namespace winwire::test {

struct WinHttpStatement {
  std::string id;
  void (*run)();
};

// Sorted by id.
std::vector<WinHttpStatement> RegisteredWinHttpStatements();

// Runs it on a thread of its own, which is no apartment yet. Throws what the statement throws.
void RunWinHttpStatement(const WinHttpStatement& statement);

class WinHttpStatementRegistrar {
 public:
  WinHttpStatementRegistrar(const char* id, void (*run)());
};

}  // namespace winwire::test

// WINHTTP_STATEMENT("RQ-001") { ... }
#define WINHTTP_STATEMENT(id)                                                                 \
  static void WINWIRE_JOIN(RunStatement, __LINE__)();                                         \
  static const ::winwire::test::WinHttpStatementRegistrar WINWIRE_JOIN(kStatement, __LINE__)( \
      id, WINWIRE_JOIN(RunStatement, __LINE__));                                              \
  static void WINWIRE_JOIN(RunStatement, __LINE__)()
