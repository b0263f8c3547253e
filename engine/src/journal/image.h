// A session's whole state in a journal: what stands in an entry of kind Replace.
//
//   input of the entry   ┌ program hash u64 │ session: times, counters, facts, matches, supports,
//                        once, focus, events │ runs, each as text │ queue as text ┐
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/result.h"
#include "session/session_image.h"

namespace reticle {

struct ReplacedState {
  std::uint64_t program = 0;  // hash of the new one
  SessionImage session;
  std::vector<std::string> runs;  // as in decisions of kind Run
  std::string queue;              // as in decisions of kind Wake
};

std::string encodeReplaced(const ReplacedState& state);
// Of the hash alone, 0 when there is none.
std::uint64_t programOfReplaced(std::string_view bytes);
Result<ReplacedState> decodeReplaced(std::string_view bytes);

}  // namespace reticle
