// Plain values that cross between threads, without COM and Node-API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "abi/hresult.h"

namespace winwire::winhttp {

using abi::HRESULT;
using Bytes = std::vector<std::uint8_t>;

// An omitted optional parameter: VT_ERROR with DISP_E_PARAMNOTFOUND.
struct Missing {};
// VT_NULL.
struct Null {};

// The contents of a VARIANT; monostate is VT_EMPTY.
using Value = std::variant<std::monostate, Missing, Null, bool, std::int32_t, double, std::u16string, Bytes>;

// Why a call failed. The syscall is the title of Microsoft's page: "IWinHttpRequest::Send".
struct Failure {
  HRESULT hr = 0;
  const char* syscall = "";
  std::u16string description;
};

// The result of a member.
struct CallResult {
  std::optional<Failure> failure;
  Value value;
};

// OnResponseStart. Without Content-Length the length is unknown.
struct ResponseStart {
  std::int32_t status = 0;
  std::u16string content_type;
  std::optional<double> length;
};

// The head of a complete response.
struct ResponseHead {
  std::int32_t status = 0;
  std::u16string status_text;
  std::u16string headers;
};

struct Response {
  ResponseHead head;
  Bytes body;
  // The final URL after redirects; nothing if the object does not report it (Wine 8.0 has no such option).
  std::optional<std::u16string> url;
};

struct Timeouts {
  std::int32_t resolve = 0;
  std::int32_t connect = 0;
  std::int32_t send = 0;
  std::int32_t receive = 0;
};

struct Proxy {
  std::int32_t setting = 0;
  Value server = Missing{};
  Value bypass = Missing{};
};

struct Credentials {
  std::u16string user;
  std::u16string password;
  std::int32_t target = 0;
};

// A whole request, for ComRequest::Execute.
struct RequestSpec {
  std::u16string method;
  std::u16string url;
  std::vector<std::pair<std::u16string, std::u16string>> headers;
  Value body = Missing{};
  std::vector<std::pair<std::int32_t, Value>> options;
  std::vector<Credentials> credentials;
  std::optional<Timeouts> timeouts;
  std::optional<Proxy> proxy;
  std::optional<std::int32_t> auto_logon_policy;
  std::optional<std::u16string> client_certificate;
  // A larger body ends the request with ERROR_FILE_TOO_LARGE.
  double body_limit = 0;
  bool wants_progress = false;
};

// A string parameter; nothing is a NULL BSTR.
using Text = std::optional<std::u16string>;

}  // namespace winwire::winhttp
