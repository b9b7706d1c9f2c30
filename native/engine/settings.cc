#include "engine/settings.h"

#include <cstring>
#include <limits>

namespace winwire::engine {
namespace {

using abi::BOOL;
using abi::BYTE;
using abi::HRESULT;
using abi::ULONG;

constexpr ULONG kMinReceiveBufferSize = 256;
// The page says 256; every .NET server passes 16.
constexpr ULONG kMinSendBufferSize = 16;
constexpr ULONG kKeepaliveIntervalMs = 30000;
constexpr ULONG kSupportedVersion = 13;

// The pages require alignment of pvValue; a copy does not need it.
template <typename Scalar>
HRESULT ReadScalar(const abi::WEB_SOCKET_PROPERTY& property, Scalar& scalar) {
  if (property.pvValue == nullptr || property.ulValueSize != sizeof(Scalar)) return abi::hresult::kInvalidArg;
  std::memcpy(&scalar, property.pvValue, sizeof(scalar));
  return abi::hresult::kOk;
}

HRESULT ReadSize(const abi::WEB_SOCKET_PROPERTY& property, ULONG minimum, ULONG& size) {
  ULONG value = 0;
  const HRESULT hr = ReadScalar(property, value);
  if (abi::Failed(hr)) return hr;
  if (value < minimum) return abi::hresult::kInvalidArg;
  size = value;
  return hr;
}

HRESULT ReadDisableFlag(const abi::WEB_SOCKET_PROPERTY& property, bool& enabled) {
  BOOL disabled = 0;
  const HRESULT hr = ReadScalar(property, disabled);
  if (abi::Succeeded(hr)) enabled = disabled == 0;
  return hr;
}

// pvValue points to a pointer variable, ulValueSize is the size of the buffer, not of the pointer (netfx).
HRESULT ReadOwnBuffer(const abi::WEB_SOCKET_PROPERTY& property, BYTE*& buffer, ULONG& size) {
  if (property.pvValue == nullptr) return abi::hresult::kInvalidArg;
  std::memcpy(static_cast<void*>(&buffer), property.pvValue, sizeof(buffer));
  size = property.ulValueSize;
  return buffer == nullptr ? abi::hresult::kInvalidArg : abi::hresult::kOk;
}

HRESULT ReadProperty(const abi::WEB_SOCKET_PROPERTY& property, Settings& settings, ULONG& own_buffer_size) {
  switch (property.Type) {
    case abi::WEB_SOCKET_RECEIVE_BUFFER_SIZE_PROPERTY_TYPE:
      return ReadSize(property, kMinReceiveBufferSize, settings.receive_buffer_size);
    case abi::WEB_SOCKET_SEND_BUFFER_SIZE_PROPERTY_TYPE:
      return ReadSize(property, kMinSendBufferSize, settings.send_buffer_size);
    case abi::WEB_SOCKET_DISABLE_MASKING_PROPERTY_TYPE:
      return ReadDisableFlag(property, settings.masking);
    case abi::WEB_SOCKET_DISABLE_UTF8_VERIFICATION_PROPERTY_TYPE:
      return ReadDisableFlag(property, settings.verify_utf8);
    case abi::WEB_SOCKET_ALLOCATED_BUFFER_PROPERTY_TYPE:
      return ReadOwnBuffer(property, settings.own_buffer, own_buffer_size);
    case abi::WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE:
    case abi::WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE:
      break;  // global properties
  }
  return abi::hresult::kInvalidArg;
}

}  // namespace

HRESULT ReadSettings(const abi::WEB_SOCKET_PROPERTY* properties, ULONG count, Settings& settings) {
  if (properties == nullptr && count > 0) return abi::hresult::kInvalidArg;
  ULONG own_buffer_size = 0;
  for (ULONG i = 0; i < count; ++i) {
    const HRESULT hr = ReadProperty(properties[i], settings, own_buffer_size);
    if (abi::Failed(hr)) return hr;
  }
  const std::uint64_t data_size =
      std::uint64_t{settings.receive_buffer_size} + settings.send_buffer_size + kControlBufferSize;
  if (data_size > std::numeric_limits<ULONG>::max()) return abi::hresult::kArithmeticOverflow;
  if (settings.own_buffer != nullptr && own_buffer_size < data_size) return abi::hresult::kInvalidArg;
  return abi::hresult::kOk;
}

HRESULT ReadGlobalProperty(abi::WEB_SOCKET_PROPERTY_TYPE type, void* value, ULONG& size) {
  ULONG answer = 0;
  switch (type) {
    case abi::WEB_SOCKET_KEEPALIVE_INTERVAL_PROPERTY_TYPE:
      answer = kKeepaliveIntervalMs;
      break;
    case abi::WEB_SOCKET_SUPPORTED_VERSIONS_PROPERTY_TYPE:
      answer = kSupportedVersion;
      break;
    default:
      return abi::hresult::kInvalidArg;
  }
  const ULONG capacity = size;
  size = sizeof(answer);
  if (capacity < sizeof(answer)) return abi::hresult::kInsufficientBuffer;
  if (value == nullptr) return abi::hresult::kInvalidArg;
  std::memcpy(value, &answer, sizeof(answer));
  return abi::hresult::kOk;
}

}  // namespace winwire::engine
