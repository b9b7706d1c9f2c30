#include "winhttp/wine_8_workarounds.h"

#include <utility>

#include "winhttp/bstr.h"
#include "winhttp/variant.h"

namespace winwire::winhttp::wine8 {
namespace {

// Measured: a Send that returns at all does so within 4 ms of its Abort.
constexpr std::chrono::milliseconds kPatience{60};

// Port 1 of the loopback interface: refused at once.
constexpr char16_t kClosedPort[] = u"http://127.0.0.1:1/";

bool DetectWine() {
  const HMODULE ntdll = ::GetModuleHandleW(L"ntdll.dll");
  return ntdll != nullptr && ::GetProcAddress(ntdll, "wine_get_version") != nullptr;
}

}  // namespace

bool IsWine() {
  static const bool is_wine = DetectWine();
  return is_wine;
}

bool IsSpoiltBy(VARIANT_BOOL succeeded) { return succeeded == kUnwritten && IsWine(); }

void RescueSynchronousSend(Apartment& apartment, ComPtr<abi::IWinHttpRequest> object,
                           std::function<bool()> is_in_send) {
  if (!IsWine()) return;
  apartment.After(kPatience, [object = std::move(object), is_in_send = std::move(is_in_send)] {
    if (!is_in_send()) return;
    object->Open(Bstr(u"GET").Get(), Bstr(kClosedPort).Get(), Variant(true).Get());
    object->Send(Variant(Missing{}).Get());
  });
}

}  // namespace winwire::winhttp::wine8
