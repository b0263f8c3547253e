// Reads and checks expressions for tests, without a program around them.
#include "expression/reading.h"

#include <algorithm>
#include <optional>

#include "expression/functions.h"
#include "syntax/parser.h"

namespace reticle {
namespace {

std::optional<std::uint32_t> positionIn(const std::vector<std::string>& names,
                                        const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - names.begin());
}

class Resolver {
 public:
  explicit Resolver(const Names& names) : names_(names) {}

  void resolve(Expr& e) {
    if (e.kind == ExprKind::Macro) {
      resolve(e.args[0]);
      const std::size_t before = variables_.size();
      variables_.insert(variables_.end(), e.names.begin(), e.names.end());
      for (std::size_t i = 1; i < e.args.size(); ++i) resolve(e.args[i]);
      variables_.resize(before);
      return;
    }
    if (e.kind == ExprKind::Call) resolveCall(e);
    for (Expr& arg : e.args) resolve(arg);
    if (e.kind == ExprKind::Name) resolveName(e);
    if (e.kind == ExprKind::Select) resolveSelect(e);
  }

 private:
  void resolveName(Expr& e) {
    if (positionIn(variables_, e.text)) return;
    for (std::size_t row = 0; row < names_.rows.size(); ++row) {
      if (names_.rows[row].first == e.text) {
        e.ref = {Ref::Kind::Row, static_cast<std::uint32_t>(row), {}};
      }
    }
    if (const auto local = positionIn(names_.locals, e.text)) {
      e.ref = {Ref::Kind::Local, *local, {}};
    }
    for (const std::string_view type :
         {"int", "double", "string", "bool", "list", "map", "type", "null_type", "bytes"}) {
      if (e.text == type) e.ref.kind = Ref::Kind::Type;
    }
  }

  void resolveSelect(Expr& e) {
    const Expr& from = e.args[0];
    if (from.ref.kind == Ref::Kind::Row) {
      if (const auto field = positionIn(names_.rows[from.ref.row].second, e.text)) {
        e.ref = {Ref::Kind::Field, from.ref.row, static_cast<FieldId>(*field)};
      }
    } else if (const auto field = positionIn(names_.fields, e.text)) {
      e.ref = {Ref::Kind::FactField, 0, static_cast<FieldId>(*field)};
    }
  }

  void resolveCall(Expr& e) {
    if (const auto user = positionIn(names_.functions, e.text)) {
      e.ref = {Ref::Kind::User, *user, {}};
    }
    if (const auto host = positionIn(names_.hosts, e.text)) e.ref = {Ref::Kind::Host, *host, {}};
    if (const auto query = positionIn(names_.queries, e.text)) {
      e.ref = {Ref::Kind::Query, *query, {}};
    }
    // math.abs(x) is read as a method of `math`.
    if (e.method && e.args[0].kind == ExprKind::Name &&
        builtinIndex(e.args[0].text + "." + e.text) >= 0) {
      e.text = e.args[0].text + "." + e.text;
      e.method = false;
      e.args.erase(e.args.begin());
    }
  }

  const Names& names_;
  std::vector<std::string> variables_;
};

}  // namespace

Expr read(std::string_view text, const Names& names) {
  std::vector<Diagnostic> diagnostics;
  Expr expr = parseExpression(Source{"test", std::string(text)}, 0, diagnostics);
  if (hasErrors(diagnostics)) return Expr{};
  Resolver(names).resolve(expr);
  return expr;
}

std::string evaluateText(std::string_view text, const Names& names,
                         const std::vector<Value>& locals) {
  Frame frame;
  frame.locals = locals.data();
  return toText(evaluate(compileExpr(read(text, names), {}), frame));
}

}  // namespace reticle
