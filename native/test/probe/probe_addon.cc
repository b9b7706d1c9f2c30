// winwire_probe.node, a test-only addon: runs the statements that the typed API cannot say over any backend's table.
//
//   statementIds(): string[]
//   runStatement(id: string, backend: 'system' | 'portable'): undefined
//     throws an Error with the text of the failed check, or of why the backend cannot serve
//   permissiveVariants(): string[]
#include <node_api.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "test/permissive/variants.h"
#include "test/probe/acceptor_functions.h"
#include "test/probe/export.h"
#include "test/statements/statement.h"
#ifdef _WIN32
#include "test/probe/winhttp_probe.h"
#endif

namespace winwire::test {
namespace {

void Throw(napi_env env, const std::string& message) { napi_throw_error(env, nullptr, message.c_str()); }

napi_value ToJs(napi_env env, const std::string& text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

// Returns nothing unless the value is a string of reasonable length.
std::optional<std::string> FromJs(napi_env env, napi_value value) {
  char text[64];
  std::size_t length = 0;
  if (napi_get_value_string_utf8(env, value, text, sizeof(text), &length) != napi_ok) return {};
  return std::string(text, length);
}

napi_value ListToJs(napi_env env, const std::vector<std::string>& texts) {
  napi_value list = nullptr;
  napi_create_array(env, &list);
  std::uint32_t index = 0;
  for (const std::string& text : texts) napi_set_element(env, list, index++, ToJs(env, text));
  return list;
}

napi_value StatementIds(napi_env env, napi_callback_info) {
  std::vector<std::string> ids;
  for (const Statement& statement : RegisteredStatements()) ids.emplace_back(statement.id);
  return ListToJs(env, ids);
}

napi_value PermissiveVariants(napi_env env, napi_callback_info) { return ListToJs(env, permissive::VariantNames()); }

const backend::WebSocketBackend* FindBackend(const std::optional<std::string>& name) {
  if (name == "system") return &backend::GetWebSocketBackend(backend::BackendName::kSystem);
  if (name == "portable") return &backend::GetWebSocketBackend(backend::BackendName::kPortable);
  return nullptr;
}

// Returns the error, or nothing.
std::optional<std::string> Run(const std::optional<std::string>& id, const std::optional<std::string>& backend_name) {
#ifdef _WIN32
  if (id && IsWinHttpStatement(*id)) return RunWinHttpStatement(*id);
#endif
  const std::vector<Statement> statements = RegisteredStatements();
  const auto statement =
      std::find_if(statements.begin(), statements.end(), [&](const Statement& entry) { return entry.id == id; });
  if (statement == statements.end()) return "runStatement: no such statement";
  const backend::WebSocketBackend* backend = FindBackend(backend_name);
  if (backend == nullptr) return "runStatement: no such backend";
  if (backend->api == nullptr) return "runStatement: the backend cannot serve: " + backend->reason;
  try {
    statement->run(*backend->api);
  } catch (const std::exception& failure) {
    return failure.what();
  }
  return {};
}

napi_value RunStatement(napi_env env, napi_callback_info info) {
  std::size_t count = 2;
  napi_value arguments[2] = {};
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  const std::optional<std::string> failure = Run(FromJs(env, arguments[0]), FromJs(env, arguments[1]));
  if (failure) Throw(env, *failure);
  return nullptr;
}

}  // namespace
}  // namespace winwire::test

NAPI_MODULE_INIT() {
  winwire::test::Export(env, exports, "statementIds", winwire::test::StatementIds);
  winwire::test::Export(env, exports, "runStatement", winwire::test::RunStatement);
  winwire::test::Export(env, exports, "permissiveVariants", winwire::test::PermissiveVariants);
  winwire::test::ExportAcceptor(env, exports);
#ifdef _WIN32
  winwire::test::ExportWinHttpProbe(env, exports);
#endif
  return exports;
}
