// [Windows] A context of SSPI.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "auth/mechanism.h"
#include "auth/sspi_api.h"

namespace winwire::auth::sspi {

// The failure of a function; its text is Windows'.
Failure FailureOf(const char* syscall, SECURITY_STATUS status);

class SspiContext final : public Context {
 public:
  SspiContext(const Api& api, Package package) : api_(api), package_(package) {}
  SspiContext(const SspiContext&) = delete;
  SspiContext& operator=(const SspiContext&) = delete;
  ~SspiContext() override;

  // The following are called once each, before Step.
  std::optional<Failure> Acquire(const std::optional<Password>& password);
  void NameService(Text service) { service_ = std::move(service); }
  void Bind(const Bytes& application_data);

  Result<Token> Step(std::span<const std::uint8_t> token) override;
  std::optional<std::string> Identity() override;

 private:
  const wchar_t* PackageName() const;
  std::unique_lock<std::mutex> LockTickets() const;
  SECURITY_STATUS Advance(std::span<const std::uint8_t> token, SecBufferDesc* output);

  const Api& api_;
  const Package package_;
  Text service_;
  Bytes channel_binding_;  // SEC_CHANNEL_BINDINGS with its data; empty for none
  std::uint32_t most_token_bytes_ = 0;
  std::optional<CredHandle> credential_;
  std::optional<CtxtHandle> context_;
};

}  // namespace winwire::auth::sspi
