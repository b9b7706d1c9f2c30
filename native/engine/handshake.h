// The opening handshake, RFC 6455 section 4: creates and verifies headers for either role. The caller sends and
// receives them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "abi/websocket_abi.h"
#include "engine/http_headers.h"

namespace winwire::engine {

// base64(SHA-1(key + GUID)), RFC 6455 section 4.2.2.
std::string AcceptFor(std::string_view key);

// A list of NUL-terminated strings, as the functions take it.
struct TokenArray {
  const abi::PCSTR* strings = nullptr;
  abi::ULONG count = 0;
};

// The outputs of WebSocketEndClientHandshake for the server's choices; each may be null as the page allows.
struct SelectionOutputs {
  abi::ULONG* extensions = nullptr;
  abi::ULONG* extension_count = nullptr;
  abi::ULONG* subprotocol = nullptr;
};

class ClientHandshake {
 public:
  abi::HRESULT Begin(const TokenArray& subprotocols, const TokenArray& extensions);
  abi::HRESULT Verify(const HeadersView& response, const SelectionOutputs& outputs) const;
  HeaderList& Request() { return request_; }

 private:
  abi::HRESULT SelectSubprotocol(const HeadersView& response, std::optional<abi::ULONG>& selected) const;
  abi::HRESULT SelectExtensions(const HeadersView& response, std::vector<abi::ULONG>& selected) const;

  std::vector<std::string> subprotocols_;
  std::vector<std::string> extensions_;
  std::string key_;
  HeaderList request_;
};

class ServerHandshake {
 public:
  abi::HRESULT Begin(abi::PCSTR subprotocol, const TokenArray& extensions, const HeadersView& request);
  HeaderList& Response() { return response_; }

 private:
  HeaderList response_;
};

}  // namespace winwire::engine
