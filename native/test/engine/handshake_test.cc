#include "engine/handshake.h"

#include <algorithm>

#include "engine/base64.h"
#include "test/check.h"
#include "test/engine/faults.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr HRESULT kSubprotocol = hresult::kSubprotocolNotSupported;
constexpr HRESULT kExtension = hresult::kProtocolExtensionsNotSupported;
constexpr HRESULT kVersion = hresult::kProtocolVersionNotSupported;

Headers Without(Headers headers, std::string_view name) {
  headers.erase(std::remove_if(headers.begin(), headers.end(),
                               [&](const Header& header) { return ValuesOf({header}, name).size() == 1; }),
                headers.end());
  return headers;
}

Headers With(Headers headers, std::string name, std::string value) {
  headers.push_back({std::move(name), std::move(value)});
  return headers;
}

Headers Replaced(Headers headers, const std::string& name, std::string value) {
  return With(Without(std::move(headers), name), name, std::move(value));
}

// A client after Begin, and the valid response.
struct Begun {
  explicit Begun(Tokens subprotocols = {}, Tokens extensions = {}) : client(PortableApi(), Role::kClient) {
    const HeadersResult begun = BeginClient(client, std::move(subprotocols), std::move(extensions));
    CHECK_EQ(begun.hr, kOk);
    request = begun.headers;
    response = {{"Upgrade", "websocket"},
                {"Connection", "Upgrade"},
                {"Sec-WebSocket-Accept", engine::AcceptFor(ValuesOf(request, "Sec-WebSocket-Key").at(0))}};
  }

  Handle client;
  Headers request;
  Headers response;
};

// Returns the result of EndClientHandshake for a changed response.
template <class Change>
HRESULT EndWith(Change change) {
  const Begun begun;
  return EndClient(begun.client, change(begun.response));
}

struct Selection {
  HRESULT hr;
  std::vector<ULONG> extensions;
  ULONG count;
  ULONG subprotocol;
};

constexpr ULONG kUntouched = 0xFFFFFFFF;

Selection EndSelecting(const Begun& begun, const Headers& response, ULONG capacity) {
  auto array = ToArray(response);
  Selection selection{0, std::vector<ULONG>(8, kUntouched), capacity, kUntouched};
  selection.hr =
      PortableApi().WebSocketEndClientHandshake(begun.client.get(), array.data(), static_cast<ULONG>(array.size()),
                                                selection.extensions.data(), &selection.count, &selection.subprotocol);
  return selection;
}

HRESULT BeginWith(const Headers& request, const char* subprotocol = nullptr, Tokens extensions = {}) {
  const Handle server(PortableApi(), Role::kServer);
  return BeginServer(server, request, subprotocol, std::move(extensions)).hr;
}

bool AreTheSame(const Headers& headers, const Headers& expected) {
  return headers.size() == expected.size() &&
         std::is_permutation(headers.begin(), headers.end(), expected.begin(), expected.end());
}

}  // namespace

TEST("handshake: the accept key of RFC 6455 section 1.3") {
  CHECK_EQ(engine::AcceptFor("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST("handshake: a request has its four headers and what was offered") {
  const Begun plain;
  CHECK_EQ(plain.request.size(), 4u);
  const std::string key = ValuesOf(plain.request, "Sec-WebSocket-Key").at(0);
  CHECK_EQ(engine::DecodedBase64Size(key), 16);
  CHECK(AreTheSame(plain.request, {{"Connection", "Upgrade"},
                                   {"Upgrade", "websocket"},
                                   {"Sec-WebSocket-Version", "13"},
                                   {"Sec-WebSocket-Key", key}}));
  const Begun offering({"chat", "superchat"}, {"x", "y; a=1"});
  CHECK_EQ(offering.request.size(), 6u);
  CHECK_EQ(ValuesOf(offering.request, "Sec-WebSocket-Protocol").at(0), "chat, superchat");
  CHECK_EQ(ValuesOf(offering.request, "Sec-WebSocket-Extensions").at(0), "x, y; a=1");
  CHECK(ValuesOf(offering.request, "Sec-WebSocket-Key").at(0) != key);
}

TEST("handshake: invalid tokens are rejected and the handle is unchanged") {
  const Handle client(PortableApi(), Role::kClient);
  for (const char* token : {"", "a b", "a,b", "a\r\n", "\xC3\xA9", "(a)"}) {
    CHECK_EQ(BeginClient(client, {"good", token}).hr, kInvalidArg, token);
  }
  for (const char* extension : {"", ";", "x,y", "x;\r\n", "x; \x7F", "x; \xC3\xA9", "x y", "x\ty"}) {
    CHECK_EQ(BeginClient(client, {}, {"good", extension}).hr, kInvalidArg, extension);
  }
  CHECK_EQ(BeginClient(client, {nullptr}).hr, kInvalidArg);
  CHECK_EQ(BeginClient(client, {}, {nullptr}).hr, kInvalidArg);
  CHECK_EQ(BeginClient(client, {"good"}, {"x ~"}).hr, kInvalidArg);
  CHECK_EQ(BeginClient(client, {"good"}, {"x; q=\" ~\""}).hr, kOk);
}

TEST("handshake: counts without arrays are rejected") {
  const Handle client(PortableApi(), Role::kClient);
  PWEB_SOCKET_HTTP_HEADER headers = nullptr;
  ULONG count = 0;
  const auto begin = [&](ULONG subprotocols, ULONG extensions, ULONG initial) {
    headers = nullptr;
    count = 77;
    return PortableApi().WebSocketBeginClientHandshake(client.get(), nullptr, subprotocols, nullptr, extensions,
                                                       nullptr, initial, &headers, &count);
  };
  CHECK_EQ(begin(1, 0, 0), kInvalidArg);
  CHECK_EQ(begin(0, 1, 0), kInvalidArg);
  CHECK_EQ(begin(0, 0, 1), kInvalidArg);
  CHECK_EQ(count, 0u);
  CHECK(headers == nullptr);
  CHECK_EQ(begin(0, 0, 0), kOk);
  CHECK_EQ(count, 4u);
}

TEST("handshake: initial headers are parsed, and rejected when malformed") {
  const Handle client(PortableApi(), Role::kClient);
  CHECK_EQ(BeginClient(client, {}, {}, {{"Bad Name", "x"}}).hr, kFormat);
  CHECK_EQ(BeginClient(client, {}, {}, {{"Host", "a\r\nb"}}).hr, kFormat);
  CHECK_EQ(BeginClient(client, {}, {}, {{"Connection", "keep-alive"}, {"Upgrade", "websocket"}}).hr, kOk);
}

TEST("handshake: without randomness there is no key") {
  const Handle client(PortableApi(), Role::kClient);
  if (!ScriptRandom({RandomFault::kFails})) return;
  CHECK(Failed(BeginClient(client).hr));
  CHECK_EQ(RandomFaultsLeft(), 0u);
  CHECK_EQ(BeginClient(client).hr, kOk);
}

TEST("handshake: a right response opens the client") {
  const Begun begun;
  CHECK_EQ(EndClient(begun.client, begun.response), kOk);
  CHECK_EQ(begun.client.Send(kUtf8Message, "x"), kOk);
}

TEST("handshake: responses that are as good") {
  CHECK_EQ(EndWith([](const Headers& r) { return Replaced(r, "Upgrade", "WebSocket"); }), kOk);
  CHECK_EQ(EndWith([](const Headers& r) { return Replaced(r, "Connection", "keep-alive, UPGRADE"); }), kOk);
  CHECK_EQ(EndWith([](const Headers& r) { return With(r, "Server", "x"); }), kOk);
  CHECK_EQ(EndWith([](const Headers& r) { return With(With(r, "Set-Cookie", "a"), "Set-Cookie", "b"); }), kOk);
  CHECK_EQ(EndWith([](const Headers& response) {
             Headers r = response;
             for (Header& header : r) header.name[0] = static_cast<char>(header.name[0] + 'a' - 'A');
             return r;
           }),
           kOk);
  CHECK_EQ(EndWith([](const Headers& r) { return With(Without(r, "Connection"), "Connection", " Upgrade\t"); }), kOk);
}

TEST("handshake: rejects invalid responses") {
  for (const char* name : {"Upgrade", "Connection", "Sec-WebSocket-Accept"}) {
    CHECK_EQ(EndWith([name](const Headers& r) { return Without(r, name); }), kFormat, name);
  }
  CHECK_EQ(EndWith([](const Headers&) { return Headers(); }), kFormat);
  CHECK_EQ(EndWith([](const Headers& r) { return Replaced(r, "Upgrade", "h2c"); }), kFormat);
  CHECK_EQ(EndWith([](const Headers& r) { return Replaced(r, "Connection", "close"); }), kFormat);
  CHECK_EQ(EndWith([](const Headers& r) { return With(r, "Sec-WebSocket-Accept", r[2].value); }), kFormat);
  CHECK_EQ(EndWith([](const Headers& r) { return With(r, "Sec-WebSocket-Protocol", "x"); }), kSubprotocol);
  CHECK_EQ(EndWith([](const Headers& r) { return With(r, "Sec-WebSocket-Extensions", "x"); }), kExtension);
  CHECK_EQ(EndWith([](const Headers& r) { return With(r, "Bad Name", "x"); }), kFormat);
}

TEST("handshake: a wrong accept key is rejected") {
  const Begun begun;
  const std::string right = begun.response[2].value;
  std::string other_case = right;
  for (char& c : other_case) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const std::string other_start = (right[0] == 'x' ? "y" : "x") + right.substr(1);
  for (const std::string& wrong : {std::string(), right + "=", right.substr(1), other_case, other_start}) {
    CHECK_EQ(EndClient(begun.client, Replaced(begun.response, "Sec-WebSocket-Accept", wrong)), kFormat, wrong);
  }
  CHECK_EQ(EndClient(begun.client, begun.response), kOk);
}

TEST("handshake: the sub-protocol that was chosen") {
  const auto select = [](const char* value) {
    const Begun begun({"a", "b"});
    return EndSelecting(begun, With(begun.response, "Sec-WebSocket-Protocol", value), 0);
  };
  CHECK_EQ(select("a").hr, kOk);
  CHECK_EQ(select("a").subprotocol, 0u);
  CHECK_EQ(select("b").subprotocol, 1u);
  CHECK_EQ(select("c").hr, kSubprotocol);
  CHECK_EQ(select("c").subprotocol, kUntouched);
  CHECK_EQ(select("A").hr, kSubprotocol);
  CHECK_EQ(select("a, b").hr, kFormat);
  CHECK_EQ(select("").hr, kFormat);
  const Begun twice({"a", "b"});
  CHECK_EQ(
      EndClient(twice.client, With(With(twice.response, "Sec-WebSocket-Protocol", "a"), "Sec-WebSocket-Protocol", "b")),
      kFormat);
  CHECK_EQ(EndClient(twice.client, twice.response), kSubprotocol);
  CHECK_EQ(EndClient(twice.client, With(twice.response, "Sec-WebSocket-Protocol", "b")), kOk);
}

TEST("handshake: nothing selected leaves the index alone") {
  const Begun begun;
  const Selection selection = EndSelecting(begun, begun.response, 8);
  CHECK_EQ(selection.hr, kOk);
  CHECK_EQ(selection.subprotocol, kUntouched);
  CHECK_EQ(selection.count, 0u);
  CHECK_EQ(selection.extensions[0], kUntouched);
}

TEST("handshake: the extensions that were chosen") {
  const auto select = [](const char* value, ULONG capacity = 3) {
    const Begun begun({}, {"x", "y; a", "x; b"});
    return EndSelecting(begun, With(begun.response, "Sec-WebSocket-Extensions", value), capacity);
  };
  CHECK_EQ(select("y").hr, kOk);
  CHECK_EQ(select("y").count, 1u);
  CHECK_EQ(select("y").extensions[0], 1u);
  CHECK_EQ(select("y").extensions[1], kUntouched);
  const Selection all = select("Y; c=1, X, x; d");
  CHECK_EQ(all.hr, kOk);
  CHECK_EQ(all.count, 3u);
  CHECK(std::vector<ULONG>(all.extensions.begin(), all.extensions.begin() + 3) == (std::vector<ULONG>{1, 0, 2}));
  CHECK_EQ(all.extensions[3], kUntouched);
  CHECK_EQ(select("z").hr, kExtension);
  CHECK_EQ(select("y, z").hr, kExtension);
  CHECK_EQ(select("y, y").hr, kExtension);
  CHECK_EQ(select("x, x, x").hr, kExtension);
  CHECK_EQ(select("z").count, 3u);
  CHECK_EQ(select("y", 2).hr, kInsufficientBuffer);
  CHECK_EQ(select("y", 4).hr, kOk);
}

TEST("handshake: outputs of extensions may be missing only if none were offered") {
  const Begun begun({}, {"x"});
  auto array = ToArray(begun.response);
  const auto size = static_cast<ULONG>(array.size());
  ULONG extension = 0;
  ULONG count = 1;
  const auto end = [&](ULONG* extensions, ULONG* extension_count) {
    return PortableApi().WebSocketEndClientHandshake(begun.client.get(), array.data(), size, extensions,
                                                     extension_count, nullptr);
  };
  CHECK_EQ(end(nullptr, nullptr), kInvalidArg);
  CHECK_EQ(end(&extension, nullptr), kInvalidArg);
  CHECK_EQ(end(nullptr, &count), kInvalidArg);
  CHECK_EQ(end(&extension, &count), kOk);
  CHECK_EQ(count, 0u);
}

TEST("handshake: a response that fails changes nothing, and the right one still opens") {
  const Begun begun({"a"}, {"x"});
  const Headers good = With(begun.response, "Sec-WebSocket-Protocol", "a");
  const Selection failed = EndSelecting(begun, With(good, "Sec-WebSocket-Extensions", "z"), 1);
  CHECK_EQ(failed.hr, kExtension);
  CHECK_EQ(failed.subprotocol, kUntouched);
  CHECK_EQ(failed.extensions[0], kUntouched);
  CHECK_EQ(EndSelecting(begun, good, 1).hr, kOk);
  CHECK_EQ(EndSelecting(begun, good, 1).hr, kOperation);
}

TEST("handshake: a response of the server") {
  const Handle server(PortableApi(), Role::kServer);
  const HeadersResult begun = BeginServer(server, SampleRequest());
  CHECK_EQ(begun.hr, kOk);
  CHECK(AreTheSame(
      begun.headers,
      {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}}));
}

TEST("handshake: the server names what it chose") {
  const Headers request =
      With(With(SampleRequest(), "Sec-WebSocket-Protocol", "a, b"), "Sec-WebSocket-Extensions", "x; p=1, y");
  const Handle server(PortableApi(), Role::kServer);
  const HeadersResult begun = BeginServer(server, request, "b", {"y", "X; q=2"});
  CHECK_EQ(begun.hr, kOk);
  CHECK_EQ(begun.headers.size(), 5u);
  CHECK_EQ(ValuesOf(begun.headers, "Sec-WebSocket-Protocol").at(0), "b");
  CHECK_EQ(ValuesOf(begun.headers, "Sec-WebSocket-Extensions").at(0), "y, X; q=2");
}

TEST("handshake: the server chooses only what was offered") {
  const Headers request =
      With(With(SampleRequest(), "Sec-WebSocket-Protocol", "a, b"), "Sec-WebSocket-Extensions", "x");
  CHECK_EQ(BeginWith(request, "a"), kOk);
  CHECK_EQ(BeginWith(request, "c"), kSubprotocol);
  CHECK_EQ(BeginWith(request, "A"), kSubprotocol);
  CHECK_EQ(BeginWith(request, ""), kSubprotocol);
  CHECK_EQ(BeginWith(SampleRequest(), "a"), kSubprotocol);
  CHECK_EQ(BeginWith(request, nullptr, {"x"}), kOk);
  CHECK_EQ(BeginWith(request, nullptr, {"x", "z"}), kExtension);
  CHECK_EQ(BeginWith(SampleRequest(), nullptr, {"x"}), kExtension);
  CHECK_EQ(BeginWith(request, nullptr, {"x,y"}), kInvalidArg);
  CHECK_EQ(BeginWith(request, nullptr, {nullptr}), kInvalidArg);
}

TEST("handshake: requests that are as good") {
  const Headers request = SampleRequest();
  CHECK_EQ(BeginWith(Replaced(request, "Host", "")), kOk);
  CHECK_EQ(BeginWith(Replaced(request, "Connection", "keep-alive, upgrade")), kOk);
  CHECK_EQ(BeginWith(Replaced(request, "Upgrade", "WEBSOCKET")), kOk);
  CHECK_EQ(BeginWith(Replaced(request, "Upgrade", "h2c, websocket")), kOk);
  CHECK_EQ(BeginWith(With(With(request, "Cookie", "a"), "Cookie", "b")), kOk);
  CHECK_EQ(BeginWith(With(With(request, "Sec-WebSocket-Protocol", "a"), "Sec-WebSocket-Protocol", "b"), "b"), kOk);
  CHECK_EQ(BeginWith(Replaced(request, "Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")), kOk);
}

TEST("handshake: rejects invalid requests") {
  const Headers request = SampleRequest();
  for (const Header& header : request) {
    CHECK_EQ(BeginWith(Without(request, header.name)), kFormat, header.name);
  }
  CHECK_EQ(BeginWith({}), kFormat);
  CHECK_EQ(BeginWith(Replaced(request, "Upgrade", "h2c")), kFormat);
  CHECK_EQ(BeginWith(Replaced(request, "Connection", "keep-alive")), kFormat);
  for (const char* name : {"Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"}) {
    CHECK_EQ(BeginWith(With(request, name, ValuesOf(request, name).at(0))), kFormat, name);
  }
  for (const char* version : {"8", "12", "14", "013", "13, 8", ""}) {
    CHECK_EQ(BeginWith(Replaced(request, "Sec-WebSocket-Version", version)), kVersion, version);
  }
  // 15, 17 and 18 bytes, invalid base64, empty.
  for (const char* key : {"AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAAA",
                          "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZ!==", ""}) {
    CHECK_EQ(BeginWith(Replaced(request, "Sec-WebSocket-Key", key)), kFormat, key);
  }
}

TEST("handshake: a valid request succeeds after a rejected one") {
  const Handle server(PortableApi(), Role::kServer);
  CHECK_EQ(BeginServer(server, Without(SampleRequest(), "Host")).hr, kFormat);
  CHECK_EQ(BeginServer(server, SampleRequest(), "not offered").hr, kSubprotocol);
  CHECK_EQ(BeginServer(server, SampleRequest()).hr, kOk);
  CHECK_EQ(EndServer(server), kOk);
}
