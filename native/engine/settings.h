// What the creation properties of a handle say.
#pragma once

#include <cstdint>
#include <span>

#include "abi/websocket_abi.h"

namespace winwire::engine {

enum class Role : std::uint8_t { kClient, kServer };

// Room beside the two data buffers for one control frame: 125 bytes of payload and a header, as .NET Framework counts
// it (WebSocketBuffer.cs).
inline constexpr abi::ULONG kControlBufferSize = 144;

// Data buffers of which several handles make use in turn. The engine keeps nothing in them once it has asked for
// network bytes or has nothing to do; while an indication is outstanding, or bytes of it may be unread, no other handle
// may be driven.
struct SharedBuffers {
  std::span<abi::BYTE> receive;
  std::span<abi::BYTE> send;
};

struct Settings {
  explicit Settings(Role role) : send_buffer_size(role == Role::kClient ? 4096 : 16) {}

  abi::ULONG DataSize() const { return receive_buffer_size + send_buffer_size + kControlBufferSize; }

  abi::ULONG receive_buffer_size = 4096;
  abi::ULONG send_buffer_size;
  bool masking = true;
  bool verify_utf8 = true;
  // The caller's memory for all data buffers (ALLOCATED_BUFFER), or null.
  abi::BYTE* own_buffer = nullptr;
};

// Reads the property array of WebSocketCreateClientHandle and WebSocketCreateServerHandle. Of a property given twice
// the last one wins [assumed].
abi::HRESULT ReadSettings(const abi::WEB_SOCKET_PROPERTY* properties, abi::ULONG count, Settings& settings);

// WebSocketGetGlobalProperty.
abi::HRESULT ReadGlobalProperty(abi::WEB_SOCKET_PROPERTY_TYPE type, void* value, abi::ULONG& size);

}  // namespace winwire::engine
