#include "binding/packed_strings.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace winwire::binding {

namespace {

// Calls visit(start, length) for each entry.
template <typename Visit>
void ForEachEntry(std::string& packed, Visit visit) {
  std::size_t start = 0;
  for (std::size_t end = packed.find('\0'); end != std::string::npos; end = packed.find('\0', start)) {
    visit(packed.data() + start, end - start);
    start = end + 1;
  }
}

std::size_t EntryCount(const std::string& packed) {
  return static_cast<std::size_t>(std::count(packed.begin(), packed.end(), '\0'));
}

}  // namespace

TokenList::TokenList(std::string packed) : packed_(std::move(packed)) {
  tokens_.reserve(EntryCount(packed_));
  ForEachEntry(packed_, [this](const char* token, std::size_t) { tokens_.push_back(token); });
}

HeaderArray::HeaderArray(std::string packed) : packed_(std::move(packed)) {
  headers_.reserve(EntryCount(packed_) / 2 + 1);
  bool is_name = true;
  ForEachEntry(packed_, [this, &is_name](char* text, std::size_t size) {
    const auto length = static_cast<abi::ULONG>(size);
    if (is_name) {
      headers_.push_back({text, length, nullptr, 0});
    } else {
      headers_.back().pcValue = text;
      headers_.back().ulValueLength = length;
    }
    is_name = !is_name;
  });
}

}  // namespace winwire::binding
