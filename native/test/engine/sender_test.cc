#include "engine/sender.h"

#include <optional>
#include <set>

#include "test/check.h"
#include "test/engine/faults.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

// Returns the frames of one send of `size` bytes, after checking their payload.
Trace ShapesOf(Role role, Properties properties, std::size_t size, std::size_t limit = SIZE_MAX) {
  const Handle handle = OpenPortable(role, std::move(properties));
  const Bytes payload = Pattern(size, 3);
  CHECK_EQ(handle.Send(kBinaryMessage, payload), kOk);
  const std::vector<Frame> frames = SendAll(handle, limit);
  Bytes carried;
  for (const Frame& frame : frames) Append(carried, frame.payload);
  CHECK_EQ(carried, payload);
  return Shapes(frames);
}

}  // namespace

TEST("sender: a server sends header and the caller's bytes") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "Hello", Context(1)), kOk);
  CHECK_EQ(Driver(server).Run(), (Trace{"SEND UTF8_MESSAGE [8105|48656c6c6f] #1", "SENT UTF8_MESSAGE #1"}));
}

TEST("sender: a server never cuts a message") {
  CHECK_EQ(ShapesOf(Role::kServer, {}, 1), Trace{"FIN 2 bare 1"});
  CHECK_EQ(ShapesOf(Role::kServer, {}, 126), Trace{"FIN 2 bare 126"});
  CHECK_EQ(ShapesOf(Role::kServer, {}, 100000), Trace{"FIN 2 bare 100000"});
  CHECK_EQ(ShapesOf(Role::kServer, Properties().NoMasking(), 70000), Trace{"FIN 2 bare 70000"});
}

TEST("sender: a client without masking sets the mask bit and uses the key 0") {
  CHECK_EQ(ShapesOf(Role::kClient, Properties().NoMasking().SendBuffer(16), 5000), Trace{"FIN 2 masked 5000"});
  const Handle client = OpenPortable(Role::kClient, Properties().NoMasking());
  const Bytes payload = FromText("Hello");
  CHECK_EQ(client.Send(kUtf8Message, payload), kOk);
  const Step step = client.NextSend();
  CHECK_EQ(step.Text(), "SEND UTF8_MESSAGE [818500000000|48656c6c6f]");
  CHECK(step.buffers[1].Data.pbBuffer == payload.data());
}

TEST("sender: a client's message that fits the send buffer is one frame") {
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(64), 58, 64), Trace{"FIN 2 masked 58"});
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(64), 59, 64), (Trace{"2 masked 58", "FIN 0 masked 1"}));
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(16), 10, 16), Trace{"FIN 2 masked 10"});
  CHECK_EQ(ShapesOf(Role::kClient, {}, 4088, 4096), Trace{"FIN 2 masked 4088"});
  // Full buffers whose own size would need a longer header.
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(131), 125, 131), Trace{"FIN 2 masked 125"});
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(65543), 65535, 65543), Trace{"FIN 2 masked 65535"});
  CHECK_EQ(ShapesOf(Role::kClient, {}, 4089, 4096), (Trace{"2 masked 4088", "FIN 0 masked 1"}));
}

TEST("sender: a client's larger message is cut into frames that fit") {
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(16), 35, 16),
           (Trace{"2 masked 10", "0 masked 10", "0 masked 10", "FIN 0 masked 5"}));
  CHECK_EQ(ShapesOf(Role::kClient, Properties().SendBuffer(16), 20, 16), (Trace{"2 masked 10", "FIN 0 masked 10"}));
  // Around the sizes where the header grows.
  for (const ULONG limit : {131u, 132u, 133u, 134u, 135u, 65543u, 65544u, 65550u, 65551u, 70000u}) {
    const Trace shapes = ShapesOf(Role::kClient, Properties().SendBuffer(limit), std::size_t{2} * limit, limit);
    CHECK_EQ(shapes.size(), 3u, std::to_string(limit));
  }
}

TEST("sender: every message up to three send buffers arrives whole") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(48));
  for (std::size_t size = 0; size < 150; ++size) {
    const Bytes payload = Pattern(size, static_cast<std::uint8_t>(size));
    CHECK_EQ(client.Send(kUtf8Message, payload), kOk);
    const std::vector<Frame> frames = SendAll(client, 48);
    Bytes carried;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      CHECK_EQ(frames[i].fin, i + 1 == frames.size());
      CHECK_EQ(int{frames[i].opcode}, i == 0 ? 1 : 0);
      CHECK(size == 0 || !frames[i].payload.empty());
      Append(carried, frames[i].payload);
    }
    CHECK_EQ(carried, payload);
  }
}

TEST("sender: empty messages") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    BYTE byte = 0;
    CHECK_EQ(SendRaw(handle, kUtf8Message, &byte, 0), kOk);
    CHECK_EQ(SendRaw(handle, kBinaryMessage, nullptr, 0), kOk);
    CHECK_EQ(handle.Send(kUtf8Message, nullptr), kOk);
    const char* const mask = role == Role::kClient ? "masked 0" : "bare 0";
    CHECK_EQ(Shapes(SendAll(handle)),
             (Trace{std::string("FIN 1 ") + mask, std::string("FIN 2 ") + mask, std::string("FIN 1 ") + mask}));
  }
}

TEST("sender: a header or an empty frame takes one buffer") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "", Context(1)), kOk);
  CHECK_EQ(server.Next(kSendQueue, 1).Text(), "SEND UTF8_MESSAGE [8100] #1");
}

TEST("sender: fragments become frames of one message") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    CHECK_EQ(handle.Send(kUtf8Fragment, "He"), kOk);
    CHECK_EQ(handle.Send(kUtf8Fragment, "ll"), kOk);
    CHECK_EQ(handle.Send(kUtf8Message, "o"), kOk);
    CHECK_EQ(handle.Send(kBinaryFragment, ""), kOk);
    CHECK_EQ(handle.Send(kBinaryMessage, "x"), kOk);
    CHECK_EQ(handle.Send(kUtf8Message, "y"), kOk);
    const std::string mask = role == Role::kClient ? " masked " : " bare ";
    CHECK_EQ(Shapes(SendAll(handle)), (Trace{"1" + mask + "2", "0" + mask + "2", "FIN 0" + mask + "1", "2" + mask + "0",
                                             "FIN 0" + mask + "1", "FIN 1" + mask + "1"}));
  }
}

TEST("sender: a fragment larger than the send buffer stays open") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(16));
  CHECK_EQ(client.Send(kBinaryFragment, "0123456789abcde"), kOk);
  CHECK_EQ(client.Send(kBinaryMessage, "0123456789abcde"), kOk);
  CHECK_EQ(Shapes(SendAll(client, 16)), (Trace{"2 masked 10", "0 masked 5", "0 masked 10", "FIN 0 masked 5"}));
}

TEST("sender: a message of another kind does not start inside one") {
  constexpr WEB_SOCKET_BUFFER_TYPE kData[] = {kUtf8Message, kUtf8Fragment, kBinaryMessage, kBinaryFragment};
  for (const auto open : {kUtf8Fragment, kBinaryFragment}) {
    for (const auto next : kData) {
      const Handle server = OpenPortable(Role::kServer);
      CHECK_EQ(server.Send(open, "a"), kOk);
      const bool same = (open == kUtf8Fragment) == (next == kUtf8Message || next == kUtf8Fragment);
      CHECK_EQ(server.Send(next, "b"), same ? kOk : kOperation);
      CHECK_EQ(server.Send(kPingPong, nullptr), kOk);
      CHECK_EQ(server.Send(kUnsolicitedPong, nullptr), kOk);
    }
  }
  const Handle server = OpenPortable(Role::kServer);
  for (const auto type : kData) {
    CHECK_EQ(server.Send(type, "x"), kOk);
    if (type == kUtf8Fragment) CHECK_EQ(server.Send(kUtf8Message, "end"), kOk);
  }
}

TEST("sender: a rejected send does not change the message") {
  const Handle server = OpenPortable(Role::kServer);
  CHECK_EQ(server.Send(kUtf8Fragment, "a"), kOk);
  CHECK_EQ(server.Send(kBinaryFragment, "b"), kOperation);
  CHECK_EQ(SendRaw(server, kUtf8Message, nullptr, 1), kInvalidArg);
  CHECK_EQ(server.Send(kBinaryMessage, "b"), kOperation);
  CHECK_EQ(server.Send(kUtf8Message, "c"), kOk);
  CHECK_EQ(Shapes(SendAll(server)), (Trace{"1 bare 1", "FIN 0 bare 1"}));
}

TEST("sender: keys are fresh for each frame") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(16));
  const Bytes payload = Pattern(3000);
  CHECK_EQ(client.Send(kBinaryMessage, payload), kOk);
  std::set<std::optional<Key>> keys;
  const std::vector<Frame> frames = SendAll(client, 16);
  for (const Frame& frame : frames) keys.insert(frame.key);
  // Two equal keys among 300 have a probability of one in 100,000.
  CHECK(keys.size() + 1 >= frames.size());
  CHECK(keys.count(Key{}) == 0 && keys.count(std::nullopt) == 0);
}

TEST("sender: keys come from the system, and a frame waits for one") {
  const Handle client = OpenPortable(Role::kClient);
  CHECK_EQ(client.Send(kUtf8Message, "x", Context(1)), kOk);
  if (!ScriptRandom({RandomFault::kFails})) return;
  CHECK_EQ(client.NextSend().hr, hresult::kFail);
  CHECK_EQ(RandomFaultsLeft(), 0u);
  CHECK_EQ(SendAll(client).size(), 1u);
}

TEST("sender: draws keys only when they are used") {
  if (!ScriptRandom({RandomFault::kFails})) return;
  Handle handles[] = {Handle(PortableApi(), Role::kServer)};
  CHECK_EQ(BeginServer(handles[0], SampleRequest()).hr, kOk);
  CHECK_EQ(handles[0].Send(kUtf8Message, "x"), kOk);
  CHECK_EQ(handles[0].Send(kUnsolicitedPong, nullptr), kOk);
  CHECK_EQ(handles[0].SendClose(1000, "bye"), kOk);
  CHECK_EQ(SendAll(handles[0]).size(), 3u);
  CHECK_EQ(RandomFaultsLeft(), 1u);
  ScriptRandom({});
}
