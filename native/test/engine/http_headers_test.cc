#include "engine/http_headers.h"

#include "test/check.h"
#include "test/support/handshake_steps.h"

using namespace winwire;
using namespace winwire::test;
namespace hresult = winwire::abi::hresult;

namespace {

std::vector<std::string> Strings(const std::vector<std::string_view>& views) {
  return std::vector<std::string>(views.begin(), views.end());
}

std::vector<std::string> Split(std::string_view list) { return Strings(engine::SplitList(list)); }

using List = std::vector<std::string>;

abi::HRESULT ReadOne(std::string name, std::string value) {
  const Headers headers = {{std::move(name), std::move(value)}};
  auto array = ToArray(headers);
  engine::HeadersView view;
  return engine::HeadersView::Read(array.data(), 1, view);
}

}  // namespace

TEST("http headers: the characters of a token") {
  CHECK(engine::IsToken("abcXYZ019!#$%&'*+-.^_`|~"));
  CHECK(!engine::IsToken(""));
  const std::string_view allowed = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (int code = 0; code < 256; ++code) {
    const std::string text(1, static_cast<char>(code));
    CHECK_EQ(engine::IsToken(text), allowed.find(text[0]) != std::string_view::npos, std::to_string(code));
    CHECK_EQ(engine::IsToken("a" + text + "b"), engine::IsToken(text));
  }
}

TEST("http headers: case is ignored for ASCII letters only") {
  CHECK(engine::EqualsIgnoringCase("Upgrade", "uPGRADE"));
  CHECK(engine::EqualsIgnoringCase("azAZ", "AZaz"));
  CHECK(engine::EqualsIgnoringCase("", ""));
  for (const auto& [a, b] :
       {std::pair("upgrade", "upgrad"), {"upgrad", "upgrade"}, {"@", "`"}, {"[", "{"}, {"a", "b"}, {"\xC4", "\xE4"}}) {
    CHECK(!engine::EqualsIgnoringCase(a, b), a);
  }
}

TEST("http headers: lists are split at commas") {
  CHECK_EQ(Split("a, b"), (List{"a", "b"}));
  CHECK_EQ(Split("a"), (List{"a"}));
  CHECK_EQ(Split(" \ta b\t ,c"), (List{"a b", "c"}));
  CHECK_EQ(Split(",, a ,, b,"), (List{"a", "b"}));
  CHECK_EQ(Split(""), List{});
  CHECK_EQ(Split(" , \t,"), List{});
}

TEST("http headers: a token of a list is found whole") {
  const std::pair<const char*, bool> lists[] = {{"keep-alive, Upgrade", true},
                                                {"Upgrade", true},
                                                {"keep-alive", false},
                                                {"upgrade2, xupgrade, up grade", false},
                                                {"", false}};
  for (const auto& [list, found] : lists) {
    const Headers headers = {{"Connection", list}};
    auto array = ToArray(headers);
    engine::HeadersView view;
    CHECK_EQ(engine::HeadersView::Read(array.data(), 1, view), hresult::kOk);
    CHECK_EQ(view.HasToken("connection", "upgrade"), found, list);
  }
}

TEST("http headers: the name of an extension ends at its parameters") {
  CHECK_EQ(engine::ExtensionName("permessage-deflate; client_max_window_bits"), "permessage-deflate");
  CHECK_EQ(engine::ExtensionName(" x ;a=b;c"), "x");
  CHECK_EQ(engine::ExtensionName("x"), "x");
  CHECK_EQ(engine::ExtensionName(";a"), "");
}

TEST("http headers: names are tokens, values have no line breaks") {
  CHECK_EQ(ReadOne("Host", "example.com"), hresult::kOk);
  CHECK_EQ(ReadOne("Host", ""), hresult::kOk);
  CHECK_EQ(ReadOne("X", "\x01\x7F\xFF \t\"()"), hresult::kOk);
  for (const char* name : {"Host:", "Ho st", "H\xC3\xB6st", "Host\r", " Host"}) {
    CHECK_EQ(ReadOne(name, "v"), hresult::kInvalidProtocolFormat, name);
  }
  for (const std::string& value :
       {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3), std::string("\r\n")}) {
    CHECK_EQ(ReadOne("Host", value), hresult::kInvalidProtocolFormat);
  }
}

TEST("http headers: missing pointers are invalid arguments") {
  engine::HeadersView view;
  CHECK_EQ(engine::HeadersView::Read(nullptr, 1, view), hresult::kInvalidArg);
  CHECK_EQ(engine::HeadersView::Read(nullptr, 0, view), hresult::kOk);
  char text[] = "Host";
  abi::WEB_SOCKET_HTTP_HEADER header{nullptr, 4, text, 4};
  CHECK_EQ(engine::HeadersView::Read(&header, 1, view), hresult::kInvalidArg);
  header = {text, 4, nullptr, 1};
  CHECK_EQ(engine::HeadersView::Read(&header, 1, view), hresult::kInvalidArg);
  header = {text, 4, nullptr, 0};
  CHECK_EQ(engine::HeadersView::Read(&header, 1, view), hresult::kOk);
}

TEST("http headers: an empty name is invalid") {
  char text[] = "Host";
  abi::WEB_SOCKET_HTTP_HEADER header{text, 0, text, 4};
  engine::HeadersView view;
  CHECK_EQ(engine::HeadersView::Read(&header, 1, view), hresult::kInvalidProtocolFormat);
}

TEST("http headers: lengths count, not terminators") {
  char name[] = "HostX";
  char value[] = "valueX";
  abi::WEB_SOCKET_HTTP_HEADER header{name, 4, value, 5};
  engine::HeadersView view;
  CHECK_EQ(engine::HeadersView::Read(&header, 1, view), hresult::kOk);
  const std::string_view* found = view.Single("host");
  CHECK(found != nullptr);
  CHECK_EQ(*found, "value");
}

TEST("http headers: single, counted and listed values") {
  const Headers headers = {{"A", " one "}, {"B", "x, y"}, {"b", "z"}, {"C", ""}};
  auto array = ToArray(headers);
  engine::HeadersView view;
  CHECK(view.Empty());
  CHECK_EQ(engine::HeadersView::Read(array.data(), static_cast<abi::ULONG>(array.size()), view), hresult::kOk);
  CHECK(!view.Empty());
  CHECK_EQ(*view.Single("a"), "one");
  CHECK(view.Single("b") == nullptr);
  CHECK(view.Single("d") == nullptr);
  CHECK_EQ(*view.Single("c"), "");
  CHECK_EQ(view.Count("a"), 1u);
  CHECK_EQ(view.Count("B"), 2u);
  CHECK_EQ(view.Count("d"), 0u);
  CHECK_EQ(Strings(view.List("b")), (List{"x", "y", "z"}));
  CHECK_EQ(Strings(view.List("d")), List{});
  CHECK(view.HasToken("b", "Z"));
  CHECK(!view.HasToken("a", "z"));
}

TEST("http headers: what is lent has lengths and terminators") {
  engine::HeaderList list;
  list.Add("Name", "value");
  list.Add("Other", "");
  const engine::LentHeaders lent = list.Lend();
  CHECK_EQ(lent.count, 2u);
  CHECK(FromArray(lent.headers, lent.count) == (Headers{{"Name", "value"}, {"Other", ""}}));
  CHECK_EQ(std::string(lent.headers[0].pcName), "Name");
  CHECK_EQ(std::string(lent.headers[0].pcValue), "value");
  CHECK_EQ(std::string(lent.headers[1].pcValue), "");
  CHECK_EQ(list.Lend().count, 2u);
}
