// `meta` without a binding: what is known of that which has set a rule off, whatever it is.
//
// An event, and the change of a property, hold all of it themselves. A fact that comes or goes, and
// a moment, are known by when that is, by their names, and by the subject where it is one.
#include <algorithm>
#include <string>
#include <vector>

#include "check/expression_checker.h"
#include "check/name_checker.h"
#include "model/message.h"

namespace reticle::model {

namespace {

using TriggerKind = tree::Trigger::Kind;

// A value that is known here.
void becomeText(Expr& e, const std::string& text) {
  e.kind = ExprKind::Literal;
  e.args.clear();
  e.value = Value::string(text);
  e.type = Type::of(TypeKind::String);
}

void becomeNull(Expr& e) {
  e.kind = ExprKind::Literal;
  e.args.clear();
  e.value = Value();
  e.type = Type::of(TypeKind::String).asOptional();
}

}  // namespace

bool NameChecker::resolveTriggerMeta(Expr& e, Scope& s) {
  if (!s.rule || !s.rule->on || s.find("meta")) return false;
  const tree::Trigger& on = *s.rule->on;
  const bool plan = on.kind == TriggerKind::Every || on.kind == TriggerKind::Cron;
  if (!plan && s.rows.empty()) return false;  // the trigger itself could not be read
  // Of several triggers each has a `meta` of its own: that of the name it binds.
  const bool any = on.anyProperty || (on.pattern && on.pattern->type.text == "*");
  if (!s.rule->orOn.empty() || any) return false;
  e.args[0].type = e.type = Type::of(TypeKind::Poison);
  const std::vector<std::string> known = {"id", "name", "source", "subject", "time"};
  const FactType* type = plan ? nullptr : &types_.typeOf(s.rows[0].type);
  const bool event = type && type->kind == FactKind::Event;
  const auto field = [&](const std::string& name) {
    const FieldId id = *type->find("meta." + name);
    e.ref = {Ref::Kind::Field, 0, id};
    e.type = type->fields[index(id)].type;
    e.text = "meta." + name;
  };
  if (event && type->find("meta." + e.text)) {
    field(e.text);
  } else if (e.text == "name") {
    becomeText(e, on.kind == TriggerKind::Change ? on.property.text
                  : plan                         ? s.rule->name.text
                                                 : type->name);
  } else if (e.text == "subject" && type && type->kind == FactKind::Subject) {
    field("name");
    e.text = "meta.name";
    e.type = e.type.asOptional();
  } else if (e.text == "time") {
    Expr now;
    now.kind = ExprKind::Call;
    now.text = "now";
    now.span = now.nameSpan = e.span;
    expressions_.check(now, s);
    e = std::move(now);
  } else if (std::find(known.begin(), known.end(), e.text) != known.end()) {
    becomeNull(e);
  } else {
    Diagnostic& d = report_.error("RL1001", e.nameSpan,
                                  "the `meta` of what sets this rule off has no " + quoted(e.text));
    suggest(d, e.nameSpan, e.text, known);
    d.notes.push_back("it holds " + listed(known));
  }
  return true;
}

}  // namespace reticle::model
