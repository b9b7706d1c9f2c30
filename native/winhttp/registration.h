// The class in the registry: what is known without creating an object.
//
// Threads: any.
#pragma once

#include <string>

namespace winwire::winhttp {

struct Registration {
  std::string file;      // UTF-8
  std::string version;   // empty if the file has none
  std::string provider;  // as in backend::FileIdentity, or "Wine"
  std::string reason;    // why the class is not available; empty if it is
};

Registration FindRegistration();

}  // namespace winwire::winhttp
