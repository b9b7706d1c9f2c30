// Incremental UTF-8 validation (RFC 3629 section 4), for text split anywhere.
#pragma once

#include <cstddef>
#include <cstdint>

namespace winwire::engine {

class Utf8Validator {
 public:
  // Returns false as soon as the bytes cannot be the start of well-formed text; then call Reset.
  bool Feed(const std::uint8_t* bytes, std::size_t size);

  // Whether the text may end here: no sequence is incomplete.
  bool Complete() const { return missing_ == 0; }

  void Reset() { *this = Utf8Validator(); }

 private:
  bool FeedByte(std::uint8_t byte);
  bool FeedScalar(const std::uint8_t* bytes, std::size_t size);

  // Missing continuation bytes, and the range of the next one.
  std::uint8_t missing_ = 0;
  std::uint8_t lowest_ = 0x80;
  std::uint8_t highest_ = 0xBF;
};

}  // namespace winwire::engine
