// [Wine, tests only] How the stand-in answers where Microsoft's documents leave it open, or against them. The
// environment variable WINWIRE_STANDIN selects it and is read at each call: names joined by `+`.
// test/helpers/standin.ts has the list.
#pragma once

#include <string_view>

#include "abi/winhttp_abi.h"

namespace winwire::test {

bool HasMode(std::string_view mode);
// `KIND=MEMBER`.
bool HasMode(std::string_view kind, std::string_view member);

// What comes before every call of a member: `false=MEMBER` returns S_FALSE in its place, `null=MEMBER` S_OK and nothing
// else; `block=MEMBER` does not return before the mode is gone, and dispatches no message.
template <class Call>
HRESULT Answer(std::string_view member, Call call) {
  if (HasMode("false", member)) return S_FALSE;
  if (HasMode("null", member)) return S_OK;
  while (HasMode("block", member)) ::Sleep(10);
  return call();
}

}  // namespace winwire::test
