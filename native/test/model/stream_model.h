// The meaning of incoming bytes by RFC 6455 sections 5 to 8 and the engine's documented choices: frames are checked
// when their first two bytes have arrived, and a part is the available payload of one frame.
#pragma once

#include <cstdint>
#include <deque>

#include "test/support/handle.h"
#include "test/support/wire.h"

namespace winwire::test {

struct StreamItem {
  enum class Kind { kNothing, kData, kPing, kPong, kClose, kFault };

  Kind kind = Kind::kNothing;
  Bytes bytes{};
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;  // of data
  abi::USHORT status = 0;                                 // of a close
  abi::HRESULT fault = 0;
};

struct StreamRules {
  Role receiver = Role::kServer;
  bool masking = true;
  bool verify_utf8 = true;
};

class StreamModel {
 public:
  explicit StreamModel(StreamRules rules) : rules_(rules) {}

  void Add(const Bytes& bytes) { input_.insert(input_.end(), bytes.begin(), bytes.end()); }

  // Returns the next item, with data parts of at most `room` bytes. kNothing: more bytes are needed.
  StreamItem Next(std::uint64_t room, bool close_received);

 private:
  enum class Message { kNone, kText, kBinary };

  abi::HRESULT JudgePrefix(std::uint8_t first, std::uint8_t second, bool close_received) const;
  abi::HRESULT JudgeOrder(std::uint8_t opcode, bool close_received) const;
  // Returns false while the header is incomplete.
  bool TakeHeader(StreamItem& fault);
  bool IsShortest(std::uint8_t code) const;
  StreamItem TakeData(std::uint64_t room);
  StreamItem TakeControl();
  static StreamItem Fault(abi::HRESULT hr);
  StreamItem CloseItem(const Bytes& payload) const;
  bool TextGoesOn(const Bytes& part, bool ends);
  Bytes TakePayload(std::size_t size);

  StreamRules rules_;
  std::deque<std::uint8_t> input_;

  bool in_frame_ = false;
  bool fin_ = false;
  std::uint8_t opcode_ = 0;
  bool masked_ = false;
  Key key_{};
  std::uint64_t length_ = 0;
  std::uint64_t taken_ = 0;

  Message message_ = Message::kNone;
  Bytes unfinished_character_;
};

}  // namespace winwire::test
