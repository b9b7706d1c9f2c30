// Rust programs (the bundler inside Vitest) import one function of Windows' bcryptprimitives.dll, which Wine 8 lacks.
// For the test prefix only.
#include <windows.h>

// RtlGenRandom, under the name that advapi32 exports.
extern "C" __declspec(dllimport) BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG size);

extern "C" __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size) {
  constexpr SIZE_T kMost = 0x10000000;
  while (size > 0) {
    const auto part = static_cast<ULONG>(size < kMost ? size : kMost);
    if (SystemFunction036(buffer, part) == FALSE) return FALSE;
    buffer += part;
    size -= part;
  }
  return TRUE;
}
