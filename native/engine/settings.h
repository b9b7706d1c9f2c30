// The creation properties of a handle.
#pragma once

#include <cstdint>
#include <span>

#include "abi/websocket_abi.h"

namespace winwire::engine {

enum class Role : std::uint8_t { kClient, kServer };

// Space beside the two data buffers for one control frame: 125 bytes of payload and a header, as in .NET Framework
// (WebSocketBuffer.cs).
inline constexpr abi::ULONG kControlBufferSize = 144;

// Data buffers that several handles use in turn. The engine keeps nothing in them once it has requested network bytes
// or is idle; while an indication is outstanding, or bytes may be unread, no other handle may be driven.
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

// Parses the properties of WebSocketCreateClientHandle and WebSocketCreateServerHandle. The last of two equal
// properties counts [assumed].
abi::HRESULT ReadSettings(const abi::WEB_SOCKET_PROPERTY* properties, abi::ULONG count, Settings& settings);

// WebSocketGetGlobalProperty.
abi::HRESULT ReadGlobalProperty(abi::WEB_SOCKET_PROPERTY_TYPE type, void* value, abi::ULONG& size);

}  // namespace winwire::engine
