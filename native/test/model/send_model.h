// Predicts the send queue of a handle (the DLL's pages and the engine's documented choices) call by call.
#pragma once

#include <deque>

#include "test/support/handle.h"
#include "test/support/wire.h"

namespace winwire::test {

// The state shared by both queues of a handle.
struct ClosingModel {
  bool close_sent = false;
  bool close_received = false;
  bool aborted = false;
};

struct SendCall {
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  bool has_buffer = false;
  const abi::BYTE* bytes = nullptr;
  abi::ULONG length = 0;
  abi::USHORT status = 0;
  void* context = nullptr;
};

class SendModel {
 public:
  SendModel(Role role, bool masking, abi::ULONG buffer_size, ClosingModel& closing)
      : role_(role), masking_(masking), buffer_size_(buffer_size), closing_(closing) {}

  abi::HRESULT Queue(const SendCall& call);
  // Compares the result of WebSocketGetAction with the queue. Returns false if the queue is idle.
  bool CheckNext(const Step& step, abi::ULONG capacity);
  void Complete(const Step& step, std::uint64_t count);

 private:
  enum class Outstanding { kNothing, kSend, kIndication };

  bool Copies() const { return role_ == Role::kClient && masking_; }
  abi::ULONG SlotsNeeded() const;
  void CheckFrame(const Step& step);
  void CheckDataFrame(const Frame& frame, const Step& step);
  void CheckCloseFrame(const Frame& frame, const Step& step) const;
  void CheckKey(const Frame& frame) const;

  Role role_;
  bool masking_;
  abi::ULONG buffer_size_;
  ClosingModel& closing_;

  std::deque<SendCall> calls_;
  int queued_kind_ = 0;  // 0 none, 1 text, 2 binary: the incomplete message of the calls
  bool in_message_ = false;
  std::uint64_t framed_ = 0;
  bool finished_ = false;
  Outstanding outstanding_ = Outstanding::kNothing;
};

}  // namespace winwire::test
