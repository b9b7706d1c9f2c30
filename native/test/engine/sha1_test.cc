#include "engine/sha1.h"

#include "test/check.h"
#include "test/support/bytes.h"

using namespace winwire;
using namespace winwire::test;

namespace {

std::string Sha1Hex(std::string_view message) {
  const engine::Sha1Digest digest = engine::Sha1(message);
  return ToHex(digest.data(), digest.size());
}

}  // namespace

TEST("sha1: the vectors of FIPS 180 and RFC 3174") {
  CHECK_EQ(Sha1Hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK_EQ(Sha1Hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK_EQ(Sha1Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
           "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK_EQ(Sha1Hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmno"
                   "pqrstnopqrstu"),
           "a49b2446a02c645bf419f995b67091253a04a259");
  CHECK_EQ(Sha1Hex(std::string(1000000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  std::string repeated;
  for (int i = 0; i < 80; ++i) repeated += "01234567";
  CHECK_EQ(Sha1Hex(repeated), "dea356a2cddd90c7a7ecedc5ebb563934f460452");
}

// Lengths around the padding's limits of 55 and 63 bytes, and their multiples.
TEST("sha1: messages of the lengths where the padding changes") {
  const std::pair<std::size_t, const char*> vectors[] = {
      {54, "b05d71c64979cb95fa74a33cdb31a40d258ae02e"},  {55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
      {56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},  {63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
      {64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},  {65, "11655326c708d70319be2610e8a57d9a5b959d3b"},
      {119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"}, {120, "f34c1488385346a55709ba056ddd08280dd4c6d6"},
      {128, "ad5b3fdbcb526778c2839d2f151ea753995e26a0"}};
  for (const auto& [size, digest] : vectors) CHECK_EQ(Sha1Hex(std::string(size, 'a')), digest, std::to_string(size));
}

TEST("sha1: the accept key of RFC 6455 section 1.3") {
  CHECK_EQ(Sha1Hex("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11"),
           "b37a4f2cc0624f1690f64606cf385945b2bec4ea");
}
