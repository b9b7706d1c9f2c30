#include <algorithm>

#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

TEST("sender: closes") {
  const std::pair<const char*, const char*> reasons[] = {{"", "880203e8"}, {"bye", "880503e8627965"}};
  for (const auto& [reason, wire] : reasons) {
    const Handle server = OpenPortable(Role::kServer);
    CHECK_EQ(server.SendClose(1000, reason), kOk);
    const Step step = server.NextSend();
    CHECK_EQ(ToHex(step.Joined()), wire);
    CHECK_EQ(step.count, *reason == '\0' ? 1u : 2u);
    server.CompleteAll(step);
    CHECK_EQ(server.NextSend().Text(), "SENT CLOSE");
  }
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kCloseType, nullptr), kOk);
  CHECK_EQ(server.Next(kSendQueue, 1).Text(), "SEND CLOSE [8800]");
  const Handle empty = OpenPortable(Role::kServer);
  CHECK_EQ(empty.SendClose(1005, nullptr), kOk);
  CHECK_EQ(empty.Next(kSendQueue, 1).Text(), "SEND CLOSE [8800]");
}

TEST("sender: the reason of a server's close is the caller's memory") {
  const Handle server = OpenPortable(Role::kServer);
  const std::string reason(123, 'r');
  CHECK_EQ(server.SendClose(1001, reason, Context(9)), kOk);
  CHECK_EQ(server.Next(kSendQueue, 1).hr, kInsufficientBuffer);
  const Step step = server.NextSend();
  CHECK_EQ(step.count, 2u);
  CHECK_EQ(ToHex(step.buffers[0].Data.pbBuffer, 4), "887d03e9");
  CHECK(static_cast<const void*>(step.buffers[1].Data.pbBuffer) == reason.data());
  CHECK_EQ(step.buffers[1].Data.ulBufferLength, 123u);
}

TEST("sender: a client's close is one frame with any send buffer") {
  for (const ULONG size : {16u, 17u, 130u, 131u, 132u, 4096u}) {
    for (const bool masking : {true, false}) {
      for (const std::size_t length : {0, 1, 8, 9, 122, 123}) {
        Properties properties = Properties().SendBuffer(size);
        if (!masking) properties.NoMasking();
        const Handle client = OpenPortable(Role::kClient, properties);
        const std::string reason(length, 'r');
        CHECK_EQ(client.SendClose(4000, reason), kOk);
        const std::vector<Frame> frames = SendAll(client);
        CHECK_EQ(frames.size(), 1u);
        CHECK_EQ(int{frames[0].opcode}, int{kClose});
        CHECK(frames[0].fin && frames[0].key.has_value());
        CHECK_EQ(frames[0].key == Key{}, !masking);
        CHECK_EQ(frames[0].payload, ClosePayload(4000, reason));
      }
    }
  }
}

TEST("sender: a client's close touches nothing around its bytes") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(16));
  QueueReceives(client, 1);
  const std::string reason(123, 'r');
  CHECK_EQ(client.SendClose(1000, reason), kOk);
  const Step close = client.NextSend();
  client.Fill(client.NextReceive(), Bare(kPing, Pattern(125)));
  CHECK_EQ(DecodeAll(client.NextReceive().Joined()).at(0).payload, Pattern(125));
  CHECK_EQ(DecodeAll(close.Joined()).at(0).payload, ClosePayload(1000, reason));
}

TEST("sender: a client's close that fits is in the caller's memory") {
  for (const std::size_t length : {0, 10, 123}) {
    const auto send_size = static_cast<ULONG>(std::max<std::size_t>(16, 8 + length));
    Bytes memory(256 + send_size + 144);
    const Handle client = OpenPortable(Role::kClient, Properties().ReceiveBuffer(256).SendBuffer(send_size).AddBuffer(
                                                          memory.data(), static_cast<ULONG>(memory.size())));
    const std::string reason(length, 'r');
    CHECK_EQ(client.SendClose(1000, reason), kOk);
    const BYTE* const frame = client.NextSend().buffers[0].Data.pbBuffer;
    CHECK(frame >= memory.data() && frame + 8 + length <= memory.data() + memory.size());
  }
}

TEST("sender: a client's close is one buffer") {
  const Handle client = OpenPortable(Role::kClient);
  CHECK_EQ(client.SendClose(1000, "bye"), kOk);
  CHECK_EQ(client.Next(kSendQueue, 1).count, 1u);
}

TEST("sender: rejects invalid statuses and reasons") {
  BYTE reason[124] = {};
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    for (const unsigned status : {0u, 1u, 999u, 1006u, 1015u}) {
      CHECK_EQ(SendRawClose(handle, static_cast<USHORT>(status), nullptr, 0), kInvalidArg, std::to_string(status));
    }
    CHECK_EQ(SendRawClose(handle, 1005, reason, 1), kInvalidArg);
    CHECK_EQ(SendRawClose(handle, 1005, reason, 0), kInvalidArg);
    CHECK_EQ(SendRawClose(handle, 1005, nullptr, 1), kInvalidArg);
    CHECK_EQ(SendRawClose(handle, 1000, reason, 124), kInvalidArg);
    CHECK_EQ(SendRawClose(handle, 1000, nullptr, 1), kInvalidArg);
    // None of them counts as a close.
    CHECK_EQ(handle.Send(kUtf8Message, "x"), kOk);
    CHECK_EQ(SendRawClose(handle, 1000, reason, 123), kOk);
  }
}

TEST("sender: statuses that are sent") {
  for (const unsigned status : {1000u, 1001u, 1004u, 1007u, 1014u, 1016u, 2999u, 3000u, 4999u, 5000u, 65535u}) {
    const Handle server = OpenPortable(Role::kServer);
    CHECK_EQ(server.SendClose(static_cast<USHORT>(status), ""), kOk, std::to_string(status));
    CHECK_EQ(SendAll(server).at(0).payload, ClosePayload(static_cast<USHORT>(status)));
  }
}

TEST("sender: pings and pongs are empty and take no buffer") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    BYTE byte = 0;
    for (const auto type : {kPingPong, kUnsolicitedPong}) {
      CHECK_EQ(SendRaw(handle, type, &byte, 1), kInvalidArg);
      CHECK_EQ(SendRaw(handle, type, nullptr, 0), kInvalidArg);
      CHECK_EQ(handle.Send(type, nullptr), kOk);
    }
    const std::string mask = role == Role::kClient ? " masked 0" : " bare 0";
    CHECK_EQ(Shapes(SendAll(handle)), (Trace{"FIN 9" + mask, "FIN 10" + mask}));
  }
}

TEST("sender: after a close only control frames") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    CHECK_EQ(handle.Send(kUtf8Fragment, "a"), kOk);
    CHECK_EQ(handle.SendClose(1000, ""), kOk);
    for (const auto type : {kUtf8Message, kUtf8Fragment, kBinaryMessage, kBinaryFragment}) {
      CHECK_EQ(handle.Send(type, "x"), kOperation);
    }
    CHECK_EQ(handle.Send(kCloseType, nullptr), kOperation);
    CHECK_EQ(handle.SendClose(1000, ""), kOperation);
    CHECK_EQ(handle.Send(kPingPong, nullptr), kOk);
    CHECK_EQ(handle.Send(kUnsolicitedPong, nullptr), kOk);
    CHECK_EQ(SendAll(handle).size(), 4u);
  }
}
