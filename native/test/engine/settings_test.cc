#include "engine/settings.h"

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

HRESULT Create(Role role, Properties properties) {
  WEB_SOCKET_HANDLE handle = nullptr;
  const HRESULT hr = CreateHandle(PortableApi(), role, std::move(properties), &handle);
  CHECK_EQ(handle == nullptr, Failed(hr));
  PortableApi().WebSocketDeleteHandle(handle);
  return hr;
}

void CheckBothRoles(const Properties& properties, HRESULT expected) {
  for (const Role role : kBothRoles) CHECK_EQ(Create(role, properties), expected, NameOf(role));
}

}  // namespace

TEST("settings: the limits of the buffer sizes") {
  CheckBothRoles(Properties().ReceiveBuffer(255), kInvalidArg);
  CheckBothRoles(Properties().ReceiveBuffer(256), kOk);
  CheckBothRoles(Properties().ReceiveBuffer(65536), kOk);
  CheckBothRoles(Properties().ReceiveBuffer(0), kInvalidArg);
  CheckBothRoles(Properties().SendBuffer(15), kInvalidArg);
  CheckBothRoles(Properties().SendBuffer(16), kOk);
  CheckBothRoles(Properties().SendBuffer(65536), kOk);
}

TEST("settings: sizes that add up to more than 32 bits hold") {
  CheckBothRoles(Properties().ReceiveBuffer(0xFFFFFFFF), hresult::kArithmeticOverflow);
  CheckBothRoles(Properties().ReceiveBuffer(0xFFFFFFFF - 4096 - 143).SendBuffer(4096), hresult::kArithmeticOverflow);
  // The maximum sum. Nothing is allocated before the handshake.
  CheckBothRoles(Properties().ReceiveBuffer(0xFFFFFFFF - 4096 - 144).SendBuffer(4096), kOk);
}

TEST("settings: a scalar has four bytes") {
  for (const ULONG size : {0u, 1u, 2u, 3u, 5u, 8u}) {
    for (const auto type :
         {WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE, WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE,
          WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE}) {
      CheckBothRoles(Properties().AddSized(type, 4096, size), kInvalidArg);
    }
  }
}

TEST("settings: a value that is not there") {
  for (int type = 0; type <= 6; ++type) {
    WEB_SOCKET_PROPERTY property{static_cast<WEB_SOCKET_PROPERTY_TYPE>(type), nullptr, 4};
    WEB_SOCKET_HANDLE handle = nullptr;
    CHECK_EQ(PortableApi().WebSocketCreateClientHandle(&property, 1, &handle), kInvalidArg);
  }
}

TEST("settings: an array that is not there") {
  WEB_SOCKET_HANDLE handle = nullptr;
  CHECK_EQ(PortableApi().WebSocketCreateClientHandle(nullptr, 1, &handle), kInvalidArg);
  CHECK_EQ(PortableApi().WebSocketCreateServerHandle(nullptr, 1, &handle), kInvalidArg);
  // With a count of 0 the pointer is ignored.
  WEB_SOCKET_PROPERTY unread{static_cast<WEB_SOCKET_PROPERTY_TYPE>(99), nullptr, 0};
  CHECK_EQ(PortableApi().WebSocketCreateClientHandle(&unread, 0, &handle), kOk);
  PortableApi().WebSocketDeleteHandle(handle);
}

TEST("settings: rejects global and unknown properties") {
  for (const int type : {5, 6, 7, -1, 100}) {
    CheckBothRoles(Properties().Add(static_cast<WEB_SOCKET_PROPERTY_TYPE>(type), 30000), kInvalidArg);
  }
}

TEST("settings: one invalid property rejects them all, in any place") {
  const Properties good = Properties().ReceiveBuffer(512).SendBuffer(512).NoMasking().NoUtf8Check();
  CheckBothRoles(good, kOk);
  CheckBothRoles(Properties(good).Reverse(), kOk);
  CheckBothRoles(Properties(good).ReceiveBuffer(1), kInvalidArg);
  CheckBothRoles(Properties(good).ReceiveBuffer(1).Reverse(), kInvalidArg);
}

TEST("settings: of a property given twice the last one counts") {
  const Handle server = OpenHandle(PortableApi(), Role::kServer, Properties().ReceiveBuffer(512).ReceiveBuffer(300));
  CHECK_EQ(server.Receive(), kOk);
  CHECK_EQ(server.NextReceive().Sum(), 300u);
}

TEST("settings: the sizes of the buffers without properties") {
  for (const Role role : kBothRoles) {
    const Handle handle = OpenHandle(PortableApi(), role);
    CHECK_EQ(handle.Receive(), kOk);
    CHECK_EQ(handle.NextReceive().Sum(), 4096u);
  }
  const Handle client = OpenHandle(PortableApi(), Role::kClient);
  const Bytes payload = Pattern(4097);
  CHECK_EQ(client.Send(kBinaryMessage, payload), kOk);
  CHECK_EQ(client.NextSend().Sum(), 4096u);
}

TEST("settings: own memory suffices from RBS + SBS + 144 on") {
  Bytes memory(256 + 16 + 144);
  const auto create = [&](Role role, ULONG size) {
    return Create(role, Properties().ReceiveBuffer(256).SendBuffer(16).AddBuffer(memory.data(), size));
  };
  for (const Role role : kBothRoles) {
    CHECK_EQ(create(role, 256 + 16 + 144), kOk);
    CHECK_EQ(create(role, 256 + 16 + 143), kInvalidArg);
    CHECK_EQ(create(role, 0), kInvalidArg);
  }
  BYTE* nowhere = nullptr;
  WEB_SOCKET_PROPERTY property{WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE, static_cast<void*>(&nowhere), 1 << 20};
  WEB_SOCKET_HANDLE handle = nullptr;
  CHECK_EQ(PortableApi().WebSocketCreateServerHandle(&property, 1, &handle), kInvalidArg);
}

TEST("settings: own memory may be given before the sizes") {
  Bytes memory(300 + 20 + 144);
  CHECK_EQ(Create(Role::kClient, Properties().ReceiveBuffer(300).SendBuffer(20).AddBuffer(memory.data(), 464)), kOk);
  CHECK_EQ(
      Create(Role::kClient, Properties().ReceiveBuffer(300).SendBuffer(20).AddBuffer(memory.data(), 464).Reverse()),
      kOk);
  CHECK_EQ(
      Create(Role::kClient, Properties().ReceiveBuffer(301).SendBuffer(20).AddBuffer(memory.data(), 464).Reverse()),
      kInvalidArg);
}

TEST("settings: a flag of FALSE leaves masking and the UTF-8 check on") {
  const Properties off = Properties()
                             .Add(WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE, 0)
                             .Add(WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, 0);
  const Handle server = OpenHandle(PortableApi(), Role::kServer, off);
  CHECK_EQ(server.Receive(), kOk);
  CHECK_EQ(Driver(server).Deliver(Bare(kText, "x")).back(), "FAILED 0x83760002");
  const Handle other = OpenHandle(PortableApi(), Role::kServer, off);
  CHECK_EQ(other.Receive(), kOk);
  CHECK_EQ(Driver(other).Deliver(Masked(kText, "\xFF")).back(), "FAILED 0x83760002");
}

TEST("settings: any value but 0 is TRUE") {
  for (const ULONG yes : {1u, 2u, 0x80000000u, 0xFFFFFFFFu}) {
    const Handle server = OpenHandle(PortableApi(), Role::kServer,
                                     Properties().Add(WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE, yes));
    CHECK_EQ(server.Receive(), kOk);
    CHECK_EQ(Driver(server).Deliver(Masked(kText, "\xFF")).back(), "RECEIVED UTF8_MESSAGE [ff]");
  }
}

TEST("global properties: value and size") {
  ULONG value = 0;
  ULONG size = 64;
  const auto get = [&](int type) {
    return PortableApi().WebSocketGetGlobalProperty(static_cast<WEB_SOCKET_PROPERTY_TYPE>(type), &value, &size);
  };
  CHECK_EQ(get(5), kOk);
  CHECK_EQ(value, 30000u);
  CHECK_EQ(size, 4u);
  CHECK_EQ(get(6), kOk);
  CHECK_EQ(value, 13u);
  CHECK_EQ(size, 4u);
  for (const int type : {0, 1, 2, 3, 4, 7, -1}) CHECK_EQ(get(type), kInvalidArg);
}

TEST("global properties: a small buffer returns the size and is not written") {
  for (const int type : {5, 6}) {
    for (const ULONG capacity : {0u, 1u, 3u}) {
      ULONG value = 0xEEEEEEEE;
      ULONG size = capacity;
      CHECK_EQ(PortableApi().WebSocketGetGlobalProperty(static_cast<WEB_SOCKET_PROPERTY_TYPE>(type), &value, &size),
               kInsufficientBuffer);
      CHECK_EQ(size, 4u);
      CHECK_EQ(value, 0xEEEEEEEE);
    }
  }
}

TEST("global properties: missing pointers are invalid arguments") {
  ULONG value = 0;
  ULONG size = 4;
  CHECK_EQ(PortableApi().WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, nullptr, &size),
           kInvalidArg);
  CHECK_EQ(PortableApi().WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, &value, nullptr),
           kInvalidArg);
  size = 0;
  CHECK_EQ(PortableApi().WebSocketGetGlobalProperty(WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE, nullptr, &size),
           kInsufficientBuffer);
}
