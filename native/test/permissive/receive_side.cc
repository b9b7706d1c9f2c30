#include "test/permissive/receive_side.h"

#include <algorithm>
#include <utility>

namespace winwire::test::permissive {
namespace {

constexpr abi::WEB_SOCKET_ACTION_QUEUE kQueue = abi::WEB_SOCKET_RECEIVE_ACTION_QUEUE;

std::uint32_t BitsOf(abi::WEB_SOCKET_BUFFER_TYPE type) { return static_cast<std::uint32_t>(type) & 7; }
bool IsData(abi::WEB_SOCKET_BUFFER_TYPE type) { return type != abi::kNoBufferType && BitsOf(type) < 4; }
bool IsFragment(abi::WEB_SOCKET_BUFFER_TYPE type) { return IsData(type) && (BitsOf(type) & 1) != 0; }

abi::WEB_SOCKET_BUFFER_TYPE FragmentOf(abi::WEB_SOCKET_BUFFER_TYPE type) {
  return static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(static_cast<std::int32_t>(static_cast<std::uint32_t>(type) | 1));
}

}  // namespace

abi::HRESULT ReceiveSide::Queue(abi::WEB_SOCKET_BUFFER* buffer, void* context) {
  has_targets_ = has_targets_ || buffer != nullptr;
  if (inner_.aborted || is_failure_told_) return abi::hresult::kInvalidProtocolOperation;
  const bool asks_inner = abi::Succeeded(failure_);
  if (asks_inner && (buffer != nullptr || inner_operations_ + ready_.size() <= operations_.size())) {
    const abi::HRESULT hr = inner_.api->WebSocketReceive(inner_.handle, buffer, nullptr);
    if (abi::Failed(hr)) return hr;
    ++inner_operations_;
  }
  operations_.push_back(context);
  return abi::hresult::kOk;
}

std::optional<Offer> ReceiveSide::Next(abi::ULONG capacity, bool may_pong, abi::HRESULT& hr) {
  if (outstanding_ != Outstanding::kNothing) return {};
  if (inner_.aborted) return Drain();
  while (read_.action == abi::WEB_SOCKET_NO_ACTION) {
    if (pong_.IsBegun()) {
      if (!may_pong) return {};
      outstanding_ = Outstanding::kPong;
      return pong_.NextPiece(capacity);
    }
    if (!ready_.empty() && !operations_.empty()) return Indicate();
    if (!Pull(may_pong, hr)) return {};
  }
  outstanding_ = Outstanding::kRead;
  std::size_t room = read_.buffers.at(0).Data.ulBufferLength;
  if (inner_.variants.Chance(Variant::kSmallReads)) {
    room = 1 + inner_.variants.choices().Below(static_cast<std::uint32_t>(room));
  }
  Offer offer{abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, read_.type, {}, nullptr};
  if (!operations_.empty()) offer.application_context = operations_.front();
  offer.buffers = CutIntoBuffers(inner_.variants, read_.buffers[0].Data.pbBuffer, room, capacity);
  return offer;
}

// Asks the inner component; false if there is nothing to do or `hr` is a failure.
bool ReceiveSide::Pull(bool may_pong, abi::HRESULT& hr) {
  if (abi::Failed(failure_)) {
    if (!std::exchange(is_failure_told_, true) || !inner_.variants.Has(Variant::kFaultOnce)) hr = failure_;
    return false;
  }
  // Without an operation it can only say whether the handle is open.
  if (operations_.empty() && inner_operations_ == 0) hr = inner_.GetAction(kQueue).hr;
  if (operations_.empty() || !AskInner()) return false;
  InnerAction action = inner_.GetAction(kQueue);
  if (abi::Failed(action.hr)) {
    failure_ = action.hr;
    inner_.has_failed = true;
    FlushHeld();
    return true;
  }
  switch (action.action) {
    case abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION:
      pong_.Begin(std::move(action));
      return may_pong;
    case abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION:
      read_ = std::move(action);
      return true;
    case abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION:
      --inner_operations_;
      Keep(action);
      return true;
    default:
      return false;
  }
}

// A receive of ours in the place of one whose indication was put together with others.
bool ReceiveSide::AskInner() {
  if (inner_operations_ > 0) return true;
  if (abi::Failed(inner_.api->WebSocketReceive(inner_.handle, nullptr, nullptr))) return false;
  ++inner_operations_;
  return true;
}

void ReceiveSide::Keep(const InnerAction& action) {
  Indication part{action.type, action.buffers.at(0), {}};
  const auto& data = part.buffer.Data;
  // Data in the caller's memory stays there.
  if (!has_targets_ && data.pbBuffer != nullptr) part.bytes.assign(data.pbBuffer, data.pbBuffer + data.ulBufferLength);
  inner_.Complete(action.action_context, 0);
  if (has_targets_ || !IsData(part.type)) {
    FlushHeld();
    if (part.type == abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE && inner_.variants.Has(Variant::kBarePongs)) {
      part.bytes.clear();
      part.buffer.Data = {nullptr, 0};
    }
    ready_.push_back(std::move(part));
    return;
  }
  AddPart(std::move(part));
}

void ReceiveSide::AddPart(Indication part) {
  if (held_ && held_->bytes.size() + part.bytes.size() > largest_part_) FlushHeld();
  if (held_) part.bytes.insert(part.bytes.begin(), held_->bytes.begin(), held_->bytes.end());
  held_ = std::move(part);
  if (IsFragment(held_->type) && inner_.variants.Chance(Variant::kLargeParts)) return;
  const bool cuts = inner_.variants.Has(Variant::kSmallParts);
  while (cuts && held_->bytes.size() > 1 && inner_.variants.choices().OneIn(2)) {
    const auto size = 1 + inner_.variants.choices().Below(static_cast<std::uint32_t>(held_->bytes.size() - 1));
    const auto end = held_->bytes.begin() + size;
    ready_.push_back({FragmentOf(held_->type), {}, Bytes(held_->bytes.begin(), end)});
    held_->bytes.erase(held_->bytes.begin(), end);
  }
  FlushHeld();
}

void ReceiveSide::FlushHeld() {
  if (held_) ready_.push_back(std::move(*held_));
  held_.reset();
}

std::optional<Offer> ReceiveSide::Indicate() {
  outstanding_ = Outstanding::kIndication;
  Indication& first = ready_.front();
  if (!has_targets_ || !first.bytes.empty()) {
    // NULL stays what it is: of a close it says that there was no payload.
    const bool is_null = first.bytes.empty() && !IsData(first.type) && first.buffer.Data.pbBuffer == nullptr;
    static std::uint8_t nothing = 0;
    first.buffer.Data.pbBuffer = is_null ? nullptr : first.bytes.empty() ? &nothing : first.bytes.data();
    first.buffer.Data.ulBufferLength = static_cast<abi::ULONG>(first.bytes.size());
  }
  return Offer{abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION, first.type, {first.buffer}, operations_.front()};
}

bool ReceiveSide::Complete(abi::ULONG bytes) {
  const Outstanding ended = std::exchange(outstanding_, Outstanding::kNothing);
  switch (ended) {
    case Outstanding::kRead:
      inner_.Complete(std::exchange(read_, {}).action_context, bytes);
      if (bytes == 0) FlushHeld();
      return false;
    case Outstanding::kIndication:
      if (!ready_.empty()) ready_.pop_front();
      operations_.pop_front();
      is_late_done_ = false;
      return false;
    case Outstanding::kPong:
      pong_.CompletePiece(bytes);
      return !pong_.IsBegun();
    default:
      return false;
  }
}

// Receives that wait are indicated with nothing; one may ask the network first.
std::optional<Offer> ReceiveSide::Drain() {
  if (operations_.empty()) return {};
  if (!std::exchange(is_late_done_, true) && inner_.variants.Chance(Variant::kAbort)) {
    outstanding_ = Outstanding::kLate;
    Offer offer{abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION, abi::kNoBufferType, {}, operations_.front()};
    offer.buffers.resize(1);
    offer.buffers[0].Data = {late_bytes_, sizeof(late_bytes_)};
    return offer;
  }
  ready_.assign(1, {abi::kNoBufferType, {}, {}});
  ready_.front().buffer.Data = {nullptr, 0};
  return Indicate();
}

// The memory of an outstanding action stays.
void ReceiveSide::Abort() {
  if (outstanding_ == Outstanding::kNothing) pong_.Cancel();
  if (outstanding_ == Outstanding::kNothing) read_ = {};
  if (outstanding_ != Outstanding::kIndication) ready_.clear();
  held_.reset();
}

}  // namespace winwire::test::permissive
