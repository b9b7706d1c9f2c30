// The send queue of a permissive handle.
#pragma once

#include "test/permissive/inner.h"

namespace winwire::test::permissive {

class SendSide {
 public:
  explicit SendSide(Inner& inner) : inner_(inner), outgoing_(inner) {}

  // The next action; none while one is outstanding. Sets `hr` for a handle that is not open.
  std::optional<Offer> Next(abi::ULONG capacity, abi::HRESULT& hr);
  void Complete(abi::ULONG bytes);
  void Abort();

  // The network has part of a frame, or is writing it: nothing may come between its parts.
  bool IsInFrame() const { return outgoing_.IsInFrame(); }
  // A SEND_TO_NETWORK that the caller has not completed.
  bool IsWriting() const { return outstanding_ == Outstanding::kFrame || outstanding_ == Outstanding::kLate; }

 private:
  enum class Outstanding { kNothing, kFrame, kIndication, kLate };

  std::optional<Offer> Indicate(const InnerAction& action);

  Inner& inner_;
  Outgoing outgoing_;
  Outstanding outstanding_ = Outstanding::kNothing;
  // An indication that was asked of the inner component and waits.
  std::optional<InnerAction> indication_;
  std::uint8_t late_bytes_[2] = {0x82, 0x00};
};

}  // namespace winwire::test::permissive
