#include "pump/pump.h"

#include <algorithm>
#include <string>
#include <vector>

#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/choices.h"

namespace winwire::test {
namespace {

using pump::ReceiveStatus;

// What a message is as JavaScript would put it together.
struct Message {
  bool is_text = false;
  Bytes bytes;

  bool operator==(const Message&) const = default;
};

// A pump with the memory that it needs, and what came out of it.
class Driver {
 public:
  explicit Driver(Role role, Properties properties = {}, std::size_t item_count = 64, bool checks_text = true)
      : Driver(OpenPortable(role, properties.NoUtf8Check()), item_count, checks_text) {}

  Driver(Handle handle, std::size_t item_count, bool checks_text = true)
      : handle_(std::move(handle)), pump_(handle_.api(), handle_.get(), checks_text), items_(item_count), text_(256) {}

  // Gives a block of this size for the rest of a message in progress, at each chunk.
  void GiveRoom(std::size_t size) { room_size_ = size; }

  // Feeds a chunk until it is used up or refused; returns the last status.
  ReceiveStatus Feed(Bytes chunk, abi::HRESULT* failure = nullptr) {
    std::size_t used = 0;
    std::size_t position = 0;
    Bytes block(in_message_ ? room_size_ : 0);
    for (bool is_room = !block.empty();; is_room = false) {
      pump::Inbound inbound{block, items_, text_, is_room};
      if (block.empty()) inbound.block_used = position;
      auto status = ReceiveStatus::kWantsBytes;
      const abi::HRESULT hr = pump_.Receive(chunk, used, inbound, out_, status);
      if (is_room) in_room_.insert(in_room_.end(), items_.data(), items_.data() + inbound.item_count);
      Take(block.empty() ? chunk : block, inbound);
      if (block.empty()) position = inbound.block_used;
      if (failure != nullptr) *failure = hr;
      if (abi::Failed(hr) || status != ReceiveStatus::kFull) return status;
      block = inbound.item_count == 0 && block.empty() ? Bytes(65536) : Bytes();
    }
  }

  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, Bytes payload) {
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.Data = {payload.data(), static_cast<abi::ULONG>(payload.size())};
    return pump_.Send(type, &buffer, out_);
  }

  // What goes to the network, and forgets it.
  Bytes TakeOut() {
    Bytes bytes(out_.Bytes().begin(), out_.Bytes().end());
    out_.Clear();
    return bytes;
  }

  pump::Pump& pump() { return pump_; }
  const std::vector<Message>& messages() const { return messages_; }
  const std::vector<std::string>& controls() const { return controls_; }
  std::size_t item_total() const { return item_total_; }
  // Those for which the given room was used.
  const std::vector<pump::Item>& in_room() const { return in_room_; }

 private:
  void Take(const Bytes& block, const pump::Inbound& inbound) {
    item_total_ += inbound.item_count;
    for (std::size_t i = 0; i < inbound.item_count; ++i) TakeItem(block, inbound.items[i]);
  }

  void TakeItem(const Bytes& block, const pump::Item& item) {
    const auto type = static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(item.buffer_type));
    const bool is_utf16 = type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE && item.detail == 2;
    const Bytes bytes =
        is_utf16 ? Utf16At(item) : Bytes(block.begin() + item.offset, block.begin() + item.offset + item.length);
    if (type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE) {
      controls_.push_back("close " + std::to_string(item.detail) + " " + ToText(bytes));
    } else if (type == abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE) {
      controls_.push_back("pong " + ToText(bytes));
    } else {
      TakeData(type, bytes);
    }
  }

  void TakeData(abi::WEB_SOCKET_BUFFER_TYPE type, const Bytes& bytes) {
    Append(open_.bytes, bytes);
    in_message_ = true;
    open_.is_text =
        type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE || type == abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
    if (type != abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE && type != abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE) return;
    messages_.push_back(open_);
    open_ = Message();
    in_message_ = false;
  }

  // Back to UTF-8; the tests use no astral characters in short texts.
  Bytes Utf16At(const pump::Item& item) const {
    Bytes bytes;
    for (std::size_t i = 0; i < item.length / 2; ++i) {
      const char16_t unit = text_[item.offset / 2 + i];
      if (unit < 0x80) {
        bytes.push_back(static_cast<std::uint8_t>(unit));
      } else {
        if (unit >= 0x800) bytes.push_back(static_cast<std::uint8_t>(0xE0 | (unit >> 12)));
        bytes.push_back(static_cast<std::uint8_t>(unit >= 0x800 ? 0x80 | ((unit >> 6) & 0x3F) : 0xC0 | (unit >> 6)));
        bytes.push_back(static_cast<std::uint8_t>(0x80 | (unit & 0x3F)));
      }
    }
    return bytes;
  }

  Handle handle_;
  pump::Pump pump_;
  std::vector<pump::Item> items_;
  std::vector<char16_t> text_;
  pump::OutBlock out_{{}};
  std::size_t room_size_ = 0;
  std::vector<pump::Item> in_room_;
  Message open_;
  bool in_message_ = false;
  std::vector<Message> messages_;
  std::vector<std::string> controls_;
  std::size_t item_total_ = 0;
};

Bytes RandomText(Choices& choices, std::size_t characters) {
  static constexpr const char* kCharacters[] = {"a", "z", "\u00e9", "\u0416", "\u6f22", "\uffff"};
  Bytes bytes;
  for (std::size_t i = 0; i < characters; ++i) Append(bytes, FromText(choices.Of(kCharacters)));
  return bytes;
}

// A stream of messages in frames with pings between, and the messages.
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

// What a stream is cut into, one chunk at a time.
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
    Driver driver(role, Properties().ReceiveBuffer(256 + choices.Below(600)), 1 + choices.Below(8));
    if (choices.OneIn(2)) driver.GiveRoom(1 + choices.Below(1000));
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
    Driver drivers[] = {{OpenPortable(role, properties, {receive, send}), 1 + choices.Below(8)},
                        {OpenPortable(role, properties, {receive, send}), 1 + choices.Below(8)}};
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
  Driver driver(Role::kServer, Properties().ReceiveBuffer(256));
  driver.Feed(FromPeer(Role::kServer, kBinary, Pattern(10000)));
  CHECK_EQ(driver.item_total(), 1u);
  CHECK(driver.messages() == std::vector<Message>{{false, Pattern(10000)}});
}

TEST("pump: a pong between the parts keeps them apart") {
  Driver driver(Role::kServer);
  driver.Feed(Join({FromPeer(Role::kServer, kBinary, "ab", false), FromPeer(Role::kServer, kPong, "x"),
                    FromPeer(Role::kServer, kContinuation, "cd")}));
  CHECK_EQ(driver.item_total(), 3u);
  CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcd")}});
  CHECK_EQ(driver.controls(), std::vector<std::string>{"pong x"});
}

TEST("pump: the rest of a message goes to the room given for it, and nothing else does") {
  Driver driver(Role::kServer);
  driver.GiveRoom(100);
  driver.Feed(FromPeer(Role::kServer, kBinary, "ab", false));
  driver.Feed(Join({FromPeer(Role::kServer, kContinuation, "cd", false), FromPeer(Role::kServer, kContinuation, "ef"),
                    FromPeer(Role::kServer, kBinary, "next")}));
  CHECK_EQ(driver.in_room().size(), 1u);
  CHECK_EQ(driver.in_room().at(0).length, 4u);
  CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcdef")}, {false, FromText("next")}});
}

TEST("pump: neither a pong nor what has no place goes to the room") {
  Driver driver(Role::kServer);
  driver.GiveRoom(3);
  driver.Feed(FromPeer(Role::kServer, kBinary, "ab", false));
  driver.Feed(FromPeer(Role::kServer, kPong, "x"));
  driver.Feed(FromPeer(Role::kServer, kContinuation, "cdef"));
  CHECK(driver.in_room().empty());
  CHECK_EQ(driver.controls(), std::vector<std::string>{"pong x"});
  CHECK(driver.messages() == std::vector<Message>{{false, FromText("abcdef")}});
}

TEST("pump: a close is told with its status and reason, and ends the receiving") {
  Driver driver(Role::kServer);
  const Bytes close = FromPeer(Role::kServer, kClose, ClosePayload(4001, "bye"));
  CHECK(driver.Feed(close) == ReceiveStatus::kClosed);
  CHECK_EQ(driver.controls(), std::vector<std::string>{"close 4001 bye"});
  CHECK(driver.Feed(FromPeer(Role::kServer, kText, "late")) == ReceiveStatus::kClosed);
  CHECK(driver.messages().empty());
}

TEST("pump: a fault of the peer is told after what came before it") {
  Driver driver(Role::kServer);
  abi::HRESULT hr = abi::hresult::kOk;
  driver.Feed(Join({FromPeer(Role::kServer, kText, "good"), FromHex("83 80 00 00 00 00")}), &hr);
  CHECK_EQ(hr, abi::hresult::kInvalidProtocolFormat);
  CHECK_EQ(driver.messages().size(), 1u);
}

TEST("pump: text that is not UTF-8 is told from a bad frame") {
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
    Driver driver(Role::kServer);
    CHECK(driver.Feed(wire) == ReceiveStatus::kBadText);
    CHECK(driver.messages().empty());
    Driver unchecked(Role::kServer, {}, 64, false);
    CHECK(unchecked.Feed(wire) == ReceiveStatus::kWantsBytes);
    CHECK_EQ(unchecked.messages().size(), 1u);
  }
}

TEST("pump: what is sent is framed at once, and received by another pump") {
  Driver client(Role::kClient, Properties().SendBuffer(64));
  Driver server(Role::kServer);
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
  for (const Role role : kBothRoles) {
    Driver driver(role);
    driver.Feed(FromPeer(role, kText, "half", false));
    driver.pump().Abort();
    CHECK_EQ(driver.Send(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE, FromText("x")),
             abi::hresult::kInvalidProtocolOperation);
    CHECK(driver.Feed(FromPeer(role, kContinuation, "rest")) == ReceiveStatus::kClosed);
    CHECK_EQ(driver.TakeOut().size(), 0u);
    driver.pump().Abort();
  }
}

// A component that never says NO_ACTION.
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

TEST("pump: an abort ends, whatever the component says") {
  const Handle handle = OpenPortable(Role::kServer, {});
  abi::WebSocketApi api = handle.api();
  api.WebSocketGetAction = EndlessGetAction;
  pump::Pump pump(api, handle.get(), true);
  pump.Abort();
}

}  // namespace
}  // namespace winwire::test
