// Keeps the addon loaded while its threads run.
#pragma once

namespace winwire::threads {

// Keeps the module with this address loaded for the life of the process. Returns false if the system does not allow it.
bool PinModule(const void* address);

// Node unloads an addon with its last environment; a remaining thread would then run in unmapped memory. Throws
// std::system_error.
void PinThisModule();

}  // namespace winwire::threads
