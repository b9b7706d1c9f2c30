// Byte strings for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace winwire::test {

using Bytes = std::vector<std::uint8_t>;

Bytes FromText(std::string_view text);
std::string ToText(const Bytes& bytes);

// Parses "81 05 48656c" and the like; anything but hexadecimal digits and spaces is a failed check.
Bytes FromHex(std::string_view digits);
std::string ToHex(const std::uint8_t* bytes, std::size_t size);
std::string ToHex(const Bytes& bytes);

Bytes Join(std::initializer_list<Bytes> parts);
void Append(Bytes& to, const Bytes& more);

// Returns `size` bytes that differ from their neighbours and from those 256 further on.
Bytes Pattern(std::size_t size, std::uint8_t seed = 0);

}  // namespace winwire::test
