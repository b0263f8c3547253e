// Programs as rule text. Some conditions `exists P` are written as a query that is asked for its size:
// to the oracle they are the same.
#include <algorithm>

#include "differential/program.h"

namespace reticle::test {

const std::vector<FieldDeclaration>& fieldsOf(int type) {
  static const std::vector<FieldDeclaration> plain = {
      {"a", Shape::Int},      {"b", Shape::Int},    {"c", Shape::Int},
      {"d", Shape::MaybeInt}, {"e", Shape::Any},    {"f", Shape::Double},
      {"g", Shape::Ints},     {"m", Shape::Counts}, {"h", Shape::Things}};
  static const std::vector<FieldDeclaration> derived = {{"a", Shape::Int}, {"b", Shape::Int}};
  return type < kTypes ? plain : derived;
}

std::vector<BoundName> namesBoundBy(const Condition& c) {
  std::vector<BoundName> names;
  auto all = [](const std::vector<Condition>& conditions) {
    std::vector<BoundName> found;
    for (const Condition& each : conditions) {
      for (const BoundName& name : namesBoundBy(each)) found.push_back(name);
    }
    return found;
  };
  switch (c.kind) {
    case Condition::Pattern:
      if (!c.nameless) names.push_back({c.name, true});
      break;
    case Condition::Each:
    case Condition::Let: names.push_back({c.name, false}); break;
    case Condition::Accumulate:
      for (const GroupKey& key : c.keys) names.push_back({key.name, false});
      for (const Function& function : c.functions) names.push_back({function.name, false});
      break;
    case Condition::Either:
      names = all(c.groups[0]);
      for (const auto& branch : c.groups) {
        std::vector<BoundName> others = all(branch);
        names.erase(std::remove_if(names.begin(), names.end(),
                                   [&](const BoundName& name) {
                                     return std::none_of(others.begin(), others.end(),
                                                         [&](const BoundName& other) {
                                                           return other.name == name.name;
                                                         });
                                   }),
                    names.end());
      }
      break;
    case Condition::NotOf:
    case Condition::Exists:
    case Condition::Forall:
    case Condition::If: break;
  }
  return names;
}

std::string typeNameOf(int type) {
  return type < kTypes ? "T" + std::to_string(type) : "L" + std::to_string(type - kTypes);
}

namespace {

const char* shapeText(Shape shape) {
  switch (shape) {
    case Shape::Int: return "int";
    case Shape::MaybeInt: return "int?";
    case Shape::Any: return "any";
    case Shape::Double: return "double";
    case Shape::MaybeDouble: return "double?";
    case Shape::Ints: return "list<int>";
    case Shape::Counts: return "map<string, int>";
    case Shape::Things: return "list<any>";
    case Shape::Truth: return "bool";
  }
  return "";
}

class Printer {
 public:
  explicit Printer(const Rule& rule) : rule_(rule) {}

  // The queries that the rule asks; valid after rule().
  const std::string& queries() const { return queries_; }

  std::string rule() {
    out_ = "rule " + rule_.label + " salience " + term(rule_.salience) +
           (rule_.noLoop ? " no-loop" : "") +
           " allow RL3005, RL3002, RL4001, RL4002, RL4005, RL3007, RL3008, RL3009\nwhen {\n";
    for (const Condition& each : rule_.conditions) condition(each, 1);
    out_ += "}\nthen {\n";
    for (const Action& each : rule_.actions) action(each);
    return out_ + "}\n";
  }

 private:
  std::string nameOf(int name) const {
    bool fact = name < static_cast<int>(rule_.isFact.size()) &&
                rule_.isFact[static_cast<std::size_t>(name)];
    return (fact ? "p" : "v") + std::to_string(name);
  }

  // `inside`: the fact whose fields are written bare.
  std::string term(const Term& t, int inside = -1) const {
    auto arg = [&](std::size_t i) { return term(t.args[i], inside); };
    auto infix = [&](const char* sign) { return "(" + arg(0) + " " + sign + " " + arg(1) + ")"; };
    switch (t.kind) {
      case Term::Constant: return toText(t.value);
      case Term::Name: return nameOf(t.name);
      case Term::Field:
        if (t.name < -1) return "x" + std::to_string(-2 - t.name);
        return (t.name == inside ? "" : nameOf(t.name) + ".") +
               fieldsOf(t.type)[static_cast<std::size_t>(t.field)].name;
      case Term::Index: return arg(0) + "[" + std::to_string(t.field) + "]";
      case Term::Member: return arg(0) + "." + t.text;
      case Term::Size: return arg(0) + ".size()";
      case Term::Add: return infix("+");
      case Term::Equal: return infix("==");
      case Term::NotEqual: return infix("!=");
      case Term::Less: return infix("<");
      case Term::LessEqual: return infix("<=");
      case Term::Greater: return infix(">");
      case Term::GreaterEqual: return infix(">=");
      case Term::In: return infix("in");
      case Term::And: return infix("&&");
      case Term::Or: return infix("||");
      case Term::Not: return "!" + arg(0);
      case Term::Some: return arg(0) + ".exists(" + nameOf(t.name) + ", " + arg(1) + ")";
      case Term::Every: return arg(0) + ".all(" + nameOf(t.name) + ", " + arg(1) + ")";
      case Term::Default: return infix("??");
    }
    return {};
  }

  std::string pattern(const Condition& c) const {
    std::string text = (c.nameless ? "" : nameOf(c.name) + ": ") + typeNameOf(c.type);
    for (std::size_t i = 0; i < c.constraints.size(); ++i) {
      text += (i ? ", " : "(") + term(c.constraints[i], c.name);
    }
    return text + (c.constraints.empty() ? "" : ")");
  }

  void line(const std::string& text, int depth) {
    out_ += std::string(static_cast<std::size_t>(depth) * 2, ' ') + text + "\n";
  }

  void group(const std::string& before, const std::vector<Condition>& conditions, int depth) {
    line(before + " {", depth);
    for (const Condition& each : conditions) condition(each, depth + 1);
    line("}", depth);
  }

  // `keyword P` or `keyword { … }`.
  void over(const std::string& keyword, const Condition& c, int depth) {
    if (c.overGroup()) {
      group(keyword, c.groups[0], depth);
    } else {
      line(keyword + " " + pattern(c), depth);
    }
  }

  // What a pattern reads of other facts becomes a parameter, as the field's value. Null when it
  // reads values, whose types are not known here.
  bool takeParameters(Term& t, int inside, std::vector<Term>& taken) const {
    if (t.kind == Term::Name) return false;
    if (t.kind == Term::Field && t.name != inside) {
      taken.push_back(t);
      t.name = -2 - static_cast<int>(taken.size() - 1);
      return true;
    }
    return std::all_of(t.args.begin(), t.args.end(),
                       [&](Term& arg) { return takeParameters(arg, inside, taken); });
  }

  // Every other `exists` over a pattern; not inside of groups, where an error counts.
  bool asked(const Condition& c, int depth) {
    if (depth > 1 || c.overGroup() || ++existing_ % 2 == 0) return false;
    Condition whole = c;
    std::vector<Term> taken;
    for (Term& constraint : whole.constraints) {
      if (!takeParameters(constraint, c.name, taken)) return false;
    }
    const std::string name = "q" + rule_.label + std::to_string(existing_);
    std::string params, arguments;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      const FieldDeclaration& field =
          fieldsOf(taken[i].type)[static_cast<std::size_t>(taken[i].field)];
      params += (i ? ", x" : "x") + std::to_string(i) + ": " + shapeText(field.shape);
      arguments += (i ? ", " : "") + term(taken[i]);
    }
    whole.nameless = false;
    queries_ += "query " + name + "(" + params + ") { " + pattern(whole) + " }\n";
    line("if " + name + "(" + arguments + ").size() > 0", depth);
    return true;
  }

  void condition(const Condition& c, int depth) {
    switch (c.kind) {
      case Condition::Pattern: line(pattern(c), depth); return;
      case Condition::NotOf: over("not", c, depth); return;
      case Condition::Exists:
        if (!asked(c, depth)) over("exists", c, depth);
        return;
      case Condition::Forall:
        if (c.overGroup()) {
          group("forall " + pattern(c) + " satisfies", c.groups[0], depth);
        } else {
          line("forall " + pattern(c) + " satisfies (" + term(c.term) + ")", depth);
        }
        return;
      case Condition::Either:
        for (std::size_t i = 0; i < c.groups.size(); ++i) {
          group(i ? "or" : "either", c.groups[i], depth);
        }
        return;
      case Condition::Accumulate: {
        over(c.skipErrors ? "accumulate skip errors" : "accumulate", c, depth);
        std::string tail = c.keys.empty() ? "" : "group by ";
        for (std::size_t i = 0; i < c.keys.size(); ++i) {
          tail += (i ? ", " : "") + nameOf(c.keys[i].name) + " = " + term(c.keys[i].value);
        }
        tail += c.keys.empty() ? "into " : " into ";
        for (std::size_t i = 0; i < c.functions.size(); ++i) {
          tail += (i ? ", " : "") + functionText(c.functions[i]);
        }
        line(tail, depth + 1);
        return;
      }
      case Condition::Each:
        line("each " + nameOf(c.name) + " in " + term(c.term) +
                 (c.filtered ? " where " + term(c.where) : ""),
             depth);
        return;
      case Condition::Let: line("let " + nameOf(c.name) + " = " + term(c.term), depth); return;
      case Condition::If: line("if " + term(c.term), depth); return;
    }
  }

  std::string functionText(const Function& f) const {
    static const char* const names[] = {"count",   "sum",      "min",   "max", "avg",
                                        "collect", "distinct", "first", "last"};
    return nameOf(f.name) + " = " + names[f.kind] + "(" +
           (f.kind == Function::Count ? "" : term(f.argument)) + ")";
  }

  void action(const Action& a) {
    switch (a.kind) {
      case Action::Log: line("log info \"fired\"", 1); return;
      case Action::Retract: line("retract " + nameOf(a.name), 1); return;
      case Action::Set:
        line("set " + nameOf(a.name) + "." +
                 fieldsOf(a.type)[static_cast<std::size_t>(a.field)].name + " = " +
                 term(a.values[0]),
             1);
        return;
      case Action::Insert:
      case Action::InsertLogical: {
        std::string text;
        for (std::size_t i = 0; i < a.values.size(); ++i) {
          text +=
              (i ? ", " : "") + std::string(fieldsOf(a.type)[i].name) + ": " + term(a.values[i]);
        }
        line(std::string("insert ") + (a.kind == Action::InsertLogical ? "logical " : "") +
                 typeNameOf(a.type) + "{" + text + "}",
             1);
        return;
      }
    }
  }

  const Rule& rule_;
  std::string out_, queries_;
  int existing_ = 0;
};

}  // namespace

std::string RuleProgram::text() const {
  std::string out;
  for (int type = 0; type < kTypes + kDerivedTypes; ++type) {
    out += "fact " + typeNameOf(type) + " {";
    for (const FieldDeclaration& field : fieldsOf(type)) {
      const bool key = type == kKeyed && field.name == fieldsOf(type)[0].name;
      out += std::string(key ? " key " : " ") + field.name + ": " + shapeText(field.shape);
    }
    out += " }\n";
  }
  for (const Rule& each : rules) {
    Printer printer(each);
    const std::string text = printer.rule();
    out += printer.queries() + text;
  }
  return out;
}

}  // namespace reticle::test
