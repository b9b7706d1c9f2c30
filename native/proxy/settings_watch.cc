#include "proxy/settings_watch.h"

#include <array>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "threads/module_pin.h"

namespace winwire::proxy {
namespace {

constexpr wchar_t kSettings[] = L"Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
constexpr wchar_t kPolicies[] = L"Software\\Policies\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";

[[noreturn]] void ThrowLastError() {
  throw std::system_error(static_cast<int>(::GetLastError()), std::system_category());
}

// A key, and the event that signals a change below it. While the key does not exist, the nearest existing one above it
// is watched, where it would appear.
class WatchedKey {
 public:
  WatchedKey(HKEY root, std::wstring path)
      : root_(root), path_(std::move(path)), event_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)) {}
  ~WatchedKey() {
    Close();
    if (event_ != nullptr) ::CloseHandle(event_);
  }
  WatchedKey(const WatchedKey&) = delete;
  WatchedKey& operator=(const WatchedKey&) = delete;

  // For one change, while the calling thread lives. Returns false if nothing can be watched.
  bool Arm() {
    if (event_ == nullptr) return false;
    while (Watch()) {
      // A key may have appeared before the notification was set.
      if (open_ == path_ || !Exists(path_.substr(0, path_.find(L'\\', open_.size() + 1)))) return true;
      Close();
    }
    return false;
  }
  HANDLE event() const { return event_; }

 private:
  bool Watch() {
    // The key of the notification before may have been deleted, and made again since.
    Close();
    open_ = Nearest();
    if (open_.empty() || ::RegOpenKeyExW(root_, open_.c_str(), 0, KEY_NOTIFY, &key_) != ERROR_SUCCESS) key_ = nullptr;
    return key_ != nullptr && Notify();
  }

  // Of a key above, only the keys directly below it count.
  bool Notify() const {
    constexpr DWORD kChanges = REG_NOTIFY_CHANGE_NAME | REG_NOTIFY_CHANGE_LAST_SET;
    const bool is_whole = open_ == path_;
    return ::RegNotifyChangeKeyValue(key_, is_whole ? TRUE : FALSE, is_whole ? kChanges : REG_NOTIFY_CHANGE_NAME,
                                     event_, TRUE) == ERROR_SUCCESS;
  }

  // Closing a watched key signals its event.
  void Close() {
    if (key_ == nullptr) return;
    ::RegCloseKey(key_);
    key_ = nullptr;
    ::ResetEvent(event_);
  }

  // Returns the path itself, or the longest one above it that exists; empty without one.
  std::wstring Nearest() const {
    std::wstring path = path_;
    while (!path.empty() && !Exists(path)) {
      const std::size_t end = path.rfind(L'\\');
      path.resize(end == std::wstring::npos ? 0 : end);
    }
    return path;
  }

  bool Exists(const std::wstring& path) const {
    HKEY key = nullptr;
    if (::RegOpenKeyExW(root_, path.c_str(), 0, KEY_NOTIFY, &key) != ERROR_SUCCESS) return false;
    ::RegCloseKey(key);
    return true;
  }

  const HKEY root_;
  const std::wstring path_;
  // The path that is watched.
  std::wstring open_;
  HKEY key_ = nullptr;
  HANDLE event_;
};

}  // namespace

SettingsWatch::SettingsWatch(std::function<void()> changed)
    : changed_(std::move(changed)), stop_(::CreateEventW(nullptr, TRUE, FALSE, nullptr)) {
  if (stop_ == nullptr) ThrowLastError();
  try {
    // Pinned before the thread starts: an exit of the process may leave it behind.
    threads::PinThisModule();
    thread_ = std::thread([this] { Run(); });
  } catch (...) {
    ::CloseHandle(stop_);
    throw;
  }
}

SettingsWatch::~SettingsWatch() {
  ::SetEvent(stop_);
  thread_.join();
  ::CloseHandle(stop_);
}

void SettingsWatch::Run() const {
  std::array<WatchedKey, 4> keys{{{HKEY_CURRENT_USER, kSettings},
                                  {HKEY_LOCAL_MACHINE, kSettings},
                                  {HKEY_CURRENT_USER, kPolicies},
                                  {HKEY_LOCAL_MACHINE, kPolicies}}};
  std::vector<WatchedKey*> watched;
  std::vector<HANDLE> events{stop_};
  for (WatchedKey& key : keys) {
    if (!key.Arm()) continue;
    watched.push_back(&key);
    events.push_back(key.event());
  }
  changed_();
  for (;;) {
    const DWORD set = ::WaitForMultipleObjects(static_cast<DWORD>(events.size()), events.data(), FALSE, INFINITE);
    if (set == WAIT_OBJECT_0 || set >= WAIT_OBJECT_0 + events.size()) return;
    // Before the settings are read again: a later change is another one.
    watched[set - WAIT_OBJECT_0 - 1]->Arm();
    changed_();
  }
}

}  // namespace winwire::proxy
