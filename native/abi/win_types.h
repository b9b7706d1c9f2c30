// The base types of the Windows ABI. On Windows they are the SDK's; elsewhere they are declared with the same sizes,
// because the system's types differ (`unsigned long` has 64 bits on LP64).
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

namespace winwire::abi {
using ::BOOL;
using ::BYTE;
using ::CHAR;
using ::HRESULT;
using ::PCSTR;
using ::ULONG;
using ::USHORT;
}  // namespace winwire::abi
#else
// Only x86 has a second calling convention (__stdcall), and only on Windows.
#define WINAPI

namespace winwire::abi {
using BOOL = std::int32_t;
using BYTE = std::uint8_t;
using CHAR = char;
using HRESULT = std::int32_t;
using PCSTR = const char*;
using ULONG = std::uint32_t;
using USHORT = std::uint16_t;
}  // namespace winwire::abi
#endif

namespace winwire::abi {

static_assert(sizeof(HRESULT) == 4 && static_cast<HRESULT>(-1) < 0);
static_assert(sizeof(BOOL) == 4);
static_assert(sizeof(ULONG) == 4 && static_cast<ULONG>(-1) > 0);
static_assert(sizeof(USHORT) == 2);
static_assert(sizeof(BYTE) == 1 && sizeof(CHAR) == 1);

constexpr bool Succeeded(HRESULT hr) { return hr >= 0; }
constexpr bool Failed(HRESULT hr) { return hr < 0; }

}  // namespace winwire::abi
