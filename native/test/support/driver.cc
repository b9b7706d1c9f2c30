#include "test/support/driver.h"

#include <algorithm>

#include "test/check.h"

namespace winwire::test {

Trace Driver::Run(abi::WEB_SOCKET_ACTION_QUEUE queue) {
  Trace trace;
  ReadMore();
  for (;;) {
    KeepOneReceive();
    const Step step = handle_.Next(queue);
    if (step.hr == 0 && step.action == abi::WEB_SOCKET_NO_ACTION) return trace;
    trace.push_back(step.Text());
    Note(step);
    if (abi::Failed(step.hr)) return trace;
    if (step.action == abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
      reading_ = step;
      ReadMore();
    } else {
      handle_.CompleteAll(step);
    }
  }
}

Trace Driver::Deliver(const Bytes& bytes) {
  Feed(bytes);
  return Run();
}

void Driver::EndOfStream() {
  CHECK(Reading());
  handle_.Complete(std::exchange(reading_, {}), 0);
}

void Driver::KeepOneReceive() {
  if (keep_receiving_ && !receive_queued_) receive_queued_ = abi::Succeeded(handle_.Receive());
}

void Driver::ReadMore() {
  if (!Reading() || incoming_.empty()) return;
  const std::size_t offered = std::min(chunk_, incoming_.size());
  const Bytes chunk(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(offered));
  const std::size_t stored = handle_.Fill(std::exchange(reading_, {}), chunk);
  incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(stored));
}

void Driver::Note(const Step& step) {
  if (abi::Failed(step.hr)) failure_ = step.hr;
  if (step.action == abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION) Append(sent_, step.Joined());
  if (step.action != abi::WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION) return;
  receive_queued_ = false;
  CHECK_EQ(step.count, 1u);
  Received received{.type = step.type, .context = step.application_context};
  // Pointer and length have the same offset in both union members.
  received.bytes = step.Joined();
  received.null_pointer = step.buffers[0].Data.pbBuffer == nullptr;
  if (step.type == abi::WEB_SOCKET_CLOSE_BUFFER_TYPE) received.status = step.buffers[0].CloseStatus.usStatus;
  received_.push_back(received);
}

std::vector<Message> Driver::Messages() const { return JoinParts(received_); }

std::vector<Message> JoinParts(const std::vector<Received>& parts) {
  std::vector<Message> messages;
  bool open = false;
  for (const Received& part : parts) {
    const bool text =
        part.type == abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE || part.type == abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE;
    const bool binary = part.type == abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE ||
                        part.type == abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
    if (!text && !binary) continue;
    if (!open) messages.push_back({text, {}});
    CHECK_EQ(messages.back().text, text, "a part of another kind inside a message");
    Append(messages.back().bytes, part.bytes);
    open = part.type == abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE ||
           part.type == abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE;
  }
  CHECK(!open, "a message without an end");
  return messages;
}

void Pump(Driver& a, Driver& b) {
  for (bool moved = true; moved;) {
    const Trace from_a = a.Run();
    b.Feed(a.TakeSent());
    const Trace from_b = b.Run();
    a.Feed(b.TakeSent());
    moved = !from_a.empty() || !from_b.empty();
    if (abi::Failed(a.failure()) || abi::Failed(b.failure())) return;
  }
}

}  // namespace winwire::test
