// What the conclusions of a rule rest on beside its match.
#include "model/conclusions.h"

#include <set>

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

}  // namespace

std::vector<const Expression*> conclusionReads(const std::vector<Action>& actions) {
  ConclusionReads reads;
  if (!reads.read(actions)) return {};
  while (reads.readLets(actions)) {}
  return reads.take();
}

}  // namespace reticle::model
