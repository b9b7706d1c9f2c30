// Text of the system's functions, and the text that is wiped.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace winwire::auth {

// What the functions take: UTF-16 for SSPI, UTF-8 for GSSAPI.
#ifdef _WIN32
using TextChar = wchar_t;
#else
using TextChar = char;
#endif
using Text = std::basic_string<TextChar>;

// Overwrites memory; not left out by a compiler that knows it is freed next.
inline void Wipe(void* memory, std::size_t size) {
  auto* bytes = static_cast<volatile unsigned char*>(memory);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = 0;
}

// Text of a fixed length, terminated, which is wiped before its memory is freed and never copied.
class Secret {
 public:
  Secret() : Secret(0) {}
  explicit Secret(std::size_t length) : text_(std::make_unique<TextChar[]>(length + 1)), length_(length) {}
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)), length_(std::exchange(other.length_, 0)) {}
  Secret& operator=(Secret&& other) noexcept {
    std::swap(text_, other.text_);
    std::swap(length_, other.length_);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() {
    if (text_) Wipe(text_.get(), length_ * sizeof(TextChar));
  }

  // Room for the terminator included.
  TextChar* data() { return text_.get(); }
  const TextChar* data() const { return text_.get(); }
  std::size_t length() const { return length_; }

 private:
  std::unique_ptr<TextChar[]> text_;
  std::size_t length_;
};

}  // namespace winwire::auth
