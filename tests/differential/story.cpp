// Plays a random story (hosts inserting, changing, retracting, settling) on the engine and on the
// oracle, and compares what both show.
#include "differential/story.h"

#include <algorithm>

#include "differential/oracle.h"
#include "reticle/engine.h"

namespace reticle::test {

Story randomStory(Random& random, int steps, const Repertoire& repertoire) {
  Story story;
  int inserted = 0;
  while (static_cast<int>(story.size()) < steps) {
    Step step;
    int kind = random.below(100);
    step.kind = kind < 38 || inserted == 0 ? Step::Insert
                : kind < 63                ? Step::Update
                : kind < 72                ? Step::Retract
                : kind < 95                ? Step::Fire
                                           : Step::FireOther;
    step.target = random.chance(8) ? -1 - random.below(3) : random.below(inserted ? inserted : 1);
    if (step.kind == Step::Insert) {
      step.type =
          random.below(20) == 0 ? kTypes + random.below(kDerivedTypes - 1) : random.below(kTypes);
      for (const FieldDeclaration& field : fieldsOf(step.type)) {
        step.fields.push_back(randomValue(random, field.shape, repertoire.doubles));
      }
      step.label = inserted++;
    }
    if (step.kind == Step::Update) {
      for (int many = 1 + random.below(2); many > 0; --many) {
        int field = random.below(static_cast<int>(fieldsOf(0).size()));
        step.cells[field] = randomValue(random, fieldsOf(0)[static_cast<std::size_t>(field)].shape,
                                        repertoire.doubles);
      }
    }
    if (step.kind == Step::FireOther) step.target = random.below(8);
    story.push_back(std::move(step));
  }
  return story;
}

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out.empty() ? "  nothing\n" : out;
}

// The names of values that a match shows, by the conditions that bind them.
std::vector<int> valueNames(const Rule& rule) {
  std::vector<int> names;
  for (const Condition& c : rule.conditions) {
    for (const BoundName& bound : namesBoundBy(c)) {
      if (!bound.fact) names.push_back(bound.name);
    }
  }
  return names;
}

std::string line(const std::string& rule, const std::vector<std::uint32_t>& facts,
                 std::int64_t salience, std::map<std::string, std::string> values) {
  std::string out = rule + "(";
  for (std::uint32_t fact : facts) out += (out.back() == '(' ? "" : ",") + std::to_string(fact);
  out += ") salience " + std::to_string(salience);
  for (const auto& [name, value] : values) out += " " + name + "=" + value;
  return out;
}

std::vector<std::string> agendaOf(const Engine& engine) {
  std::vector<std::string> out;
  for (const ActivationView& activation : engine.agenda()) {
    std::vector<std::uint32_t> facts;
    for (FactId fact : activation.facts) facts.push_back(index(fact));
    std::map<std::string, std::string> values;
    for (const auto& [name, value] : activation.bindings) {
      if (!name.empty() && name[0] == 'v') values[name] = toText(value);
    }
    out.push_back(line(activation.name, facts, activation.salience, std::move(values)));
  }
  return out;
}

std::vector<std::string> agendaOf(const Oracle& oracle, const RuleProgram& program) {
  std::vector<std::string> out;
  for (const OracleMatch& match : oracle.agenda()) {
    const Rule& rule = program.rules[static_cast<std::size_t>(match.rule)];
    std::map<std::string, std::string> values;
    for (int name : valueNames(rule)) {
      values["v" + std::to_string(name)] =
          toText(match.combination.names[static_cast<std::size_t>(name)]);
    }
    out.push_back(line(rule.label, match.combination.facts, match.salience, std::move(values)));
  }
  return out;
}

std::vector<std::string> factsOf(const Engine& engine) {
  std::vector<std::string> out;
  for (const FactView& fact : engine.facts()) {
    std::string text =
        std::to_string(index(fact.id)) + (fact.logical ? " derived " : " ") + fact.typeName;
    for (const auto& [name, value] : fact.fields) text += " " + name + "=" + toText(value);
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<std::string> factsOf(const Oracle& oracle) {
  std::vector<std::string> out;
  for (const auto& [id, record] : oracle.facts()) {
    std::string text =
        std::to_string(id) + (record.logical ? " derived " : " ") + typeNameOf(record.type);
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      text += std::string(" ") + fieldsOf(record.type)[i].name + "=" + toText(record.fields[i]);
    }
    out.push_back(std::move(text));
  }
  return out;
}

class Player {
 public:
  Player(const RuleProgram& program, std::shared_ptr<const Program> compiled)
      : program_(program), engine_(std::move(compiled)), oracle_(program) {}

  Outcome play(const Story& story) {
    Outcome outcome;
    std::string problem = compare();
    for (std::size_t i = 0; problem.empty() && i < story.size(); ++i) {
      problem = step(story[i]);
      ++outcome.steps;
      if (problem.empty()) problem = compare();
    }
    outcome.firings = firings_;
    outcome.ready = ready_;
    if (problem.empty()) return outcome;
    outcome.kind = Outcome::Differed;
    outcome.report = program_.text() + "\n" + told_ + "\n" + problem;
    return outcome;
  }

 private:
  std::string compare() {
    std::vector<std::string> engine = factsOf(engine_), oracle = factsOf(oracle_);
    if (engine != oracle) {
      return "facts of the engine:\n" + joined(engine) + "facts expected:\n" + joined(oracle);
    }
    engine = agendaOf(engine_);
    oracle = agendaOf(oracle_, program_);
    ready_ += oracle.size();
    if (engine != oracle) {
      return "agenda of the engine:\n" + joined(engine) + "agenda expected:\n" + joined(oracle);
    }
    return {};
  }

  // The fact that a step means, 0 when it is gone.
  std::uint32_t target(const Step& step) const {
    std::uint32_t fact = 0;
    if (step.target >= 0) {
      auto found = hosts_.find(step.target);
      if (found != hosts_.end()) fact = found->second;
    } else if (static_cast<int>(oracle_.made().size()) >= -step.target) {
      fact = *std::prev(oracle_.made().end(), -step.target);
    }
    auto found = oracle_.facts().find(fact);
    return found == oracle_.facts().end() || found->second.logical ? 0 : fact;
  }

  static Fields named(int type, const std::map<int, Value>& cells) {
    Fields fields;
    for (const auto& [field, value] : cells) {
      fields.emplace_back(fieldsOf(type)[static_cast<std::size_t>(field)].name, value);
    }
    return fields;
  }

  static std::string told(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields) out += " " + name + "=" + toText(value);
    return out + "\n";
  }

  std::string step(const Step& step) {
    switch (step.kind) {
      case Step::Insert: {
        std::map<int, Value> cells;
        for (std::size_t i = 0; i < step.fields.size(); ++i) {
          cells[static_cast<int>(i)] = step.fields[i];
        }
        Fields fields = named(step.type, cells);
        std::uint32_t fact = oracle_.insert(step.type, step.fields);
        told_ += "insert " + std::to_string(fact) + ": " + typeNameOf(step.type) + told(fields);
        hosts_[step.label] = fact;
        auto accepted = engine_.submit(reticle::insert(typeNameOf(step.type), fields));
        return accepted ? "" : "refused: " + accepted.error().message + "\n";
      }
      case Step::Update: {
        std::uint32_t fact = target(step);
        if (!fact) return {};
        int type = oracle_.facts().at(fact).type;
        std::map<int, Value> cells;
        for (const auto& [field, value] : step.cells) {
          if (field < static_cast<int>(fieldsOf(type).size())) cells[field] = value;
        }
        if (cells.empty()) return {};
        Fields fields = named(type, cells);
        told_ += "update " + std::to_string(fact) + ":" + told(fields);
        oracle_.update(fact, cells);
        auto accepted = engine_.submit(reticle::update(FactId{fact}, fields));
        return accepted ? "" : "refused: " + accepted.error().message + "\n";
      }
      case Step::Retract: {
        std::uint32_t fact = target(step);
        if (!fact) return {};
        told_ += "retract " + std::to_string(fact) + "\n";
        oracle_.retract(fact);
        auto accepted = engine_.submit(reticle::retract(FactId{fact}));
        return accepted ? "" : "refused: " + accepted.error().message + "\n";
      }
      case Step::Fire:
      case Step::FireOther: {
        auto agenda = agendaOf(oracle_, program_);
        if (agenda.empty()) return {};
        std::size_t position =
            step.kind == Step::Fire ? 0 : static_cast<std::size_t>(step.target) % agenda.size();
        told_ += "fire " + agenda[position] + "\n";
        SettleOptions options;
        options.maxFirings = 1;
        if (step.kind == Step::FireOther) options.activation = engine_.agenda()[position].id;
        ++firings_;
        oracle_.fire(position);
        return engine_.settle(options).firings == 1 ? "" : "nothing fired\n";
      }
    }
    return {};
  }

  const RuleProgram& program_;
  Engine engine_;
  Oracle oracle_;
  std::map<int, std::uint32_t> hosts_;  // by the label of the insertion
  std::string told_;
  std::uint64_t firings_ = 0, ready_ = 0;
};

}  // namespace

Outcome play(const RuleProgram& program, const Story& story) {
  Compiled compiled = compile("random.rules", program.text());
  if (compiled.ok()) return Player(program, compiled.program).play(story);
  Outcome refused;
  refused.kind = Outcome::Refused;
  refused.report = compiled.text();
  for (const Diagnostic& diagnostic : compiled.diagnostics) {
    if (diagnostic.level == Level::Error) {
      refused.codes += (refused.codes.empty() ? "" : " ") + diagnostic.code;
    }
  }
  return refused;
}

std::string disagreement(std::uint64_t seed, int steps, const Repertoire& repertoire,
                         Tally& tally) {
  Random random(seed);
  for (;;) {
    RuleProgram program = randomProgram(random, repertoire);
    Story story = randomStory(random, steps, repertoire);
    Outcome outcome = play(program, story);
    tally.firings += outcome.firings;
    tally.ready += outcome.ready;
    tally.steps += static_cast<std::uint64_t>(outcome.steps);
    if (outcome.kind == Outcome::Agreed) return {};
    if (outcome.kind == Outcome::Refused) {
      // Contradictions and circles through negation are refused rightly; the next program of the
      // seed is taken. Anything else is a fault here.
      ++tally.refused;
      if (outcome.codes.find("RL3007") == std::string::npos &&
          outcome.codes.find("RL4003") == std::string::npos) {
        return outcome.report + program.text();
      }
      continue;
    }
    shrink(program, story);
    return play(program, story).report;
  }
}

}  // namespace reticle::test
