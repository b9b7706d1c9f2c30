// The apartments of one environment, and who gets which.
//
// Threads: the environment's, except for what is marked.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "winhttp/apartment.h"
#include "winhttp/session.h"

namespace winwire::winhttp {

// What the class is on this machine, and how its completion is learnt.
struct ClassInfo {
  std::optional<Failure> failure;
  // The objects have connection points; Wine's have not.
  bool has_events = false;
  // The module that holds the object's code.
  std::u16string file;
};

class Host : public std::enable_shared_from_this<Host> {
 public:
  Host() = default;
  ~Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Makes an object on the shared apartment and looks at it. `done` is called there. [once, before MakeSession]
  void Probe(std::function<void(ClassInfo)> done);

  // On the shared apartment where objects have events; else, and for `native_sync`, on one of its own.
  std::shared_ptr<Session> MakeSession(bool native_sync, std::shared_ptr<SessionListener> listener);

  // Aborts everything and waits for the threads to end. Those that do not are left behind: they hold what they use.
  void Shutdown(std::chrono::milliseconds limit);

 private:
  std::shared_ptr<Apartment> SharedApartment();
  std::shared_ptr<Apartment> TakePrivateApartment();
  void GiveBack(std::shared_ptr<Apartment> apartment);  // any thread

  std::atomic<bool> has_events_{false};
  std::shared_ptr<Apartment> shared_;
  std::vector<std::weak_ptr<Session>> sessions_;
  std::vector<std::weak_ptr<Apartment>> private_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Apartment>> idle_;  // under mutex_
};

}  // namespace winwire::winhttp
