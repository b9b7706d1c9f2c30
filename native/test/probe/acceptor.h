// The accepting side of an authentication, for tests: GSSAPI or SSPI.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "auth/mechanism.h"

namespace winwire::test {

// Who was accepted, and how. The flags are GSSAPI's bits: delegated 1, mutual 2.
struct Accepted {
  auth::Bytes token;
  bool done = false;
  std::string client;     // once done
  std::string mechanism;  // "krb5", "NTLM"; once done
  std::uint32_t flags = 0;
};

class Acceptor {
 public:
  Acceptor() = default;
  virtual ~Acceptor() = default;
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Throws std::runtime_error with the mechanism's text.
  virtual Accepted Accept(std::span<const std::uint8_t> token) = 0;
};

// With the keys of the environment (KRB5_KTNAME), or Windows' logged-on user. `channel_binding` may be empty. Throws
// std::runtime_error.
std::unique_ptr<Acceptor> CreateAcceptor(auth::Package package, auth::Bytes channel_binding);

}  // namespace winwire::test
