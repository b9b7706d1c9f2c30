// Parses network bytes into message parts and control frames (RFC 6455 sections 5 to 8), in place, and validates every
// frame.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "abi/websocket_abi.h"
#include "engine/action.h"
#include "engine/buffer_type.h"
#include "engine/frame.h"
#include "engine/parsed_item.h"
#include "engine/settings.h"
#include "engine/utf8.h"

namespace winwire::engine {

class FrameParser {
 public:
  FrameParser(Role role, const Settings& settings, const ClosingState& closing)
      : role_(role), masking_(settings.masking), verify_utf8_(settings.verify_utf8), closing_(closing) {}

  // Space before a control payload, so that the header of a pong can be written there without a copy.
  static constexpr std::size_t kPongHeaderRoom = kMinHeaderSize + kMaskKeySize;

  // It has kControlBufferSize bytes; null: allocated for the first control frame.
  void SetControlBuffer(abi::BYTE* control) { control_ = control; }

  // Sets the next bytes, which are unmasked in place. Call it only after kNeedBytes, when all earlier ones have been
  // used.
  void Feed(abi::BYTE* input, abi::ULONG size) {
    input_ = input;
    position_ = 0;
    end_ = size;
  }
  // The number of unused bytes.
  abi::ULONG Unread() const { return end_ - position_; }

  void Next(const ReceiveTarget& target, ParsedItem& item);

  // Returns the number of next complete messages with one frame each. Next handles text that must be checked.
  std::size_t TakeMessages(std::span<WholeMessage> messages);

 private:
  enum class HeaderResult { kComplete, kNeedBytes, kError };

  bool TakeMessage(WholeMessage& message);
  bool FitsRole(const HeaderPrefix& prefix) const;
  HeaderResult TakeHeader();
  void NeedHeader(ParsedItem& item);
  const abi::BYTE* GatherHeader();
  bool GatherTo(std::size_t size);
  abi::HRESULT CheckPrefix(const HeaderPrefix& prefix) const;
  abi::HRESULT CheckControl(const HeaderPrefix& prefix) const;
  abi::HRESULT CheckData(const HeaderPrefix& prefix) const;
  void BeginFrame(const FrameHeader& header);

  void TakeData(const ReceiveTarget& target, ParsedItem& item);
  void TakeControl(ParsedItem& item);
  bool HasControlBuffer();
  void TakeClose(ParsedItem& item) const;
  bool FitsUtf8(const ParsedItem& data, bool ends_message);

  Role role_;
  bool masking_;
  bool verify_utf8_;
  bool in_frame_ = false;
  // The message being read.
  MessageKind message_ = MessageKind::kNone;
  std::uint32_t message_frames_ = 0;
  Utf8Validator utf8_;
  const ClosingState& closing_;

  abi::BYTE* input_ = nullptr;
  abi::BYTE* control_ = nullptr;
  std::unique_ptr<abi::BYTE[]> own_control_;
  abi::ULONG position_ = 0;
  abi::ULONG end_ = 0;

  // A header that is split by the end of the received bytes.
  std::array<abi::BYTE, kMaxHeaderSize> partial_header_{};
  abi::ULONG partial_size_ = 0;
  abi::HRESULT header_error_ = abi::hresult::kOk;

  // The frame being read.
  FrameHeader frame_;
  std::uint64_t payload_taken_ = 0;
};

}  // namespace winwire::engine
