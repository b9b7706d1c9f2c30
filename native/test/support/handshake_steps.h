// Performs both handshakes, so that a test can start from an open handle of any backend.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "test/support/handle.h"

namespace winwire::test {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

using Headers = std::vector<Header>;

// Returns `headers` as an array for the functions; it points to the strings of `headers`.
std::vector<abi::WEB_SOCKET_HTTP_HEADER> ToArray(const Headers& headers);
// Copies an array that a function returned. Lengths count, not terminators.
Headers FromArray(const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count);

// Returns the values of the headers with this case-insensitive name.
std::vector<std::string> ValuesOf(const Headers& headers, std::string_view name);

using Tokens = std::vector<const char*>;

struct HeadersResult {
  abi::HRESULT hr = 0;
  Headers headers;
};

HeadersResult BeginClient(const Handle& client, Tokens subprotocols = {}, Tokens extensions = {},
                          const Headers& initial = {});
HeadersResult BeginServer(const Handle& server, const Headers& request, const char* subprotocol = nullptr,
                          Tokens extensions = {});
// Without outputs.
abi::HRESULT EndClient(const Handle& client, const Headers& response);
abi::HRESULT EndServer(const Handle& server);

// Returns the request headers of a client's Begin, with Host.
Headers WithHost(Headers headers);

// Returns the example of RFC 6455 section 1.3 as request headers.
Headers SampleRequest();

void OpenPair(const Handle& client, const Handle& server);

// Completes the handshake of a new handle whose peer is the test.
void OpenCreated(const Handle& handle);
Handle OpenHandle(const abi::WebSocketApi& api, Role role, Properties properties = {});

struct Pair {
  Handle client;
  Handle server;
};

Pair OpenPair(const abi::WebSocketApi& api, Properties client = {}, Properties server = {});

}  // namespace winwire::test
