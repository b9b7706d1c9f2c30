#include "pump/pump.h"

#include <algorithm>

#include "engine/copy.h"

namespace winwire::pump {

using abi::HRESULT;
using abi::ULONG;
using engine::CopyBytes;

namespace {

// So often an action may lead nowhere before the component counts as stuck.
constexpr unsigned kIdleLimit = 64;
// What one byte of the network may lead to: a ping of two bytes to a pong that leaves byte by byte.
constexpr std::uint64_t kCreditForByte = 8;
constexpr std::uint64_t kShortestHeader = 2;
constexpr std::uint64_t kLongestHeader = 14;
// Of a data frame, in a send buffer of the smallest size, which is 16 bytes.
constexpr std::uint64_t kSmallestPiece = 2;
// RFC 6455 section 5.5.
constexpr std::uint64_t kLongestControlPayload = 125;
constexpr std::uint64_t kLongestControlFrame = kLongestHeader + kLongestControlPayload;

bool IsControl(abi::WEB_SOCKET_BUFFER_TYPE type) {
  return type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE || type == abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
}

abi::WEB_SOCKET_ACTION_QUEUE OtherQueue(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  return queue == abi::WEB_SOCKET_SEND_ACTION_QUEUE ? abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE
                                                    : abi::WEB_SOCKET_SEND_ACTION_QUEUE;
}

}  // namespace

void Pump::UseTable(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle) {
  if (ReadsInPlace()) {
    engine::ParsedItem item;
    std::size_t used = 0;
    read_in_place_(handle_, {}, used, {}, {}, item);
    frame_counter_.ContinueAfter(item);
  }
  api_ = &api;
  handle_ = handle;
  read_in_place_ = nullptr;
}

HRESULT Pump::Fail(CalledFunction function, HRESULT hr) {
  failed_function_ = function;
  return backend::CheckedResult(hr);
}

HRESULT Pump::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action) {
  action.kind = abi::WEB_SOCKET_NO_ACTION;
  action.buffer_type = abi::kNoBufferType;
  action.buffer_count = Action::kBufferCapacity;
  action.application_context = nullptr;
  action.context = nullptr;
  HRESULT hr = api_->WebSocketGetAction(handle_, queue, action.buffers, &action.buffer_count, &action.kind,
                                        &action.buffer_type, &action.application_context, &action.context);
  if (hr == abi::hresult::kOk) {
    if (action.kind == abi::WEB_SOCKET_NO_ACTION || IsUsable(action)) return hr;
    hr = IsLongControl(action) ? abi::hresult::kInvalidProtocolFormat : backend::kBrokenOutput;
  }
  action.kind = abi::WEB_SOCKET_NO_ACTION;
  return Fail(CalledFunction::kGetAction, hr);
}

// The usual indication: data in one buffer.
bool Pump::IsUsablePart(const Action& action) const {
  const abi::WEB_SOCKET_BUFFER& buffer = action.buffers[0];
  return action.kind == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION && action.buffer_count == 1 &&
         IsData(static_cast<std::uint32_t>(action.buffer_type)) && buffer.Data.pbBuffer != nullptr &&
         buffer.Data.ulBufferLength <= std::max(sizes_.receive, sizes_.send);
}

// What is left open becomes what the engine would have given.
bool Pump::IsUsable(Action& action) const {
  if (IsUsablePart(action)) return true;
  // It has no buffers, whatever the count says.
  if (action.kind == abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION) return true;
  if (action.buffer_count > Action::kBufferCapacity) return false;
  if (!backend::IsUsableAction(action.kind, action.Buffers(), std::max(sizes_.receive, sizes_.send))) return false;
  if (action.kind != abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION) return true;
  if (action.buffer_count == 0) action.buffers[0].CloseStatus = {nullptr, 0, abi::WEB_SOCKET_EMPTY_CLOSE_STATUS};
  if (action.buffer_type == abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE) {
    action.buffer_type = abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
  }
  if (IsData(static_cast<std::uint32_t>(action.buffer_type))) return true;
  if (action.buffer_type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE && action.buffer_count > 1) return false;
  return IsControl(action.buffer_type) ? !IsLongControl(action) : backend::SumOf(action.Buffers()) == 0;
}

// A fault of the peer that the component let pass: RFC 6455 section 5.5. There is no place for more.
bool Pump::IsLongControl(const Action& action) {
  return action.kind == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION && IsControl(action.buffer_type) &&
         action.buffer_count <= Action::kBufferCapacity && backend::SumOf(action.Buffers()) > kLongestControlPayload;
}

void Pump::Complete(Action& action, ULONG bytes) {
  action.kind = abi::WEB_SOCKET_NO_ACTION;
  api_->WebSocketCompleteAction(handle_, action.context, bytes);
}

// Writes the buffers of a SEND_TO_NETWORK, in order and as one unit.
ULONG Pump::Write(const Action& action, OutBlock& out) const {
  ULONG size = 0;
  for (const abi::WEB_SOCKET_BUFFER& buffer : action.Buffers()) {
    out.Append(buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
    size += buffer.Data.ulBufferLength;
  }
  return size;
}

HRESULT Pump::Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                      ReceiveStatus& status) {
  if (ReadsInPlace()) return ReceiveInPlace(bytes, used, inbound, out, status);
  for (;;) {
    const HRESULT hr = NextReceiveAction(out);
    if (abi::Failed(hr)) return hr;
    switch (waiting_.kind) {
      case abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        if (FillFromNetwork(bytes, used)) continue;
        status = frame_counter_.exceeded() ? ReceiveStatus::kTooManyFrames : ReceiveStatus::kWantsBytes;
        inbound.frame_left = frame_counter_.DataLeft();
        inbound.frame_ends_message = frame_counter_.EndsMessage();
        return hr;
      case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        if (inbound.message_ended) inbound.LeaveRoom();
        status = TakeIndication(inbound.block.empty() ? bytes.first(used) : inbound.block, inbound);
        if (status == ReceiveStatus::kWantsBytes) continue;
        return hr;
      default:
        status = ReceiveStatus::kClosed;
        return hr;
    }
  }
}

// Goes on until an action waits for bytes or room. NO_ACTION does not say that there is nothing to do: the other queue
// may have what comes first (.NET Framework's WebSocketBase.cs goes on as well).
HRESULT Pump::NextReceiveAction(OutBlock& out) {
  auto queue = abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE;
  for (unsigned idle = 0; waiting_.kind == abi::WEB_SOCKET_NO_ACTION && !closed_;) {
    HRESULT hr = QueueReceive();
    if (abi::Succeeded(hr)) hr = GetAction(queue, waiting_);
    if (abi::Failed(hr)) return hr;
    switch (waiting_.kind) {
      case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        hr = WritePong(waiting_, out);
        if (abi::Failed(hr)) return hr;
        idle = 0;
        queue = abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE;
        continue;
      case abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
        Complete(waiting_, 0);
        if (++idle > kIdleLimit) return Fail(CalledFunction::kGetAction, backend::kEndlessActions);
        continue;
      case abi::WEB_SOCKET_NO_ACTION:
        if (++idle > kIdleLimit) return Fail(CalledFunction::kGetAction, backend::kMissingAction);
        queue = OtherQueue(queue);
        continue;
      case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        if (!Pay()) return Fail(CalledFunction::kGetAction, backend::kEndlessActions);
        break;
      default:
        break;
    }
  }
  return abi::hresult::kOk;
}

// One receive is queued at all times, else pings are not answered and closes are not seen.
HRESULT Pump::QueueReceive() {
  if (abi::Failed(receive_failure_)) return receive_failure_;
  if (receive_queued_) return abi::hresult::kOk;
  const HRESULT hr = api_->WebSocketReceive(handle_, nullptr, nullptr);
  if (hr != abi::hresult::kOk) return Fail(CalledFunction::kReceive, hr);
  receive_queued_ = true;
  return hr;
}

// Takes one from the number of actions that the bytes given so far explain; a component that goes beyond it never ends.
bool Pump::Pay() {
  if (credit_ == 0) return false;
  --credit_;
  return true;
}

// After our close no pong follows (.NET Framework's WebSocketBase.cs): completed with 0, it is dropped.
HRESULT Pump::WritePong(Action& action, OutBlock& out) {
  const std::uint64_t size = backend::SumOf(action.Buffers());
  if (size > MostBytesFor(0)) return Fail(CalledFunction::kGetAction, backend::kBrokenOutput);
  if (!Pay()) return Fail(CalledFunction::kGetAction, backend::kEndlessActions);
  if (close_sent_ && pong_.at == 0) {
    Complete(action, 0);
    return abi::hresult::kOk;
  }
  for (const abi::WEB_SOCKET_BUFFER& buffer : action.Buffers())
    CountPongs(buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
  Complete(action, Write(action, out));
  return abi::hresult::kOk;
}

// A pong may come in several actions. RFC 6455 section 5.5: the length of a control frame is in its second byte.
void Pump::CountPongs(const std::uint8_t* bytes, std::size_t size) {
  while (size > 0) {
    if (pong_.at < 2) {
      if (pong_.at == 1) pong_.size = 2u + (*bytes & 0x7F) + ((*bytes & 0x80) != 0 ? 4u : 0u);
      ++pong_.at;
      ++bytes;
      --size;
    } else {
      const std::size_t step = std::min<std::size_t>(size, pong_.size - pong_.at);
      pong_.at += static_cast<std::uint32_t>(step);
      bytes += step;
      size -= step;
    }
    if (pong_.at < 2 || pong_.at < pong_.size) continue;
    pong_ = {};
    ++pong_count_;
  }
}

bool Pump::FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used) {
  ULONG filled = 0;
  for (const abi::WEB_SOCKET_BUFFER& buffer : waiting_.Buffers()) {
    const std::size_t given = std::min<std::size_t>(buffer.Data.ulBufferLength, bytes.size() - used);
    const std::size_t size = frame_counter_.Pass(bytes.subspan(used, given));
    CopyBytes(buffer.Data.pbBuffer, bytes.data() + used, size);
    used += size;
    filled += static_cast<ULONG>(size);
  }
  if (filled == 0) return false;
  // No more than what fills the component's buffers can wait in it.
  credit_ = std::min(credit_ + kCreditForByte * filled, kFirstCredit + kCreditForByte * 2 * sizes_.receive);
  Complete(waiting_, filled);
  return true;
}

// Returns kWantsBytes after accepting the indication. Without space it waits. An empty one has used up its receive.
ReceiveStatus Pump::TakeIndication(std::span<std::uint8_t> block, Inbound& inbound) {
  if (inbound.IsFull()) return ReceiveStatus::kFull;
  const abi::WEB_SOCKET_BUFFER_TYPE type = waiting_.buffer_type;
  const bool is_data = IsData(static_cast<std::uint32_t>(type));
  std::uint8_t* const room = block.data() + inbound.block_used;
  if (is_data && backend::SumOf(waiting_.Buffers()) > block.size() - inbound.block_used) return ReceiveStatus::kFull;
  std::uint8_t control[kLongestControlPayload];
  if (waiting_.buffer_count > 1) Gather(is_data ? room : control);
  const abi::WEB_SOCKET_BUFFER& buffer = waiting_.buffers[0];
  const std::span<const std::uint8_t> bytes(buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
  closed_ = type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  if (is_data) {
    if (!text_.Read(type, bytes, inbound)) return ReceiveStatus::kBadText;
    CopyData(bytes, room, inbound);
  } else if (IsControl(type)) {
    inbound.AddControl(type, closed_ ? buffer.CloseStatus.usStatus : 0u, bytes);
  }
  Complete(waiting_, 0);
  receive_queued_ = false;
  return ReceiveStatus::kWantsBytes;
}

// Copies data of the next item, unless it is already in the text area.
void Pump::CopyData(std::span<const std::uint8_t> bytes, std::uint8_t* to, Inbound& inbound) {
  Item& item = inbound.Next();
  if (item.detail != static_cast<std::uint32_t>(Encoding::kUtf16)) {
    if (bytes.data() != to) CopyBytes(to, bytes.data(), bytes.size());
    item.offset = static_cast<std::uint32_t>(inbound.block_used);
    item.length = static_cast<std::uint32_t>(bytes.size());
    if (inbound.one_message) item.detail = static_cast<std::uint32_t>(Encoding::kInRoom);
    inbound.block_used += bytes.size();
  }
  inbound.AddData();
}

// Makes one buffer of several.
void Pump::Gather(std::uint8_t* to) {
  ULONG length = 0;
  for (const abi::WEB_SOCKET_BUFFER& buffer : waiting_.Buffers()) {
    CopyBytes(to + length, buffer.Data.pbBuffer, buffer.Data.ulBufferLength);
    length += buffer.Data.ulBufferLength;
  }
  waiting_.buffers[0].Data = {to, length};
  waiting_.buffer_count = 1;
}

HRESULT Pump::Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out) {
  const std::uint64_t size = buffer == nullptr ? 0 : buffer->Data.ulBufferLength;
  // Opaque to the component; never NULL, the context of sends that the component creates.
  Sending sending{reinterpret_cast<void*>(last_send_ += 2), size, MostBytesFor(size)};
  HRESULT hr = api_->WebSocketSend(handle_, type, buffer, sending.context);
  if (hr != abi::hresult::kOk) return Fail(CalledFunction::kSend, hr);
  close_sent_ = close_sent_ || type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  auto queue = abi::WEB_SOCKET_SEND_ACTION_QUEUE;
  for (unsigned idle = 0; idle <= kIdleLimit; ++idle) {
    Action action;
    hr = GetAction(queue, action);
    if (abi::Failed(hr) && queue == abi::WEB_SOCKET_SEND_ACTION_QUEUE) return hr;
    // Of a receive: a close can still be sent.
    if (abi::Failed(hr)) receive_failure_ = hr;
    queue = action.kind == abi::WEB_SOCKET_NO_ACTION ? OtherQueue(queue) : abi::WEB_SOCKET_SEND_ACTION_QUEUE;
    const std::uint64_t written = sending.written;
    bool is_done = false;
    hr = TakeSendAction(action, sending, out, is_done);
    if (abi::Failed(hr) || is_done) return hr;
    if (sending.written > written) idle = 0;
  }
  // An indication that does not come is borne once all bytes are out.
  if (sending.written >= size + kShortestHeader) return abi::hresult::kOk;
  return Fail(CalledFunction::kGetAction, backend::kMissingAction);
}

// One step of a send; whatever belongs to a receive waits for Receive.
HRESULT Pump::TakeSendAction(Action& action, Sending& sending, OutBlock& out, bool& is_done) {
  switch (action.kind) {
    case abi::WEB_SOCKET_NO_ACTION:
      return abi::hresult::kOk;
    case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
      return WriteFrame(action, sending, out);
    case abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
      Complete(action, 0);
      if (action.application_context != sending.context) return abi::hresult::kOk;
      is_done = true;
      return sending.written >= sending.size ? abi::hresult::kOk
                                             : Fail(CalledFunction::kGetAction, backend::kBrokenOutput);
    default:
      if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION || !receive_queued_) {
        return Fail(CalledFunction::kGetAction, backend::kBrokenOutput);
      }
      waiting_ = action;
      return abi::hresult::kOk;
  }
}

HRESULT Pump::WriteFrame(Action& action, Sending& sending, OutBlock& out) {
  // Microsoft, WebSocketGetAction: the application context is not set for sends that the component creates.
  const bool is_pong =
      action.application_context != sending.context && action.buffer_type == abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE;
  if (is_pong) return WritePong(action, out);
  const std::uint64_t size = backend::SumOf(action.Buffers());
  if (size > sending.limit - sending.written) return Fail(CalledFunction::kGetAction, backend::kEndlessActions);
  Complete(action, Write(action, out));
  sending.written += size;
  return abi::hresult::kOk;
}

// The most bytes that frames of so much payload can take. A component may cut it smaller than its send buffer asks for.
std::uint64_t Pump::MostBytesFor(std::uint64_t payload) const {
  const std::uint64_t piece = sizes_.send >= 2 * kLongestHeader ? kLongestHeader : kSmallestPiece;
  return payload + kLongestHeader * (1 + payload / piece) + kLongestControlFrame;
}

void Pump::Abort() {
  api_->WebSocketAbortHandle(handle_);
  if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION) Complete(waiting_, 0);
  closed_ = true;
  Drain(abi::WEB_SOCKET_SEND_ACTION_QUEUE);
  Drain(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE);
}

void Pump::Drain(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  // An aborted operation has one indication left, and there are few; the limit is for a component that never returns
  // NO_ACTION.
  for (int limit = 16; limit > 0; --limit) {
    Action action;
    if (abi::Failed(GetAction(queue, action)) || action.kind == abi::WEB_SOCKET_NO_ACTION) return;
    Complete(action, 0);
  }
}

}  // namespace winwire::pump
