// websocket.h as Windows declares it (WebSocket Protocol Component API): enums, structs and the 13 prototypes under
// their own names, in a namespace, so that they can be compared with the SDK's header (websocket_abi_sdk_check.cc).
#pragma once

#include "abi/hresult.h"
#include "abi/win_types.h"

namespace winwire::abi {

// Not a kernel handle: CloseHandle does not apply. Callers never dereference it.
using WEB_SOCKET_HANDLE = struct WEB_SOCKET_HANDLE__*;

enum WEB_SOCKET_ACTION : std::int32_t {
  WEB_SOCKET_NO_ACTION = 0,
  WEB_SOCKET_SEND_TO_NETWORK_ACTION = 1,
  WEB_SOCKET_INDICATE_SEND_COMPLETE_ACTION = 2,
  WEB_SOCKET_RECEIVE_FROM_NETWORK_ACTION = 3,
  WEB_SOCKET_INDICATE_RECEIVE_COMPLETE_ACTION = 4,
};

enum WEB_SOCKET_ACTION_QUEUE : std::int32_t {
  WEB_SOCKET_SEND_ACTION_QUEUE = 0x1,
  WEB_SOCKET_RECEIVE_ACTION_QUEUE = 0x2,
  WEB_SOCKET_ALL_ACTION_QUEUE = WEB_SOCKET_SEND_ACTION_QUEUE | WEB_SOCKET_RECEIVE_ACTION_QUEUE,
};

// The SDK's enum is a signed int whose values have the top bit set.
enum WEB_SOCKET_BUFFER_TYPE : std::int32_t {
  WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE = static_cast<std::int32_t>(0x80000000u),
  WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE = static_cast<std::int32_t>(0x80000001u),
  WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE = static_cast<std::int32_t>(0x80000002u),
  WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE = static_cast<std::int32_t>(0x80000003u),
  WEB_SOCKET_CLOSE_BUFFER_TYPE = static_cast<std::int32_t>(0x80000004u),
  WEB_SOCKET_PING_PONG_BUFFER_TYPE = static_cast<std::int32_t>(0x80000005u),
  WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE = static_cast<std::int32_t>(0x80000006u),
};

// The buffer type of actions without one; websocket.h has no name for it.
inline constexpr WEB_SOCKET_BUFFER_TYPE kNoBufferType = static_cast<WEB_SOCKET_BUFFER_TYPE>(0);

enum WEB_SOCKET_CLOSE_STATUS : std::int32_t {
  WEB_SOCKET_SUCCESS_CLOSE_STATUS = 1000,
  WEB_SOCKET_ENDPOINT_UNAVAILABLE_CLOSE_STATUS = 1001,
  WEB_SOCKET_PROTOCOL_ERROR_CLOSE_STATUS = 1002,
  WEB_SOCKET_INVALID_DATA_TYPE_CLOSE_STATUS = 1003,
  WEB_SOCKET_EMPTY_CLOSE_STATUS = 1005,
  WEB_SOCKET_ABORTED_CLOSE_STATUS = 1006,
  WEB_SOCKET_INVALID_PAYLOAD_CLOSE_STATUS = 1007,
  WEB_SOCKET_POLICY_VIOLATION_CLOSE_STATUS = 1008,
  WEB_SOCKET_MESSAGE_TOO_BIG_CLOSE_STATUS = 1009,
  WEB_SOCKET_UNSUPPORTED_EXTENSIONS_CLOSE_STATUS = 1010,
  WEB_SOCKET_SERVER_ERROR_CLOSE_STATUS = 1011,
  WEB_SOCKET_SECURE_HANDSHAKE_ERROR_CLOSE_STATUS = 1015,
};

enum WEB_SOCKET_PROPERTY_TYPE : std::int32_t {
  WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE = 0,
  WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE = 1,
  WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE = 2,
  WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE = 3,
  WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE = 4,
  WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE = 5,
  WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE = 6,
};

// WEB_SOCKET_MAX_CLOSE_REASON_LENGTH, renamed because the SDK's is a macro.
inline constexpr ULONG kMaxCloseReasonLength = 123;

struct WEB_SOCKET_PROPERTY {
  WEB_SOCKET_PROPERTY_TYPE Type;
  void* pvValue;
  ULONG ulValueSize;
};

struct WEB_SOCKET_HTTP_HEADER {
  CHAR* pcName;
  ULONG ulNameLength;
  CHAR* pcValue;
  ULONG ulValueLength;
};

union WEB_SOCKET_BUFFER {
  struct DataArm {
    BYTE* pbBuffer;
    ULONG ulBufferLength;
  } Data;
  struct CloseStatusArm {
    BYTE* pbReason;
    ULONG ulReasonLength;
    USHORT usStatus;
  } CloseStatus;
};

template <std::size_t On64, std::size_t On32>
inline constexpr std::size_t kByWidth = sizeof(void*) == 8 ? On64 : On32;

static_assert(sizeof(WEB_SOCKET_PROPERTY) == kByWidth<24, 12>);
static_assert(alignof(WEB_SOCKET_PROPERTY) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_PROPERTY, Type) == 0);
static_assert(offsetof(WEB_SOCKET_PROPERTY, pvValue) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_PROPERTY, ulValueSize) == kByWidth<16, 8>);

static_assert(sizeof(WEB_SOCKET_HTTP_HEADER) == kByWidth<32, 16>);
static_assert(alignof(WEB_SOCKET_HTTP_HEADER) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_HTTP_HEADER, pcName) == 0);
static_assert(offsetof(WEB_SOCKET_HTTP_HEADER, ulNameLength) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_HTTP_HEADER, pcValue) == kByWidth<16, 8>);
static_assert(offsetof(WEB_SOCKET_HTTP_HEADER, ulValueLength) == kByWidth<24, 12>);

static_assert(sizeof(WEB_SOCKET_BUFFER) == kByWidth<16, 12>);
static_assert(alignof(WEB_SOCKET_BUFFER) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_BUFFER, Data.pbBuffer) == 0);
static_assert(offsetof(WEB_SOCKET_BUFFER, Data.ulBufferLength) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_BUFFER, CloseStatus.pbReason) == 0);
static_assert(offsetof(WEB_SOCKET_BUFFER, CloseStatus.ulReasonLength) == kByWidth<8, 4>);
static_assert(offsetof(WEB_SOCKET_BUFFER, CloseStatus.usStatus) == kByWidth<12, 8>);

// The prototypes, in the order of websocket.h. `const PWEB_SOCKET_PROPERTY` there is a const pointer, not a pointer
// to const; the component does not write through it.
using PWEB_SOCKET_PROPERTY = WEB_SOCKET_PROPERTY*;
using PWEB_SOCKET_HTTP_HEADER = WEB_SOCKET_HTTP_HEADER*;

using WebSocketCreateClientHandleFn = HRESULT WINAPI(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                                     WEB_SOCKET_HANDLE* phWebSocket);
using WebSocketBeginClientHandshakeFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket, PCSTR* pszSubprotocols,
                                                       ULONG ulSubprotocolCount, PCSTR* pszExtensions,
                                                       ULONG ulExtensionCount, PWEB_SOCKET_HTTP_HEADER pInitialHeaders,
                                                       ULONG ulInitialHeaderCount,
                                                       PWEB_SOCKET_HTTP_HEADER* pAdditionalHeaders,
                                                       ULONG* pulAdditionalHeaderCount);
using WebSocketEndClientHandshakeFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket,
                                                     PWEB_SOCKET_HTTP_HEADER pResponseHeaders,
                                                     ULONG ulReponseHeaderCount, ULONG* pulSelectedExtensions,
                                                     ULONG* pulSelectedExtensionCount, ULONG* pulSelectedSubprotocol);
using WebSocketCreateServerHandleFn = HRESULT WINAPI(PWEB_SOCKET_PROPERTY pProperties, ULONG ulPropertyCount,
                                                     WEB_SOCKET_HANDLE* phWebSocket);
using WebSocketBeginServerHandshakeFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket, PCSTR pszSubprotocolSelected,
                                                       PCSTR* pszExtensionSelected, ULONG ulExtensionSelectedCount,
                                                       PWEB_SOCKET_HTTP_HEADER pRequestHeaders,
                                                       ULONG ulRequestHeaderCount,
                                                       PWEB_SOCKET_HTTP_HEADER* pResponseHeaders,
                                                       ULONG* pulResponseHeaderCount);
using WebSocketEndServerHandshakeFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket);
using WebSocketSendFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER_TYPE BufferType,
                                       WEB_SOCKET_BUFFER* pBuffer, void* Context);
using WebSocketReceiveFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_BUFFER* pBuffer, void* pvContext);
using WebSocketGetActionFn = HRESULT WINAPI(WEB_SOCKET_HANDLE hWebSocket, WEB_SOCKET_ACTION_QUEUE eActionQueue,
                                            WEB_SOCKET_BUFFER* pDataBuffers, ULONG* pulDataBufferCount,
                                            WEB_SOCKET_ACTION* pAction, WEB_SOCKET_BUFFER_TYPE* pBufferType,
                                            void** pvApplicationContext, void** pvActionContext);
using WebSocketCompleteActionFn = void WINAPI(WEB_SOCKET_HANDLE hWebSocket, void* pvActionContext,
                                              ULONG ulBytesTransferred);
using WebSocketAbortHandleFn = void WINAPI(WEB_SOCKET_HANDLE hWebSocket);
using WebSocketDeleteHandleFn = void WINAPI(WEB_SOCKET_HANDLE hWebSocket);
using WebSocketGetGlobalPropertyFn = HRESULT WINAPI(WEB_SOCKET_PROPERTY_TYPE eType, void* pvValue, ULONG* ulSize);

}  // namespace winwire::abi
