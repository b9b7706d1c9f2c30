#include "binding/pump_handles.h"

#include <algorithm>
#include <utility>

namespace winwire::binding {

namespace {

// Throws in JavaScript unless an exception is pending.
napi_value Fail(napi_env env, const char* message) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) napi_throw_error(env, nullptr, message);
  return nullptr;
}

}  // namespace

PumpHandles::~PumpHandles() {
  for (const std::shared_ptr<Group>& group : groups_) {
    group->table = nullptr;
    for (const std::unique_ptr<HandleOwner>& owner : group->owners) {
      if (owner != nullptr) owner->Close();
    }
    group->owners = {};
  }
}

napi_value PumpHandles::Add(napi_env env, std::unique_ptr<HandleOwner> owner) {
  napi_value pair[2] = {};
  const std::shared_ptr<Group> group = GroupWithFreeSlot(env, &pair[1]);
  if (group == nullptr) return Fail(env, "no room for another handle");
  const auto place = std::find(group->owners.begin(), group->owners.end(), nullptr);
  const auto index = group->index * kGroupSize + static_cast<std::size_t>(place - group->owners.begin());
  generation_ = generation_ % (kGenerations - 1) + 1;
  owner->number = generation_ << kPlaceBits | static_cast<std::uint32_t>(index);

  napi_value array = nullptr;
  if (napi_create_uint32(env, owner->number, &pair[0]) != napi_ok ||
      napi_create_array_with_length(env, 2, &array) != napi_ok || napi_set_element(env, array, 0, pair[0]) != napi_ok ||
      napi_set_element(env, array, 1, pair[1]) != napi_ok) {
    return Fail(env, "the handle could not be given to JavaScript");
  }
  owner->Account(env);
  *place = std::move(owner);
  return array;
}

HandleOwner* PumpHandles::Find(std::uint32_t number) const {
  const std::size_t index = number & ((1u << kPlaceBits) - 1);
  if (index / kGroupSize >= groups_.size()) return nullptr;
  HandleOwner* const owner = groups_[index / kGroupSize]->owners[index % kGroupSize].get();
  return owner != nullptr && owner->number == number ? owner : nullptr;
}

void PumpHandles::Close(napi_env env, const HandleOwner& owner) {
  const std::size_t index = owner.number & ((1u << kPlaceBits) - 1);
  Group& group = *groups_[index / kGroupSize];
  const std::unique_ptr<HandleOwner> closed = std::move(group.owners[index % kGroupSize]);
  closed->Close();
  closed->Adjust(env, 0);
  List(group);
}

// Returns the last group with space and a live keeper, or a new one.
std::shared_ptr<PumpHandles::Group> PumpHandles::GroupWithFreeSlot(napi_env env, napi_value* keeper) {
  while (!listed_.empty()) {
    const std::shared_ptr<Group>& group = groups_[listed_.back()];
    const bool has_room = std::find(group->owners.begin(), group->owners.end(), nullptr) != group->owners.end();
    if (has_room) *keeper = KeeperOf(env, group);
    if (has_room && *keeper != nullptr) return group;
    group->is_listed = false;
    listed_.pop_back();
  }
  std::shared_ptr<Group> group = NewGroup();
  if (group != nullptr) *keeper = KeeperOf(env, group);
  if (*keeper == nullptr) group.reset();
  return group;
}

std::shared_ptr<PumpHandles::Group> PumpHandles::NewGroup() {
  if (groups_.size() == (std::size_t{1} << kPlaceBits) / kGroupSize) return nullptr;
  auto group = std::make_shared<Group>();
  group->table = this;
  group->index = static_cast<std::uint32_t>(groups_.size());
  groups_.push_back(group);
  // A finalizer also lists groups, and must not throw.
  if (listed_.capacity() < groups_.size()) listed_.reserve(2 * groups_.size());
  List(*group);
  return group;
}

// Returns null for a keeper that is about to be collected: its group is listed again afterwards.
napi_value PumpHandles::KeeperOf(napi_env env, const std::shared_ptr<Group>& group) {
  napi_value keeper = nullptr;
  if (group->keeper != nullptr) {
    napi_get_reference_value(env, group->keeper, &keeper);
    return keeper;
  }
  if (napi_create_object(env, &keeper) != napi_ok) return nullptr;
  auto data = std::make_unique<std::shared_ptr<Group>>(group);
  const napi_status status = napi_wrap(env, keeper, data.get(), Collect, nullptr, &group->keeper);
  if (status != napi_ok) return nullptr;
  static_cast<void>(data.release());
  return keeper;
}

void PumpHandles::Collect(napi_env env, void* data, void*) {
  const std::unique_ptr<std::shared_ptr<Group>> group(static_cast<std::shared_ptr<Group>*>(data));
  napi_delete_reference(env, std::exchange((*group)->keeper, nullptr));
  PumpHandles* const table = (*group)->table;
  if (table == nullptr) return;
  for (const std::unique_ptr<HandleOwner>& owner : (*group)->owners) {
    if (owner != nullptr) table->Close(env, *owner);
  }
  table->List(**group);
}

void PumpHandles::List(Group& group) {
  if (group.is_listed) return;
  listed_.push_back(group.index);
  group.is_listed = true;
}

}  // namespace winwire::binding
