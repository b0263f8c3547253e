// What an expression may name at one place of a program, and what is known there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expr.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

// A name bound outside of the pattern being read: a fact, a value, a parameter, a macro's variable.
struct Binding {
  std::string name;
  Type type;
  Ref ref;  // Row, Field (`old`, `new`), Local; None: a macro's variable
  Span span;
  // of a pattern's binding: `x: `, what is taken away when nobody uses it
  Span prefix;
  const char* what = "binding";
  bool own = false;    // the binding of the very pattern whose constraints are being read
  bool quiet = false;  // nobody minds when it is not used
  bool used = false;
};

// A name that cannot be used here, and why not.
struct Absent {
  enum class Why : std::uint8_t {
    Later,    // bound further down
    Left,     // bound inside a block that has ended
    Unmade,   // bound by the steps of a flow, seen from its failure handler
    Sibling,  // a step of the same `parallel` that may still be running
    // bound by the pattern or group of a `not`, `exists`, `forall` or `accumulate` that has ended;
    // `text` is that word
    Inside,
    SomeBranch,  // bound by some branches of an `either` only; `whole` is one that does not
    // bound by all branches of an `either`, to unlike things; `text` says which, `whole` is the
    // other binding
    Unlike,
    Broken,  // its declaration is wrong, which was reported: stay silent
  };
  std::string name;
  Why why{};
  Span span;
  std::string text;  // Sibling: the step or branch that binds it; Inside, Unlike: see there
  // Later: where what binds it stands; Sibling: where `after` goes, empty when nowhere; SomeBranch,
  // Unlike: see there
  Span whole;
  // Later: what binds it; Sibling: the part that asks for it. Borrowed from the tree. Its text is
  // made when a message needs it: of every condition around a name it would be made again at each
  // level.
  const tree::Condition* condition = nullptr;
  const tree::Action* action = nullptr;
};

// The fact of the pattern being read, whose fields are bare names.
struct Candidate {
  TypeId type{};
  std::uint32_t row = 0;
  // Names reported as such: once is enough, and the repair is of all places.
  struct Ambiguous {
    std::string name;
    std::size_t diagnostic;  // of the reporter
  };
  std::vector<Ambiguous> ambiguous;
  const std::string* member =
      nullptr;  // what is asked of the name that is being read: `name.member`
};

// What a repair needs to know about the pattern that bound a row.
struct RowPlace {
  std::string binding;
  TypeId type{};
  Span addAt;           // where a further constraint goes
  bool bare = true;     // no parentheses yet
  bool brief = false;   // an event that a window or the current cycle bounds
  Span trigger;         // of a change: `Type.property` after `on change`
  std::string written;  // of a change: `on change d: Type.property`
};

struct Scope {
  enum class Place : std::uint8_t { Constant, Check, Function, Condition, Rule, Flow, Test, Given };
  Place place = Place::Constant;
  // The declaration in whose text the place lies: names are resolved in its module, and it says
  // which warnings are meant. Null: none, or another kind of declaration.
  const tree::Module* module = nullptr;
  const tree::Declaration* rule = nullptr;
  const tree::Declaration* flow = nullptr;
  std::uint32_t flowIndex = 0;    // of the flow
  std::vector<Binding> bindings;  // inner ones last
  std::vector<Absent> absent;
  std::optional<Candidate> candidate;
  std::vector<std::string> known;  // paths that cannot be null here, see pathOf
  std::vector<RowPlace> rows;      // facts bound so far
  // a condition above could not be read: it may have ruled out null
  bool unsure = false;
  std::uint32_t locals = 0;      // next free local
  std::uint32_t retryError = 0;  // Flow: the local that retry conditions call `err`
  // what the other way through an `if` or `try` has bound: the same names take the same locals
  std::vector<Binding> shared;
  std::uint32_t mostRows = 0;  // the most rows bound at once so far, see Rule::frameRows
  std::uint32_t groups = 0;    // groups of conditions around this place
  Span condition;              // the condition being read; empty elsewhere
  Span constraint;             // the constraint in it

  // A place in a declaration of that module, where nothing is bound yet.
  static Scope in(Place place, const tree::Module* module);

  Binding* find(std::string_view name) {
    for (std::size_t i = bindings.size(); i-- > 0;) {
      if (bindings[i].name == name) return &bindings[i];
    }
    return nullptr;
  }
  const Binding* find(std::string_view name) const {
    for (std::size_t i = bindings.size(); i-- > 0;) {
      if (bindings[i].name == name) return &bindings[i];
    }
    return nullptr;
  }
};

// Whether the rule or flow at this place says that a warning is meant.
bool allows(const Scope& s, std::string_view code);

// After a checked condition is known to be true (or false): remembers what cannot be null any more.
void assume(const Expr& condition, bool truth, Scope& s);

// A stable key for what an expression reads ("r0.3", "l2.1.name"), so that a null test of one place
// is found again at another; empty for expressions that are not a plain path.
std::string pathOf(const Expr& checked);

}  // namespace reticle::model
