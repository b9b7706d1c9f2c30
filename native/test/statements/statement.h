// The WS statements that the typed API cannot express (test/conformance/websocket/statements.json, faces `abi` and
// `probe`), as functions over any backend's table. They use only behaviour that is defined for the real DLL too.
#pragma once

#include <string>
#include <vector>

#include "abi/websocket_api.h"
#include "test/check.h"

namespace winwire::test {

struct Statement {
  std::string id;
  void (*run)(const abi::WebSocketApi& api);
};

// Sorted by id.
std::vector<Statement> RegisteredStatements();

// Registers each as a test "statement WS-135" over this table, which must outlive the tests.
void RegisterStatementTests(const abi::WebSocketApi& api);

class StatementRegistrar {
 public:
  StatementRegistrar(const char* id, void (*run)(const abi::WebSocketApi& api));
};

}  // namespace winwire::test

// STATEMENT("WS-135") { ... } with the table as `api`
#define STATEMENT(id)                                                                        \
  static void WINWIRE_JOIN(RunStatement, __LINE__)(const ::winwire::abi::WebSocketApi& api); \
  static const ::winwire::test::StatementRegistrar WINWIRE_JOIN(kStatement, __LINE__)(       \
      id, WINWIRE_JOIN(RunStatement, __LINE__));                                             \
  static void WINWIRE_JOIN(RunStatement, __LINE__)([[maybe_unused]] const ::winwire::abi::WebSocketApi& api)
