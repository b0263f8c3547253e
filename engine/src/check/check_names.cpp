// What a name means: a field of the pattern's fact, a binding, a constant, a value of an enum, a
// member of a map.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "check/checker.h"

namespace reticle::model {
namespace {

constexpr std::array<std::string_view, 14> kTypeValues = {
    "bool", "int",       "uint", "double",    "string",   "bytes", "list",
    "map",  "null_type", "type", "timestamp", "duration", "dyn",   "optional_type"};

Type memberType(const Type& row, const std::string& name) {
  for (const Member& member : row.members) {
    if (member.name == name) return member.type;
  }
  return Type::of(TypeKind::Poison);
}

}  // namespace

std::string dottedName(const Expr& e) {
  if (e.kind == ExprKind::Name) return e.text;
  if (e.kind != ExprKind::Select || e.test) return "";
  const std::string base = dottedName(e.args[0]);
  return base.empty() ? "" : base + "." + e.text;
}

std::string pathOf(const Expr& e) {
  switch (e.ref.kind) {
    case Ref::Kind::Row: return "r" + std::to_string(e.ref.row);
    case Ref::Kind::Field:
      return "r" + std::to_string(e.ref.row) + "." + std::to_string(index(e.ref.field));
    case Ref::Kind::Local: return "l" + std::to_string(e.ref.row);
    case Ref::Kind::FactField: {
      const std::string path = pathOf(e.args[0]);
      return path.empty() ? "" : path + "." + std::to_string(index(e.ref.field));
    }
    case Ref::Kind::Member: {
      const std::string path = pathOf(e.args[0]);
      return path.empty() ? "" : path + ".'" + e.text;
    }
    case Ref::Kind::None:
      return e.kind == ExprKind::Name ? "v" + e.text : "";  // a macro's variable
    default: return "";
  }
}

void Checker::checkName(Expr& e, Scope& s) {
  const bool inPattern = s.candidate && !e.rooted;
  if (e.text == "this" && !e.rooted) {
    if (!s.candidate) {
      Diagnostic& d = error("RL1004", e.span, "`this` has no meaning here");
      d.notes.push_back("`this` is the fact that a pattern is looking at, inside its parentheses");
      e.type = Type::of(TypeKind::Poison);
      return;
    }
    e.ref = {Ref::Kind::Row, s.candidate->row, {}};
    e.type = recordType(s.candidate->type);
    return;
  }
  Binding* outer = s.find(e.text);
  const bool macroVariable = outer && outer->ref.kind == Ref::Kind::None && !isPoison(outer->type);
  if (macroVariable && !e.rooted) {
    outer->used = true;
    index_.use(*outer, e.nameSpan);
    e.type = outer->type;
    return;
  }
  const std::optional<FieldId> field =
      inPattern ? declaredField(s.candidate->type, e.text) : std::nullopt;
  const Symbol* symbol = outer ? nullptr : lookup(e.text);
  const Symbol* constant = symbol && symbol->kind == Symbol::Kind::Const ? symbol : nullptr;
  if (field) {
    if (outer && outer->own) outer = nullptr;
    if ((outer || constant) && reportAmbiguous(e, s, outer, constant)) return;
    e.ref = {Ref::Kind::Field, s.candidate->row, *field};
    e.type = typeOf(s.candidate->type).fields[index(*field)].type;
    index_.field(typeOf(s.candidate->type), *field, e.nameSpan);
    return;
  }
  if (outer) {
    outer->used = true;
    index_.use(*outer, e.nameSpan);
    e.ref = outer->ref;
    e.type = outer->type;
    return;
  }
  if (constant) {
    index_.use({e.text, e.nameSpan}, constant->declaration->name.span);
    checkConst(constant->index);
    const ConstState& state = consts_[constant->index];
    e.ref.kind = Ref::Kind::Constant;
    e.value = state.value;
    e.type = state.type;
    return;
  }
  if (symbol) {
    e.type = Type::of(TypeKind::Poison);
    using Kind = Symbol::Kind;
    if (symbol->kind == Kind::Enum) {
      Diagnostic& d =
          error("RL1004", e.span, quoted(e.text) + " is an enum, not one of its values");
      d.help.push_back(
          "its values are " + listed(enums_[symbol->index].values) + ": write for example " +
          quoted(
              e.text + "." +
              (enums_[symbol->index].values.empty() ? "VALUE" : enums_[symbol->index].values[0])));
    } else if (symbol->kind == Kind::Type) {
      Diagnostic& d = error("RL1004", e.span, quoted(e.text) + " is a type, not a value");
      d.help.push_back("to look at its facts bind one in a pattern: " + quoted("x: " + e.text));
    } else {
      Diagnostic& d = error("RL1004", e.span,
                            quoted(e.text) + (symbol->kind == Kind::Flow
                                                  ? " is a flow, not a value"
                                                  : " is a function; call it with parentheses"));
      if (symbol->declaration) d.related.push_back({symbol->declaration->head, "declared here"});
    }
    return;
  }
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
    if (const auto open = openField(s.candidate->type)) {
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

void Checker::warnNearProperty(TypeId type, const std::string& name, Span at,
                               std::vector<std::string> names) {
  const FactType& fact = typeOf(type);
  for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
  const std::string close = nearest(name, names);
  if (close.empty() || allows("RL1011")) return;
  Diagnostic& d = warn("RL1011", at, quoted(name) + " is not declared in " + quoted(fact.name));
  d.label = "taken as an undeclared property";
  d.related.push_back({fact.span, "`open`: properties need not be declared"});
  d.help.push_back("did you mean " + quoted(close) + "?");
  d.fixes.push_back(replaceWith(at, name, close));
}

// Turns `e` into a member of the map of undeclared properties of the fact that `row` names.
void Checker::becomeOpenProperty(Expr& e, Expr row, TypeId type, FieldId field, const Scope& s) {
  const FactType& fact = typeOf(type);
  const bool bare = e.kind == ExprKind::Name;
  std::vector<std::string> names;
  for (std::size_t i = 0; bare && i < s.bindings.size(); ++i) names.push_back(s.bindings[i].name);
  warnNearProperty(type, e.text, bare ? e.span : e.nameSpan, std::move(names));
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

bool Checker::reportAmbiguous(Expr& e, Scope& s, const Binding* outer, const Symbol* constant) {
  auto& known = s.candidate->ambiguous;
  e.type = Type::of(TypeKind::Poison);
  if (std::find(known.begin(), known.end(), e.text) != known.end()) return true;
  known.push_back(e.text);
  const FactType& fact = typeOf(s.candidate->type);
  Diagnostic& d = error("RL1006", e.span, quoted(e.text) + " means two things here");
  d.label = "or the field " + quoted(fact.name + "." + e.text) + "?";
  const std::string what = outer ? outer->what : "constant";
  d.related.push_back({outer ? outer->span : constant->declaration->name.span, "this " + what});
  d.fixes.push_back(
      edit("write " + quoted("this." + e.text) + " for the field", e.span, "this." + e.text));
  d.fixes.push_back(
      edit("write " + quoted("." + e.text) + " for the " + what, e.span, "." + e.text));
  d.help.push_back("or rename the " + what);
  return true;
}

bool Checker::reportAbsent(const Expr& e, Scope& s) {
  const auto found = std::find_if(s.absent.rbegin(), s.absent.rend(),
                                  [&](const Absent& a) { return a.name == e.text; });
  if (found == s.absent.rend()) return false;
  switch (found->why) {
    case Absent::Why::Broken: break;
    case Absent::Why::Later: {
      Diagnostic& d = error("RL1004", e.span, quoted(e.text) + " is used before it is bound");
      d.label = "not bound yet";
      const std::uint32_t here = lineAt(s.condition), there = lineAt(found->span);
      const bool near = here > 0 && there > here && s.place == Scope::Place::Condition;
      d.related.push_back(
          {found->span, !near ? "bound here, further down"
                        : there - here == 1
                            ? "bound here, one line later"
                            : "bound here, " + std::to_string(there - here) + " lines later"});
      if (s.place == Scope::Place::Condition) {
        if (!(s.condition == Span{})) {
          Fix fix;
          const std::uint32_t from = onlyLineAt(found->whole), to = onlyLineAt(s.condition);
          fix.title = from > 0 && to > 0 ? "move line " + std::to_string(from) + " above line " +
                                               std::to_string(to)
                                         : "move " + quoted(found->text) + " above this condition";
          fix.edits.push_back(
              {{s.condition.file, s.condition.begin, s.condition.begin}, found->text + "\n  "});
          fix.edits.push_back({found->whole, ""});
          d.fixes.push_back(std::move(fix));
        }
        d.notes.push_back(
            "a pattern can use the bindings of the patterns above it; the engine still chooses its "
            "own join order");
      } else {
        d.help.push_back("move the step that binds it above this one");
      }
      break;
    }
    case Absent::Why::Unmade: {
      Diagnostic& d = error("RL6005", e.span,
                            quoted(e.text) + " may not be there: the run may have failed before");
      d.related.push_back({found->span, "bound here"});
      d.notes.push_back(
          "a handler sees the parameters of the flow and what failed; `undo` on a step sees its "
          "result");
      break;
    }
    case Absent::Why::Left: {
      Diagnostic& d = error("RL6005", e.span, quoted(e.text) + " may not be there");
      d.related.push_back({found->span, "bound only inside this block"});
      d.help.push_back("use it inside that block, or bind it before");
      break;
    }
    case Absent::Why::Inside: {
      const bool branch = found->text == "either";
      Diagnostic& d = error("RL1004", e.span,
                            branch ? quoted(e.text) + " is bound in another branch only"
                                   : quoted(e.text) + " is known only inside the " +
                                         quoted(found->text) + " that binds it");
      d.related.push_back({found->span, "bound here"});
      if (branch) {
        d.help.push_back("bind it in this branch too, or in front of the `either`");
      } else if (found->text == "exists") {
        d.help.push_back(
            "write the pattern without `exists`: then there is a match for each, and its fact has "
            "a name");
      } else if (found->text == "accumulate") {
        d.help.push_back(
            "what is needed of it is collected: " + quoted("into all = collect(" + e.text + ")") +
            ", or grouped by: `group by key = …`");
      } else {
        d.help.push_back("what " + quoted(found->text) +
                         " speaks of is no single fact; a pattern of its own binds one");
      }
      break;
    }
    case Absent::Why::SomeBranch: {
      Diagnostic& d =
          error("RL1004", e.span,
                quoted(e.text) + " may not be there: not every branch of the `either` binds it");
      d.related.push_back({found->span, "bound in this branch"});
      d.related.push_back({found->whole, "not bound in this one"});
      d.help.push_back("bind " + quoted(e.text) + " in every branch, or in front of the `either`");
      break;
    }
    case Absent::Why::Unlike: {
      Diagnostic& d = error("RL1004", e.span, quoted(e.text) + " is " + found->text);
      d.related.push_back({found->span, "bound here"});
      d.related.push_back({found->whole, "bound differently here"});
      d.help.push_back("call them differently, or bind the same type in every branch");
      break;
    }
    case Absent::Why::Sibling: {
      Diagnostic& d = error("RL6005", e.span, quoted(e.text) + " may not be there yet");
      d.label = "runs at the same time";
      d.related.push_back({found->span, "this step of the same `parallel`"});
      if (found->whole == Span{}) {
        d.help.push_back("use it behind the `parallel`, where all parts have ended");
      } else {
        d.fixes.push_back(edit("wait for it with " + quoted("after " + found->text), found->whole,
                               " after " + found->text));
      }
      break;
    }
  }
  return true;
}

void Checker::reportUnknownName(Expr& e, Scope& s) {
  std::vector<std::string> outer;
  for (const Binding& binding : s.bindings) outer.push_back(binding.name);
  for (const std::string& name : namesOf({Symbol::Kind::Const})) outer.push_back(name);
  if (s.candidate && !e.rooted) {
    const TypeId type = s.candidate->type;
    Diagnostic& d = reportUnknownField(type, e.text, e.span);
    if (!d.fixes.empty()) return;
    const std::string found = nearest(e.text, outer);
    if (found.empty()) return;
    d.help.push_back("a binding with a similar name exists: " + quoted(found));
    d.fixes.push_back(replaceWith(e.span, e.text, found));
    return;
  }
  Diagnostic& d = error("RL1004", e.span, "nothing is called " + quoted(e.text) + " here");
  for (const std::string& name : namesOf({Symbol::Kind::Enum})) outer.push_back(name);
  if (!suggest(d, e.nameSpan == Span{} ? e.span : e.nameSpan, e.text, outer).empty()) return;
  std::vector<std::string> visible;
  for (const Binding& binding : s.bindings) {
    if (std::find(visible.begin(), visible.end(), binding.name) == visible.end()) {
      visible.push_back(binding.name);
    }
  }
  if (s.place == Scope::Place::Constant) {
    d.notes.push_back("a default and a constant can use constants and literals only");
  } else if (!visible.empty() && visible.size() <= 10) {
    d.notes.push_back("bound here: " + listed(visible));
  }
}

void Checker::checkSelect(Expr& e, Scope& s) {
  if (!e.maybe && (resolveQualified(e, s) || resolveMeta(e, s))) return;
  Expr& base = e.args[0];
  // A bare name in front of a dot is seldom meant as a field: say that nothing has that name, not
  // that a field is missing.
  const bool root = base.kind == ExprKind::Name && !base.rooted && s.candidate &&
                    base.text != "this" && !s.find(base.text) && !lookup(base.text) &&
                    !declaredField(s.candidate->type, base.text) && !openField(s.candidate->type);
  if (root) {
    Expr whole = base;
    whole.span = e.span;
    if (!reportAbsent(whole, s)) {
      std::vector<std::string> names;
      for (const Binding& binding : s.bindings) names.push_back(binding.name);
      const FactType& fact = typeOf(s.candidate->type);
      for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
      Diagnostic& d =
          error("RL1004", base.span, "nothing is called " + quoted(base.text) + " here");
      suggest(d, base.span, base.text, names);
    }
    base.type = e.type = Type::of(TypeKind::Poison);
    return;
  }
  if (base.kind == ExprKind::Name && !base.rooted && !s.find(base.text) && !lookup(base.text) &&
      !(s.candidate && (declaredField(s.candidate->type, base.text) || base.text == "this"))) {
    Expr whole = base;
    whole.span = e.span;
    if (reportAbsent(whole, s)) {
      e.type = Type::of(TypeKind::Poison);
      return;
    }
  }
  check(base, s);
  selectFrom(e, s);
}

// `Band.WARM`, `shop.LIMIT`: a dotted name whose first part is nothing bound here.
bool Checker::resolveQualified(Expr& e, Scope& s) {
  const std::string base = dottedName(e.args[0]);
  if (base.empty() || e.test) return false;
  const std::string root = base.substr(0, base.find('.'));
  if (root == "this" || s.find(root) || (s.candidate && declaredField(s.candidate->type, root))) {
    return false;
  }
  if (const Symbol* symbol = lookup(base + "." + e.text);
      symbol && symbol->kind == Symbol::Kind::Const) {
    index_.use({e.text, e.nameSpan}, symbol->declaration->name.span);
    checkConst(symbol->index);
    e.ref.kind = Ref::Kind::Constant;
    e.value = consts_[symbol->index].value;
    e.type = consts_[symbol->index].type;
    return true;
  }
  const Symbol* symbol = lookup(base);
  if (!symbol || symbol->kind != Symbol::Kind::Enum) return false;
  const Type& type = enums_[symbol->index];
  index_.use({base, e.args[0].span}, enumSpans_[symbol->index]);
  if (std::find(type.values.begin(), type.values.end(), e.text) == type.values.end()) {
    Diagnostic& d = error("RL2005", e.nameSpan, quoted(base) + " has no value " + quoted(e.text));
    d.related.push_back({enumSpans_[symbol->index], "its values are " + listed(type.values)});
    suggest(d, e.nameSpan, e.text, type.values);
    e.type = Type::of(TypeKind::Poison);
    return true;
  }
  index_.part(enumSpans_[symbol->index], e.text, e.nameSpan);
  e.ref.kind = Ref::Kind::Constant;
  e.value = Value::string(e.text);
  e.type = type;
  return true;
}

// `e.meta.subject`, and `meta.subject` inside a pattern.
bool Checker::resolveMeta(Expr& e, Scope& s) {
  Expr& meta = e.args[0];
  const bool bare = meta.kind == ExprKind::Name && meta.text == "meta" && !meta.rooted;
  const bool selected = meta.kind == ExprKind::Select && meta.text == "meta";
  Type type;
  Expr* owner = nullptr;
  if (bare) {
    if (!s.candidate || s.find("meta") || declaredField(s.candidate->type, "meta")) return false;
    type = recordType(s.candidate->type);
  } else if (selected) {
    owner = &meta.args[0];
    type = check(*owner, s);
    if (isPoison(type)) {
      e.type = type;
      return true;
    }
    if (type.kind != TypeKind::Record || declaredField(type.record, "meta")) {
      selectFrom(meta, s);
      selectFrom(e, s);
      return true;
    }
  } else {
    return false;
  }
  e.type = Type::of(TypeKind::Poison);
  const FactType& fact = typeOf(type.record);
  if (fact.kind == FactKind::Fact) {
    error("RL1001", meta.kind == ExprKind::Name ? meta.span : meta.nameSpan,
          quoted(fact.name) + " is a plain fact and has no `meta`")
        .notes.push_back(
            "events have meta.id, .subject, .time, .type, .source and .cause, subjects have "
            "meta.name");
    return true;
  }
  if (type.optional) {
    reportOptional(*owner, s, "its " + quoted("meta." + e.text) + " is asked for");
    return true;
  }
  const auto field = fact.find("meta." + e.text);
  if (!field) {
    std::vector<std::string> names;
    for (std::size_t i = fact.declared; i < fact.fields.size(); ++i) {
      if (fact.fields[i].name.starts_with("meta.")) names.push_back(fact.fields[i].name.substr(5));
    }
    Diagnostic& d = error("RL1001", e.nameSpan,
                          "the `meta` of " + quoted(fact.name) + " has no " + quoted(e.text));
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

// `row.?field`: the field as an optional. Apart from the field itself, so that whoever looks for
// fields finds a plain one.
void Checker::wrapField(Expr& e) {
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
void Checker::selectFromOptional(Expr& e, Scope& s) {
  const Type held = e.args[0].type.arguments[0];
  if (held.kind == TypeKind::Record) {
    Diagnostic& d = error("RL2017", e.nameSpan,
                          "a field of a fact that an optional holds is not picked with a dot");
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

// The member `e.text` of the checked e.args[0].
void Checker::selectFrom(Expr& e, Scope& s) {
  Expr& base = e.args[0];
  const Type type = base.type;
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (type.optional && !isAny(type)) {
    reportOptional(base, s, "its " + quoted(e.text) + " is asked for");
    return;
  }
  switch (type.kind) {
    case TypeKind::Record: {
      const auto field = declaredField(type.record, e.text);
      if (!field) {
        if (const auto open = openField(type.record); open && e.text != "meta") {
          becomeOpenProperty(e, std::move(base), type.record, *open, s);
          if (e.maybe) e.type = optionalOf(e.type);
        } else if (e.text == "meta" && typeOf(type.record).kind != FactKind::Fact) {
          error("RL1001", e.span, "`meta` is not a value by itself")
              .help.push_back(
                  "ask for one of its parts, for example " +
                  quoted(toText(e) +
                         (typeOf(type.record).kind == FactKind::Event ? ".time" : ".name")));
        } else {
          reportUnknownField(type.record, e.text, e.nameSpan);
        }
        return;
      }
      const bool row = base.ref.kind == Ref::Kind::Row;
      e.ref = {row ? Ref::Kind::Field : Ref::Kind::FactField, row ? base.ref.row : 0, *field};
      e.type = typeOf(type.record).fields[index(*field)].type;
      index_.field(typeOf(type.record), *field, e.nameSpan);
      if (e.maybe) wrapField(e);
      return;
    }
    case TypeKind::Row: {
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
          error("RL1001", e.nameSpan, quoted(toText(base)) + " has no " + quoted(e.text));
      suggest(d, e.nameSpan, e.text, names);
      d.notes.push_back("it holds " + listed(names));
      return;
    }
    case TypeKind::Map:
      if (!isAny(type.arguments[0]) && !isText(type.arguments[0])) {
        error("RL2017", e.nameSpan,
              "the keys of " + quoted(toText(base)) + " are " + quoted(toText(type.arguments[0])) +
                  ", not names")
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
    default: break;
  }
  Diagnostic& d =
      error("RL2017", e.nameSpan,
            quoted(toText(base)) + " is " + quoted(toText(type)) + " and has no fields");
  if (type.kind == TypeKind::List && !type.arguments.empty()) {
    d.help.push_back("for one element write " + quoted(toText(base) + "[0]." + e.text) +
                     ", for all of them " + quoted(toText(base) + ".map(x, x." + e.text + ")"));
  }
}

}  // namespace reticle::model
