// What Wine 8.0's WinHttpRequest needs and Windows does not. Nothing here acts unless Wine is detected.
#pragma once

#include <functional>
#include <string>

#include "winhttp/apartment.h"
#include "winhttp/com_ptr.h"

namespace winwire::winhttp::wine8 {

// ntdll.dll of Wine alone exports its version.
bool IsWine();
// As "8.0"; empty where IsWine() is false.
std::string WineVersion();

// Trap 1. Where the response is complete before WaitForResponse is entered, that returns S_OK, leaves Succeeded
// unwritten, and an event inside the object stays set, by which the next Open cancels the next request (0x80072F45 or
// 0x80072EF3). So Succeeded is preset to this value; what still holds it is complete, but the object is spoilt and has
// to be replaced before the next Open.
inline constexpr VARIANT_BOOL kUnwritten = 0x5A5A;
bool IsSpoiltBy(VARIANT_BOOL succeeded);
// So is every object that was aborted, even one whose response was complete.
bool IsSpoiltByAbort();

// Trap 2. An Abort that ends a synchronous Send sometimes leaves it hanging for ever. If it has not returned after a
// while, opening the object anew from within it, towards a closed port, makes it return.
void RescueSynchronousSend(Apartment& apartment, ComPtr<abi::IWinHttpRequest> object, std::function<bool()> is_in_send);

// Trap 3. The I/O of an aborted request goes on until the server sends or closes, and reports to the object even if
// that has been released meanwhile: into freed memory, which may be another object's by then. So an aborted object is
// kept. The minute only bounds how many are: it is by when most servers have closed. The release frees the object
// alone; the threads, sockets and buffers of an aborted request (measured: 300 of them, 420 MiB) stay with Wine until
// its server acts, whether the object is released or not. Elsewhere it is released at once.
void ReleaseLater(ComPtr<abi::IWinHttpRequest> object);

}  // namespace winwire::winhttp::wine8
