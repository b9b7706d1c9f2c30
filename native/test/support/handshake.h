// Both handshakes through the functions, so that a test can start from an Open handle of any backend.
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

// `headers` as the array that the functions take; its strings stay those of `headers`.
std::vector<abi::WEB_SOCKET_HTTP_HEADER> ToArray(const Headers& headers);
// A copy of an array that a function returned. Lengths count, not terminators.
Headers FromArray(const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count);

// The values of the headers of this name, without regard to its case.
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
// With no outputs asked for.
abi::HRESULT EndClient(const Handle& client, const Headers& response);
abi::HRESULT EndServer(const Handle& server);

// The request headers of a client's Begin, completed by Host.
Headers WithHost(Headers headers);

// The bytes of RFC 6455 section 1.3's example as request headers.
Headers SampleRequest();

void OpenPair(const Handle& client, const Handle& server);

// An Open handle whose other end is the test.
// Completes the handshake of a handle that was only created.
void OpenCreated(const Handle& handle);
Handle OpenHandle(const abi::WebSocketApi& api, Role role, Properties properties = {});

struct Pair {
  Handle client;
  Handle server;
};

Pair OpenPair(const abi::WebSocketApi& api, Properties client = {}, Properties server = {});

}  // namespace winwire::test
