// [Windows] The credential that AcquireCredentialsHandle takes. Source: Microsoft, "SEC_WINNT_AUTH_IDENTITY_EXW
// structure".
#pragma once

#include <optional>

#include "auth/mechanism.h"
#include "auth/sspi_api.h"

namespace winwire::auth::sspi {

class AuthIdentity {
 public:
  // Borrows the password.
  AuthIdentity(const std::optional<Password>& password, bool excludes_ntlm);
  AuthIdentity(const AuthIdentity&) = delete;
  AuthIdentity& operator=(const AuthIdentity&) = delete;

  // Null for the logged-on user and all packages.
  void* get();

 private:
  Text username_;
  Text domain_;
  Text packages_;
  // Wine knows the plain structure only.
  SEC_WINNT_AUTH_IDENTITY_W plain_ = {};
  SEC_WINNT_AUTH_IDENTITY_EXW extended_ = {};
  bool has_password_;
  bool excludes_ntlm_;
};

}  // namespace winwire::auth::sspi
