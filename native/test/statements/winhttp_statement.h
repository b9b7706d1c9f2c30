// [Windows] The RQ statements that the typed API cannot express (test/conformance/winhttp/statements.json, face
// `probe`), as functions over the COM object of this machine. They expect Windows' behaviour; differences of Wine fail.
#pragma once

#include <string>
#include <vector>

#include "test/check.h"
#include "test/support/winhttp_object.h"

namespace winwire::test {

struct WinHttpStatement {
  std::string id;
  void (*run)();
};

// Sorted by id.
std::vector<WinHttpStatement> RegisteredWinHttpStatements();

// Runs it on a new thread without an apartment. Throws the statement's exceptions.
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
