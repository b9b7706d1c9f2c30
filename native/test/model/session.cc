#include "test/model/session.h"

#include <algorithm>

#include "test/check.h"
#include "test/model/peer_bytes.h"
#include "test/support/names.h"

namespace winwire::test {
namespace {

constexpr abi::ULONG kControlRoom = 144;

// Returns and removes the step.
Step TakeFrom(std::optional<Step>& place) {
  Step step = place.value_or(Step{});
  place.reset();
  return step;
}

}  // namespace

Session::End::End(const abi::WebSocketApi& api, const HandleOptions& handle_options, Bytes own_memory)
    : options(handle_options),
      memory(std::move(own_memory)),
      handle(api, options.role, PropertiesOf(options, memory)),
      model(options) {}

Session::Session(const abi::WebSocketApi& api, Choices& choices) : choices_(choices) {
  ends_[0] = MakeEnd(api, choices, Role::kClient);
  ends_[1] = MakeEnd(api, choices, Role::kServer);
}

std::unique_ptr<Session::End> Session::MakeEnd(const abi::WebSocketApi& api, Choices& choices, Role role) {
  constexpr abi::ULONG kReceiveSizes[] = {4096, 256, 300, 1024};
  constexpr abi::ULONG kSendSizes[] = {16, 4096, 17, 140, 64};
  HandleOptions options;
  options.role = role;
  options.receive_size = choices.Of(kReceiveSizes);
  options.send_size = choices.Of(kSendSizes);
  options.masking = !choices.OneIn(4);
  options.verify_utf8 = !choices.OneIn(4);
  Bytes memory;
  if (choices.OneIn(4)) memory.resize(options.receive_size + options.send_size + kControlRoom);
  return std::make_unique<End>(api, options, std::move(memory));
}

Properties Session::PropertiesOf(const HandleOptions& options, Bytes& memory) {
  Properties properties = Properties().ReceiveBuffer(options.receive_size).SendBuffer(options.send_size);
  if (!options.masking) properties.NoMasking();
  if (!options.verify_utf8) properties.NoUtf8Check();
  if (!memory.empty()) properties.AddBuffer(memory.data(), static_cast<abi::ULONG>(memory.size()));
  return properties;
}

void Session::OpenBoth() {
  OpenPair(ends_[0]->handle, ends_[1]->handle);
  CHECK_EQ(ends_[0]->model.Begin(Role::kClient), kOk);
  CHECK_EQ(ends_[0]->model.EndClient(true), kOk);
  CHECK_EQ(ends_[1]->model.Begin(Role::kServer), kOk);
  CHECK_EQ(ends_[1]->model.EndServer(), kOk);
}

void Session::Run(int steps) {
  if (!choices_.OneIn(8)) OpenBoth();
  for (int i = 0; i < steps && !choices_.Exhausted(); ++i) DoStep();
  for (const auto& end : ends_) Drain(*end);
}

void Session::DoStep() {
  End& end = *ends_[choices_.Below(2)];
  if (!end.model.IsOpen() && choices_.OneIn(2)) return DoHandshakeCall(end);
  switch (choices_.Below(20)) {
    case 0:
    case 1:
    case 2:
      return DoSend(end);
    case 3:
    case 4:
    case 5:
      return DoReceive(end);
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
      return DoNext(end);
    case 11:
    case 12:
    case 13:
      return DoCompleteSend(end);
    case 14:
    case 15:
    case 16:
      return DoCompleteReceive(end);
    case 17:
    case 18:
      return DoInject(end);
    default:
      return DoRareCall(end);
  }
}

void Session::DoHandshakeCall(End& end) {
  const Handle& handle = end.handle;
  switch (choices_.Below(4)) {
    case 0: {
      const HeadersResult begun = BeginClient(handle);
      CHECK_EQ(begun.hr, end.model.Begin(Role::kClient));
      if (begun.hr != kOk) return;
      request_ = WithHost(begun.headers);
      response_fits_ = false;
      return;
    }
    case 1: {
      const HeadersResult begun = BeginServer(handle, request_);
      CHECK_EQ(begun.hr, end.model.Begin(Role::kServer));
      if (begun.hr != kOk) return;
      response_ = begun.headers;
      response_fits_ = ends_[0]->model.IsBegun() || ends_[0]->model.IsOpen();
      return;
    }
    case 2:
      return CHECK_EQ(EndClient(handle, response_), end.model.EndClient(response_fits_));
    default:
      return CHECK_EQ(EndServer(handle), end.model.EndServer());
  }
}

const Bytes& Session::Keep(Bytes bytes) { return kept_.emplace_back(std::move(bytes)); }

SendCall Session::MakeSend() {
  constexpr abi::WEB_SOCKET_BUFFER_TYPE kTypes[] = {
      kUtf8Message,    kBinaryMessage,
      kUtf8Fragment,   kBinaryFragment,
      kPingPong,       kUnsolicitedPong,
      kUtf8Message,    kUtf8Message,
      kUtf8Message,    kUtf8Fragment,
      kBinaryFragment, kBinaryMessage,
      kCloseType,      static_cast<abi::WEB_SOCKET_BUFFER_TYPE>(0x80000007u)};
  SendCall call;
  call.type = choices_.Of(kTypes);
  call.context = NextContext();
  if (call.type == kCloseType) return MakeClose(call);
  const bool control = call.type == kPingPong || call.type == kUnsolicitedPong;
  call.has_buffer = control ? choices_.OneIn(16) : !choices_.OneIn(16);
  if (!call.has_buffer || choices_.OneIn(32)) return call;
  const std::uint32_t size = choices_.OneIn(8) ? choices_.Below(6000) : choices_.Below(48);
  const Bytes& bytes = Keep(Pattern(size + 1, choices_.Byte()));
  call.bytes = choices_.OneIn(32) ? nullptr : bytes.data();
  call.length = size;
  return call;
}

SendCall Session::MakeClose(SendCall call) {
  constexpr abi::USHORT kStatuses[] = {1000, 1001, 4000, 65535, 1005, 1006, 999, 1015};
  call.has_buffer = !choices_.OneIn(4);
  if (!call.has_buffer) return call;
  call.status = choices_.OneIn(3) ? choices_.Of(kStatuses) : 1000;
  if (choices_.OneIn(2)) return call;
  call.length = choices_.Below(126);
  const Bytes& reason = Keep(Bytes(call.length + 1, 'r'));
  call.bytes = choices_.OneIn(32) ? nullptr : reason.data();
  return call;
}

void Session::DoSend(End& end) {
  const SendCall call = MakeSend();
  abi::WEB_SOCKET_BUFFER buffer{};
  // The API takes pointers to non-const, but does not write to sent data.
  buffer.CloseStatus.pbReason = const_cast<abi::BYTE*>(call.bytes);
  buffer.CloseStatus.ulReasonLength = call.length;
  buffer.CloseStatus.usStatus = call.status;
  const abi::HRESULT hr =
      end.handle.api().WebSocketSend(end.handle.get(), call.type, call.has_buffer ? &buffer : nullptr, call.context);
  CHECK_EQ(hr, end.model.Send(call));
}

void Session::DoReceive(End& end) {
  ReceiveCall call;
  call.context = NextContext();
  call.has_buffer = choices_.OneIn(4);
  if (call.has_buffer) {
    const std::uint32_t size = choices_.Below(24);
    kept_.emplace_back(size + 1);
    call.bytes = choices_.OneIn(32) ? nullptr : kept_.back().data();
    call.length = size;
  }
  abi::WEB_SOCKET_BUFFER buffer{};
  buffer.Data.pbBuffer = call.bytes;
  buffer.Data.ulBufferLength = call.length;
  const abi::HRESULT hr =
      end.handle.api().WebSocketReceive(end.handle.get(), call.has_buffer ? &buffer : nullptr, call.context);
  CHECK_EQ(hr, end.model.Receive(call));
}

void Session::DoNext(End& end) {
  const int queue = choices_.OneIn(32) ? static_cast<int>(choices_.Below(8)) : 1 + static_cast<int>(choices_.Below(3));
  TakeStep(end, queue, choices_.OneIn(4) ? choices_.Below(3) : 2);
}

void Session::TakeStep(End& end, int queue, abi::ULONG capacity) {
  const Step step = end.handle.Next(static_cast<abi::WEB_SOCKET_ACTION_QUEUE>(queue), capacity);
  end.model.CheckNext(step, queue, capacity);
  if (step.hr != kOk || step.action == abi::WEB_SOCKET_NO_ACTION) return;
  CheckOwnMemory(end, step);
  const bool pong = step.action == abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION && step.application_context == nullptr;
  const bool from_send_queue = !pong && (step.action == abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION ||
                                         step.action == abi::WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION);
  std::optional<Step>& outstanding = from_send_queue ? end.sending : end.receiving;
  CHECK(!outstanding.has_value(), "two actions outstanding on one queue");
  outstanding = step;
}

// With ALLOCATED_BUFFER, lent memory lies inside it. Pointers to the caller's own bytes were already compared by the
// model.
void Session::CheckOwnMemory(const End& end, const Step& step) const {
  if (end.memory.empty() || step.action != abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) return;
  const auto& data = step.buffers[0].Data;
  const abi::BYTE* const first = end.memory.data();
  CHECK(data.pbBuffer >= first && data.pbBuffer + data.ulBufferLength <= first + end.memory.size());
}

void Session::DoCompleteSend(End& end) {
  if (!end.sending) return;
  const Step step = TakeFrom(end.sending);
  const std::uint64_t count = choices_.OneIn(8) ? choices_.Below(16) : step.Sum();
  Deliver(end, step, count);
  end.model.CompleteSend(step, count);
  end.handle.Complete(step, count);
}

void Session::Deliver(End& from, const Step& step, std::uint64_t count) {
  if (step.action != abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION) return;
  Bytes bytes = step.Joined();
  // Some callers write everything and report another count, others stop before the end.
  if (count < bytes.size() && choices_.OneIn(2)) bytes.resize(static_cast<std::size_t>(count));
  End& to = Other(from);
  to.network.insert(to.network.end(), bytes.begin(), bytes.end());
}

Bytes Session::ReadNetwork(End& end, const Step& step) {
  const std::uint64_t available = std::min<std::uint64_t>(step.Sum(), end.network.size());
  const auto size = static_cast<std::ptrdiff_t>(
      choices_.OneIn(2) ? available : std::min<std::uint64_t>(available, 1 + choices_.Below(8)));
  Bytes bytes(end.network.begin(), end.network.begin() + size);
  end.network.erase(end.network.begin(), end.network.begin() + size);
  return bytes;
}

void Session::DoCompleteReceive(End& end) {
  if (!end.receiving) return;
  const Step step = *end.receiving;
  Bytes stored;
  if (step.action == abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
    // Without bytes, end of stream only occasionally.
    if (end.network.empty() && !choices_.OneIn(16)) return;
    stored = ReadNetwork(end, step);
  }
  end.receiving.reset();
  end.model.CompleteReceive(stored);
  if (step.action == abi::WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION) {
    CHECK_EQ(end.handle.Fill(step, stored), stored.size());
  } else {
    const std::uint64_t count = choices_.OneIn(4) ? choices_.Byte() : step.Sum();
    Deliver(end, step, count);
    end.handle.Complete(step, count);
  }
}

void Session::DoInject(End& end) {
  const Bytes bytes = PeerBytes(choices_, end.options.role);
  end.network.insert(end.network.end(), bytes.begin(), bytes.end());
}

void Session::DoRareCall(End& end) {
  switch (choices_.Below(8)) {
    case 0:
      if (!choices_.OneIn(4)) return;
      end.handle.Abort();
      return end.model.Abort();
    case 1:
      return DoHandshakeCall(end);
    case 2:
      return CHECK_EQ(EndServer(end.handle), end.model.EndServer());
    default:
      return DoForeignComplete(end);
  }
}

// A context that is stale, foreign or unknown completes nothing.
void Session::DoForeignComplete(End& end) {
  const End& other = Other(end);
  Step foreign;
  if (choices_.OneIn(2)) foreign.action_context = &foreign;
  if (other.sending && !end.sending && !end.receiving) foreign = *other.sending;
  end.handle.Complete(foreign, choices_.Byte());
}

void Session::Drain(End& end) {
  end.handle.Abort();
  end.model.Abort();
  if (!end.model.IsAborted()) return;
  constexpr int kLimit = 10000;
  for (int i = 0; i < kLimit; ++i) {
    if (end.sending) {
      end.model.CompleteSend(*end.sending, 0);
      end.handle.Complete(TakeFrom(end.sending), 0);
    }
    if (end.receiving) {
      end.model.CompleteReceive({});
      end.handle.Complete(TakeFrom(end.receiving), 0);
    }
    TakeStep(end, 3, 1);
    if (!end.sending && !end.receiving) return;
  }
  CHECK(false, "the drain does not end");
}

}  // namespace winwire::test
