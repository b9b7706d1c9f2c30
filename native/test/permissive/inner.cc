#include "test/permissive/inner.h"

#include <algorithm>
#include <utility>

namespace winwire::test::permissive {

InnerAction Inner::GetAction(abi::WEB_SOCKET_ACTION_QUEUE queue) const {
  InnerAction result;
  abi::ULONG count = 2;
  result.buffers.resize(count);
  result.hr = api->WebSocketGetAction(handle, queue, result.buffers.data(), &count, &result.action, &result.type,
                                      &result.application_context, &result.action_context);
  if (abi::Failed(result.hr)) result.action = abi::WEB_SOCKET_NO_ACTION;
  result.buffers.resize(abi::Failed(result.hr) ? 0 : count);
  return result;
}

std::vector<abi::WEB_SOCKET_BUFFER> CutIntoBuffers(Variants& variants, std::uint8_t* bytes, std::size_t size,
                                                   abi::ULONG capacity) {
  std::vector<abi::WEB_SOCKET_BUFFER> buffers;
  const bool cuts = variants.Has(Variant::kBuffers);
  for (abi::ULONG left = std::min<abi::ULONG>(capacity, 4); left > 0; --left) {
    const bool is_last = !cuts || left == 1 || size < 2;
    const std::size_t part = is_last ? size : 1 + variants.choices().Below(static_cast<std::uint32_t>(size - 1));
    abi::WEB_SOCKET_BUFFER buffer{};
    buffer.Data = {bytes, static_cast<abi::ULONG>(part)};
    buffers.push_back(buffer);
    if (is_last) break;
    bytes += part;
    size -= part;
  }
  return buffers;
}

void Outgoing::Begin(InnerAction action) {
  action_ = std::move(action);
  bytes_.clear();
  offset_ = 0;
  begun_ = true;
  for (const abi::WEB_SOCKET_BUFFER& buffer : action_.buffers) {
    const std::uint8_t* const data = buffer.Data.pbBuffer;
    if (data != nullptr) bytes_.insert(bytes_.end(), data, data + buffer.Data.ulBufferLength);
  }
}

Offer Outgoing::NextPiece(abi::ULONG capacity) {
  Variants& variants = inner_.variants;
  const std::size_t left = bytes_.size() - offset_;
  const bool cuts = left > 1 && variants.Chance(Variant::kPieces);
  size_ = cuts ? 1 + variants.choices().Below(static_cast<std::uint32_t>(left - 1)) : left;
  Offer offer{abi::WEB_SOCKET_SEND_TO_NETWORK_ACTION, action_.type, {}, action_.application_context};
  const bool is_untouched = size_ == bytes_.size() && action_.buffers.size() <= capacity;
  // The caller's own memory, unless it is split.
  offer.buffers = is_untouched && !variants.Has(Variant::kBuffers)
                      ? action_.buffers
                      : CutIntoBuffers(variants, bytes_.data() + offset_, size_, capacity);
  return offer;
}

void Outgoing::CompletePiece(abi::ULONG bytes) {
  const bool is_whole = bytes == std::exchange(size_, 0);
  offset_ += bytes;
  if (is_whole && offset_ < bytes_.size()) return;
  begun_ = false;
  inner_.Complete(action_.action_context, is_whole ? static_cast<abi::ULONG>(bytes_.size()) : 0);
}

void Outgoing::Cancel() {
  if (!std::exchange(begun_, false)) return;
  inner_.Complete(action_.action_context, 0);
}

}  // namespace winwire::test::permissive
