#include "test/model/peer_bytes.h"

#include "test/support/wire.h"

namespace winwire::test {
namespace {

constexpr std::uint8_t kOpcodes[] = {kText, kText, kBinary, kBinary, kContinuation, kContinuation, kContinuation, kPing,
                                     kPing, kPong, kPong,   kClose,  kText,         kBinary,       0x3,           0xB};
constexpr std::uint16_t kStatuses[] = {1000, 1001, 1003, 1007, 1014, 3000, 4999, 65535,
                                       0,    999,  1004, 1005, 1006, 1015, 1016, 2999};
constexpr const char* kTexts[] = {"",
                                  "a",
                                  "text",
                                  "\xC3\xA4",
                                  "\xE2\x82\xAC",
                                  "\xE2\x82",
                                  "\xAC",
                                  "\xF0\x9F\x98\x80",
                                  "\xF0\x9F",
                                  "\x98\x80",
                                  "\xED\xA0\x80",
                                  "\xFF",
                                  "a longer text of more than sixteen bytes \xE2\x82\xAC.",
                                  "\xC0\xAF",
                                  "\xF4\x90\x80\x80"};

Bytes DataPayload(Choices& choices, std::uint8_t opcode) {
  if (opcode == kText || choices.OneIn(2)) {
    Bytes text = FromText(choices.Of(kTexts));
    // The first eight are well-formed or may become so.
    if (choices.OneIn(2)) Append(text, FromText(kTexts[choices.Below(5)]));
    return text;
  }
  constexpr std::uint16_t kSizes[] = {0, 1, 7, 125, 126, 127, 255, 256, 257, 600, 4096, 5000};
  return Pattern(choices.Of(kSizes), choices.Byte());
}

Bytes ControlPayload(Choices& choices, std::uint8_t opcode) {
  if (opcode == kClose) {
    if (choices.OneIn(3)) return {};
    if (choices.OneIn(16)) return Bytes(1, 3);
    // The first eight statuses are allowed.
    const std::uint16_t status = choices.OneIn(4) ? choices.Of(kStatuses) : kStatuses[choices.Below(8)];
    return ClosePayload(status, kTexts[choices.Below(6)]);
  }
  return Pattern(choices.OneIn(16) ? 126 : choices.Below(126), choices.Byte());
}

Frame PeerFrame(Choices& choices, Role receiver) {
  Frame frame;
  frame.opcode = choices.Of(kOpcodes);
  const bool control = frame.opcode >= kClose;
  frame.payload = control ? ControlPayload(choices, frame.opcode) : DataPayload(choices, frame.opcode);
  frame.fin = control ? !choices.OneIn(32) : !choices.OneIn(3);
  if (choices.OneIn(32)) frame.reserved = static_cast<std::uint8_t>(choices.Below(8));
  if (choices.OneIn(32)) frame.form = choices.OneIn(2) ? LengthForm::k16Bit : LengthForm::k64Bit;
  if ((receiver == Role::kServer) != choices.OneIn(32)) frame.key = Key{choices.Byte(), 0x5A, choices.Byte(), 0x00};
  return frame;
}

}  // namespace

Bytes PeerBytes(Choices& choices, Role receiver) {
  Bytes bytes;
  for (std::uint32_t frames = 1 + choices.Below(3); frames > 0; --frames) {
    Append(bytes, Encode(PeerFrame(choices, receiver)));
  }
  if (choices.OneIn(16)) bytes.resize(choices.Below(static_cast<std::uint32_t>(bytes.size()) + 1));
  if (choices.OneIn(32)) Append(bytes, choices.Some(choices.Below(12)));
  return bytes;
}

}  // namespace winwire::test
