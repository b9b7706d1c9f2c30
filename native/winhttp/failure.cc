#include "winhttp/failure.h"

#include <utility>

#include "winhttp/bstr.h"
#include "winhttp/com_ptr.h"

namespace winwire::winhttp {
namespace {

// System texts end in CR LF (spec: "compare codes, never texts").
std::u16string WithoutLineEnd(std::u16string text) {
  while (!text.empty() && (text.back() == u'\n' || text.back() == u'\r' || text.back() == u' ')) text.pop_back();
  return text;
}

}  // namespace

Failure BrokenContract(const char* syscall, HRESULT returned) {
  constexpr char16_t kDigits[] = u"0123456789ABCDEF";
  std::u16string text = u"it returned 0x";
  for (int shift = 28; shift >= 0; shift -= 4) {
    text += kDigits[(abi::hresult::ToBits(returned) >> shift) & 0xF];
  }
  return {abi::hresult::kUnexpected, syscall, std::move(text)};
}

Failure TakeFailure(HRESULT hr, const char* syscall) {
  if (!abi::Failed(hr)) return BrokenContract(syscall, hr);
  Failure failure{hr, syscall, {}};
  ComPtr<IErrorInfo> info;
  if (::GetErrorInfo(0, info.Put()) != S_OK || !info) return failure;
  Bstr description;
  if (SUCCEEDED(info->GetDescription(description.Put()))) {
    failure.description = WithoutLineEnd(TextOf(description.Get()));
  } else {
    description.Forget();
  }
  return failure;
}

}  // namespace winwire::winhttp
