#include "winhttp/module_pin.h"

#include "abi/win_types.h"

namespace winwire::winhttp {

bool PinModule(const void* address) {
  HMODULE module = nullptr;
  return ::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                              static_cast<LPCWSTR>(address), &module) != 0;
}

bool PinThisModule() {
  static constexpr char kInThisModule = 0;
  return PinModule(&kInThisModule);
}

}  // namespace winwire::winhttp
