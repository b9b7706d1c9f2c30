// Drives one handle for a whole connection: network bytes in, messages out, and the reverse. It runs the loop of
// WebSocketSend, WebSocketReceive, WebSocketGetAction and WebSocketCompleteAction over any backend's table. No Node, no
// I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "abi/websocket_api.h"
#include "backend/backend.h"
#include "backend/contract.h"
#include "pump/frame_counter.h"
#include "pump/inbound.h"
#include "pump/out_block.h"
#include "pump/text_reader.h"

namespace winwire::pump {

enum class ReceiveStatus {
  kWantsBytes,  // all bytes have been used
  kFull,        // call again with an empty block or table; no data is lost
  kClosed,      // a close was indicated, or the handle was aborted
  kBadText,     // text that is not UTF-8
  kTooManyFrames,
};

// Of a component's function, so that an error can name it.
enum class CalledFunction : std::uint8_t { kGetAction, kReceive, kSend };

// The buffers that the component was asked to have.
struct BufferSizes {
  std::uint32_t receive = 65536;
  std::uint32_t send = 65536;
};

// It relies on what is documented and bears all that is left open: actions and indications on either queue, more or
// fewer of them than the engine has, NO_ACTION while there is work, any number of buffers. A component that breaks its
// contract is a failure (backend/contract.h).
class Pump {
 public:
  // The handle's handshake is complete, it has no other user of its queues, and it outlives the pump. With
  // `checks_text` the pump validates UTF-8: the component has one HRESULT for invalid text and invalid frames, RFC 6455
  // two close codes (1007 and 1002).
  Pump(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, bool checks_text, BufferSizes sizes = {})
      : api_(&api), handle_(handle), sizes_(sizes), text_(checks_text) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;
  ~Pump() = default;

  // Switches to another function table, which may use a different handle value.
  void UseTable(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle);

  // A message with more frames ends the receiving: kTooManyFrames, after what preceded its first frame too many.
  void LimitFrames(std::uint32_t most) { frame_counter_.LimitTo(most); }

  // Parses bytes in place from now on, until another table is used: a trace contains every call.
  void ReadInPlace(backend::ReadInPlaceFunction* function) { read_in_place_ = function; }
  // A receive that was queued before can only be completed by the functions.
  bool ReadsInPlace() const { return read_in_place_ != nullptr && !receive_queued_; }

  // Passes `bytes` from `used` on to the handle as requested, and collects its indications. Pongs go to `out`. A
  // failure is the error of the peer or the component; `inbound` contains what preceded it.
  abi::HRESULT Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                       ReceiveStatus& status);

  // Sends one buffer and frames it into `out` at once; its bytes can be freed afterwards.
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out);

  // Calls WebSocketAbortHandle and drains both queues. The handle accepts no further data.
  void Abort();

  // Pongs that were written; those of them since the last call of TakeNewPongs.
  std::uint64_t PongCount() const { return pong_count_; }
  std::uint64_t TakeNewPongs() { return pong_count_ - std::exchange(told_pong_count_, pong_count_); }
  // Which function the last failure came from.
  CalledFunction FailedFunction() const { return failed_function_; }

 private:
  struct Action {
    std::span<const abi::WEB_SOCKET_BUFFER> Buffers() const { return {buffers, buffer_count}; }

    // Two is the most that was ever seen; a component may use what it is given.
    static constexpr abi::ULONG kBufferCapacity = 4;
    abi::WEB_SOCKET_ACTION kind = abi::WEB_SOCKET_NO_ACTION;
    abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;
    abi::WEB_SOCKET_BUFFER buffers[kBufferCapacity] = {};
    abi::ULONG buffer_count = 0;
    void* application_context = nullptr;
    void* context = nullptr;
  };

  // A send on its way through the component.
  struct Sending {
    void* context = nullptr;
    std::uint64_t size = 0;
    std::uint64_t limit = 0;
    std::uint64_t written = 0;
  };

  // A pong on its way out: how much of it is written, and its size once the header is.
  struct Pong {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };

  abi::HRESULT Fail(CalledFunction function, abi::HRESULT hr);
  abi::HRESULT GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action);
  bool IsUsable(Action& action) const;
  bool IsUsablePart(const Action& action) const;
  static bool IsLongControl(const Action& action);
  void Complete(Action& action, abi::ULONG bytes);
  abi::ULONG Write(const Action& action, OutBlock& out) const;

  abi::HRESULT NextReceiveAction(OutBlock& out);
  abi::HRESULT QueueReceive();
  bool FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used);
  ReceiveStatus TakeIndication(std::span<std::uint8_t> block, Inbound& inbound);
  void Gather(std::uint8_t* to);
  static void CopyData(std::span<const std::uint8_t> bytes, std::uint8_t* to, Inbound& inbound);
  abi::HRESULT ReceiveInPlace(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                              ReceiveStatus& status);
  bool TakeMessages(std::span<const engine::WholeMessage> messages, const std::uint8_t* chunk, Inbound& inbound);
  bool TakeInPlace(const engine::ParsedItem& data, std::uint8_t* chunk, Inbound& inbound);
  static void JoinFrames(std::uint8_t* chunk, Inbound& inbound);

  abi::HRESULT TakeSendAction(Action& action, Sending& sending, OutBlock& out, bool& is_done);
  abi::HRESULT WriteFrame(Action& action, Sending& sending, OutBlock& out);
  abi::HRESULT WritePong(Action& action, OutBlock& out);
  void CountPongs(const std::uint8_t* bytes, std::size_t size);
  std::uint64_t MostBytesFor(std::uint64_t payload) const;
  bool Pay();
  void Drain(abi::WEB_SOCKET_ACTION_QUEUE queue);

  const abi::WebSocketApi* api_;
  abi::WEB_SOCKET_HANDLE handle_;
  backend::ReadInPlaceFunction* read_in_place_ = nullptr;
  BufferSizes sizes_;
  FrameCounter frame_counter_;

  // The incomplete action of the receive queue: RECEIVE_FROM_NETWORK without bytes, or an indication without space.
  // NO_ACTION: none.
  Action waiting_;
  bool receive_queued_ = false;
  bool closed_ = false;
  bool close_sent_ = false;
  CalledFunction failed_function_ = CalledFunction::kGetAction;
  TextReader text_;
  // Of a receive, met while something was sent.
  abi::HRESULT receive_failure_ = abi::hresult::kOk;
  // Pongs and indications that the bytes given so far may still lead to.
  std::uint64_t credit_ = kFirstCredit;
  static constexpr std::uint64_t kFirstCredit = 64;
  std::uintptr_t last_send_ = 1;  // odd
  std::uint64_t told_pong_count_ = 0;
  Pong pong_;
  std::uint64_t pong_count_ = 0;
};

}  // namespace winwire::pump
