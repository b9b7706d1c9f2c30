// A handle of the permissive component, around one of another component.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "test/permissive/headers.h"
#include "test/permissive/receive_side.h"
#include "test/permissive/send_side.h"

namespace winwire::test::permissive {

// The outputs of WebSocketGetAction.
struct ActionOutputs {
  abi::WEB_SOCKET_BUFFER* buffers = nullptr;
  abi::ULONG* count = nullptr;
  abi::WEB_SOCKET_ACTION* action = nullptr;
  abi::WEB_SOCKET_BUFFER_TYPE* type = nullptr;
  void** application_context = nullptr;
  void** action_context = nullptr;
};

class PermissiveHandle {
 public:
  PermissiveHandle(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, Variants variants,
                   std::size_t receive_buffer_size)
      : inner_{&api, handle, variants}, send_(inner_), receive_(inner_, receive_buffer_size) {}
  PermissiveHandle(const PermissiveHandle&) = delete;
  PermissiveHandle& operator=(const PermissiveHandle&) = delete;
  ~PermissiveHandle() { inner_.api->WebSocketDeleteHandle(inner_.handle); }

  Inner& inner() { return inner_; }
  LentHeaders& headers() { return headers_; }
  // The offer of a client.
  std::vector<std::string>& subprotocols() { return subprotocols_; }

  abi::HRESULT Receive(abi::WEB_SOCKET_BUFFER* buffer, void* context) { return receive_.Queue(buffer, context); }
  abi::HRESULT GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, const ActionOutputs& outputs);
  void Complete(const void* action_context, abi::ULONG bytes);
  void Abort();

 private:
  enum class From { kSend, kReceive, kExtra };

  struct Moved {
    From from = From::kExtra;
    Offer offer;
  };

  struct Outstanding {
    From from = From::kExtra;
    void* context = nullptr;
  };

  bool IsIdle(abi::WEB_SOCKET_ACTION_QUEUE queue);
  std::optional<Moved> Next(abi::WEB_SOCKET_ACTION_QUEUE queue, abi::ULONG capacity, abi::HRESULT& hr);
  std::optional<Offer> NextOf(From from, abi::ULONG capacity, abi::HRESULT& hr);
  std::optional<Moved> TakeMoved(abi::WEB_SOCKET_ACTION_QUEUE queue);
  void WriteNothing(const ActionOutputs& outputs);
  void Write(const Moved& next, const ActionOutputs& outputs);
  void* NewContext();

  Inner inner_;
  LentHeaders headers_;
  std::vector<std::string> subprotocols_;
  SendSide send_;
  ReceiveSide receive_;
  // Indications returned on the other queue, and those without an operation.
  std::deque<Moved> moved_[2];
  std::vector<Outstanding> outstanding_;
  std::uintptr_t last_context_ = 0;
  // Consecutive calls in which a queue was idle.
  std::uint32_t idle_counts_[4] = {};
};

}  // namespace winwire::test::permissive
