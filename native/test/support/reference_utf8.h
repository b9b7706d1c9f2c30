// UTF-8 by its definition (RFC 3629 section 3): decoded to code points, which are then judged. Slow and obvious.
#pragma once

#include "test/support/bytes.h"

namespace winwire::test {

bool IsUtf8(const Bytes& bytes);

// Whether more bytes could make well-formed text of these.
bool IsUtf8Prefix(const Bytes& bytes);

}  // namespace winwire::test
