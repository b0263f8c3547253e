// What becomes of a constraint in the network, and whether it can fail, in words for the editor.
// The same questions as network/split.cpp and network/reads.cpp answer for the builder, asked of a
// text that may be wrong.
#include "language/constraint.h"

#include <algorithm>

#include "base/unreachable.h"
#include "expression/functions.h"

namespace reticle::language {
namespace {

using namespace model;

// A conjunct of a constraint at a place.
struct Found {
  const Expr* conjunct = nullptr;
  Span own;              // the binding of the pattern, as its own name
  bool matched = false;  // by the network
};

bool contains(Span span, std::uint32_t byte) { return span.begin <= byte && byte <= span.end; }

// What a constraint, or a side of it, reads.
struct Reads {
  bool candidate = false, earlier = false;
};

// ORDER of meaning: network/reads.h. `own` is the binding of the pattern, which means the
// candidate.
class ReadsOf {
 public:
  ReadsOf(const View& view, Span own) : view_(view), own_(own) {}

  Reads of(const Expr& e) const {
    Reads reads;
    if (e.kind == ExprKind::Name) {
      if (e.text == "this" || e.text == "meta") return {true, false};
      const Use* use = view_.useOf(e.nameSpan);
      if (!use) return reads;
      const SymbolKind kind = view_.symbol(use->symbol).kind;
      if (kind == SymbolKind::Field) return {true, false};
      if (kind == SymbolKind::Binding && view_.symbol(use->symbol).declared == own_) {
        return {true, false};
      }
      return {false, kind == SymbolKind::Binding || kind == SymbolKind::Local ||
                         kind == SymbolKind::Parameter || kind == SymbolKind::Step};
    }
    for (const Expr& arg : e.args) {
      const Reads inner = of(arg);
      reads.candidate |= inner.candidate;
      reads.earlier |= inner.earlier;
    }
    return reads;
  }

 private:
  const View& view_;
  Span own_;
};

// A bare name that means a field of the candidate.
bool isField(const View& view, const Expr& e) {
  const Use* use = e.kind == ExprKind::Name ? view.useOf(e.nameSpan) : nullptr;
  return use && view.symbol(use->symbol).kind == SymbolKind::Field;
}

// The same decisions as those of Splitter in network/split.cpp.
std::string becomes(const View& view, const Found& found) {
  const Expr& e = *found.conjunct;
  const ReadsOf reader(view, found.own);
  const Reads reads = reader.of(e);
  if (!reads.candidate && !reads.earlier) {
    return "nothing: it is computed once, when the rules are compiled";
  }
  const bool binary = e.kind == ExprKind::Binary;
  if (!reads.earlier) {
    if (binary && e.op == Operator::Equal) {
      for (const std::size_t side : {0u, 1u}) {
        const Reads other = reader.of(e.args[1 - side]);
        if (isField(view, e.args[side]) && !other.candidate) {
          return "an alpha test, by a hash switch on `" + e.args[side].text + "`";
        }
      }
    }
    return "an alpha test: it looks at one fact alone";
  }
  if (!reads.candidate) return "a guard: it is asked before any fact is looked for";
  if (binary) {
    const Reads left = reader.of(e.args[0]), right = reader.of(e.args[1]);
    const bool apart = (left.candidate != left.earlier) && (right.candidate != right.earlier) &&
                       left.candidate != right.candidate;
    if (apart && e.op == Operator::Equal) return "a key of the hash join";
    if (apart && e.op >= Operator::Less && e.op <= Operator::GreaterEqual) {
      return "a range key of the join";
    }
    if (apart && e.op == Operator::In) {
      return "a key of the hash join, for each element of the list";
    }
  }
  return "a residual test on each joined pair";
}

// Whether evaluating can end in an error for values of the declared types; says yes when in doubt.
class Failing {
 public:
  explicit Failing(const View& view) : view_(view) {}
  // In the author's terms; empty when it cannot fail.
  std::string because;

  bool of(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Literal:
      case ExprKind::Poison: return false;
      case ExprKind::Name: return isAny(e) && say("`" + toText(e) + "` is looked at when it runs");
      case ExprKind::Select: {
        const Use* use = view_.useOf(e.nameSpan);
        const bool known = use && (view_.symbol(use->symbol).kind == SymbolKind::Field ||
                                   view_.symbol(use->symbol).kind == SymbolKind::EnumValue ||
                                   view_.symbol(use->symbol).kind == SymbolKind::Const);
        if (!known && !e.test) return say("`" + toText(e) + "` may not be there");
        return e.test
                   ? false
                   : (use && view_.symbol(use->symbol).kind != SymbolKind::Field ? false
                                                                                 : of(e.args[0]));
      }
      case ExprKind::Unary: return e.op == Operator::Negate ? say("`-` can overflow") : any(e);
      case ExprKind::Binary:
        switch (e.op) {
          case Operator::Equal:
          case Operator::NotEqual:
          case Operator::In:
          case Operator::And:
          case Operator::Or:
          case Operator::Coalesce: return any(e);
          case Operator::Less:
          case Operator::LessEqual:
          case Operator::Greater:
          case Operator::GreaterEqual:
            for (const Expr& arg : e.args) {
              const Type* type = view_.typeOf(arg.span);
              if (type && (type->optional || type->kind == TypeKind::Any)) {
                return say("`" + toText(arg) + "` may have no order");
              }
            }
            return any(e);
          case Operator::Divide:
          case Operator::Modulo: return say("a division can be by zero");
          case Operator::None:
          case Operator::Not:
          case Operator::Negate:
          case Operator::Element:
          case Operator::Wrap:
          case Operator::Add:
          case Operator::Subtract:
          case Operator::Multiply:
          case Operator::Inclusive:
          case Operator::Exclusive: return text(e) ? any(e) : say("arithmetic can overflow");
        }
        unreachable("a binary expression has an operator");
      case ExprKind::Call: {
        const Use* use = view_.useOf(e.nameSpan);
        if (!use || view_.symbol(use->symbol).kind != SymbolKind::Builtin) {
          return any(e) || say("`" + e.text + "` is computed by what it is made of");
        }
        for (const Overload& overload : builtins()) {
          if (overload.name == e.text && overload.method == e.method &&
              overload.params.size() == e.args.size() && overload.canFail) {
            return say("`" + e.text + "` can fail");
          }
        }
        return any(e);
      }
      case ExprKind::Index: return say("the element may not be there");
      case ExprKind::Ternary:
      case ExprKind::List:
      case ExprKind::Range:
      case ExprKind::Template:
      case ExprKind::Macro:
      case ExprKind::Map:
      case ExprKind::Record: return any(e);
    }
    unreachable("an expression has a kind");
  }

 private:
  // The first reason is the one that is shown.
  bool say(std::string why) {
    if (because.empty()) because = std::move(why);
    return true;
  }
  bool any(const Expr& e) {
    return std::any_of(e.args.begin(), e.args.end(), [&](const Expr& arg) { return of(arg); });
  }
  bool isAny(const Expr& e) const {
    const Type* type = view_.typeOf(e.span);
    return type && type->kind == TypeKind::Any;
  }
  // Putting texts together never fails.
  bool text(const Expr& e) const {
    const Type* type = view_.typeOf(e.span);
    return e.op == Operator::Add && type &&
           (type->kind == TypeKind::String || type->kind == TypeKind::List ||
            type->kind == TypeKind::Double);
  }
  const View& view_;
};

// Looks for the smallest conjunct around a byte. `matched`: by the network, and not by a flow or a
// test.
class Finder {
 public:
  explicit Finder(std::uint32_t byte) : byte_(byte) {}
  std::optional<Found> found;

  void declaration(const tree::Declaration& d) {
    const bool matched =
        d.kind == tree::Declaration::Kind::Rule || d.kind == tree::Declaration::Kind::Query;
    if (d.on) {
      if (d.on->pattern) pattern(*d.on->pattern, matched);
      if (d.on->at) pattern(*d.on->at, matched);
      constraints(d.on->constraints, d.on->binding.span, matched);
    }
    conditions(d.when, matched);
    actions(d.then);
    for (const tree::Handler& handler : d.handlers) actions(handler.body);
    for (const tree::TestSection& section : d.sections) {
      for (const tree::Expect& expect : section.expects) {
        if (expect.pattern) pattern(*expect.pattern, false);
      }
    }
  }

 private:
  void conditions(const std::vector<tree::Condition>& list, bool matched) {
    for (const tree::Condition& condition : list) {
      if (condition.pattern) pattern(*condition.pattern, matched);
      if (condition.kind == tree::Condition::Kind::If && condition.expr) {
        conjunct(*condition.expr, {}, matched);
      }
      for (const std::vector<tree::Condition>& group : condition.groups) conditions(group, matched);
    }
  }
  // Patterns of flows and tests are looked for when they are needed, not kept matched.
  void actions(const std::vector<tree::Action>& list) {
    for (const tree::Action& action : list) {
      if (action.pattern) pattern(*action.pattern, false);
      conditions(action.conditions, false);
      actions(action.body);
      actions(action.otherwise);
    }
  }
  void pattern(const tree::Pattern& pattern, bool matched) {
    constraints(pattern.constraints, pattern.binding.span, matched);
  }
  void constraints(const std::vector<Expr>& list, Span own, bool matched) {
    for (const Expr& constraint : list) conjunct(constraint, own, matched);
  }
  // `a && b` is two constraints, and the one around the byte is meant.
  void conjunct(const Expr& e, Span own, bool matched) {
    if (!contains(e.span, byte_)) return;
    if (e.kind == ExprKind::Binary && e.op == Operator::And) {
      for (const Expr& arg : e.args) conjunct(arg, own, matched);
      return;
    }
    if (e.kind != ExprKind::Poison) found = Found{&e, own, matched};
  }
  std::uint32_t byte_;
};

}  // namespace

std::optional<Constraint> constraintAt(const View& view, std::uint32_t file, std::uint32_t byte) {
  const tree::Declaration* declaration = view.declarationAt(file, byte);
  if (!declaration) return std::nullopt;
  Finder finder(byte);
  finder.declaration(*declaration);
  if (!finder.found) return std::nullopt;
  Constraint constraint;
  constraint.span = finder.found->conjunct->span;
  constraint.text = toText(*finder.found->conjunct);
  if (finder.found->matched) constraint.becomes = becomes(view, *finder.found);
  Failing failing(view);
  constraint.canFail = failing.of(*finder.found->conjunct);
  constraint.because = failing.because;
  return constraint;
}

}  // namespace reticle::language
