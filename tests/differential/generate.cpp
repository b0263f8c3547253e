// Makes random rule programs out of conditions of every kind; the terms in them are made by
// generate_terms.cpp.
#include "differential/generate.h"

#include <algorithm>

#include "differential/generate_terms.h"

namespace reticle::test {

Value randomValue(Random& random, Shape shape, bool doubles) {
  switch (shape) {
    case Shape::Int: return Value::integer(random.below(4));
    case Shape::MaybeInt: return random.chance(25) ? Value() : Value::integer(random.below(4));
    case Shape::Any: {
      int kind = random.below(100);
      if (kind < 20) return Value();
      if (kind < 35) return Value::string("x");
      if (kind < 42 && doubles) return Value::real(random.below(4));
      if (kind < 46 && doubles) return Value::real(0.5);
      if (kind < 52) {
        return Value::list({Value::integer(random.below(4)), Value::integer(random.below(4))});
      }
      return Value::integer(random.below(4));
    }
    case Shape::Double:
    case Shape::MaybeDouble: {
      static const double plain[] = {0.5, 1, 1.5, 2},
                          awkward[] = {0.1, 0.2, 0.3, -0.1, 1e16, -1e16, 1e17, 2.5};
      return Value::real(doubles && random.chance(50) ? awkward[random.below(8)]
                                                      : plain[random.below(4)]);
    }
    case Shape::Ints: {
      Value::List list;
      for (int size = random.below(4); size > 0; --size) {
        list.push_back(Value::integer(random.below(4)));
      }
      return Value::list(std::move(list));
    }
    case Shape::Counts: {
      Value::Map map;
      for (const char* key : {"k", "l"}) {
        if (random.chance(65)) {
          map.emplace_back(Value::string(key), Value::integer(random.below(4)));
        }
      }
      return Value::map(std::move(map));
    }
    case Shape::Things: {
      Value::List list;
      for (int size = random.below(3); size > 0; --size) {
        Value::Map map;
        for (const char* key : {"a", "b"}) {
          if (random.chance(85)) {
            map.emplace_back(Value::string(key), Value::integer(random.below(4)));
          }
        }
        list.push_back(Value::map(std::move(map)));
      }
      return Value::list(std::move(list));
    }
    case Shape::Truth: return Value::boolean(random.chance(50));
  }
  return Value();
}

namespace {

class RuleMaker {
 public:
  RuleMaker(Random& random, const Repertoire& repertoire)
      : random_(random), repertoire_(repertoire), terms_(random, repertoire) {}

  // The first conditions of a rule, for others to begin with them too.
  struct Beginning {
    Rule rule;
    Known known;
  };

  Rule rule(int number, std::optional<Beginning>& shared) {
    Known known;
    patterns_ = 5;
    if (shared && random_.chance(35)) {
      rule_ = shared->rule;
      known = shared->known;
      patterns_ = 3;
    }
    rule_.label = "r" + std::to_string(number);
    for (int i = 1 + random_.below(repertoire_.conditions); i > 0; --i) {
      rule_.conditions.push_back(condition(known, rule_.conditions.empty(), 0, false));
      if (random_.chance(50) && rule_.conditions.size() < 3) shared = Beginning{rule_, known};
    }
    rule_.salience = random_.chance(85) || known.facts.empty()
                         ? TermMaker::constant(random_.below(3))
                         : terms_.integer(known);
    rule_.noLoop = random_.chance(10);
    actions(known);
    return rule_;
  }

 private:
  using List = std::vector<Condition>;

  // `counted`: what is found is used in its order, so that it must have one: an `either` exports no
  // values there.
  List conditions(Known& known, int count, int depth, bool counted) {
    List out;
    for (int i = 0; i < count; ++i) out.push_back(condition(known, i == 0, depth, counted));
    return out;
  }

  Condition condition(Known& known, bool first, int depth, bool counted) {
    int kind = random_.below(100);
    if (patterns_ <= 0 && !first) kind = 85 + random_.below(15);
    if (kind < 40 || (first && kind < 55)) return pattern(known, true);
    if (kind < 52) return negation(Condition::NotOf, known, depth);
    if (kind < 58) return negation(Condition::Exists, known, depth);
    if (kind < 63 && repertoire_.forall) return forall(known, depth);
    if (kind < 70 && repertoire_.either && depth < repertoire_.depth) {
      return either(known, depth, counted);
    }
    if (kind < 84) return accumulate(known, depth);
    if (kind < 91 && repertoire_.each) {
      if (auto found = each(known)) return *found;
    }
    if (kind < 96 && !(known.facts.empty() && known.values.empty())) {
      Condition c;
      c.kind = Condition::Let;
      Shape shape;
      c.term = terms_.anything(known, shape);
      c.name = newName(rule_, false);
      known.values.push_back({c.name, shape});
      return c;
    }
    if (known.facts.empty() && known.values.empty()) return pattern(known, true);
    Condition c;
    c.kind = Condition::If;
    c.term = terms_.test(known, nullptr, rule_);
    return c;
  }

  // `shared`: the name and type that an `either` wants it to have.
  Condition pattern(Known& known, bool kept, const Known::Fact* shared = nullptr) {
    --patterns_;
    Condition c;
    c.type = shared                                     ? shared->type
             : repertoire_.derive && random_.chance(12) ? kTypes + random_.below(kDerivedTypes)
                                                        : random_.below(kTypes);
    c.name = shared ? shared->name : newName(rule_, true);
    c.nameless = !kept;
    Known inner = known;
    inner.facts.push_back({c.name, c.type});
    Known::Fact candidate = inner.facts.back();
    for (int i = random_.below(known.facts.empty() ? 3 : 4); i > 0; --i) {
      c.constraints.push_back(terms_.test(inner, &candidate, rule_));
    }
    if (kept) known.facts.push_back(candidate);
    return c;
  }

  bool grouped(int depth) {
    return repertoire_.groups && depth < repertoire_.depth && patterns_ > 0 && random_.chance(40);
  }

  Condition negation(Condition::Kind kind, const Known& known, int depth) {
    Known inner = known;
    Condition c;
    if (grouped(depth)) {
      c.groups.push_back(conditions(inner, 1 + random_.below(3), depth + 1, false));
    } else {
      c = pattern(inner, false);
    }
    c.kind = kind;
    return c;
  }

  Condition forall(const Known& known, int depth) {
    Known inner = known;
    Condition c = pattern(inner, true);
    c.kind = Condition::Forall;
    Known::Fact candidate = inner.facts.back();
    if (grouped(depth)) {
      c.groups.push_back(conditions(inner, 1 + random_.below(2), depth + 1, false));
    } else {
      c.term = terms_.test(inner, &candidate, rule_);
    }
    return c;
  }

  Condition either(Known& known, int depth, bool counted) {
    Condition c;
    c.kind = Condition::Either;
    std::vector<Known::Fact> facts;
    std::vector<int> numbers;
    for (int i = random_.below(3); i > 0; --i) {
      facts.push_back({newName(rule_, true), random_.below(kTypes)});
    }
    if (!counted && random_.chance(30)) numbers.push_back(newName(rule_, false));
    int branches = random_.chance(80) ? 2 : 3;
    for (int b = 0; b < branches; ++b) {
      Known inner = known;
      List branch;
      if (facts.empty() && numbers.empty()) {
        branch = conditions(inner, 1 + random_.below(2), depth + 1, counted);
      }
      std::vector<Known::Fact> order = facts;
      if (b > 0 && random_.chance(50)) std::reverse(order.begin(), order.end());
      for (const Known::Fact& fact : order) {
        branch.push_back(pattern(inner, true, &fact));
        if (random_.chance(20)) branch.push_back(condition(inner, false, depth + 1, counted));
      }
      for (int number : numbers) branch.push_back(exported(number, inner));
      c.groups.push_back(std::move(branch));
    }
    for (const Known::Fact& fact : facts) known.facts.push_back(fact);
    for (int number : numbers) known.values.push_back({number, Shape::Int});
    return c;
  }

  // A condition that gives an int to a name.
  Condition exported(int number, const Known& known) {
    Condition c;
    if (random_.chance(70)) {
      c.kind = Condition::Let;
      c.term = terms_.integer(known);
    } else {
      Known inner = known;
      c = pattern(inner, true);
      c.kind = Condition::Accumulate;
      c.functions.push_back({Function::Count, {}, number, Shape::Int});
      return c;
    }
    c.name = number;
    return c;
  }

  Condition accumulate(Known& known, int depth) {
    Known inner = known;
    Condition c;
    if (grouped(depth)) {
      c.groups.push_back(conditions(inner, 1 + random_.below(2), depth + 1, true));
    } else {
      c = pattern(inner, true);
    }
    c.kind = Condition::Accumulate;
    c.skipErrors = random_.chance(25);
    bool byKey = repertoire_.groupBy && random_.chance(30);
    if (byKey) {
      for (int i = random_.chance(80) ? 1 : 2; i > 0; --i) {
        Shape shape;
        Term value = terms_.anything(inner, shape);
        if (shape != Shape::Int && shape != Shape::MaybeInt) {
          shape = Shape::Int;
          value = terms_.integer(inner);
        }
        c.keys.push_back({std::move(value), newName(rule_, false)});
        known.values.push_back({c.keys.back().name, shape});
      }
    }
    for (int i = 1 + random_.below(3); i > 0; --i) {
      Function f;
      Shape result = Shape::Int;
      f.kind = static_cast<Function::Kind>(random_.below(9));
      if (f.kind != Function::Count) f.argument = argument(f, inner, byKey, result);
      f.name = newName(rule_, false);
      known.values.push_back({f.name, result});
      c.functions.push_back(std::move(f));
    }
    return c;
  }

  Term argument(Function& f, const Known& inner, bool grouped, Shape& result) {
    Term term;
    do term = terms_.anything(inner, f.of);
    while (f.of == Shape::Ints ||
           (f.of == Shape::MaybeInt && f.kind != Function::Collect &&
            f.kind != Function::Distinct && f.kind != Function::First && f.kind != Function::Last));
    auto ofSome = [&](Shape shape) {
      return grouped || shape == Shape::Any ? shape
             : shape == Shape::Int          ? Shape::MaybeInt
             : shape == Shape::Double       ? Shape::MaybeDouble
                                            : shape;
    };
    switch (f.kind) {
      case Function::Count: break;
      case Function::Sum: result = f.of; break;
      case Function::Avg: result = f.of == Shape::Any ? Shape::Any : Shape::MaybeDouble; break;
      case Function::Min:
      case Function::Max:
      case Function::First:
      case Function::Last: result = ofSome(f.of); break;
      case Function::Collect:
      case Function::Distinct: result = f.of == Shape::Int ? Shape::Ints : Shape::Things; break;
    }
    return term;
  }

  std::optional<Condition> each(Known& known) {
    Condition c;
    c.kind = Condition::Each;
    Shape element;
    auto list = terms_.walked(known, element);
    if (!list) return std::nullopt;
    c.term = std::move(*list);
    c.name = newName(rule_, false);
    known.values.push_back({c.name, element});
    c.filtered = random_.chance(35);
    if (c.filtered) {
      c.where = element == Shape::Int || element == Shape::Any
                    ? TermMaker::make(random_.chance(50) ? Term::Greater : Term::NotEqual,
                                      TermMaker::name(c.name), terms_.integer(known))
                    : terms_.test(known, nullptr, rule_);
    }
    return c;
  }

  void actions(const Known& known) {
    std::vector<Known::Fact> plain;
    for (const Known::Fact& fact : known.facts) {
      if (fact.type < kTypes) plain.push_back(fact);
    }
    auto any = [&](const std::vector<Known::Fact>& from) {
      return from[static_cast<std::size_t>(random_.below(static_cast<int>(from.size())))];
    };
    for (int i = random_.chance(75) ? 1 : 2; i > 0; --i) {
      Action a;
      int kind = random_.below(100);
      if (kind >= 30 && kind < 48 && !known.facts.empty()) {
        a.kind = Action::Retract;
        a.name = any(known.facts).name;
      } else if (kind < 70 && kind >= 48 && !plain.empty()) {
        Known::Fact fact = any(plain);
        a.kind = Action::Set;
        a.name = fact.name;
        a.type = fact.type;
        a.field = random_.below(5);
        a.values.push_back(random_.chance(40) ? TermMaker::constant(random_.below(4))
                                              : terms_.integer(known));
      } else if (kind >= 70 && (repertoire_.derive || kind < 80)) {
        a.kind = kind < 80 ? Action::Insert : Action::InsertLogical;
        a.type = a.kind == Action::Insert && random_.chance(60)
                     ? random_.below(kTypes)
                     : kTypes + random_.below(kDerivedTypes - (a.kind == Action::Insert));
        for (const FieldDeclaration& field : fieldsOf(a.type)) {
          a.values.push_back(field.shape == Shape::Int || field.shape == Shape::Any
                                 ? terms_.integer(known)
                                 : TermMaker::value(randomValue(random_, field.shape)));
        }
      }
      rule_.actions.push_back(std::move(a));
    }
  }

  Random& random_;
  const Repertoire& repertoire_;
  TermMaker terms_;
  Rule rule_;
  int patterns_ = 0;
};

}  // namespace

RuleProgram randomProgram(Random& random, const Repertoire& repertoire) {
  RuleProgram program;
  int rules = 1 + random.below(repertoire.rules);
  std::optional<RuleMaker::Beginning> shared;
  for (int i = 0; i < rules; ++i) {
    program.rules.push_back(RuleMaker(random, repertoire).rule(i, shared));
  }
  return program;
}

}  // namespace reticle::test
