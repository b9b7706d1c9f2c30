#include "engine/receiver.h"

#include <algorithm>

#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("receiver: a message in one read") {
  CHECK_EQ(ReceiveAll(Role::kServer, FromHex("818537fa213d7f9f4d5158"), 1),
           (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [48656c6c6f] #1"}));
  CHECK_EQ(ReceiveAll(Role::kClient, FromHex("820548656c6c6f"), 1),
           (Trace{"READ #1", "RECEIVED BINARY_MESSAGE [48656c6c6f] #1"}));
}

TEST("receiver: nothing is read without a receive") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.NextReceive().Text(), "NONE");
}

TEST("receiver: two messages in one read go to two receives") {
  const Bytes two = Join({Masked(kText, "one"), Masked(kBinary, "two")});
  CHECK_EQ(ReceiveAll(Role::kServer, two, 2),
           (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [6f6e65] #1", "RECEIVED BINARY_MESSAGE [74776f] #2"}));
  const Handle server = OpenPortable(Role::kServer);
  Driver driver(server);
  QueueReceives(server, 1);
  CHECK_EQ(driver.Deliver(two), (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [6f6e65] #1"}));
  CHECK_EQ(server.Receive(Context(7)), kOk);
  CHECK_EQ(driver.Run(), Trace{"RECEIVED BINARY_MESSAGE [74776f] #7"});
}

TEST("receiver: an empty message has a length of 0") {
  for (const Role role : kBothRoles) {
    CHECK_EQ(ReceiveAll(role, FromPeer(role, kText, ""), 1), (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [] #1"}));
  }
}

TEST("receiver: a read has the whole receive buffer in one piece") {
  for (const ULONG size : {256u, 4096u, 65536u}) {
    const Handle server = OpenPortable(Role::kServer, Properties().ReceiveBuffer(size));
    QueueReceives(server, 1);
    const Step read = server.Next(kReceiveQueue, 1);
    CHECK_EQ(read.count, 1u);
    CHECK_EQ(read.Sum(), size);
  }
}

TEST("receiver: the caller's memory takes the payload") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    Bytes memory(16, 0xEE);
    CHECK_EQ(handle.ReceiveInto(memory, Context(1)), kOk);
    Driver driver(handle);
    CHECK_EQ(driver.Deliver(FromPeer(role, kText, "Hello")),
             (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [48656c6c6f] #1"}));
    CHECK_EQ(ToText(memory).substr(0, 5), "Hello");
    CHECK(std::all_of(memory.begin() + 5, memory.end(), [](std::uint8_t byte) { return byte == 0xEE; }));
  }
}

TEST("receiver: the caller's memory bounds the parts") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    Bytes memory[3] = {Bytes(10, 0xEE), Bytes(10, 0xEE), Bytes(10, 0xEE)};
    for (Bytes& bytes : memory) CHECK_EQ(handle.ReceiveInto(bytes), kOk);
    Driver driver(handle);
    const Bytes payload = Pattern(25);
    driver.Deliver(FromPeer(role, kBinary, payload));
    CHECK_EQ(driver.received().size(), 3u);
    CHECK(driver.Messages() == (std::vector<Message>{{false, payload}}));
    CHECK_EQ(driver.received()[1].bytes, memory[1]);
    CHECK_EQ(int{memory[2][5]}, 0xEE);
  }
}

TEST("receiver: a control frame does not go to the caller's memory") {
  const Handle server = OpenPortable(Role::kServer);
  Bytes memory(8, 0xEE);
  CHECK_EQ(server.ReceiveInto(memory), kOk);
  CHECK_EQ(Driver(server).Deliver(Masked(kPong, "pong")).back(), "RECEIVED PING_PONG [706f6e67]");
  CHECK_EQ(memory, Bytes(8, 0xEE));
}

TEST("receiver: rejects missing memory") {
  const Handle server = OpenPortable(Role::kServer);
  BYTE byte = 0;
  WEB_SOCKET_BUFFER buffer{};
  buffer.Data.ulBufferLength = 1;
  CHECK_EQ(PortableApi().WebSocketReceive(server.get(), &buffer, nullptr), kInvalidArg);
  buffer.Data.pbBuffer = &byte;
  buffer.Data.ulBufferLength = 0;
  CHECK_EQ(PortableApi().WebSocketReceive(server.get(), &buffer, nullptr), kInvalidArg);
  buffer.Data.ulBufferLength = 1;
  CHECK_EQ(PortableApi().WebSocketReceive(server.get(), &buffer, nullptr), kOk);
}

TEST("receiver: a read completed with 0 ends the receive, and the next one goes on") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 2);
  Driver driver(server);
  const Bytes frame = Masked(kText, "Hello");
  driver.Deliver(Bytes(frame.begin(), frame.begin() + 4));
  driver.EndOfStream();
  CHECK_EQ(driver.Run(), (Trace{"RECEIVED [NULL] #1", "READ #2"}));
  CHECK_EQ(driver.Deliver(Bytes(frame.begin() + 4, frame.end())), Trace{"RECEIVED UTF8_MESSAGE [48656c6c6f] #2"});
}

TEST("receiver: more bytes than there is room for were never received") {
  const Handle server = OpenPortable(Role::kServer, Properties().ReceiveBuffer(256));
  QueueReceives(server, 2);
  server.Complete(server.NextReceive(), 257);
  const Step empty = server.NextReceive();
  CHECK_EQ(empty.Text(), "RECEIVED [NULL] #1");
  server.Complete(empty, 0);
  CHECK_EQ(server.NextReceive().Text(), "READ #2");
}

TEST("receiver: a read may be filled to its last byte") {
  const Handle server = OpenPortable(Role::kServer, Properties().ReceiveBuffer(256));
  QueueReceives(server, 1);
  const Bytes frame = Masked(kBinary, Pattern(248));
  CHECK_EQ(frame.size(), 256u);
  server.Fill(server.NextReceive(), frame);
  CHECK_EQ(server.NextReceive().Joined(), Pattern(248));
}

TEST("receiver: one action at a time") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 2);
  const Step read = server.NextReceive();
  CHECK_EQ(server.NextReceive().Text(), "NONE");
  server.Fill(read, Join({Masked(kText, "a"), Masked(kText, "b")}));
  const Step received = server.NextReceive();
  CHECK_EQ(server.NextReceive().Text(), "NONE");
  server.Complete(received, 12345);
  CHECK_EQ(server.NextReceive().Text(), "RECEIVED UTF8_MESSAGE [62] #2");
}

TEST("receiver: every action needs one buffer") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  CHECK_EQ(server.Next(kReceiveQueue, 0).hr, kInsufficientBuffer);
  const Step read = server.Next(kReceiveQueue, 1);
  CHECK_EQ(read.Text(), "READ #1");
  server.Fill(read, Masked(kText, "a"));
  CHECK_EQ(server.Next(kReceiveQueue, 0).hr, kInsufficientBuffer);
  CHECK_EQ(server.Next(kReceiveQueue, 1).Text(), "RECEIVED UTF8_MESSAGE [61] #1");
}

TEST("receiver: a foreign or stale action context changes nothing") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 2);
  const Step read = server.NextReceive();
  Step foreign = read;
  int place = 0;
  foreign.action_context = &place;
  server.Complete(foreign, 0);
  CHECK_EQ(server.NextReceive().Text(), "NONE");
  server.Fill(read, Masked(kText, "a"));
  const Step received = server.NextReceive();
  server.Complete(read, 0);
  CHECK_EQ(server.NextReceive().Text(), "NONE");
  server.Complete(received, 0);
  server.Complete(received, 0);
  server.Complete(read, 0);
  CHECK_EQ(server.NextReceive().Text(), "READ #2");
}
