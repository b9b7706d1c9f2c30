#include "test/probe/winhttp_probe.h"

#include <algorithm>
#include <exception>

#include "test/probe/export.h"
#include "test/statements/winhttp_statement.h"

namespace winwire::test {
namespace {

std::optional<WinHttpStatement> Find(const std::string& id) {
  for (const WinHttpStatement& statement : RegisteredWinHttpStatements()) {
    if (statement.id == id) return statement;
  }
  return {};
}

napi_value StatementIds(napi_env env, napi_callback_info) {
  napi_value list = nullptr;
  napi_create_array(env, &list);
  std::uint32_t index = 0;
  for (const WinHttpStatement& statement : RegisteredWinHttpStatements()) {
    napi_value id = nullptr;
    napi_create_string_utf8(env, statement.id.data(), statement.id.size(), &id);
    napi_set_element(env, list, index++, id);
  }
  return list;
}

napi_value ActivateStandin(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value argument = nullptr;
  char16_t manifest[1024] = {};
  std::size_t length = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_string_utf16(env, argument, manifest, std::size(manifest), &length);
  ACTCTXW context = {};
  context.cbSize = sizeof(context);
  context.lpSource = reinterpret_cast<const wchar_t*>(manifest);
  const HANDLE handle = ::CreateActCtxW(&context);
  ULONG_PTR cookie = 0;
  if (handle == INVALID_HANDLE_VALUE || !::ActivateActCtx(handle, &cookie)) {
    napi_throw_error(env, nullptr, "activateStandin: the manifest was not accepted");
  }
  return nullptr;
}

}  // namespace

bool IsWinHttpStatement(const std::string& id) { return Find(id).has_value(); }

std::optional<std::string> RunWinHttpStatement(const std::string& id) {
  try {
    RunWinHttpStatement(*Find(id));
  } catch (const std::exception& failure) {
    return failure.what();
  }
  return {};
}

void ExportWinHttpProbe(napi_env env, napi_value exports) {
  Export(env, exports, "winHttpStatementIds", StatementIds);
  Export(env, exports, "activateStandin", ActivateStandin);
}

}  // namespace winwire::test
