// The registry of backends: which are available, from which file and version, and why others are not.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "abi/websocket_api.h"
#include "engine/parsed_item.h"
#include "engine/settings.h"

namespace winwire::backend {

enum class BackendName { kSystem, kPortable };

// In addition to the table: parses the bytes from `used` on in place (engine::Receiver).
using ReadInPlaceFunction = std::size_t(abi::WEB_SOCKET_HANDLE handle, std::span<abi::BYTE> bytes, std::size_t& used,
                                        const engine::ReceiveTarget& target, std::span<engine::WholeMessage> messages,
                                        engine::ParsedItem& item);

struct WebSocketBackend {
  // Null if the backend is not available; `reason` then explains it.
  const abi::WebSocketApi* api = nullptr;
  // UTF-8. The file of the component (empty for the engine, which is part of the addon) and its version.
  std::string file;
  std::string version;
  // The maker: "Microsoft", "Wine", "stand-in" or "portable".
  std::string provider;
  std::string reason;
  // Of the engine only: how Microsoft's component uses its buffers is unknown.
  bool (*share_buffers)(abi::WEB_SOCKET_HANDLE handle, const engine::SharedBuffers& buffers) = nullptr;
  ReadInPlaceFunction* read_in_place = nullptr;
};

// Loaded on first use and kept for the life of the process. Any thread may call it.
const WebSocketBackend& GetWebSocketBackend(BackendName name);

// Returns the function for this table; null if the component has none.
ReadInPlaceFunction* ReadInPlaceOf(const abi::WebSocketApi& api);

}  // namespace winwire::backend
