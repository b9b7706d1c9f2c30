// The pump with the permissive component: random streams in both directions.
#include "pump/pump.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/settings.h"
#include "test/check.h"
#include "test/permissive/permissive_component.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

namespace winwire::test {
namespace {

using permissive::PermissiveApi;
using permissive::Selection;
using pump::ReceiveStatus;

constexpr std::uint8_t kOpcodes[] = {1, 2};

Message MessageOf(Choices& choices) {
  const bool is_text = choices.OneIn(2);
  const std::size_t size = choices.Below(choices.OneIn(4) ? 5000 : 200);
  return {is_text, is_text ? Bytes(size, 'a') : choices.Some(size)};
}

// One end: a pump, and its received messages.
class End {
 public:
  End(Role role, std::uint32_t receive_buffer, std::uint32_t send_buffer)
      : handle_(OpenHandle(PermissiveApi(), role, PropertiesOf(receive_buffer, send_buffer))),
        pump_(handle_.api(), handle_.get(), true, {receive_buffer, send_buffer}),
        block_(std::max(receive_buffer, send_buffer)) {}

  void Send(const Message& message) {
    Bytes bytes = message.bytes;
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.Data = {bytes.data(), static_cast<abi::ULONG>(bytes.size())};
    const auto type =
        message.text ? abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE : abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE;
    CHECK_EQ(pump_.Send(type, &buffer, out_), abi::hresult::kOk);
    // Overwrites bytes that the component must not read any more.
    std::ranges::fill(bytes, std::uint8_t{0xEE});
  }
  void Ping() { CHECK_EQ(pump_.Send(abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE, nullptr, out_), abi::hresult::kOk); }
  void Close() {
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.CloseStatus = {nullptr, 0, 1000};
    CHECK_EQ(pump_.Send(abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, &buffer, out_), abi::hresult::kOk);
  }

  // Feeds all of a chunk, split randomly.
  void Feed(const Bytes& wire, Choices& choices) {
    for (std::size_t at = 0; at < wire.size();) {
      const std::size_t size = std::min<std::size_t>(wire.size() - at, 1 + choices.Below(choices.OneIn(3) ? 5 : 3000));
      Bytes chunk(wire.begin() + static_cast<std::ptrdiff_t>(at),
                  wire.begin() + static_cast<std::ptrdiff_t>(at + size));
      at += size;
      hr_ = FeedChunk(chunk);
      if (abi::Failed(hr_)) return;
    }
  }

  Bytes TakeOut() {
    Bytes bytes(out_.Bytes().begin(), out_.Bytes().end());
    out_.Clear();
    return bytes;
  }

  pump::Pump& pump() { return pump_; }
  abi::HRESULT hr() const { return hr_; }
  const std::vector<Message>& messages() const { return messages_; }
  std::size_t pongs() const { return pongs_; }
  std::uint32_t close_status() const { return close_status_; }

 private:
  static Properties PropertiesOf(std::uint32_t receive_buffer, std::uint32_t send_buffer) {
    return Properties().ReceiveBuffer(receive_buffer).SendBuffer(send_buffer).NoUtf8Check();
  }

  abi::HRESULT FeedChunk(Bytes& chunk) {
    std::size_t used = 0;
    for (;;) {
      pump::Inbound inbound{block_, items_, text_};
      auto status = ReceiveStatus::kWantsBytes;
      const abi::HRESULT hr = pump_.Receive(chunk, used, inbound, out_, status);
      for (std::size_t i = 0; i < inbound.item_count; ++i) Take(items_[i]);
      if (abi::Failed(hr)) return hr;
      if (status == ReceiveStatus::kFull) continue;
      CHECK(status == ReceiveStatus::kClosed || used == chunk.size());
      return hr;
    }
  }

  void Take(const pump::Item& item) {
    const std::uint32_t type = item.buffer_type & 7;
    if (type == 5) ++pongs_;
    if (type == 4) close_status_ = item.detail;
    if (type > 3) return;
    open_.text = type < 2;
    Append(open_.bytes, Bytes(block_.begin() + item.offset, block_.begin() + item.offset + item.length));
    if ((type & 1) == 0) messages_.push_back(std::exchange(open_, {}));
  }

  Handle handle_;
  pump::Pump pump_;
  Bytes block_;
  std::vector<pump::Item> items_ = std::vector<pump::Item>(8);
  std::vector<char16_t> text_ = std::vector<char16_t>(256);
  pump::OutBlock out_{{}};
  abi::HRESULT hr_ = abi::hresult::kOk;
  Message open_;
  std::vector<Message> messages_;
  std::size_t pongs_ = 0;
  std::uint32_t close_status_ = 0;
};

// Two pumps, with handles of the seed's variants, exchange messages and pings and close.
void Exchange(std::uint64_t seed, Selection selection) {
  selection.seed = seed;
  permissive::Select(selection);
  Choices choices(seed);
  End ends[] = {{Role::kClient, 256 + choices.Below(600), 16 + choices.Below(600)},
                {Role::kServer, 256 + choices.Below(600), 16 + choices.Below(600)}};
  std::vector<Message> sent[2];
  std::size_t pings[2] = {};
  for (std::uint32_t turns = choices.Below(12); turns > 0; --turns) {
    const std::size_t from = choices.Below(2);
    if (choices.OneIn(4)) {
      ends[from].Ping();
      ++pings[from];
    } else {
      sent[from].push_back(MessageOf(choices));
      ends[from].Send(sent[from].back());
    }
    ends[1 - from].Feed(ends[from].TakeOut(), choices);
    ends[from].Feed(ends[1 - from].TakeOut(), choices);
  }
  for (const std::size_t from : {0, 1}) {
    ends[from].Close();
    ends[1 - from].Feed(ends[from].TakeOut(), choices);
  }
  for (const std::size_t from : {0, 1}) {
    const std::string note = "seed " + std::to_string(seed);
    CHECK_EQ(ends[from].hr(), abi::hresult::kOk, note);
    CHECK(ends[1 - from].messages() == sent[from], note);
    CHECK_EQ(ends[from].pongs(), pings[from], note);
    CHECK_EQ(ends[1 - from].pump().PongCount(), pings[from], note);
    CHECK_EQ(ends[from].close_status(), 1000u, note);
    ends[from].pump().Abort();
  }
}

TEST("pump: over every mixture of open answers, messages, pings and closes arrive as they were sent") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) Exchange(seed, {});
}

TEST("pump: so they do over each open answer alone") {
  for (const std::string& variant : permissive::VariantNames()) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) Exchange(seed, {.only = {variant}});
  }
}

TEST("pump: a fault of the peer fails the receive over every mixture of open answers, after the message before it") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    permissive::Select({.seed = seed});
    Choices choices(seed);
    End end(Role::kServer, 256, 16);
    end.Feed(Join({Masked(choices.Of(kOpcodes), FromText("good")), FromHex("83 80 00 00 00 00")}), choices);
    CHECK(abi::Failed(end.hr()));
    CHECK_EQ(end.messages().size(), 1u, "seed " + std::to_string(seed));
    end.pump().Abort();
  }
}

}  // namespace
}  // namespace winwire::test
