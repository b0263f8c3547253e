// Conditions inside of conditions: `not`, `exists` and `forall`, over a pattern or a group, and the
// branches of `either`.
#include <algorithm>

#include "check/condition_checker.h"
#include "check/pattern_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// A condition read from a document has no keyword of its own.
Span conditionKeyword(const tree::Condition& condition) {
  return condition.keyword == Span{} ? condition.span : condition.keyword;
}

}  // namespace

// Rows and knowledge of the group are taken back with its names.
ConditionChecker::Mark ConditionChecker::enter(Scope& s) {
  ++s.groups;
  return {s.bindings.size(), s.known.size(), s.rows.size()};
}

// Why a name of the group is not known outside is remembered, with the word of the condition it was
// bound in.
void ConditionChecker::leave(Scope& s, const Mark& mark, const std::string& word) {
  --s.groups;
  for (std::size_t i = mark.bindings; i < s.bindings.size(); ++i) {
    const Binding& binding = s.bindings[i];
    s.absent.push_back({binding.name,
                        isPoison(binding.type) ? Absent::Why::Broken : Absent::Why::Inside,
                        binding.span,
                        word,
                        {}});
  }
  bindings_.close(s, mark.bindings);
  s.known.resize(mark.known);
  s.rows.resize(mark.rows);
}

// False when nothing stands in it, which is said.
bool ConditionChecker::checkGroup(const std::vector<tree::Condition>& group,
                                  std::vector<Condition>& out, Scope& s, Span keyword,
                                  const std::string& word) {
  if (group.empty()) {
    if (word == "either") {
      report_.error("RL2009", keyword, "a branch of this `either` is empty")
          .help.push_back("an empty branch would always hold; write what it asks for");
    } else if (word == "satisfies") {
      report_.error("RL2009", keyword, "`satisfies` asks for nothing: its block is empty")
          .help.push_back("write at least one condition into the block");
    } else {
      report_
          .error("RL2009", keyword, "this " + quoted(word) + " is over nothing: its block is empty")
          .help.push_back("write at least one pattern into the block");
    }
    return false;
  }
  checkConditions(group, out, s);
  return true;
}

// The candidate is bound inside only: of a `not` there is none, and `exists` does not say which of
// several it is.
bool ConditionChecker::checkNegation(const tree::Condition& condition, Condition& out, Scope& s) {
  const bool negated = condition.kind == tree::Condition::Kind::Not;
  const std::string word = negated ? "not" : "exists";
  out.kind = negated ? Condition::Kind::Not : Condition::Kind::Exists;
  const Mark mark = enter(s);
  bool read = true;
  if (!condition.groups.empty()) {
    out.groups.emplace_back();
    read = checkGroup(condition.groups[0], out.groups.back(), s, conditionKeyword(condition), word);
  } else {
    const bool needed = s.rule && !negated && s.groups == 1;
    read = condition.pattern && patterns_.checkRow(*condition.pattern, out.pattern, s, needed);
  }
  leave(s, mark, word);
  return read;
}

// `satisfies` asks of the candidate what holds for all; an unnamed candidate cannot be asked
// anything, which the help says.
bool ConditionChecker::checkForall(const tree::Condition& condition, Condition& out, Scope& s) {
  out.kind = Condition::Kind::Forall;
  const Mark mark = enter(s);
  bool read = condition.pattern && patterns_.checkRow(*condition.pattern, out.pattern, s);
  if (read) {
    if (!condition.groups.empty()) {
      out.groups.emplace_back();
      read = checkGroup(condition.groups[0], out.groups.back(), s, conditionKeyword(condition),
                        "satisfies");
    } else if (condition.expr) {
      const std::size_t said = report_.said();
      s.constraint = condition.expr->span;
      checkTest(*condition.expr, "`satisfies`", out.expr, s);
      s.constraint = {};
      // The brackets are those of `satisfies`: a repair of all that stands in them keeps them.
      for (std::size_t i = said; i < report_.said(); ++i) {
        for (Fix& fix : report_.at(i).fixes) {
          for (Edit& each : fix.edits) {
            if (each.span == condition.expr->span) each.text = "(" + each.text + ")";
          }
        }
      }
      if (report_.said() > said && report_.at(said).code == "RL1004" &&
          !condition.pattern->binding) {
        report_.at(said).help.push_back(
            "give the fact a name, to ask for something of it: " +
            quoted("forall x: " + condition.pattern->type.text + "(…) satisfies (x.…)"));
      }
    }
  }
  leave(s, mark, "forall");
  return read;
}

bool ConditionChecker::checkEither(const tree::Condition& condition, Condition& out, Scope& s) {
  std::vector<Span> spans;
  for (const std::vector<tree::Condition>& group : condition.groups) {
    spans.push_back(group.empty() ? conditionKeyword(condition)
                                  : Span{group.front().span.file, group.front().span.begin,
                                         group.back().span.end});
  }
  const auto read = [&](std::size_t at, std::vector<Condition>& group) {
    return checkGroup(condition.groups[at], group, s, conditionKeyword(condition), "either");
  };
  return checkBranches(spans, read, out, s);
}

// Each branch is read as if it were alone; a name of the one is unknown in the other.
bool ConditionChecker::checkBranches(const std::vector<Span>& spans, const ReadBranch& readBranch,
                                     Condition& out, Scope& s) {
  out.kind = Condition::Kind::Either;
  std::vector<Branch> branches;
  bool read = true;
  const bool unsure = s.unsure;
  for (std::size_t at = 0; at < spans.size(); ++at) {
    const Mark mark = enter(s);
    out.groups.emplace_back();
    read = readBranch(at, out.groups.back()) && read;
    Branch branch;
    branch.span = spans[at];
    for (std::size_t i = mark.bindings; i < s.bindings.size(); ++i) {
      branch.names.push_back(s.bindings[i]);
      s.absent.push_back(
          {s.bindings[i].name, Absent::Why::Inside, s.bindings[i].span, "either", {}});
    }
    // What the branch has bound goes on through exportNames, or not at all.
    branches.push_back(std::move(branch));
    --s.groups;
    s.bindings.resize(mark.bindings);
    s.known.resize(mark.known);
    s.rows.resize(mark.rows);
    // What an unread condition may have ruled out, it has ruled out in its own branch only.
    s.unsure = unsure;
  }
  std::erase_if(s.absent,
                [](const Absent& a) { return a.why == Absent::Why::Inside && a.text == "either"; });
  if (read) exportNames(branches, out, s);
  return read;
}

// Names bound in every branch, to values of one type, go on after the `either`; of the others is
// remembered why they do not.
void ConditionChecker::exportNames(const std::vector<Branch>& branches, Condition& out, Scope& s) {
  std::vector<std::string> told;
  for (const Branch& branch : branches) {
    for (const Binding& name : branch.names) {
      if (std::find(told.begin(), told.end(), name.name) != told.end()) continue;
      told.push_back(name.name);
      Export one;
      one.name = name.name;
      one.type = name.type;
      one.fact = name.ref.kind == Ref::Kind::Row;
      Absent absent{name.name, Absent::Why::SomeBranch, name.span, "", {}};
      bool all = true, alike = true, used = false;
      for (const Branch& other : branches) {
        const auto same = std::find_if(other.names.begin(), other.names.end(),
                                       [&](const Binding& b) { return b.name == name.name; });
        if (same == other.names.end()) {
          if (all) absent.whole = other.span;
          all = false;
          continue;
        }
        used = used || same->used;
        if (same->type == name.type) index_.join(name, *same);
        one.from.push_back(same->ref.row);
        if (isPoison(same->type)) absent.why = Absent::Why::Broken;
        if (!alike || (same->type == name.type && (same->ref.kind == Ref::Kind::Row) == one.fact)) {
          continue;
        }
        alike = false;
        absent.text = quoted(toText(name.type)) + " in one branch and " +
                      quoted(toText(same->type)) + " in another";
        absent.whole = same->span;
      }
      if (all && alike && absent.why != Absent::Why::Broken) {
        Binding binding = name;
        binding.used = used;
        binding.prefix = {};
        one.to = one.fact ? static_cast<std::uint32_t>(s.rows.size()) : s.locals++;
        binding.ref.row = one.to;
        if (one.fact) {
          RowPlace place;
          place.binding = name.name;
          place.type = name.type.record;
          s.rows.push_back(std::move(place));
          s.mostRows = std::max(s.mostRows, static_cast<std::uint32_t>(s.rows.size()));
        }
        if (bindings_.isFree({name.name, name.span}, s)) bindings_.bind(s, std::move(binding));
        out.exports.push_back(std::move(one));
        continue;
      }
      if (all && !alike && absent.why != Absent::Why::Broken) absent.why = Absent::Why::Unlike;
      for (const Branch& other : branches) {
        for (const Binding& b : other.names) {
          if (b.name == name.name && !b.used && !b.quiet && !isPoison(b.type))
            bindings_.warnUnused(b, s);
        }
      }
      s.absent.push_back(std::move(absent));
    }
  }
}

}  // namespace reticle::model
