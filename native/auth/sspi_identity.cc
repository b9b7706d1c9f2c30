#include "auth/sspi_identity.h"

namespace winwire::auth::sspi {
namespace {

// The SDK declares the strings of the plain structure as arrays of unsigned short.
template <class Character>
void Set(Character*& string, auto& length, const wchar_t* text, std::size_t size) {
  string = reinterpret_cast<Character*>(const_cast<wchar_t*>(text));
  length = static_cast<std::uint32_t>(size);
}

template <class Identity>
void Fill(Identity& identity, const Text& username, const Text& domain, const Password& password) {
  Set(identity.User, identity.UserLength, username.data(), username.size());
  if (!domain.empty()) Set(identity.Domain, identity.DomainLength, domain.data(), domain.size());
  Set(identity.Password, identity.PasswordLength, password.password.data(), password.password.length());
}

}  // namespace

AuthIdentity::AuthIdentity(const std::optional<Password>& password, bool excludes_ntlm)
    : packages_(L"!ntlm"), has_password_(password.has_value()), excludes_ntlm_(excludes_ntlm) {
  plain_.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
  extended_.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
  extended_.Length = sizeof(extended_);
  extended_.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
  Set(extended_.PackageList, extended_.PackageListLength, packages_.data(), packages_.size());
  if (!password) return;
  username_ = password->username;
  domain_ = password->domain;
  Fill(plain_, username_, domain_, *password);
  Fill(extended_, username_, domain_, *password);
}

void* AuthIdentity::get() {
  if (excludes_ntlm_) return &extended_;
  return has_password_ ? &plain_ : nullptr;
}

}  // namespace winwire::auth::sspi
