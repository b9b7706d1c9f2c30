// An owned BSTR of exact length: it may contain NUL.
#pragma once

#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "abi/winhttp_abi.h"

namespace winwire::winhttp {

class Bstr {
 public:
  Bstr() = default;
  explicit Bstr(std::u16string_view text)
      : text_(::SysAllocStringLen(reinterpret_cast<const OLECHAR*>(text.data()), static_cast<UINT>(text.size()))) {
    if (text_ == nullptr) throw std::bad_alloc();
  }
  Bstr(const Bstr&) = delete;
  Bstr& operator=(const Bstr&) = delete;
  Bstr(Bstr&& other) noexcept : text_(std::exchange(other.text_, nullptr)) {}
  Bstr& operator=(Bstr&& other) noexcept {
    std::swap(text_, other.text_);
    return *this;
  }
  ~Bstr() { ::SysFreeString(text_); }

  BSTR Get() const { return text_; }
  BSTR Detach() { return std::exchange(text_, nullptr); }

  // For an out parameter. The value after a failed call is undefined and must not be freed (Forget).
  BSTR* Put() {
    ::SysFreeString(std::exchange(text_, nullptr));
    return &text_;
  }
  void Forget() { text_ = nullptr; }

 private:
  BSTR text_ = nullptr;
};

// NULL means the empty string.
inline std::u16string TextOf(BSTR text) {
  if (text == nullptr) return {};
  return std::u16string(reinterpret_cast<const char16_t*>(text), ::SysStringLen(text));
}

}  // namespace winwire::winhttp
