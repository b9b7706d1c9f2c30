// Registers the functions of the addon. There is no process-wide state: each environment has its own Instance, passed
// to the functions as callback data.
#include <napi.h>

#include "abi/hresult.h"
#include "binding/auth_functions.h"
#include "binding/functions.h"
#ifdef _WIN32
#include "binding/proxy_functions.h"
#include "binding/winhttp_functions.h"
#endif

namespace winwire::binding {
namespace {

// Incremented with every incompatible change of the functions, the exchange block or the refusals (lib/native.ts).
constexpr int kInterfaceVersion = 3;

struct NamedFunction {
  const char* name;
  napi_callback callback;
};

constexpr NamedFunction kFunctions[] = {
    {"backendInfo", Entry<BackendInfo>},
    {"openHandleCount", Entry<OpenHandles>},
    {"createHandle", Entry<CreateHandle>},
    {"createPumpHandle", Entry<CreatePumpHandle>},
    {"beginClientHandshake", Entry<BeginClientHandshake>},
    {"endClientHandshake", Entry<EndClientHandshake>},
    {"beginServerHandshake", Entry<BeginServerHandshake>},
    {"endServerHandshake", Entry<EndServerHandshake>},
    {"send", Entry<Send>},
    {"sendClose", Entry<SendClose>},
    {"receive", Entry<Receive>},
    {"getAction", Entry<GetAction>},
    {"copyBuffer", Entry<CopyBuffer>},
    {"completeAction", Entry<CompleteAction>},
    {"completeReceive", Entry<CompleteReceive>},
    {"abortHandle", Entry<AbortHandle>},
    {"deleteHandle", Entry<DeleteHandle>},
    {"getGlobalProperty", Entry<GetGlobalProperty>},
    {"pumpBlock", Entry<GetPumpBlock>},
    {"startPump", Entry<StartPump>},
    {"pumpReceive", Entry<PumpReceive>},
    {"pumpSend", Entry<PumpSend>},
    {"pumpSendOne", Entry<PumpSendOne>},
    {"pumpTakeOut", Entry<PumpTakeOut>},
    {"startTrace", Entry<StartTrace>},
    {"stopTrace", Entry<StopTrace>},
    {"takeTrace", Entry<TakeTrace>},
    {"pumpAbort", Entry<PumpAbort>},
};

Napi::Array FieldNames(Napi::Env env) {
  Napi::Array names = Napi::Array::New(env);
  for (const char* name : kExchangeFieldNames) names.Set(names.Length(), name);
  return names;
}

Napi::Array Hresults(Napi::Env env) {
  Napi::Array entries = Napi::Array::New(env);
  for (const abi::hresult::NamedHresult& known : abi::hresult::kNames) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", known.name);
    entry.Set("value", static_cast<double>(abi::hresult::ToBits(known.value)));
    entries.Set(entries.Length(), entry);
  }
  return entries;
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  Instance& instance = Instance::Create(env);
  for (const NamedFunction& function : kFunctions) {
    napi_value value = nullptr;
    if (napi_create_function(env, function.name, NAPI_AUTO_LENGTH, function.callback, &instance, &value) != napi_ok) {
      throw Napi::Error::New(env);
    }
    exports.Set(function.name, value);
  }
  exports.Set("interfaceVersion", kInterfaceVersion);
  exports.Set("exchangeBlock", instance.block_buffer());
  exports.Set("exchangeFields", FieldNames(env));
  exports.Set("hresults", Hresults(env));
  ExportAuth(env, exports);
#ifdef _WIN32
  ExportProxy(env, exports);
  ExportWinHttp(env, exports);
#endif
  return exports;
}

}  // namespace
}  // namespace winwire::binding

NAPI_MODULE_INIT() { return Napi::RegisterModule(env, exports, winwire::binding::Init); }
