// The version of the package, which the portable backend reports.
#pragma once

namespace winwire::backend {

// A test compares it with package.json.
inline constexpr const char kWinwireVersion[] = "0.1.0";

}  // namespace winwire::backend
