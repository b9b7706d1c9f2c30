// Copies between memory that does not overlap. The C library's memcpy goes over to `rep movsb` from some KiB on, which
// AMD's Zen cores do at a third to a fifth of the speed where the two addresses lie badly to each other; where bytes
// lie is up to the peer, by the lengths of its frames. A loop is as fast everywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/simd.h"

namespace winwire::pump {

inline void CopyBytes(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  std::size_t done = 0;
#if WINWIRE_SIMD
  // Below this, memcpy has no such string operation and is the faster one.
  constexpr std::size_t kLarge = 1024;
  if (size >= kLarge) {
    using engine::Bytes16;
    for (; size - done >= 64; done += 64) {
      const Bytes16 a = Bytes16::Load(from + done);
      const Bytes16 b = Bytes16::Load(from + done + 16);
      const Bytes16 c = Bytes16::Load(from + done + 32);
      const Bytes16 d = Bytes16::Load(from + done + 48);
      a.Store(to + done);
      b.Store(to + done + 16);
      c.Store(to + done + 32);
      d.Store(to + done + 48);
    }
  }
#endif
  // With NULL undefined even for size 0.
  if (size > done) std::memcpy(to + done, from + done, size - done);
}

}  // namespace winwire::pump
