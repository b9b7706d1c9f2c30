#include "backend/tracing_api.h"

#include <algorithm>
#include <string>
#include <vector>

#include "pump/pump.h"
#include "test/check.h"
#include "test/engine/portable_handle.h"

namespace winwire::test {
namespace {

using backend::TracedFunction;
using backend::TraceRecord;
using backend::TraceRecorder;

std::string TextOf(const TraceRecord& record) {
  std::string text;
  switch (record.function) {
    case TracedFunction::kLost:
      return "lost " + std::to_string(record.bytes);
    case TracedFunction::kSend:
      text = "send";
      break;
    case TracedFunction::kReceive:
      return "receive";
    case TracedFunction::kGetAction:
      text = "get " + std::to_string(record.action) + " #" + std::to_string(record.action_id);
      break;
    case TracedFunction::kCompleteAction:
      return "complete #" + std::to_string(record.action_id) + " with " + std::to_string(record.bytes);
    case TracedFunction::kAbortHandle:
      return "abort";
  }
  for (std::uint32_t i = 0; i < record.buffer_count; ++i) text += " " + std::to_string(record.sizes[i]);
  if (record.close_status != 0) text += " status " + std::to_string(record.close_status);
  return text;
}

Trace TextsOf(const std::vector<TraceRecord>& records) {
  Trace texts;
  for (const TraceRecord& record : records) texts.push_back(TextOf(record));
  return texts;
}

// A pump whose calls are recorded.
struct Recorded {
  explicit Recorded(Role role) : handle(OpenPortable(role)), recorder(handle.api(), handle.get()) {
    pump.UseTable(TraceRecorder::Table(), recorder.handle());
  }

  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, Bytes payload, abi::USHORT status = 0) {
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.CloseStatus = {payload.data(), static_cast<abi::ULONG>(payload.size()), status};
    return pump.Send(type, &buffer, out);
  }

  pump::ReceiveStatus Receive(Bytes chunk) {
    std::vector<pump::Item> items(64);
    std::size_t used = 0;
    std::vector<char16_t> text(128);
    pump::Inbound inbound{{}, items, text};
    auto status = pump::ReceiveStatus::kWantsBytes;
    pump.Receive(chunk, used, inbound, out, status);
    return status;
  }

  Handle handle;
  TraceRecorder recorder;
  pump::Pump pump{handle.api(), handle.get(), true};
  pump::OutBlock out{{}};
};

TEST("backend: a trace has each call of a send, with sizes and numbers of actions") {
  Recorded recorded(Role::kServer);
  CHECK(recorded.Send(abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, Bytes(300)) == abi::hresult::kOk);
  const std::vector<TraceRecord> records = recorded.recorder.Take();
  CHECK_EQ(TextsOf(records),
           (Trace{"send 300", "get 1 #1 4 300", "complete #1 with 304", "get 2 #2", "complete #2 with 0"}));
  CHECK(recorded.recorder.Take().empty());
  CHECK(recorded.out.Size() == 304);
  for (std::size_t i = 1; i < records.size(); ++i) CHECK(records[i].milliseconds >= records[i - 1].milliseconds);
}

TEST("backend: a trace has what is received, and the status of a close") {
  Recorded recorded(Role::kClient);
  Bytes wire = FromPeer(Role::kClient, 2, Bytes(5));
  Append(wire, FromPeer(Role::kClient, 8, Bytes{0x03, 0xE9, 'b', 'y', 'e'}));
  CHECK(recorded.Receive(wire) == pump::ReceiveStatus::kClosed);
  const Trace texts = TextsOf(recorded.recorder.Take());
  CHECK_EQ(texts.front(), std::string("receive"));
  CHECK(std::find(texts.begin(), texts.end(), "get 4 #2 5") != texts.end());
  CHECK(std::find_if(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.ends_with("3 status 1001"); }) != texts.end());
}

TEST("backend: a trace may begin between an action and its completion, and end so") {
  Recorded recorded(Role::kServer);
  recorded.pump.UseTable(recorded.handle.api(), recorded.handle.get());
  CHECK(recorded.Receive({}) == pump::ReceiveStatus::kWantsBytes);
  recorded.pump.UseTable(TraceRecorder::Table(), recorded.recorder.handle());
  recorded.Receive(FromPeer(Role::kServer, 2, Bytes(1)));
  const Trace texts = TextsOf(recorded.recorder.Take());
  CHECK(texts.front().starts_with("complete #0 with "));
  recorded.pump.UseTable(recorded.handle.api(), recorded.handle.get());
  CHECK(recorded.Receive(FromPeer(Role::kServer, 2, Bytes(1))) == pump::ReceiveStatus::kWantsBytes);
  CHECK(recorded.recorder.Take().empty());
}

TEST("backend: a trace that is not read is bounded, and reports the missing calls") {
  Recorded recorded(Role::kServer);
  for (int i = 0; i < 20000; ++i) {
    recorded.Send(abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE, Bytes(1));
    recorded.out.Clear();
  }
  const std::vector<TraceRecord> records = recorded.recorder.Take();
  CHECK_EQ(records.size(), std::size_t{65537});
  CHECK_EQ(TextOf(records.back()), "lost " + std::to_string(20000 * 5 - 65536));
}

TEST("backend: a trace has the end of a pump") {
  Recorded recorded(Role::kClient);
  recorded.Receive({});
  recorded.recorder.Take();
  recorded.pump.Abort();
  const Trace texts = TextsOf(recorded.recorder.Take());
  CHECK_EQ(texts.front(), std::string("abort"));
  CHECK_EQ(texts[1], std::string("complete #1 with 0"));
}

}  // namespace
}  // namespace winwire::test
