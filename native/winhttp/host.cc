#include "winhttp/host.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "threads/module_pin.h"
#include "winhttp/activation.h"

namespace winwire::winhttp {
namespace {

// Amortised: removes ended entries when the list has doubled since the last time.
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

ClassInfo InspectClass(Apartment& apartment) {
  ClassInfo info;
  ComPtr<abi::IWinHttpRequest> object;
  CallResult made = MakeObject(apartment, &object);
  info.failure = std::move(made.failure);
  if (info.failure) return info;
  {
    const Apartment::Bounded call(apartment, kAdvise);
    EventConnection connection;
    info.has_events = connection.Connect(object.Get(), {}) == S_OK;
  }
  info.file = FileOf(CodeOf(object.Get()));
  // The last CoUninitialize of the process would unload it while its own threads may still run in it.
  threads::PinModule(CodeOf(object.Get()));
  return info;
}

constexpr std::size_t kKeptIdle = 16;
// A thread takes about 64 KiB, and a 32-bit process has address space for some thousand.
constexpr std::size_t kMostApartments = 64;
// A call that takes this long may never return.
constexpr std::chrono::milliseconds kPrompt{100};

}  // namespace

void Host::Probe(std::function<void(ClassInfo)> done) {
  probing_ = TakeApartment(false);
  probing_->Post([self = shared_from_this(), apartment = probing_, done = std::move(done)] {
    ClassInfo info = InspectClass(*apartment);
    self->class_->has_events = info.has_events;
    self->ReleaseApartment(apartment);
    done(std::move(info));
  });
}

const char* Host::BlockedProbe(std::chrono::milliseconds limit) {
  return probing_ ? probing_->BlockedCall(limit) : nullptr;
}

std::shared_ptr<ComRequest> Host::MakeComRequest(bool native_sync, std::shared_ptr<ComRequestListener> listener) {
  const bool has_events = class_->has_events;
  const std::shared_ptr<Apartment> apartment = TakeApartment(has_events && !native_sync);
  auto com_request =
      std::make_shared<ComRequest>(apartment, ComRequestOptions{class_, has_events, native_sync}, std::move(listener),
                                   [self = shared_from_this(), apartment] { self->ReleaseApartment(apartment); });
  Remember(com_requests_, com_request);
  return com_request;
}

std::shared_ptr<Apartment> Host::TakeApartment(bool may_share) {
  std::shared_ptr<Apartment> apartment = TakeIdle();
  if (!apartment && may_share) apartment = ShareApartment();
  if (!apartment) {
    apartment = Apartment::Start();
    Remember(apartments_, apartment);
  }
  if (may_share) {
    const std::lock_guard lock(mutex_);
    const auto entry =
        std::find_if(shared_.begin(), shared_.end(), [&](const Shared& each) { return each.apartment == apartment; });
    if (entry == shared_.end())
      shared_.push_back({apartment, 1});
    else
      ++entry->com_requests;
  }
  return apartment;
}

std::shared_ptr<Apartment> Host::TakeIdle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  std::shared_ptr<Apartment> apartment = std::move(idle_.back());
  idle_.pop_back();
  return apartment;
}

// Returns null while more may be started.
std::shared_ptr<Apartment> Host::ShareApartment() {
  const std::lock_guard lock(mutex_);
  if (shared_.size() < kMostApartments) return nullptr;
  const Shared* least = nullptr;
  for (const Shared& each : shared_) {
    if ((least == nullptr || each.com_requests < least->com_requests) &&
        each.apartment->BlockedCall(kPrompt) == nullptr) {
      least = &each;
    }
  }
  return least == nullptr ? nullptr : least->apartment;
}

void Host::ReleaseApartment(std::shared_ptr<Apartment> apartment) {
  const std::lock_guard lock(mutex_);
  const auto entry =
      std::find_if(shared_.begin(), shared_.end(), [&](const Shared& each) { return each.apartment == apartment; });
  if (entry != shared_.end()) {
    if (--entry->com_requests > 0) return;
    shared_.erase(entry);
  }
  if (idle_.size() < kKeptIdle) {
    idle_.push_back(std::move(apartment));
  } else {
    apartment->Stop();
  }
}

void Host::Shutdown(std::chrono::milliseconds limit) {
  const Apartment::Clock::time_point deadline = Apartment::Clock::now() + limit;
  std::vector<std::shared_ptr<Apartment>> apartments;
  for (const auto& entry : apartments_) {
    if (auto apartment = entry.lock()) apartments.push_back(std::move(apartment));
  }
  for (const auto& entry : com_requests_) {
    const std::shared_ptr<ComRequest> com_request = entry.lock();
    if (!com_request) continue;
    com_request->Cancel();
    com_request->Post([](ComRequest& each) { each.Close(); }, Apartment::Order::kInTurn);
  }
  for (const auto& apartment : apartments) apartment->Stop();
  for (const auto& apartment : apartments) apartment->WaitUntilEnded(deadline);
}

}  // namespace winwire::winhttp
