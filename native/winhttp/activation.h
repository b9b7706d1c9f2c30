// Creates an object of the class.
#pragma once

#include "winhttp/apartment.h"
#include "winhttp/com_ptr.h"
#include "winhttp/values.h"

namespace winwire::winhttp {

// The syscall of errors while connecting the event sink.
inline constexpr const char* kAdvise = "IConnectionPoint::Advise";

CallResult MakeObject(Apartment& apartment, ComPtr<abi::IWinHttpRequest>* object);

}  // namespace winwire::winhttp
