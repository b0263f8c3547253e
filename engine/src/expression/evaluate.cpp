#include <cassert>
#include <iterator>
#include <memory>
#include <new>

#include "expression/code.h"
#include "expression/functions.h"
#include "expression/op.h"
#include "expression/operators.h"
#include "expression/regex.h"

namespace reticle {
namespace {

constexpr std::int64_t kFuel = 100000;
constexpr std::int64_t kBytesPerUnit = 64;
constexpr std::size_t kInlineValues = 32;

Value outOfFuel() { return Value::error("RL9002", "this expression takes too long: more than 100,000 steps"); }

std::int64_t textUnits(const Value& value) {
  const bool isText = value.kind() == ValueKind::String || value.kind() == ValueKind::Bytes;
  return isText ? static_cast<std::int64_t>(value.asString().size()) / kBytesPerUnit : 0;
}

// What it costs to make or to read a value once, not looking into the items of a list.
std::int64_t units(const Value& value) {
  if (value.kind() == ValueKind::List) return static_cast<std::int64_t>(value.asList().size());
  if (value.kind() == ValueKind::Map) return static_cast<std::int64_t>(value.asMap().size());
  return textUnits(value);
}

// What it costs to go through all of a value. Takes that from `fuel`; gives up when it is used up.
void spendOn(const Value& value, std::int64_t& fuel) {
  fuel -= units(value);
  if (value.kind() == ValueKind::List) {
    for (const Value& item : value.asList()) {
      if (fuel < 0) return;
      spendOn(item, fuel);
    }
  } else if (value.kind() == ValueKind::Map) {
    for (const auto& [key, item] : value.asMap()) {
      if (fuel < 0) return;
      spendOn(item, fuel);
    }
  }
}

bool isCollection(const Value& value) { return value.kind() == ValueKind::List || value.kind() == ValueKind::Map; }

bool isKey(const Value& value) {
  return value.kind() == ValueKind::String || value.kind() == ValueKind::Int || value.kind() == ValueKind::Bool;
}

// Keys and values in turn, the keys distinct.
Value asMap(Value::List& items) {
  Value::Map entries;
  entries.reserve(items.size() / 2);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) entries.emplace_back(std::move(items[i]), std::move(items[i + 1]));
  return Value::map(std::move(entries));
}

// A comparison of a field with a constant or with another field: the tests that make up most of a network.
Value fusedTest(const Instruction& i, const Code& code, const Frame& frame) {
  const Value& left = frame.rows[i.a].fields[i.b];
  switch (i.op) {
    case Op::FieldEqual: return equalValues(left, code.constants[i.c]);
    case Op::FieldNotEqual: return notEqualValues(left, code.constants[i.c]);
    case Op::FieldLess: return orderValues(Operator::Less, left, code.constants[i.c]);
    case Op::FieldLessEqual: return orderValues(Operator::LessEqual, left, code.constants[i.c]);
    case Op::FieldGreater: return orderValues(Operator::Greater, left, code.constants[i.c]);
    case Op::FieldGreaterEqual: return orderValues(Operator::GreaterEqual, left, code.constants[i.c]);
    case Op::FieldsEqual: return equalValues(left, frame.rows[i.c >> 16].fields[i.c & 0xffff]);
    case Op::FieldsNotEqual: return notEqualValues(left, frame.rows[i.c >> 16].fields[i.c & 0xffff]);
    default: return notValue(left);   // FieldNot
  }
}

// Equality may have to go through long values, which fuel pays for: the general loop does that.
bool isCheap(const Instruction& i, const Code& code, const Frame& frame) {
  const Value& left = frame.rows[i.a].fields[i.b];
  if (isCollection(left)) return false;
  return !((i.op == Op::FieldEqual || i.op == Op::FieldNotEqual) && isCollection(code.constants[i.c]));
}

bool isFused(Op op) { return op >= Op::FieldEqual && op <= Op::FieldNot; }

class Evaluation {
 public:
  Evaluation(const Code& code, const Frame& frame) : code_(code), frame_(frame) {
    const std::size_t needed = std::size_t{code.iterators} + code.stack;
    if (needed > kInlineValues) heap_ = std::make_unique<Storage[]>(needed);
    slots_ = reinterpret_cast<Value*>(heap_ != nullptr ? heap_.get() : inline_);
    for (top_ = slots_; top_ != slots_ + code.iterators;) new (top_++) Value;
  }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;
  ~Evaluation() {
    while (top_ != slots_) (--top_)->~Value();
  }

  Value run();

 private:
  struct Storage { alignas(Value) unsigned char bytes[sizeof(Value)]; };

  void push(Value value) { new (top_++) Value(std::move(value)); }
  Value pop() {
    Value value = std::move(*--top_);
    top_->~Value();
    return value;
  }
  void drop(std::size_t count = 1) {
    for (; count > 0; --count) (--top_)->~Value();
  }
  Value& top(std::size_t below = 0) { return *(top_ - 1 - below); }
  // Replaces the uppermost `count` values by one.
  void replace(std::size_t count, Value value) {
    drop(count);
    push(std::move(value));
  }

  // The first error among the uppermost `count` values.
  const Value* errorAmong(std::size_t count) const {
    for (const Value* value = top_ - count; value != top_; ++value) {
      if (value->isError()) return value;
    }
    return nullptr;
  }

  template <typename Operation>
  void binary(const Operation& operation) {
    Value result = operation(top(1), top(0));
    drop();
    top() = std::move(result);
  }

  void payForEquality(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return;
    if (isCollection(a) ? units(a) == units(b) : textUnits(a) == textUnits(b)) spendOn(a, fuel_);
  }

  void payForSearch(const Value& item, const Value& container) {
    if (container.kind() != ValueKind::List) return;
    if (isCollection(item)) {
      spendOn(container, fuel_);
    } else {
      fuel_ -= units(container) * (1 + textUnits(item));
    }
  }

  Value factField(const Value& fact, FieldId field) const;
  Value member(const Value& from, const Value& key, Access access) const;
  Value element(const Value& from, const Value& index, Access access) const;
  void makeList(std::size_t count);
  void makeMap(std::size_t count);
  void makeTemplate(std::size_t count);
  void callBuiltinFunction(const Instruction& i);
  void callOutside(const Instruction& i);
  void match(const Instruction& i);
  bool beginLoop(const Instruction& i);
  bool nextItem(const Instruction& i);
  void endLoop(const Instruction& i);

  const Code& code_;
  const Frame& frame_;
  std::int64_t fuel_ = kFuel;
  Value* slots_ = nullptr;
  Value* top_ = nullptr;
  std::vector<Value::List> collected_;   // by the loops under way that collect
  std::unique_ptr<Storage[]> heap_;
  Storage inline_[kInlineValues];
};

Value Evaluation::factField(const Value& fact, FieldId field) const {
  if (fact.isError()) return fact;
  if (fact.kind() == ValueKind::Map && static_cast<std::size_t>(field) < fact.asMap().size()) {
    return fact.asMap()[static_cast<std::size_t>(field)].second;   // an event kept by `wait`: its fields in the order of its type
  }
  if (fact.kind() != ValueKind::Fact) return failure(std::string("a fact is needed here, this is ").append(toText(fact)));
  if (frame_.surroundings == nullptr) return failure("there are no facts here");
  return frame_.surroundings->fieldOf(fact.asFact(), field);
}

Value Evaluation::member(const Value& from, const Value& key, Access access) const {
  if (from.kind() == ValueKind::Map) {
    const Value* found = from.find(key);
    if (access == Access::Test) return Value::boolean(found != nullptr);
    if (found != nullptr) return *found;
    if (access == Access::Lenient) return {};
    return failure(std::string("there is no `").append(key.asString()).append("` in this map"));
  }
  if (from.isError() || (from.isNull() && access == Access::Lenient)) return from;
  return failure(std::string(kindWord(from)).append(" has no `").append(key.asString()).append("`"));
}

Value Evaluation::element(const Value& from, const Value& index, Access access) const {
  if (access == Access::Lenient && !index.isError()) {
    if (from.isNull()) return from;
    if (from.kind() == ValueKind::Map && from.find(index) == nullptr) return {};
    if (from.kind() == ValueKind::List && index.kind() == ValueKind::Int &&
        (index.asInt() < 0 || index.asInt() >= static_cast<std::int64_t>(from.asList().size()))) {
      return {};
    }
  }
  return indexValue(from, index);
}

void Evaluation::makeList(std::size_t count) {
  if (const Value* error = errorAmong(count)) {
    replace(count, Value(*error));
    return;
  }
  Value::List items(std::make_move_iterator(top_ - count), std::make_move_iterator(top_));
  replace(count, Value::list(std::move(items)));
}

void Evaluation::makeMap(std::size_t count) {
  if (const Value* error = errorAmong(2 * count)) {
    replace(2 * count, Value(*error));
    return;
  }
  Value::Map entries;
  entries.reserve(count);
  Value problem;
  for (Value* key = top_ - 2 * count; key != top_; key += 2) {
    if (!isKey(*key) && problem.isNull()) problem = failure(std::string("a key of a map is a string, an int or a bool, this is ").append(toText(*key)));
    entries.emplace_back(std::move(key[0]), std::move(key[1]));
  }
  Value made = problem.isNull() ? Value::map(std::move(entries)) : std::move(problem);
  if (made.kind() == ValueKind::Map) {
    for (const auto& [key, item] : made.asMap()) {
      if (made.find(key) == &item) continue;
      made = failure(std::string("the key ").append(toText(key)).append(" stands twice in a map"));
      break;
    }
  }
  replace(2 * count, std::move(made));
}

void Evaluation::makeTemplate(std::size_t count) {
  if (const Value* error = errorAmong(count)) {
    replace(count, Value(*error));
    return;
  }
  std::string text;
  for (const Value* part = top_ - count; part != top_; ++part) {
    spendOn(*part, fuel_);
    if (fuel_ < 0) return;
    if (part->kind() == ValueKind::String) {
      text += part->asString();
    } else {
      text += toText(*part, false);
    }
  }
  replace(count, Value::string(text));
}

void Evaluation::callBuiltinFunction(const Instruction& i) {
  for (const Value* arg = top_ - i.b; arg != top_; ++arg) fuel_ -= units(*arg);
  if (fuel_ < 0) return;
  Value result = callBuiltin(i.c, top_ - i.b, i.b);
  fuel_ -= units(result);
  replace(i.b, std::move(result));
}

void Evaluation::callOutside(const Instruction& i) {
  Value result;
  if (const Value* error = errorAmong(i.b)) {
    result = *error;
  } else if (frame_.surroundings == nullptr) {
    result = failure(i.op == Op::Host ? "there are no host functions here" : "there are no queries here");
  } else if (i.op == Op::Host) {
    result = frame_.surroundings->callHost(static_cast<FunctionId>(i.c), top_ - i.b, i.b);
  } else {
    result = frame_.surroundings->query(static_cast<QueryId>(i.c), top_ - i.b, i.b);
  }
  fuel_ -= units(result);
  replace(i.b, std::move(result));
}

void Evaluation::match(const Instruction& i) {
  const std::size_t count = i.a == 1 ? 2 : 1;
  if (const Value* error = errorAmong(count)) {
    replace(count, Value(*error));
    return;
  }
  const Value& text = top(count - 1);
  if (text.kind() != ValueKind::String || top().kind() != ValueKind::String) {
    replace(count, failure(std::string("`matches` needs strings, this is ").append(kindWord(text.kind() == ValueKind::String ? top() : text))));
    return;
  }
  std::string made;
  std::string_view program;
  if (i.a == 1) {
    auto compiled = compileRegex(top().asString());
    if (!compiled.ok()) {
      replace(count, failure(compiled.error().message));
      return;
    }
    made = *std::move(compiled);
    program = made;
    fuel_ -= static_cast<std::int64_t>(made.size()) / kBytesPerUnit;
  } else {
    program = code_.constants[i.c].asString();
  }
  if (fuel_ < 0) return;
  std::int64_t steps = fuel_ * kBytesPerUnit;
  const bool matched = matchRegex(program, text.asString(), steps);
  fuel_ = steps < 0 ? -1 : steps / kBytesPerUnit;
  replace(count, Value::boolean(matched));
}

// Slots of a loop: 0 range, 1 position, 2 variable, 3 second variable.
bool Evaluation::beginLoop(const Instruction& i) {
  if (!isCollection(top())) {
    if (!top().isError()) top() = failure(std::string("a list or a map is needed here, this is ").append(kindWord(top())));
    return false;
  }
  slots_[i.b] = std::move(top());
  slots_[i.b + 1] = Value::integer(0);
  switch (static_cast<Loop>(i.a)) {
    case Loop::All: top() = Value::boolean(true); break;
    case Loop::Any: top() = Value::boolean(false); break;
    case Loop::One: top() = Value::integer(0); break;
    case Loop::Collect:
    case Loop::Entries:
      top() = Value{};
      collected_.emplace_back();
      break;
  }
  return true;
}

bool Evaluation::nextItem(const Instruction& i) {
  Value* slot = slots_ + i.b;
  const std::int64_t position = slot[1].asInt();
  const auto at = static_cast<std::size_t>(position);
  if (position >= units(slot[0])) return false;
  if (slot[0].kind() == ValueKind::List) {
    if (i.a == 1) {
      slot[2] = Value::integer(position);
      slot[3] = slot[0].asList()[at];
    } else {
      slot[2] = slot[0].asList()[at];
    }
  } else {
    slot[2] = slot[0].asMap()[at].first;
    if (i.a == 1) slot[3] = slot[0].asMap()[at].second;
  }
  slot[1] = Value::integer(position + 1);
  return true;
}

void Evaluation::endLoop(const Instruction& i) {
  const auto loop = static_cast<Loop>(i.a);
  if (loop == Loop::Collect || loop == Loop::Entries) {
    Value::List& items = collected_.back();
    if (!top().isError()) top() = loop == Loop::Collect ? Value::list(std::move(items)) : asMap(items);
    collected_.pop_back();
  } else if (loop == Loop::One && !top().isError()) {
    top() = Value::boolean(top().asInt() == 1);
  }
  slots_[i.b] = Value{};
  slots_[i.b + 2] = Value{};
}

Value Evaluation::run() {
  const Instruction* const begin = code_.instructions.data();
  const std::size_t size = code_.instructions.size();
  std::size_t pc = 0;
  while (pc < size) {
    if (--fuel_ < 0) return outOfFuel();
    const Instruction& i = begin[pc++];
    switch (i.op) {
      case Op::Constant: push(code_.constants[i.c]); break;
      case Op::Row: push(Value::fact(frame_.rows[i.b].fact)); break;
      case Op::Field: push(frame_.rows[i.b].fields[i.c]); break;
      case Op::Local: push(frame_.locals[i.c]); break;
      case Op::Slot: push(slots_[i.c]); break;
      case Op::Store: slots_[i.c] = pop(); break;
      case Op::FactField: top() = factField(top(), static_cast<FieldId>(i.c)); break;
      case Op::Member: top() = member(top(), code_.constants[i.c], static_cast<Access>(i.a)); break;
      case Op::Index:
        binary([&](const Value& from, const Value& index) { return element(from, index, static_cast<Access>(i.a)); });
        break;
      case Op::Present:
        if (!top().isError()) top() = Value::boolean(!top().isNull());
        break;

      case Op::FieldEqual:
      case Op::FieldNotEqual: payForEquality(frame_.rows[i.a].fields[i.b], code_.constants[i.c]); [[fallthrough]];
      case Op::FieldLess:
      case Op::FieldLessEqual:
      case Op::FieldGreater:
      case Op::FieldGreaterEqual:
      case Op::FieldNot:
        if (fuel_ < 0) return outOfFuel();
        push(fusedTest(i, code_, frame_));
        break;
      case Op::FieldsEqual:
      case Op::FieldsNotEqual:
        payForEquality(frame_.rows[i.a].fields[i.b], frame_.rows[i.c >> 16].fields[i.c & 0xffff]);
        if (fuel_ < 0) return outOfFuel();
        push(fusedTest(i, code_, frame_));
        break;

      case Op::Not: top() = notValue(top()); break;
      case Op::Negate: top() = negateValue(top()); break;
      case Op::Equal:
      case Op::NotEqual:
        payForEquality(top(1), top());
        if (fuel_ < 0) return outOfFuel();
        binary(i.op == Op::Equal ? equalValues : notEqualValues);
        break;
      case Op::Less: binary([](const Value& a, const Value& b) { return orderValues(Operator::Less, a, b); }); break;
      case Op::LessEqual: binary([](const Value& a, const Value& b) { return orderValues(Operator::LessEqual, a, b); }); break;
      case Op::Greater: binary([](const Value& a, const Value& b) { return orderValues(Operator::Greater, a, b); }); break;
      case Op::GreaterEqual: binary([](const Value& a, const Value& b) { return orderValues(Operator::GreaterEqual, a, b); }); break;
      case Op::In:
        payForSearch(top(1), top());
        if (fuel_ < 0) return outOfFuel();
        binary(inValues);
        break;
      case Op::InRange: {
        Value result = inRange(top(2), top(1), top(0), i.a == 1);
        replace(3, std::move(result));
        break;
      }
      case Op::Add:
        binary(addValues);
        fuel_ -= units(top());
        break;
      case Op::Subtract: binary(subtractValues); break;
      case Op::Multiply: binary(multiplyValues); break;
      case Op::Divide: binary(divideValues); break;
      case Op::Modulo: binary(moduloValues); break;

      case Op::Jump: pc = i.c; break;
      case Op::JumpIfFalse:
        if (top().isFalse()) pc = i.c;
        break;
      case Op::JumpIfTrue:
        if (top().isTrue()) pc = i.c;
        break;
      case Op::And: binary(andValues); break;
      case Op::Or: binary(orValues); break;
      case Op::Branch:
        if (top().kind() == ValueKind::Bool) {
          if (top().isFalse()) pc = i.c;
          drop();
        } else {
          top() = andValues(top(), Value::boolean(true));   // the error, or one about what is no bool
          pc = i.c - 1;
        }
        break;
      case Op::JumpUnlessNull:
        if (top().isNull()) {
          drop();
        } else {
          pc = i.c;
        }
        break;

      case Op::List: makeList(i.c); break;
      case Op::Map: makeMap(i.c); break;
      case Op::Template: makeTemplate(i.c); break;
      case Op::Call: callBuiltinFunction(i); break;
      case Op::Host:
      case Op::Query: callOutside(i); break;
      case Op::Matches: match(i); break;

      case Op::LoopBegin:
        if (!beginLoop(i)) pc = i.c;
        break;
      case Op::LoopNext:
        if (!nextItem(i)) pc = i.c;
        break;
      case Op::LoopAll:
        binary(andValues);
        pc = top().isFalse() ? begin[i.c].c : i.c;
        break;
      case Op::LoopAny:
        binary(orValues);
        pc = top().isTrue() ? begin[i.c].c : i.c;
        break;
      case Op::LoopOne: {
        const Value condition = pop();
        pc = i.c;
        if (condition.isTrue()) {
          top() = Value::integer(top().asInt() + 1);
        } else if (!condition.isFalse()) {
          top() = andValues(condition, Value::boolean(true));
          pc = begin[i.c].c;
        }
        break;
      }
      case Op::LoopSkip:
      case Op::LoopKeep: {
        const Value condition = pop();
        if (condition.kind() != ValueKind::Bool) {
          top() = andValues(condition, Value::boolean(true));
          pc = begin[i.c].c;
          break;
        }
        if (i.op == Op::LoopKeep && condition.isTrue()) collected_.back().push_back(slots_[begin[i.c].b + 2]);
        if (i.op == Op::LoopKeep || condition.isFalse()) pc = i.c;
        break;
      }
      case Op::LoopCollect:
      case Op::LoopEntry: {
        Value value = pop();
        pc = i.c;
        if (value.isError()) {
          top() = std::move(value);
          pc = begin[i.c].c;
        } else {
          if (i.op == Op::LoopEntry) collected_.back().push_back(slots_[begin[i.c].b + 2]);
          collected_.back().push_back(std::move(value));
        }
        break;
      }
      case Op::LoopEnd: endLoop(i); break;
    }
  }
  if (fuel_ < 0) return outOfFuel();
  assert(top_ == slots_ + code_.iterators + 1 && "an expression leaves one value");
  return pop();
}

}  // namespace

Value evaluate(const Code& code, const Frame& frame) {
  if (code.instructions.size() == 1) {
    const Instruction& i = code.instructions[0];
    if (i.op == Op::Field) return frame.rows[i.b].fields[i.c];
    if (i.op == Op::Constant) return code.constants[i.c];
    if (isFused(i.op) && isCheap(i, code, frame)) return fusedTest(i, code, frame);
  }
  return Evaluation(code, frame).run();
}

}  // namespace reticle
