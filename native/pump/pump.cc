#include "pump/pump.h"

#include <algorithm>

#include "engine/copy.h"

namespace winwire::pump {

using abi::HRESULT;
using abi::ULONG;
using engine::CopyBytes;

HRESULT Pump::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action) {
  void* application_context = nullptr;
  action.buffer_count = Action::kBufferCapacity;
  const HRESULT hr = api_->WebSocketGetAction(handle_, queue, action.buffers, &action.buffer_count, &action.kind,
                                              &action.buffer_type, &application_context, &action.context);
  if (abi::Failed(hr)) action.kind = abi::WEB_SOCKET_NO_ACTION;
  return hr;
}

void Pump::Complete(Action& action, ULONG bytes) {
  action.kind = abi::WEB_SOCKET_NO_ACTION;
  api_->WebSocketCompleteAction(handle_, action.context, bytes);
}

// The buffers of a SEND_TO_NETWORK, in order and as one unit.
ULONG Pump::Write(const Action& action, OutBlock& out) const {
  ULONG size = 0;
  for (ULONG i = 0; i < action.buffer_count; ++i) {
    const auto& data = action.buffers[i].Data;
    out.Append(data.pbBuffer, data.ulBufferLength);
    size += data.ulBufferLength;
  }
  return size;
}

HRESULT Pump::Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                      ReceiveStatus& status) {
  if (read_in_place_ != nullptr && !receive_queued_) return ReceiveInPlace(bytes, used, inbound, out, status);
  const bool in_place = inbound.block.empty();
  for (;;) {
    const HRESULT hr = NextReceiveAction();
    if (abi::Failed(hr)) return hr;
    if (IsLongControl()) return abi::hresult::kInvalidProtocolFormat;
    switch (waiting_.kind) {
      case abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        if (FillFromNetwork(bytes, used)) continue;
        status = ReceiveStatus::kWantsBytes;
        return hr;
      case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        status = inbound.Takes(waiting_.buffer_type)
                     ? TakeIndication(in_place ? bytes.first(used) : inbound.block, inbound)
                     : ReceiveStatus::kFull;
        if (status == ReceiveStatus::kWantsBytes) continue;
        return hr;
      case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        ++pong_count_;
        Complete(waiting_, Write(waiting_, out));
        continue;
      default:
        status = ReceiveStatus::kClosed;
        return hr;
    }
  }
}

// One receive is queued at all times, else pings are not answered and closes are not seen.
HRESULT Pump::NextReceiveAction() {
  if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION || closed_) return abi::hresult::kOk;
  if (!receive_queued_) {
    const HRESULT hr = api_->WebSocketReceive(handle_, nullptr, nullptr);
    if (abi::Failed(hr)) return hr;
    receive_queued_ = true;
  }
  return GetAction(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE, waiting_);
}

// RFC 6455 section 5.5; there is no place for more.
bool Pump::IsLongControl() const {
  constexpr ULONG kMaxControlPayload = 125;
  return waiting_.kind == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION &&
         !IsData(static_cast<std::uint32_t>(waiting_.buffer_type)) &&
         waiting_.buffers[0].Data.ulBufferLength > kMaxControlPayload;
}

bool Pump::FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used) {
  ULONG filled = 0;
  for (ULONG i = 0; i < waiting_.buffer_count && used < bytes.size(); ++i) {
    const auto& data = waiting_.buffers[i].Data;
    const std::size_t size = std::min<std::size_t>(data.ulBufferLength, bytes.size() - used);
    CopyBytes(data.pbBuffer, bytes.data() + used, size);
    used += size;
    filled += static_cast<ULONG>(size);
  }
  if (filled == 0) return false;
  Complete(waiting_, filled);
  return true;
}

// kWantsBytes when it was taken. Without room for it, it waits.
ReceiveStatus Pump::TakeIndication(std::span<std::uint8_t> block, Inbound& inbound) {
  if (inbound.IsFull()) return ReceiveStatus::kFull;
  const abi::WEB_SOCKET_BUFFER& buffer = waiting_.buffers[0];
  const std::span<const std::uint8_t> bytes(buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
  if (IsData(static_cast<std::uint32_t>(waiting_.buffer_type))) {
    if (bytes.size() > block.size() - inbound.block_used) return ReceiveStatus::kFull;
    if (!text_.Read(waiting_.buffer_type, bytes, inbound)) return ReceiveStatus::kBadText;
    CopyData(bytes, block.data() + inbound.block_used, inbound);
  } else {
    closed_ = waiting_.buffer_type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
    inbound.AddControl(waiting_.buffer_type, closed_ ? buffer.CloseStatus.usStatus : 0u, bytes);
  }
  Complete(waiting_, 0);
  receive_queued_ = false;
  return ReceiveStatus::kWantsBytes;
}

// Data of the next item to its place, unless it is in the text area already.
void Pump::CopyData(std::span<const std::uint8_t> bytes, std::uint8_t* to, Inbound& inbound) {
  Item& item = inbound.Next();
  if (item.detail != static_cast<std::uint32_t>(Encoding::kUtf16)) {
    CopyBytes(to, bytes.data(), bytes.size());
    item.offset = static_cast<std::uint32_t>(inbound.block_used);
    item.length = static_cast<std::uint32_t>(bytes.size());
    if (inbound.one_message) item.detail = static_cast<std::uint32_t>(Encoding::kInRoom);
    inbound.block_used += bytes.size();
  }
  inbound.AddData();
}

HRESULT Pump::Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out) {
  HRESULT hr = api_->WebSocketSend(handle_, type, buffer, nullptr);
  if (abi::Failed(hr)) return hr;
  for (;;) {
    Action action;
    hr = GetAction(abi::WEB_SOCKET_SEND_ACTION_QUEUE, action);
    if (abi::Failed(hr)) return hr;
    switch (action.kind) {
      case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        Complete(action, Write(action, out));
        continue;
      case abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
        Complete(action, 0);
        return hr;
      default:
        return hr;
    }
  }
}

void Pump::Abort() {
  api_->WebSocketAbortHandle(handle_);
  if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION) Complete(waiting_, 0);
  closed_ = true;
  Drain(abi::WEB_SOCKET_SEND_ACTION_QUEUE);
  Drain(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE);
}

void Pump::Drain(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  // An aborted operation has one indication left, and there are few; the limit is for a component that never says
  // NO_ACTION.
  for (int limit = 16; limit > 0; --limit) {
    Action action;
    if (abi::Failed(GetAction(queue, action)) || action.kind == abi::WEB_SOCKET_NO_ACTION) return;
    Complete(action, 0);
  }
}

}  // namespace winwire::pump
