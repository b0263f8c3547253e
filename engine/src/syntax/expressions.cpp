// Expressions: CEL's grammar by precedence climbing, its macros, and the four extensions.
#include <utility>

#include "syntax/text_parser.h"

namespace reticle {
namespace {

// Longer chains of `&&` and `||` become balanced trees, so that a hundred alternatives are not a
// hundred levels.
constexpr std::size_t kLongChain = 16;

constexpr int kOrLevel = 0, kAndLevel = 1, kRelationLevel = 2, kCoalesceLevel = 3, kSumLevel = 4,
              kProductLevel = 5;

bool orders(Operator op) {
  return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
         op == Operator::GreaterEqual;
}

Expr fold(std::vector<Expr>& operands, std::size_t from, std::size_t to, Operator op) {
  if (to - from == 1) return std::move(operands[from]);
  const std::size_t middle = to - from > kLongChain ? from + (to - from) / 2 : to - 1;
  Expr e = node(ExprKind::Binary,
                {operands[from].span.file, operands[from].span.begin, operands[to - 1].span.end});
  e.op = op;
  e.args.reserve(2);
  e.args.push_back(fold(operands, from, middle, op));
  e.args.push_back(fold(operands, middle, to, op));
  return e;
}

int foldHeight(std::size_t operands, int highest) {
  int levels = 0;
  while (operands > kLongChain) {
    operands = (operands + 1) / 2;
    ++levels;
  }
  return highest + levels + static_cast<int>(operands);
}

}  // namespace

Expr TextParser::poison(std::uint32_t begin) const {
  return node(ExprKind::Poison, spanFrom(begin));
}

bool TextParser::tooHigh(int height, const Span& span, bool chain) {
  height_ = height;
  if (height <= kMaxNesting) return false;
  fail("RL0024", {file_, span.begin, std::min(span.end, span.begin + 1)},
       chain ? "this expression joins too much: more than 64 operands"
             : "this expression is nested deeper than 64 levels")
      .help("split it with `let`, or move a part into a function");
  return true;
}

Expr TextParser::expression() {
  const std::uint32_t begin = at().begin;
  if (recovering_) return poison(begin);
  if (nesting_ >= kMaxNesting) {
    fail("RL0024", spanOf(at()), "this expression is nested deeper than 64 levels")
        .help("split it with `let`, or move a part into a function");
    return poison(begin);
  }
  ++nesting_;
  Expr result = binary(0);
  if (!recovering_ && is(Question)) {
    int height = height_;
    const Lexeme question = take();
    Expr choice = node(ExprKind::Ternary, {});
    choice.args.push_back(std::move(result));
    choice.args.push_back(expression());
    height = std::max(height, height_);
    if (!recovering_ && !takeIf(Colon)) {
      fail("RL0033", spanOf(question), "this choice has no `:`")
          .label("`condition ? value : other value`")
          .help("give the value for the other case behind `:`");
    }
    choice.args.push_back(expression());
    choice.span = spanFrom(begin);
    if (!recovering_) tooHigh(std::max(height, height_) + 1, choice.span);
    result = std::move(choice);
  }
  --nesting_;
  return recovering_ ? poison(begin) : std::move(result);
}

Expr TextParser::headExpression() {
  const bool records = records_;
  records_ = false;
  Expr result = expression();
  records_ = records;
  return result;
}

Expr TextParser::conditionExpression(const std::string& binding) {
  const bool outer = inCondition_;
  inCondition_ = true;
  std::string outerBinding = std::exchange(binding_, binding);
  Expr result = expression();
  binding_ = std::move(outerBinding);
  inCondition_ = outer;
  return result;
}

// Operators

TextParser::Infix TextParser::infix() const {
  switch (at().kind) {
    case Or: return {Operator::Or, kOrLevel};
    case And: return {Operator::And, kAndLevel};
    case Equal: return {Operator::Equal, kRelationLevel};
    case NotEqual: return {Operator::NotEqual, kRelationLevel};
    case Less:
      if (is(Greater, 1) && at(1).begin == at().end) {
        return {Operator::NotEqual, kRelationLevel, 2, "!="};
      }
      return {Operator::Less, kRelationLevel};
    case LessEqual: return {Operator::LessEqual, kRelationLevel};
    case Greater: return {Operator::Greater, kRelationLevel};
    case GreaterEqual: return {Operator::GreaterEqual, kRelationLevel};
    case Coalesce: return {Operator::Coalesce, kCoalesceLevel};
    case Plus: return {Operator::Add, kSumLevel};
    case Minus: return {Operator::Subtract, kSumLevel};
    case Star: return {Operator::Multiply, kProductLevel};
    case Slash: return {Operator::Divide, kProductLevel};
    case Percent: return {Operator::Modulo, kProductLevel};
    default: return foreignInfix();
  }
}

// `in`, and what other languages write: `meant` is the right spelling.
TextParser::Infix TextParser::foreignInfix() const {
  if (is(Ampersand)) return {Operator::And, kAndLevel, 1, "&&"};
  if (is(Bar) && !inRow_) return {Operator::Or, kOrLevel, 1, "||"};
  if (is(Assign) && !assignEnds_) return {Operator::Equal, kRelationLevel, 1, "="};
  if (is(FatArrow) && !inRow_) return {Operator::GreaterEqual, kRelationLevel, 1, ">="};
  if (!is(Word) || is(Colon, 1)) return {};
  if (isWord("in")) return {Operator::In, kRelationLevel};
  if (!operandStarts(1)) return {};
  // `and Order(…)` on a line of its own is the next condition, not more of this one.
  std::uint32_t past = 0;
  const bool pattern =
      at().lineFirst && (is(Colon, 2) || (typeStarts(1, &past) &&
                                          (is(ParenOpen, past + 1) || at(past + 1).lineFirst)));
  if (pattern && isAnyWord({"and", "or"})) return {};
  if (isWord("and")) return {Operator::And, kAndLevel, 1, "&&"};
  if (isWord("or") && !is(BraceOpen, 1)) return {Operator::Or, kOrLevel, 1, "||"};
  if (isWord("not") && isWord("in", 1)) return {Operator::In, kRelationLevel, 2, "in", true};
  if (isWord("is") && isWord("not", 1)) return {Operator::NotEqual, kRelationLevel, 2, "!="};
  if (isWord("is") && isAnyWord({"null", "true", "false"}, 1)) {
    return {Operator::Equal, kRelationLevel, 1, "=="};
  }
  const bool argument = is(String, 1) || (is(Word, 1) && !is(ParenOpen, 1) && !at(1).lineFirst);
  if (!at().lineFirst && argument && isAnyWord({"contains", "matches", "startsWith", "endsWith"})) {
    return {Operator::None, kRelationLevel, 1, "(", false, true};
  }
  return {};
}

Expr TextParser::binary(int minimum) {
  Expr left = unary();
  while (!recovering_) {
    const Infix here = infix();
    if (here.level < minimum) break;
    if (here.meant == "=" && inWhere_ && left.kind == ExprKind::Binary &&
        left.op >= Operator::Equal && left.op <= Operator::In) {
      break;
    }
    if (here.op == Operator::And || here.op == Operator::Or) {
      left = chain(here, std::move(left));
      continue;
    }
    const Span sign{file_, at().begin, at(static_cast<std::uint32_t>(here.lexemes - 1)).end};
    const std::string method(textOf(at()));
    for (int i = 0; i < here.lexemes; ++i) take();
    const int height = height_;
    const Operator chained = left.op;
    const bool chains = left.kind == ExprKind::Binary && orders(chained) && orders(here.op) &&
                        written({file_, left.span.begin, left.span.begin + 1}) != "(";
    Expr right = binary(here.level + 1);
    if (here.op == Operator::In && !recovering_) right = inRange(std::move(right));
    if (recovering_) break;
    if (here.method) {
      Expr call = node(ExprKind::Call, {file_, left.span.begin, right.span.end});
      const std::string meant = written(left.span) + "." + method + "(" + written(right.span) + ")";
      complain("RL0005", sign, "`" + method + "` is called with a point and brackets")
          .write(call.span, meant);
      call.text = method;
      call.method = true;
      call.nameSpan = sign;
      call.args.push_back(std::move(left));
      call.args.push_back(std::move(right));
      if (tooHigh(std::max(height, height_) + 1, call.span)) break;
      left = std::move(call);
      continue;
    }
    if (chains) {
      const std::string middle = written(left.args[1].span);
      complain("RL0005", sign, "comparisons do not chain: each has two sides")
          .write({file_, left.span.begin, right.span.end}, written(left.span) + " && " + middle +
                                                               " " + written(sign) + " " +
                                                               written(right.span));
    }
    Expr whole = node(ExprKind::Binary, {file_, left.span.begin, right.span.end});
    whole.op = here.op;
    whole.args.reserve(2);
    whole.args.push_back(std::move(left));
    whole.args.push_back(std::move(right));
    if (tooHigh(std::max(height, height_) + 1, whole.span, height > height_)) break;
    left = here.meant.empty() ? std::move(whole) : applyInfix(here, std::move(whole), sign);
  }
  if (recovering_) return poison(left.span.begin);
  return left;
}

// Operands joined by `&&` or by `||`, read together.
Expr TextParser::chain(const Infix& first, Expr left) {
  std::vector<Expr> operands;
  operands.push_back(std::move(left));
  int highest = height_;
  Infix here = first;
  while (here.op == first.op) {
    const Lexeme sign = take();
    if (!here.meant.empty()) {
      complain("RL0005", spanOf(sign),
               here.op == Operator::And ? "`and` is written `&&`" : "`or` is written `||`")
          .write(spanOf(sign), std::string(here.meant));
    }
    operands.push_back(binary(first.level + 1));
    highest = std::max(highest, height_);
    if (recovering_) return poison(operands.front().span.begin);
    here = infix();
  }
  const int height = foldHeight(operands.size(), highest) - 1;
  if (tooHigh(height, operands.front().span)) return poison(operands.front().span.begin);
  return fold(operands, 0, operands.size(), first.op);
}

// An operator written as in another language: says so and gives what was meant.
Expr TextParser::applyInfix(const Infix& infix, Expr whole, const Span& sign) {
  const std::string left = written(whole.args[0].span), right = written(whole.args[1].span);
  if (infix.op == Operator::Equal && infix.meant == "=") {
    if (!inCondition_) {
      complain("RL0004", sign,
               "values are compared with `==`; a `=` cannot stand inside an expression")
          .write(sign, "==");
      return whole;
    }
    const bool field = whole.args[0].kind == ExprKind::Name && !binding_.empty();
    const bool path = whole.args[0].kind == ExprKind::Select;
    complain("RL0004", sign, "a condition compares with `==`; `=` gives a value")
        .label("this would set a value")
        .fix("write `" + left + " == " + right + "`", sign, "==")
        .note(field ? "values are set in `then`, with `set " + binding_ + "." + left + " = " +
                          right + "`"
              : path ? "values are set in `then`, with `set " + left + " = " + right + "`"
                     : "values are set in `then`, with `set`");
    return whole;
  }
  if (infix.negated) {
    complain("RL0005", sign, "`not in` is written with `!`")
        .write(whole.span, "!(" + left + " in " + right + ")");
    Expr e = node(ExprKind::Unary, whole.span);
    e.op = Operator::Not;
    e.args.push_back(std::move(whole));
    return e;
  }
  const std::string meant(infix.meant);
  complain("RL0005", sign, shown(sign) + " is written `" + meant + "`").write(sign, meant);
  return whole;
}

Expr TextParser::inRange(Expr range) {
  if (!is(Range) && !is(RangeOpen)) return range;
  const int height = height_;
  const Operator op = is(Range) ? Operator::Inclusive : Operator::Exclusive;
  take();
  Expr e = node(ExprKind::Range, {});
  e.op = op;
  e.args.push_back(std::move(range));
  e.args.push_back(binary(kCoalesceLevel));
  e.span = {file_, e.args[0].span.begin, e.args[1].span.end};
  height_ = std::max(height, height_) + 1;
  return e;
}

Expr TextParser::unary() {
  const std::uint32_t begin = at().begin;
  if (recovering_) return poison(begin);
  const bool foreign = isWord("not") && (is(Word, 1) || is(ParenOpen, 1)) && !isWord("in", 1);
  if (!is(Not) && !is(Minus) && !foreign) return member();
  const bool negate = is(Minus);
  const Lexeme sign = take();
  if (foreign) {
    complain("RL0005", spanOf(sign), "`not` in front of an expression is written `!`")
        .write({file_, sign.begin, at().begin}, "!");
  }
  if (negate && (is(Int) || is(Double))) {
    Expr number = numberLiteral(true, begin);
    return recovering_ ? poison(begin) : selection(std::move(number));
  }
  if (nesting_ >= kMaxNesting) {
    fail("RL0024", spanOf(sign), "this expression is nested deeper than 64 levels")
        .help("split it with `let`, or move a part into a function");
    return poison(begin);
  }
  ++nesting_;
  Expr e = node(ExprKind::Unary, {});
  e.op = negate ? Operator::Negate : Operator::Not;
  e.args.push_back(unary());
  --nesting_;
  e.span = {file_, begin, e.args[0].span.end};
  if (recovering_ || tooHigh(height_ + 1, e.span)) return poison(begin);
  return e;
}

// Members and calls

Expr TextParser::member() {
  const std::uint32_t begin = at().begin;
  Expr e = primary();
  if (recovering_) return poison(begin);
  return selection(std::move(e));
}

Expr TextParser::selection(Expr e) {
  const std::uint32_t begin = e.span.begin;
  while (!recovering_ && (is(Dot) || is(BracketOpen))) {
    const Lexeme sign = take();
    const bool maybe = takeIf(Question);
    int height = height_;
    if (sign.kind == BracketOpen) {
      Expr index = node(ExprKind::Index, {});
      index.maybe = maybe;
      index.args.push_back(std::move(e));
      const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false);
      index.args.push_back(expression());
      records_ = records;
      inRow_ = row;
      if (recovering_) break;
      if (!takeIf(BracketClose)) {
        complain("RL0009", spanOf(sign), "this `[` is never closed")
            .fix("add `]` after " + shown(previous()), after(spanOf(previous())), "]");
      }
      index.span = spanFrom(begin);
      if (tooHigh(std::max(height, height_) + 1, index.span)) break;
      e = std::move(index);
      continue;
    }
    // `c.` at the end of a line, while the next line begins something else.
    const bool elsewhere = at().lineFirst && (is(Colon, 1) || itemStarts(inside_));
    if ((!is(Word) && !is(QuotedWord)) || elsewhere) {
      fail("RL0023", {file_, begin, sign.end},
           "a name is missing after the point of " + shown({file_, begin, sign.end}));
      break;
    }
    const Lexeme name = take();
    const std::string text =
        name.kind == QuotedWord ? lexemes_.texts[name.value] : std::string(textOf(name));
    if (maybe && is(ParenOpen)) {
      fail("RL0034", {file_, sign.begin, name.end}, "`.?` picks a member, not a function")
          .help("of an optional, `x.optMap(y, y." + text +
                "(…))` calls a function of what it holds");
      break;
    }
    if (is(ParenOpen) && name.kind == Word) {
      Expr call = node(ExprKind::Call, {});
      call.text = text;
      call.method = true;
      call.nameSpan = spanOf(name);
      call.args.push_back(std::move(e));
      callArguments(call);
      call.span = spanFrom(begin);
      if (recovering_) break;
      if (tooHigh(std::max(height, height_) + 1, call.span)) break;
      e = macro(std::move(call));
      continue;
    }
    if (e.kind == ExprKind::Literal && e.value.isNumber()) {
      fail("RL0006", {file_, begin, name.end}, "a number has no members")
          .help("digits stand behind the point of a number: `1.0`");
      break;
    }
    Expr select = node(ExprKind::Select, spanFrom(begin));
    select.maybe = maybe;
    select.text = text;
    select.nameSpan = spanOf(name);
    select.args.push_back(std::move(e));
    if (tooHigh(height + 1, select.span)) break;
    e = std::move(select);
  }
  return recovering_ ? poison(begin) : std::move(e);
}

// From `(` to `)`.
void TextParser::callArguments(Expr& call) {
  const std::size_t own = call.args.size();
  int height = height_;
  const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
             ends = std::exchange(assignEnds_, false);
  bool named = false;
  take();
  list(ParenClose, "arguments", [&] {
    std::string name;
    Span span;
    if (is(Word) && is(Colon, 1) && !at().reserved && !cel_) {
      span = spanOf(at());
      name = std::string(textOf(take()));
      take();
      named = true;
    }
    call.names.push_back(std::move(name));
    call.nameSpans.push_back(span);
    call.args.push_back(expression());
    height = std::max(height, height_);
  });
  if (!named || call.args.size() - own != call.names.size()) {
    call.names.clear();
    call.nameSpans.clear();
  }
  records_ = records;
  inRow_ = row;
  assignEnds_ = ends;
  height_ = height;
}

Expr TextParser::macro(Expr call) {
  const std::string& f = call.text;
  const std::size_t given = call.args.size() - 1;
  const auto isPlain = [](const Expr& e) { return e.kind == ExprKind::Name && !e.rooted; };
  std::size_t variables = 1;
  std::size_t first = 1;  // the first variable among the arguments
  bool fits = false;
  if (f == "bind" && isPlain(call.args[0]) && call.args[0].text == "cel") {
    fits = given == 3;
  } else if (f == "all" || f == "exists" || f == "exists_one" || f == "existsOne") {
    fits = given == 2 || given == 3;
    variables = given == 3 ? 2 : 1;
  } else if (f == "map") {
    fits = given == 2 || given == 3;
  } else if (f == "filter" || f == "sortBy" || f == "optMap" || f == "optFlatMap") {
    fits = given == 2;
  } else if (f == "transformList" || f == "transformMap" || f == "transformMapEntry") {
    fits = given == 3 || given == 4;
    variables = 2;
  } else {
    return call;
  }
  if (!fits) return call;
  for (std::size_t i = 0; i < variables; ++i) {
    if (isPlain(call.args[first + i])) continue;
    if (f == "bind") return call;
    if (call.args[first + i].kind == ExprKind::Poison) return poison(call.span.begin);
    const bool optional = f == "optMap" || f == "optFlatMap";
    complain("RL0027", call.args[first + i].span,
             "`" + f + "` begins with the name that stands for " +
                 (optional ? "what the optional holds" : "each element"))
        .help("write it as `" + std::string(optional ? "value" : "list") + "." + f +
              "(x, …)` with `x` in the rest");
    return poison(call.span.begin);
  }
  Expr e = node(ExprKind::Macro, call.span);
  e.text = f == "existsOne" ? "exists_one" : f;
  e.nameSpan = call.nameSpan;
  for (std::size_t i = 0; i < variables; ++i) {
    e.names.push_back(call.args[first + i].text);
    e.nameSpans.push_back(call.args[first + i].span);
  }
  if (f != "bind") e.args.push_back(std::move(call.args[0]));
  for (std::size_t i = first + variables; i < call.args.size(); ++i) {
    e.args.push_back(std::move(call.args[i]));
  }
  return e;
}

// `?x` inside of a list or map, `begin` being its question mark.
Expr TextParser::element(Expr value, std::uint32_t begin) const {
  Expr e = node(ExprKind::Unary, {file_, begin, std::max(begin, value.span.end)});
  e.op = Operator::Element;
  e.args.push_back(std::move(value));
  return e;
}

Expr TextParser::hasMacro(Expr call) {
  if (call.args.size() == 1 && call.args[0].kind == ExprKind::Select && call.args[0].maybe) {
    complain("RL0034", call.span, "`has` and `.?` ask for the same: whether the member is there")
        .help("write `has(x.member)`, or `x.?member.hasValue()`");
    return poison(call.span.begin);
  }
  if (call.args.size() == 1 && call.args[0].kind == ExprKind::Select) {
    Expr select = std::move(call.args[0]);
    select.test = true;
    select.span = call.span;
    return select;
  }
  if (call.args.size() == 1 && call.args[0].kind == ExprKind::Poison) {
    return poison(call.span.begin);
  }
  complain("RL0027", call.span, "`has` asks whether a member is there: `has(x.member)`")
      .help(call.args.size() == 1 && call.args[0].kind == ExprKind::Name
                ? "to ask whether a value is there, write `" + call.args[0].text + " != null`"
                : "give it one member, such as `has(order.note)`");
  return poison(call.span.begin);
}

}  // namespace reticle
