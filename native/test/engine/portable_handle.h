// Open handles of the engine, and helpers to run one of their queues.
#pragma once

#include "engine/settings.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/wire.h"

namespace winwire::test {

Handle OpenPortable(Role role, Properties properties = {});
// A handle with shared buffers.
Handle OpenPortable(Role role, Properties properties, const engine::SharedBuffers& buffers);

// Returns the frames of all queued sends. Each action must be one whole frame of at most `limit` bytes, so that a pong
// may come between two of them.
std::vector<Frame> SendAll(const Handle& handle, std::size_t limit = SIZE_MAX);

// "FIN 1 masked 5": the opcode is a number.
std::string Shape(const Frame& frame);
Trace Shapes(const std::vector<Frame>& frames);

// Calls WebSocketSend with the given buffer.
abi::HRESULT SendRaw(const Handle& handle, abi::WEB_SOCKET_BUFFER_TYPE type, abi::BYTE* bytes, abi::ULONG length);
abi::HRESULT SendRawClose(const Handle& handle, abi::USHORT status, abi::BYTE* reason, abi::ULONG length);

// Returns a frame as the peer of a handle with this role writes it.
Bytes FromPeer(Role role, std::uint8_t opcode, const Bytes& payload, bool fin = true);
Bytes FromPeer(Role role, std::uint8_t opcode, std::string_view payload, bool fin = true);

// Queues receives with the contexts 1, 2 ...
void QueueReceives(const Handle& handle, std::uintptr_t count);

// Returns the trace of `count` receives for these bytes, in one read.
Trace ReceiveAll(Role role, const Bytes& bytes, std::uintptr_t count);

}  // namespace winwire::test
