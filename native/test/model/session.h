// Random sequences of the 13 functions on two connected handles, each compared with its model.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>

#include "test/model/handle_model.h"
#include "test/support/choices.h"
#include "test/support/handshake_steps.h"

namespace winwire::test {

class Session {
 public:
  Session(const abi::WebSocketApi& api, Choices& choices);

  // At most `steps` calls, fewer when the choices are exhausted; then both handles are aborted and drained.
  void Run(int steps);

 private:
  // One handle, its unread network bytes, and its outstanding actions.
  struct End {
    End(const abi::WebSocketApi& api, const HandleOptions& handle_options, Bytes own_memory);

    HandleOptions options;
    Bytes memory;
    Handle handle;
    HandleModel model;
    std::deque<std::uint8_t> network;
    std::optional<Step> sending;    // from the send queue
    std::optional<Step> receiving;  // from the receive queue
  };

  static std::unique_ptr<End> MakeEnd(const abi::WebSocketApi& api, Choices& choices, Role role);
  static Properties PropertiesOf(const HandleOptions& options, Bytes& memory);

  void OpenBoth();
  void DoStep();
  void DoHandshakeCall(End& end);
  void DoSend(End& end);
  void DoReceive(End& end);
  void DoNext(End& end);
  void DoCompleteSend(End& end);
  void DoCompleteReceive(End& end);
  void DoInject(End& end);
  void DoRareCall(End& end);
  void DoForeignComplete(End& end);

  SendCall MakeSend();
  SendCall MakeClose(SendCall call);
  void TakeStep(End& end, int queue, abi::ULONG capacity);
  void CheckOwnMemory(const End& end, const Step& step) const;
  // Delivers the written bytes of a SEND to the other end, sometimes truncated.
  void Deliver(End& from, const Step& step, std::uint64_t count);
  Bytes ReadNetwork(End& end, const Step& step);
  void Drain(End& end);

  End& Other(const End& end) { return &end == ends_[0].get() ? *ends_[1] : *ends_[0]; }
  const Bytes& Keep(Bytes bytes);
  void* NextContext() { return Context(++contexts_); }

  Choices& choices_;
  // Sent data must stay; a deque does not move its elements.
  std::deque<Bytes> kept_;
  std::array<std::unique_ptr<End>, 2> ends_;
  std::uintptr_t contexts_ = 0;
  Headers request_ = SampleRequest();
  Headers response_;
  bool response_fits_ = false;
};

}  // namespace winwire::test
