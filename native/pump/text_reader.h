// Makes text ready for JavaScript as it comes, and checks that it is UTF-8.
#pragma once

#include <cstdint>
#include <span>

#include "engine/utf8.h"
#include "pump/inbound.h"

namespace winwire::pump {

class TextReader {
 public:
  // With `checks` text that is not UTF-8 is an error, across parts too.
  explicit TextReader(bool checks) : checks_(checks) {}

  // Says in the next item how these bytes of a message are to be read; that of text which is in the text area is
  // complete. False for text that is not UTF-8.
  bool Read(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::span<const std::uint8_t> bytes, Inbound& inbound);

 private:
  bool Check(std::span<const std::uint8_t> bytes);

  bool checks_;
  // A part of a text message was read that another one follows.
  bool in_text_ = false;
  engine::Utf8Validator validator_;
};

}  // namespace winwire::pump
