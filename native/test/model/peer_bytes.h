// Random bytes of a peer: mostly valid frames, some invalid ones, some random data.
#pragma once

#include "test/support/choices.h"
#include "test/support/handle.h"

namespace winwire::test {

Bytes PeerBytes(Choices& choices, Role receiver);

}  // namespace winwire::test
