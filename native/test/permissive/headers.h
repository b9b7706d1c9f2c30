// The headers that a permissive handle lends: those of the inner component in another form.
#pragma once

#include <string>
#include <vector>

#include "abi/websocket_api.h"
#include "test/permissive/variants.h"

namespace winwire::test::permissive {

class LentHeaders {
 public:
  // Takes them over, and adds headers that no rule forbids.
  void Take(Variants& variants, const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count);
  void Add(std::string name, std::string value) { headers_.push_back({std::move(name), std::move(value)}); }
  void Clear() { headers_.clear(); }

  abi::WEB_SOCKET_HTTP_HEADER* Lend(abi::ULONG& count);

 private:
  struct Header {
    std::string name;
    std::string value;
  };

  std::vector<Header> headers_;
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> lent_;
};

// Sec-WebSocket-Protocol.
bool IsSubprotocol(const abi::WEB_SOCKET_HTTP_HEADER& header);

}  // namespace winwire::test::permissive
