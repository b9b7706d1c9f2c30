// Headers of outgoing frames: mask bit and key depend on role and properties.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

#include "engine/frame.h"
#include "engine/random.h"
#include "engine/settings.h"

namespace winwire::engine {

class HeaderFactory {
 public:
  HeaderFactory(Role role, bool masking) : client_(role == Role::kClient), masking_(masking) {}

  // Whether payload must be copied for masking. A client with DISABLE_MASKING sets the mask bit and uses the key zero,
  // which does not change the payload.
  bool ChangesPayload() const { return client_ && masking_; }

  std::size_t SizeFor(std::uint64_t payload_length) const { return HeaderSize(payload_length, client_); }

  // Returns false if the system provides no random key.
  bool Make(Opcode opcode, bool final, std::uint64_t payload_length, FrameHeader& header) {
    header = FrameHeader{final, opcode, client_, MaskKey{}, payload_length};
    return !ChangesPayload() || NextKey(header.key);
  }

 private:
  // RFC 6455 section 5.3 requires a new key for each frame. Keys are drawn in batches: a system call per frame would
  // cost more than the framing.
  bool NextKey(MaskKey& key) {
    if (used_ == kPoolSize) {
      // A server's handle does not mask and has no pool.
      if (pool_ == nullptr) pool_.reset(new (std::nothrow) std::uint8_t[kPoolSize]);
      if (pool_ == nullptr || !FillRandom(pool_.get(), kPoolSize)) return false;
      used_ = 0;
    }
    std::memcpy(key.data(), pool_.get() + used_, key.size());
    used_ += static_cast<std::uint32_t>(key.size());
    return true;
  }

  static constexpr std::uint32_t kPoolSize = 64 * kMaskKeySize;

  bool client_;
  bool masking_;
  std::uint32_t used_ = kPoolSize;
  std::unique_ptr<std::uint8_t[]> pool_;
};

}  // namespace winwire::engine
