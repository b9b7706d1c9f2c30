// What a failure of GSSAPI means.
#pragma once

#include <string_view>

#include "auth/gss_api.h"
#include "auth/mechanism.h"

namespace winwire::auth::gss {

// Called on the thread of the failed call, right after it: the library keeps its text by thread. `mechanism` is the one
// to which the minor status belongs.
Failure FailureOf(const Api& api, const char* syscall, GssStatus status, Oid mechanism);

// By the minor status if it is one of Kerberos, else by the mechanism's text, else by the major status: the library
// replaces minor statuses inside SPNEGO by other numbers.
Reason ReasonOf(GssStatus status, std::string_view text);

}  // namespace winwire::auth::gss
