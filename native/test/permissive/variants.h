// What a component may do otherwise than the engine: each answer that Microsoft's documents leave open, or that
// winwire's statements only assume, has a name here. test/conformance/websocket/statements.json says which statement a
// variant covers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "test/support/choices.h"

namespace winwire::test::permissive {

// X(name in the source, name in tests)
#define WINWIRE_VARIANTS(X)                                                                              \
  /* INDICATE_SEND_COMPLETE for a pong, on either queue */                                               \
  X(kExtraSendComplete, "extra-send-complete")                                                           \
  /* no INDICATE_SEND_COMPLETE for a send */                                                             \
  X(kNoSendComplete, "no-send-complete")                                                                 \
  /* indications on the other queue */                                                                   \
  X(kOtherQueue, "other-queue")                                                                          \
  /* NO_ACTION while there is something to do */                                                         \
  X(kIdle, "idle")                                                                                       \
  /* several buffers where one would do, one where the engine has two */                                 \
  X(kBuffers, "buffers")                                                                                 \
  /* a frame in several SEND_TO_NETWORKs */                                                              \
  X(kPieces, "pieces")                                                                                   \
  /* less asked of the network at once */                                                                \
  X(kSmallReads, "small-reads")                                                                          \
  /* a part of a message in several indications */                                                       \
  X(kSmallParts, "small-parts")                                                                          \
  /* parts of a message in one indication, which then comes later */                                     \
  X(kLargeParts, "large-parts")                                                                          \
  /* action contexts that are used again at once; without it none ever is */                             \
  X(kContextsAgain, "contexts-again")                                                                    \
  /* both queues asked: the receive queue goes first */                                                  \
  X(kReceiveFirst, "receive-first")                                                                      \
  /* network actions after an abort, and indications that do not wait for outstanding actions */         \
  X(kAbort, "abort")                                                                                     \
  /* further headers, another order and case, values without a NUL */                                    \
  X(kHeaders, "headers")                                                                                 \
  /* other limits of properties, unknown ones accepted, other global values, a handle after a failure */ \
  X(kLimits, "limits")                                                                                   \
  /* other failures where the code is not documented */                                                  \
  X(kCodes, "codes")                                                                                     \
  /* an error of the peer is reported once; then the queue is idle */                                    \
  X(kFaultOnce, "fault-once")                                                                            \
  /* nothing can be sent after a fault of the peer */                                                    \
  X(kNoSendAfterFault, "no-send-after-fault")                                                            \
  /* outputs that are not written, or hold something else, where nothing says what they are */           \
  X(kOutputs, "outputs")                                                                                 \
  /* a pong is indicated without its payload */                                                          \
  X(kBarePongs, "bare-pongs")                                                                            \
  /* an offered sub-protocol may stay unanswered; what was not offered may be selected */                \
  X(kLenientHandshake, "lenient-handshake")

enum class Variant : std::uint8_t {
#define WINWIRE_DECLARE_VARIANT(name, text) name,
  WINWIRE_VARIANTS(WINWIRE_DECLARE_VARIANT)
#undef WINWIRE_DECLARE_VARIANT
};

std::vector<std::string> VariantNames();

// Which variants handles may have, and the seed that decides for each of them; the handles of a process are numbered.
struct Selection {
  std::uint64_t seed = 0;
  std::vector<std::string> without{};
  // If any: each handle has these and no others.
  std::vector<std::string> only{};

  // WINWIRE_PERMISSIVE_SEED, WINWIRE_PERMISSIVE_WITHOUT and WINWIRE_PERMISSIVE_ONLY; lists are separated by commas.
  static Selection FromEnvironment();
};

void Select(const Selection& selection);

// Of one handle.
class Variants {
 public:
  // Of the next handle, by the selection.
  static Variants Next();

  bool Has(Variant variant) const { return ((bits_ >> static_cast<unsigned>(variant)) & 1) != 0; }
  // A variant is not shown at every chance.
  bool Chance(Variant variant, std::uint32_t one_in = 2) { return Has(variant) && choices_.OneIn(one_in); }
  Choices& choices() { return choices_; }

 private:
  Variants(std::uint64_t seed, std::uint64_t bits) : bits_(bits), choices_(seed) {}

  std::uint64_t bits_;
  Choices choices_;
};

}  // namespace winwire::test::permissive
