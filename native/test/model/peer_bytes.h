// Bytes that a peer could send: mostly frames that are allowed, some that are not, some that are no frames.
#pragma once

#include "test/support/choices.h"
#include "test/support/handle.h"

namespace winwire::test {

Bytes PeerBytes(Choices& choices, Role receiver);

}  // namespace winwire::test
