// 13.6 to 13.8 and 13.14: sends that depend on pointers, counts and contexts.
#include <algorithm>
#include <cstring>
#include <string>

#include "test/statements/statement.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

WEB_SOCKET_BUFFER BufferOf(Bytes& bytes) {
  WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = bytes.data();
  buffer.Data.ulBufferLength = static_cast<ULONG>(bytes.size());
  return buffer;
}

}  // namespace

STATEMENT("WS-121") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "Hello", Context(7)), 0);
  Step step;
  step.count = 2;
  CHECK_EQ(api.WebSocketGetAction(server.get(), WEB_SOCKET_SEND_ACTION_QUEUE, step.buffers.data(), &step.count,
                                  &step.action, &step.type, nullptr, &step.action_context),
           0);
  CHECK_EQ(step.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  server.CompleteAll(step);
  CHECK_EQ(server.NextSend().Text(), "SENT UTF8_MESSAGE #7");
}

STATEMENT("WS-135") {
  const Handle server = OpenHandle(api, Role::kServer);
  const Bytes payload = FromText("Hello");
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, payload), 0);
  const Step step = server.NextSend();
  CHECK_EQ(step.count, 2u);
  CHECK(step.buffers[1].Data.pbBuffer == payload.data());
  CHECK_EQ(step.buffers[1].Data.ulBufferLength, payload.size());
  server.CompleteAll(step);
}

STATEMENT("WS-140") {
  const Handle server = OpenHandle(api, Role::kServer);
  WEB_SOCKET_BUFFER empty{};
  CHECK_EQ(api.WebSocketSend(server.get(), WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, &empty, nullptr), 0);
  const Step step = server.NextSend();
  CHECK_EQ(ToHex(step.Joined()), "8200");
  server.CompleteAll(step);
}

STATEMENT("WS-141") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenHandle(api, role);
    WEB_SOCKET_BUFFER buffer{};
    buffer.Data.ulBufferLength = 1;
    CHECK(Failed(api.WebSocketSend(handle.get(), WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, nullptr)), NameOf(role));
  }
}

STATEMENT("WS-144") {
  const Handle client = OpenHandle(api, Role::kClient);
  const Bytes payload = FromText("Hello");
  CHECK_EQ(client.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, payload), 0);
  const Step step = client.NextSend();
  CHECK_EQ(step.count, 1u);
  CHECK_EQ(step.buffers[0].Data.ulBufferLength, 11u);
  const BYTE* const bytes = step.buffers[0].Data.pbBuffer;
  CHECK(bytes + 11 <= payload.data() || bytes >= payload.data() + payload.size());
  client.CompleteAll(step);
}

STATEMENT("WS-145") {
  const Handle client = OpenHandle(api, Role::kClient);
  const Bytes payload = Pattern(20000);
  CHECK_EQ(client.Send(WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, payload), 0);
  Driver(client).Run();
  CHECK_EQ(payload, Pattern(20000));
}

STATEMENT("WS-160") {
  const Handle server = OpenHandle(api, Role::kServer);
  Bytes payload = FromText("Hello");
  WEB_SOCKET_BUFFER buffer = BufferOf(payload);
  CHECK_EQ(api.WebSocketSend(server.get(), WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, &buffer, nullptr), 0);
  std::memset(static_cast<void*>(&buffer), 0xCD, sizeof(buffer));
  const Step step = server.NextSend();
  CHECK_EQ(ToHex(step.Joined()), "810548656c6c6f");
  server.CompleteAll(step);
}

STATEMENT("WS-265") {
  const Handle server = OpenHandle(api, Role::kServer);
  Bytes first = FromText("first");
  const Bytes second = FromText("second");
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, first), 0);
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, second), 0);
  Step step = server.NextSend();
  const Bytes written = step.Joined();
  server.CompleteAll(step);
  step = server.NextSend();
  CHECK_EQ(step.Text(), "SENT UTF8_MESSAGE");
  std::fill(first.begin(), first.end(), std::uint8_t{'x'});
  server.Complete(step, 0);
  Driver driver(server);
  driver.Run();
  const Bytes wire = Join({written, driver.TakeSent()});
  CHECK_EQ(wire, Join({Bare(kText, "first"), Bare(kText, "second")}));
}

STATEMENT("WS-266") {
  const Handle server = OpenHandle(api, Role::kServer);
  const Bytes payload = Pattern(100000);
  CHECK_EQ(server.Send(WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, payload), 0);
  const Step step = server.NextSend();
  CHECK_EQ(step.count, 2u);
  CHECK(step.buffers[1].Data.pbBuffer == payload.data());
  server.CompleteAll(step);
}
