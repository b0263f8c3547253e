// Owners of branches: not and exists over groups, either, accumulate; and each.
//
// A match that arrives at an owner is passed into its branches. What comes out at their ends is
// counted in records of the owner's token; at the end of the change each record that was touched is
// decided, and what it passes on hangs from the record.

#include "base/hash.h"
#include "match/matcher.h"

namespace reticle {

namespace {

// As a key: of one kind and equal, NaN equal to itself.
bool same(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.kind() == ValueKind::Double && a.asDouble() != a.asDouble()) {
    return b.asDouble() != b.asDouble();
  }
  return a == b;
}

std::uint64_t hashOf(const Value* values, std::size_t count) {
  std::uint64_t hash = count;
  for (std::size_t i = 0; i < count; ++i) hash = hashCombine(hash, values[i].hash());
  return hash;
}

}  // namespace

std::size_t Matcher::keyLength(const Node& owner) const {
  return owner.kind == NodeKind::Either ? owner.exports.size() : owner.groupBy.size();
}

// The record is there before the branch runs, because its ends count in it.
void Matcher::arriveOwner(const Node& at, std::uint32_t token) {
  // either has records only for what its branches give
  const bool whole = at.kind != NodeKind::Either;
  const std::uint32_t record = whole ? newRecord(token, nullptr, 0, 0) : kNone;
  emit(at.branches, {token, kNone, nullptr, 0, false, &tokens_[token].firstChild});
  if (whole) markRecord(at, record);
}

// A match of the branch: it is sure if every token since the owner is.
void Matcher::arriveEnd(const Node& end, std::uint32_t id) {
  Token& token = tokens_[id];
  const std::uint32_t ownerToken = up(id, end.ownerHops);
  const Node& owner = node(end.owner);
  bool unsure = false;
  for (std::uint32_t at = id; at != ownerToken; at = tokens_[at].parent) {
    unsure = unsure || (tokens_[at].flags & Token::kUnsure);
  }

  std::uint32_t record = tokens_[ownerToken].extra;
  if (owner.kind == NodeKind::Either) {
    std::vector<Value> key;
    for (const Node::Exported& each : end.exports) {
      key.push_back(each.fact ? Value::fact(factIdAt(id, end.rows[each.from]))
                              : valueAt(id, end.locals[each.from]));
    }
    record = recordOf(ownerToken, key.data(), key.size());
    token.flags |= Token::kArrived;
    arrivedEnds_.push_back(id);
  } else if (owner.kind == NodeKind::Accumulate) {
    std::vector<Value>& arguments = arguments_;
    arguments.clear();
    for (const Operand& operand : end.arguments) {
      Value store;
      const Value* value = read(operand, id, Row{}, store);
      if (value->isError()) {
        if (end.skipErrors) return;  // left out: it stands in no record
        unknowns_.note(owner.id, *value);
        unsure = true;
      }
      arguments.push_back(*value);
    }
    const std::size_t functions = end.functions.size();
    if (!unsure && !end.groupBy.empty()) {
      record = recordOf(ownerToken, arguments.data() + functions, end.groupBy.size());
    }
    Record& of = records_[record];
    if (!unsure) {
      if (!of.aggregates) {
        of.aggregates = std::make_unique<std::vector<Aggregate>>();
        for (const model::AccumulateFunction& function : owner.functions) {
          of.aggregates->emplace_back(function, *this);
        }
      }
      Value* kept = values_.at(token.values) + end.binding.values.size();
      for (std::size_t i = 0; i < functions; ++i) {
        (*of.aggregates)[i].add(arguments[i], id);
        kept[i] = std::move(arguments[i]);
      }
    } else if (of.unsure == 0) {  // now all its groups are unknown
      for (std::uint32_t each = of.next; each != kNone; each = records_[each].next) {
        markRecord(owner, each);
      }
    }
  }
  token.extra = record;
  token.flags =
      unsure ? token.flags | Token::kUnsure : token.flags & ~std::uint32_t{Token::kUnsure};
  ++(unsure ? records_[record].unsure : records_[record].sure);
  markRecord(owner, record);
}

// The reverse of arriveEnd; nothing to do when the owner itself goes.
void Matcher::leaveEnd(const Node& end, Token& token, std::uint32_t id) {
  if (token.extra == kNone) return;
  const std::uint32_t ownerToken = up(id, end.ownerHops);
  if (tokens_[ownerToken].flags & Token::kDeleting) return;
  const Node& owner = node(end.owner);
  Record& record = records_[token.extra];
  const bool unsure = token.flags & Token::kUnsure;
  --(unsure ? record.unsure : record.sure);
  if (owner.kind == NodeKind::Accumulate) {
    if (!unsure) {
      const Value* kept = values_.at(token.values) + end.binding.values.size();
      for (std::size_t i = 0; i < end.functions.size(); ++i) {
        (*record.aggregates)[i].remove(kept[i], id);
      }
    } else if (record.unsure == 0) {
      for (std::uint32_t each = record.next; each != kNone; each = records_[each].next) {
        markRecord(owner, each);
      }
    }
  }
  // An exported fact has changed where it is read: what was passed on is passed on anew, even if
  // the combination stays. A branch that held only within the change has passed on nothing.
  if (owner.kind == NodeKind::Either && changed_ != 0 && !(token.flags & Token::kArrived)) {
    for (const Node::Exported& each : end.exports) {
      if (each.fact && (each.reads & changed_) &&
          factIdAt(id, end.rows[each.from]) == changedFact_) {
        record.renew = true;
      }
    }
  }
  markRecord(owner, token.extra);
}

// --- records

// Records of one owner are linked; the key is copied.
std::uint32_t Matcher::newRecord(std::uint32_t owner, const Value* key, std::size_t count,
                                 std::uint64_t hash) {
  const std::uint32_t number = records_.make();
  Record& record = records_[number];
  record.owner = owner;
  record.hash = hash;
  // After the first: that of an accumulate is the one of the whole branch.
  std::uint32_t& first = tokens_[owner].extra;
  if (first == kNone) {
    first = number;
  } else {
    record.previous = first;
    record.next = records_[first].next;
    if (record.next != kNone) records_[record.next].previous = number;
    records_[first].next = number;
  }
  if (count == 0) return number;
  record.key = values_.make(count);
  for (std::size_t i = 0; i < count; ++i) values_.at(record.key)[i] = key[i];
  return number;
}

// The record of a key, made when it is new. Records of one hash are linked by nextAlike.
std::uint32_t Matcher::recordOf(std::uint32_t owner, const Value* key, std::size_t count) {
  const std::uint64_t hash = hashCombine(owner, hashOf(key, count));
  if (const std::uint32_t* first = recordByHash_.find(hash)) {
    for (std::uint32_t at = *first; at != kNone; at = records_[at].nextAlike) {
      if (records_[at].owner != owner) continue;
      const Value* other = count == 0 ? nullptr : values_.at(records_[at].key);
      bool equal = true;
      for (std::size_t i = 0; equal && i < count; ++i) equal = same(key[i], other[i]);
      if (equal) return at;
    }
  }
  const std::uint32_t number = newRecord(owner, key, count, hash);
  std::uint32_t* first = recordByHash_.find(hash);
  records_[number].nextAlike = first ? *first : kNone;
  recordByHash_[hash] = number;
  records_[number].keyed = true;
  return number;
}

// Its number is given back at the end of the change only.
void Matcher::releaseRecord(std::uint32_t number) {
  Record& record = records_[number];
  const Node& owner = nodeOf(tokens_[record.owner]);
  if (record.keyed) {
    std::uint32_t* first = recordByHash_.find(record.hash);
    if (*first == number) {
      if (record.nextAlike == kNone) {
        recordByHash_.erase(record.hash);
      } else {
        *first = record.nextAlike;
      }
    } else {
      std::uint32_t at = *first;
      while (records_[at].nextAlike != number) at = records_[at].nextAlike;
      records_[at].nextAlike = record.nextAlike;
    }
  }
  if (record.key != kNone) values_.release(record.key, keyLength(owner));
  if (record.previous != kNone) {
    records_[record.previous].next = record.next;
  } else {
    tokens_[record.owner].extra = record.next;
  }
  if (record.next != kNone) records_[record.next].previous = record.previous;
  record.aggregates.reset();
  record.outValues.clear();
  record.owner = kNone;
  goneRecords_.push_back(number);
}

// Whether an accumulate's record has results, and which.
bool Matcher::accumulateValues(const Node& owner, Record& record, std::vector<Value>& values) {
  const bool keyed = record.keyed;
  if (keyed != !owner.groupBy.empty() || (keyed && record.sure == 0)) return false;
  for (const model::AccumulateFunction& function : owner.functions) {
    const std::size_t i = values.size();
    values.push_back(record.aggregates ? (*record.aggregates)[i].result()
                                       : aggregate(function, {}));
  }
  for (std::size_t i = 0; i < owner.groupBy.size(); ++i) {
    values.push_back(values_.at(record.key)[i]);
  }
  return true;
}

// What the record gives now (0: nothing, 1: sure, 2: unsure); when that differs from before, all
// that was made of it goes and is made anew.
void Matcher::decideRecord(std::uint32_t number) {
  Record& record = records_[number];
  if (record.owner == kNone) return;
  record.dirty = false;
  const Node& owner = nodeOf(tokens_[record.owner]);
  std::uint32_t out = 0;
  std::vector<Value>& values = decided_;
  values.clear();
  switch (owner.kind) {
    case NodeKind::NotGroup:
      out = record.sure > 0 ? 0 : record.unsure == 0 ? 1 : owner.loose ? 2 : 0;
      break;
    case NodeKind::ExistsGroup:
    case NodeKind::Either:
      out = record.sure > 0 ? 1 : record.unsure > 0 && owner.loose ? 2 : 0;
      for (std::size_t i = 0; out != 0 && i < owner.exports.size(); ++i) {
        values.push_back(values_.at(record.key)[i]);
      }
      break;
    case NodeKind::Accumulate: {
      const Record& whole = records_[tokens_[record.owner].extra];
      if (whole.unsure > 0) {
        if (!owner.loose || record.keyed) break;
        const Value unknown = Value::error("RL9001", "not all that is accumulated is known");
        values.assign(owner.functions.size() + owner.groupBy.size(), unknown);
        out = 2;
      } else if (accumulateValues(owner, record, values)) {
        out = 1;
        for (const Value& value : values) {
          if (!value.isError()) continue;
          unknowns_.note(owner.id, value);
          out = owner.loose ? 2 : 0;
        }
        // One result that is unknown makes all of it unknown.
        if (out == 2) {
          values.assign(values.size(),
                        Value::error("RL9001", "not all that is accumulated is known"));
        }
      }
      break;
    }
    case NodeKind::Type:
    case NodeKind::Test:
    case NodeKind::Newest:
    case NodeKind::Join:
    case NodeKind::Not:
    case NodeKind::Exists:
    case NodeKind::Each:
    case NodeKind::Let:
    case NodeKind::Filter:
    case NodeKind::Wait:
    case NodeKind::Since:
    case NodeKind::End:
    case NodeKind::Production: break;
  }
  bool equal = out == record.out && !record.renew && values.size() == record.outValues.size();
  for (std::size_t i = 0; equal && out != 0 && i < values.size(); ++i) {
    equal = same(values[i], record.outValues[i]) ||
            (values[i].isError() && record.outValues[i].isError());
  }
  if (!equal) {
    deleteChildren(record.firstOutput);
    record.renew = false;
    record.out = out;
    record.outValues.clear();
    if (out != 0) {
      record.outValues.swap(values);
      emit(owner.children, {record.owner, kNone, record.outValues.data(), record.outValues.size(),
                            out == 2, &record.firstOutput});
    }
  }
  if (record.keyed && record.sure == 0 && record.unsure == 0) releaseRecord(number);
}

// --- each

// One match an element; a map gives its keys. `where` is asked for each element.
void Matcher::arriveEach(const Node& at, std::uint32_t id) {
  Token& token = tokens_[id];
  const Value list = evaluateAt(at.expr, id);
  if (list.isError()) unknowns_.note(at.id, list);
  const auto pass = [&](const Value& element, std::size_t place, bool unsure) {
    if (!at.where.empty()) {
      ++counters_[index(at.id)].tests;
      Frames& frame = openFrame(id);
      frame.locals[at.local] = element;
      const Truth truth = truthOf(
          evaluate(at.where, Frame{frame.rows.data(), frame.locals.data(), &surroundings_}));
      closeFrame();
      if (truth == Truth::False || (truth == Truth::Unknown && !at.loose)) return;
      unsure = unsure || truth == Truth::Unknown;
    }
    const Value values[] = {element, Value::integer(static_cast<std::int64_t>(place))};
    emit(at.children, {id, kNone, values, 2, unsure, &token.firstChild});
  };
  if (list.kind() == ValueKind::List) {
    for (std::size_t i = 0; i < list.asList().size(); ++i) pass(list.asList()[i], i, false);
  } else if (list.kind() == ValueKind::Map) {
    for (std::size_t i = 0; i < list.asMap().size(); ++i) pass(list.asMap()[i].first, i, false);
  } else if (at.loose) {
    pass(list.isError() ? list : Value::error("RL9001", "`each` needs a list or a map"), 0, true);
  }
}

}  // namespace reticle
