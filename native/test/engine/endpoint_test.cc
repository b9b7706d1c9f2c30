#include "engine/endpoint.h"

#include <algorithm>
#include <functional>

#include "engine/websocket_functions.h"
#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

// A handle in one of its states, with the calls that lead there.
struct State {
  const char* name;
  std::function<Handle(Role)> make;
};

// Returns the response that completes a client's handshake.
Headers ResponseFor(const Handle& client) {
  const HeadersResult request = BeginClient(client);
  const Handle server(PortableApi(), Role::kServer);
  return BeginServer(server, WithHost(request.headers)).headers;
}

Handle Created(Role role) { return Handle(PortableApi(), role); }

Handle Begun(Role role) {
  Handle handle(PortableApi(), role);
  if (role == Role::kClient) {
    CHECK_EQ(BeginClient(handle).hr, kOk);
  } else {
    CHECK_EQ(BeginServer(handle, SampleRequest()).hr, kOk);
  }
  return handle;
}

Handle Open(Role role) { return OpenHandle(PortableApi(), role); }

Handle CloseSent(Role role) {
  Handle handle = Open(role);
  CHECK_EQ(handle.SendClose(1000, ""), kOk);
  Driver(handle).Run();
  return handle;
}

void TakeFromPeer(const Handle& handle, std::uint8_t opcode, const Bytes& payload) {
  CHECK_EQ(handle.Receive(), kOk);
  Driver(handle).Deliver(handle.role() == Role::kServer ? Masked(opcode, payload) : Bare(opcode, payload));
}

Handle CloseReceived(Role role) {
  Handle handle = Open(role);
  TakeFromPeer(handle, kClose, {});
  return handle;
}

Handle BothClosed(Role role) {
  Handle handle = CloseSent(role);
  TakeFromPeer(handle, kClose, {});
  return handle;
}

Handle Failed(Role role) {
  Handle handle = Open(role);
  TakeFromPeer(handle, kContinuation, FromText("x"));
  return handle;
}

Handle Aborted(Role role) {
  Handle handle = Open(role);
  handle.Abort();
  return handle;
}

// The states in the order of the table in the specification's section 4.2.
const State kStates[] = {{"Created", Created},
                         {"Begun", Begun},
                         {"Open", Open},
                         {"CloseSent", CloseSent},
                         {"CloseReceived", CloseReceived},
                         {"both closed", BothClosed},
                         {"RecvFailed", Failed},
                         {"Aborted", Aborted}};

using Call = std::function<HRESULT(const Handle&)>;

void CheckRow(Role role, const Call& call, const std::vector<HRESULT>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string where = std::string(NameOf(role)) + ", " + kStates[i].name;
    CHECK_EQ(call(kStates[i].make(role)), expected[i], where);
  }
}

constexpr HRESULT kNo = kOperation;

// Keeps bytes for the life of the test: they must stay until the operation ends.
constexpr const char* kPayload = "x";

TEST("ShareBuffers: fails for buffers that are too small, for a handle with its own, and after the handshake") {
  Bytes receive(4096);
  Bytes send(4096);
  for (const Role role : kBothRoles) {
    const Handle created = Created(role);
    const std::size_t needed = role == Role::kClient ? 4096 : 16;
    CHECK(!engine::ShareBuffers(created.get(), {{receive.data(), 4095}, send}));
    CHECK(!engine::ShareBuffers(created.get(), {receive, {send.data(), needed - 1}}));
    CHECK(engine::ShareBuffers(created.get(), {receive, {send.data(), needed}}));
    CHECK(!engine::ShareBuffers(OpenHandle(PortableApi(), role).get(), {receive, send}));
    Bytes own(10000);
    const Handle owner(PortableApi(), role, Properties().AddBuffer(own.data(), 10000));
    CHECK(!engine::ShareBuffers(owner.get(), {receive, send}));
  }
}

TEST("ShareBuffers: network bytes and data are in the buffers, a ping that came in part is not") {
  Bytes receive(4096);
  Bytes send(4096);
  const Handle handle = OpenPortable(Role::kServer, {}, {receive, send});
  const Bytes ping = FromPeer(Role::kServer, 9, "half and half");
  handle.Receive(Context(1));
  const Step read = handle.NextReceive();
  CHECK(read.buffers[0].Data.pbBuffer == receive.data());
  handle.Complete(read, handle.Fill(read, Bytes(ping.begin(), ping.begin() + 10)));
  const Step more = handle.NextReceive();
  std::fill(receive.begin(), receive.end(), std::uint8_t{0xEE});
  handle.Complete(more, handle.Fill(more, ping, 10));
  CHECK_EQ(ToText(DecodeAll(handle.NextReceive().Joined()).at(0).payload), "half and half");
}

}  // namespace

TEST("endpoint: Begin is the first call, on the right role") {
  const Call begin_client = [](const Handle& handle) { return BeginClient(handle).hr; };
  const Call begin_server = [](const Handle& handle) { return BeginServer(handle, SampleRequest()).hr; };
  const std::vector<HRESULT> right = {kOk, kNo, kNo, kNo, kNo, kNo, kNo, kNo};
  const std::vector<HRESULT> wrong(8, kNo);
  CheckRow(Role::kClient, begin_client, right);
  CheckRow(Role::kServer, begin_server, right);
  CheckRow(Role::kServer, begin_client, wrong);
  CheckRow(Role::kClient, begin_server, wrong);
}

TEST("endpoint: EndClientHandshake once, after Begin") {
  const Call end = [](const Handle& handle) { return EndClient(handle, SampleRequest()); };
  // The response is checked in one state only, where it is wrong.
  CheckRow(Role::kClient, end, {kNo, kFormat, kNo, kNo, kNo, kNo, kNo, kNo});
  CheckRow(Role::kServer, end, std::vector<HRESULT>(8, kNo));
}

TEST("endpoint: EndServerHandshake from Begin to abort") {
  CheckRow(Role::kServer, EndServer, {kNo, kOk, kOk, kOk, kOk, kOk, kOk, kNo});
  CheckRow(Role::kClient, EndServer, std::vector<HRESULT>(8, kNo));
}

TEST("endpoint: data may be sent until the own close") {
  const Call send = [](const Handle& handle) { return handle.Send(kUtf8Message, kPayload); };
  CheckRow(Role::kClient, send, {kNo, kNo, kOk, kNo, kOk, kNo, kOk, kNo});
  CheckRow(Role::kServer, send, {kNo, kOk, kOk, kNo, kOk, kNo, kOk, kNo});
}

TEST("endpoint: a close may be sent once") {
  const Call send = [](const Handle& handle) { return handle.SendClose(1000, ""); };
  CheckRow(Role::kClient, send, {kNo, kNo, kOk, kNo, kOk, kNo, kOk, kNo});
  CheckRow(Role::kServer, send, {kNo, kOk, kOk, kNo, kOk, kNo, kOk, kNo});
}

TEST("endpoint: pings and pongs may be sent until abort") {
  for (const auto type : {kPingPong, kUnsolicitedPong}) {
    const Call send = [type](const Handle& handle) { return handle.Send(type, nullptr); };
    CheckRow(Role::kClient, send, {kNo, kNo, kOk, kOk, kOk, kOk, kOk, kNo});
    CheckRow(Role::kServer, send, {kNo, kOk, kOk, kOk, kOk, kOk, kOk, kNo});
  }
}

TEST("endpoint: receives are taken until a close or a fault comes") {
  const Call receive = [](const Handle& handle) { return handle.Receive(); };
  CheckRow(Role::kClient, receive, {kNo, kNo, kOk, kOk, kNo, kNo, kNo, kNo});
  CheckRow(Role::kServer, receive, {kNo, kOk, kOk, kOk, kNo, kNo, kNo, kNo});
}

TEST("endpoint: GetAction has nothing to do") {
  for (const auto queue : {kSendQueue, kReceiveQueue, kAllQueues}) {
    const Call next = [queue](const Handle& handle) {
      const Step step = handle.Next(queue);
      if (step.hr == kOk) CHECK_EQ(step.Text(), "NONE");
      return step.hr;
    };
    const HRESULT failed = queue == kSendQueue ? kOk : kOperation;
    CheckRow(Role::kClient, next, {kNo, kNo, kOk, kOk, kOk, kOk, failed, kOk});
    CheckRow(Role::kServer, next, {kNo, kOk, kOk, kOk, kOk, kOk, failed, kOk});
  }
}

TEST("endpoint: abort before the handshake is complete does nothing") {
  for (const Role role : kBothRoles) {
    const Handle created = Created(role);
    created.Abort();
    const Handle other(PortableApi(), OtherRole(role));
    if (role == Role::kClient) {
      OpenPair(created, other);
    } else {
      OpenPair(other, created);
    }
    CHECK_EQ(created.Send(kUtf8Message, kPayload), kOk);
  }
  const Handle client(PortableApi(), Role::kClient);
  const Headers response = ResponseFor(client);
  client.Abort();
  CHECK_EQ(EndClient(client, response), kOk);
  CHECK_EQ(client.Send(kUtf8Message, kPayload), kOk);
  const Handle server = Begun(Role::kServer);
  server.Abort();
  CHECK_EQ(EndServer(server), kOk);
}

TEST("endpoint: the first data call of a server ends its handshake") {
  const Call calls[] = {[](const Handle& handle) { return handle.Send(kUtf8Message, kPayload); },
                        [](const Handle& handle) { return handle.Receive(); },
                        [](const Handle& handle) { return handle.NextSend().hr; }};
  for (const Call& call : calls) {
    const Handle server = Begun(Role::kServer);
    CHECK_EQ(call(server), kOk);
    // Abort has an effect only on an open handle.
    server.Abort();
    CHECK_EQ(server.Send(kUtf8Message, kPayload), kOperation);
  }
}

TEST("endpoint: with both queues asked, sends go first") {
  const Handle server = Open(Role::kServer);
  CHECK_EQ(server.Receive(Context(1)), kOk);
  CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(2)), kOk);
  const Step send = server.Next(kAllQueues);
  CHECK_EQ(send.Text(), "SEND UTF8_MESSAGE [8101|78] #2");
  const Step read = server.Next(kAllQueues);
  CHECK_EQ(read.Text(), "READ #1");
  CHECK_EQ(server.Next(kAllQueues).Text(), "NONE");
  server.CompleteAll(send);
  CHECK_EQ(server.Next(kAllQueues).Text(), "SENT UTF8_MESSAGE #2");
}

TEST("endpoint: each queue has only its own") {
  const Handle server = Open(Role::kServer);
  CHECK_EQ(server.Receive(Context(1)), kOk);
  CHECK_EQ(server.Send(kUtf8Message, kPayload, Context(2)), kOk);
  const Step read = server.NextReceive();
  CHECK_EQ(read.Text(), "READ #1");
  const Step send = server.NextSend();
  CHECK_EQ(send.Text(), "SEND UTF8_MESSAGE [8101|78] #2");
  // Completed in either order.
  server.Fill(read, Masked(kText, "y"));
  CHECK_EQ(server.NextReceive().Text(), "RECEIVED UTF8_MESSAGE [79] #1");
  server.CompleteAll(send);
  CHECK_EQ(server.NextSend().Text(), "SENT UTF8_MESSAGE #2");
}

TEST("endpoint: unknown queues are rejected") {
  const Handle server = Open(Role::kServer);
  for (const int queue : {0, 4, 5, -1, 7}) {
    CHECK_EQ(server.Next(static_cast<WEB_SOCKET_ACTION_QUEUE>(queue)).hr, kInvalidArg);
  }
}
