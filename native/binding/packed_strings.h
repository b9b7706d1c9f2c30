// Lists of strings from JavaScript: one string in which each entry is followed by a NUL. It crosses once for any number
// of headers, and every entry is a C string in place.
#pragma once

#include <string>
#include <vector>

#include "abi/websocket_abi.h"

namespace winwire::binding {

// Points into itself: neither copied nor moved.
class TokenList {
 public:
  explicit TokenList(std::string packed);
  ~TokenList() = default;
  TokenList(const TokenList&) = delete;
  TokenList& operator=(const TokenList&) = delete;

  abi::PCSTR* data() { return tokens_.data(); }
  abi::ULONG size() const { return static_cast<abi::ULONG>(tokens_.size()); }

 private:
  std::string packed_;
  std::vector<abi::PCSTR> tokens_;
};

// Name and value in turn. `data` is never NULL: if headers are mandatory, the component must report that they are
// missing.
class HeaderArray {
 public:
  explicit HeaderArray(std::string packed);
  ~HeaderArray() = default;
  HeaderArray(const HeaderArray&) = delete;
  HeaderArray& operator=(const HeaderArray&) = delete;

  abi::PWEB_SOCKET_HTTP_HEADER data() { return headers_.data(); }
  abi::ULONG size() const { return static_cast<abi::ULONG>(headers_.size()); }

 private:
  std::string packed_;
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> headers_;
};

}  // namespace winwire::binding
