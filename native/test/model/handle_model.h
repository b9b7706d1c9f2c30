// A model of a whole handle: its states and the two queues.
#pragma once

#include "test/model/receive_model.h"
#include "test/model/send_model.h"

namespace winwire::test {

struct HandleOptions {
  Role role = Role::kServer;
  abi::ULONG receive_size = 4096;
  abi::ULONG send_size = 16;
  bool masking = true;
  bool verify_utf8 = true;
};

class HandleModel {
 public:
  explicit HandleModel(const HandleOptions& options)
      : role_(options.role),
        sender_(options.role, options.masking, options.send_size, closing_),
        receiver_({options.role, options.masking, options.verify_utf8}, options.receive_size, closing_) {}
  HandleModel(const HandleModel&) = delete;
  HandleModel& operator=(const HandleModel&) = delete;
  ~HandleModel() = default;

  bool IsOpen() const { return phase_ == Phase::kOpen; }
  bool IsBegun() const { return phase_ == Phase::kBegun; }

  // The function of that role, with valid arguments.
  abi::HRESULT Begin(Role function);
  abi::HRESULT EndClient(bool good_response);
  abi::HRESULT EndServer();
  abi::HRESULT Send(const SendCall& call);
  abi::HRESULT Receive(const ReceiveCall& call);
  void CheckNext(const Step& step, int queue, abi::ULONG capacity);
  void CompleteSend(const Step& step, std::uint64_t count) { sender_.Complete(step, count); }
  void CompleteReceive(const Bytes& stored) { receiver_.Complete(stored); }
  void Abort() { closing_.aborted = closing_.aborted || IsOpen(); }
  bool IsAborted() const { return closing_.aborted; }

 private:
  enum class Phase { kCreated, kBegun, kOpen };

  abi::HRESULT EnsureOpen();

  Role role_;
  Phase phase_ = Phase::kCreated;
  ClosingModel closing_;
  SendModel sender_;
  ReceiveModel receiver_;
};

}  // namespace winwire::test
