#include "engine/websocket_functions.h"

#include <cstring>

#include "test/check.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

const abi::WebSocketApi& Api() { return PortableApi(); }

// The outputs of WebSocketGetAction, preset to detect writes.
struct Outputs {
  WEB_SOCKET_BUFFER buffers[2] = {};
  ULONG count = 2;
  WEB_SOCKET_ACTION action = static_cast<WEB_SOCKET_ACTION>(99);
  WEB_SOCKET_BUFFER_TYPE type = static_cast<WEB_SOCKET_BUFFER_TYPE>(99);
  void* application = &buffers;
  void* context = &buffers;

  HRESULT Get(WEB_SOCKET_HANDLE handle, int queue = 3) {
    return Api().WebSocketGetAction(handle, static_cast<WEB_SOCKET_ACTION_QUEUE>(queue), buffers, &count, &action,
                                    &type, &application, &context);
  }

  void CheckNothing() const {
    CHECK_EQ(count, 0u);
    CHECK_EQ(action, WEB_SOCKET_NO_ACTION);
    CHECK_EQ(type, kNoBufferType);
    CHECK(application == nullptr);
    CHECK(context == nullptr);
  }
};

}  // namespace

TEST("functions: no handle") {
  ULONG count = 0;
  PWEB_SOCKET_HTTP_HEADER headers = nullptr;
  CHECK_EQ(Api().WebSocketBeginClientHandshake(nullptr, nullptr, 0, nullptr, 0, nullptr, 0, &headers, &count),
           kInvalidArg);
  CHECK_EQ(Api().WebSocketEndClientHandshake(nullptr, nullptr, 0, nullptr, nullptr, nullptr), kInvalidArg);
  CHECK_EQ(Api().WebSocketBeginServerHandshake(nullptr, nullptr, nullptr, 0, nullptr, 0, &headers, &count),
           kInvalidArg);
  CHECK_EQ(Api().WebSocketEndServerHandshake(nullptr), kInvalidArg);
  CHECK_EQ(Api().WebSocketSend(nullptr, kUtf8Message, nullptr, nullptr), kInvalidArg);
  CHECK_EQ(Api().WebSocketReceive(nullptr, nullptr, nullptr), kInvalidArg);
  Api().WebSocketCompleteAction(nullptr, nullptr, 0);
  Api().WebSocketAbortHandle(nullptr);
  Api().WebSocketDeleteHandle(nullptr);
  Outputs outputs;
  CHECK_EQ(outputs.Get(nullptr), kInvalidArg);
  outputs.CheckNothing();
}

TEST("functions: no place for a result") {
  CHECK_EQ(Api().WebSocketCreateClientHandle(nullptr, 0, nullptr), kInvalidArg);
  CHECK_EQ(Api().WebSocketCreateServerHandle(nullptr, 0, nullptr), kInvalidArg);
  const Handle client(Api(), Role::kClient);
  const Handle server(Api(), Role::kServer);
  ULONG count = 0;
  PWEB_SOCKET_HTTP_HEADER headers = nullptr;
  auto request = ToArray(SampleRequest());
  const Headers kept = SampleRequest();
  request = ToArray(kept);
  const auto size = static_cast<ULONG>(request.size());
  CHECK_EQ(Api().WebSocketBeginClientHandshake(client.get(), nullptr, 0, nullptr, 0, nullptr, 0, nullptr, &count),
           kInvalidArg);
  CHECK_EQ(Api().WebSocketBeginClientHandshake(client.get(), nullptr, 0, nullptr, 0, nullptr, 0, &headers, nullptr),
           kInvalidArg);
  CHECK_EQ(
      Api().WebSocketBeginServerHandshake(server.get(), nullptr, nullptr, 0, request.data(), size, nullptr, &count),
      kInvalidArg);
  CHECK_EQ(
      Api().WebSocketBeginServerHandshake(server.get(), nullptr, nullptr, 0, request.data(), size, &headers, nullptr),
      kInvalidArg);
  // Neither handshake has begun.
  OpenPair(client, server);
}

TEST("functions: a Begin that fails gives no headers") {
  const Handle server(Api(), Role::kServer);
  auto* headers = reinterpret_cast<PWEB_SOCKET_HTTP_HEADER>(&Api);
  ULONG count = 77;
  CHECK_EQ(Api().WebSocketBeginServerHandshake(server.get(), nullptr, nullptr, 0, nullptr, 1, &headers, &count),
           kInvalidArg);
  CHECK(headers == nullptr);
  CHECK_EQ(count, 0u);
  const Handle other(Api(), Role::kServer);
  headers = reinterpret_cast<PWEB_SOCKET_HTTP_HEADER>(&Api);
  CHECK_EQ(Api().WebSocketBeginClientHandshake(other.get(), nullptr, 0, nullptr, 0, nullptr, 0, &headers, &count),
           kOperation);
  CHECK(headers == nullptr);
}

TEST("functions: a response that is not there") {
  const Handle client(Api(), Role::kClient);
  CHECK_EQ(BeginClient(client).hr, kOk);
  CHECK_EQ(Api().WebSocketEndClientHandshake(client.get(), nullptr, 1, nullptr, nullptr, nullptr), kInvalidArg);
  CHECK_EQ(Api().WebSocketEndClientHandshake(client.get(), nullptr, 0, nullptr, nullptr, nullptr), kFormat);
}

TEST("functions: GetAction without a mandatory output") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  Outputs out;
  const auto get = [&](ULONG* count, WEB_SOCKET_ACTION* action, WEB_SOCKET_BUFFER_TYPE* type, void** context) {
    return Api().WebSocketGetAction(server.get(), kAllQueues, out.buffers, count, action, type, nullptr, context);
  };
  CHECK_EQ(get(nullptr, &out.action, &out.type, &out.context), kInvalidArg);
  CHECK_EQ(get(&out.count, nullptr, &out.type, &out.context), kInvalidArg);
  CHECK_EQ(get(&out.count, &out.action, nullptr, &out.context), kInvalidArg);
  CHECK_EQ(get(&out.count, &out.action, &out.type, nullptr), kInvalidArg);
  CHECK_EQ(get(&out.count, &out.action, &out.type, &out.context), kOk);
}

TEST("functions: GetAction without an array has room for nothing") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  CHECK_EQ(server.Send(kUtf8Message, "x"), kOk);
  Outputs out;
  const auto get = [&](ULONG count) {
    out.count = count;
    return Api().WebSocketGetAction(server.get(), kAllQueues, nullptr, &out.count, &out.action, &out.type,
                                    &out.application, &out.context);
  };
  CHECK_EQ(get(2), kInvalidArg);
  out.CheckNothing();
  CHECK_EQ(get(0), kInsufficientBuffer);
  out.CheckNothing();
  CHECK_EQ(server.NextSend().Text(), "SEND UTF8_MESSAGE [8101|78]");
}

TEST("functions: GetAction writes every output with any result") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  Outputs nothing;
  CHECK_EQ(nothing.Get(server.get()), kOk);
  nothing.CheckNothing();
  Outputs unknown_queue;
  CHECK_EQ(unknown_queue.Get(server.get(), 4), kInvalidArg);
  unknown_queue.CheckNothing();
  CHECK_EQ(server.Send(kUtf8Message, "x", Context(1)), kOk);
  Outputs no_room;
  no_room.count = 1;
  CHECK_EQ(no_room.Get(server.get()), kInsufficientBuffer);
  no_room.CheckNothing();
  CHECK_EQ(server.Receive(Context(2)), kOk);
  server.Fill(server.NextReceive(), Bare(kText, "x"));
  Outputs fault;
  CHECK_EQ(fault.Get(server.get(), 2), kFormat);
  fault.CheckNothing();
  const Handle created(Api(), Role::kServer);
  Outputs too_early;
  CHECK_EQ(too_early.Get(created.get()), kOperation);
  too_early.CheckNothing();
}

TEST("functions: GetAction leaves further elements alone") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  CHECK_EQ(server.Send(kPingPong, nullptr), kOk);
  Outputs out;
  std::memset(static_cast<void*>(out.buffers), 0xCD, sizeof(out.buffers));
  CHECK_EQ(out.Get(server.get()), kOk);
  CHECK_EQ(out.count, 1u);
  const Bytes second(sizeof(WEB_SOCKET_BUFFER), 0xCD);
  CHECK(std::memcmp(&out.buffers[1], second.data(), second.size()) == 0);
}

TEST("functions: the application context of a pong is NULL") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  CHECK_EQ(server.Receive(Context(5)), kOk);
  server.Fill(server.NextReceive(), Masked(kPing, "x"));
  Outputs out;
  CHECK_EQ(out.Get(server.get()), kOk);
  CHECK_EQ(out.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  CHECK(out.application == nullptr);
}

TEST("functions: a buffer type accompanies every send and indication, and no read") {
  const Handle server = OpenHandle(Api(), Role::kServer);
  CHECK_EQ(server.Receive(), kOk);
  CHECK_EQ(server.NextReceive().type, kNoBufferType);
  for (const auto type : {kUtf8Fragment, kUtf8Message, kBinaryFragment, kBinaryMessage}) {
    CHECK_EQ(server.Send(type, "x"), kOk);
    const Step send = server.NextSend();
    CHECK_EQ(send.type, type);
    server.CompleteAll(send);
    const Step sent = server.NextSend();
    CHECK_EQ(sent.type, type);
    CHECK_EQ(sent.count, 0u);
    server.Complete(sent, 0);
  }
}
