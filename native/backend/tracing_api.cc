#include "backend/tracing_api.h"

#include <algorithm>
#include <new>

namespace winwire::backend {
namespace {

TraceRecorder& RecorderOf(abi::WEB_SOCKET_HANDLE handle) { return *reinterpret_cast<TraceRecorder*>(handle); }

void DescribeBuffer(TraceRecord& record, const abi::WEB_SOCKET_BUFFER& buffer) {
  // Both union members have the length at the same offset.
  record.sizes[record.buffer_count++] = buffer.Data.ulBufferLength;
  const bool is_close = record.buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_CLOSE_BUFFER_TYPE);
  // The bytes of a close frame are in the other union member.
  const bool is_frame = record.action == static_cast<std::uint32_t>(abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  if (is_close && !is_frame) record.close_status = buffer.CloseStatus.usStatus;
}

}  // namespace

const abi::WebSocketApi& TraceRecorder::Table() {
  static const abi::WebSocketApi table = [] {
    abi::WebSocketApi api;
    api.WebSocketSend = &Send;
    api.WebSocketReceive = &Receive;
    api.WebSocketGetAction = &GetAction;
    api.WebSocketCompleteAction = &CompleteAction;
    api.WebSocketAbortHandle = &AbortHandle;
    return api;
  }();
  return table;
}

std::vector<TraceRecord> TraceRecorder::Take() {
  if (lost_ > 0) {
    TraceRecord record = Begin(TracedFunction::kLost);
    record.bytes = std::exchange(lost_, 0);
    records_.push_back(record);
  }
  return std::exchange(records_, {});
}

abi::HRESULT WINAPI TraceRecorder::Send(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_BUFFER_TYPE type,
                                        abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  TraceRecorder& recorder = RecorderOf(handle);
  TraceRecord record = recorder.Begin(TracedFunction::kSend);
  record.buffer_type = static_cast<std::uint32_t>(type);
  if (buffer != nullptr) DescribeBuffer(record, *buffer);
  record.result = recorder.api_->WebSocketSend(recorder.handle_, type, buffer, context);
  recorder.Add(record);
  return record.result;
}

abi::HRESULT WINAPI TraceRecorder::Receive(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_BUFFER* buffer,
                                           void* context) {
  TraceRecorder& recorder = RecorderOf(handle);
  TraceRecord record = recorder.Begin(TracedFunction::kReceive);
  record.result = recorder.api_->WebSocketReceive(recorder.handle_, buffer, context);
  recorder.Add(record);
  return record.result;
}

abi::HRESULT WINAPI TraceRecorder::GetAction(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_ACTION_QUEUE queue,
                                             abi::WEB_SOCKET_BUFFER* buffers, abi::ULONG* buffer_count,
                                             abi::WEB_SOCKET_ACTION* action, abi::WEB_SOCKET_BUFFER_TYPE* buffer_type,
                                             void** application_context, void** action_context) {
  TraceRecorder& recorder = RecorderOf(handle);
  TraceRecord record = recorder.Begin(TracedFunction::kGetAction);
  record.queue = static_cast<std::uint32_t>(queue);
  record.result = recorder.api_->WebSocketGetAction(recorder.handle_, queue, buffers, buffer_count, action, buffer_type,
                                                    application_context, action_context);
  if (abi::Succeeded(record.result)) {
    record.action = static_cast<std::uint32_t>(*action);
    if (*action != abi::WEB_SOCKET_NO_ACTION) {
      record.buffer_type = static_cast<std::uint32_t>(*buffer_type);
      record.action_id = recorder.Name(*action_context);
      const abi::ULONG count = std::min<abi::ULONG>(*buffer_count, 2);
      for (abi::ULONG i = 0; i < count; ++i) DescribeBuffer(record, buffers[i]);
    }
  }
  recorder.Add(record);
  return record.result;
}

void WINAPI TraceRecorder::CompleteAction(abi::WEB_SOCKET_HANDLE handle, void* action_context, abi::ULONG bytes) {
  TraceRecorder& recorder = RecorderOf(handle);
  TraceRecord record = recorder.Begin(TracedFunction::kCompleteAction);
  record.action_id = recorder.Forget(action_context);
  record.bytes = bytes;
  recorder.api_->WebSocketCompleteAction(recorder.handle_, action_context, bytes);
  recorder.Add(record);
}

void WINAPI TraceRecorder::AbortHandle(abi::WEB_SOCKET_HANDLE handle) {
  TraceRecorder& recorder = RecorderOf(handle);
  const TraceRecord record = recorder.Begin(TracedFunction::kAbortHandle);
  recorder.api_->WebSocketAbortHandle(recorder.handle_);
  recorder.Add(record);
}

TraceRecord TraceRecorder::Begin(TracedFunction function) const {
  TraceRecord record{};
  record.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  record.function = function;
  return record;
}

// No exception may reach the component's caller.
void TraceRecorder::Add(const TraceRecord& record) noexcept {
  try {
    if (records_.size() == kCapacity) {
      ++lost_;
    } else {
      records_.push_back(record);
    }
  } catch (const std::bad_alloc&) {
    ++lost_;
  }
}

std::uint32_t TraceRecorder::Name(void* action_context) noexcept {
  try {
    outstanding_.emplace_back(action_context, last_action_id_ + 1);
    return ++last_action_id_;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

// Returns 0 for an action that was returned before the trace began.
std::uint32_t TraceRecorder::Forget(void* action_context) noexcept {
  const auto found = std::find_if(outstanding_.begin(), outstanding_.end(),
                                  [=](const auto& entry) { return entry.first == action_context; });
  if (found == outstanding_.end()) return 0;
  const std::uint32_t id = found->second;
  outstanding_.erase(found);
  return id;
}

}  // namespace winwire::backend
