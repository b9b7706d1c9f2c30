// The exports of the stand-in: a class factory for CLSID_WinHttpRequest over Wine's own, in System32's winhttp.dll. An
// activation context (winhttp_standin.manifest) gives it precedence over the registered class, for threads with that
// context.
#include <new>
#include <string>

#include "test/winhttp_standin/standin_request.h"

namespace winwire::test {
namespace {

using GetClassObjectFn = HRESULT(WINAPI*)(REFCLSID, REFIID, void**);

GetClassObjectFn FindInnerClass() {
  wchar_t folder[MAX_PATH];
  const UINT length = ::GetSystemDirectoryW(folder, MAX_PATH);
  const HMODULE module = ::LoadLibraryW((std::wstring(folder, length) + L"\\winhttp.dll").c_str());
  if (module == nullptr) return nullptr;
  return reinterpret_cast<GetClassObjectFn>(reinterpret_cast<void*>(::GetProcAddress(module, "DllGetClassObject")));
}

HRESULT MakeInner(abi::IWinHttpRequest** object) {
  static const GetClassObjectFn get_class_object = FindInnerClass();
  if (get_class_object == nullptr) return CLASS_E_CLASSNOTAVAILABLE;
  winhttp::ComPtr<IClassFactory> factory;
  const HRESULT hr = get_class_object(abi::CLSID_WinHttpRequest, ::IID_IClassFactory, factory.PutVoid());
  if (FAILED(hr)) return hr;
  return factory->CreateInstance(nullptr, abi::IID_IWinHttpRequest, reinterpret_cast<void**>(object));
}

// One per process: its references are not counted.
class Factory final : public IClassFactory {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** object) override {
    const bool is_known = ::IsEqualGUID(iid, ::IID_IUnknown) || ::IsEqualGUID(iid, ::IID_IClassFactory);
    *object = is_known ? this : nullptr;
    return is_known ? S_OK : E_NOINTERFACE;
  }
  ULONG STDMETHODCALLTYPE AddRef() override { return 2; }
  ULONG STDMETHODCALLTYPE Release() override { return 1; }
  HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown* outer, REFIID iid, void** object) override {
    if (outer != nullptr) return CLASS_E_NOAGGREGATION;
    auto request = winhttp::ComPtr<StandinRequest>::Attach(new (std::nothrow) StandinRequest(MakeInner));
    if (!request) return E_OUTOFMEMORY;
    const HRESULT hr = request->Initialize();
    return FAILED(hr) ? hr : request->QueryInterface(iid, object);
  }
  HRESULT STDMETHODCALLTYPE LockServer(BOOL) override { return S_OK; }
};

}  // namespace
}  // namespace winwire::test

STDAPI DllGetClassObject(REFCLSID class_id, REFIID iid, void** object) {
  static winwire::test::Factory factory;
  if (!::IsEqualGUID(class_id, winwire::abi::CLSID_WinHttpRequest)) return CLASS_E_CLASSNOTAVAILABLE;
  return factory.QueryInterface(iid, object);
}

STDAPI DllCanUnloadNow() { return S_FALSE; }
