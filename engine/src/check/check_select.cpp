// What a name after a dot means: a field, a member, a value of an enum, a part of `meta`.
#include <algorithm>

#include "check/definitions.h"
#include "check/expression_checker.h"
#include "check/name_checker.h"
#include "check/shapes.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Poison when the row has no such member.
Type memberType(const Type& row, const std::string& name) {
  for (const Member& member : row.members) {
    if (member.name == name) return member.type;
  }
  return Type::of(TypeKind::Poison);
}

}  // namespace

// A chain of names may be a qualified constant, a value of an enum or a part of `meta`; only what
// is none of these is a member of something.
void NameChecker::checkSelect(Expr& e, Scope& s) {
  if (!e.maybe && (resolveQualified(e, s) || resolveMeta(e, s))) return;
  Expr& base = e.args[0];
  // A bare name in front of a dot is seldom meant as a field: say that nothing has that name, not
  // that a field is missing.
  const bool root =
      base.kind == ExprKind::Name && !base.rooted && s.candidate && base.text != "this" &&
      !s.find(base.text) && !symbols_.lookup(base.text, s.module) &&
      !types_.declaredField(s.candidate->type, base.text) && !types_.openField(s.candidate->type);
  if (root) {
    Expr whole = base;
    whole.span = e.span;
    if (!reportAbsent(whole, s)) {
      std::vector<std::string> names;
      for (const Binding& binding : s.bindings) names.push_back(binding.name);
      const FactType& fact = types_.typeOf(s.candidate->type);
      for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
      Diagnostic& d =
          report_.error("RL1004", base.span, "nothing is called " + quoted(base.text) + " here");
      suggest(d, base.span, base.text, names);
    }
    base.type = e.type = Type::of(TypeKind::Poison);
    return;
  }
  if (base.kind == ExprKind::Name && !base.rooted && !s.find(base.text) &&
      !symbols_.lookup(base.text, s.module) &&
      !(s.candidate &&
        (types_.declaredField(s.candidate->type, base.text) || base.text == "this"))) {
    Expr whole = base;
    whole.span = e.span;
    if (reportAbsent(whole, s)) {
      e.type = Type::of(TypeKind::Poison);
      return;
    }
  }
  if (s.candidate && base.kind == ExprKind::Name) s.candidate->member = &e.text;
  expressions_.check(base, s);
  if (s.candidate) s.candidate->member = nullptr;
  selectFrom(e, s);
}

// `Band.WARM`, `shop.LIMIT`: a dotted name whose first part is nothing bound here.
bool NameChecker::resolveQualified(Expr& e, Scope& s) {
  const std::string base = dottedName(e.args[0]);
  if (base.empty() || e.test) return false;
  const std::string root = base.substr(0, base.find('.'));
  if (root == "this" || s.find(root) ||
      (s.candidate && types_.declaredField(s.candidate->type, root))) {
    return false;
  }
  if (const Symbol* symbol = symbols_.lookup(base + "." + e.text, s.module);
      symbol && symbol->kind == Symbol::Kind::Const) {
    index_.use({e.text, e.nameSpan}, symbol->declaration->name.span);
    becomeConstant(e, *symbol);
    return true;
  }
  const Symbol* symbol = symbols_.lookup(base, s.module);
  if (!symbol || symbol->kind != Symbol::Kind::Enum) return false;
  const Type& type = symbols_.enumAt(symbol->index);
  index_.use({base, e.args[0].span}, symbols_.enumSpan(symbol->index));
  if (std::find(type.values.begin(), type.values.end(), e.text) == type.values.end()) {
    Diagnostic& d =
        report_.error("RL2005", e.nameSpan, quoted(base) + " has no value " + quoted(e.text));
    d.related.push_back(
        {symbols_.enumSpan(symbol->index), "its values are " + listed(type.values)});
    suggest(d, e.nameSpan, e.text, type.values);
    e.type = Type::of(TypeKind::Poison);
    return true;
  }
  index_.part(symbols_.enumSpan(symbol->index), e.text, e.nameSpan);
  e.ref.kind = Ref::Kind::Constant;
  e.value = Value::string(e.text);
  e.type = type;
  return true;
}

// `e.meta.subject`, and `meta.subject` inside a pattern.
bool NameChecker::resolveMeta(Expr& e, Scope& s) {
  Expr& meta = e.args[0];
  const bool bare = meta.kind == ExprKind::Name && meta.text == "meta" && !meta.rooted;
  const bool selected = meta.kind == ExprKind::Select && meta.text == "meta";
  Type type;
  Expr* owner = nullptr;
  if (bare) {
    if (!s.candidate && resolveTriggerMeta(e, s)) return true;
    if (!s.candidate || s.find("meta") || types_.declaredField(s.candidate->type, "meta"))
      return false;
    type = types_.recordType(s.candidate->type);
  } else if (selected) {
    owner = &meta.args[0];
    type = expressions_.check(*owner, s);
    if (isPoison(type)) {
      e.type = type;
      return true;
    }
    if (type.kind != TypeKind::Record || types_.declaredField(type.record, "meta")) {
      selectFrom(meta, s);
      selectFrom(e, s);
      return true;
    }
  } else {
    return false;
  }
  e.type = Type::of(TypeKind::Poison);
  const FactType& fact = types_.typeOf(type.record);
  if (fact.kind == FactKind::Fact) {
    report_
        .error("RL1001", meta.kind == ExprKind::Name ? meta.span : meta.nameSpan,
               quoted(fact.name) + " is a plain fact and has no `meta`")
        .notes.push_back(
            "events have meta.id, .subject, .time, .type, .source, .cause, .origin and .ext, "
            "subjects have meta.name");
    return true;
  }
  if (type.optional) {
    fit_.reportOptional(*owner, s, "its " + quoted("meta." + e.text) + " is asked for");
    return true;
  }
  const auto field = fact.find("meta." + e.text);
  if (!field) {
    std::vector<std::string> names;
    for (std::size_t i = fact.declared; i < fact.fields.size(); ++i) {
      if (fact.fields[i].name.starts_with("meta.")) names.push_back(fact.fields[i].name.substr(5));
    }
    Diagnostic& d = report_.error(
        "RL1001", e.nameSpan, "the `meta` of " + quoted(fact.name) + " has no " + quoted(e.text));
    suggest(d, e.nameSpan, e.text, names);
    d.notes.push_back(std::string("the `meta` of ") +
                      (fact.kind == FactKind::Event ? "an event" : "a subject") + " holds " +
                      listed(names));
    return true;
  }
  const bool row = bare || owner->ref.kind == Ref::Kind::Row;
  e.ref = {row ? Ref::Kind::Field : Ref::Kind::FactField, bare ? s.candidate->row : owner->ref.row,
           *field};
  e.type = fact.fields[index(*field)].type;
  index_.field(fact, *field, e.nameSpan);
  // The field is one step away from its fact, with `meta` as part of its name: `subject` may be a
  // declared field too.
  e.text = "meta." + e.text;
  if (!row) e.ref.row = 0;
  if (bare) {
    e.kind = ExprKind::Name;
    e.args.clear();
  } else {
    Expr target = std::move(*owner);
    e.args[0] = std::move(target);
  }
  return true;
}

// `row.?field`: the field as an optional. Apart from the field itself, so that those who look for
// fields finds a plain one.
static void wrapField(Expr& e) {
  Expr field = std::move(e);
  field.maybe = false;
  e = Expr{};
  e.kind = ExprKind::Unary;
  e.op = Operator::Wrap;
  e.span = field.span;
  e.type = isAny(field.type) ? optionalOf(field.type) : optionalOf(field.type.required());
  e.args.push_back(std::move(field));
}

// A member of what an optional holds: an optional again, with or without a `?`.
void NameChecker::selectFromOptional(Expr& e, Scope& s) {
  const Type held = e.args[0].type.arguments[0];
  if (held.kind == TypeKind::Record) {
    Diagnostic& d = report_.error(
        "RL2017", e.nameSpan, "a field of a fact that an optional holds is not picked with a dot");
    d.help.push_back("write " + quoted(toText(e.args[0]) + ".optMap(x, x." + e.text + ")"));
    return;
  }
  const Type whole = e.args[0].type;
  const bool maybe = e.maybe;
  e.args[0].type = held;
  e.maybe = true;
  selectFrom(e, s);
  e.args[0].type = whole;
  e.maybe = maybe;
}

// A field of a fact that a value refers to.
void NameChecker::selectField(Expr& e, Scope& s) {
  Expr& base = e.args[0];
  const Type type = base.type;
  const auto field = types_.declaredField(type.record, e.text);
  if (!field) {
    if (const auto open = types_.openField(type.record); open && e.text != "meta") {
      becomeOpenProperty(e, std::move(base), type.record, *open, s);
      if (e.maybe) e.type = optionalOf(e.type);
    } else if (e.text == "meta" && types_.typeOf(type.record).kind != FactKind::Fact) {
      report_.error("RL1001", e.span, "`meta` is not a value by itself")
          .help.push_back(
              "ask for one of its parts, for example " +
              quoted(toText(e) +
                     (types_.typeOf(type.record).kind == FactKind::Event ? ".time" : ".name")));
    } else {
      types_.reportUnknownField(type.record, e.text, e.nameSpan);
    }
    return;
  }
  const bool row = base.ref.kind == Ref::Kind::Row;
  e.ref = {row ? Ref::Kind::Field : Ref::Kind::FactField, row ? base.ref.row : 0, *field};
  e.type = types_.typeOf(type.record).fields[index(*field)].type;
  index_.field(types_.typeOf(type.record), *field, e.nameSpan);
  if (e.maybe) wrapField(e);
}

// A member of what a query or a table gives.
void NameChecker::selectMember(Expr& e) {
  const Expr& base = e.args[0];
  const Type type = base.type;
  e.type = memberType(type, e.text);
  for (const Member& member : type.members) {
    if (member.name == e.text) index_.use({e.text, e.nameSpan}, member.declared);
  }
  e.ref.kind = Ref::Kind::Member;
  if (!isPoison(e.type)) {
    if (e.maybe) e.type = optionalOf(e.type);
    return;
  }
  std::vector<std::string> names;
  for (const Member& member : type.members) names.push_back(member.name);
  // A member whose own declaration is wrong.
  if (std::find(names.begin(), names.end(), e.text) != names.end()) return;
  Diagnostic& d =
      report_.error("RL1001", e.nameSpan, quoted(toText(base)) + " has no " + quoted(e.text));
  suggest(d, e.nameSpan, e.text, names);
  d.notes.push_back("it holds " + listed(names));
}

// The member `e.text` of the checked e.args[0].
void NameChecker::selectFrom(Expr& e, Scope& s) {
  Expr& base = e.args[0];
  const Type type = base.type;
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (type.optional && !isAny(type)) {
    fit_.reportOptional(base, s, "its " + quoted(e.text) + " is asked for");
    return;
  }
  switch (type.kind) {
    case TypeKind::Record: return selectField(e, s);
    case TypeKind::Row: return selectMember(e);
    case TypeKind::Map:
      if (!isAny(type.arguments[0]) && !isText(type.arguments[0])) {
        report_
            .error("RL2017", e.nameSpan,
                   "the keys of " + quoted(toText(base)) + " are " +
                       quoted(toText(type.arguments[0])) + ", not names")
            .help.push_back("write " + quoted(toText(base) + "[key]"));
        return;
      }
      e.ref.kind = Ref::Kind::Member;
      e.type = e.maybe ? optionalOf(type.arguments[1]) : type.arguments[1];
      return;
    case TypeKind::Any:
      e.ref.kind = Ref::Kind::Member;
      e.type = e.maybe ? optionalOf(Type::of(TypeKind::Any)) : Type::of(TypeKind::Any);
      return;
    case TypeKind::Optional: return selectFromOptional(e, s);
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::List:
    case TypeKind::Enum:
    case TypeKind::Type:
    case TypeKind::Poison: break;
  }
  Diagnostic& d =
      report_.error("RL2017", e.nameSpan,
                    quoted(toText(base)) + " is " + quoted(toText(type)) + " and has no fields");
  const bool sized = type.kind == TypeKind::List || type.kind == TypeKind::String;
  if (sized && (e.text == "length" || e.text == "size" || e.text == "count")) {
    const std::string text = toText(base) + ".size()";
    d.fixes.push_back(edit("write " + quoted(text), e.span, text));
  } else if (type.kind == TypeKind::List && !type.arguments.empty()) {
    d.help.push_back("for one element write " + quoted(toText(base) + "[0]." + e.text) +
                     ", for all of them " + quoted(toText(base) + ".map(x, x." + e.text + ")"));
  }
}

}  // namespace reticle::model
