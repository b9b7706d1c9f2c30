#include "test/model/receive_model.h"

#include <limits>

#include "test/check.h"
#include "test/support/names.h"

namespace winwire::test {

abi::HRESULT ReceiveModel::Queue(const ReceiveCall& call) {
  if (call.has_buffer && (call.bytes == nullptr || call.length == 0)) return kInvalidArg;
  if (closing_.aborted || closing_.close_received || fault_ != kOk) return kOperation;
  calls_.push_back(call);
  return kOk;
}

bool ReceiveModel::CheckNext(const Step& step, abi::ULONG capacity) {
  if (outstanding_ != Outstanding::kNothing) return false;
  if (fault_ != kOk && !closing_.aborted) {
    CHECK_EQ(step.hr, fault_);
    return true;
  }
  if (calls_.empty()) return false;
  if (capacity == 0) {
    CHECK_EQ(step.hr, kInsufficientBuffer);
    return true;
  }
  if (cancelled_ || closing_.aborted) {
    CHECK_EQ(step.hr, kOk);
    CHECK_EQ(step.action, abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
    CHECK_EQ(step.type, abi::kNoBufferType);
    CHECK_EQ(step.count, 1u);
    CHECK(step.buffers[0].Data.pbBuffer == nullptr && step.buffers[0].Data.ulBufferLength == 0);
    CHECK(step.application_context == calls_.front().context);
    outstanding_ = Outstanding::kIndication;
  } else {
    CheckItem(NextItem(), step);
  }
  return true;
}

// Skips a ping that cannot be answered any more.
StreamItem ReceiveModel::NextItem() {
  const ReceiveCall& call = calls_.front();
  const std::uint64_t room = call.has_buffer ? call.length : std::numeric_limits<std::uint64_t>::max();
  StreamItem item = stream_.Next(room, closing_.close_received);
  while (item.kind == StreamItem::Kind::kPing && closing_.close_received && closing_.close_sent) {
    item = stream_.Next(room, closing_.close_received);
  }
  return item;
}

void ReceiveModel::CheckItem(const StreamItem& item, const Step& step) {
  if (item.kind == StreamItem::Kind::kFault) {
    fault_ = item.fault;
    CHECK_EQ(step.hr, fault_);
    return;
  }
  CHECK_EQ(step.hr, kOk);
  CHECK_EQ(step.count, 1u);
  if (item.kind == StreamItem::Kind::kPing) return CheckPong(item, step);
  CHECK(step.application_context == calls_.front().context);
  if (item.kind == StreamItem::Kind::kNothing) return CheckRead(step);
  CheckReceived(item, step);
}

void ReceiveModel::CheckRead(const Step& step) {
  CHECK_EQ(step.action, abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION);
  CHECK_EQ(step.type, abi::kNoBufferType);
  CHECK_EQ(step.Sum(), buffer_size_);
  outstanding_ = Outstanding::kRead;
}

void ReceiveModel::CheckPong(const StreamItem& item, const Step& step) {
  CHECK_EQ(step.action, abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION);
  CHECK_EQ(step.type, kPingPong);
  CHECK(step.application_context == nullptr);
  const std::vector<Frame> frames = DecodeAll(step.Joined());
  CHECK_EQ(frames.size(), 1u);
  CHECK(frames[0].fin && frames[0].reserved == 0);
  CHECK_EQ(int{frames[0].opcode}, int{kPong});
  CHECK_EQ(frames[0].payload, item.bytes);
  CHECK_EQ(frames[0].key.has_value(), rules_.receiver == Role::kClient);
  if (rules_.receiver == Role::kClient && !rules_.masking) CHECK(frames[0].key == Key{});
  outstanding_ = Outstanding::kPong;
}

void ReceiveModel::CheckReceived(const StreamItem& item, const Step& step) {
  CHECK_EQ(step.action, abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION);
  CHECK(step.Joined() == item.bytes, "the payload");
  if (item.kind == StreamItem::Kind::kClose) {
    CHECK_EQ(step.type, kCloseType);
    CHECK_EQ(step.buffers[0].CloseStatus.usStatus, item.status);
    CHECK_EQ(step.buffers[0].CloseStatus.pbReason == nullptr, item.status == 1005);
    closing_.close_received = true;
  } else {
    CHECK_EQ(step.type, item.kind == StreamItem::Kind::kPong ? kPingPong : item.type);
    const ReceiveCall& call = calls_.front();
    if (item.kind == StreamItem::Kind::kData && call.has_buffer) {
      CHECK(step.buffers[0].Data.pbBuffer == call.bytes, "the caller's memory");
    }
  }
  outstanding_ = Outstanding::kIndication;
}

void ReceiveModel::Complete(const Bytes& stored) {
  CHECK(outstanding_ != Outstanding::kNothing);
  if (outstanding_ == Outstanding::kIndication) {
    calls_.pop_front();
    cancelled_ = false;
  } else if (outstanding_ == Outstanding::kRead) {
    stream_.Add(stored);
    cancelled_ = stored.empty();
  }
  outstanding_ = Outstanding::kNothing;
}

}  // namespace winwire::test
