#include "pump/text_reader.h"

#include "pump/text.h"

namespace winwire::pump {

bool TextReader::Read(abi::WEB_SOCKET_BUFFER_TYPE buffer_type, std::span<const std::uint8_t> bytes, Inbound& inbound) {
  Item& item = inbound.Next();
  item.buffer_type = static_cast<std::uint32_t>(buffer_type);
  item.detail = static_cast<std::uint32_t>(Encoding::kBytes);
  const bool last = buffer_type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
  if (!last && buffer_type != abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE) return true;
  const bool whole = last && !in_text_;
  in_text_ = !last;
  if (whole && IsAscii(bytes)) {
    item.detail = static_cast<std::uint32_t>(Encoding::kAscii);
    return true;
  }
  // There are at most as many units as bytes.
  if (!whole || bytes.size() > inbound.TextCapacity()) return Check(bytes);
  std::size_t units = 0;
  if (!DecodeUtf8(bytes, inbound.text.data() + inbound.text_used, units)) return !checks_;
  item.detail = static_cast<std::uint32_t>(Encoding::kUtf16);
  item.offset = static_cast<std::uint32_t>(inbound.text_used * sizeof(char16_t));
  item.length = static_cast<std::uint32_t>(units * sizeof(char16_t));
  inbound.text_used += units;
  return true;
}

// A message may not end inside a character (RFC 6455 section 8.1).
bool TextReader::Check(std::span<const std::uint8_t> bytes) {
  if (!checks_) return true;
  return validator_.Feed(bytes.data(), bytes.size()) && (in_text_ || validator_.Complete());
}

}  // namespace winwire::pump
