#include "test/permissive/permissive_handle.h"

#include <utility>

namespace winwire::test::permissive {
namespace {

constexpr std::size_t kSendQueue = 0;
constexpr std::size_t kReceiveQueue = 1;

bool Asks(abi::WEB_SOCKET_ACTION_QUEUE queue, std::size_t which) { return ((queue >> which) & 1) != 0; }

bool IsIndication(abi::WEB_SOCKET_ACTION action) {
  return action == abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION ||
         action == abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION;
}

}  // namespace

abi::HRESULT PermissiveHandle::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, const ActionOutputs& outputs) {
  if (IsIdle(queue)) {
    WriteNothing(outputs);
    return abi::hresult::kOk;
  }
  abi::HRESULT hr = abi::hresult::kOk;
  const std::optional<Moved> next = Next(queue, *outputs.count, hr);
  if (next) {
    Write(*next, outputs);
  } else {
    WriteNothing(outputs);
  }
  if (hr == abi::hresult::kInvalidProtocolFormat && inner_.variants.Chance(Variant::kCodes)) {
    return abi::hresult::kInvalidProtocolOperation;
  }
  return hr;
}

// With both queues, no action means idle: no other call could return more, unless the network is busy.
bool PermissiveHandle::IsIdle(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  const bool means_it = queue == abi::WEB_SOCKET_ALL_ACTION_QUEUE && !send_.IsWriting();
  std::uint32_t& count = idle_counts_[queue];
  const bool is_idle = !inner_.aborted && !means_it && count < 2 && inner_.variants.Chance(Variant::kIdle, 4);
  count = is_idle ? count + 1 : 0;
  return is_idle;
}

std::optional<PermissiveHandle::Moved> PermissiveHandle::Next(abi::WEB_SOCKET_ACTION_QUEUE queue, abi::ULONG capacity,
                                                              abi::HRESULT& hr) {
  if (std::optional<Moved> moved = TakeMoved(queue)) return moved;
  const bool is_turned = inner_.variants.Has(Variant::kReceiveFirst);
  for (std::size_t turn = 0; turn < 2; ++turn) {
    const std::size_t which = is_turned ? 1 - turn : turn;
    if (!Asks(queue, which)) continue;
    const From from = which == kSendQueue ? From::kSend : From::kReceive;
    std::optional<Offer> offer = NextOf(from, capacity, hr);
    if (abi::Failed(hr)) return {};
    if (!offer) continue;
    const bool moves = IsIndication(offer->action) && queue != abi::WEB_SOCKET_ALL_ACTION_QUEUE && !inner_.aborted &&
                       inner_.variants.Chance(Variant::kOtherQueue);
    if (!moves) return Moved{from, std::move(*offer)};
    moved_[1 - which].push_back({from, std::move(*offer)});
  }
  return {};
}

// Frames are not sent inside other frames.
std::optional<Offer> PermissiveHandle::NextOf(From from, abi::ULONG capacity, abi::HRESULT& hr) {
  if (from == From::kReceive) return receive_.Next(capacity, !send_.IsInFrame(), hr);
  if (receive_.IsInFrame()) return {};
  return send_.Next(capacity, hr);
}

// After an abort either queue returns the rest.
std::optional<PermissiveHandle::Moved> PermissiveHandle::TakeMoved(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  for (const std::size_t which : {kSendQueue, kReceiveQueue}) {
    if (moved_[which].empty() || !(inner_.aborted || Asks(queue, which))) continue;
    Moved moved = std::move(moved_[which].front());
    moved_[which].pop_front();
    return moved;
  }
  return {};
}

void PermissiveHandle::WriteNothing(const ActionOutputs& outputs) {
  *outputs.action = abi::WEB_SOCKET_NO_ACTION;
  *outputs.action_context = nullptr;
  if (inner_.variants.Has(Variant::kOutputs)) return;
  *outputs.count = 0;
  *outputs.type = abi::kNoBufferType;
  if (outputs.application_context != nullptr) *outputs.application_context = nullptr;
}

void PermissiveHandle::Write(const Moved& next, const ActionOutputs& outputs) {
  const Offer& offer = next.offer;
  const bool is_left_open = inner_.variants.Has(Variant::kOutputs);
  *outputs.action = offer.action;
  // The count of an indication without buffers may be unchanged.
  if (offer.action != abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION || !is_left_open) {
    const std::size_t count = std::min<std::size_t>(offer.buffers.size(), *outputs.count);
    std::copy_n(offer.buffers.begin(), count, outputs.buffers);
    *outputs.count = static_cast<abi::ULONG>(count);
    *outputs.type = offer.type;
  }
  if (outputs.application_context != nullptr && (offer.application_context != nullptr || !is_left_open)) {
    *outputs.application_context = offer.application_context;
  }
  outstanding_.push_back({next.from, NewContext()});
  *outputs.action_context = outstanding_.back().context;
}

// Again at once: the smallest free one. Never: the next one.
void* PermissiveHandle::NewContext() {
  if (!inner_.variants.Has(Variant::kContextsAgain)) {
    return reinterpret_cast<void*>(++last_context_);  // NOLINT(performance-no-int-to-ptr)
  }
  for (std::uintptr_t number = 1;; ++number) {
    auto* const context = reinterpret_cast<void*>(number);  // NOLINT(performance-no-int-to-ptr)
    const bool is_used =
        std::ranges::any_of(outstanding_, [=](const Outstanding& action) { return action.context == context; });
    if (!is_used) return context;
  }
}

void PermissiveHandle::Complete(const void* action_context, abi::ULONG bytes) {
  const auto found =
      std::ranges::find_if(outstanding_, [=](const Outstanding& action) { return action.context == action_context; });
  if (found == outstanding_.end()) return;
  const From from = found->from;
  outstanding_.erase(found);
  if (from == From::kSend) send_.Complete(bytes);
  if (from != From::kReceive || !receive_.Complete(bytes)) return;
  if (!inner_.variants.Chance(Variant::kExtraSendComplete)) return;
  const std::size_t queue = inner_.variants.choices().OneIn(2) ? kSendQueue : kReceiveQueue;
  moved_[queue].push_back(
      {From::kExtra,
       {abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION, abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE, {}, nullptr}});
}

void PermissiveHandle::Abort() {
  inner_.api->WebSocketAbortHandle(inner_.handle);
  if (std::exchange(inner_.aborted, true)) return;
  send_.Abort();
  receive_.Abort();
}

}  // namespace winwire::test::permissive
