// Shared by the parts of a permissive handle: the inner handle, and actions on their way to the caller.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "abi/websocket_api.h"
#include "test/permissive/variants.h"
#include "test/support/bytes.h"

namespace winwire::test::permissive {

// An action of the inner component.
struct InnerAction {
  abi::HRESULT hr = abi::hresult::kOk;
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  std::vector<abi::WEB_SOCKET_BUFFER> buffers{};
  void* application_context = nullptr;
  void* action_context = nullptr;
};

struct Inner {
  InnerAction GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue) const;
  void Complete(void* context, abi::ULONG bytes) const { api->WebSocketCompleteAction(handle, context, bytes); }

  const abi::WebSocketApi* api = nullptr;
  abi::WEB_SOCKET_HANDLE handle = nullptr;
  Variants variants;
  bool aborted = false;
  bool has_failed = false;
};

// An action for the caller. Only data has bytes; a close uses CloseStatus.
struct Offer {
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  std::vector<abi::WEB_SOCKET_BUFFER> buffers{};
  void* application_context = nullptr;
};

// Bytes for the network: one SEND_TO_NETWORK of the inner component, returned as one or several.
class Outgoing {
 public:
  explicit Outgoing(Inner& inner) : inner_(inner) {}

  void Begin(InnerAction action);
  bool IsBegun() const { return begun_; }
  // Whether it was sent in part.
  bool IsInFrame() const { return begun_ && (offset_ > 0 || size_ > 0); }
  Offer NextPiece(abi::ULONG capacity);
  // Any other count cancels the send.
  void CompletePiece(abi::ULONG bytes);
  void Cancel();

 private:
  Inner& inner_;
  InnerAction action_;
  Bytes bytes_;
  bool begun_ = false;
  std::size_t offset_ = 0;
  // Of the outstanding piece.
  std::size_t size_ = 0;
};

// Splits memory into at most `capacity` buffers.
std::vector<abi::WEB_SOCKET_BUFFER> CutIntoBuffers(Variants& variants, std::uint8_t* bytes, std::size_t size,
                                                   abi::ULONG capacity);

}  // namespace winwire::test::permissive
