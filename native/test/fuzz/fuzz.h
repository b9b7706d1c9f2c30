// Shared by the fuzz targets. A target throws CheckFailure for a finding; libFuzzer treats the end of the process as a
// crash and keeps the input.
#pragma once

#include <cstddef>
#include <cstdint>

namespace winwire::test {

// Restarts the random source. Called at the start of each input.
void RestartRandom();

}  // namespace winwire::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
