// Reads and writes the frame header, RFC 6455 section 5.2, without checking what is allowed when.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/mask.h"

namespace winwire::engine {

enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

constexpr bool IsControl(Opcode opcode) { return (static_cast<std::uint8_t>(opcode) & 0x8) != 0; }

inline constexpr std::size_t kMinHeaderSize = 2;
inline constexpr std::size_t kMaxHeaderSize = 14;
inline constexpr std::size_t kMaskKeySize = 4;
// RFC 6455 section 5.5.
inline constexpr std::size_t kMaxControlPayload = 125;
inline constexpr std::size_t kCloseStatusSize = 2;

struct FrameHeader {
  bool final = true;
  Opcode opcode = Opcode::kContinuation;
  bool masked = false;
  MaskKey key{};
  std::uint64_t payload_length = 0;
};

// Returns the size of the header: the length uses the shortest form, as section 5.2 requires.
std::size_t HeaderSize(std::uint64_t payload_length, bool masked);

// Writes the header to `to`, which has space for HeaderSize bytes; returns that number.
std::size_t WriteHeader(const FrameHeader& header, std::uint8_t* to);

// The contents of the first two bytes.
struct HeaderPrefix {
  explicit HeaderPrefix(const std::uint8_t* bytes) : first(bytes[0]), second(bytes[1]) {}

  bool Final() const { return (first & 0x80) != 0; }
  bool HasReservedBits() const { return (first & 0x70) != 0; }
  std::uint8_t OpcodeBits() const { return first & 0x0F; }
  bool Masked() const { return (second & 0x80) != 0; }
  std::uint8_t LengthCode() const { return second & 0x7F; }
  std::size_t LengthSize() const { return LengthCode() == 126 ? 2 : LengthCode() == 127 ? 8 : 0; }
  std::size_t HeaderSize() const { return kMinHeaderSize + LengthSize() + (Masked() ? kMaskKeySize : 0); }

  std::uint8_t first;
  std::uint8_t second;
};

// Reads a header; `bytes` has as many bytes as its prefix requires.
FrameHeader ReadHeader(const std::uint8_t* bytes);

}  // namespace winwire::engine
