#include "test/engine/portable_handle.h"

#include "engine/websocket_functions.h"
#include "test/check.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"

namespace winwire::test {

using namespace abi;

Handle OpenPortable(Role role, Properties properties) { return OpenHandle(PortableApi(), role, std::move(properties)); }

Handle OpenPortable(Role role, Properties properties, const engine::SharedBuffers& buffers) {
  Handle handle(PortableApi(), role, std::move(properties));
  CHECK(engine::ShareBuffers(handle.get(), buffers));
  OpenCreated(handle);
  return handle;
}

std::vector<Frame> SendAll(const Handle& handle, std::size_t limit) {
  Bytes wire;
  for (Step step = handle.NextSend(); step.action != WEB_SOCKET_NO_ACTION; step = handle.NextSend()) {
    CHECK_EQ(step.hr, kOk);
    if (step.action == WEB_SOCKET_SEND_TO_NETWORK_ACTION) {
      CHECK(step.Sum() <= limit);
      CHECK_EQ(DecodeAll(step.Joined()).size(), 1u);
      Append(wire, step.Joined());
    }
    handle.CompleteAll(step);
  }
  return DecodeAll(wire);
}

std::string Shape(const Frame& frame) {
  return (frame.fin ? "FIN " : "") + std::to_string(frame.opcode) + (frame.key ? " masked " : " bare ") +
         std::to_string(frame.payload.size());
}

Trace Shapes(const std::vector<Frame>& frames) {
  Trace shapes;
  for (const Frame& frame : frames) shapes.push_back(Shape(frame));
  return shapes;
}

HRESULT SendRaw(const Handle& handle, WEB_SOCKET_BUFFER_TYPE type, BYTE* bytes, ULONG length) {
  WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = bytes;
  buffer.Data.ulBufferLength = length;
  return PortableApi().WebSocketSend(handle.get(), type, &buffer, nullptr);
}

HRESULT SendRawClose(const Handle& handle, USHORT status, BYTE* reason, ULONG length) {
  WEB_SOCKET_BUFFER buffer{};
  buffer.CloseStatus.pbReason = reason;
  buffer.CloseStatus.ulReasonLength = length;
  buffer.CloseStatus.usStatus = status;
  return PortableApi().WebSocketSend(handle.get(), kCloseType, &buffer, nullptr);
}

Bytes FromPeer(Role role, std::uint8_t opcode, const Bytes& payload, bool fin) {
  return role == Role::kServer ? Masked(opcode, payload, fin) : Bare(opcode, payload, fin);
}

Bytes FromPeer(Role role, std::uint8_t opcode, std::string_view payload, bool fin) {
  return FromPeer(role, opcode, FromText(payload), fin);
}

void QueueReceives(const Handle& handle, std::uintptr_t count) {
  for (std::uintptr_t i = 1; i <= count; ++i) CHECK_EQ(handle.Receive(Context(i)), kOk);
}

Trace ReceiveAll(Role role, const Bytes& bytes, std::uintptr_t count) {
  const Handle handle = OpenPortable(role);
  QueueReceives(handle, count);
  return Driver(handle).Deliver(bytes);
}

}  // namespace winwire::test
