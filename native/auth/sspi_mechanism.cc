// [Windows] Tokens by SSPI.
#include <utility>

#include "auth/mechanism.h"
#include "auth/security_status.h"
#include "auth/sspi_api.h"
#include "auth/sspi_context.h"
#include "backend/windows_file.h"

namespace winwire::auth {
namespace sspi {
namespace {

class SspiMechanism final : public Mechanism {
 public:
  explicit SspiMechanism(const Api& api) : api_(api) {}

  Description Describe() const override {
    Description description{api_.file, api_.version, api_.provider, {}, api_.reason};
    if (api_.table == nullptr) return description;
    for (const wchar_t* name : {L"Negotiate", L"Kerberos", L"NTLM"}) {
      if (Has(name)) description.mechanisms.push_back(backend::ToUtf8(name));
    }
    if (description.mechanisms.empty()) description.reason = api_.file + ": it has no package";
    return description;
  }

  Result<std::unique_ptr<Context>> Open(OpenRequest request) const override {
    if (api_.table == nullptr) return Missing();
    auto context = std::make_unique<SspiContext>(api_, request.package);
    if (auto failure = context->Acquire(request.password)) return std::move(*failure);
    context->NameService(std::move(request.service));
    context->Bind(request.channel_binding);
    return context;
  }

  Result<std::optional<std::string>> Identity(Package package) const override {
    if (api_.table == nullptr) return Missing();
    SspiContext context(api_, package);
    if (auto failure = context.Acquire({})) return std::move(*failure);
    return context.Identity();
  }

 private:
  bool Has(Text package) const {
    SecPkgInfoW* info = nullptr;
    if (api_.table->QuerySecurityPackageInfoW(package.data(), &info) != SEC_E_OK) return false;
    api_.table->FreeContextBuffer(info);
    return true;
  }

  Failure Missing() const {
    return {Reason::kNoMechanism, StatusOf(Reason::kNoMechanism), "InitSecurityInterface", api_.reason, {}};
  }

  const Api& api_;
};

}  // namespace
}  // namespace sspi

const Mechanism& SystemMechanism() {
  // Never destroyed: a thread of the package may outlive the statics of the module.
  static const Mechanism& mechanism = *new sspi::SspiMechanism(sspi::LoadApi());
  return mechanism;
}

}  // namespace winwire::auth
