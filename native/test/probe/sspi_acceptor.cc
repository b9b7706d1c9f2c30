// [Windows] Accepts tokens by AcceptSecurityContext.
#include <stdexcept>
#include <utility>

#include "auth/sspi_api.h"
#include "auth/sspi_context.h"
#include "backend/windows_file.h"
#include "test/probe/acceptor.h"

namespace winwire::test {
namespace {

using auth::sspi::Api;

constexpr std::uint32_t kFlagDelegated = 1;
constexpr std::uint32_t kFlagMutual = 2;

void Check(const char* syscall, SECURITY_STATUS status) {
  if (status >= 0) return;
  throw std::runtime_error(std::string(syscall) + ": " + auth::sspi::FailureOf(syscall, status).text);
}

auth::Text PackageOf(auth::Package package, const Api& api) {
  if (package == auth::Package::kNtlm) return L"NTLM";
  return package == auth::Package::kKerberos && api.is_wine ? L"Kerberos" : L"Negotiate";
}

class SspiAcceptor final : public Acceptor {
 public:
  explicit SspiAcceptor(auth::Package package) {
    if (api_.table == nullptr) throw std::runtime_error(api_.reason);
    auth::Text name = PackageOf(package, api_);
    TimeStamp expiry = {};
    Check("AcquireCredentialsHandle",
          api_.table->AcquireCredentialsHandleW(nullptr, name.data(), SECPKG_CRED_INBOUND, nullptr, nullptr, nullptr,
                                                nullptr, &credential_, &expiry));
  }
  SspiAcceptor(const SspiAcceptor&) = delete;
  SspiAcceptor& operator=(const SspiAcceptor&) = delete;
  ~SspiAcceptor() override {
    if (has_context_) api_.table->DeleteSecurityContext(&context_);
    api_.table->FreeCredentialsHandle(&credential_);
  }

  Accepted Accept(std::span<const std::uint8_t> token) override {
    constexpr std::uint32_t kMostBytes = 65536;
    Accepted accepted;
    accepted.token.resize(kMostBytes);
    SecBuffer in = {static_cast<std::uint32_t>(token.size()), SECBUFFER_TOKEN, const_cast<std::uint8_t*>(token.data())};
    SecBuffer out = {kMostBytes, SECBUFFER_TOKEN, accepted.token.data()};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    unsigned long attributes = 0;  // NOLINT(google-runtime-int): the SDK's type
    TimeStamp expiry = {};
    const SECURITY_STATUS status =
        api_.table->AcceptSecurityContext(&credential_, has_context_ ? &context_ : nullptr, &input, ASC_REQ_CONNECTION,
                                          SECURITY_NATIVE_DREP, &context_, &output, &attributes, &expiry);
    Check("AcceptSecurityContext", status);
    has_context_ = true;
    accepted.token.resize(out.cbBuffer);
    accepted.done = status == SEC_E_OK;
    accepted.flags = ((attributes & ASC_RET_DELEGATE) != 0 ? kFlagDelegated : 0) |
                     ((attributes & ASC_RET_MUTUAL_AUTH) != 0 ? kFlagMutual : 0);
    if (accepted.done) Describe(accepted);
    return accepted;
  }

 private:
  // What the system does not tell stays empty.
  void Describe(Accepted& accepted) {
    SecPkgContext_NativeNamesW names = {};
    if (api_.table->QueryContextAttributesW(&context_, SECPKG_ATTR_NATIVE_NAMES, &names) == SEC_E_OK) {
      if (names.sClientName != nullptr) accepted.client = backend::ToUtf8(names.sClientName);
      api_.table->FreeContextBuffer(names.sClientName);
      api_.table->FreeContextBuffer(names.sServerName);
    }
    SecPkgContext_NegotiationInfoW info = {};
    if (api_.table->QueryContextAttributesW(&context_, SECPKG_ATTR_NEGOTIATION_INFO, &info) == SEC_E_OK) {
      accepted.mechanism = backend::ToUtf8(info.PackageInfo->Name);
      api_.table->FreeContextBuffer(info.PackageInfo);
    }
  }

  const Api& api_ = auth::sspi::LoadApi();
  CredHandle credential_ = {};
  CtxtHandle context_ = {};
  bool has_context_ = false;
};

}  // namespace

std::unique_ptr<Acceptor> CreateAcceptor(auth::Package package, auth::Bytes) {
  return std::make_unique<SspiAcceptor>(package);
}

}  // namespace winwire::test
