#include "test/model/send_model.h"

#include "test/check.h"
#include "test/support/names.h"

namespace winwire::test {
namespace {

int KindOf(abi::WEB_SOCKET_BUFFER_TYPE type) {
  if (type == kUtf8Message || type == kUtf8Fragment) return 1;
  return type == kBinaryMessage || type == kBinaryFragment ? 2 : 0;
}

bool IsFragment(abi::WEB_SOCKET_BUFFER_TYPE type) { return type == kUtf8Fragment || type == kBinaryFragment; }

bool IsValidClose(const SendCall& call) {
  if (!call.has_buffer) return true;
  if (call.status == 1005) return call.bytes == nullptr && call.length == 0;
  if (call.status < 1000 || call.status == 1006 || call.status == 1015) return false;
  return call.length <= 123 && (call.bytes != nullptr || call.length == 0);
}

bool IsValid(const SendCall& call) {
  if (KindOf(call.type) != 0) return !call.has_buffer || call.bytes != nullptr || call.length == 0;
  if (call.type == kCloseType) return IsValidClose(call);
  return (call.type == kPingPong || call.type == kUnsolicitedPong) && !call.has_buffer;
}

std::size_t HeaderSize(std::uint64_t length, bool masked) {
  return (length <= 125 ? 2u : length <= 65535 ? 4u : 10u) + (masked ? 4u : 0u);
}

}  // namespace

abi::HRESULT SendModel::Queue(const SendCall& call) {
  if (!IsValid(call)) return kInvalidArg;
  const int kind = KindOf(call.type);
  const bool is_close = call.type == kCloseType;
  if (closing_.aborted) return kOperation;
  if (closing_.close_sent && (is_close || kind != 0)) return kOperation;
  if (kind != 0 && queued_kind_ != 0 && kind != queued_kind_) return kOperation;
  if (kind != 0) queued_kind_ = IsFragment(call.type) ? kind : 0;
  if (is_close) closing_.close_sent = true;
  SendCall kept = call;
  if (is_close && call.status == 1005) kept.has_buffer = false;
  if (!kept.has_buffer) kept.length = 0;
  calls_.push_back(kept);
  return kOk;
}

abi::ULONG SendModel::SlotsNeeded() const {
  const SendCall& call = calls_.front();
  if (call.type == kCloseType) return role_ == Role::kServer && call.length > 0 ? 2 : 1;
  return KindOf(call.type) != 0 && !Copies() && call.length > framed_ ? 2 : 1;
}

bool SendModel::CheckNext(const Step& step, abi::ULONG capacity) {
  if (outstanding_ != Outstanding::kNothing || calls_.empty()) return false;
  const SendCall& call = calls_.front();
  const bool indicates = finished_ || closing_.aborted;
  if (!indicates && capacity < SlotsNeeded()) {
    CHECK_EQ(step.hr, kInsufficientBuffer);
    return true;
  }
  CHECK_EQ(step.hr, kOk);
  CHECK_EQ(step.type, call.type);
  CHECK(step.application_context == call.context);
  if (indicates) {
    CHECK_EQ(step.action, abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
    CHECK_EQ(step.count, 0u);
    outstanding_ = Outstanding::kIndication;
  } else {
    CHECK_EQ(step.action, abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION);
    CheckFrame(step);
    outstanding_ = Outstanding::kSend;
  }
  return true;
}

void SendModel::CheckFrame(const Step& step) {
  const SendCall& call = calls_.front();
  const std::vector<Frame> frames = DecodeAll(step.Joined());
  CHECK_EQ(frames.size(), 1u);
  CheckKey(frames[0]);
  CHECK_EQ(int{frames[0].reserved}, 0);
  if (KindOf(call.type) != 0) return CheckDataFrame(frames[0], step);
  CHECK(frames[0].fin);
  finished_ = true;
  if (call.type == kCloseType) return CheckCloseFrame(frames[0], step);
  CHECK_EQ(int{frames[0].opcode}, int{call.type == kPingPong ? kPing : kPong});
  CHECK(frames[0].payload.empty());
  CHECK_EQ(step.count, 1u);
}

void SendModel::CheckKey(const Frame& frame) const {
  CHECK_EQ(frame.key.has_value(), role_ == Role::kClient);
  if (role_ == Role::kClient && !masking_) CHECK(frame.key == Key{});
}

void SendModel::CheckDataFrame(const Frame& frame, const Step& step) {
  const SendCall& call = calls_.front();
  const std::uint64_t left = call.length - framed_;
  const std::uint64_t size = frame.payload.size();
  CHECK_EQ(int{frame.opcode}, in_message_ ? 0 : KindOf(call.type));
  CHECK(size <= left && (size > 0 || left == 0));
  const abi::BYTE* const bytes = size == 0 ? nullptr : call.bytes + framed_;
  CHECK(frame.payload == Bytes(bytes, bytes + size), "the payload");
  if (Copies()) {
    CHECK_EQ(step.count, 1u);
    CHECK(step.Sum() <= buffer_size_);
    CHECK(size == left || HeaderSize(left, true) + left > buffer_size_, "a message that fits was cut");
  } else {
    CHECK_EQ(size, left);
    CHECK_EQ(step.count, size > 0 ? 2u : 1u);
    CHECK(size == 0 || step.buffers[1].Data.pbBuffer == bytes, "the caller's memory");
  }
  CHECK_EQ(frame.fin, size == left && !IsFragment(call.type));
  framed_ += size;
  finished_ = size == left;
  in_message_ = !frame.fin;
}

void SendModel::CheckCloseFrame(const Frame& frame, const Step& step) const {
  const SendCall& call = calls_.front();
  CHECK_EQ(int{frame.opcode}, int{kClose});
  Bytes expected;
  if (call.has_buffer) {
    expected = ClosePayload(call.status);
    if (call.length > 0) expected.insert(expected.end(), call.bytes, call.bytes + call.length);
  }
  CHECK_EQ(frame.payload, expected);
  CHECK_EQ(step.count, SlotsNeeded());
  if (step.count == 2) CHECK(step.buffers[1].Data.pbBuffer == call.bytes);
}

void SendModel::Complete(const Step& step, std::uint64_t count) {
  CHECK(outstanding_ != Outstanding::kNothing);
  const abi::WEB_SOCKET_BUFFER_TYPE type = calls_.front().type;
  if (outstanding_ == Outstanding::kIndication) {
    calls_.pop_front();
    framed_ = 0;
    finished_ = false;
  } else if (count != step.Sum()) {
    finished_ = true;
    if (KindOf(type) != 0) in_message_ = IsFragment(type);
  }
  outstanding_ = Outstanding::kNothing;
}

}  // namespace winwire::test
