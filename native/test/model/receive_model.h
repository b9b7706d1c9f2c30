// Predicts the receive queue of a handle call by call.
#pragma once

#include <deque>

#include "test/model/send_model.h"
#include "test/model/stream_model.h"

namespace winwire::test {

struct ReceiveCall {
  bool has_buffer = false;
  abi::BYTE* bytes = nullptr;
  abi::ULONG length = 0;
  void* context = nullptr;
};

class ReceiveModel {
 public:
  ReceiveModel(StreamRules rules, abi::ULONG buffer_size, ClosingModel& closing)
      : rules_(rules), stream_(rules), buffer_size_(buffer_size), closing_(closing) {}

  abi::HRESULT Queue(const ReceiveCall& call);
  // Compares the result of WebSocketGetAction with the queue. Returns false if the queue is idle.
  bool CheckNext(const Step& step, abi::ULONG capacity);
  // `stored`: the bytes written to the buffers of a READ.
  void Complete(const Bytes& stored);
  bool PongOutstanding() const { return outstanding_ == Outstanding::kPong; }

 private:
  enum class Outstanding { kNothing, kRead, kIndication, kPong };

  StreamItem NextItem();
  void CheckItem(const StreamItem& item, const Step& step);
  void CheckRead(const Step& step);
  void CheckPong(const StreamItem& item, const Step& step);
  void CheckReceived(const StreamItem& item, const Step& step);

  StreamRules rules_;
  StreamModel stream_;
  abi::ULONG buffer_size_;
  ClosingModel& closing_;

  std::deque<ReceiveCall> calls_;
  bool cancelled_ = false;
  abi::HRESULT fault_ = 0;
  Outstanding outstanding_ = Outstanding::kNothing;
};

}  // namespace winwire::test
