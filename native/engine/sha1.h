// SHA-1 (RFC 3174), for Sec-WebSocket-Accept (RFC 6455 section 4.2.2). Not resistant to collisions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace winwire::engine {

using Sha1Digest = std::array<std::uint8_t, 20>;

Sha1Digest Sha1(std::string_view message);

}  // namespace winwire::engine
