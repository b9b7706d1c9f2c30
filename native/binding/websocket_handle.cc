#include "binding/websocket_handle.h"

#include <algorithm>
#include <atomic>

#include "backend/contract.h"
#include "engine/copy.h"

namespace winwire::binding {

namespace {

using engine::CopyBytes;

std::atomic<std::uint64_t> g_open_handles{0};

// The cost of a handle without buffers: the component's object and this one.
constexpr std::size_t kHandleSize = 1024;
// RFC 6455 section 5.5, with the longest header.
constexpr std::uint64_t kLargestControlFrame = 125 + 14;

constexpr bool IsIndication(abi::WEB_SOCKET_ACTION action) {
  return action == abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION ||
         action == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION;
}

constexpr bool IsIndicationOfSend(abi::WEB_SOCKET_ACTION action) {
  return action == abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION;
}

// Of an action that has none, the count may be anything.
constexpr bool HasBuffers(abi::WEB_SOCKET_ACTION action) {
  return action != abi::WEB_SOCKET_NO_ACTION && !IsIndicationOfSend(action);
}

std::uint64_t SumOf(const abi::WEB_SOCKET_BUFFER* buffers, std::uint32_t count) {
  return backend::SumOf({buffers, count});
}

}  // namespace

std::uint64_t OpenHandleCount() { return g_open_handles.load(std::memory_order_relaxed); }

WebSocketHandle::WebSocketHandle(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, std::size_t buffer_size)
    : api_(api), handle_(handle), buffer_size_(buffer_size) {
  g_open_handles.fetch_add(1, std::memory_order_relaxed);
}

WebSocketHandle::~WebSocketHandle() { Close(); }

void WebSocketHandle::Close() {
  if (handle_ == nullptr) return;
  api_.WebSocketAbortHandle(handle_);
  // Microsoft, WebSocketDeleteHandle: all operations must be processed first. An outstanding action may remain.
  if (calls_ != nullptr && calls_->operations.size() > 0) {
    Drain(abi::WEB_SOCKET_SEND_ACTION_QUEUE);
    Drain(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE);
  }
  api_.WebSocketDeleteHandle(handle_);
  handle_ = nullptr;
  calls_.reset();
  g_open_handles.fetch_sub(1, std::memory_order_relaxed);
}

WebSocketHandle::Calls& WebSocketHandle::calls() {
  if (calls_ == nullptr) calls_ = std::make_unique<Calls>();
  return *calls_;
}

void WebSocketHandle::Drain(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  // An aborted operation has one indication left; the limit is for a component that never returns NO_ACTION.
  for (std::size_t limit = calls_->operations.size() + 8; limit > 0; --limit) {
    abi::WEB_SOCKET_BUFFER buffers[2] = {};
    abi::ULONG count = 2;
    abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
    abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
    void* application_context = nullptr;
    void* action_context = nullptr;
    const abi::HRESULT hr =
        api_.WebSocketGetAction(handle_, queue, buffers, &count, &action, &type, &application_context, &action_context);
    if (abi::Failed(hr) || action == abi::WEB_SOCKET_NO_ACTION) return;
    api_.WebSocketCompleteAction(handle_, action_context, 0);
  }
}

std::uint32_t WebSocketHandle::AddOperation(std::size_t size, std::uint8_t** memory) {
  Calls& all = calls();
  all.largest_operation = std::max(all.largest_operation, size);
  return all.operations.Add(size, memory);
}

Status WebSocketHandle::Send(abi::WEB_SOCKET_BUFFER_TYPE type, const ByteSpan* payload) {
  std::uint8_t* memory = nullptr;
  const std::uint32_t operation = AddOperation(payload == nullptr ? 0 : payload->size(), &memory);
  if (operation == OperationTable::kNone) return abi::hresult::kOutOfMemory;
  void* const context = OperationTable::ContextOf(operation);
  if (payload == nullptr) return Queued(api_.WebSocketSend(handle_, type, nullptr, context), operation);
  CopyBytes(memory, payload->data(), payload->size());
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = memory;
  buffer.Data.ulBufferLength = static_cast<abi::ULONG>(payload->size());
  return Queued(api_.WebSocketSend(handle_, type, &buffer, context), operation);
}

Status WebSocketHandle::SendClose(abi::USHORT status, const ByteSpan* reason) {
  std::uint8_t* memory = nullptr;
  const std::uint32_t operation = AddOperation(reason == nullptr ? 0 : reason->size(), &memory);
  if (operation == OperationTable::kNone) return abi::hresult::kOutOfMemory;
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.CloseStatus.usStatus = status;
  if (reason != nullptr) {
    CopyBytes(memory, reason->data(), reason->size());
    buffer.CloseStatus.pbReason = memory;
    buffer.CloseStatus.ulReasonLength = static_cast<abi::ULONG>(reason->size());
  }
  void* const context = OperationTable::ContextOf(operation);
  return Queued(api_.WebSocketSend(handle_, abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, &buffer, context), operation);
}

Status WebSocketHandle::Receive(const std::size_t* size) {
  std::uint8_t* memory = nullptr;
  const std::uint32_t operation = AddOperation(size == nullptr ? 0 : *size, &memory);
  if (operation == OperationTable::kNone) return abi::hresult::kOutOfMemory;
  void* const context = OperationTable::ContextOf(operation);
  if (size == nullptr) return Queued(api_.WebSocketReceive(handle_, nullptr, context), operation);
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = memory;
  buffer.Data.ulBufferLength = static_cast<abi::ULONG>(*size);
  return Queued(api_.WebSocketReceive(handle_, &buffer, context), operation);
}

Status WebSocketHandle::Queued(abi::HRESULT hr, std::uint32_t operation) {
  if (hr != abi::hresult::kOk) {
    calls_->operations.Remove(operation);
    return backend::CheckedResult(hr);
  }
  is_open_ = true;
  return static_cast<Status>(operation - 1);
}

Status WebSocketHandle::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, ExchangeBlock& block) {
  // Reserves space first: an action that cannot be recorded would be lost.
  std::vector<Outstanding>& outstanding = calls().outstanding;
  Outstanding& next = outstanding.emplace_back();
  // No action has more than two buffers (Microsoft, WebSocketGetAction: pulDataBufferCount).
  abi::ULONG count = 2;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  void* application_context = nullptr;
  const abi::HRESULT hr = api_.WebSocketGetAction(handle_, queue, next.buffers, &count, &next.action, &type,
                                                  &application_context, &next.context);
  next.count = HasBuffers(next.action) ? count : 0;
  const bool is_usable = hr == abi::hresult::kOk && IsUsable(next);
  if (!is_usable || next.action == abi::WEB_SOCKET_NO_ACTION) {
    outstanding.pop_back();
    if (!is_usable) return hr == abi::hresult::kOk ? backend::kBrokenOutput : backend::CheckedResult(hr);
  }
  block.fields.action = static_cast<std::uint32_t>(next.action);
  block.fields.buffer_type = static_cast<std::uint32_t>(type);
  if (next.action == abi::WEB_SOCKET_NO_ACTION) return abi::hresult::kOk;
  if (++last_action_id_ == 0) ++last_action_id_;
  next.id = last_action_id_;
  next.operation = calls_->operations.TagOf(application_context);
  Describe(next, block);
  return abi::hresult::kOk;
}

// How much there can be in the component's buffers and the caller's. An indication has one buffer (the sample that
// Microsoft publishes asserts it); what nothing was received into may have none.
bool WebSocketHandle::IsUsable(const Outstanding& action) const {
  if (action.action == abi::WEB_SOCKET_NO_ACTION || IsIndicationOfSend(action.action)) return true;
  const bool is_indication = action.action == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION;
  if (action.count > (is_indication ? 1u : 2u)) return false;
  // A frame may be cut in many, each with a header.
  constexpr std::uint64_t kFrameOverhead = 8;
  const bool is_send = action.action == abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION;
  const std::uint64_t of_caller = calls_->largest_operation * (is_send ? kFrameOverhead : 1);
  const std::uint64_t limit = buffer_size_ + of_caller + kLargestControlFrame;
  const std::span<const abi::WEB_SOCKET_BUFFER> buffers(action.buffers, action.count);
  return backend::IsUsableAction(action.action, buffers, limit) && backend::SumOf(buffers) <= limit;
}

void WebSocketHandle::Describe(const Outstanding& action, ExchangeBlock& block) const {
  ExchangeFields& fields = block.fields;
  fields.buffer_count = action.count;
  fields.operation = action.operation;
  fields.action_id = action.id;
  fields.room = 0;
  if (action.action == abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
    fields.room = static_cast<std::uint32_t>(SumOf(action.buffers, action.count));
    return;
  }
  for (std::uint32_t index = 0; index < 2; ++index) {
    const auto& data = action.buffers[index].Data;
    fields.lengths[index] = index < action.count ? data.ulBufferLength : 0;
    if (fields.lengths[index] <= kExchangeRegionSize) {
      CopyBytes(block.regions[index].data(), data.pbBuffer, fields.lengths[index]);
    }
  }
  fields.close_status = action.buffers[0].CloseStatus.usStatus;
  fields.reason_is_null = action.buffers[0].CloseStatus.pbReason == nullptr ? 1 : 0;
}

Status WebSocketHandle::CopyBuffer(std::uint32_t action_id, std::uint32_t index, ByteSpan target) {
  const Outstanding* const action = Find(action_id);
  if (action == nullptr) return kRefusedActionContext;
  if (index >= action->count || target.size() > action->buffers[index].Data.ulBufferLength) return kRefusedCount;
  CopyBytes(target.data(), action->buffers[index].Data.pbBuffer, target.size());
  return abi::hresult::kOk;
}

Status WebSocketHandle::CompleteAction(std::uint32_t action_id, abi::ULONG bytes_transferred) {
  if (action_id == 0) {
    api_.WebSocketCompleteAction(handle_, nullptr, bytes_transferred);
    return abi::hresult::kOk;
  }
  Outstanding* const action = Find(action_id);
  if (action == nullptr) return kRefusedActionContext;
  if (action->action == abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION && bytes_transferred > 0) {
    return kRefusedBytesExpected;
  }
  if (bytes_transferred > SumOf(action->buffers, action->count)) return kRefusedCount;
  Finish(*action, bytes_transferred);
  return abi::hresult::kOk;
}

Status WebSocketHandle::CompleteReceive(std::uint32_t action_id, ByteSpan bytes) {
  if (action_id == 0) return kRefusedNumberExpected;
  Outstanding* const action = Find(action_id);
  if (action == nullptr) return kRefusedActionContext;
  if (action->action != abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) return kRefusedNumberExpected;
  if (bytes.size() > SumOf(action->buffers, action->count)) return kRefusedCount;
  const auto total = static_cast<abi::ULONG>(bytes.size());
  for (std::uint32_t index = 0; index < action->count; ++index) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), action->buffers[index].Data.ulBufferLength);
    CopyBytes(action->buffers[index].Data.pbBuffer, bytes.data(), size);
    bytes = bytes.subspan(size);
  }
  Finish(*action, total);
  return abi::hresult::kOk;
}

void WebSocketHandle::Abort() { api_.WebSocketAbortHandle(handle_); }

std::int64_t WebSocketHandle::external_size() const {
  return static_cast<std::int64_t>(kHandleSize + (is_open_ ? buffer_size_ : 0) +
                                   (calls_ == nullptr ? 0 : calls_->operations.large_size()));
}

WebSocketHandle::Outstanding* WebSocketHandle::Find(std::uint32_t action_id) {
  if (calls_ == nullptr) return nullptr;
  for (Outstanding& action : calls_->outstanding) {
    if (action.id == action_id) return &action;
  }
  return nullptr;
}

void WebSocketHandle::Finish(Outstanding& action, abi::ULONG bytes_transferred) {
  const Outstanding ended = action;
  action = calls_->outstanding.back();
  calls_->outstanding.pop_back();
  api_.WebSocketCompleteAction(handle_, ended.context, bytes_transferred);
  if (IsIndication(ended.action) && ended.operation != OperationTable::kNone)
    calls_->operations.Remove(ended.operation);
}

}  // namespace winwire::binding
