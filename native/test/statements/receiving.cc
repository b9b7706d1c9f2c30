// 13.9, 13.10 and 13.14: receives that depend on pointers, counts and contexts.
#include "test/statements/statement.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

// Feeds one READ of a handle with a queued receive.
void FeedRead(const Handle& handle, const Bytes& bytes) {
  const Step read = handle.NextReceive();
  CHECK_EQ(read.action, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
  CHECK_EQ(handle.Fill(read, bytes), bytes.size());
}

}  // namespace

STATEMENT("WS-184") {
  const Bytes frames[] = {Masked(kText, "Hello"), Masked(kBinary, ""), Masked(kPong, "x"),
                          Masked(kClose, ClosePayload(1000))};
  for (const Bytes& frame : frames) {
    const Handle server = OpenHandle(api, Role::kServer);
    CHECK_EQ(server.Receive(), 0);
    FeedRead(server, frame);
    const Step step = server.NextReceive();
    CHECK_EQ(step.action, WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
    CHECK_EQ(step.count, 1u);
    server.Complete(step, 0);
  }
}

STATEMENT("WS-187") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenHandle(api, role, Properties().ReceiveBuffer(512));
    CHECK_EQ(handle.Receive(), 0);
    const Step read = handle.NextReceive();
    CHECK_EQ(read.action, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
    CHECK(read.count >= 1);
    for (ULONG i = 0; i < read.count; ++i) CHECK(read.buffers[i].Data.pbBuffer != nullptr);
    CHECK(read.Sum() >= 1 && read.Sum() <= 512);
    handle.Complete(read, 0);
  }
}

STATEMENT("WS-200") {
  const Handle server = OpenHandle(api, Role::kServer);
  Bytes buffer(64, 0xEE);
  CHECK_EQ(server.ReceiveInto(buffer, Context(3)), 0);
  for (Step step = server.NextReceive(); step.action != WEB_SOCKET_NO_ACTION; step = server.NextReceive()) {
    if (step.action == WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
      server.Fill(step, Masked(kText, "Hello"));
      continue;
    }
    CHECK_EQ(step.Text(), "RECEIVED UTF8_MESSAGE [48656c6c6f] #3");
    CHECK(step.buffers[0].Data.pbBuffer == buffer.data());
    server.Complete(step, 0);
  }
  CHECK_EQ(ToText(buffer).substr(0, 5), "Hello");
  CHECK_EQ(int{buffer[5]}, 0xEE);
}

STATEMENT("WS-206") {
  const Bytes payload = Pattern(125);
  for (const Role role : kBothRoles) {
    const Handle handle = OpenHandle(api, role);
    CHECK_EQ(handle.Receive(), 0);
    FeedRead(handle, role == Role::kServer ? Masked(kPing, payload) : Bare(kPing, payload));
    const Step pong = handle.Next(WEB_SOCKET_RECEIVE_ACTION_QUEUE, 1);
    CHECK_EQ(pong.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
    CHECK_EQ(pong.count, 1u);
    const std::vector<Frame> frames = DecodeAll(pong.Joined());
    CHECK_EQ(frames.size(), 1u);
    CHECK_EQ(int{frames[0].opcode}, int{kPong});
    CHECK_EQ(frames[0].payload, payload);
    handle.CompleteAll(pong);
  }
}

STATEMENT("WS-207") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Receive(Context(5)), 0);
  FeedRead(server, Masked(kPing, "abc"));
  const Step pong = server.NextReceive();
  CHECK_EQ(pong.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  CHECK(pong.application_context == nullptr);
  server.CompleteAll(pong);
}

STATEMENT("WS-267") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Receive(), 0);
  FeedRead(server, Masked(kText, "first"));
  const Step first = server.NextReceive();
  const Bytes copy = first.Joined();
  server.Complete(first, 0);
  CHECK_EQ(server.Receive(), 0);
  FeedRead(server, Masked(kText, "other"));
  const Step second = server.NextReceive();
  // The contents at the old pointer are now undefined; the copy and the new indication are defined.
  CHECK_EQ(ToText(copy), "first");
  CHECK_EQ(ToText(second.Joined()), "other");
  server.Complete(second, 0);
}
