#include "test/support/handshake_steps.h"

#include <cctype>

#include "test/check.h"

namespace winwire::test {
namespace {

using abi::ULONG;

bool SameName(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(a[i])) != std::tolower(static_cast<unsigned char>(b[i]))) return false;
  }
  return true;
}

const char** DataOf(Tokens& tokens) { return tokens.empty() ? nullptr : tokens.data(); }

template <class T>
ULONG SizeOf(const std::vector<T>& values) {
  return static_cast<ULONG>(values.size());
}

}  // namespace

std::vector<abi::WEB_SOCKET_HTTP_HEADER> ToArray(const Headers& headers) {
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> array;
  array.reserve(headers.size());
  for (const Header& header : headers) {
    // The functions do not write through these pointers.
    array.push_back({const_cast<char*>(header.name.data()), static_cast<ULONG>(header.name.size()),
                     const_cast<char*>(header.value.data()), static_cast<ULONG>(header.value.size())});
  }
  return array;
}

Headers FromArray(const abi::WEB_SOCKET_HTTP_HEADER* headers, ULONG count) {
  Headers list;
  for (ULONG i = 0; i < count; ++i) {
    list.push_back({std::string(headers[i].pcName, headers[i].ulNameLength),
                    std::string(headers[i].pcValue, headers[i].ulValueLength)});
  }
  return list;
}

std::vector<std::string> ValuesOf(const Headers& headers, std::string_view name) {
  std::vector<std::string> values;
  for (const Header& header : headers) {
    if (SameName(header.name, name)) values.push_back(header.value);
  }
  return values;
}

HeadersResult BeginClient(const Handle& client, Tokens subprotocols, Tokens extensions, const Headers& initial) {
  auto array = ToArray(initial);
  abi::WEB_SOCKET_HTTP_HEADER* headers = nullptr;
  ULONG count = 0;
  HeadersResult result;
  result.hr = client.api().WebSocketBeginClientHandshake(
      client.get(), DataOf(subprotocols), SizeOf(subprotocols), DataOf(extensions), SizeOf(extensions),
      array.empty() ? nullptr : array.data(), SizeOf(array), &headers, &count);
  if (abi::Succeeded(result.hr)) result.headers = FromArray(headers, count);
  return result;
}

HeadersResult BeginServer(const Handle& server, const Headers& request, const char* subprotocol, Tokens extensions) {
  auto array = ToArray(request);
  abi::WEB_SOCKET_HTTP_HEADER* headers = nullptr;
  ULONG count = 0;
  HeadersResult result;
  result.hr = server.api().WebSocketBeginServerHandshake(
      server.get(), subprotocol, DataOf(extensions), SizeOf(extensions), array.data(), SizeOf(array), &headers, &count);
  if (abi::Succeeded(result.hr)) result.headers = FromArray(headers, count);
  return result;
}

abi::HRESULT EndClient(const Handle& client, const Headers& response) {
  auto array = ToArray(response);
  return client.api().WebSocketEndClientHandshake(client.get(), array.data(), SizeOf(array), nullptr, nullptr, nullptr);
}

abi::HRESULT EndServer(const Handle& server) { return server.api().WebSocketEndServerHandshake(server.get()); }

Headers WithHost(Headers headers) {
  headers.push_back({"Host", "example.com"});
  return headers;
}

Headers SampleRequest() {
  return {{"Host", "example.com"},
          {"Upgrade", "websocket"},
          {"Connection", "Upgrade"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"Sec-WebSocket-Version", "13"}};
}

void OpenPair(const Handle& client, const Handle& server) {
  const HeadersResult request = BeginClient(client);
  CHECK_EQ(request.hr, 0);
  const HeadersResult response = BeginServer(server, WithHost(request.headers));
  CHECK_EQ(response.hr, 0);
  CHECK_EQ(EndClient(client, response.headers), 0);
  CHECK_EQ(EndServer(server), 0);
}

void OpenCreated(const Handle& handle) {
  const Handle other(handle.api(), OtherRole(handle.role()));
  if (handle.role() == Role::kClient) {
    OpenPair(handle, other);
  } else {
    OpenPair(other, handle);
  }
}

Handle OpenHandle(const abi::WebSocketApi& api, Role role, Properties properties) {
  Handle handle(api, role, std::move(properties));
  OpenCreated(handle);
  return handle;
}

Pair OpenPair(const abi::WebSocketApi& api, Properties client, Properties server) {
  Pair pair{Handle(api, Role::kClient, std::move(client)), Handle(api, Role::kServer, std::move(server))};
  OpenPair(pair.client, pair.server);
  return pair;
}

}  // namespace winwire::test
