// Tokens of the system: one interface over SSPI and GSSAPI. No Node and no I/O of the project.
//
// Threads: any, but a context is used by one at a time. All calls may block for seconds: on a domain controller, a
// smart card.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "auth/secret.h"

namespace winwire::auth {

using Bytes = std::vector<std::uint8_t>;

// lib/auth/auth-native.ts has the same numbers.
enum class Package : std::int32_t {
  kNegotiate = 0,  // SPNEGO with Kerberos, or NTLM if the system has it
  kKerberos = 1,   // SPNEGO without NTLM
  kNtlm = 2,       // NTLM without SPNEGO
};

// What a failure means; lib/auth/auth-native.ts has the same numbers.
enum class Reason : std::int32_t {
  kOther = 0,
  kNoTicket = 1,
  kNoMechanism = 2,
  kClockSkew = 3,
  kUnknownService = 4,
  kPasswordExpired = 5,
  kRejected = 6,
  kKdcUnreachable = 7,
  kWrongToken = 8,
};

// The status codes of GSSAPI.
struct GssStatus {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
};

struct Failure {
  Reason reason = Reason::kOther;
  // A SECURITY_STATUS; for GSSAPI the one that SSPI has for the same fault.
  std::int32_t status = 0;
  const char* syscall = "";
  std::string text;  // the mechanism's own, in UTF-8
  std::optional<GssStatus> gss;
};

template <class Value>
using Result = std::variant<Value, Failure>;

// A user with a password.
struct Password {
  Text username;
  Text domain;  // may be empty
  Secret password;
};

struct OpenRequest {
  Package package = Package::kNegotiate;
  Text service;                      // "HTTP/host"
  Bytes channel_binding;             // application data; empty for none
  std::optional<Password> password;  // without: the logged-on user
};

struct Token {
  Bytes bytes;
  bool done = false;
};

// A credential, and an authentication with one peer by it. The number of contexts of the process is counted.
class Context {
 public:
  Context() { ++count; }
  virtual ~Context() { --count; }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Without bytes for the first token.
  virtual Result<Token> Step(std::span<const std::uint8_t> token) = 0;
  // The name of the credential, in UTF-8; nothing if the mechanism does not tell.
  virtual std::optional<std::string> Identity() = 0;

  static int Count() { return count; }

 private:
  static inline std::atomic<int> count = 0;
};

struct Description {
  std::string file;
  std::string version;
  std::string provider;
  std::vector<std::string> mechanisms;  // "Negotiate", "Kerberos", "NTLM"
  std::string reason;                   // why there is none; empty if there is one
};

class Mechanism {
 public:
  Mechanism() = default;
  virtual ~Mechanism() = default;
  Mechanism(const Mechanism&) = delete;
  Mechanism& operator=(const Mechanism&) = delete;

  virtual Description Describe() const = 0;
  // Acquires the credential. Makes no token.
  virtual Result<std::unique_ptr<Context>> Open(OpenRequest request) const = 0;
  // The name of the logged-on user's credential, read anew.
  virtual Result<std::optional<std::string>> Identity(Package package) const = 0;
};

// SSPI on Windows, GSSAPI elsewhere; loaded by the first call, for the life of the process.
const Mechanism& SystemMechanism();

}  // namespace winwire::auth
