// Close status codes, RFC 6455 section 7.4.
#pragma once

#include "abi/websocket_abi.h"

namespace winwire::engine {

// Whether WebSocketSend accepts the status [assumed, after .NET's own checks and the DLL's message "status cannot be
// used"]; 65535 is seen to travel unchanged.
constexpr bool MayBeSent(abi::USHORT status) {
  return status >= 1000 && status != abi::WEB_SOCKET_ABORTED_CLOSE_STATUS &&
         status != abi::WEB_SOCKET_SECURE_HANDSHAKE_ERROR_CLOSE_STATUS;
}

// Whether a peer may send the status [assumed]: section 7.4.1 without the reserved ones, 1012 to 1014 of the IANA
// registry, and 3000 up.
constexpr bool MayBeReceived(abi::USHORT status) {
  return (status >= 1000 && status <= 1003) || (status >= 1007 && status <= 1014) || status >= 3000;
}

}  // namespace winwire::engine
