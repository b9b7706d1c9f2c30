#include "engine/frame.h"

#include <cstring>

namespace winwire::engine {
namespace {

constexpr std::uint8_t kFinalBit = 0x80;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint64_t kMaxLength7 = 125;
constexpr std::uint64_t kMaxLength16 = 0xFFFF;

std::size_t LengthSize(std::uint64_t payload_length) {
  if (payload_length <= kMaxLength7) return 0;
  return payload_length <= kMaxLength16 ? 2 : 8;
}

}  // namespace

std::size_t HeaderSize(std::uint64_t payload_length, bool masked) {
  return kMinHeaderSize + LengthSize(payload_length) + (masked ? kMaskKeySize : 0);
}

std::size_t WriteHeader(const FrameHeader& header, std::uint8_t* to) {
  const std::size_t length_size = LengthSize(header.payload_length);
  const std::uint8_t mask_bit = header.masked ? kMaskBit : 0;
  to[0] = static_cast<std::uint8_t>((header.final ? kFinalBit : 0) | static_cast<std::uint8_t>(header.opcode));
  std::uint8_t code = 127;
  if (length_size == 0) code = static_cast<std::uint8_t>(header.payload_length);
  if (length_size == 2) code = 126;
  to[1] = static_cast<std::uint8_t>(mask_bit | code);
  std::size_t size = kMinHeaderSize;
  for (std::size_t left = length_size; left > 0; --left) {
    to[size++] = static_cast<std::uint8_t>(header.payload_length >> (8 * (left - 1)));
  }
  if (header.masked) {
    std::memcpy(to + size, header.key.data(), kMaskKeySize);
    size += kMaskKeySize;
  }
  return size;
}

FrameHeader ReadHeader(const std::uint8_t* bytes) {
  const HeaderPrefix prefix(bytes);
  FrameHeader header;
  header.final = prefix.Final();
  header.opcode = static_cast<Opcode>(prefix.OpcodeBits());
  header.masked = prefix.Masked();
  const std::uint8_t* next = bytes + kMinHeaderSize;
  const std::size_t length_size = prefix.LengthSize();
  if (length_size == 0) header.payload_length = prefix.LengthCode();
  for (std::size_t i = 0; i < length_size; ++i) header.payload_length = (header.payload_length << 8) | *next++;
  if (header.masked) std::memcpy(header.key.data(), next, kMaskKeySize);
  return header;
}

}  // namespace winwire::engine
