// Turns what a call returned, and COM's error object, into a Failure.
#pragma once

#include "winhttp/values.h"

namespace winwire::winhttp {

// To be called on the failing thread before any other COM call: takes the thread's error object with it.
Failure TakeFailure(HRESULT hr, const char* syscall);

// A call did what its contract has no room for: E_UNEXPECTED, and what it returned.
Failure BrokenContract(const char* syscall, HRESULT returned);

// Nothing for S_OK, which is all that the members return for success.
inline CallResult ToResult(HRESULT hr, const char* syscall) {
  CallResult result;
  if (hr != S_OK) result.failure = TakeFailure(hr, syscall);
  return result;
}

}  // namespace winwire::winhttp
