// An action as WebSocketGetAction returns it, and the state shared by the two queues of a handle.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::engine {

// The output buffers of WebSocketGetAction.
struct BufferSlots {
  abi::WEB_SOCKET_BUFFER* slots = nullptr;
  abi::ULONG capacity = 0;
};

struct ActionOutput {
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;
  abi::ULONG buffer_count = 0;
  void* application_context = nullptr;
  void* action_context = nullptr;
};

// The progress of the close handshake, and whether WebSocketAbortHandle was called.
struct ClosingState {
  bool BothClosed() const { return close_sent && close_received; }

  bool close_sent = false;
  bool close_received = false;
  bool aborted = false;
};

// Creates action contexts: never null and never repeated (on 32 bit: not within a billion), so that a stale one is
// detected.
class ActionContexts {
 public:
  void* Next() {
    ++serial_;
    if (serial_ == 0) ++serial_;
    // An opaque token that is never dereferenced.
    return reinterpret_cast<void*>(serial_);
  }

 private:
  std::uintptr_t serial_ = 0;
};

}  // namespace winwire::engine
