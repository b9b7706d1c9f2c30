// A function table that forwards to another one and records each call. The traced pump needs no change.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "abi/websocket_api.h"

namespace winwire::backend {

enum class TracedFunction : std::uint32_t {
  kLost,  // of the recorder: `bytes` calls were not recorded
  kSend,
  kReceive,
  kGetAction,
  kCompleteAction,
  kAbortHandle,
};

// lib/diagnostics/trace-records.ts has the same layout. Unused fields are 0.
struct TraceRecord {
  double milliseconds;
  TracedFunction function;
  abi::HRESULT result;
  std::uint32_t queue;
  std::uint32_t action;
  std::uint32_t buffer_type;
  // From 1; the same for WebSocketGetAction and its WebSocketCompleteAction.
  std::uint32_t action_id;
  std::uint32_t bytes;
  std::uint32_t close_status;
  std::uint32_t buffer_count;
  std::uint32_t sizes[2];
  std::uint32_t unused;
};

static_assert(sizeof(TraceRecord) == 56);

// Records the calls of one handle. `Table` is called by one thread, with `handle` instead of the real handle.
class TraceRecorder {
 public:
  TraceRecorder(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle) : api_(&api), handle_(handle) {}
  TraceRecorder(const TraceRecorder&) = delete;
  TraceRecorder& operator=(const TraceRecorder&) = delete;
  ~TraceRecorder() = default;

  // The five functions that a pump calls; the other entries are null.
  static const abi::WebSocketApi& Table();
  abi::WEB_SOCKET_HANDLE handle() { return reinterpret_cast<abi::WEB_SOCKET_HANDLE>(this); }

  // Returns the records since the last call.
  std::vector<TraceRecord> Take();

 private:
  // Limits the number of records that are not yet fetched.
  static constexpr std::size_t kCapacity = 65536;

  // The entries of the table.
  static abi::HRESULT WINAPI Send(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_BUFFER_TYPE type,
                                  abi::WEB_SOCKET_BUFFER* buffer, void* context);
  static abi::HRESULT WINAPI Receive(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_BUFFER* buffer, void* context);
  static abi::HRESULT WINAPI GetAction(abi::WEB_SOCKET_HANDLE handle, abi::WEB_SOCKET_ACTION_QUEUE queue,
                                       abi::WEB_SOCKET_BUFFER* buffers, abi::ULONG* buffer_count,
                                       abi::WEB_SOCKET_ACTION* action, abi::WEB_SOCKET_BUFFER_TYPE* buffer_type,
                                       void** application_context, void** action_context);
  static void WINAPI CompleteAction(abi::WEB_SOCKET_HANDLE handle, void* action_context, abi::ULONG bytes);
  static void WINAPI AbortHandle(abi::WEB_SOCKET_HANDLE handle);

  TraceRecord Begin(TracedFunction function) const;
  void Add(const TraceRecord& record) noexcept;
  std::uint32_t Name(void* action_context) noexcept;
  std::uint32_t Forget(void* action_context) noexcept;

  const abi::WebSocketApi* api_;
  abi::WEB_SOCKET_HANDLE handle_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<TraceRecord> records_;
  std::uint32_t lost_ = 0;
  // Incomplete actions: one per queue, and a pong.
  std::vector<std::pair<void*, std::uint32_t>> outstanding_;
  std::uint32_t last_action_id_ = 0;
};

}  // namespace winwire::backend
