#include "binding/winhttp_arguments.h"

#include <cmath>

namespace winwire::binding {
namespace {

std::int32_t ReadInteger(Napi::Value value) {
  std::int32_t integer = 0;
  napi_get_value_int32(value.Env(), value, &integer);
  return integer;
}

winhttp::Value ReadNumber(Napi::Value value) {
  const double number = value.As<Napi::Number>().DoubleValue();
  const bool is_integer = number >= -2147483648.0 && number <= 4294967295.0 && number == std::trunc(number);
  if (is_integer) return ReadInteger(value);
  return number;
}

bool IsSet(Napi::Value value) { return !value.IsUndefined() && !value.IsNull(); }

void ReadHeaders(Napi::Value value, winhttp::RequestSpec* spec) {
  const auto list = value.As<Napi::Array>();
  const std::uint32_t count = list.Length();
  spec->headers.reserve(count / 2);
  for (std::uint32_t i = 0; i + 1 < count; i += 2) {
    spec->headers.emplace_back(ReadText(list.Get(i)), ReadText(list.Get(i + 1)));
  }
}

// Entries of [option, value].
void ReadOptions(Napi::Value value, winhttp::RequestSpec* spec) {
  const auto list = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < list.Length(); ++i) {
    const auto entry = list.Get(i).As<Napi::Array>();
    spec->options.emplace_back(ReadInteger(entry.Get(0u)), ReadValue(entry.Get(1u)));
  }
}

// Entries of [user, password, target].
void ReadCredentials(Napi::Value value, winhttp::RequestSpec* spec) {
  const auto list = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < list.Length(); ++i) {
    const auto entry = list.Get(i).As<Napi::Array>();
    spec->credentials.push_back({ReadText(entry.Get(0u)), ReadText(entry.Get(1u)), ReadInteger(entry.Get(2u))});
  }
}

void ReadSettings(Napi::Object settings, winhttp::RequestSpec* spec) {
  ReadOptions(settings.Get("options"), spec);
  ReadCredentials(settings.Get("credentials"), spec);
  if (const Napi::Value value = settings.Get("timeouts"); IsSet(value)) {
    const auto list = value.As<Napi::Array>();
    spec->timeouts = winhttp::Timeouts{ReadInteger(list.Get(0u)), ReadInteger(list.Get(1u)), ReadInteger(list.Get(2u)),
                                       ReadInteger(list.Get(3u))};
  }
  if (const Napi::Value value = settings.Get("proxy"); IsSet(value)) {
    const auto list = value.As<Napi::Array>();
    spec->proxy = winhttp::Proxy{ReadInteger(list.Get(0u)), ReadValue(list.Get(1u)), ReadValue(list.Get(2u))};
  }
  if (const Napi::Value value = settings.Get("autoLogonPolicy"); IsSet(value)) {
    spec->auto_logon_policy = ReadInteger(value);
  }
  if (const Napi::Value value = settings.Get("clientCertificate"); IsSet(value)) {
    spec->client_certificate = ReadText(value);
  }
}

}  // namespace

std::u16string ReadText(Napi::Value value) {
  char16_t near_text[256];
  std::size_t length = 0;
  napi_env env = value.Env();
  if (napi_get_value_string_utf16(env, value, near_text, std::size(near_text), &length) != napi_ok) return {};
  // One place is for the terminator: a full buffer may hold a truncated text.
  if (length < std::size(near_text) - 1) return std::u16string(near_text, length);
  napi_get_value_string_utf16(env, value, nullptr, 0, &length);
  std::u16string text(length, u'\0');
  napi_get_value_string_utf16(env, value, text.data(), length + 1, &length);
  return text;
}

winhttp::Value ReadValue(Napi::Value value) {
  if (value.IsUndefined()) return winhttp::Missing{};
  if (value.IsNull()) return winhttp::Null{};
  if (value.IsBoolean()) return value.As<Napi::Boolean>().Value();
  if (value.IsNumber()) return ReadNumber(value);
  if (value.IsString()) return ReadText(value);
  if (!value.IsTypedArray()) return winhttp::Missing{};
  const auto bytes = value.As<Napi::Uint8Array>();
  return winhttp::Bytes(bytes.Data(), bytes.Data() + bytes.ByteLength());
}

double WinHttpArguments::Number(std::size_t index) const {
  double number = 0;
  napi_get_value_double(info_.Env(), At(index), &number);
  return number;
}

std::int32_t WinHttpArguments::Integer(std::size_t index) const { return ReadInteger(At(index)); }

bool WinHttpArguments::Boolean(std::size_t index) const {
  bool boolean = false;
  napi_get_value_bool(info_.Env(), At(index), &boolean);
  return boolean;
}

winhttp::Text WinHttpArguments::Text(std::size_t index) const {
  if (!IsSet(At(index))) return {};
  return ReadText(At(index));
}

winhttp::Value WinHttpArguments::Value(std::size_t index) const { return ReadValue(At(index)); }

winhttp::RequestSpec ReadRequestSpec(const WinHttpArguments& arguments) {
  winhttp::RequestSpec spec;
  spec.method = ReadText(arguments.At(0));
  spec.url = ReadText(arguments.At(1));
  ReadHeaders(arguments.At(2), &spec);
  spec.body = arguments.Value(3);
  spec.body_limit = arguments.Number(4);
  spec.wants_progress = arguments.Boolean(5);
  if (arguments.At(6).IsObject()) ReadSettings(arguments.At(6).As<Napi::Object>(), &spec);
  return spec;
}

}  // namespace winwire::binding
