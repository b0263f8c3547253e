// What is said of names that mean nothing here, or two things.
#include <algorithm>

#include "base/suggest.h"
#include "check/name_checker.h"
#include "model/message.h"
#include "model/text.h"

namespace reticle::model {

// A field of the candidate and something bound outside have one name. Neither wins: a later field
// in a declaration must not change what an old rule means. Once for each name and pattern is
// enough.
bool NameChecker::reportAmbiguous(Expr& e, Scope& s, const Binding* outer, const Symbol* constant) {
  auto& known = s.candidate->ambiguous;
  e.type = Type::of(TypeKind::Poison);
  const FactType& fact = types_.typeOf(s.candidate->type);
  const bool binding = outer && isMemberOfOnly(*outer, s);
  const auto same = std::find_if(known.begin(), known.end(),
                                 [&](const auto& each) { return each.name == e.text; });
  if (same != known.end()) {
    // A repair is of the whole pattern, or this place would be the next mistake.
    std::vector<Fix>& fixes = report_.at(same->diagnostic).fixes;
    for (std::size_t i = 0; fixes.size() == 2 && i < 2; ++i) {
      fixes[i].edits.push_back({e.span, (i == 0 && !binding ? "this." : ".") + e.text});
    }
    return true;
  }
  Diagnostic& d = report_.error("RL1006", e.span, quoted(e.text) + " means two things here");
  known.push_back({e.text, report_.said() - 1});
  d.label = "or the field " + quoted(fact.name + "." + e.text) + "?";
  const std::string what = outer ? outer->what : "constant";
  d.related.push_back({outer ? outer->span : constant->declaration->name.span, "this " + what});
  if (!binding) {
    d.fixes.push_back(
        edit("write " + quoted("this." + e.text) + " for the field", e.span, "this." + e.text));
  }
  d.fixes.push_back(
      edit("write " + quoted("." + e.text) + " for the " + what, e.span, "." + e.text));
  d.help.push_back("or rename the " + what);
  return true;
}

// Whether what is asked of the name, `name.member`, is there in what is bound and not in the field.
bool NameChecker::isMemberOfOnly(const Binding& outer, const Scope& s) const {
  if (!s.candidate->member || outer.type.kind != TypeKind::Record) return false;
  const auto field = types_.declaredField(s.candidate->type, outer.name);
  if (!field || !types_.declaredField(outer.type.record, *s.candidate->member)) return false;
  const Type& type = types_.typeOf(s.candidate->type).fields[index(*field)].type;
  switch (type.kind) {
    case TypeKind::Any:
    case TypeKind::Map:
    case TypeKind::Optional:
    case TypeKind::Row:
    case TypeKind::Poison: return false;
    case TypeKind::Record: return !types_.declaredField(type.record, *s.candidate->member);
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
    case TypeKind::Type: break;
  }
  return true;
}

// The innermost reason counts: it is the one that was noted last.
bool NameChecker::reportAbsent(const Expr& e, const Scope& s) {
  const auto found = std::find_if(s.absent.rbegin(), s.absent.rend(),
                                  [&](const Absent& a) { return a.name == e.text; });
  if (found == s.absent.rend()) return false;
  switch (found->why) {
    case Absent::Why::Broken: break;
    case Absent::Why::Later: reportLater(e, *found, s); break;
    case Absent::Why::Unmade: {
      Diagnostic& d = report_.error(
          "RL6005", e.span, quoted(e.text) + " may not be there: the run may have failed before");
      d.related.push_back({found->span, "bound here"});
      d.notes.push_back(
          "a handler sees the parameters of the flow and what failed; `undo` on a step sees its "
          "result");
      break;
    }
    case Absent::Why::Left: {
      Diagnostic& d = report_.error("RL6005", e.span, quoted(e.text) + " may not be there");
      d.related.push_back({found->span, "bound only inside this block"});
      d.help.push_back("use it inside that block, or bind it before");
      break;
    }
    case Absent::Why::Inside: reportInside(e, *found); break;
    case Absent::Why::SomeBranch: {
      Diagnostic& d = report_.error(
          "RL1004", e.span,
          quoted(e.text) + " may not be there: not every branch of the `either` binds it");
      d.related.push_back({found->span, "bound in this branch"});
      d.related.push_back({found->whole, "not bound in this one"});
      d.help.push_back("bind " + quoted(e.text) + " in every branch, or in front of the `either`");
      break;
    }
    case Absent::Why::Unlike: {
      Diagnostic& d = report_.error("RL1004", e.span, quoted(e.text) + " is " + found->text);
      d.related.push_back({found->span, "bound here"});
      d.related.push_back({found->whole, "bound differently here"});
      d.help.push_back("call them differently, or bind the same type in every branch");
      break;
    }
    case Absent::Why::Sibling: {
      Diagnostic& d = report_.error("RL6005", e.span, quoted(e.text) + " may not be there yet");
      d.label = "runs at the same time";
      d.related.push_back({found->span, "this step of the same `parallel`"});
      if (found->whole == Span{}) {
        d.help.push_back("use it behind the `parallel`, where all parts have ended");
      } else {
        const bool further = found->action && !found->action->afterSteps.empty();
        d.fixes.push_back(edit("wait for it with " + quoted("after " + found->text), found->whole,
                               (further ? ", " : " after ") + found->text));
      }
      break;
    }
  }
  return true;
}

// A name bound further down: a condition can move, a step may have a reason to stand there.
void NameChecker::reportLater(const Expr& e, const Absent& absent, const Scope& s) {
  Diagnostic& d = report_.error("RL1004", e.span, quoted(e.text) + " is used before it is bound");
  d.label = "not bound yet";
  const std::uint32_t here = report_.lineAt(s.condition), there = report_.lineAt(absent.span);
  const bool near = here > 0 && there > here && s.place == Scope::Place::Condition;
  d.related.push_back(
      {absent.span, !near ? "bound here, further down"
                    : there - here == 1
                        ? "bound here, one line later"
                        : "bound here, " + std::to_string(there - here) + " lines later"});
  if (s.place != Scope::Place::Condition) {
    d.help.push_back("move the step that binds it above this one");
    return;
  }
  if (!(s.condition == Span{})) {
    Fix fix;
    const std::uint32_t from = report_.onlyLineAt(absent.whole),
                        to = report_.onlyLineAt(s.condition);
    const std::string moved = absent.condition ? textOf(*absent.condition)
                              : absent.action  ? textOf(*absent.action)
                                               : "";
    fix.title = from > 0 && to > 0
                    ? "move line " + std::to_string(from) + " above line " + std::to_string(to)
                    : "move " + quoted(moved) + " above this condition";
    fix.edits.push_back({{s.condition.file, s.condition.begin, s.condition.begin}, moved + "\n  "});
    fix.edits.push_back({absent.whole, ""});
    d.fixes.push_back(std::move(fix));
  }
  d.notes.push_back(
      "a pattern can use the bindings of the patterns above it; the engine still chooses its "
      "own join order");
}

// A name bound inside of a condition that has ended.
void NameChecker::reportInside(const Expr& e, const Absent& absent) {
  const bool branch = absent.text == "either";
  Diagnostic& d = report_.error("RL1004", e.span,
                                branch ? quoted(e.text) + " is bound in another branch only"
                                       : quoted(e.text) + " is known only inside the " +
                                             quoted(absent.text) + " that binds it");
  d.related.push_back({absent.span, "bound here"});
  if (branch) {
    d.help.push_back("bind it in this branch too, or in front of the `either`");
  } else if (absent.text == "exists") {
    d.help.push_back(
        "write the pattern without `exists`: then there is a match for each, and its fact has "
        "a name");
  } else if (absent.text == "accumulate") {
    d.help.push_back(
        "what is needed of it is collected: " + quoted("into all = collect(" + e.text + ")") +
        ", or grouped by: `group by key = …`");
  } else {
    d.help.push_back("what " + quoted(absent.text) +
                     " speaks of is no single fact; a pattern of its own binds one");
  }
}

// Inside a pattern a bare name is as a rule meant as a field, so the fields come first; elsewhere
// bindings, constants and enums are what it may have been.
void NameChecker::reportUnknownName(Expr& e, Scope& s) {
  std::vector<std::string> outer;
  for (const Binding& binding : s.bindings) outer.push_back(binding.name);
  for (const std::string& name : symbols_.namesOf({Symbol::Kind::Const}, s.module))
    outer.push_back(name);
  if (s.candidate && !e.rooted) {
    const TypeId type = s.candidate->type;
    Diagnostic& d = types_.reportUnknownField(type, e.text, e.span);
    if (!d.fixes.empty()) return;
    const std::string found = nearest(e.text, outer);
    if (found.empty()) return;
    d.help.push_back("a binding with a similar name exists: " + quoted(found));
    d.fixes.push_back(replaceWith(e.span, e.text, found));
    return;
  }
  Diagnostic& d = report_.error("RL1004", e.span, "nothing is called " + quoted(e.text) + " here");
  for (const std::string& name : symbols_.namesOf({Symbol::Kind::Enum}, s.module))
    outer.push_back(name);
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

}  // namespace reticle::model
