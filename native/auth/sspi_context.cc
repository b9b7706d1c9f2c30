#include "auth/sspi_context.h"

#include <cstring>
#include <mutex>

#include "auth/security_status.h"
#include "auth/sspi_identity.h"
#include "backend/windows_file.h"

namespace winwire::auth::sspi {

Failure FailureOf(const char* syscall, SECURITY_STATUS status) {
  const auto value = static_cast<std::int32_t>(status);
  return {ReasonOf(value), value, syscall, backend::DescribeError(static_cast<DWORD>(status)), {}};
}

// Wine's Kerberos puts the tickets of a password into the one cache of the user, which other threads must not read
// while it is written.
std::unique_lock<std::mutex> SspiContext::LockTickets() const {
  // Never destroyed: a thread of the package may outlive the statics of the module.
  static std::mutex& mutex = *new std::mutex;
  return api_.is_wine && package_ != Package::kNtlm ? std::unique_lock(mutex) : std::unique_lock<std::mutex>();
}

SspiContext::~SspiContext() {
  if (context_) api_.table->DeleteSecurityContext(&*context_);
  if (credential_) api_.table->FreeCredentialsHandle(&*credential_);
}

const wchar_t* SspiContext::PackageName() const {
  if (package_ == Package::kNtlm) return L"NTLM";
  // Wine's Negotiate sends the tokens of Kerberos as they are, and knows no list of packages.
  return package_ == Package::kKerberos && api_.is_wine ? L"Kerberos" : L"Negotiate";
}

std::optional<Failure> SspiContext::Acquire(const std::optional<Password>& password) {
  Text package = PackageName();
  SecPkgInfoW* info = nullptr;
  SECURITY_STATUS status = api_.table->QuerySecurityPackageInfoW(package.data(), &info);
  if (status != SEC_E_OK) return FailureOf("QuerySecurityPackageInfo", status);
  most_token_bytes_ = info->cbMaxToken;
  api_.table->FreeContextBuffer(info);

  AuthIdentity identity(password, package_ == Package::kKerberos && !api_.is_wine);
  CredHandle credential = {};
  TimeStamp expiry = {};
  const auto lock = LockTickets();
  status = api_.table->AcquireCredentialsHandleW(nullptr, package.data(), SECPKG_CRED_OUTBOUND, nullptr, identity.get(),
                                                 nullptr, nullptr, &credential, &expiry);
  if (status != SEC_E_OK) return FailureOf("AcquireCredentialsHandle", status);
  credential_ = credential;
  return {};
}

void SspiContext::Bind(const Bytes& application_data) {
  if (application_data.empty()) return;
  SEC_CHANNEL_BINDINGS bindings = {};
  bindings.cbApplicationDataLength = static_cast<std::uint32_t>(application_data.size());
  bindings.dwApplicationDataOffset = sizeof(bindings);
  channel_binding_.resize(sizeof(bindings));
  std::memcpy(channel_binding_.data(), &bindings, sizeof(bindings));
  channel_binding_.insert(channel_binding_.end(), application_data.begin(), application_data.end());
}

SECURITY_STATUS SspiContext::Advance(std::span<const std::uint8_t> token, SecBufferDesc* output) {
  SecBuffer buffers[2] = {};
  SecBufferDesc input = {SECBUFFER_VERSION, 0, buffers};
  const auto add = [&](std::uint32_t type, const std::uint8_t* bytes, std::size_t size) {
    buffers[input.cBuffers++] = {static_cast<std::uint32_t>(size), type, const_cast<std::uint8_t*>(bytes)};
  };
  if (context_) add(SECBUFFER_TOKEN, token.data(), token.size());
  // Wine's packages ignore channel bindings, and its NTLM rejects a first call that has some.
  if (!channel_binding_.empty() && !api_.is_wine)
    add(SECBUFFER_CHANNEL_BINDINGS, channel_binding_.data(), channel_binding_.size());
  // Never ISC_REQ_DELEGATE.
  constexpr std::uint32_t kFlags = ISC_REQ_MUTUAL_AUTH | ISC_REQ_CONNECTION;
  CtxtHandle context = context_.value_or(CtxtHandle{});
  unsigned long attributes = 0;  // NOLINT(google-runtime-int): the SDK's type
  TimeStamp expiry = {};
  const auto lock = LockTickets();
  const SECURITY_STATUS status = api_.table->InitializeSecurityContextW(
      &*credential_, context_ ? &*context_ : nullptr, service_.data(), kFlags, 0, SECURITY_NATIVE_DREP,
      input.cBuffers == 0 ? nullptr : &input, 0, &context, output, &attributes, &expiry);
  // A failure of the first call leaves no context.
  if (status >= 0 || context_) context_ = context;
  return status;
}

Result<Token> SspiContext::Step(std::span<const std::uint8_t> token) {
  Bytes bytes(most_token_bytes_);
  SecBuffer buffer = {most_token_bytes_, SECBUFFER_TOKEN, bytes.data()};
  SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
  const SECURITY_STATUS status = Advance(token, &output);
  if (status < 0) return FailureOf("InitializeSecurityContext", status);
  if (status == SEC_I_COMPLETE_NEEDED || status == SEC_I_COMPLETE_AND_CONTINUE) {
    const SECURITY_STATUS completed = api_.table->CompleteAuthToken(&*context_, &output);
    if (completed < 0) return FailureOf("CompleteAuthToken", completed);
  }
  bytes.resize(buffer.cbBuffer);
  return Token{std::move(bytes), status == SEC_E_OK || status == SEC_I_COMPLETE_NEEDED};
}

std::optional<std::string> SspiContext::Identity() {
  SecPkgCredentials_NamesW names = {};
  if (api_.table->QueryCredentialsAttributesW(&*credential_, SECPKG_CRED_ATTR_NAMES, &names) != SEC_E_OK) return {};
  if (names.sUserName == nullptr) return {};
  std::string name = backend::ToUtf8(names.sUserName);
  api_.table->FreeContextBuffer(names.sUserName);
  return name;
}

}  // namespace winwire::auth::sspi
