// The notations that trees and texts share: quoted texts, durations, types, signs; and finding what
// an expression was written as.
#include "form/written.h"

namespace reticle {

std::string quotedText(std::string_view text) {
  return toText(Value::string(std::string(text)), true);
}
std::string durationText(Span64 micros) { return toText(Value::span(micros), true); }

std::string typeText(const tree::TypeUse& type) {
  std::string out = type.name;
  if (!type.arguments.empty()) {
    for (std::size_t i = 0; i < type.arguments.size(); ++i) {
      (out += i > 0 ? ", " : "<") += typeText(type.arguments[i]);
    }
    out += '>';
  }
  if (type.name == "enum") {
    out += '(';
    for (std::size_t i = 0; i < type.values.size(); ++i) {
      (out += i > 0 ? ", " : "") += quotedText(type.values[i]);
    }
    out += ')';
  }
  return type.optional ? out + "?" : out;
}

std::string_view signOf(Operator op) {
  struct Sign {
    Operator op;
    std::string_view text;
  };
  static constexpr Sign kSigns[] = {{Operator::Less, "<"},       {Operator::LessEqual, "<="},
                                    {Operator::Greater, ">"},    {Operator::GreaterEqual, ">="},
                                    {Operator::Equal, "=="},     {Operator::NotEqual, "!="},
                                    {Operator::Inclusive, ".."}, {Operator::Exclusive, "..<"}};
  for (const Sign& sign : kSigns) {
    if (sign.op == op) return sign.text;
  }
  return "";
}

// The source of a span, empty when there is none to be had; the callers then print the tree.
std::string Written::at(const Span& span) const {
  if (document_ == nullptr) {
    return span.end <= source_.text.size() ? source_.text.substr(span.begin, span.end - span.begin)
                                           : "";
  }
  const DocumentNode& node = *placeIn(*document_, span.begin).node;
  if (node.is(DocumentNode::Kind::Number)) return node.text;
  // An object whose first word stands here is not what is asked for.
  if (!node.is(DocumentNode::Kind::String) || span.end > node.span.end) return "";
  // Back from positions of the document to bytes of the text, past the escapes of JSON.
  const std::uint32_t begin = node.byteAt(span.begin), end = node.byteAt(span.end);
  return node.text.substr(begin, end > begin ? end - begin : 0);
}

std::string Written::of(const Expr& expr) const {
  // In a document a text may be {"lit": …}: what stands there is no expression.
  const bool text = expr.kind == ExprKind::Literal && expr.value.kind() == ValueKind::String;
  if (document_ != nullptr && text) return toText(expr);
  std::string source = at(expr.span);
  // {"type": …, "fields": …}
  if (document_ != nullptr && source.empty() && expr.kind == ExprKind::Record) {
    for (std::size_t i = 0; i < expr.args.size(); ++i) {
      (source += source.empty() ? "" : ", ") += expr.names[i];
      (source += expr.names[i] == kCopied ? "" : ": ") += of(expr.args[i]);
    }
    return expr.text + "{" + source + "}";
  }
  // The results of a `default` that stand there as in a row: a map without its braces.
  const bool row = expr.kind == ExprKind::Map && !source.empty() && source[0] != '{';
  return source.empty() || row ? toText(expr) : canonicalExpression(source);
}

std::string Written::of(const tree::Duration& duration) const {
  std::string source = at(duration.span);
  if (!source.empty()) return source;
  return duration.expr ? toText(*duration.expr) : durationText(duration.value);
}

// Or to In: the logical operators and the relations bind looser than a range or a cell's sign.
std::string Written::operand(const Expr& expr) const {
  bool loose = expr.kind == ExprKind::Ternary;
  if (expr.kind == ExprKind::Binary) loose = expr.op >= Operator::Or && expr.op <= Operator::In;
  return loose ? "(" + of(expr) + ")" : of(expr);
}

std::string Written::of(const std::vector<tree::Cell>& cell) const {
  using Kind = tree::Cell::Kind;
  std::string out;
  for (const tree::Cell& test : cell) {
    if (!out.empty()) out += ", ";
    if (test.kind != Kind::Any && test.operands.empty()) continue;
    switch (test.kind) {
      case Kind::Any: out += "_"; break;
      case Kind::If: out += "if " + of(test.operands[0]); break;
      case Kind::Compare: (out += signOf(test.op)) += " " + operand(test.operands[0]); break;
      case Kind::Range: {
        const std::string end = test.operands.size() > 1 ? operand(test.operands[1]) : "";
        if (test.openStart) {
          out += "(" + operand(test.operands[0]) + ".." + end;
          out += test.op == Operator::Exclusive ? ")" : "]";
        } else {
          (out += operand(test.operands[0])) += signOf(test.op);
          out += end;
        }
        break;
      }
      case Kind::Equal: {
        const std::string text = of(test.operands[0]);
        // A bare `_` would be read as the cell that accepts everything.
        out += text == "_" ? "(_)" : text;
        break;
      }
    }
  }
  return out;
}

}  // namespace reticle
