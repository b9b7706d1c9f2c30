// [Windows] The locations of the system's DLLs, and their makers.
#pragma once

#include <string>

#include "abi/win_types.h"

namespace winwire::backend {

struct FileIdentity {
  std::string version;   // "10.0.22621.1"; empty without a version resource
  std::string provider;  // "Microsoft", "stand-in" (this project's engine as a DLL), or the company's name
};

std::wstring SystemDirectory();
std::string ToUtf8(const std::wstring& text);
std::string DescribeError(DWORD error);
FileIdentity IdentifyFile(const std::wstring& path);

}  // namespace winwire::backend
