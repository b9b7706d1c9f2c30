#include "test/winhttp_standin/standin_modes.h"

#include <string>

namespace winwire::test {

bool HasMode(std::string_view mode) {
  char text[256];
  const DWORD length = ::GetEnvironmentVariableA("WINWIRE_STANDIN", text, sizeof(text));
  if (length == 0 || length >= sizeof(text)) return false;
  const std::string all = "+" + std::string(text, length) + "+";
  return all.find("+" + std::string(mode) + "+") != std::string::npos;
}

bool HasMode(std::string_view kind, std::string_view member) {
  return HasMode(std::string(kind) + "=" + std::string(member));
}

}  // namespace winwire::test
