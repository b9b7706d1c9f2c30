// Owners of what GSSAPI allocates.
#pragma once

#include <string>
#include <string_view>

#include "auth/gss_api.h"

namespace winwire::auth::gss {

// A name, a credential or a set of OIDs, with its function of Api for releasing.
template <class Handle>
class Owned {
 public:
  using Release = Uint32 (*)(Uint32*, Handle*);

  explicit Owned(Release release) : release_(release) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() {
    Uint32 minor = 0;
    if (handle_ != nullptr) release_(&minor, &handle_);
  }

  Handle get() const { return handle_; }
  // For the function that creates it.
  Handle* out() { return &handle_; }

 private:
  Release release_;
  Handle handle_ = nullptr;
};

// A buffer that the library fills.
class OwnedBuffer {
 public:
  explicit OwnedBuffer(const Api& api) : api_(api) {}
  OwnedBuffer(const OwnedBuffer&) = delete;
  OwnedBuffer& operator=(const OwnedBuffer&) = delete;
  ~OwnedBuffer() {
    Uint32 minor = 0;
    api_.gss_release_buffer(&minor, &buffer_);
  }

  BufferDesc* out() { return &buffer_; }
  std::string_view view() const {
    if (buffer_.length == 0) return {};
    return {static_cast<const char*>(buffer_.value), buffer_.length};
  }
  // Without the terminator that some mechanisms count.
  std::string text() const { return std::string(view().substr(0, view().find('\0'))); }

 private:
  const Api& api_;
  BufferDesc buffer_{0, nullptr};
};

// A buffer for the library to read.
inline BufferDesc ToBuffer(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

}  // namespace winwire::auth::gss
