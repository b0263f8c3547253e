#include "differential/program.h"

namespace reticle::test {

namespace {

const char* opText(Test::Op op) {
  static const char* const names[] = {"==", "!=", "<", "<=", ">", ">="};
  return names[op];
}

// `candidate`: the row whose fields are written bare.
std::string text(const Operand& operand, int candidate) {
  std::string out;
  switch (operand.kind) {
    case Operand::Constant: return std::to_string(operand.constant);
    case Operand::Local: out = "v" + std::to_string(operand.local); break;
    case Operand::Field: out = operand.row == candidate ? fieldName(operand.field) : "p" + std::to_string(operand.row) + "." + fieldName(operand.field); break;
  }
  if (operand.plus) out += " + " + std::to_string(operand.plus);
  return out;
}

std::string text(const Clause& clause, int candidate) {
  std::string out;
  for (const Test& test : clause.tests) out += (out.empty() ? "" : " || ") + text(test.left, candidate) + " " + opText(test.op) + " " + text(test.right, candidate);
  return out;
}

std::string pattern(const Part& part) {
  std::string out = "T" + std::to_string(part.type);
  for (std::size_t i = 0; i < part.clauses.size(); ++i) out += (i ? ", " : "(") + text(part.clauses[i], part.row);
  return out + (part.clauses.empty() ? "" : ")");
}

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Rule rule() {
    Rule rule;
    rule.salience = random_.below(3);
    int parts = 1 + random_.below(4);
    for (int i = 0; i < parts; ++i) rule.parts.push_back(part(rule, i == 0));
    if (rule.rows > 0) {
      rule.action = random_.chance(60) ? Rule::Log : random_.chance(50) ? Rule::Retract : Rule::Set;
      rule.row = random_.below(rule.rows);
      rule.field = random_.below(3);
      rule.constant = random_.below(4);
    }
    return rule;
  }

 private:
  Part part(Rule& rule, bool first) {
    Part part;
    int kind = random_.below(first ? 70 : 100);
    part.kind = kind < 50 ? Part::Pattern : kind < 65 ? Part::Not : kind < 70 ? Part::Exists : kind < 80 ? Part::Accumulate : kind < 90 ? Part::Let : Part::If;
    if ((part.kind == Part::Let || part.kind == Part::If) && rule.rows == 0) part.kind = Part::Pattern;
    part.type = random_.below(kTypes);
    part.row = rule.rows;
    switch (part.kind) {
      case Part::Let:
        part.value = integer(rule, -1);
        part.local = rule.locals++;
        return part;
      case Part::If:
        part.clauses.push_back(clause(rule, -1));
        return part;
      default: break;
    }
    int clauses = random_.below(4);
    for (int i = 0; i < clauses; ++i) part.clauses.push_back(clause(rule, part.row));
    if (part.kind == Part::Pattern) ++rule.rows;
    if (part.kind == Part::Accumulate) {
      part.function = static_cast<Part::Function>(random_.below(3));
      part.summed = random_.below(3);
      part.local = rule.locals++;
      if (part.function == Part::Max) nullable_.push_back(part.local);
    }
    return part;
  }

  // Something that is an int, always: a, b or c of a row, a constant, or an int local.
  Operand integer(const Rule& rule, int candidate) {
    Operand operand;
    int rows = candidate >= 0 ? rule.rows + 1 : rule.rows;
    if (rows > 0 && random_.chance(75)) {
      operand.kind = Operand::Field;
      operand.row = random_.below(rows);
      operand.field = random_.below(3);
    } else if (rule.locals > 0 && random_.chance(50)) {
      operand.kind = Operand::Local;
      operand.local = random_.below(rule.locals);
      for (int local : nullable_)
        if (local == operand.local) return Operand{Operand::Constant, 0, 0, 0, random_.below(4), 0};
    } else {
      operand.constant = random_.below(4);
    }
    if (operand.kind != Operand::Constant && random_.chance(15)) operand.plus = 1 + random_.below(2);
    return operand;
  }

  Clause clause(const Rule& rule, int candidate) {
    Clause clause;
    int tests = random_.chance(80) ? 1 : 2;
    for (int i = 0; i < tests; ++i) {
      Test test;
      if (candidate >= 0) test.left = Operand{Operand::Field, candidate, random_.below(3), 0, 0, 0};
      else test.left = integer(rule, candidate);
      test.right = integer(rule, candidate);
      test.op = random_.chance(55) ? Test::Equal : static_cast<Test::Op>(random_.below(6));
      if (candidate >= 0 && random_.chance(25)) {
        test.left.field = 3 + random_.below(2);
        test.left.plus = 0;
        // A field that may be null can only be compared for equality; `any` can be compared in any way and be unknown.
        if (test.left.field == 3) test.op = random_.chance(50) ? Test::Equal : Test::NotEqual;
      }
      clause.tests.push_back(test);
    }
    return clause;
  }

  Random& random_;
  std::vector<int> nullable_;
};

}  // namespace

std::string RandomProgram::text() const {
  std::string out;
  for (int type = 0; type < kTypes; ++type)
    out += "fact T" + std::to_string(type) + " { a: int b: int c: int d: int? e: any }\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Rule& rule = rules[i];
    out += "rule r" + std::to_string(i) + " salience " + std::to_string(rule.salience) + " allow RL3005, RL3002, RL4001, RL3007, RL3008\nwhen {\n";
    for (const Part& part : rule.parts) {
      switch (part.kind) {
        case Part::Pattern: out += "  p" + std::to_string(part.row) + ": " + pattern(part) + "\n"; break;
        case Part::Not: out += "  not " + pattern(part) + "\n"; break;
        case Part::Exists: out += "  exists " + pattern(part) + "\n"; break;
        case Part::Accumulate: {
          static const char* const names[] = {"count", "sum", "max"};
          std::string argument = part.function == Part::Count ? "" : std::string("x.") + fieldName(part.summed);
          out += "  accumulate x: " + pattern(part) + " into v" + std::to_string(part.local) + " = " + names[part.function] + "(" + argument + ")\n";
          break;
        }
        case Part::Let: out += "  let v" + std::to_string(part.local) + " = " + reticle::test::text(part.value, -1) + "\n"; break;
        case Part::If: out += "  if " + reticle::test::text(part.clauses[0], -1) + "\n"; break;
      }
    }
    out += "}\nthen {\n";
    std::string binding = "p" + std::to_string(rule.row);
    switch (rule.action) {
      case Rule::Log: out += "  log info \"fired\"\n"; break;
      case Rule::Retract: out += "  retract " + binding + "\n"; break;
      case Rule::Set: out += "  set " + binding + "." + fieldName(rule.field) + " = " + std::to_string(rule.constant) + "\n"; break;
    }
    out += "}\n";
  }
  return out;
}

RandomProgram randomProgram(Random& random) {
  RandomProgram program;
  int rules = 1 + random.below(4);
  for (int i = 0; i < rules; ++i) program.rules.push_back(Generator(random).rule());
  return program;
}

}  // namespace reticle::test
