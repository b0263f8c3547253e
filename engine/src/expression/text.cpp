// Expressions and types as text: for people (toText) and as keys of sharing (canonicalText); what
// fits where.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/unreachable.h"
#include "expression/expr.h"

namespace reticle {
namespace {

// How tightly a form binds; a child that binds less stands in brackets.
enum Level { kTernary, kOr, kAnd, kRelation, kCoalesce, kSum, kProduct, kUnary, kMember };

struct Spelling {
  std::string_view sign;
  Level level;
};
// How an operator is written, and how tightly it binds.
Spelling spellingOf(Operator op) {
  switch (op) {
    case Operator::Or: return {"||", kOr};
    case Operator::And: return {"&&", kAnd};
    case Operator::Equal: return {"==", kRelation};
    case Operator::NotEqual: return {"!=", kRelation};
    case Operator::Less: return {"<", kRelation};
    case Operator::LessEqual: return {"<=", kRelation};
    case Operator::Greater: return {">", kRelation};
    case Operator::GreaterEqual: return {">=", kRelation};
    case Operator::In: return {"in", kRelation};
    case Operator::Coalesce: return {"??", kCoalesce};
    case Operator::Add: return {"+", kSum};
    case Operator::Subtract: return {"-", kSum};
    case Operator::Multiply: return {"*", kProduct};
    case Operator::Divide: return {"/", kProduct};
    case Operator::Modulo: return {"%", kProduct};
    case Operator::Inclusive: return {"..", kCoalesce};
    case Operator::Exclusive: return {"..<", kCoalesce};
    case Operator::Element: return {"?", kUnary};
    case Operator::Wrap: return {"", kMember};
    case Operator::Not: return {"!", kUnary};
    case Operator::Negate: return {"-", kUnary};
    case Operator::None: break;
  }
  return {"", kMember};
}

// Constants go to the right in the canonical form.
bool isConstant(const Expr& e) {
  return e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant;
}
// Only numbers commute.
bool isNumeric(const Expr& e) {
  return e.type.kind == TypeKind::Int || e.type.kind == TypeKind::Double;
}
// Whether a member needs no back quotes.
bool isPlainWord(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Writes a tree with the fewest brackets. The canonical form names rows by number, orders the sides
// of what commutes, and puts constants on the right.
class Writer {
 public:
  // Canonical texts are keys of sharing: they must not depend on the author's names or order.
  explicit Writer(bool canonical) : canonical_(canonical) {}

  // At the top nothing binds.
  std::string whole(const Expr& e) {
    std::string out;
    write(out, e, kTernary);
    return out;
  }

 private:
  // What is written with its own brackets, or as one word, binds tightest.
  static Level levelOf(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Ternary: return kTernary;
      case ExprKind::Binary:
      case ExprKind::Range: return spellingOf(e.op).level;
      case ExprKind::Unary: return e.op == Operator::Wrap ? kMember : kUnary;
      case ExprKind::Literal:
      case ExprKind::Name:
      case ExprKind::Select:
      case ExprKind::Index:
      case ExprKind::Call:
      case ExprKind::List:
      case ExprKind::Map:
      case ExprKind::Record:
      case ExprKind::Template:
      case ExprKind::Macro:
      case ExprKind::Poison: return kMember;
    }
    unreachable("an expression has a kind");
  }

  // `outer`: how tightly the place binds.
  void write(std::string& out, const Expr& e, Level outer) {
    const bool brackets = !reference(e) && levelOf(e) < outer;
    if (brackets) out += '(';
    plain(out, e);
    if (brackets) out += ')';
  }

  static bool isPartOfMeta(const Expr& e) {
    return (e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::FactField) &&
           e.text.starts_with("meta.");
  }

  // What the canonical form writes as one word, whatever tree is below.
  bool reference(const Expr& e) const {
    return canonical_ && (e.ref.kind == Ref::Kind::Row || e.ref.kind == Ref::Kind::Field ||
                          e.ref.kind == Ref::Kind::Local || e.ref.kind == Ref::Kind::Constant);
  }

  // ORDER: ExprKind. Without brackets around all of it.
  void plain(std::string& out, const Expr& e) {
    if (reference(e)) return writeReference(out, e);
    if (!canonical_ && e.isAdded()) {
      out += e.text;
      return;
    }
    switch (e.kind) {
      case ExprKind::Literal: out += toText(e.value, true); break;
      case ExprKind::Name: (out += e.rooted ? "." : "") += e.text; break;
      case ExprKind::Select:
        if (e.test) out += "has(";
        write(out, e.args[0], kMember);
        out += e.maybe ? ".?" : ".";
        // `meta.subject` is one field by itself, and is written as two names.
        if (isPlainWord(e.text) || isPartOfMeta(e)) {
          out += e.text;
        } else {
          ((out += '`') += e.text) += '`';
        }
        if (e.test) out += ')';
        break;
      case ExprKind::Index:
        write(out, e.args[0], kMember);
        out += e.maybe ? "[?" : "[";
        write(out, e.args[1], kTernary);
        out += ']';
        break;
      case ExprKind::Call: call(out, e); break;
      case ExprKind::Unary: unary(out, e); break;
      case ExprKind::Binary: binary(out, e); break;
      case ExprKind::Range:
        write(out, e.args[0], kCoalesce);
        out += spellingOf(e.op).sign;
        write(out, e.args[1], kCoalesce);
        break;
      case ExprKind::Ternary:
        write(out, e.args[0], kOr);
        out += " ? ";
        write(out, e.args[1], kTernary);
        out += " : ";
        write(out, e.args[2], kTernary);
        break;
      case ExprKind::List:
        out += '[';
        sequence(out, e.args, 0);
        out += ']';
        break;
      case ExprKind::Map:
        out += '{';
        for (std::size_t i = 0; i + 1 < e.args.size(); i += 2) {
          if (i > 0) out += ", ";
          const bool maybe =
              e.args[i + 1].kind == ExprKind::Unary && e.args[i + 1].op == Operator::Element;
          if (maybe) out += '?';
          write(out, e.args[i], kTernary);
          out += ": ";
          write(out, maybe ? e.args[i + 1].args[0] : e.args[i + 1], kTernary);
        }
        out += '}';
        break;
      case ExprKind::Record:
        (out += e.text) += '{';
        named(out, e, 0);
        out += '}';
        break;
      case ExprKind::Template: interpolation(out, e); break;
      case ExprKind::Macro: macro(out, e); break;
      case ExprKind::Poison: out += "<unreadable>"; break;
    }
  }

  // Requires: reference(e). By number, so that equal tests of different rules are equal.
  void writeReference(std::string& out, const Expr& e) {
    const std::string row = std::to_string(e.ref.row);
    if (e.ref.kind == Ref::Kind::Row) {
      out += "$" + row;
    } else if (e.ref.kind == Ref::Kind::Field) {
      (out += "$" + row + ".") += e.text;
    } else if (e.ref.kind == Ref::Kind::Local) {
      out += "%" + row;
    } else {
      out += toText(e.value, true);
    }
  }

  void unary(std::string& out, const Expr& e) {
    if (e.op == Operator::Wrap) return wrapped(out, e.args[0]);
    out += spellingOf(e.op).sign;
    if (e.op == Operator::Element) return write(out, e.args[0], kTernary);
    // -(5) and the number -5 are different trees.
    const bool number = e.op == Operator::Negate && e.args[0].kind == ExprKind::Literal &&
                        e.args[0].value.isNumber();
    if (number) out += '(';
    write(out, e.args[0], kUnary);
    if (number) out += ')';
  }

  // `row.?field`, of which the checker made a wrapped `row.field`.
  void wrapped(std::string& out, const Expr& field) {
    if (canonical_ || field.args.empty()) {
      out += "optional(";
      write(out, field, kTernary);
      out += ')';
      return;
    }
    write(out, field.args[0], kMember);
    (out += ".?") += field.text;
  }

  // Separated by commas, from one of them on.
  void sequence(std::string& out, const std::vector<Expr>& args, std::size_t from) {
    for (std::size_t i = from; i < args.size(); ++i) {
      if (i > from) out += ", ";
      write(out, args[i], kTernary);
    }
  }

  // Arguments with their names, where they have one.
  void named(std::string& out, const Expr& e, std::size_t from) {
    for (std::size_t i = from; i < e.args.size(); ++i) {
      if (i > from) out += ", ";
      if (i - from < e.names.size() && !e.names[i - from].empty()) {
        out += e.names[i - from];
        if (e.names[i - from] != kCopied) out += ": ";
      }
      write(out, e.args[i], kTernary);
    }
  }

  // `x.f(y)` or `f(x, y)`, as it was written.
  void call(std::string& out, const Expr& e) {
    if (e.method) {
      write(out, e.args[0], kMember);
      out += '.';
    } else if (e.rooted) {
      out += '.';
    }
    (out += e.text) += '(';
    named(out, e, e.method ? 1 : 0);
    out += ')';
  }

  // `range.all(x, …)`; bind has no range and is written cel.bind(x, …).
  void macro(std::string& out, const Expr& e) {
    // The value comes first, not as a target.
    const bool bind = e.text == "bind";
    if (bind) {
      out += "cel";
    } else {
      write(out, e.args[0], kMember);
    }
    ((out += '.') += e.text) += '(';
    for (std::size_t i = 0; i < e.names.size(); ++i) {
      if (i > 0) out += ", ";
      out += e.names[i];
    }
    for (std::size_t i = bind ? 0 : 1; i < e.args.size(); ++i) {
      out += ", ";
      write(out, e.args[i], kTernary);
    }
    out += ')';
  }

  // t"…" with every part that is a plain text written as text.
  void interpolation(std::string& out, const Expr& e) {
    out += "t\"";
    for (const Expr& part : e.args) {
      if (part.kind != ExprKind::Literal || part.value.kind() != ValueKind::String) {
        out += '{';
        // Within braces nothing binds from outside.
        const std::string hole = whole(part);
        // `{{` would be the sign itself.
        if (!hole.empty() && hole.front() == '{') out += ' ';
        out += hole;
        if (!hole.empty() && hole.back() == '}') out += ' ';
        out += '}';
        continue;
      }
      const std::string quoted = toText(part.value, true);
      for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
        out += quoted[i];
        if (quoted[i] == '{' || quoted[i] == '}') out += quoted[i];
      }
    }
    out += '"';
  }

  // Operands joined by one operator whose grouping does not matter.
  static void flatten(const Expr& e, Operator op, std::vector<const Expr*>& operands) {
    if (e.kind == ExprKind::Binary && e.op == op) {
      flatten(e.args[0], op, operands);
      flatten(e.args[1], op, operands);
    } else {
      operands.push_back(&e);
    }
  }

  // `&&` and `||` are written without inner brackets; canonically their operands are sorted, and so
  // are the sides of comparisons and of sums of numbers (texts and lists do not commute).
  void binary(std::string& out, const Expr& e) {
    const Spelling spelling = spellingOf(e.op);
    const Level tighter = static_cast<Level>(spelling.level + 1);
    const std::string sign = " " + std::string(spelling.sign) + " ";
    if (e.op == Operator::And || e.op == Operator::Or) {
      std::vector<const Expr*> operands;
      flatten(e, e.op, operands);
      std::vector<std::string> texts;
      for (const Expr* operand : operands) {
        std::string text;
        write(text, *operand, tighter);
        texts.push_back(std::move(text));
      }
      if (canonical_) std::sort(texts.begin(), texts.end());
      for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out += sign;
        out += texts[i];
      }
      return;
    }
    if (!canonical_) {
      write(out, e.args[0], spelling.level);
      out += sign;
      write(out, e.args[1], tighter);
      return;
    }
    // Relations can be turned round with their sign, sums of numbers as they are.
    const bool relation =
        e.op == Operator::Equal || e.op == Operator::NotEqual || mirrored(e.op) != e.op;
    const bool sum = (e.op == Operator::Add || e.op == Operator::Multiply) &&
                     isNumeric(e.args[0]) && isNumeric(e.args[1]);
    std::string left, right;
    // Either side may come first, so both are bracketed alike.
    write(left, e.args[0], relation || sum ? tighter : spelling.level);
    write(right, e.args[1], tighter);
    bool swap = false;
    if (relation) {
      swap = isConstant(e.args[0]) != isConstant(e.args[1]) ? isConstant(e.args[0]) : right < left;
    } else if (sum) {
      swap = right < left;
    }
    if (swap) std::swap(left, right);
    const std::string op = " " + std::string(spellingOf(swap ? mirrored(e.op) : e.op).sign) + " ";
    ((out += left) += op) += right;
  }

  bool canonical_;
};

}  // namespace

std::string toText(const Expr& expr) { return Writer(false).whole(expr); }
std::string canonicalText(const Expr& expr) { return Writer(true).whole(expr); }

// Types

// Members of a kind that has none are not looked at.
bool operator==(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.optional != b.optional || a.arguments != b.arguments) return false;
  switch (a.kind) {
    case TypeKind::Record: return a.record == b.record;
    case TypeKind::Enum: return a.name == b.name && a.values == b.values;
    case TypeKind::Row:
      return std::equal(
          a.members.begin(), a.members.end(), b.members.begin(), b.members.end(),
          [](const Member& x, const Member& y) { return x.name == y.name && x.type == y.type; });
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Type:
    case TypeKind::Poison: return true;
  }
  unreachable("a type has a kind");
}

// As the author writes it. ORDER: TypeKind.
std::string toText(const Type& type) {
  std::string out;
  // A list or a map that says nothing about its items holds anything.
  const auto arguments = [&](std::size_t count) {
    out += '<';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out += ", ";
      out += i < type.arguments.size() ? toText(type.arguments[i]) : "any";
    }
    out += '>';
  };
  switch (type.kind) {
    case TypeKind::Any: out = type.name.empty() || type.name == "?" ? "any" : type.name; break;
    case TypeKind::Null: out = "null"; break;
    case TypeKind::Bool: out = "bool"; break;
    case TypeKind::Int: out = "int"; break;
    case TypeKind::Double: out = "double"; break;
    case TypeKind::String: out = "string"; break;
    case TypeKind::Bytes: out = "bytes"; break;
    case TypeKind::Optional:
      out = "optional";
      arguments(1);
      break;
    case TypeKind::Uint: out = "uint"; break;
    case TypeKind::Timestamp: out = "timestamp"; break;
    case TypeKind::Duration: out = "duration"; break;
    case TypeKind::List:
      out = "list";
      arguments(1);
      break;
    case TypeKind::Map:
      out = "map";
      arguments(2);
      break;
    case TypeKind::Enum:
      if (!type.name.empty()) {
        out = type.name;
        break;
      }
      out = "enum(";
      for (std::size_t i = 0; i < type.values.size(); ++i) {
        if (i > 0) out += ", ";
        out += toText(Value::string(type.values[i]), true);
      }
      out += ')';
      break;
    case TypeKind::Record: out = type.name.empty() ? "fact" : type.name; break;
    case TypeKind::Type: out = "type"; break;
    case TypeKind::Row:
      out = "{";
      for (std::size_t i = 0; i < type.members.size(); ++i) {
        if (i > 0) out += ", ";
        out += type.members[i].name + ": " + toText(type.members[i].type);
      }
      out += '}';
      break;
    case TypeKind::Poison: out = "unknown"; break;
  }
  if (type.optional && type.kind != TypeKind::Any && type.kind != TypeKind::Null) out += '?';
  return out;
}

// Any fits everywhere, and everything fits it: what does not fit then is found when it runs.
bool fits(const Type& from, const Type& to) {
  if (from.kind == TypeKind::Any || to.kind == TypeKind::Any || from.kind == TypeKind::Poison ||
      to.kind == TypeKind::Poison) {
    return true;
  }
  if (from.kind == TypeKind::Null) return to.optional || to.kind == TypeKind::Null;
  if (from.optional && !to.optional) return false;
  // What is not said on either side fits.
  const auto inside = [&](std::size_t i) {
    return i >= from.arguments.size() || i >= to.arguments.size() ||
           fits(from.arguments[i], to.arguments[i]);
  };
  switch (to.kind) {
    case TypeKind::String: return from.kind == TypeKind::String || from.kind == TypeKind::Enum;
    case TypeKind::Enum:
      return from.kind == TypeKind::Enum &&
             std::all_of(from.values.begin(), from.values.end(), [&](const std::string& value) {
               return std::find(to.values.begin(), to.values.end(), value) != to.values.end();
             });
    case TypeKind::List: return from.kind == TypeKind::List && inside(0);
    case TypeKind::Optional: return from.kind == TypeKind::Optional && inside(0);
    case TypeKind::Map:
      if (from.kind == TypeKind::Row) {
        // A row has texts for keys, the names of its members.
        const bool text = to.arguments.empty() || to.arguments[0].kind == TypeKind::String ||
                          to.arguments[0].kind == TypeKind::Any;
        return text && (to.arguments.size() < 2 ||
                        std::all_of(from.members.begin(), from.members.end(), [&](const Member& m) {
                          return fits(m.type, to.arguments[1]);
                        }));
      }
      return from.kind == TypeKind::Map && inside(0) && inside(1);
    case TypeKind::Record: return from.kind == TypeKind::Record && from.record == to.record;
    case TypeKind::Row:
      return from.kind == TypeKind::Row &&
             std::all_of(to.members.begin(), to.members.end(), [&](const Member& wanted) {
               const auto member =
                   std::find_if(from.members.begin(), from.members.end(),
                                [&](const Member& m) { return m.name == wanted.name; });
               return member != from.members.end() && fits(member->type, wanted.type);
             });
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::Type:
    case TypeKind::Poison: return from.kind == to.kind;
  }
  unreachable("a type has a kind");
}

}  // namespace reticle
