#include "threads/module_pin.h"

#include <cerrno>
#include <system_error>

#include "abi/win_types.h"
#ifndef _WIN32
#include <dlfcn.h>
#endif

namespace winwire::threads {

#ifdef _WIN32

bool PinModule(const void* address) {
  HMODULE module = nullptr;
  return ::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                              static_cast<LPCWSTR>(address), &module) != 0;
}

void PinThisModule() {
  static constexpr char kInThisModule = 0;
  if (!PinModule(&kInThisModule)) {
    throw std::system_error(static_cast<int>(::GetLastError()), std::system_category());
  }
}

#else

bool PinModule(const void* address) {
  Dl_info module = {};
  if (::dladdr(address, &module) == 0) return false;
  // Null for the program itself, which is never unloaded. The reference is never given back: a C library may ignore
  // RTLD_NODELETE.
  static_cast<void>(::dlopen(module.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE));
  return true;
}

void PinThisModule() {
  static constexpr char kInThisModule = 0;
  if (!PinModule(&kInThisModule)) throw std::system_error(ENOENT, std::generic_category());
}

#endif

}  // namespace winwire::threads
