// The functions that trace the calls of a pump.
#include <cstring>
#include <memory>
#include <vector>

#include "backend/tracing_api.h"
#include "binding/functions.h"

namespace winwire::binding {

// (handle)
napi_value StartTrace(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr || !owner->pump.has_value() || owner->recorder != nullptr) return call.Return(kRefusedHandle);
  owner->recorder = std::make_unique<backend::TraceRecorder>(owner->handle.api(), owner->handle.native_handle());
  owner->pump->UseTable(backend::TraceRecorder::Table(), owner->recorder->handle());
  return nullptr;
}

// (handle)
napi_value StopTrace(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr || !owner->pump.has_value() || owner->recorder == nullptr) return call.Return(kRefusedHandle);
  owner->pump->UseTable(owner->handle.api(), owner->handle.native_handle());
  owner->recorder.reset();
  return nullptr;
}

// (handle): returns an ArrayBuffer with the records since the last call.
napi_value TakeTrace(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr || owner->recorder == nullptr) return call.Return(kRefusedHandle);
  const std::vector<backend::TraceRecord> records = owner->recorder->Take();
  const std::size_t size = records.size() * sizeof(backend::TraceRecord);
  Napi::ArrayBuffer memory = Napi::ArrayBuffer::New(call.env(), size);
  if (size > 0) std::memcpy(memory.Data(), records.data(), size);
  return memory;
}

// (handle): ends a pump so that the trace contains it.
napi_value PumpAbort(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr || !owner->pump.has_value()) return call.Return(kRefusedHandle);
  owner->pump->Abort();
  return nullptr;
}

}  // namespace winwire::binding
