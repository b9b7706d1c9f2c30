#include "winhttp/host.h"

#include <iterator>
#include <utility>

#include "winhttp/failure.h"
#include "winhttp/module_pin.h"

namespace winwire::winhttp {
namespace {

// Amortised: a list is swept when what was left of it the last time has doubled.
template <class T>
void Remember(std::vector<std::weak_ptr<T>>& list, const std::shared_ptr<T>& entry) {
  if (list.size() == list.capacity()) {
    std::erase_if(list, [](const auto& each) { return each.expired(); });
    list.reserve(list.size() * 2);
  }
  list.push_back(entry);
}

const void* CodeOf(IUnknown* object) { return **reinterpret_cast<void***>(object); }

std::u16string FileOf(const void* address) {
  HMODULE module = nullptr;
  wchar_t name[1024];
  if (!::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            static_cast<LPCWSTR>(address), &module)) {
    return {};
  }
  const DWORD length = ::GetModuleFileNameW(module, name, static_cast<DWORD>(std::size(name)));
  return std::u16string(reinterpret_cast<const char16_t*>(name), length);
}

ClassInfo InspectClass() {
  ClassInfo info;
  ComPtr<abi::IWinHttpRequest> object;
  const HRESULT hr = ::CoCreateInstance(abi::CLSID_WinHttpRequest, nullptr, CLSCTX_INPROC_SERVER,
                                        abi::IID_IWinHttpRequest, object.PutVoid());
  if (FAILED(hr)) {
    info.failure = TakeFailure(hr, "CoCreateInstance");
    return info;
  }
  info.has_events = static_cast<bool>(object.As<IConnectionPointContainer>(::IID_IConnectionPointContainer));
  info.file = FileOf(CodeOf(object.Get()));
  // The last CoUninitialize of the process would unload it, while threads of its own may still be running in it.
  PinModule(CodeOf(object.Get()));
  return info;
}

}  // namespace

void Host::Probe(std::function<void(ClassInfo)> done) {
  SharedApartment()->Post([self = shared_from_this(), done = std::move(done)] {
    ClassInfo info = InspectClass();
    self->has_events_ = info.has_events;
    done(std::move(info));
  });
}

std::shared_ptr<Session> Host::MakeSession(bool native_sync, std::shared_ptr<SessionListener> listener) {
  const bool is_private = native_sync || !has_events_;
  std::shared_ptr<Apartment> apartment = is_private ? TakePrivateApartment() : SharedApartment();
  std::function<void()> released;
  if (is_private) released = [self = shared_from_this(), apartment] { self->GiveBack(apartment); };
  auto session = std::make_shared<Session>(std::move(apartment), SessionOptions{has_events_, native_sync},
                                           std::move(listener), std::move(released));
  Remember(sessions_, session);
  return session;
}

std::shared_ptr<Apartment> Host::SharedApartment() {
  if (!shared_) shared_ = Apartment::Start(Apartment::Sharing::kShared);
  return shared_;
}

std::shared_ptr<Apartment> Host::TakePrivateApartment() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::shared_ptr<Apartment> apartment = std::move(idle_.back());
      idle_.pop_back();
      return apartment;
    }
  }
  std::shared_ptr<Apartment> apartment = Apartment::Start(Apartment::Sharing::kPrivate);
  Remember(private_, apartment);
  return apartment;
}

void Host::GiveBack(std::shared_ptr<Apartment> apartment) {
  constexpr std::size_t kKeptIdle = 16;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kKeptIdle) {
    idle_.push_back(std::move(apartment));
  } else {
    apartment->Stop();
  }
}

void Host::Shutdown(std::chrono::milliseconds limit) {
  const Apartment::Clock::time_point deadline = Apartment::Clock::now() + limit;
  std::vector<std::shared_ptr<Apartment>> apartments;
  if (shared_) apartments.push_back(shared_);
  for (const auto& entry : private_) {
    if (auto apartment = entry.lock()) apartments.push_back(std::move(apartment));
  }
  for (const auto& entry : sessions_) {
    const std::shared_ptr<Session> session = entry.lock();
    if (!session) continue;
    session->PostAbort();
    session->Post([](Session& each) { each.Close(); }, Apartment::Order::kInTurn);
  }
  for (const auto& apartment : apartments) apartment->Stop();
  for (const auto& apartment : apartments) apartment->WaitUntilEnded(deadline);
}

}  // namespace winwire::winhttp
