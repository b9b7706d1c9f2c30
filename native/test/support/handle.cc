#include "test/support/handle.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "test/check.h"

namespace winwire::test {
namespace {

using abi::ULONG;

// The API takes pointers to non-const, but does not write to sent data.
abi::BYTE* Writable(const void* bytes) { return static_cast<abi::BYTE*>(const_cast<void*>(bytes)); }

abi::WEB_SOCKET_BUFFER DataBuffer(const void* bytes, std::size_t size) {
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = Writable(bytes);
  buffer.Data.ulBufferLength = static_cast<ULONG>(size);
  return buffer;
}

abi::WEB_SOCKET_BUFFER CloseBuffer(abi::USHORT status, const void* reason, std::size_t size) {
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.CloseStatus.pbReason = Writable(reason);
  buffer.CloseStatus.ulReasonLength = static_cast<ULONG>(size);
  buffer.CloseStatus.usStatus = status;
  return buffer;
}

std::string BufferText(const abi::WEB_SOCKET_BUFFER& buffer) {
  if (buffer.Data.pbBuffer == nullptr) return buffer.Data.ulBufferLength == 0 ? "NULL" : "NULL with a length";
  return ToHex(buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
}

}  // namespace

void* Context(std::uintptr_t number) {
  return reinterpret_cast<void*>(number);  // NOLINT(performance-no-int-to-ptr)
}

Properties& Properties::Add(abi::WEB_SOCKET_PROPERTY_TYPE type, ULONG value) {
  return AddSized(type, value, sizeof(value));
}

Properties& Properties::AddSized(abi::WEB_SOCKET_PROPERTY_TYPE type, ULONG value, ULONG size) {
  entries_.push_back({type, value, nullptr, size});
  return *this;
}

Properties& Properties::AddBuffer(abi::BYTE* buffer, ULONG size) {
  entries_.push_back({abi::WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, 0, buffer, size});
  return *this;
}

Properties& Properties::Reverse() {
  std::reverse(entries_.begin(), entries_.end());
  return *this;
}

std::vector<abi::WEB_SOCKET_PROPERTY> Properties::ToArray() {
  std::vector<abi::WEB_SOCKET_PROPERTY> array;
  for (Entry& entry : entries_) {
    void* const value = entry.buffer != nullptr ? static_cast<void*>(&entry.buffer) : &entry.value;
    array.push_back({entry.type, value, entry.size});
  }
  return array;
}

abi::HRESULT CreateHandle(const abi::WebSocketApi& api, Role role, Properties properties,
                          abi::WEB_SOCKET_HANDLE* handle) {
  auto array = properties.ToArray();
  auto* const create = role == Role::kClient ? api.WebSocketCreateClientHandle : api.WebSocketCreateServerHandle;
  return create(array.empty() ? nullptr : array.data(), static_cast<ULONG>(array.size()), handle);
}

std::uint64_t Step::Sum() const {
  std::uint64_t sum = 0;
  for (ULONG i = 0; i < count; ++i) sum += buffers[i].Data.ulBufferLength;
  return sum;
}

Bytes Step::Joined() const {
  Bytes bytes;
  for (ULONG i = 0; i < count; ++i) {
    const auto& data = buffers[i].Data;
    if (data.ulBufferLength > 0) bytes.insert(bytes.end(), data.pbBuffer, data.pbBuffer + data.ulBufferLength);
  }
  return bytes;
}

std::string Step::Text() const {
  static constexpr const char* kActions[] = {"NONE", "SEND", "SENT", "READ", "RECEIVED"};
  if (abi::Failed(hr)) return "FAILED " + Describe(hr);
  std::string text = kActions[action];
  if (action == abi::WEB_SOCKET_NO_ACTION) return text;
  if (type != abi::kNoBufferType) text.append(" ").append(NameOf(type));
  const bool is_close =
      action == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION && type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  if (is_close) text += " " + std::to_string(buffers[0].CloseStatus.usStatus);
  if (count > 0 && action != abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
    text += " [" + BufferText(buffers[0]) + (count == 2 ? "|" + BufferText(buffers[1]) : "") + "]";
  }
  if (application_context != nullptr) {
    text += " #" + std::to_string(reinterpret_cast<std::uintptr_t>(application_context));
  }
  return text;
}

Handle::Handle(const abi::WebSocketApi& api, Role role, Properties properties) : api_(&api), role_(role) {
  CHECK_EQ(CreateHandle(api, role, std::move(properties), &handle_), 0);
  CHECK(handle_ != nullptr);
}

Handle::Handle(Handle&& other) noexcept
    : api_(other.api_), role_(other.role_), handle_(std::exchange(other.handle_, nullptr)) {}

void Handle::Delete() {
  if (handle_ != nullptr) api_->WebSocketDeleteHandle(std::exchange(handle_, nullptr));
}

abi::HRESULT Handle::Send(abi::WEB_SOCKET_BUFFER_TYPE type, const Bytes& payload, void* context) const {
  // An empty vector may have a null pointer, which the API would treat as NULL.
  static const Bytes no_bytes(1);
  abi::WEB_SOCKET_BUFFER buffer = DataBuffer(payload.empty() ? no_bytes.data() : payload.data(), payload.size());
  return api_->WebSocketSend(handle_, type, &buffer, context);
}

abi::HRESULT Handle::Send(abi::WEB_SOCKET_BUFFER_TYPE type, const char* payload, void* context) const {
  abi::WEB_SOCKET_BUFFER buffer = DataBuffer(payload, std::strlen(payload));
  return api_->WebSocketSend(handle_, type, &buffer, context);
}

abi::HRESULT Handle::Send(abi::WEB_SOCKET_BUFFER_TYPE type, std::nullptr_t, void* context) const {
  return api_->WebSocketSend(handle_, type, nullptr, context);
}

abi::HRESULT Handle::SendClose(abi::USHORT status, std::string_view reason, void* context) const {
  abi::WEB_SOCKET_BUFFER buffer = CloseBuffer(status, reason.data(), reason.size());
  return api_->WebSocketSend(handle_, abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, &buffer, context);
}

abi::HRESULT Handle::SendClose(abi::USHORT status, std::nullptr_t, void* context) const {
  abi::WEB_SOCKET_BUFFER buffer = CloseBuffer(status, nullptr, 0);
  return api_->WebSocketSend(handle_, abi::WEB_SOCKET_CLOSE_BUFFER_TYPE, &buffer, context);
}

abi::HRESULT Handle::Receive(void* context) const { return api_->WebSocketReceive(handle_, nullptr, context); }

abi::HRESULT Handle::ReceiveInto(Bytes& bytes, void* context) const {
  abi::WEB_SOCKET_BUFFER buffer = DataBuffer(bytes.data(), bytes.size());
  return api_->WebSocketReceive(handle_, &buffer, context);
}

Step Handle::Next(abi::WEB_SOCKET_ACTION_QUEUE queue, ULONG capacity) const {
  Step step;
  CHECK(capacity <= step.buffers.size());
  step.count = capacity;
  step.hr = api_->WebSocketGetAction(handle_, queue, step.buffers.data(), &step.count, &step.action, &step.type,
                                     &step.application_context, &step.action_context);
  if (abi::Failed(step.hr)) {
    step.count = 0;
    return step;
  }
  CHECK(step.count <= capacity);
  CHECK_EQ(step.action_context == nullptr, step.action == abi::WEB_SOCKET_NO_ACTION);
  return step;
}

void Handle::Complete(const Step& step, std::uint64_t count) const {
  api_->WebSocketCompleteAction(handle_, step.action_context, static_cast<ULONG>(count));
}

std::size_t Handle::Fill(const Step& step, const Bytes& bytes, std::size_t from) const {
  CHECK_EQ(step.action, abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
  std::size_t stored = 0;
  for (ULONG i = 0; i < step.count && from + stored < bytes.size(); ++i) {
    const auto& data = step.buffers[i].Data;
    const std::size_t size = std::min<std::size_t>(data.ulBufferLength, bytes.size() - from - stored);
    if (size > 0) std::memcpy(data.pbBuffer, bytes.data() + from + stored, size);
    stored += size;
  }
  Complete(step, stored);
  return stored;
}

const char* NameOf(abi::WEB_SOCKET_BUFFER_TYPE type) {
  switch (type) {
    case abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
      return "UTF8_MESSAGE";
    case abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
      return "UTF8_FRAGMENT";
    case abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
      return "BINARY_MESSAGE";
    case abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
      return "BINARY_FRAGMENT";
    case abi::WEB_SOCKET_CLOSE_BUFFER_TYPE:
      return "CLOSE";
    case abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE:
      return "PING_PONG";
    case abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE:
      return "UNSOLICITED_PONG";
  }
  return "UNKNOWN";
}

}  // namespace winwire::test
