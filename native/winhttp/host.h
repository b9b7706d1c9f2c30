// The apartments of one environment, and their assignment.
//
// Threads: the environment's, except where marked.
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
#include "winhttp/com_request.h"

namespace winwire::winhttp {

// Describes the class on this machine, and how it reports completion.
struct ClassInfo {
  std::optional<Failure> failure;
  // The objects accept a sink; Wine's have no connection points.
  bool has_events = false;
  // The module with the object's code.
  std::u16string file;
};

class Host : public std::enable_shared_from_this<Host> {
 public:
  Host() = default;
  ~Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Creates an object, inspects it and connects a sink. `done` is called on an apartment. [once, before MakeComRequest]
  void Probe(std::function<void(ClassInfo)> done);
  // Returns the call of Probe that exceeds the limit.
  const char* BlockedProbe(std::chrono::milliseconds limit);

  // Uses a separate apartment, because any call of an object may block it. If objects have events and kMostApartments
  // exist, uses the apartment with the fewest COM requests.
  std::shared_ptr<ComRequest> MakeComRequest(bool native_sync, std::shared_ptr<ComRequestListener> listener);

  // How long an object may report a complete response without returning it.
  void SetLimit(std::chrono::milliseconds limit) { class_->limit = limit; }

  // Aborts everything and waits for the threads to end. Others are left behind: they own what they use.
  void Shutdown(std::chrono::milliseconds limit);

 private:
  struct Shared {
    std::shared_ptr<Apartment> apartment;
    std::size_t com_requests;
  };

  std::shared_ptr<Apartment> TakeApartment(bool may_share);
  std::shared_ptr<Apartment> TakeIdle();
  std::shared_ptr<Apartment> ShareApartment();
  void ReleaseApartment(std::shared_ptr<Apartment> apartment);  // any thread

  const std::shared_ptr<ClassState> class_ = std::make_shared<ClassState>();
  std::shared_ptr<Apartment> probing_;
  std::vector<std::weak_ptr<ComRequest>> com_requests_;
  std::vector<std::weak_ptr<Apartment>> apartments_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Apartment>> idle_;  // under mutex_
  std::vector<Shared> shared_;                    // under mutex_
};

}  // namespace winwire::winhttp
