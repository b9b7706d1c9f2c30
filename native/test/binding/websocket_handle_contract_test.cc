// What a handle makes of a component that breaks its contract.
#include <cstdint>

#include "backend/contract.h"
#include "binding/websocket_handle.h"
#include "test/binding/scripted_component.h"
#include "test/check.h"

namespace winwire::test {
namespace {

using binding::HeaderStrings;

constexpr auto kQueue = abi::WEB_SOCKET_ALL_ACTION_QUEUE;
constexpr auto kBinary = abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;

struct Fixture {
  ScriptedComponent component;
  binding::WebSocketHandle handle{ScriptedComponent::Api(), component.Handle(), 8192};
  binding::ExchangeBlock block{};
};

TEST("handle: an action that breaks the contract of the component is a failure, and is not outstanding") {
  std::uint8_t bytes[4] = {};
  const auto scripted = [&](abi::WEB_SOCKET_ACTION kind, abi::ULONG count, std::uint8_t* data, abi::ULONG length) {
    ScriptedAction action;
    action.action = kind;
    action.count = count;
    action.buffers[0].Data = {data, length};
    return action;
  };
  const ScriptedAction broken[] = {
      scripted(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, 3, bytes, 1),
      scripted(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, 1, nullptr, 1),
      scripted(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, 1, bytes, 0xFFFFFFFF),
      scripted(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, 0, bytes, 1),
      scripted(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, 1, nullptr, 4096),
      scripted(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, 2, bytes, 1),
      scripted(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, 1, nullptr, 1),
      scripted(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, 1, bytes, 100000),
      scripted(static_cast<abi::WEB_SOCKET_ACTION>(5), 0, nullptr, 0),
  };
  for (const ScriptedAction& action : broken) {
    Fixture fixture;
    fixture.component.actions = {action};
    CHECK_EQ(fixture.handle.GetAction(kQueue, fixture.block), backend::kBrokenOutput);
    CHECK_EQ(fixture.handle.CompleteAction(1, 0), binding::kRefusedActionContext);
  }
}

TEST("handle: what an indication of a send has in place of buffers is not looked at") {
  Fixture fixture;
  ScriptedAction action;
  action.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  action.count = 2;
  action.buffers[0].Data = {nullptr, 17};
  fixture.component.actions = {action};
  CHECK_EQ(fixture.handle.GetAction(kQueue, fixture.block), abi::hresult::kOk);
  CHECK_EQ(fixture.block.fields.buffer_count, 0u);
}

TEST("handle: a result that is neither S_OK nor a failure breaks the contract") {
  Fixture fixture;
  fixture.component.hr = abi::hresult::kFalse;
  fixture.component.forever.hr = abi::hresult::kFalse;
  HeaderStrings headers;
  binding::HeaderArray request("");
  binding::Selection selection;
  CHECK_EQ(fixture.handle.Send(kBinary, nullptr), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.Receive(nullptr), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.GetAction(kQueue, fixture.block), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.BeginClientHandshake(nullptr, nullptr, nullptr, headers), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.EndClientHandshake(request, selection), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.BeginServerHandshake(nullptr, nullptr, request, headers), backend::kBrokenResult);
  CHECK_EQ(fixture.handle.EndServerHandshake(), backend::kBrokenResult);
}

TEST("handle: headers that are not there are not read") {
  char text[] = "x";
  const abi::WEB_SOCKET_HTTP_HEADER broken[] = {
      {nullptr, 1, text, 1}, {text, 1, nullptr, 1}, {text, 0xFFFFFFFF, text, 1}, {text, 1, text, 0xFFFFFFFF}};
  for (const abi::WEB_SOCKET_HTTP_HEADER& header : broken) {
    Fixture fixture;
    fixture.component.headers = {header};
    HeaderStrings added;
    CHECK_EQ(fixture.handle.BeginClientHandshake(nullptr, nullptr, nullptr, added), backend::kBrokenOutput);
  }
}

}  // namespace
}  // namespace winwire::test
