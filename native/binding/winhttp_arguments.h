// Parses the arguments of lib/winhttp/system/system-object.ts, which has checked the types; other values parse as
// missing or zero.
#pragma once

#include <napi.h>

#include "winhttp/values.h"

namespace winwire::binding {

// The arguments of one call, from an index on.
class WinHttpArguments {
 public:
  WinHttpArguments(const Napi::CallbackInfo& info, std::size_t first) : info_(info), first_(first) {}

  Napi::Value At(std::size_t index) const { return info_[first_ + index]; }
  double Number(std::size_t index) const;
  // The low 32 bits, for any sign.
  std::int32_t Integer(std::size_t index) const;
  bool Boolean(std::size_t index) const;
  // null is a NULL BSTR.
  winhttp::Text Text(std::size_t index) const;
  winhttp::Value Value(std::size_t index) const;

 private:
  const Napi::CallbackInfo& info_;
  std::size_t first_;
};

std::u16string ReadText(Napi::Value value);

// undefined is a missing VARIANT, null VT_NULL; a 32-bit integer is VT_I4.
winhttp::Value ReadValue(Napi::Value value);

// method, URL, headers (names and values in turn), body, limit of the body, whether progress is wanted, settings or
// undefined.
winhttp::RequestSpec ReadRequestSpec(const WinHttpArguments& arguments);

}  // namespace winwire::binding
