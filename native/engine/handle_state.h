// The state shared by the two queues of a handle.
#pragma once

#include "engine/action.h"
#include "engine/header_factory.h"

namespace winwire::engine {

struct HandleState {
  HeaderFactory headers;
  ClosingState closing;
  ActionContexts contexts;
};

}  // namespace winwire::engine
