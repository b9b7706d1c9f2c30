#include "winhttp/apartment.h"

#include <system_error>
#include <thread>
#include <utility>

#include "abi/winhttp_abi.h"
#include "threads/module_pin.h"

namespace winwire::winhttp {
namespace {

constexpr wchar_t kWindowClass[] = L"winwire.apartment";
constexpr UINT kWakeMessage = WM_APP;

HINSTANCE ThisModule() {
  HMODULE module = nullptr;
  ::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                       kWindowClass, &module);
  return module;
}

void DispatchMessages() {
  MSG message;
  while (::PeekMessageW(&message, nullptr, 0, 0, PM_REMOVE)) {
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
}

}  // namespace

std::shared_ptr<Apartment> Apartment::Start() {
  // Pinned before the thread starts: from then on the module must stay loaded.
  threads::PinThisModule();
  std::shared_ptr<Apartment> apartment(new Apartment());
  std::thread([apartment] { apartment->Run(); }).detach();
  return apartment;
}

Apartment::Apartment() : wake_event_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)) {
  if (wake_event_ == nullptr) throw std::system_error(static_cast<int>(::GetLastError()), std::system_category());
}

Apartment::~Apartment() { ::CloseHandle(wake_event_); }

void Apartment::Post(Command command, Order order) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  queue_.push_back({std::move(command), order});
  Wake();
}

void Apartment::Stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  Wake();
}

// Requires mutex_. Only a message reaches a blocking call; if none can be posted the event serves the outer loop.
void Apartment::Wake() {
  if (wake_sent_) return;
  wake_sent_ = true;
  if (window_ != nullptr && ::PostMessageW(window_, kWakeMessage, 0, 0) != 0) return;
  ::SetEvent(wake_event_);
}

bool Apartment::WaitUntilEnded(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return ended_condition_.wait_until(lock, deadline, [this] { return ended_; });
}

void Apartment::Run() {
  const HRESULT initialized = ::CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
  OpenWindow();
  for (RunQueue(false); !IsFinished(); RunQueue(false)) WaitForWork();
  CloseWindow();
  if (SUCCEEDED(initialized)) ::CoUninitialize();
  const std::lock_guard lock(mutex_);
  ended_ = true;
  ended_condition_.notify_all();
}

void Apartment::RunQueue(bool nested) {
  Command command;
  while (TakeNext(nested, &command)) {
    const bool outer = std::exchange(in_command_, true);
    command();
    command = nullptr;
    in_command_ = outer;
  }
}

bool Apartment::TakeNext(bool nested, Command* command) {
  const std::lock_guard lock(mutex_);
  wake_sent_ = false;
  if (queue_.empty() || (nested && queue_.front().order != Order::kNested)) return false;
  *command = std::move(queue_.front().run);
  queue_.pop_front();
  // The command may block in a call that dispatches messages: the commands behind it need another message.
  if (!queue_.empty()) Wake();
  return true;
}

bool Apartment::IsFinished() {
  const std::lock_guard lock(mutex_);
  return stopping_ && queue_.empty();
}

void Apartment::WaitForWork() {
  ::MsgWaitForMultipleObjectsEx(1, &wake_event_, INFINITE, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
  DispatchMessages();
}

void Apartment::PumpFor(std::chrono::milliseconds time) {
  ::MsgWaitForMultipleObjectsEx(0, nullptr, static_cast<DWORD>(time.count()), QS_ALLINPUT, MWMO_INPUTAVAILABLE);
  DispatchMessages();
}

Apartment::Bounded::Bounded(Apartment& apartment, const char* syscall)
    : apartment_(apartment), outer_(apartment.call_) {
  apartment_.Enter(syscall);
}

Apartment::Bounded::~Bounded() { apartment_.Enter(outer_); }

void Apartment::Enter(const char* syscall) {
  const std::lock_guard lock(mutex_);
  call_ = syscall;
  call_began_ = Clock::now();
}

const char* Apartment::BlockedCall(std::chrono::milliseconds limit) {
  const std::lock_guard lock(mutex_);
  return call_ != nullptr && Clock::now() - call_began_ >= limit ? call_ : nullptr;
}

void Apartment::OpenWindow() {
  WNDCLASSEXW type = {};
  type.cbSize = sizeof(type);
  type.lpfnWndProc = WindowProcedure;
  type.hInstance = ThisModule();
  type.lpszClassName = kWindowClass;
  ::RegisterClassExW(&type);  // fails harmlessly for all but the first apartment
  HWND window =
      ::CreateWindowExW(0, kWindowClass, nullptr, 0, 0, 0, 0, 0, HWND_MESSAGE, nullptr, type.hInstance, nullptr);
  if (window != nullptr) ::SetWindowLongPtrW(window, GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
  const std::lock_guard lock(mutex_);
  window_ = window;
}

void Apartment::CloseWindow() {
  HWND window = nullptr;
  {
    const std::lock_guard lock(mutex_);
    window = std::exchange(window_, nullptr);
  }
  if (window != nullptr) ::DestroyWindow(window);
}

// Between commands the loop runs the queue; this handles only commands that must reach a blocking call.
LRESULT CALLBACK Apartment::WindowProcedure(HWND window, UINT message, WPARAM w, LPARAM l) {
  auto* apartment = reinterpret_cast<Apartment*>(::GetWindowLongPtrW(window, GWLP_USERDATA));
  if (apartment != nullptr && message == kWakeMessage) {
    if (apartment->in_command_) apartment->RunQueue(true);
    return 0;
  }
  if (apartment != nullptr && message == WM_TIMER) {
    apartment->RunTimer(static_cast<std::uintptr_t>(w));
    return 0;
  }
  return ::DefWindowProcW(window, message, w, l);
}

void Apartment::After(std::chrono::milliseconds delay, Command command) {
  const std::uintptr_t id = ++last_timer_;
  timers_[id] = std::move(command);
  ::SetTimer(window_, id, static_cast<UINT>(delay.count()), nullptr);
}

void Apartment::RunTimer(std::uintptr_t id) {
  ::KillTimer(window_, id);
  const auto timer = timers_.find(id);
  if (timer == timers_.end()) return;
  const Command command = std::move(timer->second);
  timers_.erase(timer);
  command();
}

}  // namespace winwire::winhttp
