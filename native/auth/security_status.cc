#include "auth/security_status.h"

#include <algorithm>
#include <iterator>

namespace winwire::auth {
namespace {

struct Entry {
  Reason reason;
  std::int32_t status;
};

// The first entry of a reason is what StatusOf returns.
constexpr Entry kEntries[] = {
    {Reason::kOther, status::kInternalError},
    {Reason::kNoTicket, status::kNoCredentials},
    {Reason::kNoTicket, status::kUnknownCredentials},
    {Reason::kNoTicket, status::kContextExpired},
    {Reason::kNoMechanism, status::kPackageNotFound},
    {Reason::kClockSkew, status::kTimeSkew},
    {Reason::kUnknownService, status::kTargetUnknown},
    {Reason::kUnknownService, status::kWrongPrincipal},
    {Reason::kPasswordExpired, status::kPasswordExpired},
    {Reason::kPasswordExpired, status::kPasswordMustChange},
    {Reason::kPasswordExpired, status::kNtPasswordExpired},
    {Reason::kPasswordExpired, status::kNtPasswordMustChange},
    {Reason::kRejected, status::kLogonDenied},
    {Reason::kKdcUnreachable, status::kNoAuthority},
    {Reason::kWrongToken, status::kInvalidToken},
    {Reason::kWrongToken, status::kMessageAltered},
    {Reason::kWrongToken, status::kOutOfSequence},
    {Reason::kWrongToken, status::kBadBindings},
    {Reason::kWrongToken, status::kMutualAuthFailed},
};

}  // namespace

Reason ReasonOf(std::int32_t status) {
  const auto* const entry =
      std::find_if(std::begin(kEntries), std::end(kEntries), [&](const Entry& each) { return each.status == status; });
  return entry == std::end(kEntries) ? Reason::kOther : entry->reason;
}

std::int32_t StatusOf(Reason reason) {
  const auto* const entry =
      std::find_if(std::begin(kEntries), std::end(kEntries), [&](const Entry& each) { return each.reason == reason; });
  return entry == std::end(kEntries) ? status::kInternalError : entry->status;
}

}  // namespace winwire::auth
