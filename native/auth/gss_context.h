// A context of GSSAPI.
#pragma once

#include "auth/gss_api.h"
#include "auth/gss_values.h"
#include "auth/mechanism.h"

namespace winwire::auth::gss {

class GssContext final : public Context {
 public:
  // `mechanism` is a constant of gss_api.h.
  GssContext(const Api& api, Oid mechanism, Bytes channel_binding);
  GssContext(const GssContext&) = delete;
  GssContext& operator=(const GssContext&) = delete;
  ~GssContext() override;

  // The following are called once each, in this order, before Step. `kerberos_only`: NTLM is excluded or missing.
  std::optional<Failure> Acquire(const std::optional<Password>& password, bool kerberos_only);
  std::optional<Failure> NameService(const Text& service);

  Result<Token> Step(std::span<const std::uint8_t> token) override;
  std::optional<std::string> Identity() override;

 private:
  std::optional<Failure> AcquireFor(Oid mechanism, const std::optional<Password>& password, Credential* credential);
  std::optional<Failure> WhyInvalid(Credential kerberos);
  std::optional<Failure> AcquireByPassword(Oid mechanism, const Password& password, Credential* credential);

  const Api& api_;
  const Oid mechanism_;
  const Bytes channel_binding_;
  Owned<Credential> credential_;
  Owned<Name> service_;
  ContextId context_ = nullptr;
};

}  // namespace winwire::auth::gss
