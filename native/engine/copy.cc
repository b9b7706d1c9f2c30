#include "engine/copy.h"

#include "engine/processor.h"
#include "engine/simd.h"

namespace winwire::engine {

void CopyLarge(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  std::size_t done = 0;
#if WINWIRE_SIMD
  if (!PrefersMemcpy()) {
    for (; size - done >= 64; done += 64) Bytes64::Load(from + done).Store(to + done);
  }
#endif
  if (size > done) std::memcpy(to + done, from + done, size - done);
}

}  // namespace winwire::engine
