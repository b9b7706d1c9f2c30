// Converts the result of a call, and COM's error object, into a Failure.
#pragma once

#include "winhttp/values.h"

namespace winwire::winhttp {

// Call it on the failing thread before any other COM call: it removes the thread's error object.
Failure TakeFailure(HRESULT hr, const char* syscall);

// A call violated its contract: E_UNEXPECTED, with the returned value.
Failure BrokenContract(const char* syscall, HRESULT returned);

// Returns nothing for S_OK, the only success of the members.
inline CallResult ToResult(HRESULT hr, const char* syscall) {
  CallResult result;
  if (hr != S_OK) result.failure = TakeFailure(hr, syscall);
  return result;
}

}  // namespace winwire::winhttp
