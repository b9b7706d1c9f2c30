#include "engine/send_operation.h"

#include "engine/buffer_type.h"
#include "engine/close_status.h"

namespace winwire::engine {
namespace {

using abi::HRESULT;

HRESULT ReadData(const abi::WEB_SOCKET_BUFFER* buffer, SendOperation& operation) {
  if (buffer == nullptr) return abi::hresult::kOk;  // an empty frame [assumed]
  operation.bytes = buffer->Data.pbBuffer;
  operation.length = buffer->Data.ulBufferLength;
  const bool missing = operation.bytes == nullptr && operation.length > 0;
  return missing ? abi::hresult::kInvalidArg : abi::hresult::kOk;
}

HRESULT ReadClose(const abi::WEB_SOCKET_BUFFER* buffer, SendOperation& operation) {
  if (buffer == nullptr) return abi::hresult::kOk;  // a close frame without payload
  const auto& close = buffer->CloseStatus;
  if (close.usStatus == abi::WEB_SOCKET_EMPTY_CLOSE_STATUS) {
    const bool has_reason = close.pbReason != nullptr || close.ulReasonLength > 0;
    return has_reason ? abi::hresult::kInvalidArg : abi::hresult::kOk;
  }
  if (!MayBeSent(close.usStatus)) return abi::hresult::kInvalidArg;
  if (close.ulReasonLength > abi::kMaxCloseReasonLength) return abi::hresult::kInvalidArg;
  if (close.pbReason == nullptr && close.ulReasonLength > 0) return abi::hresult::kInvalidArg;
  operation.bytes = close.pbReason;
  operation.length = close.ulReasonLength;
  operation.status = close.usStatus;
  return abi::hresult::kOk;
}

}  // namespace

HRESULT MakeSendOperation(abi::WEB_SOCKET_BUFFER_TYPE type, const abi::WEB_SOCKET_BUFFER* buffer, void* context,
                          SendOperation& operation) {
  operation = SendOperation{type, nullptr, 0, 0, context};
  switch (type) {
    case abi::WEB_SOCKET_UTF8_MESSAGE_BUFFER_TYPE:
    case abi::WEB_SOCKET_UTF8_FRAGMENT_BUFFER_TYPE:
    case abi::WEB_SOCKET_BINARY_MESSAGE_BUFFER_TYPE:
    case abi::WEB_SOCKET_BINARY_FRAGMENT_BUFFER_TYPE:
      return ReadData(buffer, operation);
    case abi::WEB_SOCKET_CLOSE_BUFFER_TYPE:
      return ReadClose(buffer, operation);
    case abi::WEB_SOCKET_PING_PONG_BUFFER_TYPE:
    case abi::WEB_SOCKET_UNSOLICITED_PONG_BUFFER_TYPE:
      return buffer == nullptr ? abi::hresult::kOk : abi::hresult::kInvalidArg;
  }
  return abi::hresult::kInvalidArg;
}

}  // namespace winwire::engine
