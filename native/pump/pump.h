// Drives one handle for a whole connection: bytes of the network in, messages out; messages in, bytes for the network
// out. It runs the loop of WebSocketSend, WebSocketReceive, WebSocketGetAction and WebSocketCompleteAction over any
// backend's table, for the real DLL and the engine alike. No Node, no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "abi/websocket_api.h"
#include "engine/utf8.h"
#include "pump/out_block.h"

namespace winwire::pump {

// One indication: a part or the whole of a message, a pong or a close. Its bytes are in the block that was given.
struct Item {
  std::uint32_t buffer_type;
  std::uint32_t offset;
  std::uint32_t length;
  // Of a close its status, else 0 (bytes), 1 (ASCII) or 2 (UTF-16, in the text area): a text message that came in one
  // part is made ready for JavaScript, whose own decoder takes several times as long.
  std::uint32_t detail;
};

// What Receive fills. Without a block the bytes go where the network's bytes were, behind those that the handle took.
struct Inbound {
  bool Takes(abi::WEB_SOCKET_BUFFER_TYPE buffer_type) const;

  std::span<std::uint8_t> block;
  std::span<Item> items;
  std::span<char16_t> text;
  // The block is for the rest of the message in progress.
  bool one_message = false;
  std::size_t block_used = 0;
  std::size_t item_count = 0;
  std::size_t text_used = 0;
};

enum class ReceiveStatus {
  kWantsBytes,  // everything given has been used
  kFull,        // call again with an empty block or table; nothing is lost
  kClosed,      // a close was indicated, or the handle has nothing more to give
  kBadText,     // text that is not UTF-8
};

class Pump {
 public:
  // The handshake of the handle is complete, and nothing else uses its queues. It outlives the pump. With
  // `checks_text` the pump judges UTF-8: the component has one HRESULT for bad text and bad frames, where RFC 6455 has
  // two close codes (1007 and 1002).
  Pump(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle, bool checks_text)
      : api_(&api), handle_(handle), checks_text_(checks_text) {}
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  // Goes on with the same handle by another table, which may have its own idea of the handle.
  void UseTable(const abi::WebSocketApi& api, abi::WEB_SOCKET_HANDLE handle) {
    api_ = &api;
    handle_ = handle;
  }

  // Gives the handle what it asks for of `bytes` from `used` on, and takes what it indicates. Pongs go to `out`. A
  // failure is the peer's fault; what came before it is in `inbound`.
  abi::HRESULT Receive(std::span<std::uint8_t> bytes, std::size_t& used, Inbound& inbound, OutBlock& out,
                       ReceiveStatus& status);

  // Sends one buffer and frames it into `out` at once; its bytes are not needed afterwards.
  abi::HRESULT Send(abi::WEB_SOCKET_BUFFER_TYPE type, abi::WEB_SOCKET_BUFFER* buffer, OutBlock& out);

  // WebSocketAbortHandle and the drain of both queues. The handle takes nothing any more.
  void Abort();

  std::uint64_t PongCount() const { return pong_count_; }

 private:
  enum class TextForm { kBytes, kAscii, kUtf16, kBad };

  struct Action {
    abi::WEB_SOCKET_ACTION kind = abi::WEB_SOCKET_NO_ACTION;
    abi::WEB_SOCKET_BUFFER_TYPE buffer_type = abi::kNoBufferType;
    // Two is the most that is ever returned.
    static constexpr abi::ULONG kBufferCapacity = 2;
    abi::WEB_SOCKET_BUFFER buffers[kBufferCapacity] = {};
    abi::ULONG buffer_count = 0;
    void* context = nullptr;
  };

  abi::HRESULT GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue, Action& action);
  void Complete(Action& action, abi::ULONG bytes);
  abi::ULONG Write(const Action& action, OutBlock& out) const;
  abi::HRESULT NextReceiveAction();
  bool FillFromNetwork(std::span<const std::uint8_t> bytes, std::size_t& used);
  ReceiveStatus TakeIndication(std::span<std::uint8_t> block, Inbound& inbound);
  static bool ExtendsLast(const Item& part, Inbound& inbound);
  TextForm ReadText(Item& item, Inbound& inbound);
  bool IsGoodText();
  void Drain(abi::WEB_SOCKET_ACTION_QUEUE queue);

  const abi::WebSocketApi* api_;
  abi::WEB_SOCKET_HANDLE handle_;

  // The receive queue's action that is not completed yet: RECEIVE_FROM_NETWORK that waits for bytes, or an indication
  // that waits for room. NO_ACTION: none.
  Action waiting_;
  bool checks_text_;
  bool receive_queued_ = false;
  bool closed_ = false;
  // A part of a text message was indicated that another one follows.
  bool in_text_ = false;
  engine::Utf8Validator validator_;
  std::uint64_t pong_count_ = 0;
};

}  // namespace winwire::pump
