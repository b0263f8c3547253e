// Programs that both Reticle and CLIPS can say, and their stories.
//
// The part in common: templates with the int fields a, b, c; patterns with constants and joins;
// predicates; `not` and `exists` over a pattern, `not` over a group; salience; actions that assert,
// retract, modify and print. CLIPS modifies a fact by retracting it and asserting another, so that
// is what Reticle's rule does. What CLIPS itself leaves open is kept out: a rule never asks, under
// one `not`, for a fact and for the absence of another of the same type, since CLIPS then takes a
// match back and makes it anew while it passes one fact on.
// And a rule negates one group at most: after a second one CLIPS 6.30 loses matches, whatever the
// order in which the facts come.
#pragma once

#include <string>
#include <vector>

#include "differential/program.h"
#include "differential/random.h"

namespace reticle::test {

struct ClipsStep {
  enum Kind { Assert, Modify, Retract, Run } kind = Run;
  int type = 0, field = 0;
  std::uint32_t fact = 0;              // Modify, Retract: nothing happens when it is not there
  std::int64_t values[3] = {0, 0, 0};  // Assert; Modify: the first
};

struct ClipsCase {
  RuleProgram program;
  std::vector<ClipsStep> story;
};

ClipsCase randomClipsCase(Random& random, int steps);

// The case as CLIPS's input; when `listing`, agenda and facts are listed behind every step, behind
// a line "@ <case> <step>".
std::string clipsText(const ClipsCase& one, std::size_t number, const std::string& strategy,
                      bool listing = true);

}  // namespace reticle::test
