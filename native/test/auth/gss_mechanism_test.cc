// GSSAPI where the library is missing.
#include "auth/gss_mechanism.h"

#include <string>
#include <variant>

#include "test/check.h"

namespace winwire::test {
namespace {

using auth::Failure;
using auth::Package;
using auth::Reason;
using auth::gss::GssMechanism;

void CheckMissing(const GssMechanism& mechanism, const std::string& part) {
  CHECK(mechanism.Describe().reason.find(part) != std::string::npos, mechanism.Describe().reason);
  CHECK(mechanism.Describe().mechanisms.empty());
  for (const Package package : {Package::kNegotiate, Package::kKerberos, Package::kNtlm}) {
    auth::OpenRequest request;
    request.package = package;
    request.service = "HTTP/localhost";
    const auto opened = mechanism.Open(std::move(request));
    const auto identity = mechanism.Identity(package);
    for (const Failure* failure : {std::get_if<Failure>(&opened), std::get_if<Failure>(&identity)}) {
      CHECK(failure != nullptr);
      CHECK_EQ(failure->reason, Reason::kNoMechanism);
      CHECK_EQ(std::string(failure->syscall), "dlopen");
      CHECK(failure->text.find(part) != std::string::npos, failure->text);
    }
  }
}

}  // namespace

TEST("gss mechanism: a missing library is named") {
  CheckMissing(GssMechanism("/missing/libgssapi_krb5.so.2"), "/missing/libgssapi_krb5.so.2: dlopen failed");
}

TEST("gss mechanism: a library without the functions is named") {
#ifdef __APPLE__
  CheckMissing(GssMechanism("/usr/lib/libSystem.B.dylib"), "libSystem.B.dylib: function gss_acquire_cred not found");
#else
  CheckMissing(GssMechanism("libm.so.6"), "libm.so.6: function gss_acquire_cred not found");
#endif
}

}  // namespace winwire::test
