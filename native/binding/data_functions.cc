// The functions called for every message: no objects, strings or allocations in the steady state.
#include "binding/functions.h"

namespace winwire::binding {

napi_value Send(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t type = 0;
  if (!call.ReadUint32(1, &type)) return call.Return(kRefusedArgument);
  const auto buffer_type = static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(type));
  if (!call.Has(2)) return call.Return(owner->handle.Send(buffer_type, nullptr));
  ByteSpan payload;
  const Status status = call.ReadBytes(2, &payload);
  if (abi::Failed(status)) return call.Return(status);
  const Status operation = owner->handle.Send(buffer_type, &payload);
  owner->Account(call.env());
  return call.Return(operation);
}

napi_value SendClose(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t close_status = 0;
  if (!call.ReadUint32(1, &close_status) || close_status > 0xFFFF) return call.Return(kRefusedArgument);
  const auto code = static_cast<abi::USHORT>(close_status);
  if (call.IsNullish(2)) return call.Return(owner->handle.SendClose(code, nullptr));
  ByteSpan reason;
  const Status status = call.ReadBytes(2, &reason);
  if (abi::Failed(status)) return call.Return(status);
  return call.Return(owner->handle.SendClose(code, &reason));
}

napi_value Receive(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  Status operation = abi::hresult::kOk;
  if (call.Has(1)) {
    ByteSpan buffer;
    const Status status = call.ReadBytes(1, &buffer);
    if (abi::Failed(status)) return call.Return(status);
    const std::size_t size = buffer.size();
    operation = owner->handle.Receive(&size);
  } else {
    operation = owner->handle.Receive(nullptr);
  }
  owner->Account(call.env());
  return call.Return(operation);
}

napi_value GetAction(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t queue = 0;
  if (!call.ReadUint32(1, &queue)) return call.Return(kRefusedArgument);
  const auto which = static_cast<abi::WEB_SOCKET_ACTION_QUEUE>(static_cast<std::int32_t>(queue));
  return call.Return(owner->handle.GetAction(which, call.instance().block()));
}

napi_value CopyBuffer(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t action_id = 0;
  std::uint32_t index = 0;
  if (!call.ReadUint32(1, &action_id) || !call.ReadUint32(2, &index)) return call.Return(kRefusedArgument);
  ByteSpan target;
  const Status status = call.ReadBytes(3, &target);
  if (abi::Failed(status)) return call.Return(status);
  return call.ReturnRefusal(owner->handle.CopyBuffer(action_id, index, target));
}

napi_value CompleteAction(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t action_id = 0;
  std::uint32_t bytes_transferred = 0;
  if (!call.ReadUint32(1, &action_id) || !call.ReadUint32(2, &bytes_transferred)) return call.Return(kRefusedArgument);
  const Status status = owner->handle.CompleteAction(action_id, bytes_transferred);
  owner->Account(call.env());
  return call.ReturnRefusal(status);
}

napi_value CompleteReceive(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t action_id = 0;
  if (!call.ReadUint32(1, &action_id)) return call.Return(kRefusedArgument);
  ByteSpan bytes;
  const Status status = call.ReadBytes(2, &bytes);
  if (abi::Failed(status)) return call.Return(status);
  return call.ReturnRefusal(owner->handle.CompleteReceive(action_id, bytes));
}

}  // namespace winwire::binding
