// Header lists of the handshake functions, and the two grammars of their values: tokens and lists (RFC 9110 section
// 5.6).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi/websocket_abi.h"

namespace winwire::engine {

bool IsToken(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

// Returns the elements of a comma-separated list, without blanks around them and without empty ones (RFC 9110 section
// 5.6.1.2).
std::vector<std::string_view> SplitList(std::string_view value);

// "name; parameter=value" -> "name".
std::string_view ExtensionName(std::string_view extension);

// Headers of the caller, which must outlive this.
class HeadersView {
 public:
  // E_INVALIDARG for missing pointers, E_INVALID_PROTOCOL_FORMAT for an invalid name, a value with CR, LF or NUL, or an
  // empty list where headers are required [assumed].
  static abi::HRESULT Read(const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count, HeadersView& view);

  bool Empty() const { return headers_.empty(); }
  std::size_t Count(std::string_view name) const;
  // Returns the value of the only header with this name, or null.
  const std::string_view* Single(std::string_view name) const;
  // Returns the elements of all headers with this name.
  std::vector<std::string_view> List(std::string_view name) const;
  bool HasToken(std::string_view name, std::string_view token) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> headers_;
};

// Headers as the functions return them.
struct LentHeaders {
  abi::WEB_SOCKET_HTTP_HEADER* headers = nullptr;
  abi::ULONG count = 0;
};

// Headers that the engine owns and lends.
class HeaderList {
 public:
  void Add(std::string_view name, std::string value);
  // Valid until the next Add. Name and value are NUL-terminated too, since users of the DLL rely on it for names.
  LentHeaders Lend();

 private:
  std::vector<std::pair<std::string, std::string>> headers_;
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> lent_;
};

}  // namespace winwire::engine
