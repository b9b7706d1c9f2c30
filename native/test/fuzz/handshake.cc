// Headers of a peer in both roles. The input is text: lines "Name: value", in which $ACCEPT and $KEY are replaced by
// the correct values. The first byte selects the role, the next what is offered or selected.
#include <algorithm>
#include <string>

#include "test/check.h"
#include "test/fuzz/fuzz.h"
#include "test/support/choices.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr std::string_view kKeyName = "Sec-WebSocket-Key";
constexpr std::string_view kAcceptName = "Sec-WebSocket-Accept";

std::string Replaced(std::string text, std::string_view mark, const std::string& by) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

Headers ParseLines(std::string_view text) {
  Headers headers;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t colon = line.find(':');
    const std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    headers.push_back({std::string(line.substr(0, colon)), std::string(value)});
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return headers;
}

bool IsPlain(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

// A peer cannot inject headers.
void CheckHeaders(const Headers& headers) {
  CHECK(headers.size() >= 3);
  for (const Header& header : headers) {
    CHECK(!header.name.empty() && IsPlain(header.name) && header.name.find(':') == std::string::npos);
    CHECK(IsPlain(header.value));
  }
}

void CheckIsOpen(const Handle& handle) {
  CHECK_EQ(handle.Send(kPingPong, nullptr), kOk);
  CHECK_EQ(handle.NextSend().action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
}

void BeClient(std::uint8_t choice, const std::string& text) {
  const Handle client(PortableApi(), Role::kClient);
  const Tokens subprotocols = (choice & 1) != 0 ? Tokens{"chat", "superchat"} : Tokens{};
  const Tokens extensions = (choice & 2) != 0 ? Tokens{"x", "y; a=1", "x; b"} : Tokens{};
  const HeadersResult request = BeginClient(client, subprotocols, extensions);
  CHECK_EQ(request.hr, kOk);
  CheckHeaders(request.headers);
  const Handle other(PortableApi(), Role::kServer);
  const Headers right = BeginServer(other, WithHost(request.headers)).headers;
  const Headers response = ParseLines(Replaced(text, "$ACCEPT", ValuesOf(right, kAcceptName).at(0)));
  auto array = ToArray(response);
  ULONG selected[3] = {77, 77, 77};
  ULONG count = 3;
  ULONG subprotocol = 77;
  const HRESULT hr = PortableApi().WebSocketEndClientHandshake(
      client.get(), array.data(), static_cast<ULONG>(array.size()), selected, &count, &subprotocol);
  if (Failed(hr)) {
    CHECK_EQ(EndClient(client, Headers()), kFormat, "the handle waits for another response");
    return;
  }
  // Only the right value opens a client.
  CHECK(ValuesOf(response, kAcceptName).size() == 1);
  CHECK(count <= extensions.size());
  for (ULONG i = 0; i < count; ++i) CHECK(selected[i] < extensions.size());
  CHECK(subprotocols.empty() ? subprotocol == 77 : subprotocol < subprotocols.size());
  CheckIsOpen(client);
}

void BeServer(std::uint8_t choice, const std::string& text) {
  const Handle server(PortableApi(), Role::kServer);
  const char* const subprotocol = (choice & 1) != 0 ? "chat" : nullptr;
  const Tokens extensions = (choice & 2) != 0 ? Tokens{"x; a=1"} : Tokens{};
  const Headers request = ParseLines(Replaced(text, "$KEY", "dGhlIHNhbXBsZSBub25jZQ=="));
  const HeadersResult response = BeginServer(server, request, subprotocol, extensions);
  if (Failed(response.hr)) {
    CHECK_EQ(BeginServer(server, SampleRequest()).hr, kOk, "the handle waits for another request");
    return;
  }
  CheckHeaders(response.headers);
  CHECK(ValuesOf(request, kKeyName).size() == 1 && ValuesOf(request, "Host").size() == 1);
  CHECK_EQ(ValuesOf(response.headers, kAcceptName).size(), 1u);
  CHECK_EQ(ValuesOf(response.headers, "Sec-WebSocket-Protocol").size(), subprotocol != nullptr ? 1u : 0u);
  CHECK_EQ(ValuesOf(response.headers, "Sec-WebSocket-Extensions").size(), extensions.size());
  CheckIsOpen(server);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RestartRandom();
  Choices choices(data, std::min<std::size_t>(size, 1));
  const std::uint8_t choice = choices.Byte();
  const std::string text(data + std::min<std::size_t>(size, 1), data + size);
  if ((choice & 4) != 0) {
    BeClient(choice, text);
  } else {
    BeServer(choice, text);
  }
  return 0;
}
