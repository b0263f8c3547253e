// A rule file of json-rules-engine as read, between its JSON and the module it becomes.
//
//   Formula   All and Any over parts, Not over one; Compare: left operator right; Named: a shared
//             condition
//   Operand   a literal, or a field of `Input` with a path after it
//
// A field holds what one fact (with one set of params) gives. Any fact may be anything there, and a
// comparison with something else is false; so every field is of type `any?`, and what it is
// compared with is only told.
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
  unsigned kinds = 0;  // what it is compared with
};

struct Operand {
  bool isField = false;
  Value literal;
  std::size_t field = 0;    // in RuleFile::fields
  std::vector<Value> path;  // member names and positions
  // Whether nothing being there makes the rule go on: then it must be null, and not unknown.
  bool isTotal = false;
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
  std::vector<std::string> doc;  // its old id and description
  bool isDisabled = false;
  std::int64_t priority = 1;
  Formula formula;
  std::size_t event = 0;  // in RuleFile::events
  std::vector<Parameter> parameters;
};

// All events of one type with the same params, with the name of the declaration they become: an
// event is sent with the params of its rule and no others.
struct EventKind {
  std::string type, name;
  std::vector<std::string> params;  // in the order of the first rule
};

// Notes of one kind, of all places: they become one. `%` in the message is where the items go.
struct NoteKind {
  Level level = Level::Error;
  std::string message, help;
  std::vector<std::string> pointers, items;
};

struct RuleFile {
  std::vector<InputField> fields;
  std::vector<NamedCondition> conditions;
  std::vector<EventKind> events;
  std::vector<Rule> rules;
  // custom ones: as written, and the host function's last name
  std::vector<std::pair<std::string, std::string>> operators;
  std::vector<NoteKind> notes;
  // names that fields, functions and variables must not take
  std::vector<std::string> used;
  bool isBroken = false;  // a note is an error
};

// An error stands by itself; another note joins those of its kind.
void addNote(RuleFile& file, Level level, const std::string& pointer, std::string message,
             std::string help = "", std::string item = "");

// The notes for people, in the order in which their kinds came up.
std::vector<ImportNote> notesOf(const RuleFile& file);

// Looks at the comparisons: what the fields are compared with, and what differs from the library.
class Kinds {
 public:
  explicit Kinds(RuleFile& file) : file_(file) {}
  // `place` is the pointer to the comparison's value.
  void gather(const Formula& formula, const std::string& place);

 private:
  InputField* whole(const Operand& operand);  // the field, when the operand is all of it
  void lookThrough(const Formula& formula, const std::string& place);
  void lookAtEdges(const Formula& formula, const std::string& place);
  RuleFile& file_;
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
// type's AccountInformation; "erfüllt" is erfuellt.
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
