// What failures of GSSAPI mean.
#include "auth/gss_failure.h"

#include "test/check.h"

namespace winwire::test {
namespace {

using auth::GssStatus;
using auth::Reason;
using auth::gss::ReasonOf;

constexpr std::uint32_t kFailure = 13U << 16;

// An error of the table krb5, by its number there.
GssStatus Krb5(int number) { return {kFailure, static_cast<std::uint32_t>(-1765328384 + number)}; }

}  // namespace

TEST("gss failure: Kerberos' error codes have reasons") {
  CHECK_EQ(ReasonOf(Krb5(7), ""), Reason::kUnknownService);
  CHECK_EQ(ReasonOf(Krb5(23), ""), Reason::kPasswordExpired);
  CHECK_EQ(ReasonOf(Krb5(24), ""), Reason::kRejected);
  CHECK_EQ(ReasonOf(Krb5(32), ""), Reason::kNoTicket);
  CHECK_EQ(ReasonOf(Krb5(37), ""), Reason::kClockSkew);
  CHECK_EQ(ReasonOf(Krb5(156), ""), Reason::kKdcUnreachable);
}

TEST("gss failure: a code that the library replaced is known by its text") {
  const GssStatus replaced = {kFailure, 100004};
  CHECK_EQ(ReasonOf(replaced, "Server not found in Kerberos database"), Reason::kUnknownService);
  CHECK_EQ(ReasonOf(replaced, "Server HTTP/a.test@A not found in Kerberos database"), Reason::kUnknownService);
  CHECK_EQ(ReasonOf(replaced, "Client 'b@A' not found in Kerberos database"), Reason::kRejected);
  CHECK_EQ(ReasonOf(replaced, "Clock skew too great"), Reason::kClockSkew);
  CHECK_EQ(ReasonOf(replaced, "Cannot contact any KDC for realm 'A'"), Reason::kKdcUnreachable);
  CHECK_EQ(ReasonOf(replaced, "Password has expired"), Reason::kPasswordExpired);
  CHECK_EQ(ReasonOf(replaced, "Preauthentication failed"), Reason::kRejected);
  CHECK_EQ(ReasonOf(replaced, "something else"), Reason::kOther);
}

TEST("gss failure: without code and text the major status decides") {
  CHECK_EQ(ReasonOf({7U << 16, 0}, ""), Reason::kNoTicket);
  CHECK_EQ(ReasonOf({9U << 16, 0}, ""), Reason::kWrongToken);
  CHECK_EQ(ReasonOf({1U << 16, 0}, ""), Reason::kNoMechanism);
  CHECK_EQ(ReasonOf({kFailure, 0}, ""), Reason::kOther);
}

}  // namespace winwire::test
