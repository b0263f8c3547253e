// Operators, by precedence climbing: each level reads what binds tighter.
#include <utility>

#include "syntax/expression_parser.h"

namespace reticle {
namespace {

// Longer chains of `&&` and `||` become balanced trees, so that a hundred alternatives are not a
// hundred levels.
constexpr std::size_t kLongChain = 16;

struct Sign {
  LexemeKind kind;
  Operator op;
  int level;
};
// Levels bind tighter as they grow. `in` is a word, and is looked for apart.
constexpr Sign kSigns[] = {
    {LexemeKind::Or, Operator::Or, Infix::kOrLevel},
    {LexemeKind::And, Operator::And, Infix::kAndLevel},
    {LexemeKind::Equal, Operator::Equal, Infix::kRelationLevel},
    {LexemeKind::NotEqual, Operator::NotEqual, Infix::kRelationLevel},
    {LexemeKind::Less, Operator::Less, Infix::kRelationLevel},
    {LexemeKind::LessEqual, Operator::LessEqual, Infix::kRelationLevel},
    {LexemeKind::Greater, Operator::Greater, Infix::kRelationLevel},
    {LexemeKind::GreaterEqual, Operator::GreaterEqual, Infix::kRelationLevel},
    {LexemeKind::Coalesce, Operator::Coalesce, Infix::kCoalesceLevel},
    {LexemeKind::Plus, Operator::Add, Infix::kSumLevel},
    {LexemeKind::Minus, Operator::Subtract, Infix::kSumLevel},
    {LexemeKind::Star, Operator::Multiply, Infix::kProductLevel},
    {LexemeKind::Slash, Operator::Divide, Infix::kProductLevel},
    {LexemeKind::Percent, Operator::Modulo, Infix::kProductLevel},
};

// Only these chain in other languages (`a < b < c`); `a == b == c` is legal and compares with a
// bool.
bool orders(Operator op) {
  return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
         op == Operator::GreaterEqual;
}

// Requires: from < to. Short chains lean to the left, as they are written; long ones are halved.
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

// How high `fold` will build: known beforehand, so that a tree that is too high is never built.
int foldHeight(std::size_t operands, int highest) {
  int levels = 0;
  while (operands > kLongChain) {
    operands = (operands + 1) / 2;
    ++levels;
  }
  return highest + levels + static_cast<int>(operands);
}

}  // namespace

Operator relationOf(LexemeKind kind) {
  for (const Sign& sign : kSigns) {
    if (sign.kind == kind && sign.level == Infix::kRelationLevel) return sign.op;
  }
  return Operator::None;
}

// Where expressions stand

// In brackets a `{` cannot be a block, so records may stand there again.
ExpressionContext ExpressionParser::bracketed() const {
  ExpressionContext inner = context_;
  inner.records = true;
  return inner;
}

// In front of a block: `if x { …` is not the record `x { …`.
ExpressionContext ExpressionParser::head() const {
  ExpressionContext inner = context_;
  inner.records = false;
  return inner;
}

// As in brackets, and neither bars nor the end of a row mean anything there.
ExpressionContext ExpressionParser::enclosed(bool assignEnds) const {
  ExpressionContext inner = bracketed();
  inner.inRow = false;
  inner.assignEnds = assignEnds;
  return inner;
}

Expr ExpressionParser::headExpression() {
  const Within within(*this, head());
  return expression();
}

Expr ExpressionParser::condition(const std::string& binding) {
  ExpressionContext inner = context_;
  inner.inCondition = true;
  inner.binding = binding;
  const Within within(*this, std::move(inner));
  return expression();
}

Expr ExpressionParser::headCondition() {
  const Within within(*this, head());
  return condition("");
}

Expr ExpressionParser::initialValue() {
  ExpressionContext inner = context_;
  inner.assignEnds = true;
  const Within within(*this, std::move(inner));
  return expression();
}

Expr ExpressionParser::fieldCheck() {
  ExpressionContext inner = context_;
  inner.inWhere = true;
  const Within within(*this, std::move(inner));
  return expression();
}

Expr ExpressionParser::inRow() {
  ExpressionContext inner = context_;
  inner.inRow = true;
  const Within within(*this, std::move(inner));
  return expression();
}

Expr ExpressionParser::relationOperand() {
  ExpressionContext inner = context_;
  inner.inRow = true;
  const Within within(*this, std::move(inner));
  return binary(Infix::kCoalesceLevel);
}

// Limits

Expr ExpressionParser::poison(std::uint32_t begin) const {
  return node(ExprKind::Poison, spanFrom(begin));
}

// Guards the stack of the parser itself; `tooHigh` guards all who walk the tree later.
bool ExpressionParser::tooDeep(const Lexeme& here) {
  if (nesting_ < kMaxNesting) return false;
  advice_.lacks(Lack::ShallowExpression, spanOf(here));
  return true;
}

bool ExpressionParser::tooHigh(int height, const Span& span, bool chain) {
  height_ = height;
  if (height <= kMaxNesting) return false;
  advice_.lacks(chain ? Lack::FewOperands : Lack::ShallowExpression,
                this->span(span.begin, std::min(span.end, span.begin + 1)));
  return true;
}

// Expressions

// Expr = Binary [ "?" Expr ":" Expr ]
Expr ExpressionParser::expression() {
  const std::uint32_t begin = at().begin;
  if (recovering() || tooDeep(at())) return poison(begin);
  ++nesting_;
  Expr result = binary(0);
  if (!recovering() && is(Question)) result = ternary(std::move(result));
  --nesting_;
  return recovering() ? poison(begin) : std::move(result);
}

// condition "?" Expr ":" Expr
Expr ExpressionParser::ternary(Expr condition) {
  int height = height_;
  const std::uint32_t begin = condition.span.begin;
  const Lexeme question = take();
  Expr choice = node(ExprKind::Ternary, {});
  choice.args.push_back(std::move(condition));
  choice.args.push_back(expression());
  height = std::max(height, height_);
  if (!takeIf(Colon)) advice_.lacks(Lack::OtherChoice, spanOf(question));
  choice.args.push_back(expression());
  choice.span = spanFrom(begin);
  if (!recovering()) tooHigh(std::max(height, height_) + 1, choice.span);
  return choice;
}

// The operator at hand; a level below all others when there is none. `<>` is left to the advice,
// although it begins with a sign of ours.
Infix ExpressionParser::infix() const {
  const bool sqlUnequal = is(Less) && is(Greater, 1) && at(1).begin == at().end;
  for (const Sign& sign : kSigns) {
    if (is(sign.kind) && !sqlUnequal) return {sign.op, sign.level};
  }
  if (isWord("in") && !is(Colon, 1)) return {Operator::In, Infix::kRelationLevel};
  return advice_.foreignInfix(context_);
}

// Reads an operand and everything to its right that binds at least as tight as `minimum`.
// Operators of one level lean to the left, hence the level + 1 for the right side.
Expr ExpressionParser::binary(int minimum) {
  Expr left = unary();
  while (!recovering()) {
    const Infix here = infix();
    if (here.level < minimum) break;
    // `where qty > 0 = 1`: the default follows.
    if (here.meant == "=" && context_.inWhere && left.kind == ExprKind::Binary &&
        left.op >= Operator::Equal && left.op <= Operator::In) {
      break;
    }
    if (here.op == Operator::And || here.op == Operator::Or) {
      left = chain(here, std::move(left));
      continue;
    }
    const Span sign = span(at().begin, at(here.lexemes - 1).end);
    for (std::uint32_t i = 0; i < here.lexemes; ++i) take();
    const int height = height_;
    Expr right = binary(here.level + 1);
    if (here.op == Operator::In && !recovering()) right = inRange(std::move(right));
    if (recovering()) break;
    const bool longer = height > height_;
    const int higher = std::max(height, height_) + 1;
    left = joined(here, std::move(left), std::move(right), sign);
    // A method written as an operator is not a chain that could be cut.
    if (tooHigh(higher, left.span, longer && !here.method)) break;
    if (!here.meant.empty() && !here.method) {
      left = advice_.operatorOfOtherLanguages(here, std::move(left), sign, context_);
    }
  }
  if (recovering()) return poison(left.span.begin);
  return left;
}

// Two operands and their operator.
Expr ExpressionParser::joined(const Infix& infix, Expr left, Expr right, const Span& sign) {
  const Span whole = span(left.span.begin, right.span.end);
  if (infix.method) {
    advice_.methodAsOperator(sign, left.span, right.span);
    Expr call = node(ExprKind::Call, whole);
    call.text = written(sign);
    call.method = true;
    call.nameSpan = sign;
    call.args.push_back(std::move(left));
    call.args.push_back(std::move(right));
    return call;
  }
  // `(a < b) < c` is meant: brackets are not in the tree, so the source tells.
  const bool chains = left.kind == ExprKind::Binary && orders(left.op) && orders(infix.op) &&
                      written(span(left.span.begin, left.span.begin + 1)) != "(";
  if (chains) advice_.chainedComparison(sign, left, right.span);
  Expr e = node(ExprKind::Binary, whole);
  e.op = infix.op;
  e.args.reserve(2);
  e.args.push_back(std::move(left));
  e.args.push_back(std::move(right));
  return e;
}

// Operands joined by `&&` or by `||`, read together.
Expr ExpressionParser::chain(const Infix& first, Expr left) {
  std::vector<Expr> operands;
  operands.push_back(std::move(left));
  int highest = height_;
  Infix here = first;
  while (here.op == first.op) {
    const Lexeme sign = take();
    if (!here.meant.empty()) advice_.joinOfOtherLanguages(here.op, sign);
    operands.push_back(binary(first.level + 1));
    highest = std::max(highest, height_);
    if (recovering()) return poison(operands.front().span.begin);
    here = infix();
  }
  const int height = foldHeight(operands.size(), highest) - 1;
  if (tooHigh(height, operands.front().span)) return poison(operands.front().span.begin);
  return fold(operands, 0, operands.size(), first.op);
}

// `a..b` after `in`, whose first bound is read.
Expr ExpressionParser::inRange(Expr range) {
  if (!isRange()) return range;
  const int height = height_;
  Expr e = node(ExprKind::Range, {});
  e.op = is(Range) ? Operator::Inclusive : Operator::Exclusive;
  take();
  e.args.push_back(std::move(range));
  e.args.push_back(binary(Infix::kCoalesceLevel));
  e.span = span(e.args[0].span.begin, e.args[1].span.end);
  height_ = std::max(height, height_) + 1;
  return e;
}

// Unary = ( "!" | "-" ) Unary | Member
Expr ExpressionParser::unary() {
  const std::uint32_t begin = at().begin;
  if (recovering()) return poison(begin);
  if (!is(Not) && !is(Minus) && !advice_.notOfOtherLanguages()) return member();
  const bool negate = is(Minus);
  take();
  // The sign belongs to the number, because the smallest `int` has no positive counterpart.
  if (negate && (is(Int) || is(Double))) {
    Expr number = numberLiteral(true, begin);
    return recovering() ? poison(begin) : selection(std::move(number));
  }
  if (tooDeep(previous())) return poison(begin);
  ++nesting_;
  Expr e = node(ExprKind::Unary, {});
  e.op = negate ? Operator::Negate : Operator::Not;
  e.args.push_back(unary());
  --nesting_;
  e.span = span(begin, e.args[0].span.end);
  if (recovering() || tooHigh(height_ + 1, e.span)) return poison(begin);
  return e;
}

}  // namespace reticle
