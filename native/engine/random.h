// Random bytes of the operating system, for keys and masks (RFC 6455 sections 4.1 and 5.3 require a strong source).
#pragma once

#include <cstddef>
#include <cstdint>

namespace winwire::engine {

// Returns false if the system's source failed; the bytes are then invalid.
bool FillRandom(std::uint8_t* bytes, std::size_t size);

}  // namespace winwire::engine
