#include "engine/utf8.h"

#include "engine/simd.h"

namespace winwire::engine {
namespace {

constexpr bool IsContinuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

#if WINWIRE_SIMD

Bytes16 InRange(Bytes16 bytes, std::uint8_t lowest, std::uint8_t highest) {
  return Bytes16::Fill(lowest).AtMost(bytes) & bytes.AtMost(Bytes16::Fill(highest));
}

Bytes16 AtLeast(Bytes16 bytes, std::uint8_t lowest) { return Bytes16::Fill(lowest).AtMost(bytes); }

// The errors of a block, given the previous block: continuation bytes that do not match the lead bytes up to three
// places before, bytes that never occur, or second bytes outside the range of their lead byte (RFC 3629 section 4: E0,
// ED, F0 and F4 narrow it).
Bytes16 Faults(Bytes16 block, Bytes16 before) {
  const Bytes16 first = block.Preceding<1>(before);
  const Bytes16 second = block.Preceding<2>(before);
  const Bytes16 third = block.Preceding<3>(before);
  const Bytes16 expected = AtLeast(first, 0xC0) | AtLeast(second, 0xE0) | AtLeast(third, 0xF0);
  const Bytes16 misplaced = expected ^ InRange(block, 0x80, 0xBF);
  const Bytes16 impossible = InRange(block, 0xC0, 0xC1) | AtLeast(block, 0xF5);
  const Bytes16 narrowed = (first.Equals(Bytes16::Fill(0xE0)) & block.AtMost(Bytes16::Fill(0x9F))) |
                           (first.Equals(Bytes16::Fill(0xED)) & AtLeast(block, 0xA0)) |
                           (first.Equals(Bytes16::Fill(0xF0)) & block.AtMost(Bytes16::Fill(0x8F))) |
                           (first.Equals(Bytes16::Fill(0xF4)) & AtLeast(block, 0x90));
  return misplaced | impossible | narrowed;
}

// Checks whole blocks, at least one, from the start of a character on; returns false for an error. `checked` is set to
// the number of valid bytes, ending before a character, so that the rest can be fed byte by byte.
bool CheckBlocks(const std::uint8_t* bytes, std::size_t size, std::size_t& checked) {
  Bytes16 before = Bytes16::Fill(0);
  Bytes16 faults = Bytes16::Fill(0);
  for (checked = 0; size - checked >= 16; checked += 16) {
    const Bytes16 block = Bytes16::Load(bytes + checked);
    if (block.HasHighBit() || before.HasHighBit()) faults = faults | Faults(block, before);
    before = block;
  }
  if (faults.HasHighBit()) return false;
  // The last block may end inside a character: step back over it. Its lead byte exists, since no continuation was found
  // without one.
  while (IsContinuation(bytes[checked - 1])) --checked;
  if (bytes[checked - 1] >= 0xC0) --checked;
  return true;
}

#endif

}  // namespace

bool Utf8Validator::FeedByte(std::uint8_t byte) {
  if (missing_ > 0) {
    if (byte < lowest_ || byte > highest_) return false;
    lowest_ = 0x80;
    highest_ = 0xBF;
    --missing_;
    return true;
  }
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  if (byte < 0xE0) {
    missing_ = 1;
  } else if (byte < 0xF0) {
    missing_ = 2;
    if (byte == 0xE0) lowest_ = 0xA0;   // no overlong form
    if (byte == 0xED) highest_ = 0x9F;  // no surrogate
  } else {
    missing_ = 3;
    if (byte == 0xF0) lowest_ = 0x90;   // no overlong form
    if (byte == 0xF4) highest_ = 0x8F;  // nothing above U+10FFFF
  }
  return true;
}

bool Utf8Validator::FeedScalar(const std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (!FeedByte(bytes[i])) return false;
  }
  return true;
}

bool Utf8Validator::Feed(const std::uint8_t* bytes, std::size_t size) {
  std::size_t done = 0;
#if WINWIRE_SIMD
  while (done < size && missing_ > 0) {
    if (!FeedByte(bytes[done++])) return false;
  }
  if (size - done >= 16) {
    std::size_t checked = 0;
    if (!CheckBlocks(bytes + done, size - done, checked)) return false;
    done += checked;
  }
#endif
  return FeedScalar(bytes + done, size - done);
}

}  // namespace winwire::engine
