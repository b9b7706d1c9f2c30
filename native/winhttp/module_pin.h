#pragma once

namespace winwire::winhttp {

// Keeps the module that holds this address loaded for the life of the process. False where Windows refuses.
bool PinModule(const void* address);

// Node unloads an addon with its last environment, and a thread that is still alive then would run in unmapped memory.
bool PinThisModule();

}  // namespace winwire::winhttp
