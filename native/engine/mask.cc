#include "engine/mask.h"

#include <bit>
#include <cstring>

#include "engine/processor.h"
#include "engine/simd.h"

namespace winwire::engine {
namespace {

// The key from `position` on, in a register: writing single bytes and reading them as a word at once would stall.
std::uint32_t RotatedKey(const MaskKey& key, std::uint64_t position) {
  const int bits = 8 * static_cast<int>(position & 3);
  const auto word = std::bit_cast<std::uint32_t>(key);
  return std::endian::native == std::endian::little ? std::rotr(word, bits) : std::rotl(word, bits);
}

template <typename Word>
void XorWord(const std::uint8_t* from, std::uint8_t* to, Word key) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  word ^= key;
  std::memcpy(to, &word, sizeof(word));
}

#if WINWIRE_SIMD
// Processes whole lines; returns the number of bytes.
template <bool kPrefetches>
std::size_t XorLines(const std::uint8_t* from, std::uint8_t* to, std::size_t size, Bytes16 wide) {
  std::size_t done = 0;
  for (; size - done >= 64; done += 64) {
    if constexpr (kPrefetches) {
      Prefetch(from + done + kPrefetchRead);
      Prefetch(to + done + kPrefetchWrite);
    }
    (Bytes64::Load(from + done) ^ wide).Store(to + done);
  }
  return done;
}
#endif

}  // namespace

void ApplyMask(const std::uint8_t* from, std::uint8_t* to, std::size_t size, const MaskKey& key,
               std::uint64_t position) {
  const std::uint32_t word = RotatedKey(key, position);
  std::size_t done = 0;
#if WINWIRE_SIMD
  const Bytes16 wide = Bytes16::FillWord(word);
  if (size >= 64)
    done = PrefersPrefetch() ? XorLines<true>(from, to, size, wide) : XorLines<false>(from, to, size, wide);
  for (; size - done >= 16; done += 16) (Bytes16::Load(from + done) ^ wide).Store(to + done);
#endif
  const std::uint64_t double_word = (std::uint64_t{word} << 32) | word;
  for (; size - done >= 8; done += 8) XorWord(from + done, to + done, double_word);
  if (size - done >= 4) {
    XorWord(from + done, to + done, word);
    done += 4;
  }
  const auto rotated = std::bit_cast<MaskKey>(word);
  for (; done < size; ++done) to[done] = static_cast<std::uint8_t>(from[done] ^ rotated[done & 3]);
}

}  // namespace winwire::engine
