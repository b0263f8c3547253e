// How the conditions of a rule, or of a group, extend a partial match. Each function is one
// condition of the language.
#include <algorithm>

#include "differential/truth.h"

namespace reticle::test {

namespace {

// Adds masks, of all names or of one.
void merge(const std::vector<unsigned>& from, std::vector<unsigned>& into, int only = -1) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t name = 0; name < from.size(); ++name) {
    if (only < 0 || static_cast<int>(name) == only) into[name] |= from[name];
  }
}

class Extension {
 public:
  Extension(const Facts& facts, std::vector<Combination>& out) : facts_(facts), out_(out) {}

  void condition(const Condition& c, const Combination& from) {
    switch (c.kind) {
      case Condition::Pattern: return pass(candidates(c, from));
      case Condition::NotOf: return holds(negated(some(inside(c, from))), from);
      case Condition::Exists: return holds(some(inside(c, from)), from);
      case Condition::Forall: return forall(c, from);
      case Condition::Either: return either(c, from);
      case Condition::Accumulate: return accumulate(c, from);
      case Condition::Each: return each(c, from);
      case Condition::Let: return let(c.name, worth(c.term, from.names, facts_), from);
      case Condition::If: return holds(certainty(c.term, from.names, facts_), from);
    }
  }

 private:
  void pass(const std::vector<Combination>& found) {
    out_.insert(out_.end(), found.begin(), found.end());
  }

  // `from` goes on, unless the condition is false.
  void holds(Certainty condition, Combination from) {
    if (condition == Certainty::False) return;
    from.sure = from.sure && condition == Certainty::True;
    out_.push_back(std::move(from));
  }

  static Certainty negated(Certainty c) {
    return c == Certainty::Unknown ? c : c == Certainty::True ? Certainty::False : Certainty::True;
  }

  // Whether one of these is there: true when one is certain.
  static Certainty some(const std::vector<Combination>& found) {
    if (std::any_of(found.begin(), found.end(), [](const Combination& c) { return c.sure; })) {
      return Certainty::True;
    }
    return found.empty() ? Certainty::False : Certainty::Unknown;
  }

  // Whether a pattern's constraints hold together: a false one settles it, wherever it stands.
  Certainty conjunction(const std::vector<Term>& constraints,
                        const std::vector<Value>& names) const {
    Certainty result = Certainty::True;
    for (const Term& constraint : constraints) {
      Certainty each = certainty(constraint, names, facts_);
      if (each == Certainty::False) return each;
      if (each == Certainty::Unknown) result = each;
    }
    return result;
  }

  // `from` and a fact of the pattern's, for each that is not ruled out.
  std::vector<Combination> candidates(const Condition& c, const Combination& from) const {
    std::vector<Combination> found;
    std::vector<Value> names = from.names;
    for (const auto& [id, record] : facts_) {
      if (record.type != c.type) continue;
      names[static_cast<std::size_t>(c.name)] = Value::fact(FactId{id});
      Certainty truth = conjunction(c.constraints, names);
      if (truth == Certainty::False) continue;
      found.push_back(from);
      found.back().names = names;
      found.back().facts.push_back(id);
      found.back().sure = from.sure && truth == Certainty::True;
    }
    return found;
  }

  // What is found in a pattern or group, by itself: whether what is outside is sure does not matter
  // in it.
  std::vector<Combination> inside(const Condition& c, Combination from) const {
    from.sure = true;
    return c.overGroup() ? extend(c.groups[0], from, facts_) : candidates(c, from);
  }

  // not { P; not-true Q }
  void forall(const Condition& c, const Combination& from) {
    Combination outer = from;
    outer.sure = true;
    std::vector<Combination> against;
    for (Combination& candidate : candidates(c, outer)) {
      Certainty good;
      if (c.overGroup()) {
        Combination inner = candidate;
        inner.sure = true;
        good = some(extend(c.groups[0], inner, facts_));
      } else {
        good = certainty(c.term, candidate.names, facts_);
      }
      if (good == Certainty::True) continue;
      candidate.sure = candidate.sure && good == Certainty::False;
      against.push_back(std::move(candidate));
    }
    holds(negated(some(against)), from);
  }

  // Once for each combination of exported facts and values, sure when one branch is sure of it.
  void either(const Condition& c, const Combination& from) {
    std::vector<Combination> all;
    Combination outer = from;
    outer.sure = true;
    const std::vector<BoundName> exports = namesBoundBy(c);
    for (const std::vector<Condition>& branch : c.groups) {
      for (const Combination& found : extend(branch, outer, facts_)) {
        Combination one = outer;
        for (const BoundName& known : exports) {
          const Value& value = found.names[static_cast<std::size_t>(known.name)];
          one.names[static_cast<std::size_t>(known.name)] = value;
          if (known.fact) {
            one.facts.push_back(index(value.asFact()));
          } else {
            one.places.push_back(value);
          }
        }
        one.sure = found.sure;
        if (one.sure) {
          std::vector<unsigned> read = found.reads;
          merge(fieldsRead(branch), read);
          for (const BoundName& known : exports) merge(read, one.reads, known.name);
        }
        auto twin = std::find_if(all.begin(), all.end(), [&](const Combination& other) {
          return other.facts == one.facts &&
                 std::equal(one.places.begin(), one.places.end(), other.places.begin(),
                            other.places.end(), same);
        });
        if (twin == all.end()) {
          all.push_back(std::move(one));
        } else if (one.sure) {
          twin->sure = true;
          merge(one.reads, twin->reads);
        }
      }
    }
    for (Combination& one : all) {
      one.sure = one.sure && from.sure;
      out_.push_back(std::move(one));
    }
  }

  void accumulate(const Condition& c, const Combination& from) {
    struct Group {
      std::vector<Value> keys;
      std::vector<std::vector<Value>> arguments;
    };
    std::vector<Group> groups;
    if (c.keys.empty()) groups.push_back({{}, std::vector<std::vector<Value>>(c.functions.size())});

    std::vector<Combination> found = inside(c, from);
    std::stable_sort(found.begin(), found.end(), comesBefore);
    bool known = true;
    for (const Combination& candidate : found) {
      std::vector<Value> keys, arguments;
      bool sound = candidate.sure;
      for (const GroupKey& key : c.keys) keys.push_back(worth(key.value, candidate.names, facts_));
      for (const Function& function : c.functions) {
        arguments.push_back(function.kind == Function::Count
                                ? Value()
                                : worth(function.argument, candidate.names, facts_));
      }
      for (const Value& value : keys) sound = sound && !value.isError();
      for (const Value& value : arguments) sound = sound && !value.isError();
      if (!sound && c.skipErrors) continue;
      known = known && sound;
      auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
        return std::equal(keys.begin(), keys.end(), g.keys.begin(), g.keys.end(), same);
      });
      if (group == groups.end()) {
        group = groups.insert(groups.end(),
                              Group{keys, std::vector<std::vector<Value>>(c.functions.size())});
      }
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        group->arguments[i].push_back(arguments[i]);
      }
    }

    const Value nothing = Value::error("RL9001", "unknown");
    if (!known) {
      return results(c, from, std::vector<Value>(c.keys.size(), nothing),
                     std::vector<Value>(c.functions.size(), nothing));
    }
    for (const Group& group : groups) {
      std::vector<Value> totals;
      for (std::size_t i = 0; i < c.functions.size(); ++i) {
        totals.push_back(total(c.functions[i], group.arguments[i]));
      }
      // One total that is unknown makes all of it unknown.
      if (std::any_of(totals.begin(), totals.end(), [](const Value& v) { return v.isError(); })) {
        results(c, from, std::vector<Value>(c.keys.size(), nothing),
                std::vector<Value>(totals.size(), nothing));
      } else {
        results(c, from, group.keys, totals);
      }
    }
  }

  void results(const Condition& c, Combination from, const std::vector<Value>& keys,
               const std::vector<Value>& totals) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      from.names[static_cast<std::size_t>(c.keys[i].name)] = keys[i];
      from.places.push_back(keys[i]);
      from.sure = from.sure && !keys[i].isError();
    }
    for (std::size_t i = 0; i < totals.size(); ++i) {
      from.names[static_cast<std::size_t>(c.functions[i].name)] = totals[i];
      from.sure = from.sure && !totals[i].isError();
    }
    out_.push_back(std::move(from));
  }

  // Once for each place. What cannot be walked gives one element that is an error, of which the
  // filter may still be false.
  void each(const Condition& c, const Combination& from) {
    Value list = worth(c.term, from.names, facts_);
    std::vector<Value> elements;
    bool walked = list.kind() == ValueKind::List || list.kind() == ValueKind::Map;
    if (list.kind() == ValueKind::List) {
      elements = list.asList();
    } else if (list.kind() == ValueKind::Map) {
      for (const auto& [key, value] : list.asMap()) elements.push_back(key);
    } else {
      elements.push_back(Value::error("RL9001", "not a list"));
    }
    for (std::size_t place = 0; place < elements.size(); ++place) {
      Combination next = from;
      next.sure = from.sure && walked;
      next.names[static_cast<std::size_t>(c.name)] = elements[place];
      next.places.push_back(Value::integer(static_cast<std::int64_t>(place)));
      holds(c.filtered ? certainty(c.where, next.names, facts_) : Certainty::True, next);
    }
  }

  // A value that is an error goes on too: whether the rest is false all the same is still to be
  // seen.
  void let(int name, const Value& value, Combination from) {
    from.sure = from.sure && !value.isError();
    from.names[static_cast<std::size_t>(name)] = value;
    out_.push_back(std::move(from));
  }

  const Facts& facts_;
  std::vector<Combination>& out_;
};

}  // namespace

void addFieldsRead(const Term& term, std::vector<unsigned>& masks) {
  if (term.kind == Term::Field) {
    if (masks.size() <= static_cast<std::size_t>(term.name)) {
      masks.resize(static_cast<std::size_t>(term.name) + 1);
    }
    masks[static_cast<std::size_t>(term.name)] |= 1u << term.field;
  }
  for (const Term& arg : term.args) addFieldsRead(arg, masks);
}

std::vector<unsigned> fieldsRead(const std::vector<Condition>& conditions) {
  std::vector<unsigned> masks;
  for (const Condition& c : conditions) {
    for (const Term& constraint : c.constraints) addFieldsRead(constraint, masks);
    addFieldsRead(c.term, masks);
    addFieldsRead(c.where, masks);
    for (const Function& function : c.functions) addFieldsRead(function.argument, masks);
    for (const GroupKey& key : c.keys) addFieldsRead(key.value, masks);
    for (const auto& group : c.groups) {
      std::vector<unsigned> inner = fieldsRead(group);
      if (c.kind == Condition::Either) {
        for (const BoundName& known : namesBoundBy(c)) {
          if (static_cast<std::size_t>(known.name) < inner.size()) {
            inner[static_cast<std::size_t>(known.name)] = 0;
          }
        }
      }
      merge(inner, masks);
    }
  }
  return masks;
}

std::vector<Combination> extend(const std::vector<Condition>& conditions, const Combination& from,
                                const Facts& facts) {
  std::vector<Combination> now = {from};
  for (const Condition& condition : conditions) {
    std::vector<Combination> next;
    for (const Combination& each : now) Extension(facts, next).condition(condition, each);
    now = std::move(next);
  }
  return now;
}

}  // namespace reticle::test
