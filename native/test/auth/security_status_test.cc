// What status codes mean.
#include "auth/security_status.h"

#include "test/check.h"

namespace winwire::test {

using auth::Reason;

TEST("security status: the status of each reason has this reason") {
  for (int number = 0; number <= static_cast<int>(Reason::kWrongToken); ++number) {
    const auto reason = static_cast<Reason>(number);
    CHECK_EQ(auth::ReasonOf(auth::StatusOf(reason)), reason);
  }
}

TEST("security status: faults that callers must tell apart have different reasons") {
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x8009030E)), Reason::kNoTicket);         // SEC_E_NO_CREDENTIALS
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80090305)), Reason::kNoMechanism);      // SEC_E_SECPKG_NOT_FOUND
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80090324)), Reason::kClockSkew);        // SEC_E_TIME_SKEW
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80090303)), Reason::kUnknownService);   // SEC_E_TARGET_UNKNOWN
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80070773)), Reason::kPasswordExpired);  // must change
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x8009030C)), Reason::kRejected);         // SEC_E_LOGON_DENIED
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80090311)), Reason::kKdcUnreachable);
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80090308)), Reason::kWrongToken);  // SEC_E_INVALID_TOKEN
  CHECK_EQ(auth::ReasonOf(static_cast<std::int32_t>(0x80004005)), Reason::kOther);       // E_FAIL
}

}  // namespace winwire::test
