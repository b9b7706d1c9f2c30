// The registry of backends: which can answer, from which file and version, and why not.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "abi/websocket_api.h"
#include "engine/parsed_item.h"
#include "engine/settings.h"

namespace winwire::backend {

enum class BackendName { kSystem, kPortable };

// Beside the table: what the bytes from `used` on hold next, parsed where they are (engine::Receiver).
using ReadInPlaceFunction = void(abi::WEB_SOCKET_HANDLE handle, std::span<abi::BYTE> bytes, std::size_t& used,
                                 const engine::ReceiveTarget& target, engine::ParsedItem& item);

struct WebSocketBackend {
  // Null when the backend cannot serve; `reason` then says why.
  const abi::WebSocketApi* api = nullptr;
  // UTF-8. The file that serves the calls (empty for the engine, which is part of the addon) and its version.
  std::string file;
  std::string version;
  // "Microsoft", "Wine", "stand-in" or "portable": who made what answers.
  std::string provider;
  std::string reason;
  // Of the engine only: what Microsoft's component keeps in its buffers, and when, is not known.
  bool (*share_buffers)(abi::WEB_SOCKET_HANDLE handle, const engine::SharedBuffers& buffers) = nullptr;
  ReadInPlaceFunction* read_in_place = nullptr;
};

// Loaded on first use and kept for the life of the process. May be called from any thread.
const WebSocketBackend& GetWebSocketBackend(BackendName name);

// What the component with this table offers; null if it does not.
ReadInPlaceFunction* ReadInPlaceOf(const abi::WebSocketApi& api);

}  // namespace winwire::backend
