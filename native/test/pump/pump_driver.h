// A pump with its memory, and its results.
#pragma once

#include <string>
#include <vector>

#include "pump/pump.h"
#include "test/engine/portable_handle.h"

namespace winwire::test {

// A message as JavaScript would assemble it.
struct PumpedMessage {
  bool is_text = false;
  Bytes bytes;

  bool operator==(const PumpedMessage&) const = default;
};

// How a pump receives: by the 13 functions, or by reading in place.
enum class Way { kFunctions, kInPlace };

inline constexpr Way kBothWays[] = {Way::kFunctions, Way::kInPlace};

struct PumpOptions {
  Properties properties{};
  std::size_t item_count = 64;
  bool checks_text = true;
  // Size of the block for the rest of a message, passed with each chunk; 0: none.
  std::size_t room_size = 0;
};

class PumpDriver {
 public:
  PumpDriver(Way way, Role role, PumpOptions options = {})
      : PumpDriver(way, OpenPortable(role, options.properties.NoUtf8Check()), options) {}
  PumpDriver(Way way, Handle handle, PumpOptions options = {});

  // Feeds a chunk until it is used up or rejected; returns the last status.
  pump::ReceiveStatus Feed(Bytes chunk);
  abi::HRESULT failure() const { return failure_; }

  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, Bytes payload);
  abi::HRESULT SendClose() { return pump_.Send(abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, nullptr, out_); }

  // Returns and removes the bytes for the network.
  Bytes TakeOut();

  // Switches to another table, as a trace does.
  void UseFunctions() { pump_.UseTable(handle_.api(), handle_.get()); }

  pump::Pump& pump() { return pump_; }
  const std::vector<PumpedMessage>& messages() const { return messages_; }
  // "pong TEXT", "close 1000 TEXT".
  const std::vector<std::string>& controls() const { return controls_; }
  // Messages and control frames in order: "text HEX", "binary HEX" and as above.
  const std::vector<std::string>& log() const { return log_; }
  std::size_t item_total() const { return item_total_; }
  // Calls of Pump::Receive.
  std::size_t call_count() const { return call_count_; }
  // Those that used the block.
  const std::vector<pump::Item>& in_room() const { return in_room_; }
  // The values after the last chunk.
  std::uint64_t frame_left() const { return frame_left_; }
  bool frame_ends_message() const { return frame_ends_message_; }

 private:
  Bytes BytesOf(const pump::Item& item, const Bytes& block, const Bytes& room) const;
  Bytes Utf16At(const pump::Item& item) const;
  void TakeItem(const pump::Item& item, const Bytes& bytes);
  void TakeData(abi::WEB_SOCKET_BUFFER_TYPE type, const Bytes& bytes);

  Handle handle_;
  pump::Pump pump_;
  std::vector<pump::Item> items_;
  std::vector<char16_t> text_;
  pump::OutBlock out_{{}};
  std::size_t room_size_;
  std::vector<pump::Item> in_room_;
  PumpedMessage open_;
  bool in_message_ = false;
  std::vector<PumpedMessage> messages_;
  std::vector<std::string> controls_;
  std::vector<std::string> log_;
  std::size_t item_total_ = 0;
  std::size_t call_count_ = 0;
  abi::HRESULT failure_ = abi::hresult::kOk;
  std::uint64_t frame_left_ = 0;
  bool frame_ends_message_ = false;
};

}  // namespace winwire::test
