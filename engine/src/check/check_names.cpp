// What a bare name means: the pattern's fact and its fields, bindings, constants, types.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "check/definitions.h"
#include "check/expression_checker.h"
#include "check/name_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

constexpr std::array<std::string_view, 14> kTypeValues = {
    "bool", "int",       "uint", "double",    "string",   "bytes", "list",
    "map",  "null_type", "type", "timestamp", "duration", "dyn",   "optional_type"};

}  // namespace

// In this order: `this`, a macro's variable, a field of the candidate, a binding, a constant, a
// type. `.x` skips the candidate. What is none of these may be an undeclared property of an `open`
// subject, which is why that comes last: a misspelt binding is found first.
void NameChecker::checkName(Expr& e, Scope& s) {
  const bool inPattern = s.candidate && !e.rooted;
  if (e.text == "this" && !e.rooted) {
    if (!s.candidate) {
      Diagnostic& d = report_.error("RL1004", e.span, "`this` has no meaning here");
      d.notes.push_back("`this` is the fact that a pattern is looking at, inside its parentheses");
      e.type = Type::of(TypeKind::Poison);
      return;
    }
    e.ref = {Ref::Kind::Row, s.candidate->row, {}};
    e.type = types_.recordType(s.candidate->type);
    return;
  }
  Binding* outer = s.find(e.text);
  const bool macroVariable = outer && outer->ref.kind == Ref::Kind::None && !isPoison(outer->type);
  if (macroVariable && !e.rooted) return becomeBinding(e, *outer);
  const Symbol* symbol = outer ? nullptr : symbols_.lookup(e.text, s.module);
  const Symbol* constant = symbol && symbol->kind == Symbol::Kind::Const ? symbol : nullptr;
  // The candidate is nearest: its fields come before what is bound outside.
  if (inPattern && becomeField(e, s, outer, constant)) return;
  if (outer) return becomeBinding(e, *outer);
  if (constant) {
    index_.use({e.text, e.nameSpan}, constant->declaration->name.span);
    return becomeConstant(e, *constant);
  }
  if (symbol) {
    e.type = Type::of(TypeKind::Poison);
    return reportNoValue(e, *symbol);
  }
  // A type as a value, as in `type(x) == int`.
  if (std::find(kTypeValues.begin(), kTypeValues.end(), e.text) != kTypeValues.end()) {
    e.ref.kind = Ref::Kind::Type;
    e.value = Value::type(e.text);
    e.type = Type::of(TypeKind::Type);
    return;
  }
  if (reportAbsent(e, s)) {
    e.type = Type::of(TypeKind::Poison);
    return;
  }
  if (inPattern) {
    if (const auto open = types_.openField(s.candidate->type)) {
      Expr row;
      row.kind = ExprKind::Name;
      row.span = row.nameSpan = e.span;
      row.text = "this";
      row.ref = {Ref::Kind::Row, s.candidate->row, {}};
      becomeOpenProperty(e, std::move(row), s.candidate->type, *open, s);
      return;
    }
  }
  reportUnknownName(e, s);
  e.type = Type::of(TypeKind::Poison);
}

// Looking at a name uses it, whatever comes of the expression.
void NameChecker::becomeBinding(Expr& e, Binding& binding) {
  binding.used = true;
  index_.use(binding, e.nameSpan);
  e.ref = binding.ref;
  e.type = binding.type;
}

// A field of the candidate; false when it has none of that name. Whether `outer` or `constant` may
// be meant as well is reported.
bool NameChecker::becomeField(Expr& e, Scope& s, const Binding* outer, const Symbol* constant) {
  const std::optional<FieldId> field = types_.declaredField(s.candidate->type, e.text);
  if (!field) return false;
  if (outer && outer->own) outer = nullptr;
  if ((outer || constant) && reportAmbiguous(e, s, outer, constant)) return true;
  const FactType& fact = types_.typeOf(s.candidate->type);
  e.ref = {Ref::Kind::Field, s.candidate->row, *field};
  e.type = fact.fields[index(*field)].type;
  index_.field(fact, *field, e.nameSpan);
  return true;
}

// The value is put in at once; the compiler sees a literal.
void NameChecker::becomeConstant(Expr& e, const Symbol& symbol) {
  const Definitions::Constant& constant = definitions_.constant(symbol.index);
  e.ref.kind = Ref::Kind::Constant;
  e.value = constant.value;
  e.type = constant.type;
}

// A name of something that is declared, and is no value.
void NameChecker::reportNoValue(const Expr& e, const Symbol& symbol) {
  using Kind = Symbol::Kind;
  if (symbol.kind == Kind::Enum) {
    const std::vector<std::string>& values = symbols_.enumAt(symbol.index).values;
    Diagnostic& d =
        report_.error("RL1004", e.span, quoted(e.text) + " is an enum, not one of its values");
    d.help.push_back("its values are " + listed(values) + ": write for example " +
                     quoted(e.text + "." + (values.empty() ? "VALUE" : values[0])));
  } else if (symbol.kind == Kind::Type) {
    Diagnostic& d = report_.error("RL1004", e.span, quoted(e.text) + " is a type, not a value");
    d.help.push_back("to look at its facts bind one in a pattern: " + quoted("x: " + e.text));
  } else {
    Diagnostic& d = report_.error(
        "RL1004", e.span,
        quoted(e.text) + (symbol.kind == Kind::Flow ? " is a flow, not a value"
                                                    : " is a function; call it with parentheses"));
    if (symbol.declaration) d.related.push_back({symbol.declaration->head, "declared here"});
  }
}

// An undeclared property is allowed in an `open` subject, and a misspelt one looks just like it.
void NameChecker::warnNearProperty(TypeId type, const std::string& name, Span at, const Scope& s,
                                   std::vector<std::string> names) {
  const FactType& fact = types_.typeOf(type);
  for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
  const std::string close = nearest(name, names);
  if (close.empty() || allows(s, "RL1011")) return;
  Diagnostic& d =
      report_.warn("RL1011", at, quoted(name) + " is not declared in " + quoted(fact.name));
  d.label = "taken as an undeclared property";
  d.related.push_back({fact.span, "`open`: properties need not be declared"});
  d.help.push_back("did you mean " + quoted(close) + "?");
  d.fixes.push_back(replaceWith(at, name, close));
}

// Turns `e` into a member of the map of undeclared properties of the fact that `row` names.
void NameChecker::becomeOpenProperty(Expr& e, Expr row, TypeId type, FieldId field,
                                     const Scope& s) {
  const FactType& fact = types_.typeOf(type);
  const bool bare = e.kind == ExprKind::Name;
  std::vector<std::string> names;
  for (std::size_t i = 0; bare && i < s.bindings.size(); ++i) names.push_back(s.bindings[i].name);
  warnNearProperty(type, e.text, bare ? e.span : e.nameSpan, s, std::move(names));
  if (row.ref.kind == Ref::Kind::Row) {
    // Called by the field's name, as two rules that bind the fact differently ask for the same.
    row.ref = {Ref::Kind::Field, row.ref.row, field};
    row.kind = ExprKind::Name;
    row.text = "…";
  } else {
    // A fact reached through a value: its map is a field of it.
    Expr map;
    map.kind = ExprKind::Select;
    map.span = row.span;
    map.text = "…";
    map.ref = {Ref::Kind::FactField, 0, field};
    map.args.push_back(std::move(row));
    row = std::move(map);
  }
  row.type = fact.fields[index(field)].type;
  e.kind = ExprKind::Select;
  if (e.nameSpan == Span{}) e.nameSpan = e.span;
  e.args.clear();
  e.args.push_back(std::move(row));
  e.ref.kind = Ref::Kind::Member;
  e.type = Type::of(TypeKind::Any);
}

}  // namespace reticle::model
