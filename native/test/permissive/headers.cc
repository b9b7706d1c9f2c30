#include "test/permissive/headers.h"

#include <algorithm>
#include <utility>

namespace winwire::test::permissive {
namespace {

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

}  // namespace

void LentHeaders::Take(Variants& variants, const abi::WEB_SOCKET_HTTP_HEADER* headers, abi::ULONG count) {
  headers_.clear();
  for (abi::ULONG i = 0; i < count; ++i) {
    Add({headers[i].pcName, headers[i].ulNameLength}, {headers[i].pcValue, headers[i].ulValueLength});
  }
  if (!variants.Has(Variant::kHeaders)) return;
  Choices& choices = variants.choices();
  if (choices.OneIn(2)) Add("Cache-Control", "no-cache");
  if (choices.OneIn(2)) Add("X-Component", "more than is asked for");
  for (std::size_t i = headers_.size(); i > 1; --i) {
    std::swap(headers_[i - 1], headers_[choices.Below(static_cast<std::uint32_t>(i))]);
  }
  const std::uint32_t letters = choices.Below(3);
  for (Header& header : headers_) {
    if (letters > 0) std::ranges::transform(header.name, header.name.begin(), letters == 1 ? ToLower : ToUpper);
    // Bytes after the length are not part of the value.
    header.value += '!';
  }
}

abi::WEB_SOCKET_HTTP_HEADER* LentHeaders::Lend(abi::ULONG& count) {
  lent_.clear();
  for (Header& header : headers_) {
    const bool is_marked = header.value.ends_with('!');
    lent_.push_back({header.name.data(), static_cast<abi::ULONG>(header.name.size()), header.value.data(),
                     static_cast<abi::ULONG>(header.value.size() - (is_marked ? 1 : 0))});
  }
  count = static_cast<abi::ULONG>(lent_.size());
  return lent_.data();
}

bool IsSubprotocol(const abi::WEB_SOCKET_HTTP_HEADER& header) {
  std::string name(header.pcName, header.ulNameLength);
  std::ranges::transform(name, name.begin(), ToLower);
  return name == "sec-websocket-protocol";
}

}  // namespace winwire::test::permissive
