// The handles that pumps drive. JavaScript identifies each by a number, and a group of them shares the object whose
// collection closes them: an External for each would take half as much memory as the component's part of an idle
// connection.
#pragma once

#include <node_api.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "binding/handle_owner.h"

namespace winwire::binding {

class PumpHandles {
 public:
  PumpHandles() = default;
  // Closes all of them.
  ~PumpHandles();
  PumpHandles(const PumpHandles&) = delete;
  PumpHandles& operator=(const PumpHandles&) = delete;

  // Returns an array of the handle's number and its keeper, which must be referenced while the number is used; null
  // with a pending exception.
  napi_value Add(napi_env env, std::unique_ptr<HandleOwner> owner);

  // Returns null unless this is the number of an open handle.
  HandleOwner* Find(std::uint32_t number) const;

  // Closes the handle and destroys its owner.
  void Close(napi_env env, const HandleOwner& owner);

 private:
  static constexpr std::size_t kGroupSize = 32;
  // A number consists of a slot (low bits) and a generation (high bits), which is never 0: the number of a closed
  // handle does not match the next handle in its slot. It is a small integer of JavaScript (31 bits).
  static constexpr unsigned kPlaceBits = 20;
  static constexpr std::uint32_t kGenerations = 1u << (31 - kPlaceBits);

  struct Group {
    // Null after the end of the environment.
    PumpHandles* table = nullptr;
    std::uint32_t index = 0;
    // Weak. Null before the first handle and after the collection.
    napi_ref keeper = nullptr;
    bool is_listed = false;
    std::array<std::unique_ptr<HandleOwner>, kGroupSize> owners;
  };

  static void Collect(napi_env env, void* data, void* hint);

  std::shared_ptr<Group> GroupWithFreeSlot(napi_env env, napi_value* keeper);
  std::shared_ptr<Group> NewGroup();
  napi_value KeeperOf(napi_env env, const std::shared_ptr<Group>& group);
  void List(Group& group);

  std::vector<std::shared_ptr<Group>> groups_;
  // Groups that may have space.
  std::vector<std::uint32_t> listed_;
  std::uint32_t generation_ = 0;
};

}  // namespace winwire::binding
