#pragma once

namespace winwire::backend {

// The package's version (a test holds it against package.json).
inline constexpr const char kWinwireVersion[] = "0.1.0";

}  // namespace winwire::backend
