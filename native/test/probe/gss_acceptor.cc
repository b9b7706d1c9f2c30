// Accepts tokens by gss_accept_sec_context.
#include <dlfcn.h>

#include <cstring>
#include <stdexcept>
#include <utility>

#include "auth/gss_api.h"
#include "auth/gss_failure.h"
#include "auth/gss_values.h"
#include "test/probe/acceptor.h"

namespace winwire::test {
namespace {

using namespace auth::gss;  // NOLINT(google-build-using-namespace)

using AcceptFunction = Uint32 (*)(Uint32*, ContextId*, Credential, const BufferDesc*, const ChannelBindingsDesc*, Name*,
                                  Oid*, BufferDesc*, Uint32*, Uint32*, Credential*);

const Api& LoadedApi() {
  static const Api& api = *new Api(LoadApi(kLibrary));
  if (!api.reason.empty()) throw std::runtime_error(api.reason);
  return api;
}

AcceptFunction FindAccept() {
  void* const address = ::dlsym(::dlopen(kLibrary, RTLD_LAZY), "gss_accept_sec_context");
  if (address == nullptr) throw std::runtime_error("gss_accept_sec_context is missing");
  AcceptFunction function = nullptr;
  std::memcpy(static_cast<void*>(&function), static_cast<const void*>(&address), sizeof(function));
  return function;
}

void Check(const Api& api, const char* syscall, auth::GssStatus status, Oid mechanism) {
  if (!IsError(status.major)) return;
  throw std::runtime_error(std::string(syscall) + ": " + FailureOf(api, syscall, status, mechanism).text);
}

std::string NameOf(Oid mechanism) {
  if (mechanism == nullptr) return "none";
  if (AreEqual(*mechanism, kKerberos)) return "krb5";
  if (AreEqual(*mechanism, kNtlm)) return "NTLM";
  return AreEqual(*mechanism, kSpnego) ? "SPNEGO" : "another";
}

class GssAcceptor final : public Acceptor {
 public:
  GssAcceptor(auth::Package package, auth::Bytes channel_binding)
      : mechanism_(package == auth::Package::kNtlm ? &kNtlm : &kSpnego), channel_binding_(std::move(channel_binding)) {
    auth::GssStatus status;
    // All mechanisms for Negotiate: a token of Kerberos need not be wrapped.
    const OidSetDesc ntlm{1, &kNtlm};
    const OidSet mechanisms = package == auth::Package::kNtlm ? &ntlm : nullptr;
    status.major = api_.gss_acquire_cred(&status.minor, nullptr, kIndefinite, mechanisms, kAccept, credential_.out(),
                                         nullptr, nullptr);
    Check(api_, "gss_acquire_cred", status, mechanism_);
  }
  GssAcceptor(const GssAcceptor&) = delete;
  GssAcceptor& operator=(const GssAcceptor&) = delete;
  ~GssAcceptor() override {
    Uint32 minor = 0;
    if (context_ != nullptr) api_.gss_delete_sec_context(&minor, &context_, nullptr);
  }

  Accepted Accept(std::span<const std::uint8_t> token) override {
    ChannelBindingsDesc bindings = {};
    bindings.application_data = {channel_binding_.size(), channel_binding_.data()};
    const BufferDesc input{token.size(), const_cast<std::uint8_t*>(token.data())};
    Owned<Name> client(api_.gss_release_name);
    OwnedBuffer output(api_);
    Oid mechanism = nullptr;
    Accepted accepted;
    auth::GssStatus status;
    status.major =
        accept_(&status.minor, &context_, credential_.get(), &input, channel_binding_.empty() ? nullptr : &bindings,
                client.out(), &mechanism, output.out(), &accepted.flags, nullptr, nullptr);
    Check(api_, "gss_accept_sec_context", status, mechanism == nullptr ? mechanism_ : mechanism);
    accepted.token.assign(output.view().begin(), output.view().end());
    accepted.done = status.major == kComplete;
    if (accepted.done) {
      OwnedBuffer name(api_);
      status.major = api_.gss_display_name(&status.minor, client.get(), name.out(), nullptr);
      Check(api_, "gss_display_name", status, mechanism_);
      accepted.client = name.text();
      accepted.mechanism = NameOf(mechanism);
    }
    return accepted;
  }

 private:
  const Api& api_ = LoadedApi();
  const AcceptFunction accept_ = FindAccept();
  const Oid mechanism_;
  auth::Bytes channel_binding_;
  Owned<Credential> credential_{api_.gss_release_cred};
  ContextId context_ = nullptr;
};

}  // namespace

std::unique_ptr<Acceptor> CreateAcceptor(auth::Package package, auth::Bytes channel_binding) {
  return std::make_unique<GssAcceptor>(package, std::move(channel_binding));
}

}  // namespace winwire::test
