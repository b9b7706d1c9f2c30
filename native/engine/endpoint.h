// One handle: its handshake, its two queues and their shared state (from creation to abort).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "abi/websocket_abi.h"
#include "engine/action.h"
#include "engine/handle_state.h"
#include "engine/handshake.h"
#include "engine/receiver.h"
#include "engine/sender.h"
#include "engine/settings.h"

namespace winwire::engine {

class Endpoint {
 public:
  Endpoint(Role role, const Settings& settings);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  ~Endpoint() = default;

  abi::HRESULT BeginClientHandshake(const TokenArray& subprotocols, const TokenArray& extensions, LentHeaders& request);
  abi::HRESULT EndClientHandshake(const HeadersView& response, const SelectionOutputs& outputs);
  abi::HRESULT BeginServerHandshake(abi::PCSTR subprotocol, const TokenArray& extensions, const HeadersView& request,
                                    LentHeaders& response);
  abi::HRESULT EndServerHandshake();

  // Call it before the handshake is complete. Returns false without a change if the buffers are too small or it is too
  // late.
  bool ShareBuffers(const SharedBuffers& buffers);

  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context);
  abi::HRESULT Receive(const abi::WEB_SOCKET_BUFFER* buffer, void* context);
  abi::HRESULT GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, const BufferSlots& slots, ActionOutput& output);
  // See Receiver::ReadInPlace.
  std::size_t ReadInPlace(std::span<abi::BYTE> bytes, std::size_t& used, const ReceiveTarget& target,
                          std::span<WholeMessage> messages, ParsedItem& item);
  void CompleteAction(const void* action_context, abi::ULONG bytes_transferred);
  void Abort();

 private:
  enum class Phase : std::uint8_t { kCreated, kBegun, kOpen };

  abi::HRESULT EnsureOpen();
  abi::HRESULT Open();
  bool SetOwnBuffers();

  const Settings settings_;
  const Role role_;
  Phase phase_ = Phase::kCreated;
  bool shares_buffers_ = false;
  HandleState state_;
  std::unique_ptr<ClientHandshake> client_handshake_;
  std::unique_ptr<ServerHandshake> server_handshake_;
  std::unique_ptr<abi::BYTE[]> memory_;
  Sender sender_;
  Receiver receiver_;
};

}  // namespace winwire::engine
