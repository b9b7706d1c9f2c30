#include "engine/sha1.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace winwire::engine {
namespace {

constexpr std::size_t kBlockSize = 64;
using State = std::array<std::uint32_t, 5>;
using Block = std::array<std::uint8_t, kBlockSize>;

std::array<std::uint32_t, 80> Schedule(const Block& block) {
  std::array<std::uint32_t, 80> words{};
  for (std::size_t t = 0; t < 16; ++t) {
    const std::uint8_t* byte = block.data() + 4 * t;
    words[t] = (std::uint32_t{byte[0]} << 24) | (std::uint32_t{byte[1]} << 16) | (std::uint32_t{byte[2]} << 8) |
               std::uint32_t{byte[3]};
  }
  for (std::size_t t = 16; t < words.size(); ++t) {
    words[t] = std::rotl(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
  }
  return words;
}

struct Round {
  std::uint32_t function;
  std::uint32_t constant;
};

// RFC 3174 section 5.
Round RoundAt(std::size_t t, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (t < 20) return {(b & c) | (~b & d), 0x5A827999};
  if (t < 40) return {b ^ c ^ d, 0x6ED9EBA1};
  if (t < 60) return {(b & c) | (b & d) | (c & d), 0x8F1BBCDC};
  return {b ^ c ^ d, 0xCA62C1D6};
}

void Absorb(State& state, const Block& block) {
  const auto words = Schedule(block);
  auto [a, b, c, d, e] = state;
  for (std::size_t t = 0; t < words.size(); ++t) {
    const Round round = RoundAt(t, b, c, d);
    const std::uint32_t next = std::rotl(a, 5) + round.function + e + words[t] + round.constant;
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

void PutBigEndian(std::uint64_t value, std::uint8_t* to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
}

}  // namespace

Sha1Digest Sha1(std::string_view message) {
  State state = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  const std::uint64_t bit_length = std::uint64_t{message.size()} * 8;
  Block block{};
  while (message.size() >= kBlockSize) {
    std::memcpy(block.data(), message.data(), kBlockSize);
    Absorb(state, block);
    message.remove_prefix(kBlockSize);
  }
  block.fill(0);
  if (!message.empty()) std::memcpy(block.data(), message.data(), message.size());
  block[message.size()] = 0x80;
  if (message.size() + 1 + sizeof(bit_length) > kBlockSize) {
    Absorb(state, block);
    block.fill(0);
  }
  PutBigEndian(bit_length, block.data() + kBlockSize - sizeof(bit_length), sizeof(bit_length));
  Absorb(state, block);

  Sha1Digest digest{};
  for (std::size_t i = 0; i < state.size(); ++i) PutBigEndian(state[i], digest.data() + 4 * i, 4);
  return digest;
}

}  // namespace winwire::engine
