// Base64 with padding (RFC 4648 section 4), for the handshake.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace winwire::engine {

std::string EncodeBase64(const std::uint8_t* bytes, std::size_t size);

// Returns the decoded size of `text`, or -1 for invalid base64: a wrong length, a character outside the alphabet,
// misplaced padding or stray bits before it.
std::ptrdiff_t DecodedBase64Size(std::string_view text);

}  // namespace winwire::engine
