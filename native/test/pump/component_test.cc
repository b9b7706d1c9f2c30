// The pump over components that a test scripts: what the documents allow and the engine never does, and what breaks the
// contract.
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "pump/pump.h"
#include "test/binding/scripted_component.h"
#include "test/check.h"
#include "test/support/bytes.h"

namespace winwire::test {
namespace {

using pump::CalledFunction;
using pump::ReceiveStatus;

constexpr auto kText = abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
constexpr auto kClose = abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
constexpr auto kPong = abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;

class Fixture {
 public:
  // An action whose buffers are these texts, which stay as long as this.
  ScriptedAction Action(abi::WEB_SOCKET_ACTION kind, abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType,
                        const std::vector<std::string_view>& texts = {}) {
    ScriptedAction action;
    action.action = kind;
    action.type = type;
    action.action_context = &action_contexts_[++last_context_ % 64];
    for (const std::string_view text : texts) {
      Bytes& bytes = memory_.emplace_back(FromText(text));
      action.buffers[action.count++].Data = {bytes.data(), static_cast<abi::ULONG>(bytes.size())};
    }
    return action;
  }
  ScriptedAction Nothing() { return Action(abi::WEB_SOCKET_NO_ACTION); }
  ScriptedAction Read(const std::vector<std::string_view>& room) {
    return Action(abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, abi::kNoBufferType, room);
  }
  ScriptedAction Received(abi::WEB_SOCKET_BUFFER_TYPE type, const std::vector<std::string_view>& texts) {
    return Action(abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, type, texts);
  }
  ScriptedAction Pong(const std::vector<std::string_view>& texts) {
    return Action(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, kPong, texts);
  }
  ScriptedAction Frame(const std::vector<std::string_view>& texts) {
    ScriptedAction action = Action(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, kText, texts);
    action.is_of_last_send = true;
    return action;
  }
  // Of the send, or of none.
  ScriptedAction Sent(bool is_of_last_send) {
    ScriptedAction action = Action(abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
    action.is_of_last_send = is_of_last_send;
    return action;
  }

  void Script(std::vector<ScriptedAction> actions) {
    component.actions.assign(actions.begin(), actions.end());
    component.calls.clear();
  }

  // Receives this chunk once; what was indicated is in `items`.
  abi::HRESULT Receive(std::string_view chunk) {
    chunk_ = FromText(chunk);
    inbound = {block, items_, text_};
    std::size_t used = 0;
    const abi::HRESULT hr = pump.Receive(chunk_, used, inbound, out, status);
    unused = chunk_.size() - used;
    return hr;
  }
  std::string ItemText(std::size_t index) const {
    const pump::Item& item = items_[index];
    if (pump::IsData(item.buffer_type)) {
      return std::string(chunk_.begin() + item.offset, chunk_.begin() + item.offset + item.length);
    }
    std::string text(item.length, '\0');
    std::memcpy(text.data(), text_.data() + item.offset / sizeof(char16_t), item.length);
    return text;
  }

  abi::HRESULT Send(std::string_view text) {
    Bytes bytes = FromText(text);
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.Data = {bytes.data(), static_cast<abi::ULONG>(bytes.size())};
    return pump.Send(kText, &buffer, out);
  }
  std::string Out() {
    const std::string text(out.Bytes().begin(), out.Bytes().end());
    out.Clear();
    return text;
  }

  ScriptedComponent component;
  pump::Pump pump{ScriptedComponent::Api(), component.Handle(), true, {256, 256}};
  pump::OutBlock out{{}};
  // Where indications go; empty: to the chunk's own memory.
  Bytes block;
  pump::Inbound inbound;
  ReceiveStatus status = ReceiveStatus::kWantsBytes;
  std::size_t unused = 0;

 private:
  std::deque<Bytes> memory_;
  char action_contexts_[64] = {};
  std::size_t last_context_ = 0;
  Bytes chunk_;
  std::vector<pump::Item> items_ = std::vector<pump::Item>(64);
  std::vector<char16_t> text_ = std::vector<char16_t>(256);
};

TEST("pump: a receive goes on after the completion of a pong is indicated, and after NO_ACTION") {
  Fixture fixture;
  fixture.Script({fixture.Read({"...."}), fixture.Pong({"\x8a"}), fixture.Pong({"\x02pi"}), fixture.Sent(false),
                  fixture.Nothing(), fixture.Nothing(), fixture.Received(kText, {"text"}), fixture.Read({"...."})});
  CHECK_EQ(fixture.Receive("1234"), abi::hresult::kOk);
  CHECK(fixture.status == ReceiveStatus::kWantsBytes);
  CHECK_EQ(fixture.inbound.item_count, 1u);
  CHECK_EQ(fixture.ItemText(0), "text");
  CHECK_EQ(fixture.Out(), "\x8a\x02pi");
  CHECK_EQ(fixture.pump.PongCount(), 1u);
}

TEST("pump: indications in several buffers, and reads into several, are put together") {
  Fixture fixture;
  fixture.Script({fixture.Read({"..", ".", "...", "."}), fixture.Received(kText, {"a", "", "bcd", "e"}),
                  fixture.Received(kPong, {"x", "y"}), fixture.Read({"."})});
  CHECK_EQ(fixture.Receive("1234567"), abi::hresult::kOk);
  CHECK_EQ(fixture.unused, 0u);
  CHECK_EQ(fixture.component.calls.at(2).substr(fixture.component.calls.at(2).size() - 5), " of 7");
  CHECK_EQ(fixture.ItemText(0), "abcde");
  CHECK_EQ(fixture.ItemText(1), "xy");
}

TEST("pump: an indication without anything uses up its receive, and a pong of either type is one") {
  Fixture fixture;
  fixture.Script({fixture.Received(abi::kNoBufferType, {}), fixture.Received(kText, {}),
                  fixture.Received(abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE, {""}), fixture.Read({"."})});
  CHECK_EQ(fixture.Receive(""), abi::hresult::kOk);
  CHECK_EQ(fixture.inbound.item_count, 2u);
  CHECK_EQ(fixture.inbound.items[1].buffer_type, static_cast<std::uint32_t>(kPong));
}

TEST("pump: a send goes on until it is complete, whatever comes between") {
  Fixture fixture;
  fixture.Receive("");
  fixture.Script({fixture.Nothing(), fixture.Pong({"pong"}), fixture.Sent(false), fixture.Frame({"81", "05H"}),
                  fixture.Nothing(), fixture.Nothing(), fixture.Frame({"e", "l", "l", "o"}), fixture.Sent(true)});
  CHECK_EQ(fixture.Send("Hello"), abi::hresult::kOk);
  CHECK_EQ(fixture.Out(), "pong8105Hello");
  CHECK(fixture.component.actions.empty());
}

TEST("pump: an indication of a receive that comes while something is sent waits for the next receive") {
  Fixture fixture;
  fixture.Script({fixture.Received(kText, {"first"})});
  fixture.component.forever = fixture.Nothing();
  fixture.Receive("");
  fixture.Script({fixture.Frame({"81xHello"}), fixture.Sent(true)});
  CHECK_EQ(fixture.Send("Hello"), abi::hresult::kOk);
  CHECK_EQ(fixture.Out(), "81xHello");
}

TEST("pump: a send whose bytes stay inside fails, and one that is out does not need its indication") {
  Fixture fixture;
  fixture.Script({fixture.Frame({"8105"})});
  CHECK_EQ(fixture.Send("Hello"), backend::kMissingAction);
  CHECK(fixture.pump.FailedFunction() == CalledFunction::kGetAction);
  fixture.out.Clear();
  fixture.Script({fixture.Frame({"8105"}), fixture.Nothing(), fixture.Frame({"Hello"})});
  CHECK_EQ(fixture.Send("Hello"), abi::hresult::kOk);
  CHECK_EQ(fixture.Out(), "8105Hello");
}

TEST("pump: a message may be cut finer than the send buffer asks for") {
  Fixture fixture;
  std::vector<ScriptedAction> frames(20, fixture.Frame({"header of 14 b", "payload of 14 "}));
  frames.push_back(fixture.Sent(true));
  fixture.Script(frames);
  CHECK_EQ(fixture.Send(std::string(280, 'x')), abi::hresult::kOk);
  CHECK_EQ(fixture.Out().size(), 560u);
}

TEST("pump: no pong follows our close") {
  Fixture fixture;
  fixture.Script({fixture.Frame({"8800"}), fixture.Sent(true)});
  CHECK_EQ(fixture.pump.Send(kClose, nullptr, fixture.out), abi::hresult::kOk);
  CHECK_EQ(fixture.Out(), "8800");
  fixture.Script({fixture.Pong({"pong"}), fixture.Read({"."})});
  CHECK_EQ(fixture.Receive(""), abi::hresult::kOk);
  CHECK_EQ(fixture.Out(), "");
  CHECK_EQ(fixture.pump.PongCount(), 0u);
  CHECK(fixture.component.calls.at(2).ends_with(" of 0"));
}

TEST("pump: a component that never ends fails the connection, in receiving and in sending") {
  for (const int kind : {0, 1, 2, 3, 4}) {
    Fixture fixture;
    const ScriptedAction endless[] = {fixture.Nothing(), fixture.Sent(false), fixture.Pong({"pong"}),
                                      fixture.Received(kText, {"text"}), fixture.Pong({""})};
    fixture.component.forever = endless[kind];
    fixture.block.resize(256);
    abi::HRESULT hr = abi::hresult::kOk;
    for (int calls = 0; calls < 1000 && abi::Succeeded(hr); ++calls) hr = fixture.Receive(std::string(16, '.'));
    CHECK_EQ(hr, kind == 0 ? backend::kMissingAction : backend::kEndlessActions);
    Fixture other;
    ScriptedAction frames[] = {other.Nothing(), other.Sent(false), other.Frame({"frame"}),
                               other.Received(kText, {"text"}), other.Frame({""})};
    other.component.forever = frames[kind];
    CHECK(abi::Failed(other.Send("x")));
  }
}

TEST("pump: an impossible output fails the connection, and is not read") {
  for (int kind = 0; kind < 8; ++kind) {
    Fixture fixture;
    ScriptedAction broken[] = {fixture.Read({"."}),
                               fixture.Read({}),
                               fixture.Received(kText, {"."}),
                               fixture.Received(kText, {"."}),
                               fixture.Received(kClose, {"", ""}),
                               fixture.Pong({"."}),
                               fixture.Action(static_cast<abi::WEB_SOCKET_ACTION>(9)),
                               fixture.Received(static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(3), {"."})};
    broken[0].buffers[0].Data.pbBuffer = nullptr;
    broken[2].buffers[0].Data.ulBufferLength = 0xFFFFFFFF;
    broken[3].count = 5;
    broken[5].buffers[0].Data.ulBufferLength = 100000;
    fixture.Script({broken[kind]});
    CHECK_EQ(fixture.Receive("1"), backend::kBrokenOutput, std::to_string(kind));
    CHECK(fixture.pump.FailedFunction() == CalledFunction::kGetAction);
  }
}

TEST("pump: a send that is indicated before its bytes came out fails") {
  Fixture fixture;
  fixture.Script({fixture.Frame({"81"}), fixture.Sent(true)});
  CHECK_EQ(fixture.Send("Hello"), backend::kBrokenOutput);
}

TEST("pump: a result that is neither S_OK nor a failure fails the connection, and the call is named") {
  Fixture fixture;
  fixture.component.hr = abi::hresult::kFalse;
  CHECK_EQ(fixture.Receive("1"), backend::kBrokenResult);
  CHECK(fixture.pump.FailedFunction() == CalledFunction::kReceive);
  CHECK_EQ(fixture.Send("x"), backend::kBrokenResult);
  CHECK(fixture.pump.FailedFunction() == CalledFunction::kSend);
  fixture.component.hr = abi::hresult::kOk;
  fixture.component.forever.hr = abi::hresult::kFalse;
  CHECK_EQ(fixture.Receive("1"), backend::kBrokenResult);
  CHECK(fixture.pump.FailedFunction() == CalledFunction::kGetAction);
}

}  // namespace
}  // namespace winwire::test
