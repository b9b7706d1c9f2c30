// The HRESULTs of websocket.dll and the WinHttpRequest object: name and value, in one place. The names are those of
// winerror.h and winhttp.h (Microsoft's websocket.h pages call two of them E_UNSUPPORTED_EXTENSION and
// E_UNSUPPORTED_SUBPROTOCOL).
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

// Of the WinHttpRequest object: HRESULT_FROM_WIN32 of winhttp.h's codes, and those of COM.
constexpr HRESULT FromWin32(std::uint32_t code) { return FromBits(0x80070000u | code); }

inline constexpr HRESULT kFalse = 1;
inline constexpr HRESULT kUnexpected = FromBits(0x8000FFFF);
inline constexpr HRESULT kPending = FromBits(0x8000000A);
inline constexpr HRESULT kNotImplemented = FromBits(0x80004001);
inline constexpr HRESULT kNoInterface = FromBits(0x80004002);
inline constexpr HRESULT kFileTooLarge = FromWin32(223);
inline constexpr HRESULT kNoUnicodeTranslation = FromWin32(1113);
inline constexpr HRESULT kCancelled = FromWin32(1223);
inline constexpr HRESULT kDispUnknownInterface = FromBits(0x80020001);
inline constexpr HRESULT kDispMemberNotFound = FromBits(0x80020003);
inline constexpr HRESULT kDispParamNotFound = FromBits(0x80020004);
inline constexpr HRESULT kDispTypeMismatch = FromBits(0x80020005);
inline constexpr HRESULT kDispUnknownName = FromBits(0x80020006);
inline constexpr HRESULT kDispException = FromBits(0x80020009);
inline constexpr HRESULT kNoAggregation = FromBits(0x80040110);
inline constexpr HRESULT kClassNotRegistered = FromBits(0x80040154);
inline constexpr HRESULT kNotInitialized = FromBits(0x800401F0);
inline constexpr HRESULT kClassString = FromBits(0x800401F3);
inline constexpr HRESULT kWinHttpTimeout = FromWin32(12002);
inline constexpr HRESULT kWinHttpInternalError = FromWin32(12004);
inline constexpr HRESULT kWinHttpInvalidUrl = FromWin32(12005);
inline constexpr HRESULT kWinHttpUnrecognizedScheme = FromWin32(12006);
inline constexpr HRESULT kWinHttpNameNotResolved = FromWin32(12007);
inline constexpr HRESULT kWinHttpInvalidOption = FromWin32(12009);
inline constexpr HRESULT kWinHttpOptionNotSettable = FromWin32(12011);
inline constexpr HRESULT kWinHttpShutdown = FromWin32(12012);
inline constexpr HRESULT kWinHttpLoginFailure = FromWin32(12015);
inline constexpr HRESULT kWinHttpOperationCancelled = FromWin32(12017);
inline constexpr HRESULT kWinHttpIncorrectHandleType = FromWin32(12018);
inline constexpr HRESULT kWinHttpIncorrectHandleState = FromWin32(12019);
inline constexpr HRESULT kWinHttpCannotConnect = FromWin32(12029);
inline constexpr HRESULT kWinHttpConnectionError = FromWin32(12030);
inline constexpr HRESULT kWinHttpResendRequest = FromWin32(12032);
inline constexpr HRESULT kWinHttpSecureCertDateInvalid = FromWin32(12037);
inline constexpr HRESULT kWinHttpSecureCertCnInvalid = FromWin32(12038);
inline constexpr HRESULT kWinHttpClientAuthCertNeeded = FromWin32(12044);
inline constexpr HRESULT kWinHttpSecureInvalidCa = FromWin32(12045);
inline constexpr HRESULT kWinHttpSecureCertRevFailed = FromWin32(12057);
inline constexpr HRESULT kWinHttpCannotCallBeforeOpen = FromWin32(12100);
inline constexpr HRESULT kWinHttpCannotCallBeforeSend = FromWin32(12101);
inline constexpr HRESULT kWinHttpCannotCallAfterSend = FromWin32(12102);
inline constexpr HRESULT kWinHttpCannotCallAfterOpen = FromWin32(12103);
inline constexpr HRESULT kWinHttpHeaderNotFound = FromWin32(12150);
inline constexpr HRESULT kWinHttpInvalidServerResponse = FromWin32(12152);
inline constexpr HRESULT kWinHttpInvalidHeader = FromWin32(12153);
inline constexpr HRESULT kWinHttpRedirectFailed = FromWin32(12156);
inline constexpr HRESULT kWinHttpSecureChannelError = FromWin32(12157);
inline constexpr HRESULT kWinHttpSecureInvalidCert = FromWin32(12169);
inline constexpr HRESULT kWinHttpSecureCertRevoked = FromWin32(12170);
inline constexpr HRESULT kWinHttpSecureFailure = FromWin32(12175);
inline constexpr HRESULT kWinHttpSecureCertWrongUsage = FromWin32(12179);
inline constexpr HRESULT kWinHttpHeaderCountExceeded = FromWin32(12181);
inline constexpr HRESULT kWinHttpHeaderSizeOverflow = FromWin32(12182);
inline constexpr HRESULT kWinHttpChunkedEncodingHeaderSizeOverflow = FromWin32(12183);
inline constexpr HRESULT kWinHttpResponseDrainOverflow = FromWin32(12184);
inline constexpr HRESULT kWinHttpClientCertNoPrivateKey = FromWin32(12185);
inline constexpr HRESULT kWinHttpClientCertNoAccessPrivateKey = FromWin32(12186);

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
    {kUnexpected, "E_UNEXPECTED"},
    {kPending, "E_PENDING"},
    {kNotImplemented, "E_NOTIMPL"},
    {kNoInterface, "E_NOINTERFACE"},
    {kFileTooLarge, "ERROR_FILE_TOO_LARGE"},
    {kNoUnicodeTranslation, "ERROR_NO_UNICODE_TRANSLATION"},
    {kCancelled, "ERROR_CANCELLED"},
    {kDispUnknownInterface, "DISP_E_UNKNOWNINTERFACE"},
    {kDispMemberNotFound, "DISP_E_MEMBERNOTFOUND"},
    {kDispParamNotFound, "DISP_E_PARAMNOTFOUND"},
    {kDispTypeMismatch, "DISP_E_TYPEMISMATCH"},
    {kDispUnknownName, "DISP_E_UNKNOWNNAME"},
    {kDispException, "DISP_E_EXCEPTION"},
    {kNoAggregation, "CLASS_E_NOAGGREGATION"},
    {kClassNotRegistered, "REGDB_E_CLASSNOTREG"},
    {kNotInitialized, "CO_E_NOTINITIALIZED"},
    {kClassString, "CO_E_CLASSSTRING"},
    {kWinHttpTimeout, "ERROR_WINHTTP_TIMEOUT"},
    {kWinHttpInternalError, "ERROR_WINHTTP_INTERNAL_ERROR"},
    {kWinHttpInvalidUrl, "ERROR_WINHTTP_INVALID_URL"},
    {kWinHttpUnrecognizedScheme, "ERROR_WINHTTP_UNRECOGNIZED_SCHEME"},
    {kWinHttpNameNotResolved, "ERROR_WINHTTP_NAME_NOT_RESOLVED"},
    {kWinHttpInvalidOption, "ERROR_WINHTTP_INVALID_OPTION"},
    {kWinHttpOptionNotSettable, "ERROR_WINHTTP_OPTION_NOT_SETTABLE"},
    {kWinHttpShutdown, "ERROR_WINHTTP_SHUTDOWN"},
    {kWinHttpLoginFailure, "ERROR_WINHTTP_LOGIN_FAILURE"},
    {kWinHttpOperationCancelled, "ERROR_WINHTTP_OPERATION_CANCELLED"},
    {kWinHttpIncorrectHandleType, "ERROR_WINHTTP_INCORRECT_HANDLE_TYPE"},
    {kWinHttpIncorrectHandleState, "ERROR_WINHTTP_INCORRECT_HANDLE_STATE"},
    {kWinHttpCannotConnect, "ERROR_WINHTTP_CANNOT_CONNECT"},
    {kWinHttpConnectionError, "ERROR_WINHTTP_CONNECTION_ERROR"},
    {kWinHttpResendRequest, "ERROR_WINHTTP_RESEND_REQUEST"},
    {kWinHttpSecureCertDateInvalid, "ERROR_WINHTTP_SECURE_CERT_DATE_INVALID"},
    {kWinHttpSecureCertCnInvalid, "ERROR_WINHTTP_SECURE_CERT_CN_INVALID"},
    {kWinHttpClientAuthCertNeeded, "ERROR_WINHTTP_CLIENT_AUTH_CERT_NEEDED"},
    {kWinHttpSecureInvalidCa, "ERROR_WINHTTP_SECURE_INVALID_CA"},
    {kWinHttpSecureCertRevFailed, "ERROR_WINHTTP_SECURE_CERT_REV_FAILED"},
    {kWinHttpCannotCallBeforeOpen, "ERROR_WINHTTP_CANNOT_CALL_BEFORE_OPEN"},
    {kWinHttpCannotCallBeforeSend, "ERROR_WINHTTP_CANNOT_CALL_BEFORE_SEND"},
    {kWinHttpCannotCallAfterSend, "ERROR_WINHTTP_CANNOT_CALL_AFTER_SEND"},
    {kWinHttpCannotCallAfterOpen, "ERROR_WINHTTP_CANNOT_CALL_AFTER_OPEN"},
    {kWinHttpHeaderNotFound, "ERROR_WINHTTP_HEADER_NOT_FOUND"},
    {kWinHttpInvalidServerResponse, "ERROR_WINHTTP_INVALID_SERVER_RESPONSE"},
    {kWinHttpInvalidHeader, "ERROR_WINHTTP_INVALID_HEADER"},
    {kWinHttpRedirectFailed, "ERROR_WINHTTP_REDIRECT_FAILED"},
    {kWinHttpSecureChannelError, "ERROR_WINHTTP_SECURE_CHANNEL_ERROR"},
    {kWinHttpSecureInvalidCert, "ERROR_WINHTTP_SECURE_INVALID_CERT"},
    {kWinHttpSecureCertRevoked, "ERROR_WINHTTP_SECURE_CERT_REVOKED"},
    {kWinHttpSecureFailure, "ERROR_WINHTTP_SECURE_FAILURE"},
    {kWinHttpSecureCertWrongUsage, "ERROR_WINHTTP_SECURE_CERT_WRONG_USAGE"},
    {kWinHttpHeaderCountExceeded, "ERROR_WINHTTP_HEADER_COUNT_EXCEEDED"},
    {kWinHttpHeaderSizeOverflow, "ERROR_WINHTTP_HEADER_SIZE_OVERFLOW"},
    {kWinHttpChunkedEncodingHeaderSizeOverflow, "ERROR_WINHTTP_CHUNKED_ENCODING_HEADER_SIZE_OVERFLOW"},
    {kWinHttpResponseDrainOverflow, "ERROR_WINHTTP_RESPONSE_DRAIN_OVERFLOW"},
    {kWinHttpClientCertNoPrivateKey, "ERROR_WINHTTP_CLIENT_CERT_NO_PRIVATE_KEY"},
    {kWinHttpClientCertNoAccessPrivateKey, "ERROR_WINHTTP_CLIENT_CERT_NO_ACCESS_PRIVATE_KEY"},
};

// Returns the symbolic name, or nullptr for an unknown value.
constexpr const char* NameOf(HRESULT hr) {
  for (const NamedHresult& entry : kNames) {
    if (entry.value == hr) return entry.name;
  }
  return nullptr;
}

}  // namespace winwire::abi::hresult
