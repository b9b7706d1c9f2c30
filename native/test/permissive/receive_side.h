// The receive queue of a permissive handle: what the inner component indicates is kept here, cut or put together, and
// given to the receives of the caller in turn.
#pragma once

#include "test/permissive/inner.h"

namespace winwire::test::permissive {

class ReceiveSide {
 public:
  ReceiveSide(Inner& inner, std::size_t largest_part) : inner_(inner), pong_(inner), largest_part_(largest_part) {}

  abi::HRESULT Queue(abi::WEB_SOCKET_BUFFER* buffer, void* context);

  // The next action; none while one is outstanding. `may_pong`: a pong may go to the network now. Sets `hr` for a fault
  // of the peer.
  std::optional<Offer> Next(abi::ULONG capacity, bool may_pong, abi::HRESULT& hr);
  // True for a pong that is done.
  bool Complete(abi::ULONG bytes);
  void Abort();

  bool IsInFrame() const { return pong_.IsInFrame(); }

 private:
  enum class Outstanding { kNothing, kRead, kIndication, kPong, kLate };

  struct Indication {
    abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
    abi::WEB_SOCKET_BUFFER buffer{};
    Bytes bytes{};
  };

  bool Pull(bool may_pong, abi::HRESULT& hr);
  void Keep(const InnerAction& action);
  void AddPart(Indication part);
  void FlushHeld();
  std::optional<Offer> Indicate();
  std::optional<Offer> Drain();
  bool AskInner();

  Inner& inner_;
  Outgoing pong_;
  std::size_t largest_part_;
  // Contexts of the caller's receives, and how many receives the inner component has.
  std::deque<void*> operations_;
  std::size_t inner_operations_ = 0;
  // A caller's buffer stays tied to its receive: nothing is cut or put together then.
  bool has_targets_ = false;
  std::deque<Indication> ready_;
  std::optional<Indication> held_;
  InnerAction read_;
  Outstanding outstanding_ = Outstanding::kNothing;
  abi::HRESULT failure_ = abi::hresult::kOk;
  bool is_failure_told_ = false;
  bool is_late_done_ = false;
  std::uint8_t late_bytes_[16] = {};
};

}  // namespace winwire::test::permissive
