// What the comparisons say about the fields, and where they mean something else than there; and the
// notes of a file.
#include <algorithm>
#include <iterator>
#include <utility>

#include "import/import_rules.h"

namespace reticle::importing {
namespace {

constexpr const char* kNotGiven =
    "a fact that is not given is null here; in json-rules-engine it is undefined, which is not "
    "null";

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
             std::string help, std::string item) {
  if (level == Level::Error) file.isBroken = true;
  const auto isSame = [&](const NoteKind& kind) {
    return level != Level::Error && kind.level == level && kind.message == message &&
           kind.help == help;
  };
  auto kind = std::find_if(file.notes.begin(), file.notes.end(), isSame);
  if (kind == file.notes.end()) {
    file.notes.push_back({level, std::move(message), std::move(help), {}, {}});
    kind = file.notes.end() - 1;
  }
  kind->pointers.push_back(pointer);
  std::vector<std::string>& items = kind->items;
  if (!item.empty() && std::find(items.begin(), items.end(), item) == items.end()) {
    items.push_back(std::move(item));
  }
}

namespace {

// "a, b, c and 4 more", from the `begin`-th on.
std::string listedFrom(const std::vector<std::string>& texts, std::size_t begin, std::size_t most) {
  std::string text;
  const std::size_t end = std::min(texts.size(), begin + most);
  for (std::size_t i = begin; i < end; ++i) text += (i == begin ? "" : ", ") + texts[i];
  if (end < texts.size()) text += " and " + std::to_string(texts.size() - end) + " more";
  return text;
}

}  // namespace

std::vector<ImportNote> notesOf(const RuleFile& file) {
  constexpr std::size_t kMostItems = 12, kMostPlaces = 3;
  std::vector<ImportNote> notes;
  for (const NoteKind& kind : file.notes) {
    ImportNote note{kind.level, kind.pointers[0], kind.message, kind.help};
    if (const std::size_t at = note.message.find('%');
        at != std::string::npos && !kind.items.empty()) {
      note.message.replace(at, 1, listedFrom(kind.items, 0, kMostItems));
    }
    if (kind.pointers.size() > 1) {
      note.message += "; " + std::to_string(kind.pointers.size()) + " times, also at " +
                      listedFrom(kind.pointers, 1, kMostPlaces);
    }
    notes.push_back(std::move(note));
  }
  return notes;
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
  lookAtEdges(formula, place);
  if (operation == "in" || operation == "notIn") {
    if (right) right->kinds |= kList;
    if (formula.right.isField) {
      return addNote(
          file_, Level::Information, place,
          quoted("in") + " and " + quoted("notIn") +
              " look into a fact that is a list; json-rules-engine also looks into texts");
    }
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
    if (left) left->kinds |= kList;
    return;
  }
  if (formula.right.isField) {
    if (left) left->kinds |= kAny;
    if (right) right->kinds |= kAny;
    return;
  }
  if (isOrdering && kindOf(literal) != kNumber && kindOf(literal) != kString) {
    return addNote(file_, Level::Error, place,
                   quoted(operation) + " needs a number; this is " + described(literal));
  }
  if (literal.isNull() && left) {
    addNote(file_, Level::Information, place, kNotGiven);
  }
  if (left) left->kinds |= kindOf(literal);
}

// Where lists or objects are compared, the library asks whether they are the very same; here they
// are equal when they hold the same. Facts compared with each other may differ in kind.
void Kinds::lookAtEdges(const Formula& formula, const std::string& place) {
  const std::string& operation = formula.operation;
  const Value& literal = formula.right.literal;
  if (isOneOf(operation, kOrdering)) {
    if (formula.right.isField) {
      addNote(file_, Level::Information, place,
              "facts are compared with each other as numbers or as texts; json-rules-engine also "
              "takes true on the right for 1, and false, null and an empty text for 0");
    }
    return;
  }
  if (formula.right.isField) {
    if (operation == "equal" || operation == "notEqual") {
      addNote(file_, Level::Information, place,
              "two facts that are lists or objects are equal in json-rules-engine only when they "
              "are the very same; here when they hold the same");
      addNote(file_, Level::Information, place, kNotGiven);
    }
    return;
  }
  const auto isWhole = [](const Value& value) { return kindOf(value) == kAny; };
  const bool isIn = operation == "in" || operation == "notIn";
  if (isIn ? isList(literal) &&
                 std::any_of(literal.asList().begin(), literal.asList().end(), isWhole)
           : isWhole(literal)) {
    addNote(file_, Level::Information, place,
            "json-rules-engine asks here whether this is the very same " +
                std::string(isIn || !isList(literal) ? "object" : "list") +
                ", which it never is; here the contents are compared");
  }
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

}  // namespace reticle::importing
