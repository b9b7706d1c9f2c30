// 13.2 and 13.3: statements that need memory of the caller, or read an output of a failed call.
#include <algorithm>
#include <memory>

#include "test/statements/statement.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr ULONG kReceiveSize = 512;
constexpr ULONG kSendSize = 1024;

// Memory for ALLOCATED_BUFFER, 8-aligned, with a protected margin on both sides.
class OwnBuffer {
 public:
  explicit OwnBuffer(ULONG size)
      : size_(size), words_((size + 7) / 8 + 2 * kMarginWords, std::uint64_t{kFill} * 0x0101010101010101u) {}

  BYTE* data() { return reinterpret_cast<BYTE*>(words_.data() + kMarginWords); }
  ULONG size() const { return size_; }

  Properties AsProperties() {
    return Properties().ReceiveBuffer(kReceiveSize).SendBuffer(kSendSize).AddBuffer(data(), size_);
  }

  bool Holds(const WEB_SOCKET_BUFFER& buffer) {
    const BYTE* const bytes = buffer.Data.pbBuffer;
    return bytes >= data() && bytes + buffer.Data.ulBufferLength <= data() + size_;
  }

  bool MarginsUntouched() {
    const BYTE* const before = data() - kMargin;
    const BYTE* const behind = data() + size_;
    const auto untouched = [](BYTE byte) { return byte == kFill; };
    return std::all_of(before, before + kMargin, untouched) && std::all_of(behind, behind + kMargin, untouched);
  }

 private:
  static constexpr std::size_t kMarginWords = 8;
  static constexpr std::size_t kMargin = kMarginWords * 8;
  static constexpr BYTE kFill = 0xA7;

  ULONG size_;
  std::vector<std::uint64_t> words_;
};

}  // namespace

STATEMENT("WS-028") {
  for (const Role role : kBothRoles) {
    OwnBuffer buffer(kReceiveSize + kSendSize + 264);
    const Handle handle(api, role, buffer.AsProperties());
    CHECK(handle.get() != nullptr, NameOf(role));
  }
}

STATEMENT("WS-029") {
  for (const Role role : kBothRoles) {
    OwnBuffer buffer(kReceiveSize + kSendSize + 144);
    const Handle handle(api, role, buffer.AsProperties());
    CHECK(handle.get() != nullptr, NameOf(role));
  }
}

STATEMENT("WS-030") {
  for (const Role role : kBothRoles) {
    OwnBuffer buffer(kReceiveSize + kSendSize);
    WEB_SOCKET_HANDLE handle = nullptr;
    CHECK(Failed(CreateHandle(api, role, buffer.AsProperties(), &handle)), NameOf(role));
  }
}

STATEMENT("WS-031") {
  OwnBuffer buffer(kReceiveSize + kSendSize + 264);
  const Handle server = OpenHandle(api, Role::kServer, buffer.AsProperties());
  CHECK_EQ(server.Receive(), 0);
  const Step read = server.NextReceive();
  CHECK(read.count >= 1);
  for (ULONG i = 0; i < read.count; ++i) CHECK(buffer.Holds(read.buffers[i]));
  const Bytes frame = Masked(kText, "Hello");
  CHECK_EQ(server.Fill(read, frame), frame.size());
  const Step received = server.NextReceive();
  CHECK_EQ(ToText(received.Joined()), "Hello");
  CHECK(buffer.Holds(received.buffers[0]));
  server.Complete(received, 0);
  CHECK(buffer.MarginsUntouched());
}

STATEMENT("WS-032") {
  OwnBuffer buffer(kReceiveSize + kSendSize + 264);
  const Handle client = OpenHandle(api, Role::kClient, buffer.AsProperties());
  const Bytes payload = Pattern(std::size_t{2} * kSendSize);
  CHECK_EQ(client.Send(WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, payload), 0);
  Bytes wire;
  for (Step step = client.NextSend(); step.action == WEB_SOCKET_SEND_TO_NETWORK_ACTION; step = client.NextSend()) {
    for (ULONG i = 0; i < step.count; ++i) CHECK(buffer.Holds(step.buffers[i]));
    Append(wire, step.Joined());
    client.CompleteAll(step);
  }
  Bytes sent;
  for (const Frame& frame : DecodeAll(wire)) Append(sent, frame.payload);
  CHECK_EQ(sent, payload);
  CHECK(buffer.MarginsUntouched());
}

STATEMENT("WS-033") {
  auto buffer = std::make_unique<OwnBuffer>(kReceiveSize + kSendSize + 264);
  {
    const Handle server = OpenHandle(api, Role::kServer, buffer->AsProperties());
    Driver driver(server);
    CHECK_EQ(server.Receive(), 0);
    driver.Deliver(Masked(kText, "Hello"));
  }
  std::fill_n(buffer->data(), buffer->size(), BYTE{0xEE});
  CHECK(buffer->MarginsUntouched());
  buffer.reset();
}

STATEMENT("WS-035") {
  for (const Role role : kBothRoles) {
    int place = 0;
    auto* handle = reinterpret_cast<WEB_SOCKET_HANDLE>(&place);
    CHECK(Failed(CreateHandle(api, role, Properties().ReceiveBuffer(255), &handle)), NameOf(role));
    CHECK(handle == nullptr, NameOf(role));
  }
}

STATEMENT("WS-037") {
  ULONG value = 0;
  ULONG size = sizeof(value);
  CHECK_EQ(api.WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, &size), 0);
  CHECK_EQ(size, 4u);
  CHECK(value >= 15000);
}

STATEMENT("WS-039") {
  ULONG values[16] = {};
  ULONG size = sizeof(values);
  CHECK_EQ(api.WebSocketGetGlobalProperty(WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE, values, &size), 0);
  CHECK(size > 0 && size <= sizeof(values));
  CHECK_EQ(size % sizeof(ULONG), 0u);
  CHECK(std::find(values, values + size / sizeof(ULONG), 13u) != values + size / sizeof(ULONG));
}

STATEMENT("WS-040") {
  ULONG value = 0;
  ULONG size = 2;
  CHECK(Failed(api.WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, &size)));
}

STATEMENT("WS-041") {
  ULONG value = 0;
  ULONG size = 0;
  CHECK(Failed(api.WebSocketGetGlobalProperty(WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE, &value, &size)));
  CHECK(size >= 4);
}

STATEMENT("WS-058") {
  const Handle client(api, Role::kClient);
  const Handle server(api, Role::kServer);
  const HeadersResult request = BeginClient(client);
  CHECK_EQ(request.hr, 0);
  const HeadersResult response = BeginServer(server, WithHost(request.headers));
  CHECK_EQ(response.hr, 0);
  CHECK_EQ(EndClient(client, response.headers), 0);
}

STATEMENT("WS-077") {
  const Handle client(api, Role::kClient);
  const Handle server(api, Role::kServer);
  const HeadersResult request = BeginClient(client, {}, {"x", "y"});
  CHECK_EQ(request.hr, 0);
  const HeadersResult response = BeginServer(server, WithHost(request.headers), nullptr, {"y"});
  CHECK_EQ(response.hr, 0);
  auto array = ToArray(response.headers);
  ULONG selected[2] = {77, 77};
  ULONG count = 1;
  CHECK(Failed(api.WebSocketEndClientHandshake(client.get(), array.data(), static_cast<ULONG>(array.size()), selected,
                                               &count, nullptr)));
}
