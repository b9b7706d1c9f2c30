#include "binding/packed_strings.h"

#include <initializer_list>
#include <string>

#include "test/check.h"

namespace winwire::test {
namespace {

using binding::HeaderArray;
using binding::TokenList;

std::string Packed(std::initializer_list<const char*> entries) {
  std::string packed;
  for (const char* entry : entries) packed.append(entry).push_back('\0');
  return packed;
}

TEST("packed strings: tokens are C strings in their order") {
  TokenList tokens(Packed({"chat", "", "soap"}));
  CHECK_EQ(tokens.size(), 3u);
  CHECK_EQ(std::string(tokens.data()[0]), "chat");
  CHECK_EQ(std::string(tokens.data()[1]), "");
  CHECK_EQ(std::string(tokens.data()[2]), "soap");
}

TEST("packed strings: headers are name and value with their lengths") {
  HeaderArray headers(Packed({"Host", "h", "X-Empty", ""}));
  CHECK_EQ(headers.size(), 2u);
  const abi::WEB_SOCKET_HTTP_HEADER& host = headers.data()[0];
  CHECK_EQ(std::string(host.pcName, host.ulNameLength), "Host");
  CHECK_EQ(std::string(host.pcValue, host.ulValueLength), "h");
  CHECK_EQ(host.pcValue[host.ulValueLength], '\0');
  const abi::WEB_SOCKET_HTTP_HEADER& empty = headers.data()[1];
  CHECK_EQ(empty.ulNameLength, 7u);
  CHECK_EQ(empty.ulValueLength, 0u);
  CHECK(empty.pcValue != nullptr);
}

TEST("packed strings: no header is still no NULL") {
  HeaderArray headers("");
  CHECK_EQ(headers.size(), 0u);
  CHECK(headers.data() != nullptr);
  CHECK_EQ(TokenList("").size(), 0u);
}

TEST("packed strings: an entry without its NUL is ignored") {
  CHECK_EQ(TokenList("chat").size(), 0u);
  HeaderArray headers(Packed({"Host"}) + "h");
  CHECK_EQ(headers.size(), 1u);
  CHECK(headers.data()[0].pcValue == nullptr);
  CHECK_EQ(headers.data()[0].ulValueLength, 0u);
}

}  // namespace
}  // namespace winwire::test
