// [Windows] SSPI: the table of secur32.dll, resolved at run time.
//
// Threads: any.
#pragma once

#include "abi/win_types.h"

// After <windows.h>, which it needs.
#ifndef SECURITY_WIN32
#define SECURITY_WIN32
#endif
#include <security.h>

#include <string>

namespace winwire::auth::sspi {

struct Api {
  // Null if it is not available.
  const SecurityFunctionTableW* table = nullptr;
  std::string file;
  std::string version;
  std::string provider;
  // Why it is not available: the file, the entry point and the Windows error; empty if it is.
  std::string reason;
  // Wine's packages read the plain SEC_WINNT_AUTH_IDENTITY only, and its Negotiate does not wrap tokens.
  bool is_wine = false;
};

// Loads System32's secur32.dll once, for the life of the process.
const Api& LoadApi();

}  // namespace winwire::auth::sspi
