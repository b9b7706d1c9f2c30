#include "pump/pump.h"

#include <algorithm>

#include "engine/copy.h"
#include "pump/text.h"

namespace winwire::pump {
namespace {

bool IsFragment(std::uint32_t buffer_type) {
  return buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE) ||
         buffer_type == static_cast<std::uint32_t>(abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE);
}

bool IsData(std::uint32_t buffer_type) {
  return (buffer_type & ~3u) == (static_cast<std::uint32_t>(abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE) & ~3u);
}

}  // namespace

// Whether an indication of this type may go to the block: with `one_message` only what is left of it.
bool Inbound::Takes(abi::WEB_SOCKET_BUFFER_TYPE buffer_type) const {
  if (!one_message) return true;
  const bool ended = item_count > 0 && !IsFragment(items[item_count - 1].buffer_type);
  return !ended && IsData(static_cast<std::uint32_t>(buffer_type));
}

using abi::HRESULT;
using abi::ULONG;
using engine::CopyBytes;

HRESULT Pump::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action) {
  void* application_context = nullptr;
  action.buffer_count = Action::kBufferCapacity;
  const HRESULT hr = api_->WebSocketGetAction(handle_, queue, action.buffers, &action.buffer_count, &action.kind,
                                              &action.buffer_type, &application_context, &action.context);
  if (abi::Failed(hr)) action.kind = abi::WEB_SOCKET_NO_ACTION;
  return hr;
}

void Pump::Complete(Action& action, ULONG bytes) {
  action.kind = abi::WEB_SOCKET_NO_ACTION;
  api_->WebSocketCompleteAction(handle_, action.context, bytes);
}

// The buffers of a SEND_TO_NETWORK, in order and as one unit.
ULONG Pump::Write(const Action& action, OutBlock& out) const {
  ULONG size = 0;
  for (ULONG i = 0; i < action.buffer_count; ++i) {
    const auto& data = action.buffers[i].Data;
    out.Append(data.pbBuffer, data.ulBufferLength);
    size += data.ulBufferLength;
  }
  return size;
}

HRESULT Pump::Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                      ReceiveStatus& status) {
  const bool in_place = inbound.block.empty();
  for (;;) {
    const HRESULT hr = NextReceiveAction();
    if (abi::Failed(hr)) return hr;
    switch (waiting_.kind) {
      case abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
        if (FillFromNetwork(bytes, used)) continue;
        status = ReceiveStatus::kWantsBytes;
        return hr;
      case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
        status = inbound.Takes(waiting_.buffer_type)
                     ? TakeIndication(in_place ? bytes.first(used) : inbound.block, inbound)
                     : ReceiveStatus::kFull;
        if (status == ReceiveStatus::kWantsBytes) continue;
        return hr;
      case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        ++pong_count_;
        Complete(waiting_, Write(waiting_, out));
        continue;
      default:
        status = ReceiveStatus::kClosed;
        return hr;
    }
  }
}

// One receive is queued at all times, else pings are not answered and closes are not seen.
HRESULT Pump::NextReceiveAction() {
  if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION || closed_) return abi::hresult::kOk;
  if (!receive_queued_) {
    const HRESULT hr = api_->WebSocketReceive(handle_, nullptr, nullptr);
    if (abi::Failed(hr)) return hr;
    receive_queued_ = true;
  }
  return GetAction(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE, waiting_);
}

bool Pump::FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used) {
  ULONG filled = 0;
  for (ULONG i = 0; i < waiting_.buffer_count && used < bytes.size(); ++i) {
    const auto& data = waiting_.buffers[i].Data;
    const std::size_t size = std::min<std::size_t>(data.ulBufferLength, bytes.size() - used);
    CopyBytes(data.pbBuffer, bytes.data() + used, size);
    used += size;
    filled += static_cast<ULONG>(size);
  }
  if (filled == 0) return false;
  Complete(waiting_, filled);
  return true;
}

// kWantsBytes when it was taken. Without room for it, it waits.
ReceiveStatus Pump::TakeIndication(std::span<std::uint8_t> block, Inbound& inbound) {
  if (inbound.item_count == inbound.items.size()) return ReceiveStatus::kFull;
  const auto& buffer = waiting_.buffers[0];
  const ULONG length = buffer.Data.ulBufferLength;
  if (length > block.size() - inbound.block_used) return ReceiveStatus::kFull;
  Item& item = inbound.items[inbound.item_count];
  const TextForm form = ReadText(item, inbound);
  if (form == TextForm::kBad) return ReceiveStatus::kBadText;
  if (form != TextForm::kUtf16) {
    CopyBytes(block.data() + inbound.block_used, buffer.Data.pbBuffer, length);
    item.offset = static_cast<std::uint32_t>(inbound.block_used);
    item.length = length;
    inbound.block_used += length;
  }
  closed_ = waiting_.buffer_type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE;
  item.buffer_type = static_cast<std::uint32_t>(waiting_.buffer_type);
  item.detail = closed_ ? buffer.CloseStatus.usStatus : static_cast<std::uint32_t>(form);
  if (!ExtendsLast(item, inbound)) ++inbound.item_count;
  Complete(waiting_, 0);
  receive_queued_ = false;
  return ReceiveStatus::kWantsBytes;
}

// A part that lies behind the one before it of the same message becomes one with it: how a message is cut by the
// receive buffer is of no interest.
bool Pump::ExtendsLast(const Item& part, Inbound& inbound) {
  if (inbound.item_count == 0) return false;
  Item& last = inbound.items[inbound.item_count - 1];
  const bool continues = IsFragment(last.buffer_type) && (part.buffer_type & ~1u) == (last.buffer_type & ~1u) &&
                         last.offset + last.length == part.offset;
  if (!continues) return false;
  last.buffer_type = part.buffer_type;
  last.length += part.length;
  return true;
}

// What the indicated bytes are as text. Text that came whole and is not all ASCII goes to the text area as UTF-16, if
// there is room.
Pump::TextForm Pump::ReadText(Item& item, Inbound& inbound) {
  const bool last = waiting_.buffer_type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE;
  if (!last && waiting_.buffer_type != abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE) return TextForm::kBytes;
  const bool whole = last && !in_text_;
  in_text_ = !last;
  const std::span<const std::uint8_t> text(waiting_.buffers[0].Data.pbBuffer, waiting_.buffers[0].Data.ulBufferLength);
  if (whole && IsAscii(text)) return TextForm::kAscii;
  // No more units than bytes.
  if (!whole || text.size() > inbound.text.size() - inbound.text_used) {
    return IsGoodText() ? TextForm::kBytes : TextForm::kBad;
  }
  std::size_t units = 0;
  if (!DecodeUtf8(text, inbound.text.data() + inbound.text_used, units)) {
    return checks_text_ ? TextForm::kBad : TextForm::kBytes;
  }
  item.offset = static_cast<std::uint32_t>(inbound.text_used * sizeof(char16_t));
  item.length = static_cast<std::uint32_t>(units * sizeof(char16_t));
  inbound.text_used += units;
  return TextForm::kUtf16;
}

// Across parts: a message may not end inside a character (RFC 6455 section 8.1).
bool Pump::IsGoodText() {
  if (!checks_text_) return true;
  const auto& data = waiting_.buffers[0].Data;
  if (!validator_.Feed(data.pbBuffer, data.ulBufferLength)) return false;
  return in_text_ || validator_.Complete();
}

HRESULT Pump::Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out) {
  HRESULT hr = api_->WebSocketSend(handle_, type, buffer, nullptr);
  if (abi::Failed(hr)) return hr;
  for (;;) {
    Action action;
    hr = GetAction(abi::WEB_SOCKET_SEND_ACTION_QUEUE, action);
    if (abi::Failed(hr)) return hr;
    switch (action.kind) {
      case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
        Complete(action, Write(action, out));
        continue;
      case abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION:
        Complete(action, 0);
        return hr;
      default:
        return hr;
    }
  }
}

void Pump::Abort() {
  api_->WebSocketAbortHandle(handle_);
  if (waiting_.kind != abi::WEB_SOCKET_NO_ACTION) Complete(waiting_, 0);
  closed_ = true;
  Drain(abi::WEB_SOCKET_SEND_ACTION_QUEUE);
  Drain(abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE);
}

void Pump::Drain(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  // An aborted operation has one indication left, and there are few; the limit is for a component that never says
  // NO_ACTION.
  for (int limit = 16; limit > 0; --limit) {
    Action action;
    if (abi::Failed(GetAction(queue, action)) || action.kind == abi::WEB_SOCKET_NO_ACTION) return;
    Complete(action, 0);
  }
}

}  // namespace winwire::pump
