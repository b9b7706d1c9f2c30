// Feeds the same bytes to a pump that reads in place and to one that calls the 13 functions.
#pragma once

#include <string>
#include <vector>

#include "test/model/peer_bytes.h"
#include "test/pump/pump_driver.h"
#include "test/support/choices.h"

namespace winwire::test {

struct PumpPlan {
  Role role = Role::kServer;
  PumpOptions options;
  bool closes_first = false;  // a close is sent before any data is received
  // Sizes of chunks, in turn.
  std::vector<std::size_t> chunks;
};

PumpPlan MakePumpPlan(Choices& choices);

// Fails a check if the results differ.
void ComparePumps(const PumpPlan& plan, const Bytes& wire, const std::string& where);

}  // namespace winwire::test
