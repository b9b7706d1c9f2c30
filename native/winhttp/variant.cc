#include "winhttp/variant.h"

#include <cstring>
#include <new>

#include "winhttp/bstr.h"

namespace winwire::winhttp {
namespace {

// One overload per member of Value.
struct Filler {
  VARIANT& target;

  void operator()(std::monostate) const { target.vt = VT_EMPTY; }
  void operator()(Null) const { target.vt = VT_NULL; }
  void operator()(Missing) const {
    target.vt = VT_ERROR;
    target.scode = abi::hresult::kDispParamNotFound;
  }
  void operator()(bool value) const {
    target.vt = VT_BOOL;
    target.boolVal = value ? VARIANT_TRUE : VARIANT_FALSE;
  }
  void operator()(std::int32_t value) const {
    target.vt = VT_I4;
    target.lVal = value;
  }
  void operator()(double value) const {
    target.vt = VT_R8;
    target.dblVal = value;
  }
  void operator()(const std::u16string& value) const {
    target.bstrVal = Bstr(value).Detach();
    target.vt = VT_BSTR;
  }
  void operator()(const Bytes& value) const {
    target.parray = MakeByteArray(value);
    target.vt = VT_ARRAY | VT_UI1;
  }
};

}  // namespace

Variant::Variant(const Value& value) {
  ::VariantInit(&value_);
  std::visit(Filler{value_}, value);
}

SAFEARRAY* MakeByteArray(const Bytes& bytes) {
  SAFEARRAY* array = ::SafeArrayCreateVector(VT_UI1, 0, static_cast<ULONG>(bytes.size()));
  if (array == nullptr) throw std::bad_alloc();
  void* data = nullptr;
  if (FAILED(::SafeArrayAccessData(array, &data))) {
    ::SafeArrayDestroy(array);
    throw std::bad_alloc();
  }
  if (!bytes.empty()) std::memcpy(data, bytes.data(), bytes.size());
  ::SafeArrayUnaccessData(array);
  return array;
}

// Checks the element size: an array need not know its VARTYPE.
bool IsByteArray(SAFEARRAY* array) {
  return array != nullptr && ::SafeArrayGetDim(array) == 1 && ::SafeArrayGetElemsize(array) == 1;
}

std::size_t ByteArraySize(SAFEARRAY* array) {
  LONG lower = 0;
  LONG upper = -1;
  if (!IsByteArray(array)) return 0;
  if (FAILED(::SafeArrayGetLBound(array, 1, &lower)) || FAILED(::SafeArrayGetUBound(array, 1, &upper))) return 0;
  return upper < lower ? 0 : static_cast<std::size_t>(static_cast<std::int64_t>(upper) - lower + 1);
}

Bytes CopyByteArray(SAFEARRAY* array) {
  Bytes bytes(ByteArraySize(array));
  void* data = nullptr;
  if (bytes.empty()) return bytes;
  if (FAILED(::SafeArrayAccessData(array, &data))) throw std::bad_alloc();
  std::memcpy(bytes.data(), data, bytes.size());
  ::SafeArrayUnaccessData(array);
  return bytes;
}

Value ToValue(const VARIANT& variant) {
  switch (variant.vt) {
    case VT_BOOL:
      return variant.boolVal != VARIANT_FALSE;
    case VT_I2:
      return std::int32_t{variant.iVal};
    case VT_I4:
    case VT_INT:
      return static_cast<std::int32_t>(variant.lVal);
    case VT_UI4:
    case VT_UINT:
      return static_cast<double>(variant.ulVal);
    case VT_R8:
      return variant.dblVal;
    case VT_BSTR:
      return TextOf(variant.bstrVal);
    case VT_NULL:
      return Null{};
    case VT_ARRAY | VT_UI1:
      return CopyByteArray(variant.parray);
    default:
      return {};
  }
}

}  // namespace winwire::winhttp
