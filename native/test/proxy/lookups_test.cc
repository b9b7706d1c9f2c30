// [Windows] Look-ups by WinHttpGetProxyForUrlEx over a table of functions that does what the test says: Wine's fail.
#include "proxy/lookups.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "test/check.h"

namespace winwire::test {
namespace {

using proxy::Answer;
using proxy::Lookups;
using proxy::ScriptQuery;
using proxy::WinHttpApi;

// The functions have no argument that could name a test: one at a time.
struct Behaviour {
  DWORD create_error = ERROR_SUCCESS;
  DWORD get_error = ERROR_IO_PENDING;
  DWORD result_error = ERROR_SUCCESS;
  std::vector<WINHTTP_PROXY_RESULT_ENTRY> entries;
  // Called within WinHttpGetProxyForUrlEx.
  std::function<void(DWORD_PTR id)> meanwhile;

  DWORD_PTR last_id = 0;
  int open_resolvers = 0;
  int open_results = 0;
};

Behaviour& Now() {
  static Behaviour instance;
  return instance;
}

int session_object = 0;
int resolver_object = 0;

WINHTTP_STATUS_CALLBACK WINAPI SetStatusCallback(HINTERNET, WINHTTP_STATUS_CALLBACK, DWORD, DWORD_PTR) {
  return nullptr;
}

DWORD WINAPI CreateProxyResolver(HINTERNET, HINTERNET* resolver) {
  if (Now().create_error != ERROR_SUCCESS) return Now().create_error;
  ++Now().open_resolvers;
  *resolver = &resolver_object;
  return ERROR_SUCCESS;
}

DWORD WINAPI GetProxyForUrlEx(HINTERNET, PCWSTR, WINHTTP_AUTOPROXY_OPTIONS*, DWORD_PTR id) {
  Now().last_id = id;
  if (Now().meanwhile) Now().meanwhile(id);
  return Now().get_error;
}

DWORD WINAPI GetProxyResult(HINTERNET, WINHTTP_PROXY_RESULT* result) {
  if (Now().result_error != ERROR_SUCCESS) return Now().result_error;
  ++Now().open_results;
  *result = {static_cast<DWORD>(Now().entries.size()), Now().entries.data()};
  return ERROR_SUCCESS;
}

void WINAPI FreeProxyResult(WINHTTP_PROXY_RESULT*) { --Now().open_results; }

BOOL WINAPI CloseResolver(HINTERNET) {
  --Now().open_resolvers;
  return TRUE;
}

WinHttpApi ScriptedApi() {
  WinHttpApi api;
  api.WinHttpSetStatusCallback = SetStatusCallback;
  api.WinHttpCreateProxyResolver = CreateProxyResolver;
  api.WinHttpGetProxyForUrlEx = GetProxyForUrlEx;
  api.WinHttpGetProxyResult = GetProxyResult;
  api.WinHttpFreeProxyResult = FreeProxyResult;
  api.WinHttpCloseHandle = CloseResolver;
  api.has_resolver = true;
  return api;
}

constexpr int kOwner = 0;

class Stage {
 public:
  Stage() { Now() = Behaviour(); }

  bool Start(double call = 1) {
    ScriptQuery query;
    query.url = u"http://target.test/";
    return lookups.Start(&session_object, {&kOwner, call}, query,
                         [this](Answer answer) { answers.push_back(std::move(answer)); });
  }
  void Complete(DWORD_PTR id) { lookups.OnStatus(id, WINHTTP_CALLBACK_STATUS_GETPROXYFORURL_COMPLETE, nullptr); }
  void Fail(DWORD_PTR id, DWORD error) {
    const WINHTTP_ASYNC_RESULT result = {API_GET_PROXY_FOR_URL, error};
    lookups.OnStatus(id, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &result);
  }
  // Nothing of Windows is left.
  void ExpectClosed() const {
    CHECK_EQ(Now().open_resolvers, 0);
    CHECK_EQ(Now().open_results, 0);
  }
  std::u16string Routes() const { return std::get<std::u16string>(answers.at(0).values.at(0)); }
  std::int32_t Error() const {
    const auto& failure = answers.at(0).failure;
    return failure ? failure->hr : 0;
  }

  const WinHttpApi api = ScriptedApi();
  Lookups lookups{api};
  std::vector<Answer> answers;
};

WINHTTP_PROXY_RESULT_ENTRY Entry(INTERNET_SCHEME scheme, std::wstring& host, INTERNET_PORT port) {
  return {TRUE, FALSE, scheme, host.data(), port};
}

}  // namespace

TEST("proxy look-up: tells all routes, once, and closes the resolver") {
  Stage stage;
  std::array<std::wstring, 4> hosts{L"a.test", L"b.test", L"c.test", L"::1"};
  Now().entries = {Entry(INTERNET_SCHEME_HTTP, hosts[0], 8080), Entry(INTERNET_SCHEME_HTTPS, hosts[1], 443),
                   Entry(INTERNET_SCHEME_SOCKS, hosts[2], 1080), Entry(INTERNET_SCHEME_HTTP, hosts[3], 80),
                   WINHTTP_PROXY_RESULT_ENTRY{}};
  CHECK(stage.Start());
  CHECK(stage.answers.empty());
  stage.Complete(Now().last_id);
  stage.Complete(Now().last_id);
  stage.Fail(Now().last_id, ERROR_WINHTTP_OPERATION_CANCELLED);
  CHECK_EQ(stage.answers.size(), std::size_t{1});
  CHECK(stage.Routes() == u"PROXY a.test:8080;HTTPS b.test:443;SOCKS c.test:1080;PROXY [::1]:80;DIRECT;");
  stage.ExpectClosed();
}

TEST("proxy look-up: may be complete before WinHttpGetProxyForUrlEx returns") {
  Stage stage;
  Now().meanwhile = [&](DWORD_PTR id) {
    stage.Complete(id);
    // The call still uses it.
    CHECK_EQ(Now().open_resolvers, 1);
  };
  CHECK(stage.Start());
  CHECK_EQ(stage.answers.size(), std::size_t{1});
  stage.ExpectClosed();
}

TEST("proxy look-up: passes on errors of each function") {
  {
    Stage stage;
    Now().get_error = ERROR_WINHTTP_INVALID_URL;
    CHECK(stage.Start());
    CHECK_EQ(stage.Error(), abi::hresult::FromWin32(ERROR_WINHTTP_INVALID_URL));
    stage.ExpectClosed();
  }
  {
    Stage stage;
    CHECK(stage.Start());
    stage.Fail(Now().last_id, ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT);
    CHECK_EQ(stage.Error(), abi::hresult::FromWin32(ERROR_WINHTTP_UNABLE_TO_DOWNLOAD_SCRIPT));
    stage.ExpectClosed();
  }
  Stage stage;
  Now().result_error = ERROR_WINHTTP_INCORRECT_HANDLE_STATE;
  CHECK(stage.Start());
  stage.Complete(Now().last_id);
  CHECK_EQ(stage.Error(), abi::hresult::FromWin32(ERROR_WINHTTP_INCORRECT_HANDLE_STATE));
  stage.ExpectClosed();
}

TEST("proxy look-up: is not begun where the system has no resolver") {
  Stage stage;
  // What Wine answers.
  Now().create_error = ERROR_WINHTTP_AUTO_PROXY_SERVICE_ERROR;
  CHECK(!stage.Start());
  CHECK(stage.answers.empty());
  WinHttpApi without = ScriptedApi();
  without.has_resolver = false;
  Lookups lookups(without);
  CHECK(!lookups.Start(&session_object, {&kOwner, 1}, {}, {}));
  stage.ExpectClosed();
}

TEST("proxy look-up: a cancelled one closes its resolver and has no answer") {
  Stage stage;
  CHECK(stage.Start(1));
  const DWORD_PTR first = Now().last_id;
  CHECK(stage.Start(2));
  stage.lookups.Cancel({&kOwner, 1});
  CHECK_EQ(Now().open_resolvers, 1);
  stage.Fail(first, ERROR_WINHTTP_OPERATION_CANCELLED);
  CHECK(stage.answers.empty());
  stage.lookups.CancelAll(&kOwner);
  stage.Complete(Now().last_id);
  CHECK(stage.answers.empty());
  stage.ExpectClosed();
}

TEST("proxy look-up: one that is cancelled while it begins closes its resolver after the call") {
  Stage stage;
  Now().meanwhile = [&](DWORD_PTR) {
    stage.lookups.CancelAll(&kOwner);
    CHECK_EQ(Now().open_resolvers, 1);
  };
  CHECK(stage.Start());
  CHECK(stage.answers.empty());
  stage.ExpectClosed();
}

}  // namespace winwire::test
