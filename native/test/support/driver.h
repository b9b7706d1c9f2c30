// The driving loop of the 13 functions, with byte strings as the network.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "test/support/handle.h"

namespace winwire::test {

// The completion of a receive.
struct Received {
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  Bytes bytes{};             // payload, or the reason of a close
  abi::USHORT status = 0;    // of a close
  bool null_pointer = true;  // whether the indication had no pointer
  void* context = nullptr;
};

struct Message {
  bool text = false;
  Bytes bytes;

  bool operator==(const Message&) const = default;
};

using Trace = std::vector<std::string>;

class Driver {
 public:
  explicit Driver(const Handle& handle) : handle_(handle) {}

  // Maximum size of a READ.
  Driver& Chunk(std::size_t size) {
    chunk_ = size;
    return *this;
  }
  // Keeps one receive queued at all times.
  Driver& KeepReceiving() {
    keep_receiving_ = true;
    return *this;
  }

  // Bytes that the network delivers to the handle.
  void Feed(const Bytes& bytes) { Append(incoming_, bytes); }
  void Feed(std::string_view hex) { Feed(FromHex(hex)); }

  // Runs until the queue is idle, waits for bytes, or fails. Returns the actions as Step::Text formats them.
  Trace Run(abi::WEB_SOCKET_ACTION_QUEUE queue = abi::WEB_SOCKET_ALL_ACTION_QUEUE);
  // Feed and Run.
  Trace Deliver(const Bytes& bytes);
  Trace Deliver(std::string_view hex) { return Deliver(FromHex(hex)); }

  // Completes the waiting READ with 0.
  void EndOfStream();

  // Returns the bytes written to the network since the last call.
  Bytes TakeSent() { return std::exchange(sent_, {}); }
  // Fed bytes that were not read yet.
  std::size_t Unread() const { return incoming_.size(); }
  bool Reading() const { return reading_.action != abi::WEB_SOCKET_NO_ACTION; }

  const std::vector<Received>& received() const { return received_; }
  // Assembles the parts of `received`; the last message must be complete.
  std::vector<Message> Messages() const;
  abi::HRESULT failure() const { return failure_; }

 private:
  void KeepOneReceive();
  void ReadMore();
  void Note(const Step& step);

  const Handle& handle_;
  std::size_t chunk_ = SIZE_MAX;
  bool keep_receiving_ = false;
  bool receive_queued_ = false;
  Bytes incoming_;
  Bytes sent_;
  Step reading_;
  std::vector<Received> received_;
  abi::HRESULT failure_ = 0;
};

std::vector<Message> JoinParts(const std::vector<Received>& parts);

// Runs both loops until both are idle; each receives what the other sends.
void Pump(Driver& a, Driver& b);

}  // namespace winwire::test
