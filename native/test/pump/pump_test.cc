#include "pump/pump.h"

#include <algorithm>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/pump/pump_driver.h"
#include "test/support/choices.h"

namespace winwire::test {
namespace {

using pump::ReceiveStatus;

using Message = PumpedMessage;

Bytes RandomText(Choices& choices, std::size_t characters) {
  static constexpr const char* kCharacters[] = {"a", "z", "\u00e9", "\u0416", "\u6f22", "\uffff"};
  Bytes bytes;
  for (std::size_t i = 0; i < characters; ++i) Append(bytes, FromText(choices.Of(kCharacters)));
  return bytes;
}

// Returns a stream of messages in frames with pings in between, and the messages.
Bytes RandomStream(Choices& choices, Role to, std::vector<Message>& messages, std::size_t& pings) {
  Bytes wire;
  for (std::uint32_t count = choices.Below(12); count > 0; --count) {
    const bool is_text = choices.OneIn(2);
    const Bytes payload = is_text ? RandomText(choices, choices.Below(300)) : choices.Some(choices.Below(700));
    messages.push_back({is_text, payload});
    std::size_t at = 0;
    for (bool first = true, fin = false; !fin; first = false) {
      const std::size_t size = choices.OneIn(2) ? payload.size() - at : choices.Below(200) % (payload.size() - at + 1);
      fin = at + size == payload.size() && !choices.OneIn(4);
      const Bytes part(payload.begin() + static_cast<std::ptrdiff_t>(at),
                       payload.begin() + static_cast<std::ptrdiff_t>(at + size));
      Append(wire, FromPeer(to, first ? (is_text ? kText : kBinary) : kContinuation, part, fin));
      at += size;
      if (choices.OneIn(6)) {
        Append(wire, FromPeer(to, kPing, choices.Some(choices.Below(126))));
        ++pings;
      }
    }
  }
  return wire;
}

// Splits a stream into chunks.
class Chunks {
 public:
  Chunks(Bytes wire, Choices& choices) : wire_(std::move(wire)), choices_(choices) {}

  bool Empty() const { return at_ == wire_.size(); }

  Bytes Next() {
    const std::size_t size =
        std::min<std::size_t>(wire_.size() - at_, 1 + choices_.Below(choices_.OneIn(3) ? 7 : 2000));
    const auto begin = wire_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += size;
    return Bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
  }

 private:
  Bytes wire_;
  Choices& choices_;
  std::size_t at_ = 0;
};

TEST("pump: random streams in random chunks come out as the messages that went in") {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    Choices choices(seed);
    const Role role = choices.OneIn(2) ? Role::kServer : Role::kClient;
    std::vector<Message> messages;
    std::size_t pings = 0;
    const Bytes wire = RandomStream(choices, role, messages, pings);
    PumpOptions options{Properties().ReceiveBuffer(256 + choices.Below(600)), 1 + choices.Below(8)};
    if (choices.OneIn(2)) options.room_size = 1 + choices.Below(1000);
    PumpDriver driver(choices.Of(kBothWays), role, options);
    for (Chunks chunks(wire, choices); !chunks.Empty();) {
      CHECK(driver.Feed(chunks.Next()) == ReceiveStatus::kWantsBytes);
    }
    CHECK(driver.messages() == messages, "seed " + std::to_string(seed));
    CHECK_EQ(DecodeAll(driver.TakeOut()).size(), pings, "seed " + std::to_string(seed));
    CHECK_EQ(driver.pump().PongCount(), pings);
  }
}

TEST("pump: handles that share their buffers and take turns do not disturb each other") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Choices choices(seed);
    Bytes receive(600);
    Bytes send(300);
    const Role role = choices.OneIn(2) ? Role::kServer : Role::kClient;
    std::vector<Message> messages[2];
    std::size_t pings = 0;
    Chunks chunks[] = {{RandomStream(choices, role, messages[0], pings), choices},
                       {RandomStream(choices, role, messages[1], pings), choices}};
    const Properties properties = Properties().ReceiveBuffer(256 + choices.Below(345)).SendBuffer(300).NoUtf8Check();
    PumpDriver drivers[] = {
        {choices.Of(kBothWays), OpenPortable(role, properties, {receive, send}), {.item_count = 1 + choices.Below(8)}},
        {choices.Of(kBothWays), OpenPortable(role, properties, {receive, send}), {.item_count = 1 + choices.Below(8)}}};
    while (!chunks[0].Empty() || !chunks[1].Empty()) {
      const std::size_t turn = choices.Below(2);
      if (chunks[turn].Empty()) continue;
      CHECK(drivers[turn].Feed(chunks[turn].Next()) == ReceiveStatus::kWantsBytes);
      CHECK_EQ(drivers[1 - turn].Send(abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, Pattern(choices.Below(900))),
               abi::hresult::kOk);
    }
    for (const std::size_t which : {0, 1}) {
      CHECK(drivers[which].messages() == messages[which], "seed " + std::to_string(seed));
    }
  }
}

TEST("pump: a message that the receive buffer cuts is one item") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer, {Properties().ReceiveBuffer(256)});
    driver.Feed(FromPeer(Role::kServer, kBinary, Pattern(10000)));
    CHECK_EQ(driver.item_total(), 1u);
    CHECK(driver.messages() == std::vector<Message>{{false, Pattern(10000)}});
  }
}

TEST("pump: the frames of a message in one chunk are one item") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(Join({FromPeer(Role::kServer, kBinary, "ab", false), FromPeer(Role::kServer, kContinuation, "", false),
                      FromPeer(Role::kServer, kPing, "x"), FromPeer(Role::kServer, kContinuation, "cd", false),
                      FromPeer(Role::kServer, kContinuation, "e"), FromPeer(Role::kServer, kBinary, "next")}));
    CHECK_EQ(driver.item_total(), 2u);
    CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcde")}, {false, FromText("next")}});
  }
}

TEST("pump: a pong between the parts keeps them apart") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(Join({FromPeer(Role::kServer, kBinary, "ab", false), FromPeer(Role::kServer, kPong, "x"),
                      FromPeer(Role::kServer, kContinuation, "cd")}));
    CHECK_EQ(driver.item_total(), 3u);
    CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcd")}});
    CHECK_EQ(driver.controls(), std::vector<std::string>{"pong x"});
  }
}

TEST("pump: the rest of a message goes to the room given for it, and nothing else does") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer, {.room_size = 100});
    driver.Feed(FromPeer(Role::kServer, kBinary, "ab", false));
    driver.Feed(Join({FromPeer(Role::kServer, kContinuation, "cd", false), FromPeer(Role::kServer, kPong, "x"),
                      FromPeer(Role::kServer, kContinuation, "ef"), FromPeer(Role::kServer, kBinary, "next")}));
    CHECK_EQ(driver.in_room().size(), 2u);
    CHECK_EQ(driver.in_room().at(1).offset, 2u);
    CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcdef")}, {false, FromText("next")}});
    CHECK_EQ(driver.controls(), std::vector<std::string>{"pong x"});
  }
}

TEST("pump: what the room cannot hold stays in the chunk") {
  PumpDriver by_functions(Way::kFunctions, Role::kServer, {.room_size = 3});
  PumpDriver in_place(Way::kInPlace, Role::kServer, {.room_size = 3});
  for (PumpDriver* const driver : {&by_functions, &in_place}) {
    driver->Feed(FromPeer(Role::kServer, kBinary, "ab", false));
    driver->Feed(FromPeer(Role::kServer, kContinuation, "cdefghij"));
    CHECK(driver->messages() == std::vector<Message>{{false, FromText("abcdefghij")}});
  }
  CHECK_EQ(in_place.in_room().size(), 1u);
  CHECK_EQ(in_place.in_room().at(0).length, 3u);
}

TEST("pump: what is missing of a frame is known once its header is complete") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(FromHex("02 FE 01 00 01 02 03"));
    CHECK_EQ(driver.frame_left(), 0u);
    driver.Feed(FromHex("04 AA"));
    CHECK_EQ(driver.frame_left(), 255u);
    CHECK(!driver.frame_ends_message());
    driver.Feed(Bytes(255));
    CHECK_EQ(driver.frame_left(), 0u);
    driver.Feed(FromHex("80 FE 01 00 01 02 03 04 AA BB"));
    CHECK_EQ(driver.frame_left(), 254u);
    CHECK(driver.frame_ends_message());
  }
}

TEST("pump: what is missing of a ping is not announced, and a data frame is after it") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(FromHex("89 84 01 02 03 04 AA"));
    CHECK_EQ(driver.frame_left(), 0u);
    driver.Feed(FromHex("AA AA AA 82 85 01 02 03 04"));
    CHECK_EQ(driver.frame_left(), 5u);
    CHECK(driver.frame_ends_message());
  }
}

TEST("pump: nothing is announced of a length that no frame may have") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(FromHex("81 FF FF FF FF FF FF FF FF FE 00 C3 2C"));
    CHECK_EQ(driver.frame_left(), 0u);
    driver.Feed(FromHex("00"));
    CHECK_EQ(driver.failure(), abi::hresult::kInvalidProtocolFormat);
  }
}

TEST("pump: another table continues with what is missing of a frame") {
  PumpDriver driver(Way::kInPlace, Role::kServer);
  driver.Feed(FromHex("82 FE 01 00 01 02 03 04 AA"));
  driver.UseFunctions();
  driver.Feed(FromHex("BB"));
  CHECK_EQ(driver.frame_left(), 254u);
  CHECK(driver.frame_ends_message());
}

TEST("pump: what follows the rest of a message in its block stays in the chunk, and needs no other call") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer, {.room_size = 6});
    driver.Feed(FromPeer(Role::kServer, kBinary, "ab", false));
    const std::size_t calls = driver.call_count();
    driver.Feed(Join({FromPeer(Role::kServer, kContinuation, "cdef"), FromPeer(Role::kServer, kBinary, "one"),
                      FromPeer(Role::kServer, kBinary, "two")}));
    CHECK_EQ(driver.call_count() - calls, 1u);
    CHECK_EQ(driver.in_room().size(), 1u);
    CHECK(driver.messages() ==
          std::vector<Message>{{false, FromText("abcdef")}, {false, FromText("one")}, {false, FromText("two")}});
  }
}

TEST("pump: a close is reported with its status and reason, and ends receiving") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    const Bytes close = FromPeer(Role::kServer, kClose, ClosePayload(4001, "bye"));
    CHECK(driver.Feed(close) == ReceiveStatus::kClosed);
    CHECK_EQ(driver.controls(), std::vector<std::string>{"close 4001 bye"});
    CHECK(driver.Feed(FromPeer(Role::kServer, kText, "late")) == ReceiveStatus::kClosed);
    CHECK(driver.messages().empty());
  }
}

TEST("pump: control frames of the largest size have a place, however many come") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    Bytes wire;
    for (int i = 0; i < 10; ++i) Append(wire, FromPeer(Role::kServer, kPong, Bytes(125, static_cast<std::uint8_t>(i))));
    Append(wire, FromPeer(Role::kServer, kClose, ClosePayload(1000, std::string(123, 'r'))));
    CHECK(driver.Feed(wire) == ReceiveStatus::kClosed);
    CHECK_EQ(driver.controls().size(), 11u);
    CHECK_EQ(driver.controls().at(9), "pong " + std::string(125, '\x09'));
    CHECK_EQ(driver.controls().at(10), "close 1000 " + std::string(123, 'r'));
  }
}

TEST("pump: an error of the peer is reported after the preceding data") {
  for (const Way way : kBothWays) {
    PumpDriver driver(way, Role::kServer);
    driver.Feed(Join({FromPeer(Role::kServer, kText, "good"), FromHex("83 80 00 00 00 00")}));
    CHECK_EQ(driver.failure(), abi::hresult::kInvalidProtocolFormat);
    CHECK_EQ(driver.messages().size(), 1u);
  }
}

TEST("pump: invalid UTF-8 and invalid frames are distinguished") {
  const Bytes wires[] = {
      FromPeer(Role::kServer, kText, FromHex("61 ff")),
      FromPeer(Role::kServer, kText, FromHex("e6 bc")),
      Join({FromPeer(Role::kServer, kText, FromHex("e6"), false),
            FromPeer(Role::kServer, kContinuation, FromHex("41"))}),
      Join({FromPeer(Role::kServer, kText, FromHex("e6"), false),
            FromPeer(Role::kServer, kContinuation, FromHex("bc"))}),
      FromPeer(Role::kServer, kText, Join({Bytes(70000, 'a'), FromHex("c0")})),
  };
  for (const Bytes& wire : wires) {
    for (const Way way : kBothWays) {
      PumpDriver driver(way, Role::kServer);
      CHECK(driver.Feed(wire) == ReceiveStatus::kBadText);
      CHECK(driver.messages().empty());
      PumpDriver unchecked(way, Role::kServer, {.checks_text = false});
      CHECK(unchecked.Feed(wire) == ReceiveStatus::kWantsBytes);
      CHECK_EQ(unchecked.messages().size(), 1u);
    }
  }
}

TEST("pump: what is sent is framed at once, and received by another pump") {
  PumpDriver client(Way::kInPlace, Role::kClient, {Properties().SendBuffer(64)});
  PumpDriver server(Way::kInPlace, Role::kServer);
  const std::vector<Message> messages = {{true, FromText("Hello")}, {false, Pattern(1000)}, {false, {}}};
  for (const Message& message : messages) {
    const auto type =
        message.is_text ? abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
    CHECK_EQ(client.Send(type, message.bytes), abi::hresult::kOk);
  }
  server.Feed(client.TakeOut());
  CHECK(server.messages() == messages);
}

TEST("pump: after an abort nothing is sent or received") {
  for (const Way way : kBothWays) {
    for (const Role role : kBothRoles) {
      PumpDriver driver(way, role);
      driver.Feed(FromPeer(role, kText, "half", false));
      driver.pump().Abort();
      CHECK_EQ(driver.Send(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, FromText("x")),
               abi::hresult::kInvalidProtocolOperation);
      CHECK(driver.Feed(FromPeer(role, kContinuation, "rest")) == ReceiveStatus::kClosed);
      CHECK_EQ(driver.TakeOut().size(), 0u);
      driver.pump().Abort();
    }
  }
}

TEST("pump: with another table it goes on by the functions, in the middle of a message") {
  PumpDriver driver(Way::kInPlace, Role::kServer);
  driver.Feed(FromPeer(Role::kServer, kText, "one ", false));
  driver.UseFunctions();
  driver.Feed(FromPeer(Role::kServer, kContinuation, "message"));
  CHECK(driver.messages() == std::vector<Message>{{true, FromText("one message")}});
}

// A component that never returns NO_ACTION.
abi::HRESULT WINAPI EndlessGetAction(abi::WEB_SOCKET_HANDLE, abi::WEB_SOCKET_ACTION_QUEUE, abi::WEB_SOCKET_BUFFER*,
                                     abi::ULONG* count, abi::WEB_SOCKET_ACTION* action,
                                     abi::WEB_SOCKET_BUFFER_TYPE* type, void** application_context,
                                     void** action_context) {
  *count = 0;
  *action = abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
  *type = abi::kNoBufferType;
  *application_context = nullptr;
  *action_context = nullptr;
  return abi::hresult::kOk;
}

// A component that indicates a pong of 126 bytes.
abi::HRESULT WINAPI GetLongPong(abi::WEB_SOCKET_HANDLE, abi::WEB_SOCKET_ACTION_QUEUE, abi::WEB_SOCKET_BUFFER* buffers,
                                abi::ULONG* count, abi::WEB_SOCKET_ACTION* action, abi::WEB_SOCKET_BUFFER_TYPE* type,
                                void** application_context, void** action_context) {
  static std::uint8_t payload[126];
  buffers[0].Data = {payload, sizeof(payload)};
  *count = 1;
  *action = abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION;
  *type = abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
  *application_context = nullptr;
  *action_context = nullptr;
  return abi::hresult::kOk;
}

TEST("pump: a control frame beyond the maximum is rejected, each time") {
  const Handle handle = OpenPortable(Role::kServer, {});
  abi::WebSocketApi api = handle.api();
  api.WebSocketGetAction = GetLongPong;
  pump::Pump pump(api, handle.get(), true);
  for (int times = 0; times < 2; ++times) {
    std::vector<pump::Item> items(4);
    std::vector<char16_t> text(64);
    pump::Inbound inbound{{}, items, text};
    pump::OutBlock out({});
    std::size_t used = 0;
    auto status = ReceiveStatus::kWantsBytes;
    CHECK_EQ(pump.Receive({}, used, inbound, out, status), abi::hresult::kInvalidProtocolFormat);
    CHECK_EQ(inbound.item_count, 0u);
  }
}

TEST("pump: an abort ends with any component") {
  const Handle handle = OpenPortable(Role::kServer, {});
  abi::WebSocketApi api = handle.api();
  api.WebSocketGetAction = EndlessGetAction;
  pump::Pump pump(api, handle.get(), true);
  pump.Abort();
}

}  // namespace
}  // namespace winwire::test
