#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("loopback: a conversation with bytes one at a time") {
  const Pair pair =
      OpenPair(PortableApi(), Properties().SendBuffer(16).ReceiveBuffer(256), Properties().ReceiveBuffer(256));
  Driver client(pair.client);
  Driver server(pair.server);
  client.KeepReceiving().Chunk(1);
  server.KeepReceiving().Chunk(1);
  const Bytes large = Pattern(1500);
  CHECK_EQ(pair.client.Send(kUtf8Fragment, "He"), kOk);
  CHECK_EQ(pair.client.Send(kPingPong, nullptr), kOk);
  CHECK_EQ(pair.client.Send(kUtf8Message, "llo"), kOk);
  CHECK_EQ(pair.client.Send(kBinaryMessage, large), kOk);
  CHECK_EQ(pair.server.Send(kBinaryMessage, large), kOk);
  CHECK_EQ(pair.server.Send(kUnsolicitedPong, nullptr), kOk);
  CHECK_EQ(pair.server.Send(kUtf8Message, nullptr), kOk);
  Pump(client, server);
  CHECK(server.Messages() == (std::vector<Message>{{true, FromText("Hello")}, {false, large}}));
  CHECK(client.Messages() == (std::vector<Message>{{false, large}, {true, {}}}));
  CHECK_EQ(pair.client.SendClose(1000, "done"), kOk);
  Pump(client, server);
  CHECK_EQ(server.received().back().status, 1000);
  CHECK_EQ(pair.server.SendClose(1000, ""), kOk);
  Pump(client, server);
  CHECK_EQ(client.received().back().type, kCloseType);
  CHECK_EQ(client.Unread() + server.Unread(), 0u);
}

TEST("loopback: both sides close at once") {
  const Pair pair = OpenPair(PortableApi());
  Driver client(pair.client);
  Driver server(pair.server);
  client.KeepReceiving();
  server.KeepReceiving();
  CHECK_EQ(pair.client.SendClose(1001, "from the client"), kOk);
  CHECK_EQ(pair.server.SendClose(1000, "from the server"), kOk);
  Pump(client, server);
  CHECK_EQ(ToText(client.received().back().bytes), "from the server");
  CHECK_EQ(ToText(server.received().back().bytes), "from the client");
  CHECK_EQ(client.failure(), kOk);
  CHECK_EQ(server.failure(), kOk);
}

TEST("loopback: own memory on both sides") {
  Bytes client_memory(300 + 100 + 144);
  Bytes server_memory(256 + 16 + 144);
  const Pair pair =
      OpenPair(PortableApi(), Properties().ReceiveBuffer(300).SendBuffer(100).AddBuffer(client_memory.data(), 544),
               Properties().ReceiveBuffer(256).SendBuffer(16).AddBuffer(server_memory.data(), 416));
  Driver client(pair.client);
  Driver server(pair.server);
  client.KeepReceiving();
  server.KeepReceiving();
  const Bytes payload = Pattern(5000);
  CHECK_EQ(pair.client.Send(kBinaryMessage, payload), kOk);
  CHECK_EQ(pair.server.Send(kBinaryMessage, payload), kOk);
  server.Feed(Masked(kPing, Pattern(125)));
  Pump(client, server);
  CHECK(server.Messages() == (std::vector<Message>{{false, payload}}));
  CHECK(client.Messages() == (std::vector<Message>{{false, payload}}));
  CHECK_EQ(client.received().back().type, kPingPong);
  CHECK_EQ(client.received().back().bytes, Pattern(125));
}
