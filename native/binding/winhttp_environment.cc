#include "binding/winhttp_environment.h"

#include <utility>

namespace winwire::binding {
namespace {

// The maximum time that an exit waits for COM. A thread that is still blocked is left behind; the module stays pinned
// for it.
constexpr std::chrono::milliseconds kShutdownLimit{200};

}  // namespace

void WinHttpOwner::CloseStream() {
  if (const std::shared_ptr<winhttp::ComRequest> com_request = std::move(stream_com_request)) {
    com_request->Post([number = stream](winhttp::ComRequest& each) { each.CloseStream(number); },
                      winhttp::Apartment::Order::kNested);
  }
}

const char* WinHttpOwner::Check(std::chrono::milliseconds limit) {
  if (stream_com_request) return stream_com_request->BlockedCall(limit);
  const char* call = request ? request->Check(limit) : nullptr;
  if (call != nullptr) request->Discard();
  return call;
}

WinHttpEnvironment& WinHttpEnvironment::Start(Napi::Env env, Napi::Function dispatch) {
  // The hook is added after the thread-safe function, since hooks run in reverse: nothing calls that function when Node
  // closes it.
  auto* environment = new WinHttpEnvironment(Outbox::Open(env, dispatch));
  napi_add_env_cleanup_hook(
      env, [](void* data) { delete static_cast<WinHttpEnvironment*>(data); }, environment);
  return *environment;
}

WinHttpEnvironment::WinHttpEnvironment(std::shared_ptr<Outbox> outbox)
    : host_(std::make_shared<winhttp::Host>()), outbox_(std::move(outbox)) {}

WinHttpEnvironment::~WinHttpEnvironment() {
  outbox_->Close();
  for (WinHttpOwner* owner : owners_) {
    owner->request.reset();
    // COM references must be released on the apartment.
    owner->CloseStream();
    owner->environment = nullptr;
  }
  host_->Shutdown(kShutdownLimit);
}

Napi::Value WinHttpEnvironment::Wrap(Napi::Env env, std::unique_ptr<WinHttpOwner> owner) {
  owner->environment = this;
  napi_value external = nullptr;
  if (napi_create_external(env, owner.get(), Collect, nullptr, &external) != napi_ok) throw Napi::Error::New(env);
  owners_.insert(owner.release());
  return {env, external};
}

WinHttpOwner* WinHttpEnvironment::Find(Napi::Value external) const {
  void* data = nullptr;
  if (napi_get_value_external(external.Env(), external, &data) != napi_ok) return nullptr;
  auto* owner = static_cast<WinHttpOwner*>(data);
  return owners_.contains(owner) ? owner : nullptr;
}

winhttp::Request* WinHttpEnvironment::FindRequest(Napi::Value external) const {
  const WinHttpOwner* owner = Find(external);
  return owner == nullptr ? nullptr : owner->request.get();
}

WinHttpOwner* WinHttpEnvironment::FindStream(Napi::Value external) const {
  WinHttpOwner* owner = Find(external);
  return owner == nullptr || !owner->stream_com_request ? nullptr : owner;
}

std::vector<std::pair<double, const char*>> WinHttpEnvironment::Check(std::chrono::milliseconds limit) {
  std::vector<std::pair<double, const char*>> blocked;
  host_->SetLimit(limit);
  if (const char* call = host_->BlockedProbe(limit)) blocked.emplace_back(0, call);
  for (WinHttpOwner* owner : owners_) {
    if (const char* call = owner->Check(limit)) blocked.emplace_back(owner->id, call);
  }
  return blocked;
}

void WinHttpEnvironment::Collect(napi_env, void* data, void*) {
  const std::unique_ptr<WinHttpOwner> owner(static_cast<WinHttpOwner*>(data));
  if (owner->environment == nullptr) return;
  owner->environment->owners_.erase(owner.get());
  owner->CloseStream();
}

}  // namespace winwire::binding
