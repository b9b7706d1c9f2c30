// Workarounds for Wine 8.0's WinHttpRequest. They have no effect unless Wine is detected.
#pragma once

#include <functional>
#include <string>

#include "winhttp/apartment.h"
#include "winhttp/com_ptr.h"

namespace winwire::winhttp::wine8 {

// Only Wine's ntdll.dll exports its version.
bool IsWine();
// For example "8.0"; empty if IsWine() is false.
std::string WineVersion();

// Trap 1. If the response is complete before WaitForResponse is called, that returns S_OK, leaves Succeeded unwritten,
// and an event inside the object stays set, so that the next Open cancels the next request (0x80072F45 or 0x80072EF3).
// So Succeeded is preset to this value; if it is unchanged, the response is complete, but the object must be replaced
// before the next Open.
inline constexpr VARIANT_BOOL kUnwritten = 0x5A5A;
bool IsUnusableAfter(VARIANT_BOOL succeeded);
// So is every aborted object, even one whose response was complete.
bool IsUnusableAfterAbort();

// Trap 2. An Abort that ends a synchronous Send sometimes leaves it hanging forever. If it has not returned after a
// while, opening the object again from inside it, with a closed port, makes it return.
void RescueSynchronousSend(Apartment& apartment, ComPtr<abi::IWinHttpRequest> object, std::function<bool()> is_in_send);

// Trap 3. The I/O of an aborted request continues until the server sends or closes, and reports to the object even
// after its release: into freed memory, which may be another object. So an aborted object is kept. The minute bounds
// their number: most servers have closed by then. The release frees the object alone; the threads, sockets and buffers
// of an aborted request (measured: 300 of them, 420 MiB) stay with Wine until its server acts. Elsewhere it is released
// at once.
void ReleaseLater(ComPtr<abi::IWinHttpRequest> object);

}  // namespace winwire::winhttp::wine8
