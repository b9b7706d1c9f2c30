// Masking, RFC 6455 section 5.3: octet i of the payload is XORed with octet (i mod 4) of the key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace winwire::engine {

using MaskKey = std::array<std::uint8_t, 4>;

// Writes `size` masked (or unmasked) bytes of `from` to `to`, which may be equal to `from` but must not overlap
// otherwise. `position` is the offset of the first byte in its frame's payload.
void ApplyMask(const std::uint8_t* from, std::uint8_t* to, std::size_t size, const MaskKey& key,
               std::uint64_t position);

}  // namespace winwire::engine
