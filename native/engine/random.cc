#include "engine/random.h"

#ifdef _WIN32
#include "abi/win_types.h"
// After windows.h, whose types it uses.
#include <bcrypt.h>
#elif defined(__linux__)
#include <sys/random.h>

#include <cerrno>
#else
#include <stdlib.h>
#endif

namespace winwire::engine {

#ifdef _WIN32

bool FillRandom(std::uint8_t* bytes, std::size_t size) {
  return BCryptGenRandom(nullptr, bytes, static_cast<ULONG>(size), BCRYPT_USE_SYSTEM_PREFERRED_RNG) >= 0;
}

#elif defined(__linux__)

bool FillRandom(std::uint8_t* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t count = getrandom(bytes, size, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

#else

bool FillRandom(std::uint8_t* bytes, std::size_t size) {
  arc4random_buf(bytes, size);
  return true;
}

#endif

}  // namespace winwire::engine
