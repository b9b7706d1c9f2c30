#include "engine/http_headers.h"

#include <algorithm>

namespace winwire::engine {
namespace {

using abi::HRESULT;
using abi::ULONG;

constexpr std::string_view kBlanks = " \t";

constexpr bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

constexpr bool IsTokenCharacter(char c) {
  return IsAlphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

constexpr char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool IsFieldValue(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string_view ViewOf(const abi::CHAR* text, ULONG length) {
  return length == 0 ? std::string_view() : std::string_view(text, length);
}

}  // namespace

bool IsToken(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter); }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return ToLower(x) == ToLower(y); });
}

std::vector<std::string_view> SplitList(std::string_view value) {
  std::vector<std::string_view> elements;
  for (;;) {
    const std::size_t comma = value.find(',');
    const std::string_view element = Trim(value.substr(0, comma));
    if (!element.empty()) elements.push_back(element);
    if (comma == std::string_view::npos) return elements;
    value.remove_prefix(comma + 1);
  }
}

std::string_view ExtensionName(std::string_view extension) { return Trim(extension.substr(0, extension.find(';'))); }

HRESULT HeadersView::Read(const abi::WEB_SOCKET_HTTP_HEADER* headers, ULONG count, HeadersView& view) {
  if (headers == nullptr && count > 0) return abi::hresult::kInvalidArg;
  view.headers_.reserve(count);
  for (ULONG i = 0; i < count; ++i) {
    const auto& header = headers[i];
    if (header.pcName == nullptr || (header.pcValue == nullptr && header.ulValueLength > 0)) {
      return abi::hresult::kInvalidArg;
    }
    const std::string_view name = ViewOf(header.pcName, header.ulNameLength);
    const std::string_view value = ViewOf(header.pcValue, header.ulValueLength);
    if (!IsToken(name) || !IsFieldValue(value)) return abi::hresult::kInvalidProtocolFormat;
    view.headers_.emplace_back(name, Trim(value));
  }
  return abi::hresult::kOk;
}

std::size_t HeadersView::Count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers_.begin(), headers_.end(), [name](const auto& header) { return EqualsIgnoringCase(header.first, name); }));
}

const std::string_view* HeadersView::Single(std::string_view name) const {
  const std::string_view* found = nullptr;
  for (const auto& [header_name, value] : headers_) {
    if (!EqualsIgnoringCase(header_name, name)) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  return found;
}

std::vector<std::string_view> HeadersView::List(std::string_view name) const {
  std::vector<std::string_view> elements;
  for (const auto& [header_name, value] : headers_) {
    if (!EqualsIgnoringCase(header_name, name)) continue;
    const auto more = SplitList(value);
    elements.insert(elements.end(), more.begin(), more.end());
  }
  return elements;
}

bool HeadersView::HasToken(std::string_view name, std::string_view token) const {
  const auto elements = List(name);
  return std::any_of(elements.begin(), elements.end(),
                     [token](std::string_view element) { return EqualsIgnoringCase(element, token); });
}

void HeaderList::Add(std::string_view name, std::string value) { headers_.emplace_back(name, std::move(value)); }

LentHeaders HeaderList::Lend() {
  lent_.clear();
  lent_.reserve(headers_.size());
  for (auto& [name, value] : headers_) {
    lent_.push_back({name.data(), static_cast<ULONG>(name.size()), value.data(), static_cast<ULONG>(value.size())});
  }
  return {lent_.data(), static_cast<ULONG>(lent_.size())};
}

}  // namespace winwire::engine
