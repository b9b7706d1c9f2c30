// One WebSocket handle of any backend's table, deleted at the end of its scope, and the results of its calls.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "abi/websocket_api.h"
#include "test/support/bytes.h"

namespace winwire::test {

enum class Role { kClient, kServer };

inline constexpr Role kBothRoles[] = {Role::kClient, Role::kServer};

constexpr Role OtherRole(Role role) { return role == Role::kClient ? Role::kServer : Role::kClient; }
constexpr const char* NameOf(Role role) { return role == Role::kClient ? "client" : "server"; }

// A context for Send and Receive that a trace shows as a small number. Never dereferenced.
void* Context(std::uintptr_t number);

// The properties of a handle. Can be copied: the array with its pointers is created for the call.
class Properties {
 public:
  Properties& Add(abi::WEB_SOCKET_PROPERTY_TYPE type, abi::ULONG value);
  Properties& AddSized(abi::WEB_SOCKET_PROPERTY_TYPE type, abi::ULONG value, abi::ULONG size);
  Properties& AddBuffer(abi::BYTE* buffer, abi::ULONG size);
  Properties& Reverse();

  Properties& ReceiveBuffer(abi::ULONG size) { return Add(abi::WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, size); }
  Properties& SendBuffer(abi::ULONG size) { return Add(abi::WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE, size); }
  Properties& NoMasking() { return Add(abi::WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, 1); }
  Properties& NoUtf8Check() { return Add(abi::WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, 1); }

  // Points into this object.
  std::vector<abi::WEB_SOCKET_PROPERTY> ToArray();

 private:
  struct Entry {
    abi::WEB_SOCKET_PROPERTY_TYPE type;
    abi::ULONG value;
    abi::BYTE* buffer;
    abi::ULONG size;
  };

  std::vector<Entry> entries_;
};

abi::HRESULT CreateHandle(const abi::WebSocketApi& api, Role role, Properties properties,
                          abi::WEB_SOCKET_HANDLE* handle);

// The result of one WebSocketGetAction.
struct Step {
  abi::HRESULT hr = 0;
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  abi::ULONG count = 0;
  std::array<abi::WEB_SOCKET_BUFFER, 2> buffers{};
  void* application_context = nullptr;
  void* action_context = nullptr;

  std::uint64_t Sum() const;
  // The bytes of all buffers in a row; not for an indicated close, which uses CloseStatus.
  Bytes Joined() const;
  // "SEND UTF8_MESSAGE [8105|48656c6c6f] #1", "SENT UTF8_MESSAGE #1", "READ #2", "RECEIVED UTF8_MESSAGE [4865] #2",
  // "RECEIVED CLOSE 1000 [627965] #2", "NONE", "FAILED 0x83760002".
  std::string Text() const;
};

class Handle {
 public:
  Handle(const abi::WebSocketApi& api, Role role) : Handle(api, role, Properties()) {}
  Handle(const abi::WebSocketApi& api, Role role, Properties properties);
  Handle(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;
  ~Handle() { Delete(); }

  const abi::WebSocketApi& api() const { return *api_; }
  Role role() const { return role_; }
  abi::WEB_SOCKET_HANDLE get() const { return handle_; }

  // The bytes must stay until the operation's indication.
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, const Bytes& payload, void* context = nullptr) const;
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, const char* payload, void* context = nullptr) const;
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, std::nullptr_t, void* context = nullptr) const;
  abi::HRESULT SendClose(abi::USHORT status, std::string_view reason, void* context = nullptr) const;
  abi::HRESULT SendClose(abi::USHORT status, std::nullptr_t, void* context = nullptr) const;
  abi::HRESULT Receive(void* context = nullptr) const;
  abi::HRESULT ReceiveInto(Bytes& bytes, void* context = nullptr) const;

  Step Next(abi::WEB_SOCKET_ACTION_QUEUE queue, abi::ULONG capacity = 2) const;
  Step NextSend() const { return Next(abi::WEB_SOCKET_SEND_ACTION_QUEUE); }
  Step NextReceive() const { return Next(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE); }

  void Complete(const Step& step, std::uint64_t count) const;
  // Completes with all bytes of the step's buffers.
  void CompleteAll(const Step& step) const { Complete(step, step.Sum()); }
  // Stores what fits into the buffers of a READ and completes it; returns the number of bytes.
  std::size_t Fill(const Step& step, const Bytes& bytes, std::size_t from = 0) const;

  void Abort() const { api_->WebSocketAbortHandle(handle_); }
  void Delete();

 private:
  const abi::WebSocketApi* api_;
  Role role_;
  abi::WEB_SOCKET_HANDLE handle_ = nullptr;
};

const char* NameOf(abi::WEB_SOCKET_BUFFER_TYPE type);

}  // namespace winwire::test
