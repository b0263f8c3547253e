// A random program and its story as CLIPS reads them, as far as CLIPS can say the same.
#include "differential/clips/clips_program.h"

#include <map>

#include "differential/generate_terms.h"

namespace reticle::test {

namespace {

constexpr int kInts = 3;  // the fields that both know: a, b, c

class Maker {
 public:
  explicit Maker(Random& random) : random_(random) {}

  Rule rule(int number) {
    rule_.label = "r" + std::to_string(number);
    rule_.salience = TermMaker::constant(random_.below(3));
    std::vector<Known::Fact> known;
    for (int i = 1 + random_.below(4); i > 0; --i) {
      rule_.conditions.push_back(condition(known, rule_.conditions.empty()));
    }
    actions(known);
    return rule_;
  }

 private:
  Term integer(const std::vector<Known::Fact>& known, int percent = 70) {
    if (known.empty() || !random_.chance(percent)) return TermMaker::constant(random_.below(4));
    Term term = TermMaker::field(
        known[static_cast<std::size_t>(random_.below(static_cast<int>(known.size())))],
        random_.below(kInts));
    return random_.chance(15) ? TermMaker::make(Term::Add, term, TermMaker::constant(1)) : term;
  }

  Term test(const std::vector<Known::Fact>& known, const Known::Fact* candidate) {
    static const Term::Kind kinds[] = {Term::NotEqual, Term::Less, Term::LessEqual, Term::Greater,
                                       Term::GreaterEqual};
    auto simple = [&] {
      Term left =
          candidate ? TermMaker::field(*candidate, random_.below(kInts)) : integer(known, 100);
      // Mostly a join: a test of a fact with itself rules out too much.
      std::vector<Known::Fact> others = known;
      if (candidate && random_.chance(85)) others.pop_back();
      return TermMaker::make(random_.chance(50) ? Term::Equal : kinds[random_.below(5)], left,
                             integer(others));
    };
    return random_.chance(15) ? TermMaker::make(Term::Or, simple(), simple()) : simple();
  }

  Condition pattern(std::vector<Known::Fact>& known) {
    Condition c;
    c.type = random_.below(kTypes);
    c.name = newName(rule_, true);
    std::vector<Known::Fact> inner = known;
    inner.push_back({c.name, c.type});
    for (int i = known.empty() ? random_.below(3) : 1 + random_.below(2); i > 0; --i) {
      c.constraints.push_back(test(inner, &inner.back()));
    }
    known = std::move(inner);
    return c;
  }

  Condition condition(std::vector<Known::Fact>& known, bool first) {
    int kind = random_.below(100);
    if (kind < 55 || (first && kind < 70)) return pattern(known);
    std::vector<Known::Fact> inner = known;
    if (kind >= 90 && !known.empty()) {
      Condition c;
      c.kind = Condition::If;
      c.term = test(known, nullptr);
      return c;
    }
    if (kind < 75) {
      Condition c = pattern(inner);
      c.kind = Condition::NotOf;
      c.nameless = true;
      return c;
    }
    if (kind < 82 || grouped_) {
      Condition c = pattern(inner);
      c.kind = Condition::Exists;
      c.nameless = true;
      return c;
    }
    grouped_ = true;
    Condition group;
    group.kind = Condition::NotOf;
    group.groups.emplace_back();
    for (int i = 2 + random_.below(2); i > 0; --i) group.groups[0].push_back(pattern(inner));
    return group;
  }

  Action insertion(int type, const std::vector<Known::Fact>& known) {
    Action a;
    a.kind = Action::Insert;
    a.type = type;
    for (int field = 0; field < static_cast<int>(fieldsOf(type).size()); ++field) {
      a.values.push_back(field < kInts ? integer(known)
                                       : TermMaker::value(field == 3 || field == 4 ? Value()
                                                          : field == 5             ? Value::real(0)
                                                          : field == 7             ? Value::map({})
                                                                       : Value::list({})));
    }
    return a;
  }

  void actions(const std::vector<Known::Fact>& known) {
    int kind = random_.below(100);
    if (!known.empty() && kind < 40) {
      const Known::Fact& fact =
          known[static_cast<std::size_t>(random_.below(static_cast<int>(known.size())))];
      Action gone;
      gone.kind = Action::Retract;
      gone.name = fact.name;
      if (kind < 20) {  // modify: the others keep their values
        Action again = insertion(fact.type, known);
        int changed = random_.below(kInts);
        for (int field = 0; field < kInts; ++field) {
          if (field != changed) {
            again.values[static_cast<std::size_t>(field)] = TermMaker::field(fact, field);
          }
        }
        rule_.actions = {gone, again};
        return;
      }
      rule_.actions.push_back(gone);
    }
    if (kind >= 30 && kind < 55) rule_.actions.push_back(insertion(random_.below(kTypes), known));
    if (rule_.actions.empty()) rule_.actions.emplace_back();
  }

  Random& random_;
  Rule rule_;
  bool grouped_ = false;
};

// --- as CLIPS writes it

std::string slot(int name, int field) {
  return "?" + std::string(1, static_cast<char>('a' + field)) + std::to_string(name);
}

std::string clips(const Term& t) {
  static const std::map<Term::Kind, std::string> signs = {
      {Term::Add, "+"},        {Term::Equal, "="},   {Term::NotEqual, "<>"},     {Term::Less, "<"},
      {Term::LessEqual, "<="}, {Term::Greater, ">"}, {Term::GreaterEqual, ">="}, {Term::Or, "or"}};
  if (t.kind == Term::Constant) return toText(t.value);
  if (t.kind == Term::Field) return slot(t.name, t.field);
  return "(" + signs.at(t.kind) + " " + clips(t.args[0]) + " " + clips(t.args[1]) + ")";
}

// Equality of a slot with a constant or with a slot of an earlier fact is written in the pattern,
// once a slot, everything else as a predicate of the last slot, which has nothing else then: CLIPS
// 6.30 forgets the predicate of `(c ?c&0&:(> ?a 3))`, and `(a ?a&3&3)` matches nothing.
std::string clipsPattern(const Condition& c) {
  auto direct = [&](const Term& constraint) {
    if (constraint.kind != Term::Equal || constraint.args[0].kind != Term::Field) return false;
    const Term& right = constraint.args[1];
    return right.kind == Term::Constant || (right.kind == Term::Field && right.name != c.name);
  };
  const Term* inSlot[kInts] = {};
  std::vector<const Term*> predicates;
  for (const Term& constraint : c.constraints) {
    const Term*& place = inSlot[direct(constraint) ? constraint.args[0].field : 0];
    if (direct(constraint) && !place) {
      place = &constraint;
    } else {
      predicates.push_back(&constraint);
    }
  }
  if (!predicates.empty() && inSlot[kInts - 1]) {
    predicates.push_back(inSlot[kInts - 1]);
    inSlot[kInts - 1] = nullptr;
  }
  std::string slots[kInts], predicate;
  for (int field = 0; field < kInts; ++field) {
    slots[field] = slot(c.name, field) + (inSlot[field] ? "&" + clips(inSlot[field]->args[1]) : "");
  }
  for (const Term* each : predicates) predicate += " " + clips(*each);
  if (!predicate.empty()) slots[kInts - 1] += "&:(and TRUE TRUE" + predicate + ")";
  std::string out = "(" + typeNameOf(c.type);
  for (int field = 0; field < kInts; ++field) {
    out += std::string(" (") + fieldsOf(c.type)[static_cast<std::size_t>(field)].name + " " +
           slots[field] + ")";
  }
  return out + ")";
}

std::string clips(const Condition& c) {
  switch (c.kind) {
    case Condition::Pattern: return "?p" + std::to_string(c.name) + " <- " + clipsPattern(c);
    case Condition::If: return "(test " + clips(c.term) + ")";
    case Condition::Exists: return "(exists " + clipsPattern(c) + ")";
    case Condition::NotOf:
    case Condition::Forall:
    case Condition::Either:
    case Condition::Accumulate:
    case Condition::Each:
    case Condition::Let: break;
  }
  if (!c.overGroup()) return "(not " + clipsPattern(c) + ")";
  std::string out = "(not (and";
  for (const Condition& inner : c.groups[0]) out += " " + clipsPattern(inner);
  return out + "))";
}

std::string clips(const Action& a) {
  if (a.kind == Action::Log) return "(printout t \"fired\" crlf)";
  if (a.kind == Action::Retract) return "(retract ?p" + std::to_string(a.name) + ")";
  std::string out = "(assert (" + typeNameOf(a.type);
  for (int field = 0; field < kInts; ++field) {
    out += std::string(" (") + fieldsOf(a.type)[static_cast<std::size_t>(field)].name + " " +
           clips(a.values[static_cast<std::size_t>(field)]) + ")";
  }
  return out + "))";
}

std::string clips(const ClipsStep& step) {
  std::string fact = std::to_string(step.fact), there = "(if (fact-existp " + fact + ") then ";
  auto value = [&](int field) {
    return std::string(" (") + fieldsOf(0)[static_cast<std::size_t>(field)].name + " ";
  };
  switch (step.kind) {
    case ClipsStep::Assert: {
      std::string out = "(assert (" + typeNameOf(step.type);
      for (int field = 0; field < kInts; ++field) {
        out += value(field) + std::to_string(step.values[field]) + ")";
      }
      return out + "))";
    }
    case ClipsStep::Modify:
      return there + "(modify " + fact + value(step.field) + std::to_string(step.values[0]) + ")))";
    case ClipsStep::Retract: return there + "(retract " + fact + "))";
    case ClipsStep::Run: return "(run 1)";
  }
  return {};
}

}  // namespace

ClipsCase randomClipsCase(Random& random, int steps) {
  ClipsCase one;
  for (int rules = 1 + random.below(4); rules > 0; --rules) {
    one.program.rules.push_back(Maker(random).rule(static_cast<int>(one.program.rules.size())));
  }
  std::uint32_t asserted = 0;
  for (int i = 0; i < steps; ++i) {
    ClipsStep step;
    int kind = random.below(100);
    step.kind = kind < 38 || asserted == 0 ? ClipsStep::Assert
                : kind < 48                ? ClipsStep::Modify
                : kind < 56                ? ClipsStep::Retract
                                           : ClipsStep::Run;
    step.type = random.below(kTypes);
    step.field = random.below(kInts);
    for (std::int64_t& value : step.values) value = random.below(4);
    asserted += step.kind == ClipsStep::Assert;
    step.fact =
        1 + static_cast<std::uint32_t>(random.below(static_cast<int>(asserted) * 3 / 2 + 1));
    one.story.push_back(step);
  }
  return one;
}

std::string clipsText(const ClipsCase& one, std::size_t number, const std::string& strategy,
                      bool listing) {
  std::string out = "(clear)\n(set-fact-duplication TRUE)\n(set-strategy " + strategy + ")\n";
  for (int type = 0; type < kTypes; ++type) {
    out += "(deftemplate " + typeNameOf(type) + " (slot a) (slot b) (slot c))\n";
  }
  for (const Rule& rule : one.program.rules) {
    out += "(defrule " + rule.label + " (declare (salience " + clips(rule.salience) + "))";
    for (const Condition& c : rule.conditions) out += "\n  " + clips(c);
    out += "\n  =>";
    for (const Action& a : rule.actions) out += "\n  " + clips(a);
    out += ")\n";
  }
  out += "(reset)\n";
  for (std::size_t i = 0; i <= one.story.size(); ++i) {
    if (listing) {
      out += "(printout t \"@ " + std::to_string(number) + " " + std::to_string(i) +
             "\" crlf)\n(agenda)\n(facts)\n";
    }
    if (i < one.story.size()) out += clips(one.story[i]) + "\n";
  }
  return out;
}

}  // namespace reticle::test
