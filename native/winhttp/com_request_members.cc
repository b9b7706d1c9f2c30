// The simple members of IWinHttpRequest, in the order of httprequest.h.
#include <utility>

#include "winhttp/bstr.h"
#include "winhttp/com_request.h"
#include "winhttp/failure.h"
#include "winhttp/variant.h"

namespace winwire::winhttp {
namespace {

Bstr ToBstr(const Text& text) { return text ? Bstr(*text) : Bstr(); }

// As COM interprets the parameter: a missing or unconvertible value is synchronous (spec 6.1).
bool IsAsynchronous(const VARIANT& async) {
  Variant converted;
  if (async.vt == VT_ERROR || async.vt == VT_NULL || async.vt == VT_EMPTY) return false;
  if (FAILED(::VariantChangeType(converted.Put(), const_cast<VARIANT*>(&async), 0, VT_BOOL))) return false;
  return converted.Get().boolVal != VARIANT_FALSE;
}

CallResult TooLarge(const char* syscall) {
  CallResult result;
  result.failure = Failure{abi::hresult::kFileTooLarge, syscall, {}};
  return result;
}

}  // namespace

template <class Call>
CallResult ComRequest::Invoke(const char* syscall, Call call) {
  if (CallResult created = Create(); created.failure) return created;
  // Referenced during the call: a dispatched message may close the COM request.
  const ComPtr<abi::IWinHttpRequest> object = object_;
  const Apartment::Bounded bounded(*apartment_, syscall);
  return ToResult(call(*object.Get()), syscall);
}

// Wine 8.0 includes a trailing NUL in the length of header-like strings; no header ends in one.
template <class Getter>
CallResult ComRequest::GetText(const char* syscall, Getter getter) {
  Bstr text;
  CallResult result = Invoke(syscall, [&](abi::IWinHttpRequest& object) { return getter(object, text.Put()); });
  if (result.failure) {
    text.Forget();
    return result;
  }
  std::u16string value = TextOf(text.Get());
  if (!value.empty() && value.back() == u'\0') value.pop_back();
  result.value = std::move(value);
  return result;
}

CallResult ComRequest::SetProxy(const Proxy& proxy) {
  const Variant server(proxy.server);
  const Variant bypass(proxy.bypass);
  return Invoke("IWinHttpRequest::SetProxy", [&](abi::IWinHttpRequest& object) {
    return object.SetProxy(proxy.setting, server.Get(), bypass.Get());
  });
}

CallResult ComRequest::SetCredentials(const Text& user, const Text& password, std::int32_t target) {
  const Bstr user_text = ToBstr(user);
  const Bstr password_text = ToBstr(password);
  return Invoke("IWinHttpRequest::SetCredentials", [&](abi::IWinHttpRequest& object) {
    return object.SetCredentials(user_text.Get(), password_text.Get(), target);
  });
}

CallResult ComRequest::Open(const Text& method, const Text& url, const Value& async) {
  const Bstr method_text = ToBstr(method);
  const Bstr url_text = ToBstr(url);
  const Variant mode(options_.native_sync ? async : Value(true));
  CallResult result = Invoke("IWinHttpRequest::Open", [&](abi::IWinHttpRequest& object) {
    return object.Open(method_text.Get(), url_text.Get(), mode.Get());
  });
  // A failed Open does not change the previous request and its response.
  if (result.failure) return result;
  EndPending(Phase::kIdle);
  opened_synchronous_ = !IsAsynchronous(mode.Get());
  return result;
}

CallResult ComRequest::SetRequestHeader(const Text& header, const Text& value) {
  const Bstr header_text = ToBstr(header);
  const Bstr value_text = ToBstr(value);
  return Invoke("IWinHttpRequest::SetRequestHeader", [&](abi::IWinHttpRequest& object) {
    return object.SetRequestHeader(header_text.Get(), value_text.Get());
  });
}

CallResult ComRequest::GetResponseHeader(const Text& header) {
  const Bstr header_text = ToBstr(header);
  return GetText("IWinHttpRequest::GetResponseHeader", [&](abi::IWinHttpRequest& object, BSTR* value) {
    return object.GetResponseHeader(header_text.Get(), value);
  });
}

CallResult ComRequest::GetAllResponseHeaders() {
  return GetText("IWinHttpRequest::GetAllResponseHeaders",
                 [](abi::IWinHttpRequest& object, BSTR* headers) { return object.GetAllResponseHeaders(headers); });
}

CallResult ComRequest::Status() {
  constexpr const char* kSyscall = "IWinHttpRequest::Status";
  long status = 0;
  CallResult result = Invoke(kSyscall, [&](abi::IWinHttpRequest& object) { return object.get_Status(&status); });
  if (!result.failure && status == 0) result.failure = Failure{abi::hresult::kUnexpected, kSyscall, u"it gave none"};
  result.value = static_cast<std::int32_t>(status);
  return result;
}

CallResult ComRequest::StatusText() {
  return GetText("IWinHttpRequest::StatusText",
                 [](abi::IWinHttpRequest& object, BSTR* text) { return object.get_StatusText(text); });
}

// The limit counts bytes of the body; each becomes at most four characters.
CallResult ComRequest::ResponseText(double limit) {
  constexpr const char* kSyscall = "IWinHttpRequest::ResponseText";
  Bstr text;
  CallResult result =
      Invoke(kSyscall, [&](abi::IWinHttpRequest& object) { return object.get_ResponseText(text.Put()); });
  if (result.failure) {
    text.Forget();
    return result;
  }
  const double length = ::SysStringLen(text.Get());
  if (length > limit) return TooLarge(kSyscall);
  if (length * 4 > limit) {
    Variant body;
    if (!GetBody(&body).failure && static_cast<double>(ByteArraySize(body.ByteArray())) > limit) {
      return TooLarge(kSyscall);
    }
  }
  result.value = TextOf(text.Get());
  return result;
}

// An empty body is VT_EMPTY, or on Wine an empty array.
CallResult ComRequest::GetBody(Variant* body) {
  constexpr const char* kSyscall = "IWinHttpRequest::ResponseBody";
  CallResult result =
      Invoke(kSyscall, [&](abi::IWinHttpRequest& object) { return object.get_ResponseBody(body->Put()); });
  if (result.failure) {
    body->Forget();
  } else if (body->Get().vt != VT_EMPTY && !IsByteArray(body->ByteArray())) {
    result.failure = Failure{abi::hresult::kUnexpected, kSyscall, u"it gave no array of bytes"};
  }
  return result;
}

CallResult ComRequest::ResponseBody(double limit) {
  Variant body;
  CallResult result = GetBody(&body);
  if (result.failure) return result;
  if (static_cast<double>(ByteArraySize(body.ByteArray())) > limit) return TooLarge("IWinHttpRequest::ResponseBody");
  result.value = CopyByteArray(body.ByteArray());
  return result;
}

CallResult ComRequest::GetOption(std::int32_t option) {
  Variant value;
  CallResult result = Invoke("IWinHttpRequest::Option", [&](abi::IWinHttpRequest& object) {
    return object.get_Option(static_cast<abi::WinHttpRequestOption>(option), value.Put());
  });
  if (result.failure) {
    value.Forget();
  } else {
    result.value = ToValue(value.Get());
  }
  return result;
}

CallResult ComRequest::PutOption(std::int32_t option, const Value& value) {
  const Variant variant(value);
  return Invoke("IWinHttpRequest::Option", [&](abi::IWinHttpRequest& object) {
    return object.put_Option(static_cast<abi::WinHttpRequestOption>(option), variant.Get());
  });
}

CallResult ComRequest::SetTimeouts(const Timeouts& timeouts) {
  return Invoke("IWinHttpRequest::SetTimeouts", [&](abi::IWinHttpRequest& object) {
    return object.SetTimeouts(timeouts.resolve, timeouts.connect, timeouts.send, timeouts.receive);
  });
}

CallResult ComRequest::SetClientCertificate(const Text& certificate) {
  const Bstr text = ToBstr(certificate);
  return Invoke("IWinHttpRequest::SetClientCertificate",
                [&](abi::IWinHttpRequest& object) { return object.SetClientCertificate(text.Get()); });
}

CallResult ComRequest::SetAutoLogonPolicy(std::int32_t policy) {
  return Invoke("IWinHttpRequest::SetAutoLogonPolicy", [&](abi::IWinHttpRequest& object) {
    return object.SetAutoLogonPolicy(static_cast<abi::WinHttpRequestAutoLogonPolicy>(policy));
  });
}

CallResult ComRequest::OpenStream(std::int32_t number) {
  constexpr const char* kSyscall = "IWinHttpRequest::ResponseStream";
  Variant body;
  CallResult result =
      Invoke(kSyscall, [&](abi::IWinHttpRequest& object) { return object.get_ResponseStream(body.Put()); });
  if (result.failure) {
    body.Forget();
    return result;
  }
  ComPtr<IStream> stream;
  if (body.Get().vt == VT_UNKNOWN && body.Get().punkVal != nullptr) {
    body.Get().punkVal->QueryInterface(::IID_IStream, stream.PutVoid());
  }
  if (!stream) return ToResult(E_NOINTERFACE, kSyscall);
  streams_[number] = std::move(stream);
  return result;
}

// S_FALSE is the end of the stream.
CallResult ComRequest::ReadStream(std::int32_t stream, std::uint32_t size) {
  constexpr const char* kSyscall = "IStream::Read";
  const auto entry = streams_.find(stream);
  if (entry == streams_.end()) return ToResult(E_HANDLE, kSyscall);
  const ComPtr<IStream> source = entry->second;
  Bytes bytes(size);
  ULONG read = 0;
  const Apartment::Bounded call(*apartment_, kSyscall);
  const HRESULT hr = source->Read(bytes.data(), size, &read);
  CallResult result = ToResult(hr == S_FALSE ? S_OK : hr, kSyscall);
  if (!result.failure && read > size) {
    result.failure = Failure{abi::hresult::kUnexpected, kSyscall, u"it read more than was asked for"};
  }
  if (result.failure) return result;
  bytes.resize(read);
  result.value = std::move(bytes);
  return result;
}

void ComRequest::CloseStream(std::int32_t stream) {
  streams_.erase(stream);
  ReleaseIfUnused();
}

std::optional<double> ComRequest::ContentLength() {
  const CallResult header = GetResponseHeader(u"Content-Length");
  if (header.failure) return {};
  double length = 0;
  const std::u16string& digits = std::get<std::u16string>(header.value);
  for (const char16_t digit : digits) {
    if (digit < u'0' || digit > u'9') return {};
    length = length * 10 + (digit - u'0');
  }
  if (digits.empty()) return {};
  return length;
}

}  // namespace winwire::winhttp
