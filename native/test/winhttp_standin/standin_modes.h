// [Wine, tests only] How the stand-in behaves where Microsoft's documents leave it open, or against them. The
// environment variable WINWIRE_STANDIN selects the modes and is read at each call: names joined by `+`.
// test/helpers/standin.ts has the list.
#pragma once

#include <string_view>

#include "abi/winhttp_abi.h"

namespace winwire::test {

bool HasMode(std::string_view mode);
// `KIND=MEMBER`.
bool HasMode(std::string_view kind, std::string_view member);

// Runs before every call of a member: `false=MEMBER` returns S_FALSE instead, `null=MEMBER` S_OK without a result;
// `block=MEMBER` does not return until the mode is gone, and dispatches no messages.
template <class Call>
HRESULT Answer(std::string_view member, Call call) {
  if (HasMode("false", member)) return S_FALSE;
  if (HasMode("null", member)) return S_OK;
  while (HasMode("block", member)) ::Sleep(10);
  return call();
}

}  // namespace winwire::test
