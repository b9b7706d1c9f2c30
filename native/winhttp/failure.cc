#include "winhttp/failure.h"

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

Failure TakeFailure(HRESULT hr, const char* syscall) {
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
