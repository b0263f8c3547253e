// From formulas to the text of a module.
//
// In json-rules-engine a comparison with something of another kind, or with nothing, is false; here
// it would be unknown. Where that makes a difference, the module asks for the kind first, or
// compares by functions of its own that have a value for everything: `number`, `order`, `part`.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/value_json.h"
#include "import/import_functions.h"
#include "import/import_rules.h"
#include "reticle/form.h"

namespace reticle::importing {
namespace {

constexpr std::size_t kWidth = 120;
constexpr std::string_view kBlanks = " \n\r\t\v\f";

// A piece of an expression, and how tightly its outermost operator binds.
struct Piece {
  enum Binding { Or, And, Relation, Tight } binding = Tight;
  std::string text;
};

struct Ordering {
  std::string_view name;
  const char* sign;
};
constexpr Ordering kOrderings[] = {{"lessThan", " < "},
                                   {"lessThanInclusive", " <= "},
                                   {"greaterThan", " > "},
                                   {"greaterThanInclusive", " >= "}};

std::string literalText(std::string_view text) { return toText(Value::string(text)); }

// Requires: the binding is And or Or. Brackets stand only around what binds looser.
std::string joined(const std::vector<Piece>& pieces, Piece::Binding binding) {
  std::string text;
  for (const Piece& piece : pieces) {
    if (!text.empty()) text += binding == Piece::And ? " && " : " || ";
    text += piece.binding < binding ? "(" + piece.text + ")" : piece.text;
  }
  return text;
}

// Text as comment lines below kWidth.
std::string comment(std::string_view text, std::string_view first = "// ",
                    std::string_view rest = "//   ") {
  std::string result, line(first);
  bool isEmpty = true;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    if (!isEmpty && line.size() + 1 + word.size() > kWidth) {
      result += line + "\n";
      line = rest;
      isEmpty = true;
    }
    if (!isEmpty) line += " ";
    line += word;
    isEmpty = false;
    at = end + 1;
  }
  return result + line + "\n";
}

// What the rules compare a field with, for the one who fills it; empty when that is no one thing.
const char* kindText(unsigned kinds) {
  if (kinds == kNumber) return "A number";
  if (kinds == kString) return "A text";
  if (kinds == kBool) return "True or false";
  if (kinds == kList) return "A list";
  return "";
}

class Writer {
 public:
  Writer(RuleFile& file, std::string_view name) : file_(file), name_(name), functions_(file.used) {}

  // Functions and operators before conditions before rules: each uses only what stands above it.
  // Which functions are needed is known when all else is written.
  std::string module() {
    const std::string uses = conditionsAndRules();
    header();
    input();
    events();
    for (const auto& [operation, name] : file_.operators) {
      out_ += "\n" + comment("The operator `" + operation + "` of the old host.", "/// ", "/// ") +
              "host pure function operators." + name + "(left: any, right: any) -> bool\n";
    }
    return out_ + functions_.text() + uses;
  }

 private:
  std::string conditionsAndRules() {
    for (const NamedCondition& condition : file_.conditions) {
      prefix_ = "input.";
      self_ = "input";
      const std::vector<Piece> pieces = conjuncts(condition.formula);
      out_ += "\n" + comment("The shared condition `" + condition.name + "`.", "/// ", "/// ") +
              "function " + condition.function +
              "(input: Input) -> bool = " + (pieces.empty() ? "true" : joined(pieces, Piece::And)) +
              "\n";
    }
    prefix_.clear();
    self_ = "this";
    for (const Rule& each : file_.rules) rule(each);
    return std::exchange(out_, {});
  }

  // The notes stand in the module itself, so that the one who takes it over has them without this
  // tool.
  void header() {
    std::size_t slash = name_.find_last_of("/\\");
    std::string_view stem = name_.substr(slash == std::string_view::npos ? 0 : slash + 1);
    out_ += comment("Imported from " + std::string(stem) + ", rules of json-rules-engine.");
    out_ += "//\n" + comment(
                         "Insert one `Input` with the facts, settle, and read the events that were "
                         "emitted: those of the rules with the highest priority come first.",
                         "// ", "// ");
    if (!file_.notes.empty()) out_ += "//\n// Notes, with the places of the old file:\n";
    for (const ImportNote& each : notesOf(file_)) {
      out_ += comment("- " + (each.pointer.empty() ? "" : each.pointer + ": ") + each.message +
                      (each.help.empty() ? "." : ". To do: " + each.help + "."));
    }
    stem = stem.substr(0, stem.find('.'));
    out_ += "\nmodule imported." + nameFrom(stem, false, "rules") + "\n";
  }

  void input() {
    out_ +=
        "\n/// What the rules ask about; a fact that is not given is null.\nfact Input open {\n";
    for (const InputField& field : file_.fields) {
      std::string doc = kindText(field.kinds);
      if (field.name != field.fact || !field.of.empty()) {
        doc += (doc.empty() ? "The fact `" : ": the fact `") + field.fact + "`" +
               (field.of.empty() ? "" : " " + field.of);
      }
      if (!doc.empty()) out_ += comment(doc + ".", "  /// ", "  /// ");
      out_ += "  " + field.name + ": any?\n";
    }
    out_ += "}\n";
  }

  // The type of an event's field: what all its rules put there, null where one puts nothing.
  struct FieldType {
    std::string name, type;
    bool isOptional = false;
  };

  // Widens the type so that it holds this value too: int and double meet in double, all else that
  // differs in `any`. A field of the input may be null, and so may what is copied from it.
  void add(FieldType& field, const Operand& value) {
    std::string type;
    if (value.isField) {
      type = "any";
      field.isOptional = true;
    } else {
      type = typeOf(value.literal);
    }
    if (type.empty()) {
      field.isOptional = true;
    } else if (field.type.empty() || field.type == type) {
      field.type = type;
    } else if ((field.type == "int" && type == "double") ||
               (field.type == "double" && type == "int")) {
      field.type = "double";
    } else {
      field.type = "any";
    }
  }

  // Empty for null, which fits every optional type.
  static std::string typeOf(const Value& value) {
    switch (value.kind()) {
      case ValueKind::Null: return "";
      case ValueKind::Bool: return "bool";
      case ValueKind::Int: return "int";
      case ValueKind::Double: return "double";
      case ValueKind::String: return "string";
      case ValueKind::List: return "list<any>";
      case ValueKind::Map: return "map<string, any>";
      case ValueKind::Bytes:
      case ValueKind::Timestamp:
      case ValueKind::Duration:
      case ValueKind::Type:
      case ValueKind::Fact:
      case ValueKind::Error:
      case ValueKind::Optional:
      case ValueKind::Uint: return "any";
    }
    return "any";
  }

  void events() {
    for (std::size_t at = 0; at < file_.events.size(); ++at) {
      std::vector<FieldType> fields;
      for (const Rule& each : file_.rules) {
        if (each.event != at) continue;
        for (const Parameter& parameter : each.parameters) {
          std::size_t i = 0;
          while (i < fields.size() && fields[i].name != parameter.name) ++i;
          if (i == fields.size()) fields.push_back({parameter.name, "", false});
          add(fields[i], parameter.value);
        }
      }
      const EventKind& event = file_.events[at];
      out_ += "\nevent " + event.name + " as " + literalText(event.type) + " {";
      for (std::size_t i = 0; i < fields.size(); ++i) {
        const bool isOptional = fields[i].isOptional || fields[i].type.empty();
        out_ += (fields.size() == 1 ? " " : "\n  ") + fields[i].name + ": " +
                (fields[i].type.empty() ? "any" : fields[i].type) + (isOptional ? "?" : "");
      }
      out_ += fields.size() == 1 ? " }\n" : fields.empty() ? "}\n" : "\n}\n";
    }
  }

  void rule(const Rule& rule) {
    out_ += "\n";
    for (const std::string& line : rule.doc) out_ += comment(line, "/// ", "/// ");
    out_ += "rule " + literalText(rule.name) +
            (rule.priority == 1 ? "" : " salience " + std::to_string(rule.priority)) +
            (rule.isDisabled ? " disabled" : "") + "\nwhen {\n";
    const std::vector<Piece> pieces = conjuncts(rule.formula);
    // The input is bound only when an action needs it.
    const bool isBound = std::any_of(rule.parameters.begin(), rule.parameters.end(),
                                     [](const Parameter& each) { return each.value.isField; });
    std::string line = isBound ? "  input: Input" : "  Input";
    std::size_t width = line.size() + 2;
    for (const Piece& piece : pieces) width += piece.text.size() + 2;
    const bool isLong = width > kWidth;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      line += std::string(i == 0 ? "(" : ",") +
              (isLong   ? "\n    "
               : i == 0 ? ""
                        : " ") +
              pieces[i].text;
    }
    if (!pieces.empty()) line += isLong ? "\n  )" : ")";
    out_ += line + "\n}\nthen {\n  emit " + file_.events[rule.event].name + "{";
    prefix_ = "input.";
    for (std::size_t i = 0; i < rule.parameters.size(); ++i) {
      const Operand& value = rule.parameters[i].value;
      out_ += (i == 0 ? "" : ", ") + rule.parameters[i].name + ": " +
              (value.isField ? operand(value) : toText(value.literal));
    }
    prefix_.clear();
    out_ += "}\n}\n";
  }

  // Members whose names are no names of the language are read by index: `a["two words"]`; `length`
  // is a size. Where nothing being there makes a difference, step by step with a value for
  // everything.
  std::string operand(const Operand& operand) {
    if (!operand.isField) return toText(operand.literal);
    std::string text = prefix_ + file_.fields[operand.field].name;
    for (std::size_t i = 0; i < operand.path.size(); ++i) {
      const Value& step = operand.path[i];
      const bool isName = step.kind() == ValueKind::String;
      if (operand.isTotal) {
        text = functions_.need(ModuleFunctions::Part) + "(" + text + ", " + toText(step) + ")";
      } else if (isName && i + 1 == operand.path.size() && step.asString() == "length") {
        text = "size(" + text + ")";
      } else if (isName && isPlainName(step.asString())) {
        text += "." + std::string(step.asString());
      } else {
        text += "[" + toText(step) + "]";
      }
    }
    return text;
  }

  // What must be true together; nothing: it is true anyway.
  std::vector<Piece> conjuncts(const Formula& formula) {
    std::vector<Piece> pieces;
    switch (formula.kind) {
      case Formula::Kind::All:
        for (const Formula& part : formula.parts) {
          for (Piece& piece : conjuncts(part)) pieces.push_back(std::move(piece));
        }
        break;
      case Formula::Kind::Any: return alternatives(formula);
      case Formula::Kind::Not: pieces.push_back(opposite(conjuncts(formula.parts[0]))); break;
      case Formula::Kind::Named:
        for (const NamedCondition& condition : file_.conditions) {
          if (condition.name == formula.name) {
            pieces.push_back({Piece::Tight, condition.function + "(" + self_ + ")"});
          }
        }
        break;
      case Formula::Kind::Compare:
        compare(formula, 0, sideOf(formula.left), sideOf(formula.right), pieces);
        break;
    }
    return pieces;
  }

  // An `any` without parts is true, as there.
  std::vector<Piece> alternatives(const Formula& formula) {
    if (formula.parts.size() == 1) return conjuncts(formula.parts[0]);
    std::vector<Piece> branches;
    for (const Formula& part : formula.parts) {
      const std::vector<Piece> pieces = conjuncts(part);
      // A branch that is always true makes the whole so.
      if (pieces.empty()) return {};
      branches.push_back(pieces.size() == 1 ? pieces[0]
                                            : Piece{Piece::And, joined(pieces, Piece::And)});
    }
    if (branches.empty()) return {};
    return {{Piece::Or, joined(branches, Piece::Or)}};
  }

  // The opposite of nothing asked is `false`, since nothing asked is true.
  static Piece opposite(const std::vector<Piece>& pieces) {
    if (pieces.empty()) return {Piece::Tight, "false"};
    const bool isBare =
        pieces.size() == 1 && pieces[0].binding == Piece::Tight && pieces[0].text[0] != '!';
    return {Piece::Tight, isBare ? "!" + pieces[0].text : "!(" + joined(pieces, Piece::And) + ")"};
  }

  // One side of a comparison: a literal, a field or what it leads to, or under a decorator a
  // variable.
  struct Side {
    std::string text;
    const Value* literal = nullptr;
  };
  Side sideOf(const Operand& operand) {
    return {this->operand(operand), operand.isField ? nullptr : &operand.literal};
  }

  static bool isText(const Side& side) { return side.literal && isString(*side.literal); }

  // Of something that may be anything: it is of this type.
  static void ask(const Side& side, const char* type, std::vector<Piece>& pieces) {
    if (!side.literal) pieces.push_back({Piece::Relation, "type(" + side.text + ") == " + type});
  }

  void compare(const Formula& formula, std::size_t depth, const Side& left, const Side& right,
               std::vector<Piece>& pieces) {
    if (depth < formula.decorators.size()) return decorated(formula, depth, left, right, pieces);
    const std::string& operation = formula.operation;
    const auto relation = [&](const std::string& a, const char* sign, const std::string& b) {
      pieces.push_back({Piece::Relation, a + sign + b});
    };
    // Equality has a value for everything.
    if (operation == "equal") return relation(left.text, " == ", right.text);
    if (operation == "notEqual") return relation(left.text, " != ", right.text);
    if (operation == "in" || operation == "notIn") {
      std::vector<Piece> found;
      // In the library `in` is a method of lists and of texts alike; here they are two.
      ask(right, "list", found);
      if (isText(right)) {
        ask(left, "string", found);
        found.push_back({Piece::Tight, right.text + ".contains(" + left.text + ")"});
      } else {
        found.push_back({Piece::Relation, left.text + " in " + right.text});
      }
      if (operation == "notIn") found = {opposite(found)};
      for (Piece& piece : found) pieces.push_back(std::move(piece));
      return;
    }
    // Both are false of what is no list.
    if (operation == "contains" || operation == "doesNotContain") {
      ask(left, "list", pieces);
      const Piece found{Piece::Relation, right.text + " in " + left.text};
      pieces.push_back(operation == "contains" ? found : opposite({found}));
      return;
    }
    for (const Ordering& each : kOrderings) {
      if (operation == each.name) return order(each, left, right, pieces);
    }
    for (const auto& custom : file_.operators) {
      if (custom.first == operation) {
        pieces.push_back({Piece::Tight, "operators." + custom.second + "(" + left.text + ", " +
                                            right.text + ")"});
      }
    }
  }

  // With a number on one side the other is compared as one; else the function finds out.
  void order(const Ordering& ordering, const Side& left, const Side& right,
             std::vector<Piece>& pieces) {
    const bool isNumeric = (left.literal && !isText(left)) || (right.literal && !isText(right));
    if (!isNumeric) {
      pieces.push_back({Piece::Relation, functions_.need(ModuleFunctions::Order) + "(" + left.text +
                                             ", " + right.text + ")" + ordering.sign + "0.0"});
      return;
    }
    const auto numeric = [&](const Side& side) {
      return side.literal && !isText(side)
                 ? side.text
                 : functions_.need(ModuleFunctions::Number) + "(" + side.text + ")";
    };
    const std::string first = numeric(left);
    pieces.push_back({Piece::Relation, first + ordering.sign + numeric(right)});
  }

  // Decorators wrap the operator from outside in. `someFact`, `everyFact` go over the list on the
  // left, `someValue`, `everyValue` over the one on the right; what is no list fails.
  void decorated(const Formula& formula, std::size_t depth, const Side& left, const Side& right,
                 std::vector<Piece>& pieces) {
    const std::string& decorator = formula.decorators[depth];
    if (decorator == "swap") return compare(formula, depth + 1, right, left, pieces);
    std::vector<Piece> parts;
    if (decorator == "not") {
      compare(formula, depth + 1, left, right, parts);
      pieces.push_back(opposite(parts));
      return;
    }
    const bool overFact = decorator == "someFact" || decorator == "everyFact";
    const Side& list = overFact ? left : right;
    ask(list, "list", pieces);
    // A name that no field has: inside the macro it would hide one.
    const Side item{freshName(file_.used, "x")};
    compare(formula, depth + 1, overFact ? item : left, overFact ? right : item, parts);
    pieces.push_back({Piece::Tight, list.text +
                                        (decorator.starts_with("some") ? ".exists(" : ".all(") +
                                        item.text + ", " + joined(parts, Piece::And) + ")"});
  }

  RuleFile& file_;
  std::string_view name_;
  std::string out_, prefix_, self_ = "this";
  ModuleFunctions functions_;
};

}  // namespace

std::string writeModule(RuleFile& file, std::string_view name) {
  return Writer(file, name).module();
}

}  // namespace reticle::importing

namespace reticle {

Imported importJsonRules(std::string_view name, std::string_view json) {
  Imported imported;
  // Without tags: a rule file is plain JSON, and {"$int": …} in it is an object of its author.
  const Result<Value> read = parseJson(json, /*tags=*/false);
  if (!read) {
    imported.notes.push_back(
        {Level::Error, "",
         read.error().message + (read.error().where.empty() ? "" : " (" + read.error().where + ")"),
         ""});
    return imported;
  }
  importing::RuleFile file = importing::readRules(*read);
  if (!file.isBroken) {
    imported.text = importing::writeModule(file, name);
    // If the layout refuses the module, it is still handed out as written: the notes explain it.
    if (const Converted formatted = format({"imported.rules", imported.text}); formatted.ok()) {
      imported.text = formatted.text;
    }
  }
  for (const importing::InputField& field : file.fields) {
    imported.fields.emplace_back(field.fact, field.name);
  }
  imported.notes = importing::notesOf(file);
  return imported;
}

}  // namespace reticle
