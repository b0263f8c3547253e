// The matcher against the oracle: the same agenda, in the same order, after every change of random programs.

#include <string>

#include "differential/oracle.h"
#include "support/harness.h"

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr std::uint64_t kPrograms = 2000;
constexpr int kChanges = 60;

Cell randomCell(Random& random, int field) {
  if (field < 3) return {Cell::Int, random.below(4)};
  if (random.chance(25)) return {};
  if (field == 4 && random.chance(30)) return {Cell::Text, 0};
  return {Cell::Int, random.below(4)};
}

Value toValue(const Cell& cell) {
  if (cell.kind == Cell::Null) return Value();
  return cell.kind == Cell::Text ? Value::string("x") : Value::integer(cell.number);
}

std::string shown(const std::vector<Oracle::Ready>& agenda) {
  std::string out;
  for (const Oracle::Ready& ready : agenda) {
    out += " r" + std::to_string(ready.rule) + "(";
    for (std::uint32_t fact : ready.facts) out += (out.back() == '(' ? "" : ",") + std::to_string(fact);
    out += ")";
  }
  return out;
}

std::vector<Oracle::Ready> agendaOf(const Engine& engine) {
  std::vector<Oracle::Ready> out;
  for (const ActivationView& activation : engine.agenda()) {
    Oracle::Ready ready{static_cast<int>(index(activation.rule)), {}};
    for (FactId fact : activation.facts) ready.facts.push_back(index(fact));
    out.push_back(std::move(ready));
  }
  return out;
}

bool contradicts(const Compiled& compiled) {
  for (const Diagnostic& diagnostic : compiled.diagnostics)
    if (diagnostic.level == Level::Error && diagnostic.code != "RL3007") return false;
  return true;
}

// Empty when both agree to the end; otherwise what happened.
std::string disagreement(std::uint64_t seed) {
  Random random(seed);
  RandomProgram program;
  Compiled compiled;
  // A rule that contradicts itself is refused, rightly; then the next program of the same seed is taken.
  do {
    program = randomProgram(random);
    compiled = compile("random.rules", program.text());
  } while (!compiled.ok() && contradicts(compiled));
  if (!compiled.ok()) return "does not compile:\n" + compiled.text() + program.text();
  Engine engine(compiled.program);
  Oracle oracle(program);
  std::string story;
  auto differs = [&] { return !(agendaOf(engine) == oracle.agenda()); };
  auto report = [&] { return story + "\nengine:" + shown(agendaOf(engine)) + "\noracle:" + shown(oracle.agenda()) + "\n" + program.text(); };
  if (differs()) return "at the start" + report();

  for (int change = 0; change < kChanges; ++change) {
    int kind = random.below(100);
    std::vector<std::uint32_t> ids;
    for (const auto& [id, fact] : oracle.facts()) ids.push_back(id);
    std::uint32_t chosen = ids.empty() ? 0 : ids[static_cast<std::size_t>(random.below(static_cast<int>(ids.size())))];
    if (ids.empty() || kind < 45) {
      int type = random.below(kTypes);
      Oracle::Record record;
      Fields fields;
      for (int field = 0; field < kFields; ++field) {
        record.push_back(randomCell(random, field));
        fields.emplace_back(fieldName(field), toValue(record.back()));
      }
      auto accepted = engine.submit(insert("T" + std::to_string(type), fields));
      if (!accepted) return "insert refused: " + accepted.error().message + report();
      story += " insert " + std::to_string(index(accepted->fact)) + ":T" + std::to_string(type);
      oracle.insert(index(accepted->fact), type, record);
    } else if (kind < 70) {
      std::map<int, Cell> cells;
      Fields fields;
      for (int many = 1 + random.below(2); many > 0; --many) {
        int field = random.below(kFields);
        if (cells.count(field)) continue;
        cells[field] = randomCell(random, field);
        fields.emplace_back(fieldName(field), toValue(cells[field]));
      }
      story += " update " + std::to_string(chosen);
      if (auto accepted = engine.submit(update(FactId{chosen}, fields)); !accepted) return "update refused: " + accepted.error().message + report();
      oracle.update(chosen, cells);
    } else if (kind < 82) {
      story += " retract " + std::to_string(chosen);
      if (auto accepted = engine.submit(retract(FactId{chosen})); !accepted) return "retract refused: " + accepted.error().message + report();
      oracle.retract(chosen);
    } else {
      auto agenda = oracle.agenda();
      if (agenda.empty()) continue;
      story += " fire" + shown({agenda[0]});
      auto settled = engine.settle({.maxFirings = 1});
      if (settled.firings != 1) return "nothing fired" + report();
      oracle.fire(agenda[0]);
    }
    if (differs()) return "after change " + std::to_string(change) + ":" + report();
  }
  return {};
}

}  // namespace

TEST_SUITE("differential") {
  TEST_CASE("the matcher agrees with the oracle on 2,000 random programs") {
    std::uint64_t agreed = 0;
    for (std::uint64_t seed = 1; seed <= kPrograms; ++seed) {
      std::string problem = disagreement(seed);
      CHECK_MESSAGE(problem.empty(), "seed ", seed, " ", problem);
      if (!problem.empty()) break;
      ++agreed;
    }
    CHECK(agreed == kPrograms);
    MESSAGE("seeds 1 to ", kPrograms, ", ", kChanges, " changes each");
  }
}
