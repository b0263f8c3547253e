// What the conclusions of a rule rest on beside its match.
#include "model/conclusions.h"

#include <algorithm>
#include <set>
#include <string>

#include "model/types.h"

namespace reticle::model {

namespace {

void addLocals(const Expr& expr, std::set<std::uint32_t>& locals) {
  if (expr.ref.kind == Ref::Kind::Local) locals.insert(expr.ref.row);
  for (const Expr& arg : expr.args) addLocals(arg, locals);
}

class ConclusionReads {
 public:
  // Returns whether anything is derived there.
  bool read(const std::vector<Action>& actions) {
    bool derives = false;
    for (const Action& action : actions) {
      bool inside = read(action.body);
      inside = read(action.otherwise) || inside;
      if (action.kind == Action::Kind::InsertLogical) {
        inside = true;
        for (const NamedExpression& field : action.fields) add(field.value);
      } else if (inside) {
        add(action.value);
      }
      derives = derives || inside;
    }
    return derives;
  }

  // Those that come later in the text may use those before them. Returns whether one was new.
  bool readLets(const std::vector<Action>& actions) {
    bool more = false;
    for (const Action& action : actions) {
      more = readLets(action.body) || more;
      more = readLets(action.otherwise) || more;
      if (action.kind == Action::Kind::Let && locals_.count(*action.local) &&
          lets_.insert(&action).second) {
        add(action.value);
        more = true;
      }
    }
    return more;
  }

  std::vector<const Expression*> take() { return std::move(found_); }

 private:
  void add(const Expression& expression) {
    if (!expression.present()) return;
    found_.push_back(&expression);
    addLocals(expression.tree, locals_);
  }

  std::vector<const Expression*> found_;
  std::set<std::uint32_t> locals_;
  std::set<const Action*> lets_;
};

constexpr std::size_t kLongest = 2'000;  // parts of an expression that is put together

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

class ConclusionsAhead {
 public:
  explicit ConclusionsAhead(std::uint32_t conditionLocals) : conditionLocals_(conditionLocals) {}

  bool read(const std::vector<Action>& actions) {
    bool derives = false;
    const std::size_t before = binders_.size();
    for (const Action& action : actions) {
      const std::size_t outside = binders_.size();
      if (action.kind == Action::Kind::For) binders_.push_back(&action);
      bool inside = read(action.body);
      inside = read(action.otherwise) || inside;
      binders_.resize(outside);
      if (action.kind == Action::Kind::InsertLogical) {
        inside = true;
        for (const NamedExpression& field : action.fields) add(field.value);
      } else if (inside) {
        add(action.value);
      }
      if (action.kind == Action::Kind::Let) binders_.push_back(&action);
      derives = derives || inside;
    }
    binders_.resize(before);
    return derives;
  }

  std::vector<Expr> take() { return std::move(found_); }

 private:
  void add(const Expression& expression) {
    if (!expression.present()) return;
    Expr ahead = expression.tree;
    for (auto at = binders_.rbegin(); at != binders_.rend(); ++at) {
      const Action& binder = **at;
      if (!readsLocal(ahead, *binder.local)) continue;
      if (binder.kind == Action::Kind::Let) {
        replaceLocal(ahead, *binder.local, binder.value.tree);
      } else {
        ahead = ofAll(std::move(ahead), binder);
      }
      if (sizeOf(ahead) > kLongest) return;
    }
    if (isKnown(ahead)) found_.push_back(std::move(ahead));
  }

  // list.map(element, expression)
  static Expr ofAll(Expr expression, const Action& loop) {
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

  // Whether it reads no local but those of the conditions.
  bool isKnown(const Expr& e) const {
    if (e.ref.kind == Ref::Kind::Local && e.ref.row >= conditionLocals_) return false;
    return std::all_of(e.args.begin(), e.args.end(), [&](const Expr& arg) { return isKnown(arg); });
  }

  std::uint32_t conditionLocals_;
  std::vector<const Action*> binders_;  // For, Let: those around and before, in their order
  std::vector<Expr> found_;
};

}  // namespace

std::vector<Expr> conclusionsAhead(const std::vector<Action>& actions,
                                   std::uint32_t conditionLocals) {
  ConclusionsAhead ahead(conditionLocals);
  ahead.read(actions);
  return ahead.take();
}

std::vector<const Expression*> conclusionReads(const std::vector<Action>& actions) {
  ConclusionReads reads;
  if (!reads.read(actions)) return {};
  while (reads.readLets(actions)) {}
  return reads.take();
}

}  // namespace reticle::model
