// 13.1: the declarations of websocket.h. static_assert has checked them all; these tests report them per statement.
#include <cstddef>
#include <type_traits>

#include "test/statements/statement.h"

using namespace winwire;
using namespace winwire::abi;

namespace {

constexpr bool kIs64Bit = sizeof(void*) == 8;

// The layout of the same fields in a build of the other width: the rule of every Windows ABI, a field at the next
// multiple of its size and a struct rounded up to its largest field.
class Layout {
 public:
  explicit Layout(std::size_t pointer_size) : pointer_size_(pointer_size) {}

  Layout& Pointer() { return Field(pointer_size_); }
  Layout& Field(std::size_t size) {
    end_ = RoundUp(end_, size) + size;
    if (size > alignment_) alignment_ = size;
    return *this;
  }
  std::size_t Size() const { return RoundUp(end_, alignment_); }

 private:
  static std::size_t RoundUp(std::size_t value, std::size_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  std::size_t pointer_size_;
  std::size_t end_ = 0;
  std::size_t alignment_ = 1;
};

std::size_t BufferSize(std::size_t pointer_size) { return Layout(pointer_size).Pointer().Field(4).Field(2).Size(); }
std::size_t HeaderSize(std::size_t pointer_size) {
  return Layout(pointer_size).Pointer().Field(4).Pointer().Field(4).Size();
}
std::size_t PropertySize(std::size_t pointer_size) { return Layout(pointer_size).Field(4).Pointer().Field(4).Size(); }

}  // namespace

STATEMENT("WS-001") {
  if constexpr (kIs64Bit) {
    CHECK_EQ(sizeof(WEB_SOCKET_BUFFER), 16u);
    CHECK_EQ(offsetof(WEB_SOCKET_BUFFER, Data.pbBuffer), 0u);
    CHECK_EQ(offsetof(WEB_SOCKET_BUFFER, Data.ulBufferLength), 8u);
    CHECK_EQ(offsetof(WEB_SOCKET_BUFFER, CloseStatus.pbReason), 0u);
    CHECK_EQ(offsetof(WEB_SOCKET_BUFFER, CloseStatus.ulReasonLength), 8u);
    CHECK_EQ(offsetof(WEB_SOCKET_BUFFER, CloseStatus.usStatus), 12u);
  } else {
    CHECK_EQ(BufferSize(8), 16u);
  }
}

STATEMENT("WS-002") {
  if constexpr (kIs64Bit) {
    CHECK_EQ(sizeof(WEB_SOCKET_HTTP_HEADER), 32u);
    CHECK_EQ(offsetof(WEB_SOCKET_HTTP_HEADER, pcName), 0u);
    CHECK_EQ(offsetof(WEB_SOCKET_HTTP_HEADER, ulNameLength), 8u);
    CHECK_EQ(offsetof(WEB_SOCKET_HTTP_HEADER, pcValue), 16u);
    CHECK_EQ(offsetof(WEB_SOCKET_HTTP_HEADER, ulValueLength), 24u);
  } else {
    CHECK_EQ(HeaderSize(8), 32u);
  }
}

STATEMENT("WS-003") {
  if constexpr (kIs64Bit) {
    CHECK_EQ(sizeof(WEB_SOCKET_PROPERTY), 24u);
    CHECK_EQ(offsetof(WEB_SOCKET_PROPERTY, Type), 0u);
    CHECK_EQ(offsetof(WEB_SOCKET_PROPERTY, pvValue), 8u);
    CHECK_EQ(offsetof(WEB_SOCKET_PROPERTY, ulValueSize), 16u);
  } else {
    CHECK_EQ(PropertySize(8), 24u);
  }
}

STATEMENT("WS-004") {
  CHECK_EQ(BufferSize(4), 12u);
  CHECK_EQ(HeaderSize(4), 16u);
  CHECK_EQ(PropertySize(4), 12u);
  // This compiler follows the rule, too.
  CHECK_EQ(BufferSize(sizeof(void*)), sizeof(WEB_SOCKET_BUFFER));
  CHECK_EQ(HeaderSize(sizeof(void*)), sizeof(WEB_SOCKET_HTTP_HEADER));
  CHECK_EQ(PropertySize(sizeof(void*)), sizeof(WEB_SOCKET_PROPERTY));
}

STATEMENT("WS-005") {
  CHECK_EQ(int{WEB_SOCKET_NO_ACTION}, 0);
  CHECK_EQ(int{WEB_SOCKET_SEND_TO_NETWORK_ACTION}, 1);
  CHECK_EQ(int{WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION}, 2);
  CHECK_EQ(int{WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION}, 3);
  CHECK_EQ(int{WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION}, 4);
}

STATEMENT("WS-006") {
  CHECK_EQ(int{WEB_SOCKET_SEND_ACTION_QUEUE}, 1);
  CHECK_EQ(int{WEB_SOCKET_RECEIVE_ACTION_QUEUE}, 2);
  CHECK_EQ(int{WEB_SOCKET_ALL_ACTION_QUEUE}, 3);
}

STATEMENT("WS-007") {
  const WEB_SOCKET_BUFFER_TYPE types[] = {
      WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE,    WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE,
      WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE,  WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE,
      WEB_SOCKET_CLOSE_BUFFER_TYPE,           WEB_SOCKET_PING_PONG_BUFFER_TYPE,
      WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE};
  std::uint32_t expected = 0x80000000u;
  for (const WEB_SOCKET_BUFFER_TYPE type : types) CHECK_EQ(static_cast<std::uint32_t>(type), expected++);
}

STATEMENT("WS-008") {
  CHECK_EQ(int{WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE}, 0);
  CHECK_EQ(int{WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE}, 1);
  CHECK_EQ(int{WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE}, 2);
  CHECK_EQ(int{WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE}, 3);
  CHECK_EQ(int{WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE}, 4);
  CHECK_EQ(int{WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE}, 5);
  CHECK_EQ(int{WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE}, 6);
}

STATEMENT("WS-009") {
  CHECK_EQ(int{WEB_SOCKET_SUCCESS_CLOSE_STATUS}, 1000);
  CHECK_EQ(int{WEB_SOCKET_ENDPOINT_UNAVAILABLE_CLOSE_STATUS}, 1001);
  CHECK_EQ(int{WEB_SOCKET_PROTOCOL_ERROR_CLOSE_STATUS}, 1002);
  CHECK_EQ(int{WEB_SOCKET_INVALID_DATA_TYPE_CLOSE_STATUS}, 1003);
  CHECK_EQ(int{WEB_SOCKET_EMPTY_CLOSE_STATUS}, 1005);
  CHECK_EQ(int{WEB_SOCKET_ABORTED_CLOSE_STATUS}, 1006);
  CHECK_EQ(int{WEB_SOCKET_INVALID_PAYLOAD_CLOSE_STATUS}, 1007);
  CHECK_EQ(int{WEB_SOCKET_POLICY_VIOLATION_CLOSE_STATUS}, 1008);
  CHECK_EQ(int{WEB_SOCKET_MESSAGE_TOO_BIG_CLOSE_STATUS}, 1009);
  CHECK_EQ(int{WEB_SOCKET_UNSUPPORTED_EXTENSIONS_CLOSE_STATUS}, 1010);
  CHECK_EQ(int{WEB_SOCKET_SERVER_ERROR_CLOSE_STATUS}, 1011);
  CHECK_EQ(int{WEB_SOCKET_SECURE_HANDSHAKE_ERROR_CLOSE_STATUS}, 1015);
}

STATEMENT("WS-010") { CHECK_EQ(kMaxCloseReasonLength, 123u); }

STATEMENT("WS-011") {
#define WINWIRE_CHECK_ENTRY(name) CHECK(api.name != nullptr, #name);
  WINWIRE_WEBSOCKET_FUNCTIONS(WINWIRE_CHECK_ENTRY)
#undef WINWIRE_CHECK_ENTRY
}

STATEMENT("WS-012") {
  static_assert(std::is_void_v<decltype(api.WebSocketAbortHandle(nullptr))>);
  static_assert(std::is_void_v<decltype(api.WebSocketDeleteHandle(nullptr))>);
  static_assert(std::is_void_v<decltype(api.WebSocketCompleteAction(nullptr, nullptr, 0))>);
}
