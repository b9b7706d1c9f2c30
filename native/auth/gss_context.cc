#include "auth/gss_context.h"

#include <utility>

#include "auth/gss_failure.h"
#include "auth/security_status.h"

namespace winwire::auth::gss {
namespace {

// The domain is Kerberos' realm, or NTLM's domain.
std::string NameOfUser(const Password& password, bool is_ntlm) {
  if (password.domain.empty()) return password.username;
  return is_ntlm ? password.domain + "\\" + password.username : password.username + "@" + password.domain;
}

// A name with a realm is a principal, which the library does not canonicalize.
std::string_view NameTypeOf(std::string& service, Oid* type) {
  *type = &kPrincipalName;
  if (service.find('@') == std::string::npos) {
    *type = &kHostBasedService;
    if (const std::size_t slash = service.find('/'); slash != std::string::npos) service[slash] = '@';
  }
  return service;
}

}  // namespace

GssContext::GssContext(const Api& api, Oid mechanism, Bytes channel_binding)
    : api_(api),
      mechanism_(mechanism),
      channel_binding_(std::move(channel_binding)),
      credential_(api.gss_release_cred),
      service_(api.gss_release_name) {}

GssContext::~GssContext() {
  Uint32 minor = 0;
  if (context_ != nullptr) api_.gss_delete_sec_context(&minor, &context_, nullptr);
}

std::optional<Failure> GssContext::AcquireByPassword(Oid mechanism, const Password& password, Credential* credential) {
  const std::string user = NameOfUser(password, mechanism == &kNtlm);
  const BufferDesc user_buffer = ToBuffer(user);
  Owned<Name> name(api_.gss_release_name);
  GssStatus status;
  status.major = api_.gss_import_name(&status.minor, &user_buffer, &kUserName, name.out());
  if (IsError(status.major)) return FailureOf(api_, "gss_import_name", status, mechanism);
  const BufferDesc secret{password.password.length(), const_cast<TextChar*>(password.password.data())};
  const OidSetDesc mechanisms{1, mechanism};
  status.major = api_.gss_acquire_cred_with_password(&status.minor, name.get(), &secret, kIndefinite, &mechanisms,
                                                     kInitiate, credential, nullptr, nullptr);
  if (IsError(status.major)) return FailureOf(api_, "gss_acquire_cred_with_password", status, mechanism);
  return {};
}

std::optional<Failure> GssContext::AcquireFor(Oid mechanism, const std::optional<Password>& password,
                                              Credential* credential) {
  if (password) return AcquireByPassword(mechanism, *password, credential);
  const OidSetDesc mechanisms{1, mechanism};
  GssStatus status;
  status.major =
      api_.gss_acquire_cred(&status.minor, nullptr, kIndefinite, &mechanisms, kInitiate, credential, nullptr, nullptr);
  if (IsError(status.major)) return FailureOf(api_, "gss_acquire_cred", status, mechanism);
  return {};
}

std::optional<Failure> GssContext::Acquire(const std::optional<Password>& password, bool kerberos_only) {
  if (mechanism_ == &kSpnego && kerberos_only) {
    // Inside SPNEGO the failure of Kerberos is replaced by a general one, or NTLM's credential hides it. A wrong
    // password is sent to the KDC once: it must not count twice.
    Owned<Credential> kerberos(api_.gss_release_cred);
    if (auto failure = AcquireFor(&kKerberos, password, kerberos.out())) return failure;
    // Credentials of a password are requested when they are first needed.
    if (auto failure = WhyInvalid(kerberos.get())) return failure;
  }
  if (auto failure = AcquireFor(mechanism_, password, credential_.out())) return failure;
  if (mechanism_ != &kSpnego || !kerberos_only || api_.gss_set_neg_mechs == nullptr) return {};
  const OidSetDesc kerberos{1, &kKerberos};
  GssStatus status;
  status.major = api_.gss_set_neg_mechs(&status.minor, credential_.get(), &kerberos);
  if (IsError(status.major)) return FailureOf(api_, "gss_set_neg_mechs", status, mechanism_);
  return {};
}

// Reads a name and a lifetime of Kerberos' credential, for which the library resolves it.
std::optional<Failure> GssContext::WhyInvalid(Credential kerberos) {
  Owned<Name> name(api_.gss_release_name);
  Uint32 lifetime = 0;
  GssStatus status;
  status.major = api_.gss_inquire_cred(&status.minor, kerberos, name.out(), &lifetime, nullptr, nullptr);
  if (IsError(status.major)) return FailureOf(api_, "gss_inquire_cred", status, &kKerberos);
  return {};
}

std::optional<Failure> GssContext::NameService(const Text& service) {
  std::string text = service;
  Oid type = nullptr;
  const BufferDesc buffer = ToBuffer(NameTypeOf(text, &type));
  GssStatus status;
  status.major = api_.gss_import_name(&status.minor, &buffer, type, service_.out());
  if (IsError(status.major)) return FailureOf(api_, "gss_import_name", status, mechanism_);
  return {};
}

Result<Token> GssContext::Step(std::span<const std::uint8_t> token) {
  ChannelBindingsDesc bindings = {};
  bindings.application_data = {channel_binding_.size(), const_cast<std::uint8_t*>(channel_binding_.data())};
  const bool is_bound = !channel_binding_.empty();
  // Never kDelegFlag.
  const Uint32 flags = kMutualFlag | (is_bound ? kChannelBoundFlag : 0);
  const BufferDesc input{token.size(), const_cast<std::uint8_t*>(token.data())};
  OwnedBuffer output(api_);
  GssStatus status;
  status.major =
      api_.gss_init_sec_context(&status.minor, credential_.get(), &context_, service_.get(), mechanism_, flags, 0,
                                is_bound ? &bindings : nullptr, &input, nullptr, output.out(), nullptr, nullptr);
  if (IsError(status.major)) {
    Failure failure = FailureOf(api_, "gss_init_sec_context", status, mechanism_);
    // The credential has been accepted: what cannot be decrypted is the peer's token.
    if (!token.empty() && failure.reason == Reason::kRejected) {
      failure.reason = Reason::kWrongToken;
      failure.status = StatusOf(failure.reason);
    }
    return failure;
  }
  const std::string_view bytes = output.view();
  return Token{Bytes(bytes.begin(), bytes.end()), (status.major & kContinueNeeded) == 0};
}

std::optional<std::string> GssContext::Identity() {
  Uint32 minor = 0;
  Owned<Name> name(api_.gss_release_name);
  if (IsError(api_.gss_inquire_cred(&minor, credential_.get(), name.out(), nullptr, nullptr, nullptr))) return {};
  if (name.get() == nullptr) return {};
  OwnedBuffer buffer(api_);
  if (IsError(api_.gss_display_name(&minor, name.get(), buffer.out(), nullptr))) return {};
  return buffer.text();
}

}  // namespace winwire::auth::gss
