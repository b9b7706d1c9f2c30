// What the fuzz targets share. A target throws CheckFailure for a finding; libFuzzer takes the end of the process that
// follows for a crash and keeps the input.
#pragma once

#include <cstddef>
#include <cstdint>

namespace winwire::test {

// Starts the random source anew. Called at the start of each input.
void RestartRandom();

}  // namespace winwire::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
