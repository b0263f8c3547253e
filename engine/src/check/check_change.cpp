// What comes into working memory: insert, upsert, emit.
#include "check/arguments.h"
#include "check/change_checker.h"
#include "check/expression_checker.h"
#include "check/outcome.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// The word after `deliver`.
Delivery deliverOf(const std::string& word) {
  if (word == "local") return Delivery::Local;
  if (word == "outside") return Delivery::Outside;
  return word == "unhandled" ? Delivery::Unhandled : Delivery::Both;
}

}  // namespace

// `insert logical` hangs on the match of a rule, so it has no meaning where there is none.
bool ChangeChecker::checkInsert(const tree::Action& action, Action& out, Scope& s) {
  out.kind = action.logical ? Action::Kind::InsertLogical : Action::Kind::Insert;
  if (action.logical && s.place != Scope::Place::Rule) {
    Diagnostic& d =
        report_.error("RL6012", keywordSpan(action), "`insert logical` belongs into a rule");
    d.notes.push_back("what it inserts stays while the rule's match holds, and here is no match");
    d.help.push_back("write `insert`");
  }
  if (!action.value) return false;
  bool good = false;
  out.fields = arguments_.checkRecord(*action.value, FactKind::Fact, "insert", out.type, s, good);
  if (!good) return false;
  out.ifAbsent = action.ifAbsent;
  if (out.ifAbsent && !hasKey(action, "insert if absent", out.type)) return false;
  if (!action.name) return true;
  out.name = action.name.text;
  out.local = bindings_.bindResult(s, action.name, types_.recordType(out.type), "fact",
                                   s.place == Scope::Place::Test);
  return true;
}

// Found by its key, so the type must have one.
bool ChangeChecker::checkUpsert(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Upsert;
  if (!action.value) return false;
  bool good = false;
  out.fields = arguments_.checkRecord(*action.value, FactKind::Fact, "upsert", out.type, s, good);
  if (!good) return false;
  return hasKey(action, "upsert", out.type);
}

bool ChangeChecker::hasKey(const tree::Action& action, const std::string& verb, TypeId id) {
  const FactType& type = types_.typeOf(id);
  if (!type.keys.empty()) return true;
  Diagnostic& d = report_.error(
      "RL2009", action.value->nameSpan == Span{} ? action.value->span : action.value->nameSpan,
      quoted(verb) + " finds the " + kindOf(type) + " by its key; " + quoted(type.name) +
          " has none");
  d.related.push_back({type.span, "declared without `key`"});
  d.help.push_back("mark the fields that tell one " + quoted(type.name) +
                   " from another with `key`, or write `insert`");
  return false;
}

// Of an event: it then has the subject as its own.
Expression ChangeChecker::addressee(const Expr& written, Scope& s) {
  Expr to = written;
  const Type type = expressions_.check(to, s);
  if (!isPoison(type) && fit_.requireValue(to, s, "`to`", "a subject")) {
    const bool subject =
        type.kind == TypeKind::Record && types_.typeOf(type.record).kind == FactKind::Subject;
    if (!subject && !isText(type) && !isAny(type)) {
      Diagnostic& d = report_.error(
          "RL2001", to.span, "`to` needs a subject or its name, not " + quoted(toText(type)));
      d.label = toText(type);
      if (type.kind == TypeKind::Record) {
        d.related.push_back({types_.typeOf(type.record).span,
                             "declared as a " + kindOf(types_.typeOf(type.record))});
      }
    }
  }
  return expressions_.finish(std::move(to));
}

bool ChangeChecker::checkEmit(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Emit;
  if (!action.value) return false;
  bool good = false;
  out.fields = arguments_.checkRecord(*action.value, FactKind::Event, "emit", out.type, s, good);
  if (action.to) out.target = addressee(*action.to, s);
  checkWhen(action, out, s);
  out.deliver = deliverOf(action.deliver);
  return good;
}

bool ChangeChecker::checkCancelEvent(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::CancelEvent;
  if (!action.value) return false;
  out.replacing = arguments_.checkKey(*action.value, "the name of a waiting event", s);
  if (action.to) out.target = addressee(*action.to, s);
  return true;
}

// `after`, `at` and `replacing` of emit.
void ChangeChecker::checkWhen(const tree::Action& action, Action& out, Scope& s) {
  const auto moment = [&](const std::optional<Expr>& written, TypeKind kind, const char* who) {
    Expr value = *written;
    expressions_.check(value, s);
    fit_.coerce(value, Type::of(kind), {who, {}}, s);
    return expressions_.finish(std::move(value));
  };
  if (action.after) {
    out.after = moment(action.after, TypeKind::Duration, "`emit … after`");
    const Expr& delay = out.after.tree;
    if (delay.kind == ExprKind::Literal && delay.value.kind() == ValueKind::Duration &&
        delay.value.asSpan() < 0) {
      report_.error("RL2009", delay.span, "an event cannot be emitted in the past")
          .help.push_back("say how long to wait: `after 10s`");
    }
  }
  if (action.at && s.place == Scope::Place::Test) {
    // A stretch of time counts from the beginning of the test.
    Expr at = *action.at;
    const Type type = expressions_.check(at, s);
    if (type.kind != TypeKind::Duration) {
      fit_.coerce(at, Type::of(TypeKind::Timestamp), {"`emit … at`", {}}, s);
    }
    out.at = expressions_.finish(std::move(at));
  } else if (action.at) {
    out.at = moment(action.at, TypeKind::Timestamp, "`emit … at`");
  }
  if (action.after && action.at) {
    Diagnostic& d =
        report_.error("RL6014", action.at->span, "this `emit` says twice when: `after` and `at`");
    d.related.push_back({action.after->span, "after this time"});
    d.help.push_back("keep one of the two");
  }
  if (action.replacing) {
    out.replacing = arguments_.checkKey(*action.replacing, "the name of a waiting event", s);
  }
}

}  // namespace reticle::model
