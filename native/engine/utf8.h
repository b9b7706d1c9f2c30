// Incremental UTF-8 validation (RFC 3629 section 4), for text that arrives in pieces cut anywhere.
#pragma once

#include <cstddef>
#include <cstdint>

namespace winwire::engine {

class Utf8Validator {
 public:
  // False as soon as the bytes fed so far cannot be the start of a well-formed text; the validator is then spent until
  // Reset.
  bool Feed(const std::uint8_t* bytes, std::size_t size);

  // Whether the text may end here: no sequence is open.
  bool Complete() const { return missing_ == 0; }

  void Reset() { *this = Utf8Validator(); }

 private:
  bool FeedByte(std::uint8_t byte);
  bool FeedScalar(const std::uint8_t* bytes, std::size_t size);

  // Continuation bytes still to come, and the range of the next one.
  std::uint8_t missing_ = 0;
  std::uint8_t lowest_ = 0x80;
  std::uint8_t highest_ = 0xBF;
};

}  // namespace winwire::engine
