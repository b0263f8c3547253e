// Rules that wake each other: circles of changes that never come to rest, and of derived facts that
// undo their own ground.
//
// A change is an edge only where it is certain to be one (the rule's own tests rule the written
// constant out) and where the reader's tests let the constant through; a derived fact where its
// constants pass the reader's tests. So a circle that is reported can really go round.
#include <algorithm>
#include <map>
#include <set>

#include "analysis/analysis.h"
#include "analysis/place.h"
#include "model/message.h"

namespace reticle::model {

struct Analysis::Edge {
  std::size_t from = 0, to = 0;
  Span write, read;
  std::string what;
  bool negative = false;
  std::uint32_t fromRow = 0, toRow = 0;
};

namespace {

using Edge = Analysis::Edge;

// Thousands of rules over one field have millions of edges. Beyond these bounds edges are not made,
// and circles not looked for.
constexpr std::size_t kMaxCompared = 200'000;    // of a writer and a reader, compared
constexpr std::size_t kMaxEdges = 50'000;        // kept
constexpr std::size_t kMaxSearched = 2'000'000;  // along edges, over all searches

// Looks for circles among the edges, which it borrows.
class Circles {
 public:
  // What is entered by nobody, or left by nobody, lies on no circle; without it the next one may
  // not either. So chains of rules, however long, are never searched.
  Circles(const std::vector<Edge>& edges, std::size_t rules)
      : edges_(edges), leaving_(rules), searched_(rules, true) {
    std::vector<std::vector<std::size_t>> entering(rules);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      leaving_[edges[i].from].push_back(i);
      entering[edges[i].to].push_back(i);
    }
    std::vector<std::size_t> in(rules), out(rules), idle;
    for (std::size_t rule = 0; rule < rules; ++rule) {
      in[rule] = entering[rule].size();
      out[rule] = leaving_[rule].size();
      if (in[rule] == 0 || out[rule] == 0) idle.push_back(rule);
    }
    while (!idle.empty()) {
      const std::size_t rule = idle.back();
      idle.pop_back();
      if (!searched_[rule]) continue;
      searched_[rule] = false;
      for (const std::size_t i : leaving_[rule]) {
        if (--in[edges[i].to] == 0) idle.push_back(edges[i].to);
      }
      for (const std::size_t i : entering[rule]) {
        if (--out[edges[i].from] == 0) idle.push_back(edges[i].from);
      }
    }
  }

  // The shortest way along the edges from `edge.to` back to `edge.from`, with the edge in front;
  // empty when there is none, or the bound is reached.
  std::vector<const Edge*> through(const Edge& edge) {
    if (!searched_[edge.from] || !searched_[edge.to]) return {};
    std::map<std::size_t, const Edge*> reached;
    std::vector<std::size_t> wave{edge.to};
    while (edge.from != edge.to && !wave.empty() && !reached.contains(edge.from)) {
      std::vector<std::size_t> next;
      for (std::size_t at : wave) {
        for (std::size_t i : leaving_[at]) {
          if (++steps_ > kMaxSearched) return {};
          const Edge& e = edges_[i];
          if (e.to != edge.to && searched_[e.to] && reached.emplace(e.to, &e).second) {
            next.push_back(e.to);
          }
        }
      }
      wave = std::move(next);
    }
    if (edge.from != edge.to && !reached.contains(edge.from)) return {};
    std::vector<const Edge*> way;
    for (std::size_t at = edge.from; at != edge.to; at = reached.find(at)->second->from) {
      way.push_back(reached.find(at)->second);
    }
    way.push_back(&edge);
    std::reverse(way.begin(), way.end());
    return way;
  }

 private:
  const std::vector<Edge>& edges_;
  std::vector<std::vector<std::size_t>> leaving_;  // by rule: edges
  std::vector<bool> searched_;                     // by rule: whether it may lie on a circle
  std::size_t steps_ = 0;
};

// Whether the value is certain not to be among the values.
bool excludes(const ValueSet& values, const Type& type, const Value& value) {
  const std::optional<ValueSet> one = ValueSet::where(type, Operator::Equal, value);
  return one && !values.overlaps(*one);
}

// Whether a fact with these values is certain not to match the pattern.
bool refuted(const Program& program, const Pattern& pattern,
             const std::vector<NamedExpression>& fields) {
  std::vector<const Expr*> parts;
  for (const Constraint& constraint : pattern.constraints)
    splitConjuncts(constraint.test.tree, parts);
  for (const Expr* part : parts) {
    const Expr* read = onlyField(*part);
    if (!read || read->ref.row != pattern.row) continue;
    const Type& type = program.type(pattern.type).fields[index(read->ref.field)].type;
    const std::optional<ValueSet> values = ValueSet::satisfying(type, read->ref, *part);
    if (!values) continue;
    for (const NamedExpression& field : fields) {
      if (field.field != read->ref.field) continue;
      const std::optional<Value> value = constantValue(field.value.tree);
      if (value && excludes(*values, type, *value)) return true;
    }
  }
  return false;
}

// Also inside of blocks: what may be inserted, will be.
void derivations(const std::vector<Action>& actions, std::vector<const Action*>& out) {
  for (const Action& action : actions) {
    if (action.kind == Action::Kind::InsertLogical) out.push_back(&action);
    derivations(action.body, out);
    derivations(action.otherwise, out);
  }
}

// With whether a fact more may end the match: under `not`, `accumulate` and `forall`.
void patterns(const std::vector<Condition>& conditions, bool negative,
              std::vector<std::pair<const Condition*, bool>>& out) {
  for (const Condition& condition : conditions) {
    using Kind = Condition::Kind;
    const bool inside = negative || condition.kind == Kind::Not ||
                        condition.kind == Kind::Accumulate || condition.kind == Kind::Forall;
    if (condition.hasPattern()) out.push_back({&condition, inside});
    for (const std::vector<Condition>& group : condition.groups) patterns(group, inside, out);
  }
}

}  // namespace

// As a circle, its first rule again at the end.
std::string Analysis::pathOf(const std::vector<std::size_t>& rules) const {
  std::string text;
  for (std::size_t rule : rules) text += quoted(program_.rules[rule].name) + " → ";
  return text + quoted(program_.rules[rules.front()].name);
}

// Facts that are derived from their own absence, or from a sum over themselves: there is no state
// in which they rest.
void Analysis::checkStrata() {
  std::map<TypeId, std::vector<std::pair<std::size_t, const Action*>>> made;
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    std::vector<const Action*> found;
    if (!program_.rules[i].disabled) derivations(program_.rules[i].actions, found);
    for (const Action* action : found) made[action->type].push_back({i, action});
  }
  if (made.empty()) return;
  std::vector<Edge> edges;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < program_.rules.size(); ++i) {
    std::vector<const Action*> own;
    derivations(program_.rules[i].actions, own);
    if (own.empty() || program_.rules[i].disabled) continue;
    std::vector<std::pair<const Condition*, bool>> read;
    patterns(program_.rules[i].conditions, false, read);
    for (const auto& [condition, negative] : read) {
      const auto makers = made.find(condition->pattern.type);
      if (makers == made.end()) continue;
      for (const auto& [rule, action] : makers->second) {
        if (++pairs > kMaxCompared || edges.size() >= kMaxEdges) break;
        if (!refuted(program_, condition->pattern, action->fields)) {
          edges.push_back(
              {rule, i, action->span, condition->span, program_.type(action->type).name, negative});
        }
      }
    }
  }
  Circles circles(edges, program_.rules.size());
  std::set<std::size_t> reported;
  for (const Edge& edge : edges) {
    if (!edge.negative || reported.contains(edge.to)) continue;
    const std::vector<const Edge*> way = circles.through(edge);
    if (way.empty()) continue;
    std::vector<std::size_t> rules;
    for (const Edge* e : way) rules.push_back(e->to);
    reported.insert(rules.begin(), rules.end());
    const bool alone = rules.size() == 1;
    Diagnostic& d =
        say(Level::Error, "RL4003", edge.read,
            alone ? quoted(program_.rules[edge.to].name) +
                        " takes its own ground away: it inserts what this condition hangs on"
                  : "these rules take each other's ground away: " + pathOf(rules));
    d.label = "hangs on all facts of `" + edge.what + "` ...";
    std::size_t at = 0;
    for (std::size_t i = 1; i <= way.size(); ++i) {
      const Edge& e = *way[i % way.size()];
      d.related.push_back(
          {e.write, (at++ == 0 ? "... and leads to this " : "and to this ") + quoted(e.what)});
    }
    d.help.push_back(
        "use `insert` for what shall stay, or ask for another fact than the one that is derived");
    d.notes.push_back(
        "with the fact the condition fails and the fact goes; without it the condition holds and "
        "the fact comes: there is no end");
  }
}

// Whether one fact can be taken along the way and on again: no rule's tests fail for what those
// before it have written. A value that is computed and tested may end it.
bool Analysis::goesRound(const std::vector<const Edge*>& way,
                         const std::vector<std::map<Place, ValueSet>>& boxes) const {
  std::map<std::uint32_t, ValueSet> state;
  std::set<std::uint32_t> tested;  // fields of the fact that some rule of the circle asks
  for (const Edge* e : way) {
    for (const auto& [place, values] : boxes[e->from]) {
      if (place.row == e->fromRow) tested.insert(place.field);
    }
  }
  for (std::size_t step = 0; step < 2 * way.size(); ++step) {
    const Edge &edge = *way[step % way.size()],
               &before = *way[(step + way.size() - 1) % way.size()];
    if (before.toRow != edge.fromRow) return false;
    const Rule& rule = program_.rules[edge.from];
    for (const auto& [place, values] : boxes[edge.from]) {
      if (place.row != edge.fromRow) continue;
      const auto known = state.emplace(place.field, values).first;
      known->second = known->second.intersected(values);
      if (known->second.empty()) return false;
    }
    for (const Action& action : rule.actions) {
      const bool sets =
          action.kind == Action::Kind::Set || action.kind == Action::Kind::UpdateFields;
      if (sets && action.target.tree.ref.row == edge.fromRow) {
        for (const NamedExpression& field : action.fields) {
          const std::optional<Value> value = constantValue(field.value.tree);
          const Type& type =
              program_.type(rule.rowTypes[edge.fromRow]).fields[index(field.field)].type;
          const std::optional<ValueSet> now =
              value ? ValueSet::where(type, Operator::Equal, *value) : std::nullopt;
          if (!now && tested.contains(index(field.field))) return false;
          if (now) state.insert_or_assign(index(field.field), *now);
        }
      } else if (action.kind != Action::Kind::Log && action.kind != Action::Kind::Let &&
                 action.kind != Action::Kind::Emit && action.kind != Action::Kind::Start) {
        return false;
      }
    }
  }
  return true;
}

// The edges between rules that set constants: what one writes wakes the other.
class Analysis::Wakes {
 public:
  explicit Wakes(const Analysis& analysis) : analysis_(analysis), program_(analysis.program_) {
    for (std::size_t i = 0; i < program_.rules.size(); ++i) readRule(i);
    for (std::size_t i = 0; i < program_.rules.size(); ++i) {
      if (counts_[i]) writeRule(i);
    }
  }

  const std::vector<Edge>& edges() const { return edges_; }
  const std::vector<std::map<Place, ValueSet>>& boxes() const { return boxes_; }

 private:
  // What a rule writes, by the place in its own match.
  using Written = std::map<Place, const Expr*>;

  static bool sets(const Action& action) {
    return (action.kind == Action::Kind::Set || action.kind == Action::Kind::UpdateFields) &&
           action.target.tree.ref.kind == Ref::Kind::Row;
  }

  void readRule(std::size_t i) {
    const Rule& rule = program_.rules[i];
    tests_.push_back(testsOf(program_, rule));
    boxes_.push_back(boxOf(program_, rule, tests_.back()));
    const bool outside =
        std::any_of(rule.conditions.begin(), rule.conditions.end(), [&](const Condition& c) {
          return c.hasPattern() && program_.type(c.pattern.type).builtin;
        });
    counts_.push_back(tests_.back().exact && !analysis_.rules_[i]->on && !outside &&
                      !rule.disabled && !rule.repeat && !rule.once &&
                      !allows(*analysis_.rules_[i], "RL4002"));
    if (!counts_.back()) return;
    for (const auto& [place, values] : boxes_.back()) {
      Readers& readers = readers_[{rule.rowTypes[place.row], place.field}];
      const std::optional<Value> only = values.single();
      (only ? readers.ofOne[toText(*only, true)] : readers.ofMany).push_back({i, place.row});
    }
  }

  void writeRule(std::size_t i) {
    const Rule& rule = program_.rules[i];
    Written written;
    for (const Action& action : rule.actions) {
      if (!sets(action)) continue;
      for (const NamedExpression& field : action.fields) {
        written[{action.target.tree.ref.row, index(field.field)}] = &field.value.tree;
      }
    }
    for (const Action& action : rule.actions) {
      if (!sets(action)) continue;
      for (const NamedExpression& field : action.fields) {
        addEdges(i, action, field, written);
      }
    }
  }

  void addEdges(std::size_t i, const Action& action, const NamedExpression& field,
                const Written& written) {
    if (pairs_ > kMaxCompared || edges_.size() >= kMaxEdges) return;
    const Rule& rule = program_.rules[i];
    const std::uint32_t row = action.target.tree.ref.row;
    const std::optional<Value> value = constantValue(field.value.tree);
    const auto own = boxes_[i].find({row, index(field.field)});
    if (!value || own == boxes_[i].end() || row >= rule.rowTypes.size()) return;
    const TypeId typeId = rule.rowTypes[row];
    const FactType& type = program_.type(typeId);
    if (!excludes(own->second, type.fields[index(field.field)].type, *value)) return;
    const auto found = readers_.find({typeId, index(field.field)});
    if (found == readers_.end()) return;
    const std::optional<ValueSet> now =
        ValueSet::where(type.fields[index(field.field)].type, Operator::Equal, *value);
    for (const auto& [reader, readRow] : found->second.of(now ? now->single() : std::nullopt)) {
      if (++pairs_ > kMaxCompared || edges_.size() >= kMaxEdges) return;
      if (!passes(i, row, reader, readRow, type, written)) continue;
      const Place place{readRow, index(field.field)};
      const auto test = std::find_if(tests_[reader].tests.begin(), tests_[reader].tests.end(),
                                     [&](const PlaceTest& t) { return t.place == place; });
      edges_.push_back({i, reader, action.span, test->expr->span, type.name + "." + field.name,
                        false, row, readRow});
    }
  }

  // Whether the fact, as rule `i` leaves it, may pass the tests of the reader.
  bool passes(std::size_t i, std::uint32_t row, std::size_t reader, std::uint32_t readRow,
              const FactType& type, const Written& written) const {
    for (std::uint32_t f = 0; f < type.fields.size(); ++f) {
      const auto asked = boxes_[reader].find({readRow, f});
      if (asked == boxes_[reader].end()) continue;
      bool possible = true;
      if (const auto now = written.find({row, f}); now != written.end()) {
        const std::optional<Value> constant = constantValue(*now->second);
        possible = constant && !excludes(asked->second, type.fields[f].type, *constant);
      } else if (const auto kept = boxes_[i].find({row, f}); kept != boxes_[i].end()) {
        possible = kept->second.overlaps(asked->second);
      }
      if (!possible) return false;
    }
    return true;
  }

  const Analysis& analysis_;
  const Program& program_;
  std::vector<RuleTests> tests_;                  // by rule
  std::vector<std::map<Place, ValueSet>> boxes_;  // by rule
  std::vector<bool> counts_;                      // by rule: whether it is looked at
  // A rule and a row of it.
  using Reader = std::pair<std::size_t, std::uint32_t>;
  // Those of one field, in the order of rules. Most rules of a large program ask for one value, as
  // the states of a machine: a value that is written then finds them at once.
  struct Readers {
    std::map<std::string, std::vector<Reader>> ofOne;  // by the value as text
    std::vector<Reader> ofMany;

    // Those that may ask for the value; all of them when it is not known as one.
    std::vector<Reader> of(const std::optional<Value>& value) const {
      std::vector<Reader> readers = ofMany;
      const auto add = [&readers](const std::vector<Reader>& more) {
        readers.insert(readers.end(), more.begin(), more.end());
      };
      if (!value) {
        for (const auto& [text, more] : ofOne) add(more);
      } else if (const auto same = ofOne.find(toText(*value, true)); same != ofOne.end()) {
        add(same->second);
      }
      std::sort(readers.begin(), readers.end());
      return readers;
    }
  };
  std::map<std::pair<TypeId, std::uint32_t>, Readers> readers_;
  std::vector<Edge> edges_;
  std::size_t pairs_ = 0;
};

// Rules that set constants which wake one another.
void Analysis::checkCycles() {
  const Wakes wakes(*this);
  const std::vector<Edge>& edges = wakes.edges();
  Circles circles(edges, program_.rules.size());
  std::set<std::size_t> reported;
  for (const Edge& edge : edges) {
    if (reported.contains(edge.from)) continue;
    const std::vector<const Edge*> way = circles.through(edge);
    if (way.size() < 2 || !goesRound(way, wakes.boxes())) continue;
    std::vector<std::size_t> rules;
    for (const Edge* e : way) rules.push_back(e->from);
    reported.insert(rules.begin(), rules.end());
    Diagnostic& d = say(Level::Warning, "RL4002", edge.write,
                        "these rules can wake each other for ever: " + pathOf(rules));
    d.label = quoted(program_.rules[edge.from].name) + " writes " + quoted(edge.what) + " ...";
    d.related.push_back(
        {edge.read, "... which " + quoted(program_.rules[edge.to].name) + " reads here"});
    for (std::size_t i = 1; i < way.size(); ++i) {
      d.related.push_back({way[i]->write, quoted(program_.rules[way[i]->from].name) + " writes " +
                                              quoted(way[i]->what) + " ..."});
      d.related.push_back(
          {way[i]->read, "... which " + quoted(program_.rules[way[i]->to].name) + " reads here"});
    }
    d.help.push_back(
        "add the condition that ends it, or let one of the rules wait for something that happens: "
        "`on …`");
    d.notes.push_back(
        "add `repeat` to one of them if it is meant; the run then stops at the limit of 100,000 "
        "firings with RL9004");
  }
}

}  // namespace reticle::model
