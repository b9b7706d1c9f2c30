// The members of IWinHttpRequest by number.
#pragma once

#include "binding/winhttp_arguments.h"
#include "winhttp/request.h"

namespace winwire::binding {

// lib/winhttp/system/winhttp-native.ts has the same list. `kCreate` creates the object, as every other member does too.
enum class WinHttpMember : std::int32_t {
  kCreate = 0,
  kSetProxy,
  kSetCredentials,
  kOpen,
  kSetRequestHeader,
  kGetResponseHeader,
  kGetAllResponseHeaders,
  kStatus,
  kStatusText,
  kResponseText,
  kResponseBody,
  kGetOption,
  kPutOption,
  kSetTimeouts,
  kSetClientCertificate,
  kSetAutoLogonPolicy,
};

// Parses the arguments and posts the call.
void InvokeMember(winhttp::Request& request, WinHttpMember member, const WinHttpArguments& arguments,
                  winhttp::Request::Done done);

}  // namespace winwire::binding
