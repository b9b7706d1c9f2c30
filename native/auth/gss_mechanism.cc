#include "auth/gss_mechanism.h"

#include <utility>

#include "auth/gss_context.h"
#include "auth/gss_values.h"
#include "auth/security_status.h"

namespace winwire::auth {
namespace gss {

GssMechanism::GssMechanism(const char* library) : api_(LoadApi(library)) {
  if (api_.reason.empty()) Indicate();
}

void GssMechanism::Indicate() {
  Uint32 minor = 0;
  Owned<OidSet> mechanisms(api_.gss_release_oid_set);
  if (IsError(api_.gss_indicate_mechs(&minor, mechanisms.out())) || mechanisms.get() == nullptr) return;
  for (std::size_t i = 0; i < mechanisms.get()->count; ++i) {
    const OidDesc& oid = mechanisms.get()->elements[i];
    has_spnego_ = has_spnego_ || (AreEqual(oid, kSpnego) && IsLoaded(kSpnego));
    has_kerberos_ = has_kerberos_ || (AreEqual(oid, kKerberos) && IsLoaded(kKerberos));
    has_ntlm_ = has_ntlm_ || (AreEqual(oid, kNtlm) && IsLoaded(kNtlm));
  }
}

// gss_indicate_mechs names what the configuration lists. A question about one mechanism loads its library.
bool GssMechanism::IsLoaded(const OidDesc& mechanism) const {
  Uint32 minor = 0;
  Owned<OidSet> name_types(api_.gss_release_oid_set);
  return RoutineErrorOf(api_.gss_inquire_names_for_mech(&minor, &mechanism, name_types.out())) != kBadMech;
}

Description GssMechanism::Describe() const {
  Description description{api_.file, {}, {}, {}, api_.reason};
  if (!api_.reason.empty()) return description;
  description.provider = "GSSAPI";
  if (has_spnego_) description.mechanisms.emplace_back("Negotiate");
  if (has_kerberos_) description.mechanisms.emplace_back("Kerberos");
  if (has_ntlm_) description.mechanisms.emplace_back("NTLM");
  if (description.mechanisms.empty()) description.reason = api_.file + ": it has neither SPNEGO, Kerberos nor NTLM";
  return description;
}

// Kerberos needs the way to exclude NTLM from SPNEGO; a server of Negotiate accepts a token of Kerberos alone too.
Oid GssMechanism::MechanismOf(Package package) const {
  if (package == Package::kNtlm) return &kNtlm;
  const bool is_plain = package == Package::kKerberos && (!has_spnego_ || api_.gss_set_neg_mechs == nullptr);
  return is_plain ? &kKerberos : &kSpnego;
}

std::optional<Failure> GssMechanism::WhyMissing(Package package) const {
  const auto fail = [](const char* syscall, std::string text) -> Failure {
    return {Reason::kNoMechanism, StatusOf(Reason::kNoMechanism), syscall, std::move(text), {}};
  };
  if (!api_.reason.empty()) return fail("dlopen", api_.reason);
  const bool has_package = package == Package::kNegotiate  ? has_spnego_
                           : package == Package::kKerberos ? has_kerberos_
                                                           : has_ntlm_;
  if (has_package) return {};
  const char* const name = package == Package::kNegotiate  ? "SPNEGO"
                           : package == Package::kKerberos ? "Kerberos"
                                                           : "NTLM (gss-ntlmssp adds it)";
  return fail("gss_inquire_names_for_mech", api_.file + " cannot load a mechanism " + name);
}

Result<std::unique_ptr<Context>> GssMechanism::Open(OpenRequest request) const {
  if (std::optional<Failure> missing = WhyMissing(request.package)) return std::move(*missing);
  auto context = std::make_unique<GssContext>(api_, MechanismOf(request.package), std::move(request.channel_binding));
  if (auto failure = context->Acquire(request.password, IsKerberosOnly(request.package))) {
    return std::move(*failure);
  }
  if (auto failure = context->NameService(request.service)) return std::move(*failure);
  return context;
}

Result<std::optional<std::string>> GssMechanism::Identity(Package package) const {
  if (std::optional<Failure> missing = WhyMissing(package)) return std::move(*missing);
  GssContext context(api_, MechanismOf(package), {});
  if (auto failure = context.Acquire({}, IsKerberosOnly(package))) return std::move(*failure);
  return context.Identity();
}

}  // namespace gss

const Mechanism& SystemMechanism() {
  // Never destroyed: a thread of the package may outlive the statics of the module.
  static const Mechanism& mechanism = *new gss::GssMechanism(gss::kLibrary);
  return mechanism;
}

}  // namespace winwire::auth
