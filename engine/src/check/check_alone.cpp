// Resolves the names of plain CEL and has the checker type what is left.
#include "check/check_alone.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "check/checker.h"
#include "check/shapes.h"
#include "model/types.h"

namespace reticle::model {
namespace {

constexpr std::array<std::string_view, 13> kTypeNames = {"bool",
                                                         "int",
                                                         "uint",
                                                         "double",
                                                         "string",
                                                         "bytes",
                                                         "list",
                                                         "map",
                                                         "null_type",
                                                         "type",
                                                         "optional_type",
                                                         "google.protobuf.Timestamp",
                                                         "google.protobuf.Duration"};

class Resolver {
 public:
  explicit Resolver(const Environment& environment) : environment_(environment) {}

  void resolve(Expr& e) {
    switch (e.kind) {
      case ExprKind::Name:
      case ExprKind::Select:
        if (!e.test && !e.maybe && resolvePath(e)) return;
        break;
      case ExprKind::Macro: return resolveMacro(e);
      case ExprKind::Call: takeQualifiedName(e); break;
      case ExprKind::Literal:
      case ExprKind::Index:
      case ExprKind::Unary:
      case ExprKind::Binary:
      case ExprKind::Ternary:
      case ExprKind::List:
      case ExprKind::Map:
      case ExprKind::Record:
      case ExprKind::Template:
      case ExprKind::Range:
      case ExprKind::Poison: break;
    }
    for (Expr& arg : e.args) resolve(arg);
  }

 private:
  void resolveMacro(Expr& e) {
    resolve(e.args[0]);
    const std::size_t before = shadowing_.size();
    shadowing_.insert(shadowing_.end(), e.names.begin(), e.names.end());
    for (std::size_t i = 1; i < e.args.size(); ++i) resolve(e.args[i]);
    shadowing_.resize(before);
  }

  bool isShadowed(const std::string& name) const {
    return std::find(shadowing_.begin(), shadowing_.end(), name) != shadowing_.end();
  }

  static const Expr& rootOf(const Expr& e) {
    return e.kind == ExprKind::Select ? rootOf(e.args[0]) : e;
  }

  // Calls `found` with the names that `written` may stand for, until it says yes.
  template <typename Found>
  bool eachMeaning(const std::string& written, bool rooted, const Found& found) const {
    for (std::string container = rooted ? "" : environment_.container; !container.empty();) {
      if (found(container + "." + written)) return true;
      const std::size_t dot = container.rfind('.');
      container.resize(dot == std::string::npos ? 0 : dot);
    }
    return found(written);
  }

  // A name, or a chain of names as a whole.
  bool resolvePath(Expr& e) const {
    const std::string path = dottedName(e);
    if (path.empty()) return false;
    const Expr& root = rootOf(e);
    if (!root.rooted && isShadowed(root.text)) return e.kind == ExprKind::Name;
    return eachMeaning(path, root.rooted, [&](const std::string& name) {
      return becomeVariable(e, name) || becomeType(e, name);
    });
  }

  bool becomeVariable(Expr& e, const std::string& name) const {
    const auto& variables = environment_.variables;
    const auto found = std::find_if(variables.begin(), variables.end(),
                                    [&](const auto& variable) { return variable.first == name; });
    if (found == variables.end()) return false;
    e.kind = ExprKind::Name;
    e.rooted = false;
    e.args.clear();
    e.text = "." + name;  // a point: no variable of a macro is called so
    e.ref = {Ref::Kind::Local, static_cast<std::uint32_t>(found - variables.begin()), {}};
    return true;
  }

  static bool becomeType(Expr& e, const std::string& name) {
    if (std::find(kTypeNames.begin(), kTypeNames.end(), name) == kTypeNames.end()) return false;
    e.kind = ExprKind::Literal;
    e.args.clear();
    e.value = Value::type(name);
    return true;
  }

  // math.abs(x) was read as a method of `math`.
  void takeQualifiedName(Expr& e) const {
    if (!e.method) return;
    const std::string base = dottedName(e.args[0]);
    const Expr& root = rootOf(e.args[0]);
    if (base.empty() || (!root.rooted && isShadowed(root.text))) return;
    const std::string name = base + "." + e.text;
    if (builtinIndex(name) < 0) return;
    e.text = name;
    e.method = false;
    e.args.erase(e.args.begin());
  }

  const Environment& environment_;
  std::vector<std::string> shadowing_;
};

}  // namespace

// Names first, types after: the container rule of CEL needs no types.
void resolveNames(Expr& e, const Environment& environment) { Resolver(environment).resolve(e); }

// No module, no declaration: what there is comes with the environment.
bool checkAlone(Expr& e, const Environment& environment, std::vector<Diagnostic>& diagnostics) {
  static const std::vector<tree::Module> kNoModules;
  return Checker(kNoModules, diagnostics, {}, &environment).runAlone(e);
}

// Types that plain CEL does not have (records, rows, enums) are `dyn` there.
std::string celText(const Type& type) {
  const auto argument = [&](std::size_t i) {
    return i < type.arguments.size() ? celText(type.arguments[i]) : std::string("dyn");
  };
  switch (type.kind) {
    case TypeKind::Null: return "null_type";
    case TypeKind::Timestamp: return "google.protobuf.Timestamp";
    case TypeKind::Duration: return "google.protobuf.Duration";
    case TypeKind::List: return "list(" + argument(0) + ")";
    case TypeKind::Map: return "map(" + argument(0) + ", " + argument(1) + ")";
    case TypeKind::Optional: return "optional_type(" + argument(0) + ")";
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Uint:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Type: return toText(type.required());
    case TypeKind::Any:
    case TypeKind::Enum:
    case TypeKind::Record:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return "dyn";
}

}  // namespace reticle::model
