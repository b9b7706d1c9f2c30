// The functions of lib/websocket/connection: one call per chunk of network bytes or batch of messages.
#include <algorithm>
#include <limits>

#include "backend/backend.h"
#include "binding/functions.h"
#include "binding/pump_block.h"
#include "engine/copy.h"

namespace winwire::binding {
namespace {

abi::WEB_SOCKET_BUFFER_TYPE BufferTypeOf(std::uint32_t type) {
  return static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(type));
}

// Returns the pump of argument 0, or null if it is not the number of a handle with a pump.
pump::Pump* PumpOf(const Call& call) {
  std::uint32_t number = 0;
  if (!call.ReadUint32(0, &number)) return nullptr;
  HandleOwner* const owner = call.instance().pump_handles().Find(number);
  return owner != nullptr && owner->pump.has_value() ? &*owner->pump : nullptr;
}

// Frames one staged message whose bytes begin at `bytes`.
abi::HRESULT SendStaged(pump::Pump& pump, const StagedMessage& message, std::uint8_t* bytes, pump::OutBlock& out) {
  const auto type = BufferTypeOf(message.buffer_type);
  if (message.length == StagedMessage::kNullData) return pump.Send(type, nullptr, out);
  abi::WEB_SOCKET_BUFFER buffer{};
  if (type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE) {
    buffer.CloseStatus = {bytes, message.length, static_cast<abi::USHORT>(message.status)};
  } else {
    buffer.Data = {bytes, message.length};
  }
  return pump.Send(type, &buffer, out);
}

void TellOut(PumpBlock& block, const pump::Pump& pump, const pump::OutBlock& out) {
  block.fields.failed_function = static_cast<std::uint32_t>(pump.FailedFunction());
  block.fields.out_size = static_cast<std::uint32_t>(out.Size());
  block.fields.out_spilled = out.InFixed() ? 0 : 1;
}

}  // namespace

napi_value GetPumpBlock(const Call& call) { return call.instance().pump_block_buffer(call.env()); }

// (handle, whether the pump checks UTF-8, true to parse in place if the component can, sizes of the receive and the
// send buffer, the most frames of a message)
napi_value StartPump(const Call& call) {
  HandleOwner* const owner = call.Handle();
  if (owner == nullptr || owner->number == 0 || owner->pump.has_value()) return call.Return(kRefusedHandle);
  pump::BufferSizes sizes;
  if (call.Has(3) && !call.ReadUint32(3, &sizes.receive)) return call.Return(kRefusedArgument);
  if (call.Has(4) && !call.ReadUint32(4, &sizes.send)) return call.Return(kRefusedArgument);
  std::uint32_t most_frames = std::numeric_limits<std::uint32_t>::max();
  if (call.Has(5) && !call.ReadUint32(5, &most_frames)) return call.Return(kRefusedArgument);
  const bool checks_text = call.Argument(1).As<Napi::Boolean>().Value();
  owner->pump.emplace(owner->handle.api(), owner->handle.native_handle(), checks_text, sizes);
  owner->pump->LimitFrames(most_frames);
  const bool in_place = call.Has(2) && call.Argument(2).ToBoolean().Value();
  if (in_place) owner->pump->ReadInPlace(backend::ReadInPlaceOf(owner->handle.api()));
  return nullptr;
}

// (handle, chunk, block for message bytes if they do not go to the chunk's own memory, true if it is only for the rest
// of the current message). The shared block's fields say where in the chunk to continue.
napi_value PumpReceive(const Call& call) {
  pump::Pump* const pump = PumpOf(call);
  if (pump == nullptr) return call.Return(kRefusedHandle);
  ByteSpan chunk;
  ByteSpan target;
  Status status = call.ReadBytes(1, &chunk);
  if (abi::Succeeded(status) && call.Has(2)) status = call.ReadBytes(2, &target);
  if (abi::Failed(status)) return call.Return(status);

  Instance& instance = call.instance();
  PumpBlock& block = *instance.pump_block();
  std::size_t used = block.fields.used;
  if (used > chunk.size() || block.fields.block_used > used) return call.Return(kRefusedArgument);
  pump::OutBlock& out = instance.spilled();
  out.Clear();
  pump::Inbound inbound{target, block.items, block.text, call.Has(3)};
  if (target.empty()) inbound.block_used = block.fields.block_used;
  auto result = pump::ReceiveStatus::kWantsBytes;
  const abi::HRESULT hr = pump->Receive(chunk, used, inbound, out, result);
  block.fields.used = static_cast<std::uint32_t>(used);
  if (inbound.block.empty()) block.fields.block_used = static_cast<std::uint32_t>(inbound.block_used);
  block.fields.item_count = static_cast<std::uint32_t>(inbound.item_count);
  block.fields.pong_count = static_cast<std::uint32_t>(pump->TakeNewPongs());
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  block.fields.frame_left = static_cast<std::uint32_t>(std::min(inbound.frame_left, kMost));
  block.fields.frame_ends_message = inbound.frame_ends_message ? 1 : 0;
  block.fields.in_place = pump->ReadsInPlace() ? 1 : 0;
  TellOut(block, *pump, out);
  return call.Return(abi::Failed(hr) ? hr : static_cast<Status>(result));
}

// (handle, count of staged messages, memory for their frames)
napi_value PumpSend(const Call& call) {
  pump::Pump* const pump = PumpOf(call);
  if (pump == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t count = 0;
  ByteSpan room;
  const Status status = call.ReadBytes(2, &room);
  if (abi::Failed(status)) return call.Return(status);
  PumpBlock& block = *call.instance().pump_block();
  if (!call.ReadUint32(1, &count) || count > block.messages.size()) return call.Return(kRefusedArgument);

  pump::OutBlock out(room);
  abi::HRESULT hr = abi::hresult::kOk;
  std::size_t offset = 0;
  std::uint32_t sent = 0;
  for (; sent < count; ++sent) {
    const StagedMessage& message = block.messages[sent];
    const std::size_t size = message.length == StagedMessage::kNullData ? 0 : message.length;
    if (size > block.staging.size() - offset) return call.Return(kRefusedArgument);
    hr = SendStaged(*pump, message, block.staging.data() + offset, out);
    if (abi::Failed(hr)) break;
    offset += size;
  }
  block.fields.sent_count = sent;
  TellOut(block, *pump, out);
  if (!out.InFixed()) call.instance().spilled() = std::move(out);
  return call.Return(hr);
}

// (handle, buffer type, bytes, memory for the frames)
napi_value PumpSendOne(const Call& call) {
  pump::Pump* const pump = PumpOf(call);
  if (pump == nullptr) return call.Return(kRefusedHandle);
  std::uint32_t type = 0;
  if (!call.ReadUint32(1, &type)) return call.Return(kRefusedArgument);
  ByteSpan bytes;
  ByteSpan room;
  Status status = call.ReadBytes(2, &bytes);
  if (abi::Succeeded(status)) status = call.ReadBytes(3, &room);
  if (abi::Failed(status)) return call.Return(status);

  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data = {bytes.data(), static_cast<abi::ULONG>(bytes.size())};
  pump::OutBlock out(room);
  const abi::HRESULT hr = pump->Send(BufferTypeOf(type), &buffer, out);
  TellOut(*call.instance().pump_block(), *pump, out);
  if (!out.InFixed()) call.instance().spilled() = std::move(out);
  return call.Return(hr);
}

// (handle, target): copies the bytes for the network that did not fit into the caller's memory.
napi_value PumpTakeOut(const Call& call) {
  ByteSpan target;
  const Status status = call.ReadBytes(1, &target);
  if (abi::Failed(status)) return call.Return(status);
  pump::OutBlock& out = call.instance().spilled();
  const auto bytes = out.Bytes();
  if (bytes.size() > target.size()) return call.Return(kRefusedLength);
  engine::CopyBytes(target.data(), bytes.data(), bytes.size());
  out.Release();
  return nullptr;
}

}  // namespace winwire::binding
