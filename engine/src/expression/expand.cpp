// Calls of user functions replaced by their bodies, for analysis and for the tests of a network:
// equal tests have equal trees then, whoever wrote them.
#include <algorithm>
#include <string>
#include <utility>

#include "expression/code.h"

namespace reticle {
namespace {

constexpr std::size_t kMaxNodes = 20000;  // beyond it calls stay as they are
constexpr int kMaxInlinedCalls = 64;

// As a name or as a variable of a macro.
bool mentions(const Expr& e, std::string_view name) {
  if (e.kind == ExprKind::Name && e.text == name) return true;
  if (std::find(e.names.begin(), e.names.end(), name) != e.names.end()) return true;
  return std::any_of(e.args.begin(), e.args.end(),
                     [name](const Expr& arg) { return mentions(arg, name); });
}

std::size_t countNodes(const Expr& e) {
  std::size_t count = 1;
  for (const Expr& arg : e.args) count += countNodes(arg);
  return count;
}

// Puts the arguments of one call in the place of a function's parameters.
class Substitution {
 public:
  Substitution(const Expr& body, const std::vector<Expr>& args, std::size_t& nodes)
      : body_(body), args_(args), nodes_(nodes) {
    for (const Expr& arg : args) sizes_.push_back(countNodes(arg));
  }

  Expr run() { return apply(body_); }

 private:
  Expr apply(const Expr& e) {
    ++nodes_;
    if (nodes_ > kMaxNodes) return e;
    // A parameter; nodes are counted before they are copied.
    if (e.kind == ExprKind::Name && e.ref.kind == Ref::Kind::Local && e.ref.row < args_.size()) {
      nodes_ += sizes_[e.ref.row];
      return nodes_ > kMaxNodes ? e : args_[e.ref.row];
    }
    if (e.kind == ExprKind::Macro) return applyToMacro(e);
    Expr made = copyHead(e);
    for (const Expr& arg : e.args) made.args.push_back(apply(arg));
    if (e.kind == ExprKind::Name && e.ref.kind == Ref::Kind::None) {
      for (auto rename = renames_.rbegin(); rename != renames_.rend(); ++rename) {
        if (rename->first != e.text) continue;
        made.text = rename->second;
        break;
      }
    }
    // `a.row`, now that `a` is known to be the fact in a row.
    if (made.kind == ExprKind::Select && made.ref.kind == Ref::Kind::FactField &&
        made.args[0].ref.kind == Ref::Kind::Row) {
      made.ref = {Ref::Kind::Field, made.args[0].ref.row, made.ref.field};
    }
    return made;
  }

  // A variable of the body that an argument's name would be caught by gets another name.
  Expr applyToMacro(const Expr& e) {
    Expr made = copyHead(e);
    made.args.push_back(apply(e.args[0]));
    const std::size_t before = renames_.size();
    for (std::string& name : made.names) {
      const std::string old = name;
      for (int i = 1; taken(name) && i < 1000; ++i) name = old + std::to_string(i);
      renames_.emplace_back(old, name);
    }
    for (std::size_t i = 1; i < e.args.size(); ++i) made.args.push_back(apply(e.args[i]));
    renames_.resize(before);
    return made;
  }

  // Some argument uses the name, or another variable was given it.
  bool taken(const std::string& name) const {
    const bool among = std::any_of(args_.begin(), args_.end(),
                                   [&name](const Expr& arg) { return mentions(arg, name); });
    return among || std::any_of(renames_.begin(), renames_.end(), [&name](const auto& rename) {
             return rename.second == name && rename.first != name;
           });
  }

  // Everything but the arguments.
  static Expr copyHead(const Expr& e) {
    Expr made;
    made.kind = e.kind;
    made.op = e.op;
    made.method = e.method;
    made.rooted = e.rooted;
    made.test = e.test;
    made.maybe = e.maybe;
    made.span = e.span;
    made.nameSpan = e.nameSpan;
    made.text = e.text;
    made.value = e.value;
    made.names = e.names;
    made.nameSpans = e.nameSpans;
    made.type = e.type;
    made.ref = e.ref;
    made.args.reserve(e.args.size());
    return made;
  }

  const Expr& body_;
  const std::vector<Expr>& args_;
  std::size_t& nodes_;
  std::vector<std::size_t> sizes_;                            // of the arguments
  std::vector<std::pair<std::string, std::string>> renames_;  // inner ones last
};

// From the leaves up. Beyond the bounds calls stay calls, and count as opaque.
void expand(Expr& e, const std::vector<UserFunction>& functions, std::size_t& nodes, int depth) {
  for (Expr& arg : e.args) expand(arg, functions, nodes, depth);
  const bool isCall =
      e.kind == ExprKind::Call && e.ref.kind == Ref::Kind::User && e.ref.row < functions.size();
  if (!isCall || functions[e.ref.row].recursive || nodes > kMaxNodes || depth > kMaxInlinedCalls) {
    return;
  }
  Expr made = Substitution(functions[e.ref.row].body, e.args, nodes).run();
  if (nodes > kMaxNodes) return;
  // What came in as arguments is expanded already; only calls of the body are left.
  expand(made, functions, nodes, depth + 1);
  made.span = e.span;
  e = std::move(made);
}

}  // namespace

Expr expandFunctions(const Expr& expr, const std::vector<UserFunction>& functions) {
  Expr made = expr;
  std::size_t nodes = 0;
  expand(made, functions, nodes, 0);
  return made;
}

}  // namespace reticle
