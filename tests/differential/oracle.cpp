#include "differential/oracle.h"

#include <algorithm>

namespace reticle::test {

Oracle::Oracle(const RandomProgram& program) : program_(program) {
  for (const Rule& rule : program.rules) reads_.push_back(readMasks(rule));
  changed(0, 0);
}

std::vector<unsigned> Oracle::readMasks(const Rule& rule) const {
  std::vector<unsigned> masks(static_cast<std::size_t>(rule.rows) + 1, 0);
  for (const Part& part : rule.parts) {
    auto read = [&](const Operand& operand) {
      // A row number at or past the part's own is its candidate; only patterns bind it.
      bool candidate = operand.row == part.row && part.kind != Part::Let && part.kind != Part::If;
      if (operand.kind != Operand::Field || (candidate && part.kind != Part::Pattern)) return;
      masks[static_cast<std::size_t>(operand.row)] |= 1u << operand.field;
    };
    for (const Clause& clause : part.clauses)
      for (const Test& test : clause.tests) {
        read(test.left);
        read(test.right);
      }
    if (part.kind == Part::Let) read(part.value);
  }
  return masks;
}

void Oracle::insert(std::uint32_t id, int type, Record record) {
  facts_[id] = {type, std::move(record)};
  ++changes_;
  changed(id, 0);
}

void Oracle::update(std::uint32_t id, const std::map<int, Cell>& fields) {
  unsigned mask = 0;
  for (const auto& [field, cell] : fields) {
    Cell& old = facts_[id].second[static_cast<std::size_t>(field)];
    if (old == cell) continue;
    old = cell;
    mask |= 1u << field;
  }
  if (!mask) return;
  ++changes_;
  changed(id, mask);
}

void Oracle::retract(std::uint32_t id) {
  facts_.erase(id);
  ++changes_;
  changed(id, 0);
}

Oracle::Key Oracle::keyOf(const Match& match) {
  Key key{match.rule, match.facts, {}};
  for (const Cell& cell : match.locals) key.locals.emplace_back(cell.kind, cell.number);
  return key;
}

void Oracle::changed(std::uint32_t id, unsigned mask) {
  std::map<Key, Known> now;
  for (std::size_t r = 0; r < program_.rules.size(); ++r) {
    std::vector<Match> found;
    Match empty{static_cast<int>(r), {}, std::vector<Cell>(static_cast<std::size_t>(program_.rules[r].locals))};
    extend(program_.rules[r], 0, empty, found);
    for (const Match& match : found) {
      Key key = keyOf(match);
      auto old = matches_.find(key);
      bool touched = false;
      for (std::size_t row = 0; row < match.facts.size(); ++row) touched |= match.facts[row] == id && (reads_[r][row] & mask);
      now[key] = old != matches_.end() && !touched ? old->second : Known{changes_, false};
    }
  }
  matches_ = std::move(now);
}

void Oracle::extend(const Rule& rule, std::size_t at, Match& match, std::vector<Match>& out) const {
  if (at == rule.parts.size()) {
    out.push_back(match);
    return;
  }
  const Part& part = rule.parts[at];
  auto candidates = [&](auto use) {
    for (const auto& [id, fact] : facts_)
      if (fact.first == part.type) use(id, all(part, match, id));
  };
  switch (part.kind) {
    case Part::Pattern:
      candidates([&](std::uint32_t id, Truth truth) {
        if (truth != Truth::True) return;
        match.facts.push_back(id);
        extend(rule, at + 1, match, out);
        match.facts.pop_back();
      });
      return;
    case Part::Not: {
      bool blocked = false;
      candidates([&](std::uint32_t, Truth truth) { blocked |= truth != Truth::False; });
      if (!blocked) extend(rule, at + 1, match, out);
      return;
    }
    case Part::Exists: {
      bool found = false;
      candidates([&](std::uint32_t, Truth truth) { found |= truth == Truth::True; });
      if (found) extend(rule, at + 1, match, out);
      return;
    }
    case Part::Accumulate: {
      bool unknown = false, some = false;
      std::int64_t count = 0, sum = 0, max = 0;
      candidates([&](std::uint32_t id, Truth truth) {
        unknown |= truth == Truth::Unknown;
        if (truth != Truth::True) return;
        std::int64_t number = facts_.at(id).second[static_cast<std::size_t>(part.summed)].number;
        ++count;
        sum += number;
        max = some ? std::max(max, number) : number;
        some = true;
      });
      if (unknown) return;
      Cell result{Cell::Int, part.function == Part::Count ? count : sum};
      if (part.function == Part::Max) result = some ? Cell{Cell::Int, max} : Cell{};
      Cell& local = match.locals[static_cast<std::size_t>(part.local)];
      Cell old = local;
      local = result;
      extend(rule, at + 1, match, out);
      local = old;
      return;
    }
    case Part::Let: {
      Cell& local = match.locals[static_cast<std::size_t>(part.local)];
      Cell old = local;
      local = value(part.value, match, 0, -1);
      extend(rule, at + 1, match, out);
      local = old;
      return;
    }
    case Part::If:
      if (any(part.clauses[0], match, 0, -1) == Truth::True) extend(rule, at + 1, match, out);
      return;
  }
}

Cell Oracle::value(const Operand& operand, const Match& match, std::uint32_t candidate, int candidateRow) const {
  Cell cell{Cell::Int, operand.constant};
  if (operand.kind == Operand::Local) cell = match.locals[static_cast<std::size_t>(operand.local)];
  if (operand.kind == Operand::Field) {
    std::uint32_t id = operand.row == candidateRow ? candidate : match.facts[static_cast<std::size_t>(operand.row)];
    cell = facts_.at(id).second[static_cast<std::size_t>(operand.field)];
  }
  cell.number += cell.kind == Cell::Int ? operand.plus : 0;
  return cell;
}

Oracle::Truth Oracle::test(const Test& test, const Match& match, std::uint32_t candidate, int candidateRow) const {
  Cell left = value(test.left, match, candidate, candidateRow), right = value(test.right, match, candidate, candidateRow);
  auto truth = [](bool holds) { return holds ? Truth::True : Truth::False; };
  if (test.op == Test::Equal) return truth(left == right);
  if (test.op == Test::NotEqual) return truth(!(left == right));
  if (left.kind != Cell::Int || right.kind != Cell::Int) return Truth::Unknown;   // no order between kinds
  switch (test.op) {
    case Test::Less: return truth(left.number < right.number);
    case Test::LessEqual: return truth(left.number <= right.number);
    case Test::Greater: return truth(left.number > right.number);
    default: return truth(left.number >= right.number);
  }
}

Oracle::Truth Oracle::any(const Clause& clause, const Match& match, std::uint32_t candidate, int candidateRow) const {
  Truth result = Truth::False;
  for (const Test& each : clause.tests) {
    Truth truth = test(each, match, candidate, candidateRow);
    if (truth == Truth::True) return truth;
    if (truth == Truth::Unknown) result = truth;
  }
  return result;
}

Oracle::Truth Oracle::all(const Part& part, const Match& match, std::uint32_t candidate) const {
  Truth result = Truth::True;
  for (const Clause& clause : part.clauses) {
    Truth truth = any(clause, match, candidate, part.row);
    if (truth == Truth::False) return truth;
    if (truth == Truth::Unknown) result = truth;
  }
  return result;
}

std::vector<Oracle::Ready> Oracle::agenda() const {
  struct Item { Ready ready; int salience; std::uint64_t since; };
  std::vector<Item> items;
  for (const auto& [key, known] : matches_)
    if (!known.fired) items.push_back({{key.rule, key.facts}, program_.rules[static_cast<std::size_t>(key.rule)].salience, known.since});
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    if (a.salience != b.salience) return a.salience > b.salience;
    if (a.since != b.since) return a.since > b.since;
    if (a.ready.rule != b.ready.rule) return a.ready.rule < b.ready.rule;
    return a.ready.facts > b.ready.facts;
  });
  std::vector<Ready> out;
  for (const Item& item : items) out.push_back(item.ready);
  return out;
}

void Oracle::fire(const Ready& ready) {
  for (auto& [key, known] : matches_)
    if (key.rule == ready.rule && key.facts == ready.facts) known.fired = true;
  const Rule& rule = program_.rules[static_cast<std::size_t>(ready.rule)];
  if (rule.action == Rule::Log) return;
  std::uint32_t fact = ready.facts[static_cast<std::size_t>(rule.row)];
  if (rule.action == Rule::Retract) retract(fact);
  else update(fact, {{rule.field, Cell{Cell::Int, rule.constant}}});
}

}  // namespace reticle::test
