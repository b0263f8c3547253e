// Makes the random terms of a program: mostly of the right types, sometimes not, so that what is
// unknown comes up.
#include "differential/generate_terms.h"

namespace reticle::test {

namespace {

enum Field { A, B, C, D, E, F, G, M, H };  // of the plain types, see fieldsOf()

}  // namespace

int newName(Rule& rule, bool fact) {
  rule.isFact.push_back(fact);
  return rule.names++;
}

Term TermMaker::constant(std::int64_t number) { return value(Value::integer(number)); }

Term TermMaker::value(Value value) {
  Term term;
  term.value = std::move(value);
  return term;
}

Term TermMaker::name(int name) {
  Term term;
  term.kind = Term::Name;
  term.name = name;
  return term;
}

Term TermMaker::field(const Known::Fact& fact, int field) {
  Term term;
  term.kind = Term::Field;
  term.name = fact.name;
  term.type = fact.type;
  term.field = field;
  return term;
}

Term TermMaker::make(Term::Kind kind, Term a, Term b) {
  Term term;
  term.kind = kind;
  term.args.push_back(std::move(a));
  term.args.push_back(std::move(b));
  return term;
}

Term::Kind TermMaker::comparison() {
  static const Term::Kind kinds[] = {Term::NotEqual, Term::Less, Term::LessEqual, Term::Greater,
                                     Term::GreaterEqual};
  return random_.chance(60) ? Term::Equal : kinds[random_.below(5)];
}

// A fact of one of the types with all kinds of fields.
const Known::Fact* TermMaker::plainFact(const Known& known, const Known::Fact* candidate) {
  if (candidate && candidate->type < kTypes && random_.chance(60)) return candidate;
  std::vector<const Known::Fact*> fitting;
  for (const Known::Fact& fact : known.facts) {
    if (fact.type < kTypes) fitting.push_back(&fact);
  }
  return fitting.empty()
             ? nullptr
             : fitting[static_cast<std::size_t>(random_.below(static_cast<int>(fitting.size())))];
}

const Known::Bound* TermMaker::bound(const Known& known, Shape shape) {
  std::vector<const Known::Bound*> fitting;
  for (const Known::Bound& value : known.values) {
    if (value.shape == shape) fitting.push_back(&value);
  }
  return fitting.empty()
             ? nullptr
             : fitting[static_cast<std::size_t>(random_.below(static_cast<int>(fitting.size())))];
}

Term TermMaker::integer(const Known& known, const Known::Fact* candidate) {
  Term term = constant(random_.below(4));
  if (!known.facts.empty() && random_.chance(60)) {
    const Known::Fact& fact = candidate && random_.chance(25)
                                  ? *candidate
                                  : known.facts[static_cast<std::size_t>(
                                        random_.below(static_cast<int>(known.facts.size())))];
    term = field(fact, random_.below(fact.type < kTypes ? 3 : 2));
  } else if (const Known::Bound* value = bound(known, Shape::Int); value && random_.chance(60)) {
    term = name(value->name);
  } else if (const Known::Bound* maybe = bound(known, Shape::MaybeInt);
             maybe && random_.chance(50)) {
    term = make(Term::Default, name(maybe->name), constant(random_.below(4)));
  } else if (const Known::Fact* fact = plainFact(known, candidate); fact && random_.chance(40)) {
    int kind = random_.below(4);
    Term whole = field(*fact, kind == 0 ? M : G);
    if (kind == 0) {
      term = make(Term::Member, whole, {});
      term.args.pop_back();
      term.text = random_.chance(50) ? "k" : "l";
    } else if (kind < 3) {
      term = make(kind == 1 ? Term::Index : Term::Size, whole, {});
      term.args.pop_back();
      term.field = random_.below(2);
    } else {
      term = make(Term::Default, field(*fact, D), constant(random_.below(4)));
    }
  } else {
    return term;
  }
  return random_.chance(15) ? make(Term::Add, term, constant(1 + random_.below(2))) : term;
}

Term TermMaker::test(const Known& known, const Known::Fact* candidate, Rule& rule) {
  Term term = simpleTest(known, candidate, rule);
  int shape = random_.below(100);
  if (shape < 12) return make(Term::Or, term, simpleTest(known, candidate, rule));
  if (shape < 15) {
    return make(Term::Or, make(Term::And, term, simpleTest(known, candidate, rule)),
                simpleTest(known, candidate, rule));
  }
  if (shape < 19) {
    Term negated = make(Term::Not, term, {});
    negated.args.pop_back();
    return negated;
  }
  return term;
}

Term TermMaker::simpleTest(const Known& known, const Known::Fact* candidate, Rule& rule) {
  if (candidate && candidate->type >= kTypes) {
    return make(comparison(), field(*candidate, random_.below(2)), integer(known));
  }
  if (random_.chance(35)) {
    if (const Known::Fact* fact = plainFact(known, candidate)) return about(*fact, known, rule);
  }
  if (!known.values.empty() && random_.chance(30)) {
    const Known::Bound& value =
        known
            .values[static_cast<std::size_t>(random_.below(static_cast<int>(known.values.size())))];
    Term named = name(value.name);
    switch (value.shape) {
      case Shape::Int: return make(comparison(), named, integer(known, candidate));
      case Shape::MaybeInt:
        return make(random_.chance(70) ? Term::Equal : Term::NotEqual, named,
                    random_.chance(30) ? TermMaker::value(Value()) : integer(known, candidate));
      case Shape::Any: return make(comparison(), named, integer(known, candidate));
      case Shape::Double:
        return make(comparison(), named, TermMaker::value(randomValue(random_, Shape::Double)));
      case Shape::MaybeDouble:
        return make(random_.chance(50) ? Term::Equal : Term::NotEqual, named,
                    TermMaker::value(Value::real(random_.below(4) * 0.5)));
      case Shape::Ints: return make(Term::In, integer(known, candidate), named);
      case Shape::Truth: return named;
      case Shape::Counts:
      case Shape::Things: break;
    }
  }
  Term left = candidate ? field(*candidate, random_.below(3)) : integer(known);
  return make(comparison(), left, integer(known, candidate));
}

// A test of the fields that are not plain numbers.
Term TermMaker::about(const Known::Fact& fact, const Known& known, Rule& rule) {
  switch (random_.below(10)) {
    case 0:
      return make(random_.chance(70) ? Term::Equal : Term::NotEqual, field(fact, D),
                  random_.chance(40) ? value(Value()) : integer(known));
    case 1: {
      const Known::Fact* other = plainFact(known, nullptr);
      return make(random_.chance(80) ? Term::Equal : Term::NotEqual, field(fact, D),
                  field(other ? *other : fact, D));
    }
    case 2: return make(comparison(), field(fact, E), integer(known));
    case 3:
      return make(random_.chance(70) ? Term::Equal : Term::NotEqual, field(fact, E),
                  random_.chance(50) ? value(Value::string("x")) : value(Value()));
    case 4: {
      const Known::Fact* other = plainFact(known, nullptr);
      return make(comparison(), field(fact, E), field(other ? *other : fact, E));
    }
    case 5: {
      const Known::Fact* other = plainFact(known, nullptr);
      if (random_.chance(40)) {
        return make(comparison(), field(fact, F), field(other ? *other : fact, F));
      }
      return make(comparison(), field(fact, F), value(randomValue(random_, Shape::Double)));
    }
    case 6: return make(Term::In, integer(known), field(fact, G));
    case 7: {
      Term list = value(
          Value::list({Value::integer(random_.below(2)), Value::integer(2 + random_.below(2))}));
      return make(Term::In, field(fact, random_.below(3)), list);
    }
    case 8: {
      int element = newName(rule, false);
      Term inner = make(comparison(), name(element), integer(known));
      Term some = make(random_.chance(70) ? Term::Some : Term::Every, field(fact, G), inner);
      some.name = element;
      return some;
    }
    default: {
      int element = newName(rule, false);
      auto member = [&](const char* entry) {
        Term term = make(Term::Member, name(element), {});
        term.args.pop_back();
        term.text = entry;
        return term;
      };
      Term inner = make(random_.chance(80) ? Term::And : Term::Or,
                        make(Term::Equal, member("a"), integer(known)),
                        make(comparison(), member("b"), constant(random_.below(4))));
      Term some = make(random_.chance(80) ? Term::Some : Term::Every, field(fact, H), inner);
      some.name = element;
      return some;
    }
  }
}

std::optional<Term> TermMaker::walked(const Known& known, Shape& element) {
  if (const Known::Bound* list = bound(known, Shape::Ints); list && random_.chance(30)) {
    element = Shape::Int;
    return name(list->name);
  }
  const Known::Fact* fact = plainFact(known, nullptr);
  if (!fact) return std::nullopt;
  int kind = random_.below(10);
  element = kind < 6 ? Shape::Int : kind < 8 ? Shape::Truth : Shape::Any;
  if (kind < 6) return field(*fact, G);
  if (kind < 8) {
    element = Shape::Counts;  // texts; nothing is asked of them
    return field(*fact, M);
  }
  return field(*fact, E);
}

Term TermMaker::anything(const Known& known, Shape& shape) {
  const Known::Fact* fact = plainFact(known, nullptr);
  if (!fact || random_.chance(50)) {
    shape = Shape::Int;
    return integer(known);
  }
  int chosen = random_.below(repertoire_.doubles ? 4 : 3);
  static const int fields[] = {D, E, G, F};
  shape = fieldsOf(fact->type)[static_cast<std::size_t>(fields[chosen])].shape;
  return field(*fact, fields[chosen]);
}

}  // namespace reticle::test
