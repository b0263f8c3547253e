// What happens to a session, step by step, on the engine and on the oracle at once.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "differential/generate.h"
#include "differential/program.h"

namespace reticle::test {

struct Step {
  enum Kind { Insert, Update, Retract, Fire, FireOther } kind = Fire;
  int type = 0;
  std::vector<Value> fields;   // Insert
  std::map<int, Value> cells;  // Update
  // Update, Retract: the n-th insertion of the story, or (below 0) the n-th newest fact that a rule
  // inserted; nothing happens when it is gone.
  // FireOther: a place on the agenda, counted round.
  int target = 0;
  // Insert: which insertion it is, whatever else the story has lost
  int label = 0;
};
using Story = std::vector<Step>;

Story randomStory(Random& random, int steps, const Repertoire& repertoire = {});

struct Outcome {
  enum Kind { Agreed, Refused, Differed } kind = Agreed;  // Refused: the program does not compile
  std::string report;                                     // for people
  std::string codes;                                      // Refused: of the errors
  int steps = 0;                                          // how many were played
  // … and what was to be seen in them: activations on the agenda, added up
  std::uint64_t firings = 0, ready = 0;
};

// Plays the story and compares facts and agenda, in order, after every step.
Outcome play(const RuleProgram& program, const Story& story);

// The smallest program and story found that still differ in any way; `budget` is how often it may
// play.
void shrink(RuleProgram& program, Story& story, int budget = 4000);

// refused: programs that the checker does not take
struct Tally {
  std::uint64_t refused = 0, firings = 0, ready = 0, steps = 0;
};

// One seed, whole: a program that compiles, its story, and, where they differ, the shrunk case in
// words.
std::string disagreement(std::uint64_t seed, int steps, const Repertoire& repertoire, Tally& tally);

}  // namespace reticle::test
