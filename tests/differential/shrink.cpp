// Makes a failing case small: takes away whatever can go while engine and oracle still differ.
#include <functional>

#include "differential/story.h"

namespace reticle::test {

namespace {

class Shrinker {
 public:
  Shrinker(RuleProgram& program, Story& story, int budget)
      : program_(program), story_(story), budget_(budget) {}

  void run() {
    cut();
    bool smaller = true;
    while (smaller && budget_ > 0) {
      smaller = false;
      for (int size = static_cast<int>(story_.size()); size > 0; size /= 2) {
        smaller |= dropSteps(static_cast<std::size_t>(size));
      }
      smaller |= dropEach(program_.rules, 0);
      for (Rule& rule : program_.rules) {
        smaller |= conditions(rule.conditions);
        smaller |= dropEach(rule.actions, 1);
        smaller |= attempt(rule.salience, zero());
        if (rule.noLoop) smaller |= attempt(rule.noLoop, false);
      }
    }
  }

 private:
  static Term zero() {
    Term term;
    term.value = Value::integer(0);
    return term;
  }

  bool fails() {
    if (budget_-- <= 0) return false;
    Outcome outcome = play(program_, story_);
    if (outcome.kind == Outcome::Differed) steps_ = outcome.steps;
    return outcome.kind == Outcome::Differed;
  }

  // What comes after the difference does not matter.
  void cut() {
    if (fails()) story_.resize(static_cast<std::size_t>(steps_));
  }

  // Puts `smaller` in the place of `part`, and keeps it when that still fails. A part that is that
  // small already is left alone.
  template <typename Part>
  bool attempt(Part& part, Part smaller) {
    std::string before = program_.text();
    std::swap(part, smaller);
    if (program_.text() != before && fails()) return true;
    std::swap(part, smaller);
    return false;
  }

  template <typename Part>
  bool dropEach(std::vector<Part>& parts, std::size_t least) {
    bool dropped = false;
    for (std::size_t i = parts.size(); i-- > 0 && parts.size() > least;) {
      std::vector<Part> fewer = parts;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      dropped |= attempt(parts, std::move(fewer));
    }
    return dropped;
  }

  bool dropSteps(std::size_t size) {
    bool dropped = false;
    for (std::size_t i = story_.size(); i >= size && i > 0 && budget_ > 0;
         i -= i < size ? i : size) {
      if (i > story_.size()) i = story_.size();
      if (i < size) break;
      Story fewer = story_;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i - size),
                  fewer.begin() + static_cast<std::ptrdiff_t>(i));
      std::swap(fewer, story_);
      if (fails()) {
        dropped = true;
      } else {
        std::swap(fewer, story_);
      }
    }
    return dropped;
  }

  bool conditions(std::vector<Condition>& list) {
    bool smaller = dropEach(list, 0);
    for (std::size_t i = 0; i < list.size(); ++i) {
      smaller |= condition(list[i]);
      // What stands in a group may do without the group.
      if (list[i].groups.empty()) continue;
      for (std::size_t g = 0; g < list[i].groups.size(); ++g) {
        std::vector<Condition> open = list, inner = list[i].groups[g];
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
        open.insert(open.begin() + static_cast<std::ptrdiff_t>(i), inner.begin(), inner.end());
        if (attempt(list, std::move(open))) return true;
      }
    }
    return smaller;
  }

  bool condition(Condition& c) {
    bool smaller = dropEach(c.constraints, 0);
    for (Term& constraint : c.constraints) smaller |= term(constraint);
    for (auto& group : c.groups) smaller |= conditions(group);
    if (c.kind == Condition::Either) smaller |= dropEach(c.groups, 2);
    smaller |= dropEach(c.keys, 0);
    smaller |= dropEach(c.functions, 1);
    smaller |= term(c.term);
    if (c.filtered) smaller |= attempt(c.filtered, false) || term(c.where);
    if (c.skipErrors) smaller |= attempt(c.skipErrors, false);
    return smaller;
  }

  bool term(Term& t) {
    for (const Term& arg : std::vector<Term>(t.args)) {
      if (attempt(t, arg)) return true;
    }
    bool smaller = false;
    for (Term& arg : t.args) smaller |= term(arg);
    return smaller;
  }

  RuleProgram& program_;
  Story& story_;
  int budget_, steps_ = 0;
};

}  // namespace

void shrink(RuleProgram& program, Story& story, int budget) {
  Shrinker(program, story, budget).run();
}

}  // namespace reticle::test
