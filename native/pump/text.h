// UTF-8 as JavaScript's strings want it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace winwire::pump {

bool IsAscii(std::span<const std::uint8_t> text);

// Writes the UTF-16 of `text` to `to`, which has room for a unit for each byte; `units` is how many it took. False for
// what is no well-formed UTF-8 (a handle with DISABLE_UTF8_VERIFICATION gives such).
bool DecodeUtf8(std::span<const std::uint8_t> text, char16_t* to, std::size_t& units);

}  // namespace winwire::pump
