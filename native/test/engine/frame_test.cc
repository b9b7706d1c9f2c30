#include "engine/frame.h"

#include "test/check.h"
#include "test/support/bytes.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::test;

namespace {

std::string HeaderHex(const engine::FrameHeader& header) {
  Bytes bytes(engine::kMaxHeaderSize + 2, 0xEE);
  const std::size_t size = engine::WriteHeader(header, bytes.data());
  CHECK_EQ(size, engine::HeaderSize(header.payload_length, header.masked));
  for (std::size_t i = size; i < bytes.size(); ++i) CHECK_EQ(int{bytes[i]}, 0xEE);
  return ToHex(bytes.data(), size);
}

constexpr std::uint64_t kLengths[] = {0,     1,     2,          124,         125,           126,
                                      127,   128,   255,        256,         65534,         65535,
                                      65536, 65537, 0xFFFFFFFF, 0x100000000, 0x123456789AB, 0x7FFFFFFFFFFFFFFF};

}  // namespace

TEST("frame: a length is written in its shortest form") {
  using engine::Opcode;
  CHECK_EQ(HeaderHex({true, Opcode::kText, false, {}, 0}), "8100");
  CHECK_EQ(HeaderHex({true, Opcode::kBinary, false, {}, 125}), "827d");
  CHECK_EQ(HeaderHex({true, Opcode::kBinary, false, {}, 126}), "827e007e");
  CHECK_EQ(HeaderHex({true, Opcode::kBinary, false, {}, 65535}), "827effff");
  CHECK_EQ(HeaderHex({true, Opcode::kBinary, false, {}, 65536}), "827f0000000000010000");
  CHECK_EQ(HeaderHex({true, Opcode::kBinary, false, {}, 0x0123456789ABCDEF}), "827f0123456789abcdef");
}

TEST("frame: FIN, opcode, mask bit and key") {
  using engine::Opcode;
  CHECK_EQ(HeaderHex({false, Opcode::kContinuation, false, {}, 5}), "0005");
  CHECK_EQ(HeaderHex({true, Opcode::kClose, true, {1, 2, 3, 4}, 2}), "888201020304");
  CHECK_EQ(HeaderHex({true, Opcode::kPing, true, {0, 0, 0, 0}, 0}), "898000000000");
  CHECK_EQ(HeaderHex({true, Opcode::kPong, true, {9, 8, 7, 6}, 126}), "8afe007e09080706");
  CHECK_EQ(HeaderHex({false, Opcode::kText, true, {0xFF, 0xFE, 0xFD, 0xFC}, 65536}), "01ff0000000000010000fffefdfc");
}

TEST("frame: what is written is read") {
  for (const std::uint64_t length : kLengths) {
    for (const bool masked : {false, true}) {
      const engine::MaskKey key = masked ? engine::MaskKey{0xA1, 0xB2, 0xC3, 0xD4} : engine::MaskKey{};
      Bytes bytes(engine::kMaxHeaderSize);
      const std::size_t size =
          engine::WriteHeader({masked, engine::Opcode::kBinary, masked, key, length}, bytes.data());
      CHECK_EQ(engine::HeaderPrefix(bytes.data()).HeaderSize(), size);
      const engine::FrameHeader read = engine::ReadHeader(bytes.data());
      CHECK_EQ(read.final, masked);
      CHECK_EQ(read.opcode, engine::Opcode::kBinary);
      CHECK_EQ(read.masked, masked);
      CHECK(read.key == key);
      CHECK_EQ(read.payload_length, length);
    }
  }
}

TEST("frame: the sizes of headers") {
  CHECK_EQ(engine::HeaderSize(0, false), 2u);
  CHECK_EQ(engine::HeaderSize(125, true), 6u);
  CHECK_EQ(engine::HeaderSize(126, false), 4u);
  CHECK_EQ(engine::HeaderSize(65535, true), 8u);
  CHECK_EQ(engine::HeaderSize(65536, false), 10u);
  CHECK_EQ(engine::HeaderSize(0xFFFFFFFFFFFFFFFF, true), engine::kMaxHeaderSize);
}

TEST("frame: every pair of first bytes") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      const std::uint8_t bytes[2] = {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
      const engine::HeaderPrefix prefix(bytes);
      CHECK_EQ(prefix.Final(), first >= 128);
      CHECK_EQ(prefix.HasReservedBits(), first / 16 % 8 != 0);
      CHECK_EQ(prefix.OpcodeBits(), first % 16);
      CHECK_EQ(prefix.Masked(), second >= 128);
      CHECK_EQ(prefix.LengthCode(), second % 128);
      const std::size_t length_size = second % 128 == 126 ? 2 : second % 128 == 127 ? 8 : 0;
      CHECK_EQ(prefix.LengthSize(), length_size);
      CHECK_EQ(prefix.HeaderSize(), 2 + length_size + (second >= 128 ? 4 : 0));
    }
  }
}

TEST("frame: control opcodes are those with the fourth bit") {
  using engine::Opcode;
  for (const Opcode opcode : {Opcode::kContinuation, Opcode::kText, Opcode::kBinary}) CHECK(!engine::IsControl(opcode));
  for (const Opcode opcode : {Opcode::kClose, Opcode::kPing, Opcode::kPong}) CHECK(engine::IsControl(opcode));
}
