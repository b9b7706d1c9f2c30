// Counts the frames of each message in the bytes for a component that does not report frames, and what is missing of
// the current one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "engine/parsed_item.h"

namespace winwire::pump {

// It follows the headers of well-formed frames; the component rejects all others.
class FrameCounter {
 public:
  void LimitTo(std::uint32_t most) { most_ = most; }
  std::uint32_t most() const { return most_; }
  // A frame exceeds the limit; no byte of it was passed.
  bool exceeded() const { return exceeded_; }
  // Missing payload of the current data frame, and whether the message ends with it. 0: none, or the header is
  // incomplete.
  std::uint64_t DataLeft() const { return left_ <= payload_ ? left_ : 0; }
  bool EndsMessage() const { return frames_ == 0; }

  // Reads the next bytes; returns how many precede the frame that exceeds the limit, or their number.
  std::size_t Pass(std::span<const std::uint8_t> bytes);

  // Continues where a parser is that has used all its bytes.
  void ContinueAfter(const engine::ParsedItem& parsed);

 private:
  bool Begin(std::uint8_t first);
  void TakeHeader();

  std::uint32_t most_ = std::numeric_limits<std::uint32_t>::max();
  // Of the message in progress; 0: none.
  std::uint32_t frames_ = 0;
  bool exceeded_ = false;
  // Bytes of the frame after its length: mask key and payload.
  std::uint64_t left_ = 0;
  // Of the current data frame; 0 for a control frame.
  std::uint64_t payload_ = 0;
  // The prefix and the length.
  std::array<std::uint8_t, 10> header_{};
  std::uint32_t header_size_ = 0;
};

}  // namespace winwire::pump
