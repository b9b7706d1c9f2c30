// The SECURITY_STATUS values that failures have, on every system. Source: Microsoft, "SSPI Status Codes".
#pragma once

#include <cstdint>

#include "auth/mechanism.h"

namespace winwire::auth {

namespace status {

constexpr std::int32_t FromBits(std::uint32_t bits) { return static_cast<std::int32_t>(bits); }

inline constexpr std::int32_t kInvalidHandle = FromBits(0x80090301);
inline constexpr std::int32_t kTargetUnknown = FromBits(0x80090303);
inline constexpr std::int32_t kInternalError = FromBits(0x80090304);
inline constexpr std::int32_t kPackageNotFound = FromBits(0x80090305);
inline constexpr std::int32_t kInvalidToken = FromBits(0x80090308);
inline constexpr std::int32_t kLogonDenied = FromBits(0x8009030C);
inline constexpr std::int32_t kUnknownCredentials = FromBits(0x8009030D);
inline constexpr std::int32_t kNoCredentials = FromBits(0x8009030E);
inline constexpr std::int32_t kMessageAltered = FromBits(0x8009030F);
inline constexpr std::int32_t kOutOfSequence = FromBits(0x80090310);
inline constexpr std::int32_t kNoAuthority = FromBits(0x80090311);
inline constexpr std::int32_t kContextExpired = FromBits(0x80090317);
inline constexpr std::int32_t kWrongPrincipal = FromBits(0x80090322);
inline constexpr std::int32_t kTimeSkew = FromBits(0x80090324);
inline constexpr std::int32_t kBadBindings = FromBits(0x80090346);
inline constexpr std::int32_t kMutualAuthFailed = FromBits(0x80090363);
// HRESULT_FROM_WIN32 of ERROR_PASSWORD_EXPIRED and ERROR_PASSWORD_MUST_CHANGE, and the NTSTATUS of the same names.
inline constexpr std::int32_t kPasswordExpired = FromBits(0x80070532);
inline constexpr std::int32_t kPasswordMustChange = FromBits(0x80070773);
inline constexpr std::int32_t kNtPasswordExpired = FromBits(0xC0000071);
inline constexpr std::int32_t kNtPasswordMustChange = FromBits(0xC0000224);

}  // namespace status

// What a status of SSPI means.
Reason ReasonOf(std::int32_t status);

// The status that SSPI has for a reason.
std::int32_t StatusOf(Reason reason);

}  // namespace winwire::auth
