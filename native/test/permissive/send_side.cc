#include "test/permissive/send_side.h"

#include <utility>

namespace winwire::test::permissive {

std::optional<Offer> SendSide::Next(abi::ULONG capacity, abi::HRESULT& hr) {
  if (outstanding_ != Outstanding::kNothing) return {};
  if (indication_) return Indicate(*indication_);
  for (;;) {
    if (outgoing_.IsBegun()) {
      outstanding_ = Outstanding::kFrame;
      return outgoing_.NextPiece(capacity);
    }
    InnerAction action = inner_.GetAction(abi::WEB_SOCKET_SEND_ACTION_QUEUE);
    hr = action.hr;
    if (action.action == abi::WEB_SOCKET_NO_ACTION) return {};
    if (action.action == abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION) {
      outgoing_.Begin(std::move(action));
    } else if (!inner_.aborted && inner_.variants.Has(Variant::kNoSendComplete)) {
      inner_.Complete(action.action_context, 0);
    } else {
      return Indicate(action);
    }
  }
}

// After an abort an operation may still try to send before it is indicated.
std::optional<Offer> SendSide::Indicate(const InnerAction& action) {
  Offer offer{abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION, action.type, {}, action.application_context};
  const bool is_new = !indication_;
  indication_ = action;
  outstanding_ = Outstanding::kIndication;
  if (is_new && inner_.aborted && inner_.variants.Chance(Variant::kAbort)) {
    outstanding_ = Outstanding::kLate;
    offer.action = abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION;
    offer.buffers.resize(1);
    offer.buffers[0].Data = {late_bytes_, sizeof(late_bytes_)};
  }
  return offer;
}

void SendSide::Complete(abi::ULONG bytes) {
  const Outstanding ended = std::exchange(outstanding_, Outstanding::kNothing);
  if (ended == Outstanding::kFrame) outgoing_.CompletePiece(bytes);
  if (ended != Outstanding::kIndication || !indication_) return;
  inner_.Complete(indication_->action_context, 0);
  indication_.reset();
}

// What is outstanding stays so; what is begun and not outstanding is not.
void SendSide::Abort() {
  if (outstanding_ == Outstanding::kNothing) outgoing_.Cancel();
}

}  // namespace winwire::test::permissive
