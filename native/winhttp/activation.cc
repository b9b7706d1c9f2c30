#include "winhttp/activation.h"

#include "winhttp/failure.h"

namespace winwire::winhttp {

CallResult MakeObject(Apartment& apartment, ComPtr<abi::IWinHttpRequest>* object) {
  constexpr const char* kSyscall = "CoCreateInstance";
  const Apartment::Bounded call(apartment, kSyscall);
  const HRESULT hr = ::CoCreateInstance(abi::CLSID_WinHttpRequest, nullptr, CLSCTX_INPROC_SERVER,
                                        abi::IID_IWinHttpRequest, object->PutVoid());
  CallResult result = ToResult(hr, kSyscall);
  if (!result.failure && !*object) result.failure = BrokenContract(kSyscall, hr);
  return result;
}

}  // namespace winwire::winhttp
