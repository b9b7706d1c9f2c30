// An owned VARIANT, and conversions to and from Value.
#pragma once

#include "abi/winhttp_abi.h"
#include "winhttp/values.h"

namespace winwire::winhttp {

class Variant {
 public:
  Variant() { ::VariantInit(&value_); }
  // Throws std::bad_alloc if a string or an array cannot be allocated.
  explicit Variant(const Value& value);
  Variant(const Variant&) = delete;
  Variant& operator=(const Variant&) = delete;
  ~Variant() { ::VariantClear(&value_); }

  // Pass it by value: the callee gets a bitwise copy and does not own it.
  const VARIANT& Get() const { return value_; }
  // Null for every other type, whose pointer is undefined: VariantInit does not set it.
  SAFEARRAY* ByteArray() const { return value_.vt == (VT_ARRAY | VT_UI1) ? value_.parray : nullptr; }
  VARIANT* Put() {
    ::VariantClear(&value_);
    return &value_;
  }
  // The out parameter of a failed call is undefined and must not be cleared.
  void Forget() { ::VariantInit(&value_); }

 private:
  VARIANT value_{};
};

// One dimension of VT_UI1, lower bound 0 (Wine 8.0 over-reads any other). The caller owns it.
SAFEARRAY* MakeByteArray(const Bytes& bytes);

// One dimension of one-byte elements.
bool IsByteArray(SAFEARRAY* array);

// Returns 0 unless it is a one-dimensional array of bytes.
std::size_t ByteArraySize(SAFEARRAY* array);

Bytes CopyByteArray(SAFEARRAY* array);

// VT_EMPTY, VT_BOOL, integers, VT_R8, VT_BSTR and byte arrays; monostate for every other type.
Value ToValue(const VARIANT& variant);

}  // namespace winwire::winhttp
