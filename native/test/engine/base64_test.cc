#include "engine/base64.h"

#include "test/check.h"
#include "test/support/bytes.h"

using namespace winwire;
using namespace winwire::test;

namespace {

std::string Encode(const Bytes& bytes) { return engine::EncodeBase64(bytes.data(), bytes.size()); }

}  // namespace

TEST("base64: the vectors of RFC 4648 section 10") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, encoded] : vectors) {
    CHECK_EQ(Encode(FromText(text)), encoded);
    CHECK_EQ(engine::DecodedBase64Size(encoded), static_cast<std::ptrdiff_t>(std::string_view(text).size()));
  }
}

TEST("base64: every digit of the alphabet") {
  CHECK_EQ(Encode(FromHex(
               "00108310518720928b30d38f41149351559761969b71d79f8218a39259a7a29aabb2dbafc31cb3d35db7e39ebbf3dfbf")),
           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

TEST("base64: the size of every length that was encoded") {
  for (std::size_t size = 0; size < 64; ++size) {
    CHECK_EQ(engine::DecodedBase64Size(Encode(Pattern(size))), static_cast<std::ptrdiff_t>(size));
  }
}

TEST("base64: invalid texts") {
  const char* const wrong[] = {"A",    "AA",   "AAA",      "AAAAA",      "=",        "==",      "===",
                               "====", "A===", "AAA=AAAA", "AA=A",       "A=AA",     "=AAA",    "AA AA",
                               "AA-A", "AA_A", "AAA\n",    "AAA.",       "AA@A",     "AA[A",    "AA`A",
                               "AA{A", "AA:A", "AA,A",     "\303\251AA", "AAAA====", "AA==AA=="};
  for (const char* text : wrong) CHECK_EQ(engine::DecodedBase64Size(text), -1, text);
}

TEST("base64: bits that no byte uses are zero") {
  CHECK_EQ(engine::DecodedBase64Size("AA=="), 1);
  CHECK_EQ(engine::DecodedBase64Size("AQ=="), 1);
  for (const char* text : {"AB==", "AC==", "AE==", "AI==", "A/=="}) CHECK_EQ(engine::DecodedBase64Size(text), -1, text);
  CHECK_EQ(engine::DecodedBase64Size("AAA="), 2);
  CHECK_EQ(engine::DecodedBase64Size("AAE="), 2);
  for (const char* text : {"AAB=", "AAC=", "AA/="}) CHECK_EQ(engine::DecodedBase64Size(text), -1, text);
}
