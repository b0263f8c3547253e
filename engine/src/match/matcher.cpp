#include "match/matcher.h"

#include <algorithm>
#include <cassert>

#include "base/hash.h"
#include "match/aggregate.h"

namespace reticle {

namespace {

bool isAlpha(const Node& node) { return node.kind == NodeKind::Type || node.kind == NodeKind::Test; }
bool holdsEntries(const Node& node) { return node.kind == NodeKind::Not || node.kind == NodeKind::Exists || node.kind == NodeKind::Accumulate; }

}  // namespace

Matcher::Matcher(const Network& network, WorkingMemory& memory, const Surroundings& surroundings, MatchListener& listener)
    : network_(network), memory_(memory), surroundings_(surroundings), listener_(listener) {
  alphaIndexes_.resize(network.indexes.size());
  leftIndexes_.resize(network.nodes.size());
  counts_.assign(network.nodes.size(), 0);
  hidden_.assign(network.nodes.size(), 0);
}

void Matcher::begin() {
  for (const Node& node : network_.nodes)
    if (!isAlpha(node) && node.left == kNoNode) leftActivate(node, kNoToken);
}

void Matcher::add(FactId fact) { change(fact, nullptr, 0, false, true); }
void Matcher::remove(FactId fact) { change(fact, nullptr, 0, true, false); }
void Matcher::update(FactId fact, const std::vector<std::pair<FieldId, Value>>& values, std::uint64_t recency) { change(fact, &values, recency, true, true); }

// --- alpha part

bool Matcher::passes(const Node& test, const Row& row) const {
  Frame frame{&row, nullptr, &surroundings_};
  Value truth = evaluate(test.test, frame);
  return test.loose ? !truth.isFalse() : truth.isTrue();
}

void Matcher::collectAlpha(NodeId from, const Row& row, std::vector<NodeId>& out) const {
  out.push_back(from);
  for (NodeId child : node(from).children)
    if (passes(node(child), row)) collectAlpha(child, row, out);
}

// --- one change

void Matcher::change(FactId fact, const std::vector<std::pair<FieldId, Value>>* values, std::uint64_t recency, bool before, bool after) {
  StoredFact* stored = memory_.find(fact);
  assert(stored && "a change needs a fact that is held");
  NodeId typeNode = network_.typeNodes[index(stored->type)];
  FieldMask changed = 0;
  std::vector<Value> next;
  Row oldRow{stored->fields().data(), fact}, newRow = oldRow;
  if (values) {
    next.assign(stored->fields().begin(), stored->fields().end());
    for (const auto& [field, value] : *values) {
      next[index(field)] = value;
      changed |= bitOf(field);
    }
    newRow.fields = next.data();
  }

  std::vector<NodeId> was, is;
  if (before) collectAlpha(typeNode, oldRow, was);
  if (after) collectAlpha(typeNode, newRow, is);
  std::vector<std::uint8_t> wasIn, isIn;   // by position in was / is: whether the other side holds it too
  auto holds = [](const std::vector<NodeId>& nodes, NodeId id) { return std::find(nodes.begin(), nodes.end(), id) != nodes.end(); };

  std::vector<NodeId> leaving, entering;
  for (NodeId alpha : was) {
    wasIn.push_back(holds(is, alpha));
    for (NodeId reader : node(alpha).readers)
      if (!wasIn.back() || (node(reader).reads & changed)) leaving.push_back(reader);
  }
  for (NodeId alpha : is) {
    isIn.push_back(holds(was, alpha));
    for (NodeId reader : node(alpha).readers)
      if (!isIn.back() || (node(reader).reads & changed)) entering.push_back(reader);
  }
  std::sort(leaving.rbegin(), leaving.rend());
  std::sort(entering.rbegin(), entering.rend());
  auto enters = [&](NodeId id) { return std::binary_search(entering.rbegin(), entering.rend(), id); };

  // Whether the fact is found under another key of an index than before.
  auto moves = [&](AlphaIndexId id) {
    const AlphaIndex& alphaIndex = network_.indexes[index(id)];
    if (!(alphaIndex.reads & changed)) return false;
    std::uint64_t old = 0, fresh = 0;
    bool hadOld = rightHash(alphaIndex.keys, oldRow, old), hasFresh = rightHash(alphaIndex.keys, newRow, fresh);
    return hadOld != hasFresh || old != fresh;
  };
  std::vector<AlphaIndexId> moving;
  if (changed)
    for (NodeId alpha : is)
      for (AlphaIndexId id : node(alpha).indexes)
        if (moves(id)) moving.push_back(id);
  auto moved = [&](AlphaIndexId id) { return std::find(moving.begin(), moving.end(), id) != moving.end(); };

  hiddenFact_ = index(fact);
  for (NodeId id : leaving) hidden_[index(id)] = 1;
  for (NodeId id : entering) hidden_[index(id)] = 1;

  // 1. The fact leaves the indexes whose keys change, and the memories it no longer belongs to.
  for (std::size_t i = 0; i < was.size(); ++i) {
    for (AlphaIndexId id : node(was[i]).indexes)
      if (!wasIn[i] || moved(id)) alphaIndexes_[index(id)].remove(index(fact));
    if (!wasIn[i]) {
      --counts_[index(was[i])];
      if (listener_.watching()) listener_.memoryChanged(was[i], false, {fact}, counts_[index(was[i])]);
    }
  }

  // 2. Tokens that carry it go.
  std::vector<Touched> carrying;
  for (TokenId token = stored->firstToken; token != kNoToken; token = at(token).nextOfFact)
    if (hidden_[index(at(token).node)] && std::binary_search(leaving.rbegin(), leaving.rend(), at(token).node))
      carrying.push_back({at(token).node, token, at(token).serial});
  for (const Touched& gone : carrying)
    if (at(gone.token).serial == gone.serial) deleteToken(gone.token);

  // What it blocked, supported or was counted in is looked at again. An entry that sees the fact before and after under one key waits for
  // step 4, so that it changes at most once.
  std::vector<Touched> pending;
  for (NodeId id : leaving) {
    const Node& reader = node(id);
    if (reader.kind == NodeKind::Join) continue;
    bool once = enters(id) && !moved(reader.index);
    if (!once) {
      rightRemove(reader, fact);
    } else if (reader.kind != NodeKind::Accumulate) {
      forEachLeft(reader, fact, [&](TokenId entry, Truth truth) {
        if (truth == Truth::True || (truth == Truth::Unknown && reader.kind == NodeKind::Not)) pending.push_back({id, entry, at(entry).serial});
      });
    }
  }

  // 3. Its fields take their new values.
  if (values) memory_.assign(fact, *values, recency);

  // 4. It enters indexes and memories, then the nodes that read them.
  Row row = memory_.row(fact);
  for (std::size_t i = 0; i < is.size(); ++i) {
    for (AlphaIndexId id : node(is[i]).indexes) {
      const AlphaIndex& alphaIndex = network_.indexes[index(id)];
      std::uint64_t hash = 0;
      if ((!isIn[i] || moved(id)) && rightHash(alphaIndex.keys, row, hash)) alphaIndexes_[index(id)].add(hash, index(fact));
    }
    if (!isIn[i]) {
      ++counts_[index(is[i])];
      if (listener_.watching()) listener_.memoryChanged(is[i], true, {fact}, counts_[index(is[i])]);
    }
  }
  for (NodeId id : entering) {
    const Node& reader = node(id);
    hidden_[index(id)] = 0;
    if (reader.kind == NodeKind::Join) {
      rightAdd(reader, fact);
      continue;
    }
    bool waited = std::binary_search(leaving.rbegin(), leaving.rend(), id) && !moved(reader.index);
    std::vector<Touched> touched;
    if (reader.kind == NodeKind::Accumulate) {
      forEachLeft(reader, fact, [&](TokenId entry, Truth truth) {
        if (truth != Truth::False || waited) touched.push_back({id, entry, at(entry).serial});
      });
      for (const Touched& each : touched)
        if (at(each.token).serial == each.serial) recompute(reader, each.token);
      continue;
    }
    for (const Touched& each : pending) {
      if (each.node != id || at(each.token).serial != each.serial) continue;
      --at(each.token).count;
      touched.push_back(each);
    }
    forEachLeft(reader, fact, [&](TokenId entry, Truth truth) {
      if (truth == Truth::False || (truth == Truth::Unknown && reader.kind == NodeKind::Exists)) return;
      ++at(entry).count;
      touched.push_back({id, entry, at(entry).serial});
    });
    for (const Touched& each : touched)
      if (at(each.token).serial == each.serial) flip(each.token);
  }
  for (NodeId id : leaving) hidden_[index(id)] = 0;
  hiddenFact_ = 0;
}

// --- beta part

void Matcher::leftActivate(const Node& node, TokenId token) {
  switch (node.kind) {
    case NodeKind::Join: {
      Frames& frame = openFrame(token);
      std::uint64_t hash = 0;
      if (leftHash(node, frame, hash)) {
        leftIndexes_[index(node.id)].add(hash, index(token));
        if (const HashIndex::Group* group = alphaIndexes_[index(node.index)].find(hash))
          for (std::uint32_t fact : *group) {
            if (!visible(node, fact)) continue;
            frame.rows[node.row] = memory_.row(FactId{fact});
            if (tests(node, frame) == Truth::True) join(node, token, FactId{fact});
          }
      }
      closeFrame();
      return;
    }
    case NodeKind::Not:
    case NodeKind::Exists: {
      TokenId entry = newToken(node, token, kNoFact);
      at(entry).active = false;
      Frames& frame = openFrame(token);
      std::uint64_t hash = 0;
      std::uint32_t count = 0;
      if (leftHash(node, frame, hash)) {
        leftIndexes_[index(node.id)].add(hash, index(entry));
        if (const HashIndex::Group* group = alphaIndexes_[index(node.index)].find(hash))
          for (std::uint32_t fact : *group) {
            if (!visible(node, fact)) continue;
            frame.rows[node.row] = memory_.row(FactId{fact});
            Truth truth = tests(node, frame);
            if (truth == Truth::True || (truth == Truth::Unknown && node.kind == NodeKind::Not)) ++count;
          }
      }
      closeFrame();
      at(entry).count = count;
      flip(entry);
      return;
    }
    case NodeKind::Accumulate: {
      TokenId entry = newToken(node, token, kNoFact);
      at(entry).active = false;
      Frames& frame = openFrame(token);
      std::uint64_t hash = 0;
      bool known = leftHash(node, frame, hash);
      closeFrame();
      if (!known) return;
      leftIndexes_[index(node.id)].add(hash, index(entry));
      recompute(node, entry);
      return;
    }
    case NodeKind::Filter: {
      Frames& frame = openFrame(token);
      bool holds = evaluate(node.expr, Frame{frame.rows.data(), frame.locals.data(), &surroundings_}).isTrue();
      closeFrame();
      if (holds) passOn(newToken(node, token, kNoFact));
      return;
    }
    case NodeKind::Let: {
      Frames& frame = openFrame(token);
      Value value = evaluate(node.expr, Frame{frame.rows.data(), frame.locals.data(), &surroundings_});
      closeFrame();
      if (value.isError()) return;
      TokenId fresh = newToken(node, token, kNoFact);
      at(fresh).values = newValues();
      values_[at(fresh).values] = {std::move(value)};
      passOn(fresh);
      return;
    }
    case NodeKind::Production: passOn(newToken(node, token, kNoFact)); return;
    case NodeKind::Type:
    case NodeKind::Test: assert(false && "tokens only reach beta nodes"); return;
  }
}

void Matcher::join(const Node& node, TokenId left, FactId fact) { passOn(newToken(node, left, fact)); }

template <typename Use>
void Matcher::forEachLeft(const Node& node, FactId fact, Use use) {
  Row row = memory_.row(fact);
  std::uint64_t hash = 0;
  if (!rightHash(network_.indexes[index(node.index)].keys, row, hash)) return;
  const HashIndex::Group* group = leftIndexes_[index(node.id)].find(hash);
  if (!group) return;
  for (std::uint32_t id : *group) {
    TokenId token{id};
    Frames& frame = openFrame(holdsEntries(node) ? at(token).parent : token);
    frame.rows[node.row] = row;
    Truth truth = tests(node, frame);
    closeFrame();
    use(token, truth);
  }
}

void Matcher::rightAdd(const Node& node, FactId fact) {
  forEachLeft(node, fact, [&](TokenId left, Truth truth) {
    if (truth == Truth::True) join(node, left, fact);
  });
}

void Matcher::rightRemove(const Node& node, FactId fact) {
  std::vector<Touched> touched;
  forEachLeft(node, fact, [&](TokenId entry, Truth truth) {
    bool counted = truth == Truth::True || (truth == Truth::Unknown && node.kind != NodeKind::Exists);
    if (!counted) return;
    if (node.kind != NodeKind::Accumulate) --at(entry).count;
    touched.push_back({node.id, entry, at(entry).serial});
  });
  for (const Touched& each : touched) {
    if (at(each.token).serial != each.serial) continue;
    if (node.kind == NodeKind::Accumulate) recompute(node, each.token);
    else flip(each.token);
  }
}

void Matcher::flip(TokenId entry) {
  bool wanted = node(at(entry).node).kind == NodeKind::Not ? at(entry).count == 0 : at(entry).count > 0;
  if (wanted == at(entry).active) return;
  if (wanted) {
    at(entry).active = true;
    passOn(entry);
  } else {
    withdraw(entry);
    at(entry).active = false;
  }
}

void Matcher::recompute(const Node& node, TokenId entry) {
  Frames& frame = openFrame(at(entry).parent);
  std::vector<std::uint32_t> candidates;
  std::uint64_t hash = 0;
  bool known = leftHash(node, frame, hash);
  if (const HashIndex::Group* group = known ? alphaIndexes_[index(node.index)].find(hash) : nullptr) candidates = *group;
  std::sort(candidates.begin(), candidates.end());   // so that sums of doubles and lists do not depend on the index

  std::vector<std::vector<Value>> arguments(node.functions.size());
  for (std::uint32_t fact : candidates) {
    if (!visible(node, fact)) continue;
    frame.rows[node.row] = memory_.row(FactId{fact});
    Frame view{frame.rows.data(), frame.locals.data(), &surroundings_};
    Truth truth = tests(node, frame);
    for (const Code& test : node.unsureTests) {
      Value again = evaluate(test, view);
      if (again.isFalse()) truth = Truth::False;
      else if (!again.isTrue() && truth == Truth::True) truth = Truth::Unknown;
    }
    if (truth == Truth::False || (truth == Truth::Unknown && node.skipErrors)) continue;
    if (truth == Truth::Unknown) {
      known = false;
      break;
    }
    std::vector<Value> values;
    bool sound = true;
    for (const model::AccumulateFunction& function : node.functions) {
      values.push_back(function.argument.present() ? evaluate(function.argument.code, view) : Value::boolean(true));
      sound = sound && !values.back().isError();
    }
    if (!sound && node.skipErrors) continue;
    known = known && sound;
    for (std::size_t i = 0; i < values.size(); ++i) arguments[i].push_back(std::move(values[i]));
  }
  closeFrame();

  std::vector<Value> results;
  for (std::size_t i = 0; known && i < node.functions.size(); ++i) {
    results.push_back(aggregate(node.functions[i], arguments[i]));
    known = !results.back().isError();
  }
  if (known && at(entry).active && at(entry).values != kNoValues && values_[at(entry).values] == results) return;
  if (at(entry).active) {
    withdraw(entry);
    at(entry).active = false;
  }
  if (!known) return;
  if (at(entry).values == kNoValues) at(entry).values = newValues();
  values_[at(entry).values] = std::move(results);
  at(entry).active = true;
  passOn(entry);
}

void Matcher::passOn(TokenId token) {
  const Node& owner = node(at(token).node);
  std::uint32_t count = ++counts_[index(owner.id)];
  if (listener_.watching()) listener_.memoryChanged(owner.id, true, factsOf(token), count);
  if (owner.kind == NodeKind::Production) {
    listener_.matchAdded(owner.rule, token);
    return;
  }
  for (NodeId child : owner.children) leftActivate(node(child), token);
}

void Matcher::withdraw(TokenId token) {
  const Node& owner = node(at(token).node);
  while (at(token).firstChild != kNoToken) deleteToken(at(token).firstChild);
  for (NodeId child : owner.children)
    if (node(child).kind == NodeKind::Join) leftIndexes_[index(child)].remove(index(token));
  std::uint32_t count = --counts_[index(owner.id)];
  if (owner.kind == NodeKind::Production) listener_.matchRemoved(token);
  if (listener_.watching()) listener_.memoryChanged(owner.id, false, factsOf(token), count);
}

// --- tokens

TokenId Matcher::newToken(const Node& node, TokenId parent, FactId fact) {
  TokenId id;
  if (free_.empty()) {
    id = TokenId{static_cast<std::uint32_t>(tokens_.size())};
    tokens_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Token& token = at(id);
  token = Token{};
  token.node = node.id;
  token.parent = parent;
  token.fact = fact;
  token.serial = nextSerial_++;
  if (parent != kNoToken) {
    token.nextSibling = at(parent).firstChild;
    if (token.nextSibling != kNoToken) at(token.nextSibling).previousSibling = id;
    at(parent).firstChild = id;
  }
  if (fact != kNoFact) {
    StoredFact* stored = memory_.find(fact);
    token.nextOfFact = stored->firstToken;
    if (token.nextOfFact != kNoToken) at(token.nextOfFact).previousOfFact = id;
    stored->firstToken = id;
  }
  return id;
}

std::uint32_t Matcher::newValues() {
  if (freeValues_.empty()) {
    values_.emplace_back();
    return static_cast<std::uint32_t>(values_.size() - 1);
  }
  std::uint32_t position = freeValues_.back();
  freeValues_.pop_back();
  return position;
}

void Matcher::deleteToken(TokenId id) {
  if (at(id).active) withdraw(id);
  const Node& owner = node(at(id).node);
  if (holdsEntries(owner)) leftIndexes_[index(owner.id)].remove(index(id));
  Token& token = at(id);
  if (token.values != kNoValues) {
    values_[token.values].clear();
    freeValues_.push_back(token.values);
  }
  if (token.previousSibling != kNoToken) at(token.previousSibling).nextSibling = token.nextSibling;
  else if (token.parent != kNoToken) at(token.parent).firstChild = token.nextSibling;
  if (token.nextSibling != kNoToken) at(token.nextSibling).previousSibling = token.previousSibling;
  if (token.fact != kNoFact) {
    if (token.previousOfFact != kNoToken) at(token.previousOfFact).nextOfFact = token.nextOfFact;
    else memory_.find(token.fact)->firstToken = token.nextOfFact;
    if (token.nextOfFact != kNoToken) at(token.nextOfFact).previousOfFact = token.previousOfFact;
  }
  token = Token{};
  free_.push_back(id);
}

// --- frames and tests

Matcher::Frames& Matcher::openFrame(TokenId token) {
  if (depth_ == frames_.size()) {
    frames_.emplace_back();
    frames_.back().rows.resize(network_.maxRows + 1);
    frames_.back().locals.resize(network_.maxLocals + 1);
  }
  Frames& frame = frames_[depth_++];
  fillFrame(token, frame);
  return frame;
}

void Matcher::fillFrame(TokenId id, Frames& frame) const {
  for (; id != kNoToken; id = at(id).parent) {
    const Token& token = at(id);
    const Node& owner = node(token.node);
    if (token.fact != kNoFact) frame.rows[owner.row] = memory_.row(token.fact);
    if (token.values == kNoValues) continue;
    const std::vector<Value>& values = values_[token.values];
    if (owner.kind == NodeKind::Let) frame.locals[owner.local] = values[0];
    else
      for (std::size_t i = 0; i < values.size(); ++i) frame.locals[owner.functions[i].local] = values[i];
  }
}

void Matcher::rowsOf(TokenId token, std::vector<Row>& rows, std::vector<Value>& locals) const {
  Frames frame;
  frame.rows.resize(network_.maxRows + 1);
  frame.locals.resize(network_.maxLocals + 1);
  fillFrame(token, frame);
  rows = std::move(frame.rows);
  locals = std::move(frame.locals);
}

std::vector<FactId> Matcher::factsOf(TokenId id) const {
  std::vector<FactId> facts;
  for (; id != kNoToken; id = at(id).parent)
    if (at(id).fact != kNoFact) facts.push_back(at(id).fact);
  std::reverse(facts.begin(), facts.end());
  return facts;
}

bool Matcher::leftHash(const Node& node, const Frames& frame, std::uint64_t& hash) const {
  hash = 0;
  for (const JoinKey& key : node.keys) {
    Value value = evaluate(key.left, Frame{frame.rows.data(), frame.locals.data(), &surroundings_});
    if (value.isError()) return false;
    hash = hashCombine(hash, value.hash());
  }
  return true;
}

bool Matcher::rightHash(const std::vector<Code>& keys, const Row& row, std::uint64_t& hash) const {
  hash = 0;
  for (const Code& key : keys) {
    Value value = evaluate(key, Frame{&row, nullptr, &surroundings_});
    if (value.isError()) return false;
    hash = hashCombine(hash, value.hash());
  }
  return true;
}

Matcher::Truth Matcher::tests(const Node& node, const Frames& frame) const {
  Frame view{frame.rows.data(), frame.locals.data(), &surroundings_};
  Frame candidate{&frame.rows[node.row], nullptr, &surroundings_};
  for (const JoinKey& key : node.keys)
    if (!(evaluate(key.left, view) == evaluate(key.right, candidate))) return Truth::False;
  Truth truth = Truth::True;
  for (const ResidualTest& test : node.residual) {
    Value value = evaluate(test.code, view);
    if (value.isFalse()) return Truth::False;
    if (!value.isTrue()) truth = Truth::Unknown;
  }
  return truth;
}

}  // namespace reticle
