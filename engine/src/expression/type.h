// Static types of expressions and fields.
#pragma once

#include <string>
#include <vector>

#include "reticle/diagnostic.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

enum class TypeKind : std::uint8_t {
  // CEL's dyn: checked when it runs; with a `name` a type parameter, with the name "?" one that
  // nothing has decided yet
  Any,
  Null,
  Bool,
  Int,
  Double,
  String,
  Bytes,
  Timestamp,
  Duration,
  Uint,      // with the conformance switch only
  Optional,  // CEL's optional_type, held: arguments[0]; not `T?`, which is `optional` below
  List,      // element: arguments[0]
  Map,       // key, value: arguments[0], [1]
  Enum,      // a string out of `values`; `name` when it was declared
  // a fact, subject or event type of the program: `record`; as a value it is a reference to a fact
  Record,
  Type,    // a type as a value
  Row,     // what a query gives: a map with known members (`members`)
  Poison,  // built on an error: nothing more is reported about it
};

struct Member;

struct Type {
  TypeKind kind = TypeKind::Any;
  bool optional = false;  // T?: may be null
  TypeId record{};
  std::string name;  // declared enum or record; of Any: see above
  std::vector<Type> arguments;
  std::vector<std::string> values;  // of an enum, in order
  std::vector<Member> members;      // of a Row

  static Type of(TypeKind kind);
  Type asOptional() const;
  Type required() const;
};

struct Member {
  std::string name;
  Type type;
  Span declared{};  // where its name is written, for editors; no part of the type
};

// After Member, which a Type holds: before it, some standard libraries cannot make one.
inline Type Type::of(TypeKind kind) {
  Type t;
  t.kind = kind;
  return t;
}
inline Type Type::asOptional() const {
  Type t = *this;
  t.optional = true;
  return t;
}
inline Type Type::required() const {
  Type t = *this;
  t.optional = false;
  return t;
}

bool operator==(const Type& a, const Type& b);
// As the author writes it: "list<string>?", "enum(\"m\", \"f\")", "Band".
std::string toText(const Type& type);
// Whether a value of `from` may stand where `to` is asked for, without a conversion (any fits
// everywhere).
bool fits(const Type& from, const Type& to);

}  // namespace reticle
