#include "engine/endpoint.h"

#include <new>

namespace winwire::engine {

using abi::HRESULT;

Endpoint::Endpoint(Role role, const Settings& settings)
    : settings_(settings),
      role_(role),
      state_{HeaderFactory(role, settings.masking), {}, {}},
      sender_(state_),
      receiver_(role, settings, state_) {}

HRESULT Endpoint::BeginClientHandshake(const TokenArray& subprotocols, const TokenArray& extensions,
                                       LentHeaders& request) {
  if (role_ != Role::kClient || phase_ != Phase::kCreated) return abi::hresult::kInvalidProtocolOperation;
  auto handshake = std::make_unique<ClientHandshake>();
  const HRESULT hr = handshake->Begin(subprotocols, extensions);
  if (abi::Failed(hr)) return hr;
  // The last step that allocates: on failure nothing has changed.
  request = handshake->Request().Lend();
  client_handshake_ = std::move(handshake);
  phase_ = Phase::kBegun;
  return hr;
}

HRESULT Endpoint::EndClientHandshake(const HeadersView& response, const SelectionOutputs& outputs) {
  if (role_ != Role::kClient || phase_ != Phase::kBegun) return abi::hresult::kInvalidProtocolOperation;
  const HRESULT hr = client_handshake_->Verify(response, outputs);
  return abi::Failed(hr) ? hr : Open();
}

HRESULT Endpoint::BeginServerHandshake(abi::PCSTR subprotocol, const TokenArray& extensions, const HeadersView& request,
                                       LentHeaders& response) {
  if (role_ != Role::kServer || phase_ != Phase::kCreated) return abi::hresult::kInvalidProtocolOperation;
  auto handshake = std::make_unique<ServerHandshake>();
  const HRESULT hr = handshake->Begin(subprotocol, extensions, request);
  if (abi::Failed(hr)) return hr;
  response = handshake->Response().Lend();
  server_handshake_ = std::move(handshake);
  phase_ = Phase::kBegun;
  return hr;
}

HRESULT Endpoint::EndServerHandshake() {
  if (role_ != Role::kServer || state_.closing.aborted) return abi::hresult::kInvalidProtocolOperation;
  return EnsureOpen();
}

// WebSocketEndServerHandshake is optional: the first Send, Receive or GetAction of a server ends its handshake.
HRESULT Endpoint::EnsureOpen() {
  if (phase_ == Phase::kOpen) return abi::hresult::kOk;
  const bool may_end = phase_ == Phase::kBegun && role_ == Role::kServer;
  return may_end ? Open() : abi::hresult::kInvalidProtocolOperation;
}

bool Endpoint::ShareBuffers(const SharedBuffers& buffers) {
  if (phase_ == Phase::kOpen || settings_.own_buffer != nullptr) return false;
  if (buffers.receive.size() < settings_.receive_buffer_size || buffers.send.size() < settings_.send_buffer_size) {
    return false;
  }
  sender_.SetBuffer(buffers.send.data(), settings_.send_buffer_size);
  receiver_.SetBuffers(buffers.receive.data(), nullptr);
  shares_buffers_ = true;
  return true;
}

HRESULT Endpoint::Open() {
  if (!shares_buffers_ && !SetOwnBuffers()) return abi::hresult::kOutOfMemory;
  client_handshake_.reset();
  server_handshake_.reset();
  phase_ = Phase::kOpen;
  return abi::hresult::kOk;
}

bool Endpoint::SetOwnBuffers() {
  abi::BYTE* memory = settings_.own_buffer;
  if (memory == nullptr) {
    memory_.reset(new (std::nothrow) abi::BYTE[settings_.DataSize()]);
    if (memory_ == nullptr) return false;
    memory = memory_.get();
  }
  // The receive buffer comes last: of a large one only the pages that receive bytes are touched, and the small buffers
  // share the first of them.
  abi::BYTE* const send_buffer = memory + kControlBufferSize;
  sender_.SetBuffer(send_buffer, settings_.send_buffer_size);
  receiver_.SetBuffers(send_buffer + settings_.send_buffer_size, memory);
  return true;
}

HRESULT Endpoint::Send(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  const HRESULT hr = EnsureOpen();
  return abi::Failed(hr) ? hr : sender_.Queue(type, buffer, context);
}

HRESULT Endpoint::Receive(const abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  const HRESULT hr = EnsureOpen();
  return abi::Failed(hr) ? hr : receiver_.Queue(buffer, context);
}

// With both queues, sends come first.
HRESULT Endpoint::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, const BufferSlots& slots, ActionOutput& output) {
  HRESULT hr = EnsureOpen();
  if (abi::Failed(hr)) return hr;
  if ((queue & abi::WEB_SOCKET_SEND_ACTION_QUEUE) != 0 && !receiver_.PongOutstanding()) {
    hr = sender_.Next(slots, output);
    if (abi::Failed(hr) || output.action != abi::WEB_SOCKET_NO_ACTION) return hr;
  }
  if ((queue & abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE) != 0) hr = receiver_.Next(slots, output);
  return hr;
}

std::size_t Endpoint::ReadInPlace(std::span<abi::BYTE> bytes, std::size_t& used, const ReceiveTarget& target,
                                  std::span<WholeMessage> messages, ParsedItem& item) {
  const HRESULT hr = EnsureOpen();
  if (abi::Succeeded(hr)) return receiver_.ReadInPlace(bytes, used, target, messages, item);
  item.Fail(hr);
  return 0;
}

void Endpoint::CompleteAction(const void* action_context, abi::ULONG bytes_transferred) {
  sender_.Complete(action_context, bytes_transferred);
  receiver_.Complete(action_context, bytes_transferred);
}

// Has no effect before the handshake is complete (WebSocketAbortHandle).
void Endpoint::Abort() {
  if (phase_ == Phase::kOpen) state_.closing.aborted = true;
}

}  // namespace winwire::engine
