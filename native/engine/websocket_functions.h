// The portable engine's 13 entry points: same names, ABI and behaviour as websocket.dll. No I/O, clock or thread; no
// exceptions. Only one thread may use a handle at a time.
#pragma once

#include <cstddef>
#include <span>

#include "abi/websocket_api.h"
#include "engine/parsed_item.h"
#include "engine/settings.h"

namespace winwire::engine {

#define WINWIRE_DECLARE_FUNCTION(name) abi::name##Fn name;
WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_DECLARE_FUNCTION)
#undef WINWIRE_DECLARE_FUNCTION

// In addition: Endpoint::ShareBuffers and Receiver::ReadInPlace.
bool ShareBuffers(abi::WEB_SOCKET_HANDLE handle, const SharedBuffers& buffers);
std::size_t ReadInPlace(abi::WEB_SOCKET_HANDLE handle, std::span<abi::BYTE> bytes, std::size_t& used,
                        const ReceiveTarget& target, std::span<WholeMessage> messages, ParsedItem& item);

}  // namespace winwire::engine
