#include "test/check.h"
#include "test/engine/faults.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("receiver: a ping is answered on the receive queue and not indicated") {
  CHECK_EQ(ReceiveAll(Role::kServer, Masked(kPing, "abc"), 1),
           (Trace{"READ #1", "SEND PING_PONG [8a03616263]", "READ #1"}));
  const Trace client = ReceiveAll(Role::kClient, Bare(kPing, ""), 1);
  CHECK_EQ(client.size(), 3u);
  CHECK_EQ(client[1].substr(0, 20), "SEND PING_PONG [8a80");
}

TEST("receiver: a pong carries the ping's payload, masked by a client") {
  for (const Role role : kBothRoles) {
    for (const std::size_t size : {0, 1, 4, 124, 125}) {
      const Handle handle = OpenPortable(role);
      Driver driver(handle);
      QueueReceives(handle, 1);
      driver.Deliver(FromPeer(role, kPing, Pattern(size)));
      const std::vector<Frame> frames = DecodeAll(driver.TakeSent());
      CHECK_EQ(frames.size(), 1u);
      CHECK_EQ(int{frames[0].opcode}, int{kPong});
      CHECK(frames[0].fin);
      CHECK_EQ(frames[0].key.has_value(), role == Role::kClient);
      CHECK_EQ(frames[0].payload, Pattern(size));
    }
  }
}

TEST("receiver: a client without masking answers with the key 0") {
  const Handle client = OpenPortable(Role::kClient, Properties().NoMasking());
  QueueReceives(client, 1);
  CHECK_EQ(Driver(client).Deliver(Bare(kPing, "abc"))[1], "SEND PING_PONG [8a8300000000616263]");
}

TEST("receiver: without randomness a client's pong fails") {
  const Handle client = OpenPortable(Role::kClient);
  QueueReceives(client, 1);
  const Step read = client.NextReceive();
  client.Fill(read, Bare(kPing, "abc"));
  if (!ScriptRandom({RandomFault::kFails})) return;
  CHECK_EQ(client.NextReceive().hr, hresult::kFail);
  CHECK_EQ(RandomFaultsLeft(), 0u);
}

TEST("receiver: pings are answered in order, one at a time") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  server.Fill(server.NextReceive(), Join({Masked(kPing, "1"), Masked(kPing, "2"), Masked(kText, "x")}));
  const Step first = server.NextReceive();
  CHECK_EQ(first.Text(), "SEND PING_PONG [8a0131]");
  CHECK_EQ(server.NextReceive().Text(), "NONE");
  server.CompleteAll(first);
  const Step second = server.NextReceive();
  CHECK_EQ(second.Text(), "SEND PING_PONG [8a0132]");
  server.Complete(second, 0);  // dropped
  CHECK_EQ(server.NextReceive().Text(), "RECEIVED UTF8_MESSAGE [78] #1");
}

TEST("receiver: a pong that is not completed holds up the send queue only") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  server.Fill(server.NextReceive(), Masked(kPing, "1"));
  const Step pong = server.NextReceive();
  CHECK_EQ(server.Send(kUtf8Message, "x", Context(2)), kOk);
  CHECK_EQ(server.NextSend().Text(), "NONE");
  CHECK_EQ(server.Next(kAllQueues).Text(), "NONE");
  server.CompleteAll(pong);
  CHECK_EQ(server.NextSend().Text(), "SEND UTF8_MESSAGE [8101|78] #2");
}

TEST("receiver: a ping is answered while a send is outstanding") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "x", Context(2)), kOk);
  const Step send = server.NextSend();
  QueueReceives(server, 1);
  server.Fill(server.NextReceive(), Masked(kPing, "1"));
  const Step pong = server.NextReceive();
  CHECK_EQ(pong.Text(), "SEND PING_PONG [8a0131]");
  server.CompleteAll(send);
  CHECK_EQ(server.NextSend().Text(), "NONE");
  server.CompleteAll(pong);
  CHECK_EQ(server.NextSend().Text(), "SENT UTF8_MESSAGE #2");
}

TEST("receiver: a masked send and a pong stay whole beside each other") {
  const Handle client = OpenPortable(Role::kClient);
  const Bytes payload = Pattern(3000);
  CHECK_EQ(client.Send(kBinaryMessage, payload), kOk);
  const Step send = client.NextSend();
  QueueReceives(client, 1);
  client.Fill(client.NextReceive(), Bare(kPing, Pattern(125, 5)));
  const Step pong = client.NextReceive();
  CHECK_EQ(DecodeAll(send.Joined()).at(0).payload, payload);
  CHECK_EQ(DecodeAll(pong.Joined()).at(0).payload, Pattern(125, 5));
}

TEST("receiver: a pong is indicated with its payload and uses up the receive") {
  for (const Role role : kBothRoles) {
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kPong, "hi"), 1), (Trace{"READ #1", "RECEIVED PING_PONG [6869] #1"}));
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kPong, ""), 2), (Trace{"READ #1", "RECEIVED PING_PONG [] #1", "READ #2"}));
  }
}

TEST("receiver: closes") {
  for (const Role role : kBothRoles) {
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kClose, ""), 1), (Trace{"READ #1", "RECEIVED CLOSE 1005 [NULL] #1"}));
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kClose, ClosePayload(1001)), 1),
             (Trace{"READ #1", "RECEIVED CLOSE 1001 [] #1"}));
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kClose, ClosePayload(1010, "bye")), 1),
             (Trace{"READ #1", "RECEIVED CLOSE 1010 [627965] #1"}));
  }
  const std::string reason(123, 'r');
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  Driver driver(server);
  driver.Deliver(Masked(kClose, ClosePayload(4000, reason)));
  CHECK_EQ(ToText(driver.received().at(0).bytes), reason);
}

TEST("receiver: after a close no receive is taken") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  Driver(server).Deliver(Masked(kClose, ""));
  CHECK_EQ(server.Receive(), kOperation);
  CHECK_EQ(server.NextReceive().Text(), "NONE");
}

TEST("receiver: a receive may be queued until the close is parsed") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  server.Fill(server.NextReceive(), Masked(kClose, ""));
  CHECK_EQ(server.Receive(Context(2)), kOk);
  server.Complete(server.NextReceive(), 0);
  CHECK_EQ(server.NextReceive().Text(), "READ #2");
  CHECK_EQ(server.Receive(), kOperation);
}

TEST("receiver: pings after a close are answered until both sides have closed") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 2);
  Driver driver(server);
  CHECK_EQ(driver.Deliver(Join({Masked(kClose, ""), Masked(kPing, "1")})),
           (Trace{"READ #1", "RECEIVED CLOSE 1005 [NULL] #1", "SEND PING_PONG [8a0131]", "READ #2"}));
  CHECK_EQ(server.Send(kCloseType, nullptr), kOk);
  CHECK_EQ(driver.Deliver(Join({Masked(kPing, "2"), Masked(kPong, "3")})),
           (Trace{"SEND CLOSE [8800]", "SENT CLOSE", "RECEIVED PING_PONG [33] #2"}));
}

TEST("receiver: pings after the own close are answered") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  CHECK_EQ(server.Send(kCloseType, nullptr), kOk);
  CHECK_EQ(Driver(server).Deliver(Masked(kPing, "1")),
           (Trace{"SEND CLOSE [8800]", "SENT CLOSE", "READ #1", "SEND PING_PONG [8a0131]", "READ #1"}));
}

TEST("receiver: a control frame between fragments leaves the message alone") {
  const Bytes wire = Join({Masked(kText, "a", false), Masked(kPing, "p"), Masked(kContinuation, "b", false),
                           Masked(kPong, "q"), Masked(kContinuation, "c")});
  CHECK_EQ(ReceiveAll(Role::kServer, wire, 4),
           (Trace{"READ #1", "RECEIVED UTF8_FRAGMENT [61] #1", "SEND PING_PONG [8a0170]",
                  "RECEIVED UTF8_FRAGMENT [62] #2", "RECEIVED PING_PONG [71] #3", "RECEIVED UTF8_MESSAGE [63] #4"}));
}
