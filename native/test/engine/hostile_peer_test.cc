// Every violation of RFC 6455 by a peer leads to its HRESULT, in any chunks.
#include <algorithm>
#include <initializer_list>

#include "test/check.h"
#include "test/support/driver.h"
#include "test/support/handshake_steps.h"
#include "test/support/names.h"
#include "test/support/portable_api.h"
#include "test/support/wire.h"

using namespace winwire;
using namespace winwire::abi;
using namespace winwire::test;

namespace {

// One violation, as a frame for both roles.
struct Offence {
  const char* name;
  std::vector<Frame> frames;  // keys are set as the role requires
  HRESULT hr;
};

Frame Data(std::uint8_t opcode, std::string_view payload, bool fin = true) {
  return {.fin = fin, .opcode = opcode, .payload = FromText(payload)};
}

Frame Close(const Bytes& payload) { return {.opcode = kClose, .payload = payload}; }

Frame Reserved(std::uint8_t bits, std::uint8_t opcode) { return {.reserved = bits, .opcode = opcode}; }

Frame Long(std::size_t size, LengthForm form) { return {.opcode = kBinary, .payload = Bytes(size), .form = form}; }

std::vector<Offence> Offences() {
  std::vector<Offence> offences = {
      {"RSV1", {Reserved(4, kText)}, kFormat},
      {"RSV2", {Reserved(2, kBinary)}, kFormat},
      {"RSV3", {Reserved(1, kPing)}, kFormat},
      {"all reserved bits", {Reserved(7, kClose)}, kFormat},
      {"RSV1 on a continuation", {Data(kText, "a", false), Reserved(4, kContinuation)}, kFormat},
      {"5 bytes with a 16-bit length", {Long(5, LengthForm::k16Bit)}, kFormat},
      {"0 bytes with a 16-bit length", {Long(0, LengthForm::k16Bit)}, kFormat},
      {"125 bytes with a 16-bit length", {Long(125, LengthForm::k16Bit)}, kFormat},
      {"0 bytes with a 64-bit length", {Long(0, LengthForm::k64Bit)}, kFormat},
      {"126 bytes with a 64-bit length", {Long(126, LengthForm::k64Bit)}, kFormat},
      {"65535 bytes with a 64-bit length", {Long(65535, LengthForm::k64Bit)}, kFormat},
      {"a close of one byte", {Close(FromHex("03"))}, kFormat},
      {"a close of one byte that a status could begin with", {Data(kPong, "  "), Close(FromHex("10"))}, kFormat},
      {"a close with a reason that is not UTF-8", {Close(ClosePayload(1000, "\xFF"))}, kFormat},
      {"a close with a reason that ends inside a character", {Close(ClosePayload(1000, "a\xC3"))}, kFormat},
      {"text that is not UTF-8", {Data(kText, "a\xFFz")}, kFormat},
      {"text with a surrogate", {Data(kText, "\xED\xA0\x80")}, kFormat},
      {"text with an overlong character", {Data(kText, "\xC0\xAF")}, kFormat},
      {"text above U+10FFFF", {Data(kText, "\xF4\x90\x80\x80")}, kFormat},
      {"text that ends inside a character", {Data(kText, "a\xE2\x82")}, kFormat},
      {"fragments that end inside a character", {Data(kText, "a\xE2", false), Data(kContinuation, "\x82")}, kFormat},
      {"fragments that break a character", {Data(kText, "\xE2", false), Data(kContinuation, "z")}, kFormat},
      {"an empty last fragment inside a character", {Data(kText, "\xE2\x82", false), Data(kContinuation, "")}, kFormat},
      {"a continuation without a start", {Data(kContinuation, "x")}, kOperation},
      {"a non-final continuation without a start", {Data(kContinuation, "x", false)}, kOperation},
      {"a continuation after a whole message", {Data(kText, "x"), Data(kContinuation, "y")}, kOperation},
      {"text inside a text message", {Data(kText, "x", false), Data(kText, "y")}, kOperation},
      {"binary inside a text message", {Data(kText, "x", false), Data(kBinary, "y")}, kOperation},
      {"text inside a binary message", {Data(kBinary, "x", false), Data(kText, "y", false)}, kOperation},
      {"binary inside a binary message",
       {Data(kBinary, "x", false), Data(kContinuation, "y", false), Data(kBinary, "z")},
       kOperation},
      {"text after a close", {Close({}), Data(kText, "x")}, kOperation},
      {"an empty continuation after a close",
       {Data(kText, "x", false), Close({}), Data(kContinuation, "")},
       kOperation},
      {"a second close", {Close(ClosePayload(1000)), Close({})}, kOperation},
  };
  for (const std::uint8_t opcode : std::initializer_list<std::uint8_t>{3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    offences.push_back({"a reserved opcode", {Data(opcode, "")}, kFormat});
  }
  for (const std::uint8_t opcode : {kClose, kPing, kPong}) {
    offences.push_back({"a fragmented control frame", {Data(opcode, "", false)}, kFormat});
    offences.push_back({"a control frame of 126 bytes", {Data(opcode, std::string(126, 'x'))}, kFormat});
    offences.push_back({"a control frame of 70000 bytes", {Data(opcode, std::string(70000, 'x'))}, kFormat});
    Frame short_form = Data(opcode, "");
    short_form.form = LengthForm::k16Bit;
    offences.push_back({"a control frame with a 16-bit length", {short_form}, kFormat});
  }
  return offences;
}

Bytes Encoded(const Offence& offence, Role receiver) {
  Bytes bytes;
  for (Frame frame : offence.frames) {
    if (receiver == Role::kServer) frame.key = kTestKey;
    Append(bytes, Encode(frame));
  }
  return bytes;
}

HRESULT FailureOf(Role role, const Bytes& bytes, std::size_t chunk) {
  const Handle handle = OpenHandle(PortableApi(), role);
  // Queued beforehand: after a close no more are accepted.
  for (int i = 0; i < 6; ++i) CHECK_EQ(handle.Receive(), kOk);
  Driver driver(handle);
  driver.Chunk(chunk).Deliver(bytes);
  return driver.failure();
}

void CheckStatus(unsigned status, HRESULT expected) {
  const Bytes payload = ClosePayload(static_cast<std::uint16_t>(status));
  CHECK_EQ(FailureOf(Role::kServer, Masked(kClose, payload), SIZE_MAX), expected, std::to_string(status));
  CHECK_EQ(FailureOf(Role::kClient, Bare(kClose, payload), SIZE_MAX), expected, std::to_string(status));
}

}  // namespace

TEST("hostile peer: every invalid frame is rejected") {
  for (const Offence& offence : Offences()) {
    for (const Role role : kBothRoles) {
      const Bytes bytes = Encoded(offence, role);
      for (const std::size_t chunk : {SIZE_MAX, std::size_t{7}, std::size_t{3}}) {
        CHECK_EQ(FailureOf(role, bytes, chunk), offence.hr, std::string(offence.name) + ", to a " + NameOf(role));
      }
    }
  }
}

TEST("hostile peer: masking that the role forbids") {
  for (const std::uint8_t opcode : {kText, kBinary, kClose, kPing, kPong}) {
    for (const std::size_t chunk : {SIZE_MAX, std::size_t{1}}) {
      CHECK_EQ(FailureOf(Role::kServer, Bare(opcode, ""), chunk), kFormat);
      CHECK_EQ(FailureOf(Role::kClient, Masked(opcode, ""), chunk), kFormat);
    }
  }
}

TEST("hostile peer: close statuses") {
  for (const unsigned status : {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u}) {
    CheckStatus(status, kFormat);
  }
  for (const unsigned status : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 1012u, 1013u, 1014u,
                                3000u, 3999u, 4000u, 4999u, 5000u, 65535u}) {
    CheckStatus(status, kOk);
  }
}

TEST("hostile peer: a 64-bit length with its top bit set") {
  CHECK_EQ(FailureOf(Role::kClient, FromHex("827f8000000000000000"), SIZE_MAX), kFormat);
  CHECK_EQ(FailureOf(Role::kClient, FromHex("827fffffffffffffffff"), 1), kFormat);
  CHECK_EQ(FailureOf(Role::kServer, FromHex("82ff800000000001000037fa213d"), SIZE_MAX), kFormat);
  // The maximum length is accepted.
  CHECK_EQ(FailureOf(Role::kClient, FromHex("827f7fffffffffffffff 010203"), SIZE_MAX), kOk);
}

TEST("hostile peer: an invalid frame is rejected before its length has arrived") {
  for (const char* prefix : {"c1fe", "83ff", "897e", "09ff", "897f"}) {
    CHECK_EQ(FailureOf(Role::kClient, FromHex(prefix), SIZE_MAX), kFormat, prefix);
  }
  CHECK_EQ(FailureOf(Role::kServer, FromHex("c1fe"), 1), kFormat);
  CHECK_EQ(FailureOf(Role::kServer, FromHex("817e"), 1), kFormat);
  CHECK_EQ(FailureOf(Role::kServer, FromHex("80fe"), 1), kOperation);
  CHECK_EQ(FailureOf(Role::kServer, FromHex("c1"), 1), kOk);
}

TEST("hostile peer: invalid text is rejected before its frame ends") {
  Bytes frame = Masked(kText, "abc\xFFxxxxxxxx");
  frame.resize(frame.size() - 8);
  CHECK_EQ(FailureOf(Role::kServer, frame, 1), kFormat);
  frame.resize(frame.size() - 1);
  CHECK_EQ(FailureOf(Role::kServer, frame, 1), kOk);
}

TEST("hostile peer: what came before the fault is delivered") {
  const Handle server = OpenHandle(PortableApi(), Role::kServer);
  Driver driver(server);
  driver.KeepReceiving();
  driver.Deliver(Join({Masked(kText, "good"), Masked(kPing, "1"), Masked(kText, "\xFF")}));
  CHECK_EQ(driver.failure(), kFormat);
  CHECK(driver.Messages() == (std::vector<Message>{{true, FromText("good")}}));
  CHECK_EQ(driver.TakeSent(), Bare(kPong, "1"));
}

TEST("hostile peer: the fault stays until abort, and sends go on") {
  const Handle server = OpenHandle(PortableApi(), Role::kServer);
  CHECK_EQ(server.Receive(Context(1)), kOk);
  CHECK_EQ(server.Receive(Context(2)), kOk);
  server.Fill(server.NextReceive(), Bare(kText, "x"));
  for (int i = 0; i < 3; ++i) CHECK_EQ(server.NextReceive().Text(), "FAILED 0x83760002");
  CHECK_EQ(server.Receive(), kOperation);
  CHECK_EQ(server.SendClose(1002, "", Context(3)), kOk);
  CHECK_EQ(Driver(server).Run(kSendQueue), (Trace{"SEND CLOSE [880203ea] #3", "SENT CLOSE #3"}));
  CHECK_EQ(server.Next(kAllQueues).Text(), "FAILED 0x83760002");
  server.Abort();
  CHECK_EQ(Driver(server).Run(), (Trace{"RECEIVED [NULL] #1", "RECEIVED [NULL] #2"}));
}

TEST("hostile peer: an error is reported even without a queued receive") {
  const Handle server = OpenHandle(PortableApi(), Role::kServer);
  CHECK_EQ(server.Receive(), kOk);
  server.Fill(server.NextReceive(), Masked(kContinuation, "x"));
  CHECK_EQ(server.NextReceive().hr, kOperation);
  CHECK_EQ(server.Next(kReceiveQueue, 0).hr, kOperation);
  CHECK_EQ(server.NextSend().Text(), "NONE");
}
