// The engine's allocations, and its behaviour when one fails.
#include <algorithm>
#include <utility>

#include "test/check.h"
#include "test/engine/faults.h"
#include "test/engine/portable_handle.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

const abi::WebSocketApi& Api() { return PortableApi(); }

// Calls of the engine with one failing allocation; nothing else may fail.
class ShortOfMemory {
 public:
  explicit ShortOfMemory(std::uint64_t index) : failing_(index) {}

  // Repeats a call that ran out of memory: it must then succeed as if it had not been tried.
  template <class Call>
  void Do(Call call) {
    if (Try(call) == kOk) return;
    CHECK_EQ(Try(call), kOk, "the second try");
  }

 private:
  template <class Call>
  HRESULT Try(Call call) {
    const bool happened_before = FailingAllocation::Happened();
    FailingAllocation::Resume();
    const HRESULT hr = call();
    FailingAllocation::Pause();
    const bool happened = FailingAllocation::Happened() && !happened_before;
    CHECK_EQ(hr, happened ? hresult::kOutOfMemory : kOk);
    return hr;
  }

  FailingAllocation failing_;
};

WEB_SOCKET_HANDLE Create(ShortOfMemory& memory, Role role) {
  WEB_SOCKET_HANDLE handle = nullptr;
  auto* const create = role == Role::kClient ? Api().WebSocketCreateClientHandle : Api().WebSocketCreateServerHandle;
  memory.Do([&] {
    const HRESULT hr = create(nullptr, 0, &handle);
    CHECK_EQ(handle == nullptr, hr != kOk);
    return hr;
  });
  return handle;
}

// Both handshakes with offers and choices.
void Shake(ShortOfMemory& memory, WEB_SOCKET_HANDLE client, WEB_SOCKET_HANDLE server) {
  PCSTR tokens[] = {"a-token-that-is-too-long-for-a-short-string", "b"};
  PWEB_SOCKET_HTTP_HEADER headers = nullptr;
  ULONG count = 0;
  memory.Do(
      [&] { return Api().WebSocketBeginClientHandshake(client, tokens, 2, tokens, 2, nullptr, 0, &headers, &count); });
  const Headers request = WithHost(FromArray(headers, count));
  auto request_array = ToArray(request);
  memory.Do([&] {
    return Api().WebSocketBeginServerHandshake(server, "b", tokens, 2, request_array.data(),
                                               static_cast<ULONG>(request_array.size()), &headers, &count);
  });
  const Headers response = FromArray(headers, count);
  auto response_array = ToArray(response);
  ULONG extensions[2] = {};
  ULONG extension_count = 2;
  ULONG subprotocol = 99;
  memory.Do([&] {
    return Api().WebSocketEndClientHandshake(client, response_array.data(), static_cast<ULONG>(response_array.size()),
                                             extensions, &extension_count, &subprotocol);
  });
  CHECK_EQ(extension_count, 2u);
  CHECK_EQ(subprotocol, 1u);
  memory.Do([&] { return Api().WebSocketEndServerHandshake(server); });
}

void Queue(ShortOfMemory& memory, WEB_SOCKET_HANDLE handle) {
  for (std::uintptr_t i = 1; i <= 9; ++i) {
    memory.Do([&] { return Api().WebSocketSend(handle, kPingPong, nullptr, Context(i)); });
    memory.Do([&] { return Api().WebSocketReceive(handle, nullptr, Context(i)); });
  }
}

// Each queued operation is drained once, in order.
void CheckDrain(WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue) {
  for (std::uintptr_t i = 1; i <= 10; ++i) {
    Step step;
    step.count = 2;
    CHECK_EQ(Api().WebSocketGetAction(handle, queue, step.buffers.data(), &step.count, &step.action, &step.type,
                                      &step.application_context, &step.action_context),
             kOk);
    CHECK(step.application_context == (i == 10 ? nullptr : Context(i)));
    Api().WebSocketCompleteAction(handle, step.action_context, 0);
  }
}

// A whole connection in which allocation number `index` fails; returns false if there were fewer.
bool LiveShortOfMemory(std::uint64_t index) {
  ShortOfMemory memory(index);
  WEB_SOCKET_HANDLE client = Create(memory, Role::kClient);
  WEB_SOCKET_HANDLE server = Create(memory, Role::kServer);
  Shake(memory, client, server);
  for (WEB_SOCKET_HANDLE handle : {client, server}) {
    Queue(memory, handle);
    Api().WebSocketAbortHandle(handle);
    CheckDrain(handle, kSendQueue);
    CheckDrain(handle, kReceiveQueue);
    Api().WebSocketDeleteHandle(handle);
  }
  return FailingAllocation::Happened();
}

// Returns the HRESULT of a GetAction without memory, and the result of the next call.
std::pair<HRESULT, Step> NextShortOfMemory(const Handle& handle, WEB_SOCKET_ACTION_QUEUE queue) {
  FailingAllocation failing(0);
  FailingAllocation::Resume();
  const Step failed = handle.Next(queue);
  FailingAllocation::Pause();
  CHECK(FailingAllocation::Happened());
  CHECK_EQ(failed.action, WEB_SOCKET_NO_ACTION);
  return {failed.hr, handle.Next(queue)};
}

// Sends one message between handles without allocating.
void Exchange(WEB_SOCKET_HANDLE from, WEB_SOCKET_HANDLE to, WEB_SOCKET_BUFFER payload) {
  Step step;
  const auto next = [&](WEB_SOCKET_HANDLE handle, WEB_SOCKET_ACTION_QUEUE queue) {
    step.count = 2;
    CHECK_EQ(Api().WebSocketGetAction(handle, queue, step.buffers.data(), &step.count, &step.action, &step.type,
                                      &step.application_context, &step.action_context),
             kOk);
  };
  static BYTE wire[8192];
  CHECK_EQ(Api().WebSocketSend(from, kBinaryMessage, &payload, nullptr), kOk);
  CHECK_EQ(Api().WebSocketReceive(to, nullptr, nullptr), kOk);
  ULONG size = 0;
  for (next(from, kSendQueue); step.action != WEB_SOCKET_NO_ACTION; next(from, kSendQueue)) {
    for (ULONG i = 0; i < step.count; ++i) {
      std::copy_n(step.buffers[i].Data.pbBuffer, step.buffers[i].Data.ulBufferLength, wire + size);
      size += step.buffers[i].Data.ulBufferLength;
    }
    Api().WebSocketCompleteAction(from, step.action_context, static_cast<ULONG>(step.Sum()));
  }
  next(to, kReceiveQueue);
  CHECK_EQ(step.action, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
  std::copy_n(wire, size, step.buffers[0].Data.pbBuffer);
  Api().WebSocketCompleteAction(to, step.action_context, size);
  next(to, kReceiveQueue);
  CHECK_EQ(step.action, WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
  CHECK_EQ(step.buffers[0].Data.ulBufferLength, payload.Data.ulBufferLength);
  Api().WebSocketCompleteAction(to, step.action_context, 0);
}

}  // namespace

TEST("memory: a failed allocation returns E_OUTOFMEMORY, and the call may be repeated") {
  std::uint64_t index = 0;
  while (LiveShortOfMemory(index)) ++index;
  CHECK(index > 20);
}

TEST("memory: a close that does not fit into the send buffer is allocated, or may be repeated") {
  const Handle client = OpenPortable(Role::kClient, Properties().SendBuffer(16));
  // The first frame allocates the pool of mask keys.
  client.Send(kPingPong, nullptr);
  client.CompleteAll(client.NextSend());
  client.CompleteAll(client.NextSend());
  CHECK_EQ(client.SendClose(1000, "a reason of more than sixteen bytes"), kOk);
  const auto [failure, next] = NextShortOfMemory(client, kSendQueue);
  CHECK_EQ(failure, hresult::kOutOfMemory);
  CHECK_EQ(next.action, WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  CHECK_EQ(ToText(DecodeAll(next.Joined()).at(0).payload).substr(2), "a reason of more than sixteen bytes");
}

TEST("memory: with shared buffers, the first control frame is allocated, or ends receiving") {
  Bytes receive(4096);
  Bytes send(4096);
  const Bytes ping = Masked(9, FromText("ping"));
  for (const bool is_short : {false, true}) {
    const Handle server = OpenPortable(Role::kServer, {}, {receive, send});
    server.Receive(Context(1));
    const Step read = server.NextReceive();
    server.Complete(read, server.Fill(read, ping));
    if (is_short) {
      const auto [failure, next] = NextShortOfMemory(server, kReceiveQueue);
      CHECK_EQ(failure, hresult::kOutOfMemory);
      CHECK_EQ(next.hr, hresult::kOutOfMemory);
    } else {
      CHECK_EQ(ToText(DecodeAll(server.NextReceive().Joined()).at(0).payload), "ping");
    }
  }
}

TEST("memory: an open handle with shared buffers allocates nothing while it waits for bytes") {
  Bytes receive(4096);
  Bytes send(4096);
  for (const Role role : {Role::kClient, Role::kServer}) {
    const Handle handle = OpenPortable(role, {}, {receive, send});
    const std::uint64_t before = AllocationCount();
    handle.Receive(Context(1));
    const Step read = handle.NextReceive();
    CHECK_EQ(read.action, WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
    CHECK_EQ(AllocationCount(), before);
  }
}

TEST("memory: in steady use no message allocates") {
  const Pair pair = OpenPair(Api());
  Bytes bytes = Pattern(2000);
  WEB_SOCKET_BUFFER payload{};
  payload.Data.pbBuffer = bytes.data();
  payload.Data.ulBufferLength = static_cast<ULONG>(bytes.size());
  const auto exchange_both = [&] {
    Exchange(pair.client.get(), pair.server.get(), payload);
    Exchange(pair.server.get(), pair.client.get(), payload);
  };
  exchange_both();
  const std::uint64_t before = AllocationCount();
  for (int i = 0; i < 1000; ++i) exchange_both();
  CHECK_EQ(AllocationCount(), before);
}

TEST("memory: a handle that waits for its handshake holds no data buffers") {
  // 4 GiB that only a handshake would allocate.
  const Handle handle(Api(), Role::kServer, Properties().ReceiveBuffer(0xF0000000));
  CHECK(handle.get() != nullptr);
}
