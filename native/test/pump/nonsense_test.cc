// The pump over a component that does what it may not, at random: its pointers are good or NULL, everything else is
// not.
#include <algorithm>
#include <vector>

#include "pump/pump.h"
#include "test/check.h"
#include "test/support/choices.h"

namespace winwire::test {
namespace {

Choices* g_nonsense = nullptr;
Bytes g_memory(1 << 20);
void* g_last_context = nullptr;

abi::HRESULT Result() {
  if (g_nonsense->OneIn(50)) return g_nonsense->OneIn(2) ? 1 : abi::hresult::kInvalidProtocolFormat;
  return abi::hresult::kOk;
}
abi::HRESULT WINAPI Send(abi::WEB_SOCKET_HANDLE, abi::WEB_SOCKET_BUFFER_TYPE, abi::WEB_SOCKET_BUFFER*, void* context) {
  g_last_context = context;
  return Result();
}
abi::HRESULT WINAPI Receive(abi::WEB_SOCKET_HANDLE, abi::WEB_SOCKET_BUFFER*, void*) { return Result(); }
abi::HRESULT WINAPI GetAction(abi::WEB_SOCKET_HANDLE, abi::WEB_SOCKET_ACTION_QUEUE, abi::WEB_SOCKET_BUFFER* buffers,
                              abi::ULONG* count, abi::WEB_SOCKET_ACTION* action, abi::WEB_SOCKET_BUFFER_TYPE* type,
                              void** application_context, void** action_context) {
  const abi::ULONG capacity = *count;
  *count = g_nonsense->Below(g_nonsense->OneIn(20) ? 200 : 5);
  for (abi::ULONG i = 0; i < std::min(*count, capacity); ++i) {
    const abi::ULONG length = g_nonsense->OneIn(30) ? 0xFFFFFFFF : g_nonsense->Below(200);
    buffers[i].Data = {g_nonsense->OneIn(30) ? nullptr : g_memory.data(), length};
  }
  *action = static_cast<abi::WEB_SOCKET_ACTION>(g_nonsense->Below(g_nonsense->OneIn(20) ? 200 : 5));
  const std::uint32_t bits = g_nonsense->Below(g_nonsense->OneIn(20) ? 200 : 7);
  *type = static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(0x80000000u | bits));
  *application_context = g_nonsense->OneIn(2) ? g_last_context : nullptr;
  *action_context = g_memory.data();
  return Result();
}
void WINAPI Complete(abi::WEB_SOCKET_HANDLE, void*, abi::ULONG) {}
void WINAPI Abort(abi::WEB_SOCKET_HANDLE) {}

TEST("pump: over a component of nonsense every call ends") {
  abi::WebSocketApi api;
  api.WebSocketSend = Send;
  api.WebSocketReceive = Receive;
  api.WebSocketGetAction = GetAction;
  api.WebSocketCompleteAction = Complete;
  api.WebSocketAbortHandle = Abort;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Choices choices(seed);
    g_nonsense = &choices;
    pump::Pump pump(api, nullptr, true, {256, 256});
    pump::OutBlock out{{}};
    Bytes block(256);
    std::vector<pump::Item> items(4);
    std::vector<char16_t> text(64);
    for (int calls = 0; calls < 20; ++calls) {
      Bytes chunk(choices.Below(100));
      std::size_t used = 0;
      auto status = pump::ReceiveStatus::kWantsBytes;
      pump::Inbound inbound{choices.OneIn(2) ? block : std::span<std::uint8_t>(), items, text, choices.OneIn(4)};
      pump.Receive(chunk, used, inbound, out, status);
      CHECK(used <= chunk.size() && inbound.item_count <= items.size());
      abi::WEB_SOCKET_BUFFER buffer{};
      buffer.Data = {chunk.data(), static_cast<abi::ULONG>(chunk.size())};
      pump.Send(abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, &buffer, out);
      CHECK(out.Size() < 1000000);
      out.Clear();
    }
    pump.Abort();
  }
}

}  // namespace
}  // namespace winwire::test
