// UTF-8 for JavaScript strings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace winwire::pump {

bool IsAscii(std::span<const std::uint8_t> text);

// Writes the UTF-16 of `text` to `to`, which has space for one unit per byte; `units` is their number. Returns false
// for ill-formed UTF-8 (possible with DISABLE_UTF8_VERIFICATION).
bool DecodeUtf8(std::span<const std::uint8_t> text, char16_t* to, std::size_t& units);

}  // namespace winwire::pump
