// 14, values that only C++ can pass: VARIANT types, bounds of arrays, NULL out pointers, lengths of BSTRs.
#include "test/statements/winhttp_statement.h"
#include "test/support/http_server.h"

using namespace winwire;
using namespace winwire::test;
using abi::hresult::kInvalidArg;
using abi::hresult::kWinHttpCannotCallBeforeSend;

namespace {

// The server's delay: a Send that takes less did not wait.
constexpr ULONGLONG kDelay = 300;
constexpr char kDelayed[] = "/?delay=300";

enum class Mode { kSynchronous, kAsynchronous };

void CheckMode(const VARIANT& async, Mode expected) {
  HttpServer server;
  const Request request = NewRequest();
  CHECK_EQ(request->Open(Bstr(u"GET").Get(), Bstr(server.Url(kDelayed)).Get(), async), S_OK);
  const ULONGLONG start = ::GetTickCount64();
  CHECK_EQ(Send(request), S_OK);
  const bool has_waited = ::GetTickCount64() - start >= kDelay - 50;
  CHECK_EQ(has_waited, expected == Mode::kSynchronous, "VARIANT type " + std::to_string(async.vt));
  VARIANT_BOOL succeeded = VARIANT_TRUE;
  CHECK_EQ(WaitForResponse(request, -1, &succeeded), S_OK);
}

VARIANT ErrorVariant(SCODE code) {
  VARIANT variant = {};
  variant.vt = VT_ERROR;
  variant.scode = code;
  return variant;
}

Request Done(const HttpServer& server, const char* target = "/") {
  const Request request = NewRequest();
  CHECK_EQ(Open(request, u"GET", server.Url(target), Variant(false)), S_OK);
  CHECK_EQ(Send(request), S_OK);
  return request;
}

std::string Echo(const HttpServer& server, VARIANT body) {
  const Request request = NewRequest();
  CHECK_EQ(Open(request, u"POST", server.Url("/echo"), Variant(false)), S_OK);
  CHECK_EQ(request->Send(body), S_OK);
  return TextOfResponse(request);
}

void CheckNullOutputs(const Request& request, std::string_view state) {
  CHECK_EQ(request->get_ResponseText(nullptr), kInvalidArg, state);
  CHECK_EQ(request->get_Status(nullptr), kInvalidArg, state);
  CHECK_EQ(request->get_StatusText(nullptr), kInvalidArg, state);
  CHECK_EQ(request->get_ResponseBody(nullptr), kInvalidArg, state);
  CHECK_EQ(request->GetAllResponseHeaders(nullptr), kInvalidArg, state);
}

}  // namespace

WINHTTP_STATEMENT("RQ-034") {
  const ComThread com;
  CheckMode(Variant(false).Get(), Mode::kSynchronous);
  CheckMode(ErrorVariant(abi::hresult::kDispParamNotFound), Mode::kSynchronous);
  CheckMode(ErrorVariant(E_INVALIDARG), Mode::kSynchronous);
}

WINHTTP_STATEMENT("RQ-035") {
  const ComThread com;
  CheckMode(Variant().Get(), Mode::kSynchronous);
  CheckMode(Variant(winhttp::Null{}).Get(), Mode::kSynchronous);
}

WINHTTP_STATEMENT("RQ-036") {
  const ComThread com;
  CheckMode(Variant(std::int32_t{1}).Get(), Mode::kAsynchronous);
}

WINHTTP_STATEMENT("RQ-037") {
  const ComThread com;
  CheckMode(Variant(std::u16string(u"true")).Get(), Mode::kAsynchronous);
  CheckMode(Variant(std::u16string(u"1")).Get(), Mode::kAsynchronous);
  CheckMode(Variant(std::u16string(u"neither")).Get(), Mode::kSynchronous);
}

WINHTTP_STATEMENT("RQ-076") {
  const ComThread com;
  const HttpServer server;
  VARIANT body = {};
  body.vt = VT_ARRAY | VT_UI1;
  body.parray = MakeArray(5, 3);
  CHECK_EQ(Echo(server, body), std::string("\x01\x02\x03"));
  ::VariantClear(&body);
}

WINHTTP_STATEMENT("RQ-077") {
  const ComThread com;
  const HttpServer server;
  Bstr text(u"by reference");
  BSTR string = text.Get();
  VARIANT by_string = {};
  by_string.vt = VT_BYREF | VT_BSTR;
  by_string.pbstrVal = &string;
  CHECK_EQ(Echo(server, by_string), std::string("by reference"));
  const Variant inner(std::u16string(u"by variant"));
  VARIANT by_variant = {};
  by_variant.vt = VT_BYREF | VT_VARIANT;
  by_variant.pvarVal = const_cast<VARIANT*>(&inner.Get());
  CHECK_EQ(Echo(server, by_variant), std::string("by variant"));
}

WINHTTP_STATEMENT("RQ-085") {
  const ComThread com;
  const HttpServer server;
  const Request request = NewRequest();
  CheckNullOutputs(request, "NEW");
  CHECK_EQ(Open(request, u"GET", server.Url("/"), Variant(false)), S_OK);
  CheckNullOutputs(request, "OPEN");
  CheckNullOutputs(Done(server), "DONE");
}

WINHTTP_STATEMENT("RQ-086") {
  const ComThread com;
  const HttpServer server;
  const Bstr name(u"Content-Type");
  const Request fresh = NewRequest();
  CHECK_EQ(fresh->GetResponseHeader(nullptr, nullptr), kWinHttpCannotCallBeforeSend);
  CHECK_EQ(fresh->GetResponseHeader(name.Get(), nullptr), kWinHttpCannotCallBeforeSend);
  const Request done = Done(server);
  CHECK_EQ(done->GetResponseHeader(nullptr, nullptr), kInvalidArg);
  CHECK_EQ(done->GetResponseHeader(name.Get(), nullptr), kInvalidArg);
}

WINHTTP_STATEMENT("RQ-101") {
  const ComThread com;
  const HttpServer server;
  Bstr text;
  CHECK_EQ(Done(server)->get_StatusText(text.Put()), S_OK);
  CHECK_EQ(::SysStringLen(text.Get()), 2u);
}

WINHTTP_STATEMENT("RQ-103") {
  const ComThread com;
  const HttpServer server;
  Variant body;
  CHECK_EQ(Done(server, "/empty")->get_ResponseBody(body.Put()), S_OK);
  CHECK_EQ(body.Get().vt, VT_EMPTY);
}

WINHTTP_STATEMENT("RQ-107") {
  const ComThread com;
  const HttpServer server;
  Variant body;
  CHECK_EQ(Done(server)->get_ResponseStream(body.Put()), S_OK);
  CHECK_EQ(body.Get().vt, VT_UNKNOWN);
  ComPtr<IStream> stream;
  CHECK_EQ(body.Get().punkVal->QueryInterface(::IID_IStream, stream.PutVoid()), S_OK);
  char bytes[16];
  ULONG read = 0;
  CHECK(SUCCEEDED(stream->Read(bytes, sizeof(bytes), &read)));
  CHECK_EQ(read, 5u);
  CHECK_EQ(stream->Read(bytes, sizeof(bytes), &read), S_FALSE);
  CHECK_EQ(read, 0u);
}
