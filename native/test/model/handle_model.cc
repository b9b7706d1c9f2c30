#include "test/model/handle_model.h"

#include "test/check.h"
#include "test/support/names.h"

namespace winwire::test {

abi::HRESULT HandleModel::Begin(Role function) {
  if (function != role_ || phase_ != Phase::kCreated) return kOperation;
  phase_ = Phase::kBegun;
  return kOk;
}

abi::HRESULT HandleModel::EndClient(bool good_response) {
  if (role_ != Role::kClient || phase_ != Phase::kBegun) return kOperation;
  if (!good_response) return kFormat;
  phase_ = Phase::kOpen;
  return kOk;
}

abi::HRESULT HandleModel::EndServer() {
  if (role_ != Role::kServer || closing_.aborted) return kOperation;
  return EnsureOpen();
}

// The first data call of a server ends its handshake.
abi::HRESULT HandleModel::EnsureOpen() {
  if (phase_ == Phase::kBegun && role_ == Role::kServer) phase_ = Phase::kOpen;
  return phase_ == Phase::kOpen ? kOk : kOperation;
}

abi::HRESULT HandleModel::Send(const SendCall& call) { return EnsureOpen() == kOk ? sender_.Queue(call) : kOperation; }

abi::HRESULT HandleModel::Receive(const ReceiveCall& call) {
  return EnsureOpen() == kOk ? receiver_.Queue(call) : kOperation;
}

void HandleModel::CheckNext(const Step& step, int queue, abi::ULONG capacity) {
  if (queue < 1 || queue > 3) return CHECK_EQ(step.hr, kInvalidArg);
  if (EnsureOpen() != kOk) return CHECK_EQ(step.hr, kOperation);
  if ((queue & 1) != 0 && !receiver_.PongOutstanding() && sender_.CheckNext(step, capacity)) return;
  if ((queue & 2) != 0 && receiver_.CheckNext(step, capacity)) return;
  CHECK_EQ(step.Text(), "NONE");
}

}  // namespace winwire::test
