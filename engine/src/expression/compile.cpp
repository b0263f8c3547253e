// From the tree of a checked expression to its instructions. Constants are folded, comparisons of
// a field with a constant are fused into one instruction, and user functions are compiled in the
// place of their calls.
#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "expression/code.h"
#include "expression/functions.h"
#include "expression/op.h"
#include "expression/operators.h"
#include "expression/regex.h"

namespace reticle {
namespace {

constexpr std::size_t kMaxInstructions = 20000;  // functions that call functions twice grow fast
constexpr int kMaxInlined = 64;                  // calls within calls
// `x in […]` with as many constants looks up instead of going through
constexpr std::size_t kHashedFrom = 8;

struct FieldAt {
  std::uint32_t row, field;
};

// An instruction has eight bits for the row and sixteen for the field.
bool fitsOperands(const FieldAt& at) { return at.row <= 0xff && at.field <= 0xffff; }

bool isRelation(Operator op) {
  return op == Operator::Equal || op == Operator::NotEqual || op == Operator::Less ||
         op == Operator::LessEqual || op == Operator::Greater || op == Operator::GreaterEqual;
}

// An operator as an instruction on the stack, and as one that compares a field with a constant.
struct OperatorCode {
  Operator op;
  Op general;
  Op withField;
};
constexpr OperatorCode kOperators[] = {
    {Operator::Equal, Op::Equal, Op::FieldEqual},
    {Operator::NotEqual, Op::NotEqual, Op::FieldNotEqual},
    {Operator::Less, Op::Less, Op::FieldLess},
    {Operator::LessEqual, Op::LessEqual, Op::FieldLessEqual},
    {Operator::Greater, Op::Greater, Op::FieldGreater},
    {Operator::GreaterEqual, Op::GreaterEqual, Op::FieldGreaterEqual},
    {Operator::In, Op::In, Op::In},
    {Operator::Add, Op::Add, Op::Add},
    {Operator::Subtract, Op::Subtract, Op::Subtract},
    {Operator::Multiply, Op::Multiply, Op::Multiply},
    {Operator::Divide, Op::Divide, Op::Divide},
    {Operator::Modulo, Op::Modulo, Op::Modulo},
};

const OperatorCode* codeOf(Operator op) {
  for (const OperatorCode& entry : kOperators) {
    if (entry.op == op) return &entry;
  }
  return nullptr;
}

Value typeValue(const Expr& e) {
  if (e.value.kind() == ValueKind::Type) return e.value;
  if (e.text == "timestamp") return Value::type("google.protobuf.Timestamp");
  if (e.text == "duration") return Value::type("google.protobuf.Duration");
  return Value::type(e.text);
}

// A value instead of an operation whose operands are constants. Nothing for operations that fail:
// those fail when they run.
std::optional<Value> operate(const Expr& e, const std::vector<Value>& args) {
  switch (e.op) {
    case Operator::Not: return notValue(args[0]);
    case Operator::Negate: return negateValue(args[0]);
    case Operator::Equal: return equalValues(args[0], args[1]);
    case Operator::NotEqual: return notEqualValues(args[0], args[1]);
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: return orderValues(e.op, args[0], args[1]);
    case Operator::Add: return addValues(args[0], args[1]);
    case Operator::Subtract: return subtractValues(args[0], args[1]);
    case Operator::Multiply: return multiplyValues(args[0], args[1]);
    case Operator::Divide: return divideValues(args[0], args[1]);
    case Operator::Modulo: return moduloValues(args[0], args[1]);
    case Operator::None:
    case Operator::Or:
    case Operator::And:
    case Operator::In:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive:
    case Operator::Element:
    case Operator::Wrap: break;
  }
  return std::nullopt;
}

// Before checking a call has no meaning yet: then its name decides.
bool isBuiltin(const Expr& e) {
  return e.kind == ExprKind::Call &&
         (e.ref.kind == Ref::Kind::Function || e.ref.kind == Ref::Kind::None) &&
         builtinIndex(e.text) >= 0;
}

// The value of an expression that is known before anything runs. An operation that would fail is
// left to fail when it runs, where the failure can be reported.
std::optional<Value> constantOf(const Expr& e) {
  if (e.kind == ExprKind::Literal) return e.value;
  if (e.kind == ExprKind::Name || e.kind == ExprKind::Select) {
    if (e.maybe) return std::nullopt;
    if (e.ref.kind == Ref::Kind::Constant && !e.test) return e.value;
    if (e.ref.kind == Ref::Kind::Type && !e.test) return typeValue(e);
    return std::nullopt;
  }
  const bool foldable =
      (e.kind == ExprKind::Unary && e.op != Operator::Element && e.op != Operator::Wrap) ||
      e.kind == ExprKind::Binary || e.kind == ExprKind::List || isBuiltin(e);
  if (!foldable) return std::nullopt;
  std::vector<Value> args;
  for (const Expr& arg : e.args) {
    auto value = constantOf(arg);
    if (!value) return std::nullopt;
    args.push_back(*std::move(value));
  }
  std::optional<Value> result;
  if (e.kind == ExprKind::List) {
    result = Value::list(std::move(args));
  } else if (e.kind == ExprKind::Call) {
    result = callBuiltin(static_cast<std::size_t>(builtinIndex(e.text)), args.data(), args.size());
  } else {
    result = operate(e, args);
  }
  return result && !result->isError() ? result : std::nullopt;
}

// A list of keys as a map, so that it can be searched by hash; nothing when some item is no key.
std::optional<Value> asKeys(const Value& list) {
  if (list.kind() != ValueKind::List || list.asList().size() < kHashedFrom) return std::nullopt;
  Value::Map entries;
  for (const Value& item : list.asList()) {
    if (item.kind() != ValueKind::String && item.kind() != ValueKind::Int &&
        item.kind() != ValueKind::Bool) {
      return std::nullopt;
    }
    // Lists of constants are short enough to look for repetitions one by one.
    if (std::none_of(entries.begin(), entries.end(),
                     [&item](const auto& entry) { return entry.first == item; })) {
      entries.emplace_back(item, Value{});
    }
    if (entries.size() > 1000) return std::nullopt;
  }
  return Value::map(std::move(entries));
}

class Compiler {
 public:
  explicit Compiler(const std::vector<UserFunction>& functions) : functions_(functions) {}

  // Whatever grows too large becomes an expression whose value is an error. `called` gets the
  // recursive functions that it calls.
  Code run(const Expr& expr, std::set<std::uint32_t>& called) {
    compile(expr, nullptr);
    called.merge(called_);
    if (tooLarge_) {
      code_ = Code{};
      code_.constants.push_back(Value::error("RL9002", "this expression is too large"));
      code_.instructions.push_back({Op::Constant, 0, 0, 0});
      code_.stack = 1;
    }
    code_.plain = code_.iterators == 0 && code_.stack <= kPlainStack &&
                  code_.instructions.size() <= kPlainSize &&
                  std::all_of(code_.instructions.begin(), code_.instructions.end(),
                              [](const Instruction& i) { return isPlain(i.op); });
    return std::move(code_);
  }

 private:
  // A parameter of a function being expanded: computed once into a slot, or read where it comes
  // from each time.
  struct Argument {
    const Expr* source = nullptr;  // null: in `slot`
    std::uint32_t slot = 0;
  };
  // Names that an expression sees beside rows and locals: the variables of a macro, or the
  // parameters of a function. A function's body sees its parameters and nothing further out; their
  // sources are seen from `caller`.
  struct Scope {
    const Scope* outer = nullptr;
    const Expr* macro = nullptr;
    std::uint32_t firstVariable = 0;
    std::vector<Argument> arguments;
    const Scope* caller = nullptr;
  };

  // `change`: by how much the stack grows. Returns the position of the instruction.
  std::size_t emit(Op op, int change, std::uint32_t a = 0, std::uint32_t b = 0,
                   std::uint32_t c = 0) {
    code_.instructions.push_back(
        {op, static_cast<std::uint8_t>(a), static_cast<std::uint16_t>(b), c});
    depth_ += change;
    code_.stack = std::max(code_.stack, static_cast<std::uint16_t>(depth_));
    if (code_.instructions.size() > kMaxInstructions || depth_ > 0xf000 || a > 0xff || b > 0xffff) {
      tooLarge_ = true;
    }
    return code_.instructions.size() - 1;
  }
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_.instructions.size()); }
  // Completes a jump that was emitted before its target was known.
  void leadHere(std::size_t instruction) { code_.instructions[instruction].c = here(); }

  std::uint32_t constant(Value value) {
    code_.constants.push_back(std::move(value));
    return static_cast<std::uint32_t>(code_.constants.size() - 1);
  }
  void emitConstant(Value value) { emit(Op::Constant, 1, 0, 0, constant(std::move(value))); }

  // Slots stand below the stack; each is given back when its scope ends.
  std::uint32_t reserveSlots(std::uint32_t count) {
    const std::uint32_t first = slots_;
    slots_ += count;
    if (slots_ > 0xf000) tooLarge_ = true;
    code_.iterators = std::max(code_.iterators, static_cast<std::uint16_t>(slots_));
    return first;
  }

  // --- names

  // The innermost function that is being expanded; macros inside of it are passed over.
  static const Scope* functionScope(const Scope* scope) {
    while (scope != nullptr && scope->macro != nullptr) scope = scope->outer;
    return scope;
  }

  // What a local stands for inside of an expanded function; null for a local of the frame.
  static const Argument* argumentOf(const Expr& e, const Scope*& scope) {
    if (e.ref.kind != Ref::Kind::Local) return nullptr;
    const Scope* function = functionScope(scope);
    if (function == nullptr || e.ref.row >= function->arguments.size()) return nullptr;
    scope = function;
    return &function->arguments[e.ref.row];
  }

  // The row that an expression refers to, through parameters too.
  std::optional<std::uint32_t> rowOf(const Expr& e, const Scope* scope) const {
    if (e.kind != ExprKind::Name && e.kind != ExprKind::Select) return std::nullopt;
    if (e.ref.kind == Ref::Kind::Row) return e.ref.row;
    const Argument* argument = argumentOf(e, scope);
    if (argument == nullptr || argument->source == nullptr) return std::nullopt;
    return rowOf(*argument->source, scope->caller);
  }

  // The field of a row that an expression reads, if that is all it does.
  std::optional<FieldAt> fieldOf(const Expr& e, const Scope* scope) const {
    if ((e.kind != ExprKind::Name && e.kind != ExprKind::Select) || e.test || e.maybe) {
      return std::nullopt;
    }
    return plainField(e, scope);
  }
  // Likewise for has(), which asks for the same place.
  std::optional<FieldAt> plainField(const Expr& e, const Scope* scope) const {
    if (e.ref.kind == Ref::Kind::Field) return FieldAt{e.ref.row, index(e.ref.field)};
    if (e.ref.kind == Ref::Kind::FactField && !e.args.empty()) {
      if (const auto row = rowOf(e.args[0], scope)) return FieldAt{*row, index(e.ref.field)};
      return std::nullopt;
    }
    const Argument* argument = argumentOf(e, scope);
    if (argument == nullptr || argument->source == nullptr) return std::nullopt;
    return fieldOf(*argument->source, scope->caller);
  }

  // A constant, through parameters too.
  std::optional<Value> valueOf(const Expr& e, const Scope* scope) const {
    if (auto value = constantOf(e)) return value;
    if (e.kind != ExprKind::Name) return std::nullopt;
    const Argument* argument = argumentOf(e, scope);
    if (argument == nullptr || argument->source == nullptr) return std::nullopt;
    return valueOf(*argument->source, scope->caller);
  }

  // Inner variables hide outer ones.
  void compileVariable(const Expr& e, const Scope* scope) {
    for (; scope != nullptr && scope->macro != nullptr; scope = scope->outer) {
      const auto& names = scope->macro->names;
      for (std::size_t i = names.size(); i-- > 0;) {
        if (names[i] != e.text) continue;
        emit(Op::Slot, 1, 0, 0, scope->firstVariable + static_cast<std::uint32_t>(i));
        return;
      }
    }
    emitConstant(failure("`" + e.text + "` means nothing here"));
  }

  void compileLocal(const Expr& e, const Scope* scope) {
    const Argument* argument = argumentOf(e, scope);
    if (argument == nullptr) {
      emit(Op::Local, 1, 0, 0, e.ref.row);
    } else if (argument->source == nullptr) {
      emit(Op::Slot, 1, 0, 0, argument->slot);
    } else {
      compile(*argument->source, scope->caller);
    }
  }

  void compileName(const Expr& e, const Scope* scope) {
    switch (e.ref.kind) {
      case Ref::Kind::Row: emit(Op::Row, 1, 0, e.ref.row); return;
      case Ref::Kind::Field: emit(Op::Field, 1, 0, e.ref.row, index(e.ref.field)); return;
      case Ref::Kind::Local: compileLocal(e, scope); return;
      case Ref::Kind::None:
      case Ref::Kind::FactField:
      case Ref::Kind::Constant:
      case Ref::Kind::Member:
      case Ref::Kind::Function:
      case Ref::Kind::User:
      case Ref::Kind::Host:
      case Ref::Kind::Query:
      case Ref::Kind::Type: compileVariable(e, scope); return;
    }
  }

  // A field of a row is read directly, a field of a fact through its reference, and a member by
  // name.
  void compileSelect(const Expr& e, const Scope* scope, Access access) {
    const bool declared = e.ref.kind == Ref::Kind::Field || e.ref.kind == Ref::Kind::FactField;
    if (declared || e.ref.kind == Ref::Kind::Local || e.ref.kind == Ref::Kind::Row ||
        e.args.empty()) {
      if (const auto at = plainField(e, scope)) {
        emit(Op::Field, 1, 0, at->row, at->field);
      } else if (e.ref.kind == Ref::Kind::FactField && !e.args.empty()) {
        compile(e.args[0], scope);
        emit(Op::FactField, 0, 0, 0, index(e.ref.field));
      } else {
        compileName(e, scope);
      }
      // A declared field is always there: has() asks whether it is null.
      if (e.test) emit(Op::Present, 0);
      return;
    }
    if (e.test && (e.ref.kind == Ref::Kind::Constant || e.ref.kind == Ref::Kind::Type)) {
      emitConstant(Value::boolean(!e.value.isNull() || e.ref.kind == Ref::Kind::Type));
      return;
    }
    compile(e.args[0], scope, access);
    emit(Op::Member, 0,
         static_cast<std::uint32_t>(e.test    ? Access::Test
                                    : e.maybe ? Access::Maybe
                                              : access),
         0, constant(Value::string(e.text)));
  }

  // --- calls

  void compileCall(const Expr& e, const Scope* scope) {
    if (e.ref.kind == Ref::Kind::User && e.ref.row < functions_.size()) {
      compileUserCall(e, functions_[e.ref.row], scope);
      return;
    }
    if (e.text == "now" && !e.method && e.args.empty() && e.ref.kind == Ref::Kind::None) {
      emit(Op::Now, 1);
      return;
    }
    if (e.text == "passed" && !e.method && e.args.size() == 1 && e.ref.kind == Ref::Kind::None) {
      compile(e.args[0], scope);
      emit(Op::Passed, 0);
      return;
    }
    const bool host = e.ref.kind == Ref::Kind::Host, query = e.ref.kind == Ref::Kind::Query;
    if (!host && !query && !isBuiltin(e)) {
      emitConstant(failure("there is no function `" + e.text + "`"));
      return;
    }
    const auto count = static_cast<std::uint32_t>(e.args.size());
    if (!host && !query && e.text == "matches" && count == 2) {
      compileMatches(e, scope);
      return;
    }
    if (!host && !query && e.method && count == 2 && (e.text == "or" || e.text == "orValue")) {
      compileAlternative(e, scope);
      return;
    }
    if (!host && !query && e.text == "captures" && count == 2 && compileCapturesOf(e, scope))
      return;
    for (const Expr& arg : e.args) compile(arg, scope);
    const std::uint32_t callee =
        host || query ? e.ref.row : static_cast<std::uint32_t>(builtinIndex(e.text));
    emit(host    ? Op::Host
         : query ? Op::Query
                 : Op::Call,
         1 - static_cast<int>(count), 0, count, callee);
  }

  // x.or(y), x.orValue(y): y is computed only when x holds nothing.
  void compileAlternative(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const std::size_t jump = emit(Op::JumpIfHeld, -1, e.text == "orValue" ? 1 : 0);
    compile(e.args[1], scope);
    leadHere(jump);
  }

  // A pattern that is known now is compiled now; a broken one fails when it runs.
  void compileMatches(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const auto pattern = valueOf(e.args[1], scope);
    if (pattern && pattern->kind() == ValueKind::String) {
      if (const auto program = compileRegex(pattern->asString()); program.ok()) {
        emit(Op::Matches, 0, 0, 0, constant(Value::bytes(*program)));
        return;
      }
    }
    compile(e.args[1], scope);
    emit(Op::Matches, -1, 1);
  }

  // A pattern that is known now stands in the code as its program and the names of its groups.
  bool compileCapturesOf(const Expr& e, const Scope* scope) {
    const auto pattern = valueOf(e.args[1], scope);
    if (!pattern || pattern->kind() != ValueKind::String) return false;
    const Result<RegexCaptures> captures = compileCaptures(pattern->asString());
    if (!captures.ok()) return false;
    compile(e.args[0], scope);
    Value::List known = {Value::bytes(captures->program)};
    for (const std::string& group : captures->groups) known.push_back(Value::string(group));
    emitConstant(Value::list(std::move(known)));
    emit(Op::Call, -1, 0, 2, static_cast<std::uint32_t>(builtinIndex(e.text)));
    return true;
  }

  // An argument that costs nothing to read is read where it comes from, so that `a.row` in a body
  // becomes a plain field and `x == "red"` a fused test. Others are computed once; an error among
  // them counts only where the body reads it.
  void compileUserCall(const Expr& e, const UserFunction& function, const Scope* scope) {
    if (function.recursive) {
      for (const Expr& arg : e.args) compile(arg, scope);
      const auto count = static_cast<std::uint32_t>(e.args.size());
      emit(Op::Recur, 1 - static_cast<int>(count), 0, count, e.ref.row);
      called_.insert(e.ref.row);
      return;
    }
    if (++inlined_ > kMaxInlined) {
      tooLarge_ = true;
      return;
    }
    const std::uint32_t slotsBefore = slots_;
    Scope inner;
    inner.caller = scope;
    for (const Expr& arg : e.args) {
      Argument argument;
      if (rowOf(arg, scope) || fieldOf(arg, scope) || valueOf(arg, scope) ||
          (arg.kind == ExprKind::Name && arg.ref.kind == Ref::Kind::Local)) {
        argument.source = &arg;
      } else {
        compile(arg, scope);
        argument.slot = reserveSlots(1);
        emit(Op::Store, -1, 0, 0, argument.slot);
      }
      inner.arguments.push_back(argument);
    }
    compile(function.body, &inner);
    slots_ = slotsBefore;
    --inlined_;
  }

  // --- operators

  // The jump spares the right side; And and Or combine both where the left one does not decide
  // alone.
  void compileLogical(const Expr& e, const Scope* scope) {
    const bool isAnd = e.op == Operator::And;
    compile(e.args[0], scope);
    const std::size_t jump = emit(isAnd ? Op::JumpIfFalse : Op::JumpIfTrue, 0);
    compile(e.args[1], scope);
    emit(isAnd ? Op::And : Op::Or, -1);
    leadHere(jump);
  }

  // A comparison as one instruction, when one side is a field and the other one a constant or a
  // field.
  bool compileFused(const Expr& e, const Scope* scope) {
    const Op fused = codeOf(e.op)->withField;
    const auto left = fieldOf(e.args[0], scope), right = fieldOf(e.args[1], scope);
    if (left && fitsOperands(*left)) {
      if (auto value = valueOf(e.args[1], scope)) {
        emit(fused, 1, left->row, left->field, constant(*std::move(value)));
        return true;
      }
      const bool equality = e.op == Operator::Equal || e.op == Operator::NotEqual;
      if (equality && right && right->row <= 0xffff && right->field <= 0xffff) {
        emit(e.op == Operator::Equal ? Op::FieldsEqual : Op::FieldsNotEqual, 1, left->row,
             left->field, right->row << 16 | right->field);
        return true;
      }
    } else if (right && fitsOperands(*right)) {
      if (auto value = valueOf(e.args[0], scope)) {
        emit(codeOf(mirrored(e.op))->withField, 1, right->row, right->field,
             constant(*std::move(value)));
        return true;
      }
    }
    return false;
  }

  // A range is two comparisons, a long list of constants a look-up.
  void compileIn(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const Expr& container = e.args[1];
    if (container.kind == ExprKind::Range) {
      compile(container.args[0], scope);
      compile(container.args[1], scope);
      emit(Op::InRange, -2, container.op == Operator::Exclusive ? 1 : 0);
      return;
    }
    const auto value = valueOf(container, scope);
    if (auto keys = value ? asKeys(*value) : std::nullopt) {
      emitConstant(*std::move(keys));
    } else {
      compile(container, scope);
    }
    emit(Op::In, -1);
  }

  void compileBinary(const Expr& e, const Scope* scope) {
    if (e.op == Operator::And || e.op == Operator::Or) {
      compileLogical(e, scope);
      return;
    }
    if (e.op == Operator::Coalesce) {
      compile(e.args[0], scope, Access::Lenient);
      const std::size_t jump = emit(Op::JumpUnlessNull, -1);
      compile(e.args[1], scope);
      leadHere(jump);
      return;
    }
    if (e.op == Operator::In) {
      compileIn(e, scope);
      return;
    }
    const OperatorCode* code = codeOf(e.op);
    if (code == nullptr) {
      emitConstant(failure("a range stands only to the right of `in`"));
      return;
    }
    if (isRelation(e.op) && compileFused(e, scope)) return;
    compile(e.args[0], scope);
    compile(e.args[1], scope);
    emit(code->general, -1);
  }

  void compileUnary(const Expr& e, const Scope* scope) {
    if (e.op == Operator::Wrap || e.op == Operator::Element) {
      compile(e.args[0], scope);
      if (e.op == Operator::Wrap) emit(Op::Wrap, 0);
      return;
    }
    const auto at = fieldOf(e.args[0], scope);
    if (e.op == Operator::Not && at && fitsOperands(*at)) {
      emit(Op::FieldNot, 1, at->row, at->field);
      return;
    }
    compile(e.args[0], scope);
    emit(e.op == Operator::Not ? Op::Not : Op::Negate, 0);
  }

  //   condition, Branch else, yes, Jump end, else: no, end:
  void compileTernary(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const std::size_t branch = emit(Op::Branch, -1);
    compile(e.args[1], scope);
    const std::size_t jump = emit(Op::Jump, -1);  // only one of the two values is there in the end
    leadHere(branch);
    compile(e.args[2], scope);
    leadHere(jump);
  }

  // numbers of bodies
  struct MacroCode {
    std::string_view name;
    Loop loop;
    Op step;
    std::size_t least, most;
  };

  // How each macro begins, what it does with an item, and how many bodies it has.
  static const MacroCode* macroCode(std::string_view name) {
    static constexpr MacroCode kMacros[] = {
        {"all", Loop::All, Op::LoopAll, 1, 1},
        {"exists", Loop::Any, Op::LoopAny, 1, 1},
        {"exists_one", Loop::One, Op::LoopOne, 1, 1},
        {"existsOne", Loop::One, Op::LoopOne, 1, 1},
        {"filter", Loop::Collect, Op::LoopKeep, 1, 1},
        {"map", Loop::Collect, Op::LoopCollect, 1, 2},
        {"sortBy", Loop::Sorted, Op::LoopEntry, 1, 1},
        {"transformList", Loop::Collect, Op::LoopCollect, 1, 2},
        {"transformMap", Loop::Entries, Op::LoopEntry, 1, 2},
        {"transformMapEntry", Loop::Entries, Op::LoopMerge, 1, 2},
    };
    for (const MacroCode& macro : kMacros) {
      if (macro.name == name) return &macro;
    }
    return nullptr;
  }

  // cel.bind(x, value, body)
  void compileBind(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const std::uint32_t slot = reserveSlots(1);
    emit(Op::Store, -1, 0, 0, slot);
    Scope inner;
    inner.outer = scope;
    inner.macro = &e;
    inner.firstVariable = slot;
    compile(e.args[1], &inner);
    --slots_;
  }

  // x.optMap(y, body), x.optFlatMap(y, body)
  void compileOptionalMap(const Expr& e, const Scope* scope) {
    compile(e.args[0], scope);
    const std::uint32_t slot = reserveSlots(1);
    const std::size_t jump = emit(Op::JumpIfNone, -1, 0, slot);
    Scope inner;
    inner.outer = scope;
    inner.macro = &e;
    inner.firstVariable = slot;
    compile(e.args[1], &inner);
    if (e.text == "optMap") {
      emit(Op::Call, 0, 0, 1, static_cast<std::uint32_t>(builtinIndex("optional.of")));
    }
    leadHere(jump);
    --slots_;
  }

  //   range, LoopBegin end, next: LoopNext done, body, step next, done: LoopEnd, end:
  void compileMacro(const Expr& e, const Scope* scope) {
    const std::size_t bodies = e.args.empty() ? 0 : e.args.size() - 1;
    if (e.text == "bind" && bodies == 1 && e.names.size() == 1) {
      compileBind(e, scope);
      return;
    }
    if ((e.text == "optMap" || e.text == "optFlatMap") && bodies == 1 && e.names.size() == 1) {
      compileOptionalMap(e, scope);
      return;
    }
    const MacroCode* macro = macroCode(e.text);
    const bool two = e.names.size() == 2;
    if (macro == nullptr || bodies < macro->least || bodies > macro->most || e.names.empty() ||
        e.names.size() > 2) {
      emitConstant(failure("`" + e.text + "` cannot be used like this"));
      return;
    }
    compile(e.args[0], scope);
    const std::uint32_t slotsBefore = slots_;
    const std::uint32_t slots = reserveSlots(two ? 4 : 3);
    const std::size_t begin =
        emit(Op::LoopBegin, 0, static_cast<std::uint32_t>(macro->loop), slots);
    const std::uint32_t next = here();
    emit(Op::LoopNext, 0, two ? 1 : 0, slots);
    Scope inner;
    inner.outer = scope;
    inner.macro = &e;
    inner.firstVariable = slots + 2;
    compile(e.args[1], &inner);
    if (bodies == 2) {
      emit(Op::LoopSkip, -1, 0, 0, next);
      compile(e.args[2], &inner);
    }
    emit(macro->step, -1, 0, 0, next);
    leadHere(next);
    emit(Op::LoopEnd, 0, static_cast<std::uint32_t>(macro->loop), slots);
    leadHere(begin);
    slots_ = slotsBefore;
  }

  // Where `?x` stands among every `step`th of the arguments.
  static Value::List positionsOf(const std::vector<Expr>& args, std::size_t from,
                                 std::size_t step) {
    Value::List positions;
    for (std::size_t i = from; i < args.size(); i += step) {
      if (args[i].kind == ExprKind::Unary && args[i].op == Operator::Element) {
        positions.push_back(Value::integer(static_cast<std::int64_t>(i / step)));
      }
    }
    return positions;
  }

  // `optionals`: where `?x` stands, which is there only if x holds something.
  void emitCollection(Op op, int change, Value::List optionals, std::uint32_t count) {
    const bool any = !optionals.empty();
    emit(op, change, any ? 1 : 0, any ? constant(Value::list(std::move(optionals))) : 0, count);
  }

  void compileAll(const std::vector<Expr>& args, const Scope* scope) {
    for (const Expr& arg : args) compile(arg, scope);
  }

  void compile(const Expr& e, const Scope* scope, Access access = Access::Strict) {
    if (tooLarge_) return;
    if (auto value = constantOf(e)) {
      emitConstant(*std::move(value));
      return;
    }
    const auto count = static_cast<std::uint32_t>(e.args.size());
    const int collect = 1 - static_cast<int>(count);
    switch (e.kind) {
      case ExprKind::Literal: emitConstant(e.value); return;
      case ExprKind::Name: compileName(e, scope); return;
      case ExprKind::Select: compileSelect(e, scope, access); return;
      case ExprKind::Index:
        compile(e.args[0], scope, access);
        compile(e.args[1], scope);
        emit(Op::Index, -1, static_cast<std::uint32_t>(e.maybe ? Access::Maybe : access));
        return;
      case ExprKind::Call: compileCall(e, scope); return;
      case ExprKind::Unary: compileUnary(e, scope); return;
      case ExprKind::Binary: compileBinary(e, scope); return;
      case ExprKind::Ternary: compileTernary(e, scope); return;
      case ExprKind::List:
        compileAll(e.args, scope);
        emitCollection(Op::List, collect, positionsOf(e.args, 0, 1), count);
        return;
      case ExprKind::Map:
        compileAll(e.args, scope);
        emitCollection(Op::Map, collect, positionsOf(e.args, 1, 2), count / 2);
        return;
      case ExprKind::Template:
        compileAll(e.args, scope);
        emit(Op::Template, collect, 0, 0, count);
        return;
      case ExprKind::Macro: compileMacro(e, scope); return;
      case ExprKind::Record:
        emitConstant(failure("`" + e.text + "{…}` can only be inserted or emitted"));
        return;
      case ExprKind::Range:
        emitConstant(failure("a range stands only to the right of `in`"));
        return;
      case ExprKind::Poison: emitConstant(failure("this expression could not be read")); return;
    }
  }

  const std::vector<UserFunction>& functions_;
  std::set<std::uint32_t> called_;  // recursive functions
  Code code_;
  int depth_ = 0;
  std::uint32_t slots_ = 0;
  int inlined_ = 0;
  bool tooLarge_ = false;
};

}  // namespace

Code compileExpr(const Expr& expr, const std::vector<UserFunction>& functions) {
  std::set<std::uint32_t> called;
  Code code = Compiler(functions).run(expr, called);
  if (called.empty()) return code;
  auto routines = std::make_shared<Routines>();
  while (!called.empty()) {
    const std::uint32_t next = *called.begin();
    called.erase(called.begin());
    if (routines->codes.contains(next)) continue;
    std::set<std::uint32_t> more;
    routines->codes.emplace(next, Compiler(functions).run(functions[next].body, more));
    called.merge(more);
  }
  code.routines = std::move(routines);
  return code;
}

}  // namespace reticle
