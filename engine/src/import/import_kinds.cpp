// What the comparisons say about the types of the fields.
#include <algorithm>
#include <iterator>
#include <utility>

#include "import/import_rules.h"

namespace reticle::importing {
namespace {

constexpr std::string_view kOrdering[] = {"lessThan", "lessThanInclusive", "greaterThan",
                                          "greaterThanInclusive"};
constexpr std::string_view kOperators[] = {"equal",       "notEqual",
                                           "in",          "notIn",
                                           "contains",    "doesNotContain",
                                           "lessThan",    "lessThanInclusive",
                                           "greaterThan", "greaterThanInclusive"};
template <std::size_t N>
bool isOneOf(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Null says nothing about the type: each field may be null anyway.
unsigned kindOf(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return 0;
    case ValueKind::Bool: return kBool;
    case ValueKind::Int:
    case ValueKind::Double: return kNumber;
    case ValueKind::String: return kString;
    case ValueKind::Bytes:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Error:
    case ValueKind::Optional:
    case ValueKind::Uint: return kAny;
  }
  return kAny;
}

}  // namespace

// "what it is", for messages.
std::string described(const Value& value) {
  if (value.kind() == ValueKind::Map) return "an object";
  if (isList(value)) return "a list";
  if (isString(value)) return "a text";
  return quoted(toText(value));
}

bool isKnownOperator(std::string_view name) { return isOneOf(name, kOperators); }

void addNote(RuleFile& file, Level level, const std::string& pointer, std::string message,
             std::string help) {
  if (level == Level::Error) file.isBroken = true;
  file.notes.push_back({level, pointer, std::move(message), std::move(help)});
}

// A comparison of what a path leads to says nothing about the type of the fact it begins at.
InputField* Kinds::whole(const Operand& operand) {
  return operand.isField && operand.path.empty() ? &file_.fields[operand.field] : nullptr;
}

void Kinds::gather(const Formula& formula, const std::string& place) {
  InputField* left = whole(formula.left);
  InputField* right = whole(formula.right);
  const std::string& operation = formula.operation;
  const bool isOrdering = isOneOf(operation, kOrdering);
  const Value& literal = formula.right.literal;
  // Decorators change which side is a list, so only the literals are looked at.
  if (!formula.decorators.empty() || !isKnownOperator(operation)) {
    if (left) left->kinds |= kAny;
    if (right) right->kinds |= kAny;
    return lookThrough(formula, place);
  }
  if (operation == "in" || operation == "notIn") {
    if (right) right->kinds |= kList, right->items |= kAny;
    if (formula.right.isField) return;
    if (isString(literal)) {
      if (left) left->kinds |= kString;
      addNote(file_, Level::Information, place,
              quoted(operation) +
                  " looks for the fact inside this text, as json-rules-engine does; it wants a "
                  "list mostly");
    } else if (!isList(literal)) {
      addNote(file_, Level::Error, place,
              quoted(operation) + " needs a list; this is " + described(literal));
    } else if (left) {
      for (const Value& item : literal.asList()) left->kinds |= kindOf(item);
    }
    return;
  }
  if (operation == "contains" || operation == "doesNotContain") {
    if (left) left->kinds |= kList, left->items |= formula.right.isField ? kAny : kindOf(literal);
    return;
  }
  if (formula.right.isField) {
    if (left && right) {
      // Which type the two share may only be known after the last rule: `settle` decides.
      links_.push_back({formula.left.field, formula.right.field, isOrdering});
    } else if (InputField* one = left ? left : right) {
      one->kinds |= kAny;
    }
    return;
  }
  if (isOrdering && kindOf(literal) != kNumber && kindOf(literal) != kString) {
    return addNote(file_, Level::Error, place,
                   quoted(operation) + " needs a number; this is " + described(literal));
  }
  if (isOrdering && isString(literal)) {
    addNote(file_, Level::Information, place,
            "texts are compared here letter by letter; json-rules-engine does so only for facts "
            "that begin with a number");
  }
  if (kindOf(literal) == kAny) {
    addNote(file_, Level::Information, place,
            "json-rules-engine asks here whether this is the very same " +
                std::string(isList(literal) ? "list" : "object") +
                ", which it never is; here the contents are compared");
  }
  if (literal.isNull() && left) {
    addNote(file_, Level::Information, place,
            "a fact that is not given is null here; in json-rules-engine it is undefined, which is "
            "not null");
  }
  if (left) left->kinds |= kindOf(literal);
}

// Follows the literal through the decorators to the operator: where a list or a number is needed,
// it must be one.
void Kinds::lookThrough(const Formula& formula, const std::string& place) {
  // the literal, on the side where it stands
  const Value* left = nullptr;
  const Value* right = formula.right.isField ? nullptr : &formula.right.literal;
  const auto needs = [&](const Value* value, const std::string& what, bool holds) {
    if (value && !holds) {
      addNote(file_, Level::Error, place,
              quoted(what) + " needs a list here; this is " + described(*value));
    }
    return !value || holds;
  };
  for (const std::string& decorator : formula.decorators) {
    if (decorator == "swap") std::swap(left, right);
    if (decorator == "swap" || decorator == "not") continue;
    const Value*& side = decorator.ends_with("Fact") ? left : right;
    if (!needs(side, decorator, side && isList(*side))) return;
    side = nullptr;
  }
  const std::string& operation = formula.operation;
  if (operation == "in" || operation == "notIn") {
    needs(right, operation, right && (isList(*right) || isString(*right)));
  }
  if (operation == "contains" || operation == "doesNotContain") {
    needs(left, operation, left && isList(*left));
  }
  if (!isOneOf(operation, kOrdering)) return;
  for (const Value* side : {left, right}) {
    if (side && kindOf(*side) != kNumber && kindOf(*side) != kString) {
      addNote(file_, Level::Error, place,
              quoted(operation) + " needs a number; this is " + described(*side));
    }
  }
}

// Facts compared with each other are of one type; compared by order and nothing else, they are
// numbers.
void Kinds::settle() {
  // Until nothing changes: links form chains. It ends, since bits are only added.
  for (bool changed = true; changed;) {
    changed = false;
    for (const Link& link : links_) {
      unsigned &a = file_.fields[link.a].kinds, &b = file_.fields[link.b].kinds;
      const unsigned both = a | b | (link.isOrdering && (a | b) == 0 ? kNumber : 0u);
      const unsigned items = file_.fields[link.a].items | file_.fields[link.b].items;
      changed |= a != both || b != both;
      a = b = both;
      file_.fields[link.a].items = file_.fields[link.b].items = items;
    }
  }
}

}  // namespace reticle::importing
