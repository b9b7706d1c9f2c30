#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr const char* kPayload = "x";

}  // namespace

TEST("abort: queued operations are indicated in order, with nothing to send or read") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    for (std::uintptr_t i = 1; i <= 3; ++i) CHECK_EQ(handle.Send(kUtf8Message, kPayload, Context(i)), kOk);
    for (std::uintptr_t i = 4; i <= 6; ++i) CHECK_EQ(handle.Receive(Context(i)), kOk);
    handle.Abort();
    CHECK_EQ(Driver(handle).Run(), (Trace{"SENT UTF8_MESSAGE #1", "SENT UTF8_MESSAGE #2", "SENT UTF8_MESSAGE #3",
                                          "RECEIVED [NULL] #4", "RECEIVED [NULL] #5", "RECEIVED [NULL] #6"}));
    CHECK_EQ(handle.Send(kUtf8Message, kPayload), kOperation);
    CHECK_EQ(handle.Receive(), kOperation);
    handle.Abort();
    CHECK_EQ(handle.Next(kAllQueues).Text(), "NONE");
  }
}

TEST("abort: waits for an outstanding send, with any count") {
  for (const std::uint64_t count : {0, 1, 3}) {
    const Handle server = OpenPortable(Role::kServer);
    CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(1)), kOk);
    CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(2)), kOk);
    const Step send = server.NextSend();
    server.Abort();
    CHECK_EQ(server.NextSend().Text(), "NONE");
    server.Complete(send, count);
    CHECK_EQ(Driver(server).Run(), (Trace{"SENT UTF8_MESSAGE #1", "SENT UTF8_MESSAGE #2"}));
  }
}

TEST("abort: an outstanding read is waited for, and its bytes are not indicated") {
  for (const bool filled : {false, true}) {
    const Handle server = OpenPortable(Role::kServer);
    CHECK_EQ(server.Receive(Context(1)), kOk);
    CHECK_EQ(server.Receive(Context(2)), kOk);
    const Step read = server.NextReceive();
    server.Abort();
    CHECK_EQ(server.NextReceive().Text(), "NONE");
    if (filled) {
      server.Fill(read, Join({Masked(kPing, "1"), Masked(kText, "x")}));
    } else {
      server.Complete(read, 0);
    }
    CHECK_EQ(Driver(server).Run(), (Trace{"RECEIVED [NULL] #1", "RECEIVED [NULL] #2"}));
  }
}

TEST("abort: outstanding indications end their operations as ever") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(1)), kOk);
  CHECK_EQ(server.Receive(Context(2)), kOk);
  server.CompleteAll(server.NextSend());
  const Step sent = server.NextSend();
  server.Fill(server.NextReceive(), Masked(kText, "x"));
  const Step received = server.NextReceive();
  server.Abort();
  CHECK_EQ(server.Next(kAllQueues).Text(), "NONE");
  // Indicated data stays readable until it is completed.
  CHECK_EQ(ToText(received.Joined()), "x");
  server.Complete(sent, 0);
  server.Complete(received, 0);
  CHECK_EQ(server.Next(kAllQueues).Text(), "NONE");
}

TEST("abort: an outstanding pong is waited for, then the receive is indicated") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Receive(Context(1)), kOk);
  CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(2)), kOk);
  server.Fill(server.NextReceive(), Masked(kPing, "1"));
  const Step pong = server.NextReceive();
  server.Abort();
  CHECK_EQ(server.Next(kAllQueues).Text(), "NONE");
  server.Complete(pong, 0);
  CHECK_EQ(Driver(server).Run(), (Trace{"SENT UTF8_MESSAGE #2", "RECEIVED [NULL] #1"}));
}

TEST("abort: a ping that was read is not answered any more") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Receive(Context(1)), kOk);
  server.Fill(server.NextReceive(), Masked(kPing, "1"));
  server.Abort();
  CHECK_EQ(server.NextReceive().Text(), "RECEIVED [NULL] #1");
}

TEST("abort: a drain needs one buffer for receives and no buffer for sends") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(1)), kOk);
  CHECK_EQ(server.Receive(Context(2)), kOk);
  server.Abort();
  CHECK_EQ(server.Next(kSendQueue, 0).Text(), "SENT UTF8_MESSAGE #1");
  CHECK_EQ(server.Next(kReceiveQueue, 0).hr, kInsufficientBuffer);
  CHECK_EQ(server.Next(kReceiveQueue, 1).Text(), "RECEIVED [NULL] #2");
}

TEST("abort: a message in pieces is not sent to its end") {
  const Handle client = OpenHandle(PortableApi(), Role::kClient, Properties().SendBuffer(16));
  const Bytes payload = Pattern(100);
  CHECK_EQ(client.Send(kBinaryMessage, payload, Context(1)), kOk);
  client.CompleteAll(client.NextSend());
  client.Abort();
  CHECK_EQ(Driver(client).Run(), Trace{"SENT BINARY_MESSAGE #1"});
}

TEST("abort: after a fault the receives are drained without it") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  CHECK_EQ(Driver(server).Deliver(Masked(kContinuation, "x")).back(), "FAILED 0x83760001");
  server.Abort();
  CHECK_EQ(Driver(server).Run(), Trace{"RECEIVED [NULL] #1"});
}

TEST("abort: a handle may be deleted with anything outstanding") {
  Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, kPayload), kOk);
  CHECK_EQ(server.Receive(), kOk);
  server.NextSend();
  server.NextReceive();
  server.Abort();
  server.Delete();
  Handle other = OpenPortable(Role::kClient);
  CHECK_EQ(other.Send(kUtf8Message, kPayload), kOk);
  other.NextSend();
  other.Delete();
}
