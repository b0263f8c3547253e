// What the conclusions of a rule rest on beside its match.
#include "model/conclusions.h"

#include <algorithm>
#include <string>

#include "model/types.h"

namespace reticle::model {

namespace {

constexpr std::size_t kLongest = 2'000;  // parts of an expression that is put together

// A value that something derived depends on, and what its names may be bound by: the `for` around
// it and the `let` before it, in their order.
struct Read {
  const Expression* expression;
  std::vector<const Action*> binders;
};

class ConclusionReads {
 public:
  // Returns whether anything is derived there.
  bool read(const std::vector<Action>& actions) {
    bool derives = false;
    const std::size_t outside = binders_.size();
    for (const Action& action : actions) {
      const std::size_t before = binders_.size();
      if (action.kind == Action::Kind::For) binders_.push_back(&action);
      bool inside = read(action.body);
      inside = read(action.otherwise) || inside;
      binders_.resize(before);
      if (action.kind == Action::Kind::InsertLogical) {
        inside = true;
        for (const NamedExpression& field : action.fields) add(field.value);
      } else if (inside) {
        add(action.value);
      }
      if (action.kind == Action::Kind::Let) binders_.push_back(&action);
      derives = derives || inside;
    }
    binders_.resize(outside);
    return derives;
  }

  const std::vector<Read>& found() const { return found_; }

 private:
  void add(const Expression& expression) {
    if (expression.present()) found_.push_back({&expression, binders_});
  }

  std::vector<const Action*> binders_;
  std::vector<Read> found_;
};

std::size_t sizeOf(const Expr& expr) {
  std::size_t size = 1;
  for (const Expr& arg : expr.args) size += sizeOf(arg);
  return size;
}

bool readsLocal(const Expr& expr, std::uint32_t local) {
  if (expr.ref.kind == Ref::Kind::Local && expr.ref.row == local) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& arg) { return readsLocal(arg, local); });
}

bool bindsName(const Expr& expr, const std::string& name) {
  if (std::find(expr.names.begin(), expr.names.end(), name) != expr.names.end()) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& arg) { return bindsName(arg, name); });
}

void replaceLocal(Expr& expr, std::uint32_t local, const Expr& with) {
  if (expr.ref.kind == Ref::Kind::Local && expr.ref.row == local) {
    expr = with;
    return;
  }
  for (Expr& arg : expr.args) replaceLocal(arg, local, with);
}

// Whether it reads no local but those of the conditions.
bool isKnownAhead(const Expr& expr, std::uint32_t conditionLocals) {
  if (expr.ref.kind == Ref::Kind::Local && expr.ref.row >= conditionLocals) return false;
  return std::all_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& arg) { return isKnownAhead(arg, conditionLocals); });
}

// list.map(element, expression)
Expr ofAll(Expr expression, const Action& loop) {
  Expr element;
  element.kind = ExprKind::Name;
  element.text = loop.name;
  for (int i = 1; bindsName(expression, element.text); ++i) {
    element.text = loop.name + std::to_string(i);
  }
  element.span = expression.span;
  const Type& list = loop.value.tree.type;
  element.type = list.kind == TypeKind::List ? list.arguments[0] : Type::of(TypeKind::Any);
  Expr map;
  map.kind = ExprKind::Macro;
  map.text = "map";
  map.names = {element.text};
  map.span = expression.span;
  map.type = listOf(expression.type);
  replaceLocal(expression, *loop.local, element);
  map.args.push_back(loop.value.tree);
  map.args.push_back(std::move(expression));
  return map;
}

// A `let` in place of its name, all elements in place of one; nothing when that becomes too long.
std::optional<Expr> unfolded(const Read& read) {
  Expr expr = read.expression->tree;
  for (auto at = read.binders.rbegin(); at != read.binders.rend(); ++at) {
    const Action& binder = **at;
    if (!readsLocal(expr, *binder.local)) continue;
    if (binder.kind == Action::Kind::Let) {
      replaceLocal(expr, *binder.local, binder.value.tree);
    } else {
      expr = ofAll(std::move(expr), binder);
    }
    if (sizeOf(expr) > kLongest) return std::nullopt;
  }
  return expr;
}

}  // namespace

std::vector<const Expression*> conclusionReads(const std::vector<Action>& actions) {
  ConclusionReads reads;
  reads.read(actions);
  std::vector<const Expression*> out;
  const auto add = [&out](const Expression* expression) {
    if (std::find(out.begin(), out.end(), expression) == out.end()) out.push_back(expression);
  };
  for (const Read& read : reads.found()) {
    std::vector<const Expression*> used{read.expression};
    for (auto at = read.binders.rbegin(); at != read.binders.rend(); ++at) {
      const Action& binder = **at;
      if (binder.kind == Action::Kind::Let &&
          std::any_of(used.begin(), used.end(), [&](const Expression* each) {
            return readsLocal(each->tree, *binder.local);
          })) {
        used.push_back(&binder.value);
      }
    }
    for (const Expression* each : used) add(each);
  }
  return out;
}

std::vector<Expr> conclusionsAhead(const std::vector<Action>& actions,
                                   std::uint32_t conditionLocals) {
  ConclusionReads reads;
  reads.read(actions);
  std::vector<Expr> out;
  for (const Read& read : reads.found()) {
    std::optional<Expr> expr = unfolded(read);
    if (expr && isKnownAhead(*expr, conditionLocals)) out.push_back(*std::move(expr));
  }
  return out;
}

}  // namespace reticle::model
