// Bytes of a peer in reads of any size, for a handle of either role with any properties, compared with the model of the
// receive queue. The input's first bytes select role, properties and sizes of reads; the rest is the peer's data.
#include <algorithm>

#include "test/check.h"
#include "test/fuzz/fuzz.h"
#include "test/model/handle_model.h"
#include "test/support/choices.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

constexpr std::size_t kChoiceBytes = 8;

struct Plan {
  HandleOptions options;
  std::size_t chunk = 0;      // maximum size of a read
  ULONG own_room = 0;         // size of the caller's memory for a receive; 0: none
  bool closes_first = false;  // a close is sent before any data is received
};

Plan MakePlan(Choices choices) {
  constexpr ULONG kReceiveSizes[] = {256, 4096, 300, 65536};
  constexpr std::size_t kChunks[] = {1, 2, 3, 7, 64, 1000, 100000};
  Plan plan;
  const std::uint8_t flags = choices.Byte();
  plan.options.role = (flags & 1) != 0 ? Role::kClient : Role::kServer;
  plan.options.masking = (flags & 2) == 0;
  plan.options.verify_utf8 = (flags & 4) == 0;
  plan.closes_first = (flags & 8) != 0;
  plan.own_room = (flags & 16) != 0 ? 1 + choices.Below(40) : 0;
  plan.options.receive_size = choices.Of(kReceiveSizes);
  plan.chunk = choices.Of(kChunks);
  return plan;
}

// One handle whose receive queue is kept busy until the bytes are used up or an error ends it.
class Receiving {
 public:
  Receiving(const Plan& plan, const std::uint8_t* bytes, std::size_t size)
      : plan_(plan),
        handle_(OpenHandle(PortableApi(), plan.options.role, PropertiesOf(plan.options))),
        model_(plan.options),
        own_(plan.own_room),
        bytes_(bytes),
        left_(size) {
    model_.Begin(plan.options.role);
    if (plan.options.role == Role::kClient) model_.EndClient(true);
    model_.EndServer();
  }

  void Run() {
    if (plan_.closes_first) SendClose();
    for (;;) {
      if (!receive_queued_) QueueReceive();
      const Step step = handle_.NextReceive();
      model_.CheckNext(step, kReceiveQueue, 2);
      if (step.hr != kOk || step.action == WEB_SOCKET_NO_ACTION) return;
      if (!Complete(step)) return;
    }
  }

 private:
  static Properties PropertiesOf(const HandleOptions& options) {
    Properties properties = Properties().ReceiveBuffer(options.receive_size).SendBuffer(options.send_size);
    if (!options.masking) properties.NoMasking();
    if (!options.verify_utf8) properties.NoUtf8Check();
    return properties;
  }

  void SendClose() {
    CHECK_EQ(handle_.Send(kCloseType, nullptr), kOk);
    CHECK_EQ(model_.Send({.type = kCloseType}), kOk);
  }

  void QueueReceive() {
    const bool own = !own_.empty();
    const HRESULT hr = own ? handle_.ReceiveInto(own_) : handle_.Receive();
    CHECK_EQ(hr, model_.Receive({own, own_.data(), static_cast<ULONG>(own_.size()), nullptr}));
    receive_queued_ = hr == kOk;
  }

  // Returns false if a read finds no more bytes.
  bool Complete(const Step& step) {
    if (step.action != WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
      if (step.action == WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION) receive_queued_ = false;
      model_.CompleteReceive({});
      handle_.CompleteAll(step);
      return true;
    }
    const std::size_t size = std::min<std::size_t>({plan_.chunk, left_, static_cast<std::size_t>(step.Sum())});
    if (size == 0) return false;
    const Bytes chunk(bytes_, bytes_ + size);
    bytes_ += size;
    left_ -= size;
    model_.CompleteReceive(chunk);
    handle_.Fill(step, chunk);
    return true;
  }

  Plan plan_;
  Handle handle_;
  HandleModel model_;
  Bytes own_;
  const std::uint8_t* bytes_;
  std::size_t left_;
  bool receive_queued_ = false;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RestartRandom();
  const std::size_t head = std::min(size, kChoiceBytes);
  Receiving(MakePlan(Choices(data, head)), data + head, size - head).Run();
  return 0;
}
