// 14, activation and identity: class, interfaces, apartments, connection points.
#include <ocidl.h>

#include "test/statements/winhttp_statement.h"

using namespace winwire;
using namespace winwire::test;

namespace {

HRESULT Create(REFIID iid, void** object, IUnknown* outer = nullptr) {
  return ::CoCreateInstance(abi::CLSID_WinHttpRequest, outer, CLSCTX_INPROC_SERVER, iid, object);
}

struct MemberOfLibrary {
  DISPID id;
  int slot;
  INVOKEKIND kind;
};

// Section 3: the vtable's order, each with its DISPID.
constexpr MemberOfLibrary kMembers[] = {
    {abi::kDispidSetProxy, 7, INVOKE_FUNC},
    {abi::kDispidSetCredentials, 8, INVOKE_FUNC},
    {abi::kDispidOpen, 9, INVOKE_FUNC},
    {abi::kDispidSetRequestHeader, 10, INVOKE_FUNC},
    {abi::kDispidGetResponseHeader, 11, INVOKE_FUNC},
    {abi::kDispidGetAllResponseHeaders, 12, INVOKE_FUNC},
    {abi::kDispidSend, 13, INVOKE_FUNC},
    {abi::kDispidStatus, 14, INVOKE_PROPERTYGET},
    {abi::kDispidStatusText, 15, INVOKE_PROPERTYGET},
    {abi::kDispidResponseText, 16, INVOKE_PROPERTYGET},
    {abi::kDispidResponseBody, 17, INVOKE_PROPERTYGET},
    {abi::kDispidResponseStream, 18, INVOKE_PROPERTYGET},
    {abi::kDispidOption, 19, INVOKE_PROPERTYGET},
    {abi::kDispidOption, 20, INVOKE_PROPERTYPUT},
    {abi::kDispidWaitForResponse, 21, INVOKE_FUNC},
    {abi::kDispidAbort, 22, INVOKE_FUNC},
    {abi::kDispidSetTimeouts, 23, INVOKE_FUNC},
    {abi::kDispidSetClientCertificate, 24, INVOKE_FUNC},
    {abi::kDispidSetAutoLogonPolicy, 25, INVOKE_FUNC},
};

// Counts the functions of the interface in the library that match this one.
int CountMember(ITypeInfo& info, const TYPEATTR& attributes, const MemberOfLibrary& member) {
  int found = 0;
  for (UINT i = 0; i < attributes.cFuncs; ++i) {
    FUNCDESC* function = nullptr;
    CHECK_EQ(info.GetFuncDesc(i, &function), S_OK);
    const int slot = function->oVft / static_cast<int>(sizeof(void*));
    if (function->memid == member.id && function->invkind == member.kind && slot == member.slot) ++found;
    info.ReleaseFuncDesc(function);
  }
  return found;
}

// A sink for Advise that ignores all events.
class SilentSink final : public abi::IWinHttpRequestEvents {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override {
    const bool is_known = ::IsEqualGUID(iid, ::IID_IUnknown) || ::IsEqualGUID(iid, abi::IID_IWinHttpRequestEvents);
    *object = is_known ? this : nullptr;
    return is_known ? S_OK : E_NOINTERFACE;
  }
  ULONG STDMETHODCALLTYPE AddRef() override { return 2; }
  ULONG STDMETHODCALLTYPE Release() override { return 1; }
  void STDMETHODCALLTYPE OnResponseStart(long, BSTR) override {}
  void STDMETHODCALLTYPE OnResponseDataAvailable(SAFEARRAY**) override {}
  void STDMETHODCALLTYPE OnResponseFinished() override {}
  void STDMETHODCALLTYPE OnError(long, BSTR) override {}
};

}  // namespace

WINHTTP_STATEMENT("RQ-001") {
  const ComThread com;
  CLSID class_id = {};
  CHECK_EQ(::CLSIDFromProgID(abi::kWinHttpRequestProgId, &class_id), S_OK);
  CHECK(::IsEqualGUID(class_id, abi::CLSID_WinHttpRequest) != 0);
}

WINHTTP_STATEMENT("RQ-002") {
  const ComThread com;
  Request request;
  CHECK_EQ(Create(abi::IID_IWinHttpRequest, request.PutVoid()), S_OK);
}

WINHTTP_STATEMENT("RQ-003") {
  const ComThread com;
  const Request request = NewRequest();
  CHECK(static_cast<bool>(request.As<IUnknown>(::IID_IUnknown)));
  CHECK(static_cast<bool>(request.As<IDispatch>(::IID_IDispatch)));
  CHECK(static_cast<bool>(request.As<abi::IWinHttpRequest>(abi::IID_IWinHttpRequest)));
}

WINHTTP_STATEMENT("RQ-004") {
  const ComThread com;
  ComPtr<IConnectionPointContainer> container;
  CHECK_EQ(NewRequest()->QueryInterface(::IID_IConnectionPointContainer, container.PutVoid()), S_OK);
}

WINHTTP_STATEMENT("RQ-005") {
  const ComThread com;
  SilentSink sink;
  const Request request = NewRequest();
  const auto container = request.As<IConnectionPointContainer>(::IID_IConnectionPointContainer);
  CHECK(static_cast<bool>(container));
  ComPtr<IConnectionPoint> point;
  DWORD cookie = 0;
  CHECK_EQ(container->FindConnectionPoint(abi::IID_IWinHttpRequestEvents, point.Put()), S_OK);
  CHECK_EQ(point->Advise(&sink, &cookie), S_OK);
  CHECK(cookie != 0);
  CHECK_EQ(point->Unadvise(cookie), S_OK);
}

WINHTTP_STATEMENT("RQ-006") {
  Request request;
  CHECK_EQ(Create(abi::IID_IWinHttpRequest, request.PutVoid()), abi::hresult::kNotInitialized);
}

WINHTTP_STATEMENT("RQ-007") {
  const ComThread com;
  const Request outer = NewRequest();
  ComPtr<IUnknown> inner;
  CHECK_EQ(Create(::IID_IUnknown, inner.PutVoid(), outer.Get()), abi::hresult::kNoAggregation);
}

WINHTTP_STATEMENT("RQ-008") {
  const ComThread com(COINIT_MULTITHREADED);
  const Request request = NewRequest();
  CHECK_EQ(OptionAsInteger(request, abi::WinHttpRequestOption_URLCodePage), 65001);
}

WINHTTP_STATEMENT("RQ-009") {
  const ComThread com;
  ComPtr<ITypeInfo> info;
  CHECK_EQ(NewRequest()->GetTypeInfo(0, LOCALE_USER_DEFAULT, info.Put()), S_OK);
  // For a dual interface this is the information of the dispinterface, which leads to that of the vtable.
  ComPtr<ITypeInfo> table;
  HREFTYPE reference = 0;
  if (SUCCEEDED(info->GetRefTypeOfImplType(static_cast<UINT>(-1), &reference))) {
    CHECK_EQ(info->GetRefTypeInfo(reference, table.Put()), S_OK);
  } else {
    table = info;
  }
  TYPEATTR* attributes = nullptr;
  CHECK_EQ(table->GetTypeAttr(&attributes), S_OK);
  for (const MemberOfLibrary& member : kMembers) {
    CHECK_EQ(CountMember(*table.Get(), *attributes, member), 1, "DISPID " + std::to_string(member.id));
  }
  table->ReleaseTypeAttr(attributes);
}
