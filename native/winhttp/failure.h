// Turns a failing HRESULT and COM's error object into a Failure.
#pragma once

#include "winhttp/values.h"

namespace winwire::winhttp {

// To be called on the failing thread before any other COM call: takes the thread's error object with it.
Failure TakeFailure(HRESULT hr, const char* syscall);

// Nothing for success.
inline CallResult ToResult(HRESULT hr, const char* syscall) {
  CallResult result;
  if (abi::Failed(hr)) result.failure = TakeFailure(hr, syscall);
  return result;
}

}  // namespace winwire::winhttp
