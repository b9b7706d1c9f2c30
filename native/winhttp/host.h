// The apartments of one environment, and who gets which.
//
// Threads: the environment's, except for what is marked.
#pragma once

#include <chrono>
#include <cstddef>
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
  // A sink can be connected to the objects; Wine's have no connection points.
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

  // Makes an object, looks at it and connects a sink to it. `done` is called on an apartment. [once, before
  // MakeSession]
  void Probe(std::function<void(ClassInfo)> done);
  // The call in which Probe has been for longer than the limit.
  const char* BlockedProbe(std::chrono::milliseconds limit);

  // On a separate apartment, since any call of an object may block it. If objects have events and kMostApartments
  // exist, on the apartment with the fewest sessions.
  std::shared_ptr<Session> MakeSession(bool native_sync, std::shared_ptr<SessionListener> listener);

  // How long an object may report a response complete without returning it.
  void SetLimit(std::chrono::milliseconds limit) { class_->limit = limit; }

  // Aborts everything and waits for the threads to end. Those that do not are left behind: they hold what they use.
  void Shutdown(std::chrono::milliseconds limit);

 private:
  struct Shared {
    std::shared_ptr<Apartment> apartment;
    std::size_t sessions;
  };

  std::shared_ptr<Apartment> TakeApartment(bool may_share);
  std::shared_ptr<Apartment> TakeIdle();
  std::shared_ptr<Apartment> ShareApartment();
  void GiveBack(std::shared_ptr<Apartment> apartment);  // any thread

  const std::shared_ptr<ClassState> class_ = std::make_shared<ClassState>();
  std::shared_ptr<Apartment> probing_;
  std::vector<std::weak_ptr<Session>> sessions_;
  std::vector<std::weak_ptr<Apartment>> apartments_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Apartment>> idle_;  // under mutex_
  std::vector<Shared> shared_;                    // under mutex_
};

}  // namespace winwire::winhttp
