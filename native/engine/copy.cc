#include "engine/copy.h"

#include "engine/processor.h"
#include "engine/simd.h"

namespace winwire::engine {

void CopyLines(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  std::size_t done = 0;
#if WINWIRE_SIMD
  for (; size - done >= 64; done += 64) Bytes64::Load(from + done).Store(to + done);
#endif
  if (size > done) std::memcpy(to + done, from + done, size - done);
}

void CopyLarge(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  if (PrefersMemcpy()) {
    std::memcpy(to, from, size);
  } else {
    CopyLines(to, from, size);
  }
}

}  // namespace winwire::engine
