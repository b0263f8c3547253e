// The slow, obvious engine: after each change it finds all matches anew and compares them with
// those of before.
#include "differential/oracle.h"

#include <algorithm>

namespace reticle::test {

namespace {

// A value as the part of an identity: equal texts for values that are the same(), and no others.
// Kinds inside of lists and maps do not tell values apart, since 1 == 1.0.
std::string textOf(const Value& value, bool outermost = true) {
  std::string text = outermost ? std::to_string(static_cast<int>(value.kind())) + ":" : "";
  if (value.kind() == ValueKind::List) {
    for (const Value& element : value.asList()) text += textOf(element, false) + ",";
    return text + "]";
  }
  if (value.kind() == ValueKind::Map) {
    std::set<std::string> entries;
    for (const auto& [key, entry] : value.asMap()) {
      entries.insert(textOf(key, false) + "=" + textOf(entry, false));
    }
    for (const std::string& entry : entries) text += entry + ",";
    return text + "}";
  }
  if (!outermost && value.kind() == ValueKind::Int) {
    return toText(Value::real(static_cast<double>(value.asInt())));
  }
  return text + toText(value);
}

}  // namespace

Oracle::Oracle(const RuleProgram& program) : program_(program) {
  for (const Rule& rule : program.rules) {
    reads_.push_back(fieldsRead(rule.conditions));
    addFieldsRead(rule.salience, reads_.back());
    for (const Action& action : rule.actions) {
      if (action.kind != Action::InsertLogical) continue;
      for (const Term& value : action.values) addFieldsRead(value, reads_.back());
    }
    reads_.back().resize(static_cast<std::size_t>(rule.names));
  }
  rematch(0, 0);
}

// --- what hosts do

std::uint32_t Oracle::insert(int type, std::vector<Value> fields) {
  std::uint32_t fact = add(type, std::move(fields), false);
  withdrawUnsupported();
  return fact;
}

void Oracle::update(std::uint32_t fact, const std::map<int, Value>& fields) {
  changedByHost_ = true;
  change(fact, fields);
  withdrawUnsupported();
  changedByHost_ = false;
}

void Oracle::retract(std::uint32_t fact) {
  remove(fact);
  withdrawUnsupported();
}

// --- changes of working memory

std::uint32_t Oracle::add(int type, std::vector<Value> fields, bool logical) {
  std::uint32_t fact = ++lastFact_;
  facts_[fact] = {type, std::move(fields), logical};
  if (firing_) made_.insert(fact);
  ++changes_;
  rematch(fact, 0);
  return fact;
}

void Oracle::change(std::uint32_t fact, const std::map<int, Value>& fields) {
  unsigned mask = 0;
  if (changedByHost_) before_ = facts_;
  for (const auto& [field, value] : fields) {
    Value& old = facts_[fact].fields[static_cast<std::size_t>(field)];
    if (same(old, value)) continue;
    old = value;
    mask |= 1u << field;
  }
  if (!mask) return;
  if (facts_[fact].logical) free(fact);
  ++changes_;
  rematch(fact, mask);
}

void Oracle::remove(std::uint32_t fact) {
  free(fact);
  facts_.erase(fact);
  supports_.erase(fact);
  made_.erase(fact);
  ++changes_;
  rematch(fact, 0);
}

std::string Oracle::identity(int rule, const Combination& combination) {
  std::string text = std::to_string(rule) + "(";
  for (std::uint32_t fact : combination.facts) text += std::to_string(fact) + ",";
  for (const Value& value : combination.names) text += textOf(value) + ";";
  for (const Value& place : combination.places) text += textOf(place) + ";";
  return text;
}

bool Oracle::read(const OracleMatch& match, std::uint32_t fact, unsigned mask) const {
  const std::vector<unsigned>& always = reads_[static_cast<std::size_t>(match.rule)];
  const std::vector<unsigned>& branches = match.combination.reads;
  for (std::size_t name = 0; name < always.size(); ++name) {
    const Value& value = match.combination.names[name];
    unsigned read = always[name] | (name < branches.size() ? branches[name] : 0);
    if (value.kind() == ValueKind::Fact && index(value.asFact()) == fact && (read & mask)) {
      return true;
    }
  }
  return false;
}

void Oracle::rematch(std::uint32_t fact, unsigned mask) {
  std::map<std::string, OracleMatch> now;
  std::set<std::uint64_t> kept;
  std::vector<OracleMatch> fresh;
  for (std::size_t r = 0; r < program_.rules.size(); ++r) {
    const Rule& rule = program_.rules[r];
    Combination empty;
    empty.names.resize(static_cast<std::size_t>(rule.names));
    for (Combination& found : extend(rule.conditions, empty, facts_)) {
      if (!found.sure) continue;
      std::string id = identity(static_cast<int>(r), found);
      auto old = matches_.find(id);
      if (old != matches_.end() && !read(old->second, fact, mask)) {
        kept.insert(old->second.serial);
        now[id] = old->second;
        now[id].combination.reads = found.reads;
        continue;
      }
      OracleMatch match{++lastSerial_, static_cast<int>(r), std::move(found), 0, changes_, false};
      Value salience = worth(rule.salience, match.combination.names, facts_);
      if (salience.kind() == ValueKind::Int) match.salience = salience.asInt();
      // What a rule's own firing makes of its match does not fire again.
      if (rule.noLoop && firing_ && firing_->rule == match.rule &&
          firing_->combination.facts == match.combination.facts) {
        match.fired = true;
      }
      fresh.push_back(match);
      now[id] = std::move(match);
    }
  }
  for (const auto& [id, match] : matches_) {
    if (kept.count(match.serial)) continue;
    noteEnded(match);
    if (!changedByHost_ || !match.fired) continue;
    const std::string left = returnOf(match, mask ? before_ : facts_);
    if (!left.empty()) returning_.insert(left);
  }
  matches_ = std::move(now);
  const std::set<std::uint64_t> renewed = noteCame(fresh);
  for (const OracleMatch& match : fresh) {
    if (!changedByHost_) break;
    const auto back = returning_.find(returnOf(match, facts_));
    if (back == returning_.end()) continue;
    returning_.erase(back);
    const std::vector<Action>& actions =
        program_.rules[static_cast<std::size_t>(match.rule)].actions;
    const bool derives = std::any_of(actions.begin(), actions.end(), [](const Action& action) {
      return action.kind == Action::InsertLogical;
    });
    if (derives && !renewed.count(match.serial)) continue;
    matches_[identity(match.rule, match.combination)].fired = true;
  }
}

// Empty where the facts of an `either` are in play: what its branch read of them then is not known.
std::string Oracle::returnOf(const OracleMatch& match, const Facts& facts) const {
  for (const Condition& c : program_.rules[static_cast<std::size_t>(match.rule)].conditions) {
    if (c.kind != Condition::Either) continue;
    for (const BoundName& bound : namesBoundBy(c)) {
      if (bound.fact) return {};
    }
  }
  std::string text = identity(match.rule, match.combination);
  const std::vector<unsigned>& reads = reads_[static_cast<std::size_t>(match.rule)];
  for (std::size_t name = 0; name < reads.size(); ++name) {
    const Value& value = match.combination.names[name];
    if (value.kind() != ValueKind::Fact) continue;
    const auto found = facts.find(index(value.asFact()));
    if (found == facts.end()) continue;
    for (std::size_t field = 0; field < found->second.fields.size(); ++field) {
      if (reads[name] & (1u << field)) text += textOf(found->second.fields[field]) + "|";
    }
  }
  return text;
}

// --- conclusions follow their reasons

void Oracle::noteEnded(const OracleMatch& match) {
  Renewal ended{match.rule, match.combination.facts, match.combination.places, {}, 0};
  for (auto& [logical, keepers] : supports_) {
    if (keepers.erase(match.serial)) ended.conclusions.insert(logical);
  }
  const auto again = std::find_if(renewed_.begin(), renewed_.end(),
                                  [&](const Renewal& each) { return each.serial == match.serial; });
  if (!ended.conclusions.empty()) {
    ended_.push_back(std::move(ended));
  } else if (again != renewed_.end()) {
    ended_.push_back(std::move(*again));
    renewed_.erase(again);
  }
}

std::set<std::uint64_t> Oracle::noteCame(std::vector<OracleMatch> fresh) {
  std::set<std::uint64_t> renewed;
  std::sort(fresh.begin(), fresh.end(), [](const OracleMatch& a, const OracleMatch& b) {
    if (a.rule != b.rule) return a.rule < b.rule;
    if (a.combination.facts != b.combination.facts) {
      return a.combination.facts > b.combination.facts;
    }
    return comesBefore(a.combination, b.combination);
  });
  for (const OracleMatch& match : fresh) {
    const auto found = std::find_if(ended_.begin(), ended_.end(), [&](const Renewal& each) {
      return each.rule == match.rule && each.facts == match.combination.facts &&
             each.places == match.combination.places;
    });
    if (found == ended_.end()) continue;
    renewed_.push_back(std::move(*found));
    renewed_.back().serial = match.serial;
    renewed.insert(match.serial);
    ended_.erase(found);
  }
  return renewed;
}

// What follows now is computed before anything of it is changed; a new conclusion waits for the
// firing.
void Oracle::conclude(const Renewal& renewal) {
  const auto holds = [&]() -> const OracleMatch* {
    for (const auto& [id, match] : matches_) {
      if (match.serial == renewal.serial) return &match;
    }
    return nullptr;
  };
  const OracleMatch* match = holds();
  if (!match) return;
  std::vector<std::pair<int, std::vector<Value>>> wanted;
  for (const Action& action : program_.rules[static_cast<std::size_t>(renewal.rule)].actions) {
    if (action.kind != Action::InsertLogical) continue;
    std::vector<Value> values;
    for (const Term& term : action.values) {
      values.push_back(worth(term, match->combination.names, facts_));
    }
    if (std::any_of(values.begin(), values.end(), [](const Value& v) { return v.isError(); })) {
      continue;
    }
    wanted.emplace_back(action.type, std::move(values));
  }
  for (const auto& [type, values] : wanted) {
    if (!holds()) return;
    const std::uint32_t there = twin(type, values);
    if (!there) continue;
    if (facts_[there].fields == values) {
      supports_[there].insert(renewal.serial);
    } else if (renewal.conclusions.count(there) && supports_[there].empty() &&
               ++revisions_[there] <= 16) {
      supports_[there].insert(renewal.serial);
      change(there, {{0, values[0]}, {1, values[1]}});
    }
  }
}

// --- truth maintenance

void Oracle::derive(int type, std::vector<Value> fields, std::uint64_t by) {
  std::uint32_t fact = twin(type, fields);
  if (!fact) {
    fact = add(type, std::move(fields), true);
    supports_[fact];
  }
  // The match may have ended while its own consequences were applied.
  for (const auto& [id, match] : matches_) {
    if (match.serial == by) supports_[fact].insert(by);
  }
}

std::uint32_t Oracle::twin(int type, const std::vector<Value>& fields) const {
  std::uint32_t fact = 0;
  for (const auto& [id, record] : facts_) {
    if (record.logical && record.type == type &&
        (type == kKeyed ? record.fields[0] == fields[0] : record.fields == fields)) {
      fact = id;
    }
  }
  return fact;
}

bool Oracle::contradicts(const Rule& rule, const OracleMatch& match,
                         const std::vector<std::vector<Value>>& values,
                         std::uint32_t& inTheWay) const {
  std::set<std::uint32_t> retracted;
  for (const Action& action : rule.actions) {
    if (action.kind == Action::Retract) {
      retracted.insert(
          index(match.combination.names[static_cast<std::size_t>(action.name)].asFact()));
    }
  }
  for (std::size_t i = 0; i < rule.actions.size(); ++i) {
    if (rule.actions[i].kind != Action::InsertLogical || rule.actions[i].type != kKeyed) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (rule.actions[j].kind == Action::InsertLogical && rule.actions[j].type == kKeyed &&
          values[j][0] == values[i][0] && !(values[j] == values[i])) {
        return true;
      }
    }
    const std::uint32_t there = twin(kKeyed, values[i]);
    if (there && !retracted.count(there) && !(facts_.at(there).fields == values[i])) {
      inTheWay = there;
      return true;
    }
  }
  return false;
}

// What was refused because of this fact is tried again.
void Oracle::free(std::uint32_t fact) {
  for (auto each = refused_.begin(); each != refused_.end();) {
    if (each->second != fact) {
      ++each;
      continue;
    }
    freed_.insert(each->first);
    each = refused_.erase(each);
  }
}

// Whether it follows from stated facts: one of its matches has only facts that are stated or
// founded themselves.
std::set<std::uint32_t> Oracle::founded() const {
  std::set<std::uint32_t> found;
  for (bool more = true; more;) {
    more = false;
    for (const auto& [logical, keepers] : supports_) {
      for (const auto& [id, match] : matches_) {
        if (!keepers.count(match.serial)) continue;
        bool holds = true;
        for (std::uint32_t fact : match.combination.facts) {
          holds = holds && (!facts_.at(fact).logical || found.count(fact));
        }
        if (holds && found.insert(logical).second) more = true;
      }
    }
  }
  return found;
}

// What nothing supports goes, the oldest first, then what is held up only by itself; each going is
// a change of its own.
void Oracle::withdrawUnsupported() {
  for (;;) {
    if (!renewed_.empty()) {
      const Renewal first = std::move(renewed_.front());
      renewed_.erase(renewed_.begin());
      conclude(first);
      continue;
    }
    auto gone = std::find_if(supports_.begin(), supports_.end(),
                             [](const auto& entry) { return entry.second.empty(); });
    if (gone == supports_.end()) {
      const std::set<std::uint32_t> kept = founded();
      gone = std::find_if(supports_.begin(), supports_.end(),
                          [&](const auto& entry) { return kept.count(entry.first) == 0; });
    }
    if (gone == supports_.end()) break;
    remove(gone->first);
  }
  ended_.clear();
  revisions_.clear();
  for (auto& [id, match] : matches_) {
    if (freed_.count(match.serial)) match.fired = false;
  }
  freed_.clear();
}

// --- the agenda

std::vector<OracleMatch> Oracle::agenda() const {
  std::vector<OracleMatch> ready;
  for (const auto& [id, match] : matches_) {
    if (!match.fired) ready.push_back(match);
  }
  std::sort(ready.begin(), ready.end(), [](const OracleMatch& a, const OracleMatch& b) {
    if (a.salience != b.salience) return a.salience > b.salience;
    if (a.since != b.since) return a.since > b.since;
    if (a.rule != b.rule) return a.rule < b.rule;
    if (a.combination.facts != b.combination.facts) {
      return a.combination.facts > b.combination.facts;
    }
    return comesBefore(a.combination, b.combination);
  });
  return ready;
}

void Oracle::fire(std::size_t position) {
  returning_.clear();
  OracleMatch match = agenda()[position];
  const Rule& rule = program_.rules[static_cast<std::size_t>(match.rule)];
  matches_[identity(match.rule, match.combination)].fired = true;

  // Everything is computed before anything happens; where something has no value, nothing happens.
  std::vector<std::vector<Value>> values;
  for (const Action& action : rule.actions) {
    values.emplace_back();
    for (const Term& term : action.values) {
      values.back().push_back(worth(term, match.combination.names, facts_));
    }
    for (const Value& value : values.back()) {
      if (value.isError()) return;
    }
  }

  std::uint32_t inTheWay = 0;
  if (contradicts(rule, match, values, inTheWay)) {
    if (inTheWay) refused_[match.serial] = inTheWay;
    return;
  }
  firing_ = &match;
  // one update a fact, in order of first mention
  std::vector<std::pair<std::uint32_t, std::map<int, Value>>> sets;
  for (std::size_t i = 0; i < rule.actions.size(); ++i) {
    const Action& action = rule.actions[i];
    std::uint32_t target =
        action.name < 0
            ? 0
            : index(match.combination.names[static_cast<std::size_t>(action.name)].asFact());
    switch (action.kind) {
      case Action::Log: break;
      case Action::Insert: add(action.type, values[i], false); break;
      case Action::InsertLogical: derive(action.type, values[i], match.serial); break;
      case Action::Retract:
        if (facts_.count(target)) remove(target);
        break;
      case Action::Set: {
        auto found = std::find_if(sets.begin(), sets.end(),
                                  [&](const auto& entry) { return entry.first == target; });
        if (found == sets.end()) found = sets.insert(sets.end(), {target, {}});
        found->second[action.field] = values[i][0];
        break;
      }
    }
  }
  for (const auto& [target, fields] : sets) {
    if (facts_.count(target)) change(target, fields);
  }
  withdrawUnsupported();
  firing_ = nullptr;
}

}  // namespace reticle::test
