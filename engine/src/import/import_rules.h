// A rule file of json-rules-engine as read, between its JSON and the module it becomes.
//
//   Formula   All and Any over parts, Not over one; Compare: left operator right; Named: a shared
//             condition
//   Operand   a literal, or a field of `Input` with a path after it
//
// A field holds what one fact (with one set of params) gives. `kinds` gathers what it is compared
// with, and becomes its type.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/import.h"
#include "reticle/value.h"

namespace reticle::importing {

enum Kind : unsigned { kNumber = 1, kString = 2, kBool = 4, kList = 8, kAny = 16 };

struct InputField {
  std::string fact, name;
  // what tells fields of one fact apart: its params, or a path that the host must follow; may be
  // empty
  std::string of;
  unsigned kinds = 0, items = 0;  // items: of a list
};

struct Operand {
  bool isField = false;
  Value literal;
  std::size_t field = 0;    // in RuleFile::fields
  std::vector<Value> path;  // member names and positions
};

// Which of the members below are used depends on the kind; see the drawing above.
struct Formula {
  enum class Kind { All, Any, Not, Compare, Named } kind = Kind::All;
  std::vector<Formula> parts;
  std::vector<std::string> decorators;  // "not", "everyFact", … outermost first
  std::string operation;
  Operand left, right;
  std::string name;  // Named: of the condition in the file
};

// A condition that rules share by its name; it becomes a function of the module.
struct NamedCondition {
  std::string name, function;
  Formula formula;
  std::string pointer;
};

// A param of an event: its key in the old file and the name of the event's field.
struct Parameter {
  std::string key, name;
  Operand value;
};
struct Rule {
  std::string name;
  std::int64_t priority = 1;
  Formula formula;
  std::size_t event = 0;  // in RuleFile::events
  std::vector<Parameter> parameters;
};

// All events of one type, with the name of the declaration they become.
struct EventKind {
  std::string type, name;
};

struct RuleFile {
  std::vector<InputField> fields;
  std::vector<NamedCondition> conditions;
  std::vector<EventKind> events;
  std::vector<Rule> rules;
  // custom ones: as written, and the host function's last name
  std::vector<std::pair<std::string, std::string>> operators;
  std::vector<ImportNote> notes;
  // names that fields, functions and variables must not take
  std::vector<std::string> used;
  bool isBroken = false;  // a note is an error
};

void addNote(RuleFile& file, Level level, const std::string& pointer, std::string message,
             std::string help = "");

// Finds the types of the fields: `gather` for each comparison, then `settle`.
class Kinds {
 public:
  explicit Kinds(RuleFile& file) : file_(file) {}
  // `place` is the pointer to the comparison's value.
  void gather(const Formula& formula, const std::string& place);
  void settle();

 private:
  InputField* whole(const Operand& operand);  // the field, when the operand is all of it
  void lookThrough(const Formula& formula, const std::string& place);
  struct Link {
    std::size_t a, b;
    bool isOrdering;
  };
  RuleFile& file_;
  std::vector<Link> links_;  // fields compared with each other
};

// Reads the JSON; every mistake and difference becomes a note.
RuleFile readRules(const Value& json);

// The module. Requires: the file is not broken.
std::string writeModule(RuleFile& file, std::string_view name);

// A name not in `used` that begins as `wanted` does; it is then in `used`. Where a number must
// follow, `gap` stands before it.
std::string freshName(std::vector<std::string>& used, const std::string& wanted,
                      std::string_view gap = "");
// The letters and digits of any text as a name: "account-information" is accountInformation, as a
// type's AccountInformation.
std::string nameFrom(std::string_view text, bool isType, std::string_view otherwise);
bool isPlainName(std::string_view text);
bool isKnownOperator(std::string_view name);  // one that json-rules-engine brings
std::string described(const Value& value);    // "what it is", for messages: "an object", `7`
inline bool isList(const Value& value) { return value.kind() == ValueKind::List; }
inline bool isString(const Value& value) { return value.kind() == ValueKind::String; }
inline std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }
// A JSONPath that only goes down by names and positions; nothing for any other.
std::optional<std::vector<Value>> plainPath(std::string_view text);

}  // namespace reticle::importing
