// Results of addon functions beside HRESULTs: why they did not make the call. lib/native.ts has the same list and turns
// each into a TypeError or RangeError.
#pragma once

#include "abi/hresult.h"

namespace winwire::binding {

// An HRESULT, a refusal (both negative) or a non-negative value.
using Status = std::int32_t;

// The customer bit (29) distinguishes these from every HRESULT of Microsoft.
constexpr Status RefusalOf(std::uint32_t number) { return abi::hresult::FromBits(0xA0000000u | number); }

inline constexpr Status kRefusedHandle = RefusalOf(1);
inline constexpr Status kRefusedActionContext = RefusalOf(2);
inline constexpr Status kRefusedBytesExpected = RefusalOf(3);
inline constexpr Status kRefusedNumberExpected = RefusalOf(4);
inline constexpr Status kRefusedCount = RefusalOf(5);
inline constexpr Status kRefusedDetached = RefusalOf(6);
inline constexpr Status kRefusedLength = RefusalOf(7);
inline constexpr Status kRefusedArgument = RefusalOf(8);

}  // namespace winwire::binding
