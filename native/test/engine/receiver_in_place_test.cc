// Reading in place gives the same results as WebSocketReceive and WebSocketGetAction, without moving bytes.
#include <algorithm>
#include <string>
#include <utility>

#include "engine/websocket_functions.h"
#include "test/check.h"
#include "test/engine/portable_handle.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

namespace winwire::test {
namespace {

using engine::ParsedItem;
using Kind = ParsedItem::Kind;

// A chunk of network bytes, and the position in it.
struct Chunk {
  Bytes bytes;
  std::size_t used = 0;

  ParsedItem Read(const Handle& handle, engine::ReceiveTarget target = {}) {
    ParsedItem item;
    engine::ReadInPlace(handle.get(), bytes, used, target, {}, item);
    return item;
  }

  // Returns whole messages, at most this many.
  std::vector<engine::WholeMessage> ReadWhole(const Handle& handle, std::size_t most, ParsedItem& item) {
    std::vector<engine::WholeMessage> messages(most);
    messages.resize(engine::ReadInPlace(handle.get(), bytes, used, {}, messages, item));
    return messages;
  }
};

template <typename Item>
Bytes BytesOf(const Item& item) {
  return Bytes(item.bytes, item.bytes + item.length);
}

TEST("in place: messages are unmasked where they are") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    Chunk chunk{Join({FromPeer(role, kText, "one"), FromPeer(role, kBinary, Pattern(300))})};
    const ParsedItem text = chunk.Read(handle);
    CHECK(text.kind == Kind::kData);
    CHECK_EQ(text.buffer_type, abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE);
    CHECK_EQ(ToText(BytesOf(text)), "one");
    CHECK_EQ(text.bytes, chunk.bytes.data() + chunk.used - 3);
    const ParsedItem binary = chunk.Read(handle);
    CHECK_EQ(binary.buffer_type, abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE);
    CHECK_EQ(BytesOf(binary), Pattern(300));
    CHECK_EQ(chunk.used, chunk.bytes.size());
    CHECK(chunk.Read(handle).kind == Kind::kNeedBytes);
  }
}

TEST("in place: a frame that is cut anywhere goes on with the next chunk") {
  const Bytes wire = FromPeer(Role::kServer, kBinary, Pattern(200));
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    const Handle server = OpenPortable(Role::kServer);
    Bytes payload;
    Chunk chunks[] = {{Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(cut))},
                      {Bytes(wire.begin() + static_cast<std::ptrdiff_t>(cut), wire.end())}};
    for (Chunk& chunk : chunks) {
      for (ParsedItem item = chunk.Read(server); item.kind == Kind::kData; item = chunk.Read(server)) {
        Append(payload, BytesOf(item));
      }
      CHECK_EQ(chunk.used, chunk.bytes.size());
    }
    CHECK_EQ(payload, Pattern(200));
  }
}

TEST("in place: returns whole messages together, up to another item") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role, Properties().NoUtf8Check());
    Chunk chunk{Join({FromPeer(role, kText, "one"), FromPeer(role, kBinary, Pattern(300)), FromPeer(role, kBinary, ""),
                      FromPeer(role, kPing, "abc"), FromPeer(role, kBinary, "")})};
    ParsedItem item;
    const auto messages = chunk.ReadWhole(handle, 8, item);
    CHECK_EQ(messages.size(), 3u);
    CHECK(messages.at(0).is_text && !messages.at(1).is_text);
    CHECK_EQ(ToText(BytesOf(messages.at(0))), "one");
    CHECK_EQ(BytesOf(messages.at(1)), Pattern(300));
    CHECK_EQ(messages.at(2).length, 0u);
    CHECK(item.kind == Kind::kPing);
    CHECK_EQ(chunk.ReadWhole(handle, 8, item).size(), 1u);
    CHECK(item.kind == Kind::kNeedBytes);
    CHECK_EQ(chunk.used, chunk.bytes.size());
  }
}

TEST("in place: no more whole messages are taken than there is room for") {
  const Handle server = OpenPortable(Role::kServer);
  Chunk chunk{Join({FromPeer(Role::kServer, kBinary, "a"), FromPeer(Role::kServer, kBinary, "b"),
                    FromPeer(Role::kServer, kBinary, "c")})};
  ParsedItem item;
  CHECK_EQ(chunk.ReadWhole(server, 2, item).size(), 2u);
  CHECK(item.kind == Kind::kNeedBytes);
  CHECK_EQ(chunk.used, chunk.bytes.size() / 3 * 2);
  CHECK_EQ(chunk.ReadWhole(server, 2, item).size(), 1u);
  CHECK_EQ(chunk.used, chunk.bytes.size());
}

TEST("in place: other frames need the complete parser") {
  // Part of a message, its end, a cut payload, a cut header, a long length, text to be checked.
  const Bytes begun = FromPeer(Role::kServer, kBinary, "abc");
  Bytes fragment = begun;
  fragment[0] = 0x02;
  Bytes last = begun;
  last[0] = 0x80;
  const Bytes wires[] = {Join({fragment, last}),
                         {begun.begin(), begun.end() - 1},
                         {begun.begin(), begun.begin() + 4},
                         {begun.begin(), begun.begin() + 1},
                         FromPeer(Role::kServer, kBinary, Pattern(70000)),
                         FromPeer(Role::kServer, kText, "abc")};
  for (const Bytes& wire : wires) {
    const Handle server = OpenPortable(Role::kServer);
    Chunk chunk{wire};
    ParsedItem item;
    CHECK(chunk.ReadWhole(server, 8, item).empty());
    CHECK(item.kind == Kind::kNeedBytes || item.kind == Kind::kData);
  }
}

TEST("in place: bytes that look like a whole message are not one within a frame or message") {
  struct Case {
    const char* before;
    const char* bytes;
    Kind kind;
  };
  // After a header of data and of a ping; within a header; within a message, where another message may not begin.
  for (const Case& one : {Case{"82 8A 00 00 00 00", "82 81 00 00 00 00 61 62 63 64", Kind::kData},
                          Case{"89 87 00 00 00 00", "82 81 00 00 00 00 61", Kind::kPing},
                          Case{"82 84", "82 80 00 00 61 62 63 64", Kind::kData},
                          Case{"02 80 00 00 00 00", "82 81 00 00 00 00 61", Kind::kError}}) {
    const Handle server = OpenPortable(Role::kServer);
    ParsedItem item;
    CHECK(Chunk{FromHex(one.before)}.ReadWhole(server, 8, item).empty());
    CHECK(Chunk{FromHex(one.bytes)}.ReadWhole(server, 8, item).empty());
    CHECK(item.kind == one.kind);
  }
}

TEST("in place: a fault behind whole messages is found") {
  // Unmasked, reserved bits, an unknown opcode, a length in a long form, a continuation without a message.
  for (const char* bad :
       {"82 01 61", "C2 80 00 00 00 00", "83 80 00 00 00 00", "82 FE 00 7D 00 00 00 00", "80 80 00 00 00 00"}) {
    const Handle server = OpenPortable(Role::kServer);
    Chunk chunk{Join({FromPeer(Role::kServer, kBinary, "a"), FromHex(bad)})};
    ParsedItem item;
    CHECK_EQ(chunk.ReadWhole(server, 8, item).size(), 1u);
    CHECK(item.kind == Kind::kError);
  }
}

TEST("in place: a server that need not be sent masks takes both") {
  const Handle server = OpenPortable(Role::kServer, Properties().NoMasking());
  Chunk chunk{Join({FromPeer(Role::kServer, kBinary, "abc"), FromHex("82 03 61 62 63")})};
  ParsedItem item;
  const auto messages = chunk.ReadWhole(server, 8, item);
  CHECK_EQ(messages.size(), 2u);
  for (const engine::WholeMessage& message : messages) CHECK_EQ(ToText(BytesOf(message)), "abc");
}

TEST("in place: data goes to the target as far as it has room") {
  const Handle server = OpenPortable(Role::kServer);
  Chunk chunk{FromPeer(Role::kServer, kBinary, Pattern(100))};
  Bytes target(60, 0xEE);
  const ParsedItem first = chunk.Read(server, {target.data(), 40});
  CHECK_EQ(first.bytes, target.data());
  CHECK_EQ(first.length, 40u);
  CHECK_EQ(first.buffer_type, abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE);
  const ParsedItem full = chunk.Read(server, {target.data() + 40, 0});
  CHECK(full.kind == Kind::kNeedBytes);
  CHECK_EQ(full.frame_left, 60u);
  const ParsedItem rest = chunk.Read(server);
  CHECK_EQ(rest.length, 60u);
  CHECK_EQ(Join({Bytes(target.begin(), target.begin() + 40), BytesOf(rest)}), Pattern(100));
  CHECK(std::all_of(target.begin() + 40, target.end(), [](std::uint8_t byte) { return byte == 0xEE; }));
}

TEST("in place: what is missing of a data frame is known from its header on") {
  const Handle server = OpenPortable(Role::kServer);
  Chunk header{FromHex("02 FF 00 00 00 01 00 00 00 00 01 02 03 04")};
  const ParsedItem fragment = header.Read(server);
  CHECK(fragment.kind == Kind::kNeedBytes);
  CHECK_EQ(fragment.frame_left, std::uint64_t{1} << 32);
  CHECK(!fragment.ends_message);

  const Handle other = OpenPortable(Role::kServer);
  Chunk part{FromPeer(Role::kServer, kText, "abcdef")};
  part.bytes.resize(part.bytes.size() - 2);
  CHECK_EQ(part.Read(other).length, 4u);
  const ParsedItem waiting = part.Read(other);
  CHECK_EQ(waiting.frame_left, 2u);
  CHECK(waiting.ends_message);
}

TEST("in place: nothing is said to be missing between frames, in headers and in control frames") {
  const Bytes wires[] = {{}, FromHex("82"), FromHex("82 FE 01"), FromHex("89 85 01 02 03 04 05")};
  for (const Bytes& wire : wires) {
    const Handle server = OpenPortable(Role::kServer);
    Chunk chunk{wire};
    const ParsedItem item = chunk.Read(server);
    CHECK(item.kind == Kind::kNeedBytes);
    CHECK_EQ(item.frame_left, 0u);
    CHECK_EQ(chunk.used, wire.size());
  }
}

// What an item tells when a stream is read up to a byte: bytes of a header that is cut, missing bytes of a control
// frame, frames of the message.
struct Waiting {
  std::size_t header;
  std::uint64_t control_left;
  std::uint32_t frames;

  bool operator==(const Waiting&) const = default;
};

TEST("in place: where a stream is cut is known at each byte: header, control frame and frames of the message") {
  // Each frame has a header of 6 bytes. 0 to 7: "ab"; 8 to 15: ping; 16 to 23: "cd"; 24 to 29: the last, empty one.
  const Bytes wire =
      Join({FromPeer(Role::kServer, kBinary, "ab", false), FromPeer(Role::kServer, kPing, "xy"),
            FromPeer(Role::kServer, kContinuation, "cd", false), FromPeer(Role::kServer, kContinuation, "")});
  const auto expected = [](std::size_t size) -> Waiting {
    if (size < 6) return {size, 0, 0};
    if (size < 8) return {0, 0, 1};
    if (size < 14) return {size - 8, 0, 1};
    if (size < 16) return {0, 16 - size, 1};
    if (size < 22) return {size - 16, 0, 1};
    if (size < 24) return {0, 0, 2};
    if (size < 30) return {size - 24, 0, 2};
    return {0, 0, 0};
  };
  const Handle by_bytes = OpenPortable(Role::kServer);
  for (std::size_t size = 0; size <= wire.size(); ++size) {
    const Handle at_once = OpenPortable(Role::kServer);
    Chunk all{Bytes(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size))};
    Chunk last{size == 0 ? Bytes() : Bytes{wire.at(size - 1)}};
    for (const auto& [handle, chunk] : {std::pair(&at_once, &all), std::pair(&by_bytes, &last)}) {
      ParsedItem item = chunk->Read(*handle);
      while (item.kind != Kind::kNeedBytes) item = chunk->Read(*handle);
      const Waiting waiting{item.length, item.control_left, item.message_frames};
      CHECK(waiting == expected(size), std::to_string(size));
      CHECK(!item.ends_message);
    }
  }
}

TEST("in place: a ping becomes the frame of its pong") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenPortable(role);
    Chunk chunk{FromPeer(role, kPing, "abc")};
    const ParsedItem item = chunk.Read(handle);
    CHECK(item.kind == Kind::kPing);
    const std::vector<Frame> frames = DecodeAll(BytesOf(item));
    CHECK_EQ(frames.size(), 1u);
    CHECK_EQ(frames.at(0).opcode, kPong);
    CHECK_EQ(ToText(frames.at(0).payload), "abc");
  }
}

TEST("in place: after a close or a fault nothing more is read") {
  const Handle server = OpenPortable(Role::kServer);
  Chunk close{Join({FromPeer(Role::kServer, kClose, ClosePayload(4001, "bye")), FromPeer(Role::kServer, kText, "x")})};
  const ParsedItem item = close.Read(server);
  CHECK(item.kind == Kind::kClose);
  CHECK_EQ(item.status, 4001);
  CHECK_EQ(ToText(BytesOf(item)), "bye");
  CHECK_EQ(close.Read(server).error, kOperation);

  const Handle other = OpenPortable(Role::kServer);
  Chunk bad{FromHex("83 80 00 00 00 00")};
  CHECK_EQ(bad.Read(other).error, kFormat);
  Chunk good{FromPeer(Role::kServer, kText, "x")};
  CHECK_EQ(good.Read(other).error, kFormat);
  CHECK_EQ(good.used, 0u);
}

TEST("in place: not after an abort or before the handshake") {
  const Handle server = OpenPortable(Role::kServer);
  server.Abort();
  Chunk chunk{FromPeer(Role::kServer, kText, "x")};
  CHECK_EQ(chunk.Read(server).error, kOperation);
  const Handle created(PortableApi(), Role::kServer);
  CHECK_EQ(chunk.Read(created).error, kOperation);
}

TEST("in place: fails while a receive is queued or received bytes wait in the receive buffer") {
  const Handle server = OpenPortable(Role::kServer);
  QueueReceives(server, 1);
  Chunk chunk{FromPeer(Role::kServer, kText, "later")};
  CHECK_EQ(chunk.Read(server).error, kOperation);
  Driver driver(server);
  driver.Deliver(Join({FromPeer(Role::kServer, kText, "one"), FromPeer(Role::kServer, kText, "two")}));
  CHECK_EQ(chunk.Read(server).error, kOperation);
  CHECK_EQ(chunk.used, 0u);
  QueueReceives(server, 1);
  driver.Run();
  CHECK_EQ(ToText(BytesOf(chunk.Read(server))), "later");
}

TEST("in place: the functions go on where it stopped, and the chunk is not needed") {
  const Handle server = OpenPortable(Role::kServer);
  const Bytes wire = FromPeer(Role::kServer, kText, "half and half");
  {
    Chunk chunk{Bytes(wire.begin(), wire.begin() + 10)};
    CHECK_EQ(ToText(BytesOf(chunk.Read(server))), "half");
    CHECK(chunk.Read(server).kind == Kind::kNeedBytes);
  }
  QueueReceives(server, 1);
  Driver driver(server);
  CHECK_EQ(driver.Deliver(Bytes(wire.begin() + 10, wire.end())),
           (Trace{"READ #1", "RECEIVED UTF8_MESSAGE [" + ToHex(FromText(" and half")) + "] #1"}));
}

}  // namespace
}  // namespace winwire::test
