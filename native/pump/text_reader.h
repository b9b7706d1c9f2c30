// Converts text for JavaScript as it arrives, and validates UTF-8.
#pragma once

#include <cstdint>
#include <span>

#include "engine/utf8.h"
#include "pump/inbound.h"

namespace winwire::pump {

class TextReader {
 public:
  // With `checks` invalid UTF-8 is an error, across parts too.
  explicit TextReader(bool checks) : checks_(checks) {}

  // Sets the encoding of these bytes of a message in the next item; the item of text in the text area is complete.
  // Returns false for text that is not UTF-8.
  bool Read(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::span<const std::uint8_t> bytes, Inbound& inbound);

 private:
  bool Check(std::span<const std::uint8_t> bytes);

  bool checks_;
  // The last part of a text message is missing.
  bool in_text_ = false;
  engine::Utf8Validator validator_;
};

}  // namespace winwire::pump
