#include "winhttp/wine_8_workarounds.h"

#include <cstring>
#include <deque>
#include <mutex>
#include <utility>

#include "winhttp/bstr.h"
#include "winhttp/variant.h"

namespace winwire::winhttp::wine8 {
namespace {

// Measured: a Send that returns at all does so within 4 ms of its Abort.
constexpr std::chrono::milliseconds kPatience{60};

// Port 1 of the loopback interface: refused at once.
constexpr char16_t kClosedPort[] = u"http://127.0.0.1:1/";

// A server that has been silent this long will hardly answer a cancelled request.
constexpr std::chrono::minutes kKeptAborted{1};

struct AbortedObject {
  Apartment::Clock::time_point since;
  ComPtr<abi::IWinHttpRequest> object;
};

struct AbortedObjects {
  std::mutex mutex;
  std::deque<AbortedObject> list;  // oldest first
};

// Never destroyed: nothing may be released at the end of the process.
AbortedObjects& KeptObjects() {
  static AbortedObjects& objects = *new AbortedObjects();
  return objects;
}

using VersionFunction = const char*(__cdecl*)();

// Null on Windows.
VersionFunction FindVersionFunction() {
  const HMODULE ntdll = ::GetModuleHandleW(L"ntdll.dll");
  const FARPROC address = ntdll == nullptr ? nullptr : ::GetProcAddress(ntdll, "wine_get_version");
  VersionFunction function = nullptr;
  static_assert(sizeof(address) == sizeof(function));
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return function;
}

}  // namespace

bool IsWine() {
  static const bool is_wine = FindVersionFunction() != nullptr;
  return is_wine;
}

std::string WineVersion() {
  auto* const version = FindVersionFunction();
  return version == nullptr ? std::string() : version();
}

bool IsUnusableAfter(VARIANT_BOOL succeeded) { return succeeded == kUnwritten && IsWine(); }

bool IsUnusableAfterAbort() { return IsWine(); }

void RescueSynchronousSend(Apartment& apartment, ComPtr<abi::IWinHttpRequest> object,
                           std::function<bool()> is_in_send) {
  if (!IsWine()) return;
  apartment.After(kPatience, [object = std::move(object), is_in_send = std::move(is_in_send)] {
    if (!is_in_send()) return;
    object->Open(Bstr(u"GET").Get(), Bstr(kClosedPort).Get(), Variant(true).Get());
    object->Send(Variant(Missing{}).Get());
  });
}

void ReleaseLater(ComPtr<abi::IWinHttpRequest> object) {
  if (!IsWine()) return;
  const Apartment::Clock::time_point now = Apartment::Clock::now();
  std::deque<AbortedObject> expired;
  AbortedObjects& kept = KeptObjects();
  const std::lock_guard lock(kept.mutex);
  kept.list.push_back({now, std::move(object)});
  while (kept.list.front().since + kKeptAborted < now) {
    expired.push_back(std::move(kept.list.front()));
    kept.list.pop_front();
  }
}

}  // namespace winwire::winhttp::wine8
