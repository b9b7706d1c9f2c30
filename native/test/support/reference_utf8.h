// UTF-8 by its definition (RFC 3629 section 3): decodes code points, then checks them. Slow and obvious.
#pragma once

#include "test/support/bytes.h"

namespace winwire::test {

bool IsUtf8(const Bytes& bytes);

// Whether more bytes could make these well-formed text.
bool IsUtf8Prefix(const Bytes& bytes);

}  // namespace winwire::test
