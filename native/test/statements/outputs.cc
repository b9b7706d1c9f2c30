// 13.12, 13.13 and 13.15: outputs of WebSocketGetAction on NO_ACTION, on failure and with small arrays, and two
// threads.
#include <algorithm>
#include <cstring>
#include <exception>
#include <thread>

#include "test/statements/statement.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr int kManySteps = 100;

int garbage_place = 0;
void* const kGarbage = &garbage_place;

// A call with preset outputs.
Step NextPreset(const Handle& handle, WEB_SOCKET_ACTION_QUEUE queue) {
  Step step;
  std::memset(static_cast<void*>(step.buffers.data()), 0xCD, sizeof(step.buffers));
  step.count = 2;
  step.action = static_cast<WEB_SOCKET_ACTION>(0x0DCDCDCD);
  step.type = static_cast<WEB_SOCKET_BUFFER_TYPE>(0x0DCDCDCD);
  step.application_context = kGarbage;
  step.action_context = kGarbage;
  step.hr = handle.api().WebSocketGetAction(handle.get(), queue, step.buffers.data(), &step.count, &step.action,
                                            &step.type, &step.application_context, &step.action_context);
  return step;
}

// The end of the loop after abort: completes everything with 0.
void Drain(const Handle& handle, WEB_SOCKET_ACTION_QUEUE queue, ULONG capacity) {
  for (int i = 0; i < kManySteps; ++i) {
    const Step step = handle.Next(queue, capacity);
    CHECK_EQ(step.hr, 0);
    if (step.action == WEB_SOCKET_NO_ACTION) return;
    handle.Complete(step, 0);
  }
  CHECK(false, "the queue does not end");
}

void Converse(const abi::WebSocketApi& api, std::uint8_t seed, std::exception_ptr& failure) {
  try {
    const Pair pair = OpenPair(api);
    Driver client(pair.client);
    Driver server(pair.server);
    client.KeepReceiving();
    server.KeepReceiving();
    constexpr std::size_t kMessages = 200;
    std::vector<Bytes> payloads;
    payloads.reserve(kMessages);
    for (std::size_t i = 0; i < kMessages; ++i)
      payloads.push_back(Pattern(i * 41 % 6000, static_cast<std::uint8_t>(seed + i)));
    for (const Bytes& payload : payloads) {
      CHECK_EQ(pair.client.Send(WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, payload), 0);
      CHECK_EQ(pair.server.Send(WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, payload), 0);
      Pump(client, server);
    }
    for (const Driver* end : {&client, &server}) {
      const std::vector<Message> messages = end->Messages();
      CHECK_EQ(messages.size(), payloads.size());
      for (std::size_t i = 0; i < payloads.size(); ++i) CHECK_EQ(messages[i].bytes, payloads[i]);
    }
  } catch (...) {
    failure = std::current_exception();
  }
}

}  // namespace

STATEMENT("WS-247") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Receive(), 0);
  Step step = server.NextReceive();
  CHECK_EQ(server.Fill(step, Bare(kText, "not masked")), Bare(kText, "not masked").size());
  step = NextPreset(server, WEB_SOCKET_RECEIVE_ACTION_QUEUE);
  CHECK(Failed(step.hr));
  CHECK(step.action >= WEB_SOCKET_NO_ACTION && step.action <= WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
  // The sample aborts and continues its loop.
  server.Abort();
  Drain(server, WEB_SOCKET_ALL_ACTION_QUEUE, 2);
}

STATEMENT("WS-261") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenHandle(api, role);
    CHECK_EQ(handle.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "one"), 0);
    CHECK_EQ(handle.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "two"), 0);
    CHECK_EQ(handle.Receive(), 0);
    CHECK_EQ(handle.Receive(), 0);
    handle.Abort();
    Drain(handle, WEB_SOCKET_SEND_ACTION_QUEUE, 1);
    Drain(handle, WEB_SOCKET_RECEIVE_ACTION_QUEUE, 1);
  }
}

STATEMENT("WS-270") {
  const Handle server = OpenHandle(api, Role::kServer);
  const Step step = NextPreset(server, WEB_SOCKET_ALL_ACTION_QUEUE);
  CHECK_EQ(step.hr, 0);
  CHECK_EQ(step.action, WEB_SOCKET_NO_ACTION);
  CHECK_EQ(step.count, 0u);
}

STATEMENT("WS-271") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "Hello"), 0);
  server.CompleteAll(server.NextSend());
  const Step step = server.NextSend();
  CHECK_EQ(step.action, WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
  CHECK_EQ(step.count, 0u);
  server.Complete(step, 0);
}

STATEMENT("WS-274") {
  const Handle server = OpenHandle(api, Role::kServer);
  for (const WEB_SOCKET_ACTION_QUEUE queue :
       {WEB_SOCKET_SEND_ACTION_QUEUE, WEB_SOCKET_RECEIVE_ACTION_QUEUE, WEB_SOCKET_ALL_ACTION_QUEUE}) {
    const Step step = NextPreset(server, queue);
    CHECK_EQ(step.hr, 0);
    CHECK_EQ(step.action, WEB_SOCKET_NO_ACTION);
    CHECK(step.application_context == nullptr || step.application_context == kGarbage);
  }
}

STATEMENT("WS-275") {
  const Handle server = OpenHandle(api, Role::kServer);
  CHECK_EQ(server.Send(WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, "Hello", Context(4)), 0);
  CHECK(Failed(server.Next(WEB_SOCKET_SEND_ACTION_QUEUE, 1).hr));
  const Step step = server.Next(WEB_SOCKET_SEND_ACTION_QUEUE, 2);
  CHECK_EQ(step.Text(), "SEND UTF8_MESSAGE [8105|48656c6c6f] #4");
  server.CompleteAll(step);
}

STATEMENT("WS-280") {
  std::exception_ptr failures[2];
  std::thread first(Converse, std::cref(api), std::uint8_t{1}, std::ref(failures[0]));
  std::thread second(Converse, std::cref(api), std::uint8_t{101}, std::ref(failures[1]));
  first.join();
  second.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}
