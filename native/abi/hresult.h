// The HRESULTs that websocket.dll and its callers meet: name and value, once. The names are those of winerror.h
// (Microsoft's websocket.h pages name two of them otherwise: E_UNSUPPORTED_EXTENSION, E_UNSUPPORTED_SUBPROTOCOL).
#pragma once

#include "abi/win_types.h"

namespace winwire::abi::hresult {

constexpr HRESULT FromBits(std::uint32_t bits) { return static_cast<HRESULT>(bits); }
constexpr std::uint32_t ToBits(HRESULT hr) { return static_cast<std::uint32_t>(hr); }

inline constexpr HRESULT kOk = 0;

inline constexpr HRESULT kInvalidProtocolOperation = FromBits(0x83760001);
inline constexpr HRESULT kInvalidProtocolFormat = FromBits(0x83760002);
inline constexpr HRESULT kProtocolExtensionsNotSupported = FromBits(0x83760003);
inline constexpr HRESULT kSubprotocolNotSupported = FromBits(0x83760004);
inline constexpr HRESULT kProtocolVersionNotSupported = FromBits(0x83760005);

inline constexpr HRESULT kFail = FromBits(0x80004005);
inline constexpr HRESULT kInvalidArg = FromBits(0x80070057);
inline constexpr HRESULT kOutOfMemory = FromBits(0x8007000E);
inline constexpr HRESULT kInsufficientBuffer = FromBits(0x8007007A);
inline constexpr HRESULT kArithmeticOverflow = FromBits(0x80070216);

struct NamedHresult {
  HRESULT value;
  const char* name;
};

inline constexpr NamedHresult kNames[] = {
    {kOk, "S_OK"},
    {kInvalidProtocolOperation, "E_INVALID_PROTOCOL_OPERATION"},
    {kInvalidProtocolFormat, "E_INVALID_PROTOCOL_FORMAT"},
    {kProtocolExtensionsNotSupported, "E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED"},
    {kSubprotocolNotSupported, "E_SUBPROTOCOL_NOT_SUPPORTED"},
    {kProtocolVersionNotSupported, "E_PROTOCOL_VERSION_NOT_SUPPORTED"},
    {kFail, "E_FAIL"},
    {kInvalidArg, "E_INVALIDARG"},
    {kOutOfMemory, "E_OUTOFMEMORY"},
    {kInsufficientBuffer, "ERROR_INSUFFICIENT_BUFFER"},
    {kArithmeticOverflow, "ERROR_ARITHMETIC_OVERFLOW"},
};

// The symbolic name, or nullptr for a value that this table does not hold.
constexpr const char* NameOf(HRESULT hr) {
  for (const NamedHresult& entry : kNames) {
    if (entry.value == hr) return entry.name;
  }
  return nullptr;
}

}  // namespace winwire::abi::hresult
