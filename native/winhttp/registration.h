// The class as the registry has it: what can be told of it without making an object.
//
// Threads: any.
#pragma once

#include <string>

namespace winwire::winhttp {

struct Registration {
  std::string file;      // UTF-8
  std::string version;   // empty if the file has none
  std::string provider;  // as backend::FileIdentity has it, or "Wine"
  std::string reason;    // why the class cannot serve; empty if it can
};

Registration FindRegistration();

}  // namespace winwire::winhttp
