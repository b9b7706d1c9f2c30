// Contexts of GSSAPI on several threads. Where no user is logged on, or the library is missing, opening them fails.
#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "auth/context_table.h"
#include "auth/gss_mechanism.h"
#include "test/check.h"

namespace winwire::test {
namespace {

using auth::Context;
using auth::ContextTable;
using auth::Package;
using auth::gss::GssMechanism;

constexpr int kThreads = 4;
constexpr int kRounds = 100;

auth::OpenRequest RequestOf(int number) {
  constexpr std::array kPackages = {Package::kNegotiate, Package::kKerberos, Package::kNtlm};
  auth::OpenRequest request;
  request.package = kPackages.at(static_cast<std::size_t>(number) % kPackages.size());
  request.service = "HTTP/localhost";
  return request;
}

// As the addon uses contexts, but their numbers are shared: a thread closes what another one steps.
class SharedContexts {
 public:
  void Use(const GssMechanism& mechanism, int round) {
    auto opened = mechanism.Open(RequestOf(round));
    if (auto* context = std::get_if<std::unique_ptr<Context>>(&opened)) {
      const double number = contexts_.Add(std::move(*context));
      const std::shared_ptr<ContextTable::Entry> entry = contexts_.Find(number);
      const double other = last_.exchange(number);
      if (entry && !entry->is_busy.exchange(true)) Step(*entry, other);
    }
    static_cast<void>(mechanism.Identity(Package::kKerberos));
  }
  void Close() { contexts_.Close(); }

 private:
  void Step(ContextTable::Entry& entry, double other) {
    static_cast<void>(entry.context->Step({}));
    contexts_.Remove(other);
    static_cast<void>(entry.context->Identity());
    entry.is_busy = false;
  }

  ContextTable contexts_;
  std::atomic<double> last_ = 0;
};

}  // namespace

TEST("gss mechanism: contexts that threads open, step and close at once are freed") {
  const int before = Context::Count();
  const GssMechanism mechanism(auth::gss::kLibrary);
  SharedContexts contexts;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < kRounds; ++round) contexts.Use(mechanism, thread + round);
    });
  }
  for (std::thread& thread : threads) thread.join();
  contexts.Close();
  CHECK_EQ(Context::Count(), before);
}

}  // namespace winwire::test
