#include <set>

#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("sender: unknown types are rejected") {
  const Handle server = OpenPortable(Role::kServer);
  for (const std::uint32_t type : {0u, 2u, 0x81u, 0x7FFFFFFFu, 0x80000007u, 0xFFFFFFFFu}) {
    CHECK_EQ(server.Send(static_cast<WEB_SOCKET_BUFFER_TYPE>(type), "x"), kInvalidArg);
    CHECK_EQ(server.Send(static_cast<WEB_SOCKET_BUFFER_TYPE>(type), nullptr), kInvalidArg);
  }
  CHECK_EQ(server.NextSend().Text(), "NONE");
}

TEST("sender: bytes that are not there") {
  for (const auto type : {kUtf8Message, kUtf8Fragment, kBinaryMessage, kBinaryFragment}) {
    CHECK_EQ(SendRaw(OpenPortable(Role::kServer), type, nullptr, 1), kInvalidArg);
    CHECK_EQ(SendRaw(OpenPortable(Role::kClient), type, nullptr, 0xFFFFFFFF), kInvalidArg);
  }
}

TEST("sender: a frame that needs two buffers waits for them") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "Hello", Context(4)), kOk);
  CHECK_EQ(server.Next(kSendQueue, 0).hr, kInsufficientBuffer);
  CHECK_EQ(server.Next(kSendQueue, 1).hr, kInsufficientBuffer);
  const Step step = server.Next(kSendQueue, 2);
  CHECK_EQ(step.Text(), "SEND UTF8_MESSAGE [8105|48656c6c6f] #4");
  server.CompleteAll(step);
  // An indication needs no buffers.
  CHECK_EQ(server.Next(kSendQueue, 0).Text(), "SENT UTF8_MESSAGE #4");
}

TEST("sender: a masked frame needs one buffer") {
  const Handle client = OpenPortable(Role::kClient);
  CHECK_EQ(client.Send(kUtf8Message, "Hello"), kOk);
  CHECK_EQ(client.Next(kSendQueue, 0).hr, kInsufficientBuffer);
  CHECK_EQ(client.Next(kSendQueue, 1).count, 1u);
}

TEST("sender: one action at a time") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "a", Context(1)), kOk);
  CHECK_EQ(server.Send(kUtf8Message, "b", Context(2)), kOk);
  const Step first = server.NextSend();
  CHECK_EQ(server.NextSend().Text(), "NONE");
  server.CompleteAll(first);
  const Step sent = server.NextSend();
  CHECK_EQ(sent.Text(), "SENT UTF8_MESSAGE #1");
  CHECK_EQ(server.NextSend().Text(), "NONE");
  server.Complete(sent, 0);
  CHECK_EQ(server.NextSend().Text(), "SEND UTF8_MESSAGE [8101|62] #2");
}

TEST("sender: action contexts are never used twice") {
  const Handle server = OpenPortable(Role::kServer);
  std::set<void*> contexts;
  for (int i = 0; i < 100; ++i) {
    CHECK_EQ(server.Send(kUtf8Message, "a"), kOk);
    for (Step step = server.NextSend(); step.action != WEB_SOCKET_NO_ACTION; step = server.NextSend()) {
      CHECK(contexts.insert(step.action_context).second);
      server.CompleteAll(step);
    }
  }
  CHECK_EQ(contexts.size(), 200u);
}

TEST("sender: any count but the sum ends the operation") {
  for (const std::uint64_t count : {0, 1, 6, 8, 100}) {
    const Handle server = OpenPortable(Role::kServer);
    CHECK_EQ(server.Send(kUtf8Message, "Hello", Context(1)), kOk);
    const Step step = server.NextSend();
    CHECK_EQ(step.Sum(), 7u);
    server.Complete(step, count);
    CHECK_EQ(server.NextSend().Text(), "SENT UTF8_MESSAGE #1");
  }
}

TEST("sender: a truncated message is indicated, and the next one starts a new frame") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(16));
  const Bytes payload = Pattern(35);
  CHECK_EQ(client.Send(kBinaryMessage, payload, Context(1)), kOk);
  CHECK_EQ(client.Send(kUtf8Message, "next", Context(2)), kOk);
  client.CompleteAll(client.NextSend());
  const Step second = client.NextSend();
  CHECK_EQ(second.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  client.Complete(second, 3);
  const Step sent = client.NextSend();
  CHECK_EQ(sent.Text(), "SENT BINARY_MESSAGE #1");
  client.Complete(sent, 0);
  const std::vector<Frame> frames = SendAll(client);
  CHECK_EQ(frames.size(), 1u);
  CHECK_EQ(Shape(frames[0]), "FIN 1 masked 4");
}

TEST("sender: a fragment cut short leaves its message open") {
  for (const bool masked : {true, false}) {
    const Handle handle = OpenPortable(masked ? Role::kClient : Role::kServer, Properties().SendBuffer(16));
    CHECK_EQ(handle.Send(kUtf8Fragment, "0123456789abcdef", Context(1)), kOk);
    CHECK_EQ(handle.Send(kPingPong, nullptr), kOk);
    CHECK_EQ(handle.Send(kUtf8Message, "end", Context(2)), kOk);
    handle.Complete(handle.NextSend(), 0);
    const std::vector<Frame> frames = SendAll(handle);
    CHECK_EQ(frames.size(), 2u);
    CHECK_EQ(int{frames[0].opcode}, int{kPing});
    CHECK_EQ(int{frames[1].opcode}, int{kContinuation});
    CHECK(frames[1].fin);
  }
}

TEST("sender: a control frame cut short changes no message") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Fragment, "a"), kOk);
  CHECK_EQ(server.Send(kPingPong, nullptr), kOk);
  CHECK_EQ(server.Send(kUtf8Message, "b"), kOk);
  server.CompleteAll(server.NextSend());
  server.Complete(server.NextSend(), 0);
  server.Complete(server.NextSend(), 1);
  server.Complete(server.NextSend(), 0);
  CHECK_EQ(Shape(SendAll(server).at(0)), "FIN 0 bare 1");
}

TEST("sender: a foreign or stale action context changes nothing") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "a", Context(1)), kOk);
  Step stale = server.NextSend();
  Step foreign = stale;
  int place = 0;
  foreign.action_context = &place;
  server.CompleteAll(foreign);
  CHECK_EQ(server.NextSend().Text(), "NONE");
  foreign.action_context = nullptr;
  server.CompleteAll(foreign);
  CHECK_EQ(server.NextSend().Text(), "NONE");
  server.CompleteAll(stale);
  const Step sent = server.NextSend();
  server.CompleteAll(stale);
  CHECK_EQ(server.NextSend().Text(), "NONE");
  server.Complete(sent, 0);
  server.Complete(sent, 0);
  CHECK_EQ(server.NextSend().Text(), "NONE");
}

TEST("sender: the caller's bytes are not changed") {
  for (const Role role : kBothRoles) {
    for (const ULONG size : {16u, 4096u}) {
      const Handle handle = OpenPortable(role, Properties().SendBuffer(size));
      const Bytes payload = Pattern(10000, 9);
      CHECK_EQ(handle.Send(kBinaryMessage, payload), kOk);
      const std::string reason = "a reason";
      CHECK_EQ(handle.SendClose(1000, reason), kOk);
      SendAll(handle);
      CHECK_EQ(payload, Pattern(10000, 9));
      CHECK_EQ(reason, "a reason");
    }
  }
}

TEST("sender: outgoing text is not checked") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "\xFF\xFE"), kOk);
  CHECK_EQ(server.SendClose(1000, "\xFF"), kOk);
  CHECK_EQ(SendAll(server).size(), 2u);
}
