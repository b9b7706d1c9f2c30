// Strengths of the processor, where the same instructions differ by a factor between processors.
#pragma once

namespace winwire::engine {

// Whether loops over large memory prefetch lines. An Intel Xeon unmasks 1 MiB in 40 µs instead of 85, and into other
// memory in 95 instead of 140; an AMD EPYC (Zen 4) takes a tenth longer.
bool PrefersPrefetch();

// Whether the C library's memcpy is as fast as a loop for large sizes, for which it uses `rep movsb`. AMD's Zen
// processors take three to five times as long as a loop for some pairs of addresses, which depend on the peer's frame
// lengths.
bool PrefersMemcpy();

}  // namespace winwire::engine
