// The functions of the addon, by file. lib/native.ts describes each.
#pragma once

#include "binding/call.h"

namespace winwire::binding {

// handle_functions.cc
napi_value BackendInfo(const Call& call);
napi_value OpenHandles(const Call& call);
napi_value CreateHandle(const Call& call);
napi_value CreatePumpHandle(const Call& call);
napi_value AbortHandle(const Call& call);
napi_value DeleteHandle(const Call& call);
napi_value GetGlobalProperty(const Call& call);

// handshake_functions.cc
napi_value BeginClientHandshake(const Call& call);
napi_value EndClientHandshake(const Call& call);
napi_value BeginServerHandshake(const Call& call);
napi_value EndServerHandshake(const Call& call);

// data_functions.cc
napi_value Send(const Call& call);
napi_value SendClose(const Call& call);
napi_value Receive(const Call& call);
napi_value GetAction(const Call& call);
napi_value CopyBuffer(const Call& call);
napi_value CompleteAction(const Call& call);
napi_value CompleteReceive(const Call& call);

// pump_functions.cc
napi_value GetPumpBlock(const Call& call);
napi_value StartPump(const Call& call);
napi_value PumpReceive(const Call& call);
napi_value PumpSend(const Call& call);
napi_value PumpSendOne(const Call& call);
napi_value PumpTakeOut(const Call& call);

// trace_functions.cc
napi_value StartTrace(const Call& call);
napi_value StopTrace(const Call& call);
napi_value TakeTrace(const Call& call);
napi_value PumpAbort(const Call& call);

}  // namespace winwire::binding
