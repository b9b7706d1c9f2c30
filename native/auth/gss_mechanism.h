// Tokens by GSSAPI.
#pragma once

#include <string>
#include <vector>

#include "auth/gss_api.h"
#include "auth/mechanism.h"

namespace winwire::auth::gss {

class GssMechanism final : public Mechanism {
 public:
  explicit GssMechanism(const char* library);

  Description Describe() const override;
  Result<std::unique_ptr<Context>> Open(OpenRequest request) const override;
  Result<std::optional<std::string>> Identity(Package package) const override;

 private:
  std::optional<Failure> WhyMissing(Package package) const;
  Oid MechanismOf(Package package) const;
  bool IsKerberosOnly(Package package) const { return package == Package::kKerberos || !has_ntlm_; }
  void Indicate();
  bool IsLoaded(const OidDesc& mechanism) const;

  const Api api_;
  bool has_spnego_ = false;
  bool has_kerberos_ = false;
  bool has_ntlm_ = false;
};

}  // namespace winwire::auth::gss
