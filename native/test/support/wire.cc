#include "test/support/wire.h"

#include "test/check.h"

namespace winwire::test {
namespace {

void PutBigEndian(Bytes& to, std::uint64_t value, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void PutLength(Bytes& to, std::uint8_t mask_bit, std::uint64_t length, LengthForm form) {
  if (form == LengthForm::kShortest) {
    if (length > 125) form = length > 0xFFFF ? LengthForm::k64Bit : LengthForm::k16Bit;
  }
  if (form == LengthForm::kShortest) {
    to.push_back(static_cast<std::uint8_t>(mask_bit | length));
  } else if (form == LengthForm::k16Bit) {
    to.push_back(mask_bit | 126);
    PutBigEndian(to, length, 2);
  } else {
    to.push_back(mask_bit | 127);
    PutBigEndian(to, length, 8);
  }
}

// Reads a number of `size` bytes; returns false if bytes are missing.
bool TakeBigEndian(const Bytes& bytes, std::size_t& position, std::size_t size, std::uint64_t& value) {
  if (bytes.size() - position < size) return false;
  value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value * 256 + bytes[position++];
  return true;
}

bool TakeLength(const Bytes& bytes, std::size_t& position, std::uint8_t code, Frame& frame, std::uint64_t& length) {
  length = code;
  if (code == 126) {
    frame.form = LengthForm::k16Bit;
    return TakeBigEndian(bytes, position, 2, length);
  }
  if (code == 127) {
    frame.form = LengthForm::k64Bit;
    return TakeBigEndian(bytes, position, 8, length);
  }
  return true;
}

bool TakeKey(const Bytes& bytes, std::size_t& position, Frame& frame) {
  Key key{};
  if (bytes.size() - position < key.size()) return false;
  for (std::uint8_t& byte : key) byte = bytes[position++];
  frame.key = key;
  return true;
}

}  // namespace

Bytes Encode(const Frame& frame) {
  Bytes bytes;
  bytes.push_back(static_cast<std::uint8_t>((frame.fin ? 0x80 : 0) | (frame.reserved << 4) | frame.opcode));
  PutLength(bytes, frame.key ? 0x80 : 0, frame.payload.size(), frame.form);
  if (frame.key) bytes.insert(bytes.end(), frame.key->begin(), frame.key->end());
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    bytes.push_back(static_cast<std::uint8_t>(frame.payload[i] ^ (frame.key ? (*frame.key)[i % 4] : 0)));
  }
  return bytes;
}

Bytes Masked(std::uint8_t opcode, const Bytes& payload, bool fin, const Key& key) {
  return Encode({.fin = fin, .opcode = opcode, .key = key, .payload = payload});
}

Bytes Masked(std::uint8_t opcode, std::string_view payload, bool fin, const Key& key) {
  return Masked(opcode, FromText(payload), fin, key);
}

Bytes Bare(std::uint8_t opcode, const Bytes& payload, bool fin) {
  return Encode({.fin = fin, .opcode = opcode, .payload = payload});
}

Bytes Bare(std::uint8_t opcode, std::string_view payload, bool fin) { return Bare(opcode, FromText(payload), fin); }

Bytes ClosePayload(std::uint16_t status, std::string_view reason) {
  Bytes payload;
  PutBigEndian(payload, status, 2);
  Append(payload, FromText(reason));
  return payload;
}

std::optional<Frame> DecodeNext(const Bytes& bytes, std::size_t& position) {
  if (bytes.size() - position < 2) return {};
  std::size_t next = position;
  const std::uint8_t first = bytes[next++];
  const std::uint8_t second = bytes[next++];
  Frame frame;
  frame.fin = (first & 0x80) != 0;
  frame.reserved = (first >> 4) & 7;
  frame.opcode = first & 0xF;
  std::uint64_t length = 0;
  if (!TakeLength(bytes, next, second & 0x7F, frame, length)) return {};
  if ((second & 0x80) != 0 && !TakeKey(bytes, next, frame)) return {};
  if (bytes.size() - next < length) return {};
  for (std::uint64_t i = 0; i < length; ++i) {
    frame.payload.push_back(static_cast<std::uint8_t>(bytes[next++] ^ (frame.key ? (*frame.key)[i % 4] : 0)));
  }
  position = next;
  return frame;
}

std::vector<Frame> DecodeAll(const Bytes& bytes) {
  std::vector<Frame> frames;
  std::size_t position = 0;
  while (position < bytes.size()) {
    std::optional<Frame> frame = DecodeNext(bytes, position);
    CHECK(frame.has_value(), "a frame that is not all there");
    if (frame) frames.push_back(*std::move(frame));
  }
  return frames;
}

}  // namespace winwire::test
