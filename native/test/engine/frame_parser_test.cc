#include "engine/frame_parser.h"

#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("frame parser: a header cut anywhere is put together") {
  for (const Role role : kBothRoles) {
    for (const std::size_t size : {5, 126, 70000}) {
      const Bytes frame = FromPeer(role, kBinary, Pattern(size));
      const std::size_t header_size = frame.size() - size;
      for (std::size_t cut = 1; cut < header_size; ++cut) {
        const Handle handle = OpenPortable(role);
        Driver driver(handle);
        QueueReceives(handle, 1);
        const Bytes start(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(cut));
        // Two reads without an indication in between.
        CHECK_EQ(driver.Deliver(start), (Trace{"READ #1", "READ #1"}));
        driver.KeepReceiving();
        driver.Deliver(Bytes(frame.begin() + static_cast<std::ptrdiff_t>(cut), frame.end()));
        CHECK(driver.Messages() == (std::vector<Message>{{false, Pattern(size)}}));
      }
    }
  }
}

TEST("frame parser: bytes one at a time") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role, Properties().ReceiveBuffer(256));
    Driver driver(handle);
    driver.KeepReceiving().Chunk(1);
    driver.Feed(Join({FromPeer(role, kText, "He", false), FromPeer(role, kPing, "ping"),
                      FromPeer(role, kContinuation, "llo"), FromPeer(role, kBinary, Pattern(300)),
                      FromPeer(role, kPong, "pong"), FromPeer(role, kClose, ClosePayload(1001, "bye"))}));
    driver.Run();
    CHECK_EQ(driver.failure(), kOk);
    CHECK(driver.Messages() == (std::vector<Message>{{true, FromText("Hello")}, {false, Pattern(300)}}));
    const Received& close = driver.received().back();
    CHECK_EQ(close.type, kCloseType);
    CHECK_EQ(close.status, 1001);
    CHECK_EQ(ToText(close.bytes), "bye");
    CHECK_EQ(ToText(driver.received()[driver.received().size() - 2].bytes), "pong");
    const std::vector<Frame> pongs = DecodeAll(driver.TakeSent());
    CHECK_EQ(pongs.size(), 1u);
    CHECK_EQ(ToText(pongs[0].payload), "ping");
  }
}

TEST("frame parser: chunks of every size") {
  const Bytes wire = Join({Masked(kText, "one"), Masked(kPing, "p"), Masked(kBinary, Pattern(200), false),
                           Masked(kContinuation, Pattern(130, 7)), Masked(kText, "")});
  Bytes joined = Pattern(200);
  Append(joined, Pattern(130, 7));
  for (std::size_t chunk = 1; chunk <= wire.size(); ++chunk) {
    const Handle server = OpenPortable(Role::kServer, Properties().ReceiveBuffer(256));
    Driver driver(server);
    driver.KeepReceiving().Chunk(chunk).Deliver(wire);
    CHECK(driver.Messages() == (std::vector<Message>{{true, FromText("one")}, {false, joined}, {true, {}}}));
    CHECK_EQ(driver.TakeSent(), Bare(kPong, "p"));
  }
}

TEST("frame parser: each read that has payload is indicated") {
  const Handle server = OpenPortable(Role::kServer);
  Driver driver(server);
  QueueReceives(server, 3);
  const Bytes frame = Masked(kText, "Hello");
  const auto part = [&](int from, int to) { return Bytes(frame.begin() + from, frame.begin() + to); };
  CHECK_EQ(driver.Deliver(part(0, 6)), (Trace{"READ #1", "READ #1"}));
  CHECK_EQ(driver.Deliver(part(6, 8)), (Trace{"RECEIVED UTF8_FRAGMENT [4865] #1", "READ #2"}));
  CHECK_EQ(driver.Deliver(part(8, 10)), (Trace{"RECEIVED UTF8_FRAGMENT [6c6c] #2", "READ #3"}));
  CHECK_EQ(driver.Deliver(part(10, 11)), Trace{"RECEIVED UTF8_MESSAGE [6f] #3"});
}

TEST("frame parser: parts do not reach across wire frames") {
  const Bytes wire = Join({Bare(kBinary, "ab", false), Bare(kContinuation, "", false), Bare(kContinuation, "cd")});
  CHECK_EQ(ReceiveAll(Role::kClient, wire, 3),
           (Trace{"READ #1", "RECEIVED BINARY_FRAGMENT [6162] #1", "RECEIVED BINARY_FRAGMENT [] #2",
                  "RECEIVED BINARY_MESSAGE [6364] #3"}));
}

TEST("frame parser: parts are no larger than the receive buffer") {
  const Handle server = OpenPortable(Role::kServer, Properties().ReceiveBuffer(256));
  Driver driver(server);
  driver.KeepReceiving().Deliver(Masked(kBinary, Pattern(1000)));
  CHECK(driver.Messages() == (std::vector<Message>{{false, Pattern(1000)}}));
  for (const Received& part : driver.received()) {
    CHECK(part.bytes.size() <= 256);
    CHECK_EQ(part.type, &part == &driver.received().back() ? kBinaryMessage : kBinaryFragment);
  }
}

TEST("frame parser: messages of 16, 32 and 64 bit lengths") {
  for (const Role role : kBothRoles) {
    for (const std::size_t size : {125, 126, 65535, 65536, 200000}) {
      const Handle handle = OpenPortable(role);
      Driver driver(handle);
      driver.KeepReceiving().Deliver(FromPeer(role, kBinary, Pattern(size)));
      CHECK(driver.Messages() == (std::vector<Message>{{false, Pattern(size)}}));
    }
  }
}

TEST("frame parser: text is checked over parts and frames") {
  // "aä€😀z" split after each byte into two fragments, and into two reads.
  const Bytes text = FromHex("61c3a4e282acf09f98807a");
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const auto middle = text.begin() + static_cast<std::ptrdiff_t>(cut);
    const Handle server = OpenPortable(Role::kServer);
    Driver driver(server);
    driver.KeepReceiving();
    driver.Feed(Masked(kText, Bytes(text.begin(), middle), false));
    driver.Feed(Masked(kPing, "\xFF"));
    driver.Feed(Masked(kContinuation, Bytes(middle, text.end())));
    driver.Run();
    CHECK_EQ(driver.failure(), kOk);
    CHECK(driver.Messages() == (std::vector<Message>{{true, text}}));
  }
}

TEST("frame parser: the check begins anew with each message") {
  const Handle server = OpenPortable(Role::kServer);
  Driver driver(server);
  driver.KeepReceiving();
  driver.Deliver(Join({Masked(kText, "\xC3\xA4"), Masked(kBinary, "\xE2\x82"), Masked(kText, "\xE2\x82\xAC")}));
  CHECK_EQ(driver.failure(), kOk);
  CHECK_EQ(driver.received().size(), 3u);
}

TEST("frame parser: with DISABLE_UTF8_VERIFICATION nothing is checked") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role, Properties().NoUtf8Check());
    Driver driver(handle);
    driver.KeepReceiving();
    driver.Deliver(Join({FromPeer(role, kText, "\xFF\xE2"), FromPeer(role, kText, "a\xC3", false),
                         FromPeer(role, kContinuation, ""), FromPeer(role, kClose, ClosePayload(1000, "\xFF"))}));
    CHECK_EQ(driver.failure(), kOk);
    CHECK(driver.Messages() == (std::vector<Message>{{true, FromText("\xFF\xE2")}, {true, FromText("a\xC3")}}));
    CHECK_EQ(driver.received().back().status, 1000);
  }
}

TEST("frame parser: with DISABLE_MASKING a server takes masked and bare frames") {
  const Handle server = OpenPortable(Role::kServer, Properties().NoMasking());
  Driver driver(server);
  driver.KeepReceiving();
  driver.Deliver(Join({Bare(kText, "bare"), Masked(kText, "masked"), Bare(kPing, "1"), Masked(kPing, "2"),
                       Bare(kBinary, Pattern(5000)), Bare(kClose, ClosePayload(1000, "bye"))}));
  CHECK_EQ(driver.failure(), kOk);
  CHECK(driver.Messages() ==
        (std::vector<Message>{{true, FromText("bare")}, {true, FromText("masked")}, {false, Pattern(5000)}}));
  CHECK_EQ(driver.TakeSent(), Join({Bare(kPong, "1"), Bare(kPong, "2")}));
}

TEST("frame parser: with DISABLE_MASKING a client still rejects masked frames") {
  const Handle client = OpenPortable(Role::kClient, Properties().NoMasking());
  QueueReceives(client, 1);
  CHECK_EQ(Driver(client).Deliver(Masked(kText, "x")).back(), "FAILED 0x83760002");
}

TEST("frame parser: a bare frame goes to the caller's memory as it is") {
  const Handle server = OpenPortable(Role::kServer, Properties().NoMasking());
  Bytes memory(8, 0xEE);
  CHECK_EQ(server.ReceiveInto(memory), kOk);
  CHECK_EQ(Driver(server).Deliver(Bare(kText, "Hello")).back(), "RECEIVED UTF8_MESSAGE [48656c6c6f]");
  CHECK_EQ(ToText(memory).substr(0, 5), "Hello");
}
