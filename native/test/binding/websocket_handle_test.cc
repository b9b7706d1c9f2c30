#include "binding/websocket_handle.h"

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "backend/contract.h"
#include "test/binding/scripted_component.h"
#include "test/check.h"
#include "test/engine/faults.h"
#include "test/support/bytes.h"

namespace winwire::test {
namespace {

using binding::ByteSpan;
using binding::ExchangeBlock;
using binding::HeaderStrings;
using binding::Status;
using binding::WebSocketHandle;
using Calls = std::vector<std::string>;

constexpr auto kQueue = abi::WEB_SOCKET_ALL_ACTION_QUEUE;
constexpr auto kBinary = abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;

void* ContextOfNumber(std::uintptr_t number) { return std::bit_cast<void*>(number); }

// A handle of a scripted component.
struct Fixture {
  ScriptedComponent component;
  WebSocketHandle handle{ScriptedComponent::Api(), component.Handle(), 8192};
  ExchangeBlock block{};

  Status Send(Bytes payload) {
    const ByteSpan bytes(payload);
    return handle.Send(kBinary, &bytes);
  }

  // Scripts an action, and gets it.
  std::uint32_t Take(abi::WEB_SOCKET_ACTION action, std::initializer_list<ByteSpan> buffers = {},
                     std::uintptr_t context = 7) {
    ScriptedAction next;
    next.action = action;
    next.action_context = ContextOfNumber(context);
    for (const ByteSpan& bytes : buffers) {
      auto& data = next.buffers[next.count++].Data;
      data.pbBuffer = bytes.data();
      data.ulBufferLength = static_cast<abi::ULONG>(bytes.size());
    }
    component.actions.push_back(next);
    CHECK_EQ(handle.GetAction(kQueue, block), abi::hresult::kOk);
    component.calls.clear();
    return block.fields.action_id;
  }
};

TEST("handle: closing aborts and deletes, once") {
  ScriptedComponent component;
  const std::uint64_t before = binding::OpenHandleCount();
  {
    WebSocketHandle handle(ScriptedComponent::Api(), component.Handle(), 0);
    CHECK_EQ(binding::OpenHandleCount(), before + 1);
    handle.Close();
    handle.Close();
    CHECK_EQ(binding::OpenHandleCount(), before);
  }
  CHECK_EQ(component.calls, (Calls{"Abort", "Delete"}));
}

TEST("handle: closing drains both queues where there are operations") {
  Fixture fixture;
  fixture.Send({1});
  ScriptedAction indication;
  indication.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  indication.action_context = ContextOfNumber(9);
  fixture.component.actions = {indication};
  fixture.component.calls.clear();
  fixture.handle.Close();
  CHECK_EQ(fixture.component.calls,
           (Calls{"Abort", "GetAction 1", "Complete 9 of 0", "GetAction 1", "GetAction 2", "Delete"}));
}

TEST("handle: closing goes on after a failure of the drain") {
  Fixture fixture;
  fixture.Send({1});
  ScriptedAction failure;
  failure.hr = abi::hresult::kInvalidProtocolOperation;
  failure.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  fixture.component.actions = {failure, failure};
  fixture.component.calls.clear();
  fixture.handle.Close();
  CHECK_EQ(fixture.component.calls, (Calls{"Abort", "GetAction 1", "GetAction 2", "Delete"}));
}

TEST("handle: closing ends even if the component never says NO_ACTION") {
  Fixture fixture;
  fixture.Send({1});
  fixture.component.forever.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  fixture.handle.Close();
  CHECK_EQ(fixture.component.calls.back(), "Delete");
  CHECK(fixture.component.calls.size() < 100);
}

TEST("handle: the component gets a copy that stays, and a context that is not NULL") {
  Fixture fixture;
  Bytes payload = FromText("payload");
  const ByteSpan bytes(payload);
  CHECK_EQ(fixture.handle.Send(kBinary, &bytes), 0);
  const auto sent = fixture.component.buffers.at(0).Data;
  payload.assign(payload.size(), 0);
  CHECK_EQ(ToText(Bytes(sent.pbBuffer, sent.pbBuffer + sent.ulBufferLength)), "payload");
  CHECK(fixture.component.context != nullptr);
}

TEST("handle: empty bytes are a pointer with length 0, missing ones NULL") {
  Fixture fixture;
  fixture.Send({});
  CHECK(fixture.component.buffers.at(0).Data.pbBuffer != nullptr);
  CHECK_EQ(fixture.component.buffers.at(0).Data.ulBufferLength, 0u);
  fixture.handle.Send(kBinary, nullptr);
  CHECK(fixture.component.buffers.empty());
  const std::size_t size = 0;
  fixture.handle.Receive(&size);
  CHECK(fixture.component.buffers.at(0).Data.pbBuffer != nullptr);
  fixture.handle.Receive(nullptr);
  CHECK(fixture.component.buffers.empty());
}

TEST("handle: a close has a status, and an optional reason") {
  Fixture fixture;
  fixture.handle.SendClose(1000, nullptr);
  CHECK_EQ(fixture.component.buffers.at(0).CloseStatus.usStatus, 1000);
  CHECK(fixture.component.buffers.at(0).CloseStatus.pbReason == nullptr);
  Bytes reason = FromText("bye");
  const ByteSpan bytes(reason);
  fixture.handle.SendClose(1001, &bytes);
  CHECK_EQ(fixture.component.buffers.at(0).CloseStatus.ulReasonLength, 3u);
}

TEST("handle: the next operation reuses the number of a rejected one") {
  Fixture fixture;
  fixture.component.hr = abi::hresult::kInvalidArg;
  CHECK_EQ(fixture.Send({1}), abi::hresult::kInvalidArg);
  CHECK_EQ(fixture.handle.external_size(), 1024);
  fixture.component.hr = abi::hresult::kOk;
  CHECK_EQ(fixture.Send({1}), 0);
  CHECK_EQ(fixture.Send({1}), 1);
}

TEST("handle: memory that cannot be had is E_OUTOFMEMORY without a call") {
  Fixture fixture;
  fixture.component.hr = abi::hresult::kInvalidArg;
  fixture.Send({1});  // leaves an entry for reuse
  fixture.component.calls.clear();
  const FailingAllocation failing(0);
  FailingAllocation::Resume();
  const std::size_t size = 100000;
  const Status status = fixture.handle.Receive(&size);
  FailingAllocation::Pause();
  CHECK_EQ(status, abi::hresult::kOutOfMemory);
  CHECK(fixture.component.calls.empty());
}

TEST("handle: an operation's number is free when its indication is completed") {
  Fixture fixture;
  CHECK_EQ(fixture.Send({1}), 0);
  ScriptedAction indication;
  indication.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  indication.application_context = fixture.component.context;
  fixture.component.actions = {indication};
  fixture.handle.GetAction(kQueue, fixture.block);
  CHECK_EQ(fixture.block.fields.operation, 1u);
  CHECK_EQ(fixture.Send({1}), 1);
  fixture.handle.CompleteAction(fixture.block.fields.action_id, 0);
  CHECK_EQ(fixture.Send({1}), 0);
}

TEST("handle: an application context from nowhere belongs to no operation") {
  Fixture fixture;
  fixture.Send({1});
  for (void* context : {static_cast<void*>(nullptr), static_cast<void*>(&fixture), ContextOfNumber(2)}) {
    ScriptedAction action;
    action.action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
    action.application_context = context;
    fixture.component.actions = {action};
    fixture.handle.GetAction(kQueue, fixture.block);
    CHECK_EQ(fixture.block.fields.operation, 0u);
    CHECK_EQ(fixture.handle.CompleteAction(fixture.block.fields.action_id, 0), abi::hresult::kOk);
  }
}

TEST("handle: a failure returns no action, whatever the component wrote") {
  Fixture fixture;
  ScriptedAction failure;
  failure.hr = abi::hresult::kInvalidProtocolFormat;
  failure.action = abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION;
  failure.count = 2;
  fixture.component.actions = {failure};
  CHECK_EQ(fixture.handle.GetAction(kQueue, fixture.block), abi::hresult::kInvalidProtocolFormat);
  CHECK_EQ(fixture.handle.CompleteAction(1, 0), binding::kRefusedActionContext);
}

TEST("handle: short bytes are in the block, longer ones are copied on demand") {
  Fixture fixture;
  Bytes first(binding::kExchangeRegionSize, 0x11);
  Bytes second(binding::kExchangeRegionSize + 1, 0x22);
  const std::uint32_t id = fixture.Take(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, {first, second});
  CHECK_EQ(fixture.block.fields.lengths[0], first.size());
  CHECK_EQ(fixture.block.fields.lengths[1], second.size());
  CHECK_EQ(fixture.block.regions[0].back(), 0x11);
  CHECK_EQ(fixture.block.regions[1].back(), 0);
  Bytes copy(second.size());
  CHECK_EQ(fixture.handle.CopyBuffer(id, 1, copy), abi::hresult::kOk);
  CHECK_EQ(copy, second);
  CHECK_EQ(fixture.handle.CopyBuffer(id, 2, copy), binding::kRefusedCount);
  CHECK_EQ(fixture.handle.CopyBuffer(id, 0, copy), binding::kRefusedCount);
  CHECK_EQ(fixture.handle.CopyBuffer(id + 1, 0, copy), binding::kRefusedActionContext);
}

TEST("handle: bytes that were read fill the first buffer, then the second") {
  Fixture fixture;
  Bytes first(3);
  Bytes second(5);
  const std::uint32_t id = fixture.Take(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, {first, second});
  CHECK_EQ(fixture.block.fields.room, 8u);
  Bytes read = FromText("abcdef");
  CHECK_EQ(fixture.handle.CompleteReceive(id, read), abi::hresult::kOk);
  CHECK_EQ(ToText(first), "abc");
  CHECK_EQ(second, (Bytes{'d', 'e', 'f', 0, 0}));
  CHECK_EQ(fixture.component.calls, (Calls{"Complete 7 of 6"}));
}

TEST("handle: more bytes than the action allows are rejected without a call") {
  Fixture fixture;
  Bytes memory(3);
  const std::uint32_t id = fixture.Take(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, {memory});
  Bytes read(4);
  CHECK_EQ(fixture.handle.CompleteReceive(id, read), binding::kRefusedCount);
  CHECK_EQ(fixture.handle.CompleteAction(id, 1), binding::kRefusedBytesExpected);
  CHECK(fixture.component.calls.empty());
  CHECK_EQ(fixture.handle.CompleteAction(id, 0), abi::hresult::kOk);
}

TEST("handle: a count above the sum is rejected without a call") {
  Fixture fixture;
  Bytes memory(3);
  const std::uint32_t id = fixture.Take(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, {memory, memory});
  CHECK_EQ(fixture.handle.CompleteAction(id, 7), binding::kRefusedCount);
  CHECK_EQ(fixture.handle.CompleteReceive(id, memory), binding::kRefusedNumberExpected);
  CHECK(fixture.component.calls.empty());
  CHECK_EQ(fixture.handle.CompleteAction(id, 6), abi::hresult::kOk);
}

TEST("handle: an action is completed once") {
  Fixture fixture;
  const std::uint32_t id = fixture.Take(abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
  CHECK_EQ(fixture.handle.CompleteAction(id, 0), abi::hresult::kOk);
  CHECK_EQ(fixture.handle.CompleteAction(id, 0), binding::kRefusedActionContext);
  CHECK_EQ(fixture.component.calls, (Calls{"Complete 7 of 0"}));
}

TEST("handle: several actions may be outstanding, and are completed in any order") {
  Fixture fixture;
  std::array<std::uint32_t, 6> ids{};
  for (std::size_t index = 0; index < ids.size(); ++index) {
    ids[index] = fixture.Take(abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION, {}, index + 10);
  }
  for (const std::size_t index : {2u, 5u, 0u, 4u, 1u, 3u}) {
    CHECK_EQ(fixture.handle.CompleteAction(ids[index], 0), abi::hresult::kOk);
    CHECK_EQ(fixture.component.calls.back(), "Complete " + std::to_string(index + 10) + " of 0");
  }
}

TEST("handle: action 0 is NULL") {
  Fixture fixture;
  CHECK_EQ(fixture.handle.CompleteAction(0, 5), abi::hresult::kOk);
  CHECK_EQ(fixture.component.calls, (Calls{"Complete 0 of 5"}));
  CHECK_EQ(fixture.handle.CompleteReceive(0, {}), binding::kRefusedNumberExpected);
}

TEST("handle: its size counts the buffers once they are there, and large payloads") {
  Fixture fixture;
  const std::int64_t created = fixture.handle.external_size();
  fixture.handle.EndServerHandshake();
  CHECK_EQ(fixture.handle.external_size(), created + 8192);
  fixture.Send(Bytes(100000));
  CHECK_EQ(fixture.handle.external_size(), created + 8192 + 100000);
}

TEST("handle: strings reach the component, and its headers come back by their lengths") {
  Fixture fixture;
  std::string name = "Name";
  std::string value = "valuexxx";
  fixture.component.headers = {{name.data(), 4, value.data(), 5}};
  binding::TokenList tokens(std::string("a\0b\0", 4));
  binding::HeaderArray headers(std::string("Host\0h\0", 7));
  HeaderStrings added;
  CHECK_EQ(fixture.handle.BeginClientHandshake(&tokens, nullptr, &headers, added), abi::hresult::kOk);
  CHECK_EQ(fixture.component.strings, (std::vector<std::string>{"2", "a", "b", "NULL", "1", "Host", "h"}));
  CHECK_EQ(added, (HeaderStrings{"Name", "value"}));
  CHECK_EQ(fixture.handle.BeginServerHandshake("a", nullptr, headers, added), abi::hresult::kOk);
  CHECK_EQ(fixture.component.strings, (std::vector<std::string>{"a", "NULL", "1", "Host", "h"}));
}

TEST("handle: what was not offered is not asked for") {
  Fixture fixture;
  HeaderStrings added;
  fixture.handle.BeginClientHandshake(nullptr, nullptr, nullptr, added);
  binding::HeaderArray response("");
  binding::Selection selection;
  CHECK_EQ(fixture.handle.EndClientHandshake(response, selection), abi::hresult::kOk);
  CHECK(fixture.component.extensions_are_null);
  CHECK(fixture.component.subprotocol_is_null);
  CHECK_EQ(fixture.component.strings, (std::vector<std::string>{"0"}));
  CHECK_EQ(selection.subprotocol, binding::Selection::kNone);
}

TEST("handle: no more extensions are selected than were offered, else the component breaks its contract") {
  for (const abi::ULONG claimed : {0u, 1u, 2u, 1000u}) {
    Fixture fixture;
    HeaderStrings added;
    binding::TokenList extensions(std::string("x\0y\0", 4));
    fixture.handle.BeginClientHandshake(&extensions, &extensions, nullptr, added);
    fixture.component.selected_extension_count = claimed;
    fixture.component.selected_subprotocol = 1;
    binding::HeaderArray response("");
    binding::Selection selection;
    const binding::Status status = fixture.handle.EndClientHandshake(response, selection);
    CHECK_EQ(status, claimed > 2 ? backend::kBrokenOutput : abi::hresult::kOk);
    if (claimed > 2) continue;
    CHECK_EQ(selection.extensions.size(), claimed);
    CHECK_EQ(selection.subprotocol, 1u);
  }
}

TEST("handle: failures of the handshake are passed on") {
  Fixture fixture;
  fixture.component.hr = abi::hresult::kInvalidProtocolFormat;
  HeaderStrings added;
  binding::HeaderArray headers("");
  binding::Selection selection;
  CHECK_EQ(fixture.handle.BeginClientHandshake(nullptr, nullptr, nullptr, added), fixture.component.hr);
  CHECK_EQ(fixture.handle.EndClientHandshake(headers, selection), fixture.component.hr);
  CHECK_EQ(fixture.handle.BeginServerHandshake(nullptr, nullptr, headers, added), fixture.component.hr);
  CHECK_EQ(fixture.handle.EndServerHandshake(), fixture.component.hr);
  CHECK(added.empty());
}

}  // namespace
}  // namespace winwire::test
