// Encodes and decodes frames by RFC 6455 section 5.2, independently of the engine. Can also encode invalid ones.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "test/support/bytes.h"

namespace winwire::test {

inline constexpr std::uint8_t kContinuation = 0x0;
inline constexpr std::uint8_t kText = 0x1;
inline constexpr std::uint8_t kBinary = 0x2;
inline constexpr std::uint8_t kClose = 0x8;
inline constexpr std::uint8_t kPing = 0x9;
inline constexpr std::uint8_t kPong = 0xA;

using Key = std::array<std::uint8_t, 4>;

enum class LengthForm { kShortest, k16Bit, k64Bit };

struct Frame {
  bool fin = true;
  std::uint8_t reserved = 0;  // RSV1..RSV3 as the bits 4, 2, 1
  std::uint8_t opcode = kText;
  std::optional<Key> key{};
  Bytes payload{};
  LengthForm form = LengthForm::kShortest;
};

inline constexpr Key kTestKey = {0x37, 0xFA, 0x21, 0x3D};

Bytes Encode(const Frame& frame);

// A client's (masked) and a server's (bare) frame.
Bytes Masked(std::uint8_t opcode, const Bytes& payload, bool fin = true, const Key& key = kTestKey);
Bytes Masked(std::uint8_t opcode, std::string_view payload, bool fin = true, const Key& key = kTestKey);
Bytes Bare(std::uint8_t opcode, const Bytes& payload, bool fin = true);
Bytes Bare(std::uint8_t opcode, std::string_view payload, bool fin = true);

Bytes ClosePayload(std::uint16_t status, std::string_view reason = {});

// Returns the unmasked frame at `position`, and advances it; nothing if it is incomplete.
std::optional<Frame> DecodeNext(const Bytes& bytes, std::size_t& position);

// Decodes all of `bytes`, which must be whole frames.
std::vector<Frame> DecodeAll(const Bytes& bytes);

}  // namespace winwire::test
