// From formulas to the text of a module. Where a fact may not be given, its field is asked for null
// first: then a comparison with it is false, as it is in json-rules-engine, and not unknown.
#include <algorithm>

#include "base/value_json.h"
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

// A field asked for null once in a conjunction need not be asked again further right.
using Guarded = std::vector<std::size_t>;  // fields already asked for null

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

// A field that is compared with things of several kinds has no better type than `any`.
std::string typeName(unsigned kinds, unsigned items) {
  switch (kinds) {
    case kNumber: return "double";
    case kString: return "string";
    case kBool: return "bool";
    case kList: return "list<" + (items == kList ? std::string("any") : typeName(items, 0)) + ">";
    default: return "any";
  }
}

class Writer {
 public:
  Writer(RuleFile& file, std::string_view name) : file_(file), name_(name) {}

  // Operators before conditions before rules: each uses only what stands above it.
  std::string module() {
    header();
    input();
    events();
    for (const auto& [operation, name] : file_.operators) {
      out_ += "\n" + comment("The operator `" + operation + "` of the old host.", "/// ", "/// ") +
              "host pure function operators." + name + "(left: any, right: any) -> bool\n";
    }
    for (const NamedCondition& condition : file_.conditions) {
      prefix_ = "input.";
      self_ = "input";
      Guarded guarded;
      const std::vector<Piece> pieces = conjuncts(condition.formula, guarded);
      out_ += "\n" + comment("The shared condition `" + condition.name + "`.", "/// ", "/// ") +
              "function " + condition.function +
              "(input: Input) -> bool = " + (pieces.empty() ? "true" : joined(pieces, Piece::And)) +
              "\n";
    }
    prefix_.clear();
    self_ = "this";
    for (const Rule& each : file_.rules) rule(each);
    return std::move(out_);
  }

 private:
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
    for (const ImportNote& each : file_.notes) {
      out_ += comment("- " + (each.pointer.empty() ? "" : each.pointer + ": ") + each.message +
                      (each.help.empty() ? "." : ". To do: " + each.help + "."));
    }
    stem = stem.substr(0, stem.find('.'));
    out_ += "\nmodule imported." + nameFrom(stem, false, "rules") + "\n";
  }

  void input() {
    out_ += "\n/// What the rules ask about; a fact that is not given is null.\nfact Input {\n";
    for (const InputField& field : file_.fields) {
      if (field.name != field.fact || !field.of.empty()) {
        out_ += comment(
            "The fact `" + field.fact + "`" + (field.of.empty() ? "" : " " + field.of) + ".",
            "  /// ", "  /// ");
      }
      out_ += "  " + field.name + ": " + typeName(field.kinds, field.items) + "?\n";
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
      const InputField& from = file_.fields[value.field];
      type = value.path.empty() ? typeName(from.kinds, from.items) : "any";
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
      std::size_t rules = 0;
      std::vector<std::size_t> given;
      for (const Rule& each : file_.rules) {
        if (each.event != at) continue;
        ++rules;
        for (const Parameter& parameter : each.parameters) {
          std::size_t i = 0;
          while (i < fields.size() && fields[i].name != parameter.name) ++i;
          if (i == fields.size()) fields.push_back({parameter.name, "", false}), given.push_back(0);
          add(fields[i], parameter.value);
          ++given[i];
        }
      }
      const EventKind& event = file_.events[at];
      out_ += "\nevent " + event.name + " as " + literalText(event.type) + " {";
      for (std::size_t i = 0; i < fields.size(); ++i) {
        // A rule that emits the event without this field leaves it null.
        const bool isOptional = fields[i].isOptional || given[i] < rules || fields[i].type.empty();
        out_ += (fields.size() == 1 ? " " : "\n  ") + fields[i].name + ": " +
                (fields[i].type.empty() ? "any" : fields[i].type) + (isOptional ? "?" : "");
      }
      out_ += fields.size() == 1 ? " }\n" : fields.empty() ? "}\n" : "\n}\n";
    }
  }

  void rule(const Rule& rule) {
    out_ += "\nrule " + literalText(rule.name) +
            (rule.priority == 1 ? "" : " salience " + std::to_string(rule.priority)) + "\nwhen {\n";
    Guarded guarded;
    const std::vector<Piece> pieces = conjuncts(rule.formula, guarded);
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

  // Members whose names are no names of the language are read by index: `a["two words"]`.
  std::string operand(const Operand& operand) const {
    if (!operand.isField) return toText(operand.literal);
    std::string text = prefix_ + file_.fields[operand.field].name;
    for (const Value& part : operand.path) {
      if (part.kind() == ValueKind::String && isPlainName(part.asString())) {
        text += "." + std::string(part.asString());
      } else {
        text += "[" + toText(part) + "]";
      }
    }
    return text;
  }

  // What must be true together; nothing: it is true anyway.
  std::vector<Piece> conjuncts(const Formula& formula, Guarded& guarded) {
    std::vector<Piece> pieces;
    switch (formula.kind) {
      case Formula::Kind::All:
        for (const Formula& part : formula.parts) {
          for (Piece& piece : conjuncts(part, guarded)) pieces.push_back(std::move(piece));
        }
        break;
      case Formula::Kind::Any: return alternatives(formula, guarded);
      case Formula::Kind::Not: {
        Guarded inner = guarded;
        pieces.push_back(opposite(conjuncts(formula.parts[0], inner)));
        break;
      }
      case Formula::Kind::Named:
        for (const NamedCondition& condition : file_.conditions) {
          if (condition.name == formula.name) {
            pieces.push_back({Piece::Tight, condition.function + "(" + self_ + ")"});
          }
        }
        break;
      case Formula::Kind::Compare: {
        const Side left{operand(formula.left), formula.left.isField,
                        formula.left.path.empty() ? formula.left.field : kNoField, nullptr};
        const Side right{
            operand(formula.right), formula.right.isField,
            formula.right.isField && formula.right.path.empty() ? formula.right.field : kNoField,
            formula.right.isField ? nullptr : &formula.right.literal};
        compare(formula, 0, left, right, guarded, pieces);
        break;
      }
    }
    return pieces;
  }

  // An `any` without parts is true, as there.
  std::vector<Piece> alternatives(const Formula& formula, Guarded& guarded) {
    if (formula.parts.size() == 1) return conjuncts(formula.parts[0], guarded);
    std::vector<Piece> branches;
    for (const Formula& part : formula.parts) {
      Guarded inner = guarded;
      const std::vector<Piece> pieces = conjuncts(part, inner);
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

  // One side of a comparison: an operand, or under a decorator a variable.
  static constexpr std::size_t kNoField = static_cast<std::size_t>(-1);
  struct Side {
    std::string text;
    bool isField = false;
    std::size_t field = kNoField;  // when it may be null
    const Value* literal = nullptr;
  };

  // Adds `field != null` unless it has been asked already. A value found by a path needs none:
  // `kNoField`.
  void guard(const Side& side, Guarded& guarded, std::vector<Piece>& pieces) {
    if (side.field == kNoField || !side.isField) return;
    if (std::find(guarded.begin(), guarded.end(), side.field) != guarded.end()) return;
    guarded.push_back(side.field);
    pieces.push_back({Piece::Relation, side.text + " != null"});
  }

  void compare(const Formula& formula, std::size_t depth, const Side& left, const Side& right,
               Guarded& guarded, std::vector<Piece>& pieces) {
    if (depth < formula.decorators.size()) {
      return decorated(formula, depth, left, right, guarded, pieces);
    }
    const std::string& operation = formula.operation;
    const auto relation = [&](const Side& a, const char* sign, const Side& b) {
      pieces.push_back({Piece::Relation, a.text + sign + b.text});
    };
    // Equality with null is defined, so these need no guard.
    if (operation == "equal") return relation(left, " == ", right);
    if (operation == "notEqual") return relation(left, " != ", right);
    if (operation == "in" || operation == "notIn") {
      std::vector<Piece> found;
      // In the library `in` is a method of lists and of texts alike; here they are two.
      const bool isText = right.literal && right.literal->kind() == ValueKind::String;
      guard(right, guarded, pieces);
      if (isText) guard(left, guarded, pieces);
      if (isText) {
        found.push_back({Piece::Tight, right.text + ".contains(" + left.text + ")"});
      } else {
        found.push_back({Piece::Relation, left.text + " in " + right.text});
      }
      pieces.push_back(operation == "in" ? found[0] : opposite(found));
      return;
    }
    if (operation == "contains" || operation == "doesNotContain") {
      guard(left, guarded, pieces);
      const Piece found{Piece::Relation, right.text + " in " + left.text};
      pieces.push_back(operation == "contains" ? found : opposite({found}));
      return;
    }
    for (const Ordering& each : kOrderings) {
      if (operation != each.name) continue;
      guard(left, guarded, pieces);
      guard(right, guarded, pieces);
      return relation(left, each.sign, right);
    }
    for (const auto& custom : file_.operators) {
      if (custom.first == operation) {
        pieces.push_back({Piece::Tight, "operators." + custom.second + "(" + left.text + ", " +
                                            right.text + ")"});
      }
    }
  }

  // Decorators wrap the operator from outside in. `someFact`, `everyFact` go over the list on the
  // left, `someValue`, `everyValue` over the one on the right.
  void decorated(const Formula& formula, std::size_t depth, const Side& left, const Side& right,
                 Guarded& guarded, std::vector<Piece>& pieces) {
    const std::string& decorator = formula.decorators[depth];
    if (decorator == "swap") return compare(formula, depth + 1, right, left, guarded, pieces);
    if (decorator == "not") {
      Guarded inner = guarded;
      std::vector<Piece> parts;
      compare(formula, depth + 1, left, right, inner, parts);
      pieces.push_back(opposite(parts));
      return;
    }
    const bool overFact = decorator == "someFact" || decorator == "everyFact";
    const Side& list = overFact ? left : right;
    guard(list, guarded, pieces);
    // A name that no field has: inside the macro it would hide one.
    const Side item{freshName(file_.used, "x"), false, kNoField, nullptr};
    Guarded inner = guarded;
    std::vector<Piece> parts;
    compare(formula, depth + 1, overFact ? item : left, overFact ? right : item, inner, parts);
    pieces.push_back({Piece::Tight, list.text +
                                        (decorator.starts_with("some") ? ".exists(" : ".all(") +
                                        item.text + ", " + joined(parts, Piece::And) + ")"});
  }

  RuleFile& file_;
  std::string_view name_;
  std::string out_, prefix_, self_ = "this";
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
  imported.notes = std::move(file.notes);
  return imported;
}

}  // namespace reticle
