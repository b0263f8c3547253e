// Carries out compiled expressions: the general evaluation on a stack of values, and before it
// short ways for the plain programs that most tests of a network are.
#include <cassert>
#include <iterator>
#include <memory>
#include <new>

#include "expression/code.h"
#include "expression/fuel.h"
#include "expression/functions.h"
#include "expression/functions_table.h"
#include "expression/op.h"
#include "expression/operators.h"
#include "expression/regex.h"

namespace reticle {
namespace {

// Slots and stack of most programs need no allocation.
constexpr std::size_t kInlineValues = 32;
// Of recursive functions: each level takes room on the processor's own stack.
constexpr int kMaxCallDepth = 500;
constexpr std::int64_t kCallCost = 20;

// What may hold further values.
bool isCollection(const Value& value) {
  return value.kind() == ValueKind::List || value.kind() == ValueKind::Map ||
         value.kind() == ValueKind::Optional;
}

// The kinds that CEL lets a map have for keys.
bool isKey(const Value& value) {
  return value.kind() == ValueKind::String || value.kind() == ValueKind::Int ||
         value.kind() == ValueKind::Bool || value.kind() == ValueKind::Uint;
}

// A map of entries whose keys may be none, or stand twice: then an error.
Value checkedMap(Value::Map entries) {
  for (const auto& [key, item] : entries) {
    if (!isKey(key)) {
      return failure(std::string("a key of a map is a string, an int or a bool, this is ")
                         .append(toText(key)));
    }
  }
  Value made = Value::map(std::move(entries));
  if (made.kind() != ValueKind::Map) return made;
  for (const auto& [key, item] : made.asMap()) {
    if (made.find(key) != &item) {
      return failure(std::string("the key ").append(toText(key)).append(" stands twice in a map"));
    }
  }
  return made;
}

// Keys and values in turn.
Value asMap(Value::List& items) {
  Value::Map entries;
  entries.reserve(items.size() / 2);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    entries.emplace_back(std::move(items[i]), std::move(items[i + 1]));
  }
  return checkedMap(std::move(entries));
}

// Whether a list of positions, in rising order, has this one next.
bool standsNext(const Value::List& positions, std::size_t next, std::size_t position) {
  return next < positions.size() && positions[next].asInt() == static_cast<std::int64_t>(position);
}

// An error stays what it is; anything else is a mistake of its own.
Value noOptional(std::string_view what, const Value& value) {
  return value.isError() ? value
                         : failure(std::string(what)
                                       .append(" needs an optional, this is ")
                                       .append(kindWord(value)));
}

// A comparison of a field with a constant or with another field: the tests that make up most of a
// network.
Value fusedTest(const Instruction& i, const Code& code, const Frame& frame) {
  const Value& left = frame.rows[i.a].fields[i.b];
  if (i.op == Op::FieldNot) return notValue(left);
  const bool fields = i.op == Op::FieldsEqual || i.op == Op::FieldsNotEqual;
  const Value& right = fields ? frame.rows[i.c >> 16].fields[i.c & 0xffff] : code.constants[i.c];
  if (i.op == Op::FieldEqual || i.op == Op::FieldsEqual) return equalValues(left, right);
  if (i.op == Op::FieldNotEqual || i.op == Op::FieldsNotEqual) return notEqualValues(left, right);
  if (i.op == Op::FieldLess) return orderValues(Operator::Less, left, right);
  if (i.op == Op::FieldLessEqual) return orderValues(Operator::LessEqual, left, right);
  if (i.op == Op::FieldGreater) return orderValues(Operator::Greater, left, right);
  return orderValues(Operator::GreaterEqual, left, right);
}

// One evaluation. Slots stand at the bottom, the stack grows above them; both hold values that are
// alive, so that the destructor can end whenever the program does.
class Evaluation {
 public:
  Evaluation(const Code& code, const Frame& frame)
      : Evaluation(code, frame, code.routines.get(), kFuel, 0) {}
  // Of a routine: on the fuel that its caller has left.
  Evaluation(const Code& code, const Frame& frame, const Routines* routines, std::int64_t fuel,
             int depth)
      : code_(code), frame_(frame), routines_(routines), depth_(depth), fuel_(fuel) {
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
  std::int64_t fuel() const { return fuel_; }

 private:
  struct Storage {
    alignas(Value) unsigned char bytes[sizeof(Value)];
  };

  // The stack never overflows: the compiler has counted.
  void push(Value value) { new (top_++) Value(std::move(value)); }
  Value pop() {
    Value value = std::move(*--top_);
    top_->~Value();
    return value;
  }
  // Without looking at them.
  void drop(std::size_t count = 1) {
    for (; count > 0; --count) (--top_)->~Value();
  }
  // 0 is the uppermost.
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

  // Replaces the two uppermost values by the result.
  template <typename Operation>
  void binary(const Operation& operation) {
    Value result = operation(top(1), top(0));
    drop();
    top() = std::move(result);
  }

  // Equality may look at everything inside of two collections of one size; texts of one length
  // likewise.
  void payForEquality(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) return;
    if (units(a) == units(b)) spendOn(a, fuel_);
  }

  // A map is searched by hash, a list item by item.
  void payForSearch(const Value& item, const Value& container) {
    if (container.kind() != ValueKind::List) return;
    if (isCollection(item)) {
      spendOn(container, fuel_);
    } else {
      fuel_ -= units(container) * (1 + units(item));
    }
  }

  Value factField(const Value& fact, FieldId field) const;
  Value member(const Value& from, const Value& key, Access access) const;
  Value element(const Value& from, const Value& index, Access access) const;
  void makeList(const Instruction& i);
  void makeMap(const Instruction& i);
  void sortByKeys(Value::List& items);
  void makeTemplate(std::size_t count);
  void callBuiltinFunction(const Instruction& i);
  void callOutside(const Instruction& i);
  void askClock();
  void recur(const Instruction& i);
  void match(const Instruction& i);
  bool beginLoop(const Instruction& i);
  bool nextItem(const Instruction& i);
  void endLoop(const Instruction& i);

  const Code& code_;
  const Frame& frame_;
  const Routines* const routines_;
  const int depth_;  // calls of recursive functions around this one
  // What is left to spend; below zero the result is an error, whatever was computed.
  std::int64_t fuel_;
  Value* slots_ = nullptr;
  Value* top_ = nullptr;
  std::vector<Value::List> collected_;  // by the loops under way that collect
  std::unique_ptr<Storage[]> heap_;
  Storage inline_[kInlineValues];
};

// Through a reference: the fact may be gone, or never have been one.
Value Evaluation::factField(const Value& fact, FieldId field) const {
  if (fact.isError()) return fact;
  if (fact.kind() == ValueKind::Map && static_cast<std::size_t>(field) < fact.asMap().size()) {
    // an event kept by `wait`: its fields in the order of its type
    return fact.asMap()[static_cast<std::size_t>(field)].second;
  }
  if (fact.kind() != ValueKind::Fact) {
    return failure(std::string("a fact is needed here, this is ").append(toText(fact)));
  }
  if (frame_.surroundings == nullptr) return failure("there are no facts here");
  return frame_.surroundings->fieldOf(fact.asFact(), field);
}

// `access` says what a missing member is: an error, false, null, or an optional that holds nothing.
Value Evaluation::member(const Value& from, const Value& key, Access access) const {
  if (from.kind() == ValueKind::Map) {
    const Value* found = from.find(key);
    if (access == Access::Test) return Value::boolean(found != nullptr);
    if (access == Access::Maybe) return found != nullptr ? Value::some(*found) : Value::none();
    if (found != nullptr) return *found;
    if (access == Access::Lenient) return {};
    return failure(std::string("there is no `").append(key.asString()).append("` in this map"));
  }
  if (from.isError() || (from.isNull() && access == Access::Lenient)) return from;
  if (from.kind() == ValueKind::Optional) {
    // Of what it holds, if anything.
    if (from.isNone()) return access == Access::Test ? Value::boolean(false) : from;
    return member(from.held(), key, access == Access::Test ? access : Access::Maybe);
  }
  return failure(
      std::string(kindWord(from)).append(" has no `").append(key.asString()).append("`"));
}

// Whether a key or position is none of those that the container has.
bool lacks(const Value& container, const Value& index) {
  if (container.kind() == ValueKind::Map) return container.find(index) == nullptr;
  return container.kind() == ValueKind::List && index.kind() == ValueKind::Int &&
         (index.asInt() < 0 ||
          index.asInt() >= static_cast<std::int64_t>(container.asList().size()));
}

// Likewise by key or position.
Value Evaluation::element(const Value& from, const Value& index, Access access) const {
  if (from.kind() == ValueKind::Optional && !index.isError()) {
    return from.isNone() ? from : element(from.held(), index, Access::Maybe);
  }
  if (access == Access::Maybe) {
    if (!index.isError() && lacks(from, index)) return Value::none();
    return Value::some(indexValue(from, index));
  }
  if (access == Access::Lenient && !index.isError() && (from.isNull() || lacks(from, index))) {
    return {};
  }
  return indexValue(from, index);
}

// The uppermost values become the items; an optional gives an item only if it holds one.
void Evaluation::makeList(const Instruction& i) {
  const std::size_t count = i.c;
  if (const Value* error = errorAmong(count)) {
    replace(count, Value(*error));
    return;
  }
  Value* const first = top_ - count;
  if (i.a == 0) {
    Value::List items(std::make_move_iterator(first), std::make_move_iterator(top_));
    replace(count, Value::list(std::move(items)));
    return;
  }
  // Some items are optionals: their positions, in rising order.
  const Value::List& optionals = code_.constants[i.b].asList();
  std::size_t next = 0;
  Value::List items;
  for (std::size_t at = 0; at < count; ++at) {
    Value& item = first[at];
    if (!standsNext(optionals, next, at)) {
      items.push_back(std::move(item));
      continue;
    }
    ++next;
    if (item.kind() != ValueKind::Optional) {
      replace(count, noOptional("`?` in a list", item));
      return;
    }
    if (!item.isNone()) items.push_back(item.held());
  }
  replace(count, Value::list(std::move(items)));
}

// Keys and values in turn. An entry whose optional holds nothing is left out.
void Evaluation::makeMap(const Instruction& i) {
  const std::size_t count = i.c;
  if (const Value* error = errorAmong(2 * count)) {
    replace(2 * count, Value(*error));
    return;
  }
  // Without positions every entry is taken as it is.
  static const Value::List kNone;
  const Value::List& optionals = i.a == 1 ? code_.constants[i.b].asList() : kNone;
  std::size_t next = 0;
  Value::Map entries;
  entries.reserve(count);
  for (std::size_t at = 0; at < count; ++at) {
    Value *key = top_ - 2 * (count - at), *item = key + 1;
    if (!standsNext(optionals, next, at)) {
      entries.emplace_back(std::move(*key), std::move(*item));
      continue;
    }
    ++next;
    if (item->kind() != ValueKind::Optional) {
      replace(2 * count, noOptional("`?` in a map", *item));
      return;
    }
    if (!item->isNone()) entries.emplace_back(std::move(*key), item->held());
  }
  replace(2 * count, checkedMap(std::move(entries)));
}

// Paid for before it is written: a part may stand for a large value.
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
    } else if (part->kind() == ValueKind::Double || part->kind() == ValueKind::Uint) {
      // as `string(x)` writes them; a literal would be 6.0 and 6u
      static const int kString = builtinIndex("string");
      text += callBuiltin(static_cast<std::size_t>(kString), part, 1).asString();
    } else {
      text += toText(*part, false);
    }
  }
  replace(count, Value::string(text));
}

// What goes in and what comes out is paid for by size; the function pays for its own work.
void Evaluation::callBuiltinFunction(const Instruction& i) {
  for (const Value* arg = top_ - i.b; arg != top_; ++arg) fuel_ -= units(*arg);
  if (fuel_ < 0) return;
  CallContext context{fuel_, frame_.surroundings};
  Value result = callBuiltin(i.c, top_ - i.b, i.b, context);
  fuel_ = context.fuel - units(result);
  replace(i.b, std::move(result));
}

// A host function or a query: errors do not go out, results are paid for.
void Evaluation::callOutside(const Instruction& i) {
  Value result;
  if (const Value* error = errorAmong(i.b)) {
    result = *error;
  } else if (frame_.surroundings == nullptr) {
    result = failure(i.op == Op::Host ? "there are no host functions here"
                                      : "there are no queries here");
  } else if (i.op == Op::Host) {
    result = frame_.surroundings->callHost(static_cast<FunctionId>(i.c), top_ - i.b, i.b);
  } else {
    result = frame_.surroundings->query(static_cast<QueryId>(i.c), top_ - i.b, i.b,
                                        *frame_.surroundings);
  }
  fuel_ -= units(result);
  replace(i.b, std::move(result));
}

// An error among the arguments is the result, as of other calls of functions.
void Evaluation::recur(const Instruction& i) {
  if (const Value* error = errorAmong(i.b)) return replace(i.b, *error);
  assert(routines_ != nullptr && routines_->codes.contains(i.c) && "compiled with what calls it");
  if (depth_ >= kMaxCallDepth) {
    return replace(i.b, failure("functions call each other more than " +
                                std::to_string(kMaxCallDepth) + " levels deep"));
  }
  const Frame inner{nullptr, top_ - i.b, frame_.surroundings};
  Evaluation evaluation(routines_->codes.at(i.c), inner, routines_, fuel_ - kCallCost, depth_ + 1);
  Value result = evaluation.run();
  fuel_ = evaluation.fuel();
  replace(i.b, std::move(result));
}

void Evaluation::askClock() {
  if (top().isError()) return;
  if (top().kind() != ValueKind::Timestamp) {
    top() = failure("`passed` needs a timestamp");
  } else if (frame_.surroundings == nullptr) {
    top() = failure("there is no clock here");
  }
  // the clock counts whole microseconds
  else {
    top() =
        Value::boolean(frame_.surroundings->passed(top().asTime() + (top().nanos() % 1000 != 0)));
  }
}

// A pattern that was not known when the program was compiled is compiled here, each time anew.
void Evaluation::match(const Instruction& i) {
  const std::size_t count = i.a == 1 ? 2 : 1;
  if (const Value* error = errorAmong(count)) {
    replace(count, Value(*error));
    return;
  }
  const Value& text = top(count - 1);
  if (text.kind() != ValueKind::String || top().kind() != ValueKind::String) {
    replace(count, failure(std::string("`matches` needs strings, this is ")
                               .append(kindWord(text.kind() == ValueKind::String ? top() : text))));
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
  // Matching counts its own steps, so that no pattern runs longer than the fuel reaches.
  std::int64_t steps = fuel_ * kBytesPerUnit;
  const bool matched = matchRegex(program, text.asString(), steps);
  fuel_ = steps < 0 ? -1 : steps / kBytesPerUnit;
  replace(count, Value::boolean(matched));
}

// Slots of a loop: 0 range, 1 position, 2 variable, 3 second variable.
bool Evaluation::beginLoop(const Instruction& i) {
  if (top().kind() != ValueKind::List && top().kind() != ValueKind::Map) {
    if (!top().isError()) {
      top() =
          failure(std::string("a list or a map is needed here, this is ").append(kindWord(top())));
    }
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
    case Loop::Sorted:
      top() = Value{};
      collected_.emplace_back();
      break;
  }
  return true;
}

// Lists give items (with two variables: position and item), maps give keys (key and value).
bool Evaluation::nextItem(const Instruction& i) {
  Value* slot = slots_ + i.b;
  // The range may be empty: then the loop ends before it begins.
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

// From keys and items in turn to the items in the order of their keys.
void Evaluation::sortByKeys(Value::List& items) {
  Value::List keys, values;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    values.push_back(std::move(items[i]));
    keys.push_back(std::move(items[i + 1]));
  }
  // Sorting is paid for there.
  Value sorted = sortedBy(keys, values, fuel_);
  if (sorted.isError()) {
    top() = std::move(sorted);
  } else {
    items = sorted.asList();
  }
}

// The slots are emptied at once: what they share with others would be copied on change.
void Evaluation::endLoop(const Instruction& i) {
  const auto loop = static_cast<Loop>(i.a);
  if (loop == Loop::Collect || loop == Loop::Entries || loop == Loop::Sorted) {
    Value::List& items = collected_.back();
    if (loop == Loop::Sorted && !top().isError()) sortByKeys(items);
    if (!top().isError()) {
      top() = loop == Loop::Entries ? asMap(items) : Value::list(std::move(items));
    }
    collected_.pop_back();
  } else if (loop == Loop::One && !top().isError()) {
    top() = Value::boolean(top().asInt() == 1);
  }
  slots_[i.b] = Value{};
  slots_[i.b + 2] = Value{};
}

// One unit of fuel an instruction, beside what operations on large values pay. ORDER: Op in op.h,
// which says what each instruction does.
Value Evaluation::run() {
  // Kept in locals: they are read for every instruction.
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
        binary([&](const Value& from, const Value& index) {
          return element(from, index, static_cast<Access>(i.a));
        });
        break;
      case Op::Present:
        if (!top().isError()) top() = Value::boolean(!top().isNull());
        break;

      case Op::Wrap:
        if (!top().isError()) {
          Value wrapped = top().isNull() ? Value::none() : Value::some(top());
          top() = std::move(wrapped);
        }
        break;

      case Op::FieldEqual:
      case Op::FieldNotEqual:
        payForEquality(frame_.rows[i.a].fields[i.b], code_.constants[i.c]);
        [[fallthrough]];
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
      case Op::Less:
        binary([](const Value& a, const Value& b) { return orderValues(Operator::Less, a, b); });
        break;
      case Op::LessEqual:
        binary(
            [](const Value& a, const Value& b) { return orderValues(Operator::LessEqual, a, b); });
        break;
      case Op::Greater:
        binary([](const Value& a, const Value& b) { return orderValues(Operator::Greater, a, b); });
        break;
      case Op::GreaterEqual:
        binary([](const Value& a, const Value& b) {
          return orderValues(Operator::GreaterEqual, a, b);
        });
        break;
      case Op::In:
        payForSearch(top(1), top());
        if (fuel_ < 0) return outOfFuel();
        binary(inValues);
        break;
      // Three operands, so binary() does not serve.
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
          // the error, or one about what is no bool
          top() = andValues(top(), Value::boolean(true));
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

      case Op::JumpIfHeld:
        if (top().isNone()) {
          drop();
          break;
        }
        if (top().kind() != ValueKind::Optional) {
          top() = noOptional(i.a == 1 ? "`orValue`" : "`or`", top());
        } else if (i.a == 1) {
          Value held = top().held();
          top() = std::move(held);
        }
        pc = i.c;
        break;
      case Op::JumpIfNone:
        if (top().kind() == ValueKind::Optional && !top().isNone()) {
          slots_[i.b] = top().held();
          drop();
          break;
        }
        if (!top().isNone()) top() = noOptional("a macro of optionals", top());
        pc = i.c;
        break;

      case Op::List: makeList(i); break;
      case Op::Map: makeMap(i); break;
      case Op::Template: makeTemplate(i.c); break;
      case Op::Call: callBuiltinFunction(i); break;
      case Op::Host:
      case Op::Query: callOutside(i); break;
      case Op::Passed: askClock(); break;
      case Op::Now: {
        const std::optional<Time> now =
            frame_.surroundings ? frame_.surroundings->clock() : std::nullopt;
        push(now ? Value::timestamp(*now) : failure("`now()` is asked where there is no clock"));
        break;
      }
      case Op::Recur: recur(i); break;
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
      // A count in the place of the result; what is neither true nor false ends the loop with an
      // error.
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
        if (i.op == Op::LoopKeep && condition.isTrue()) {
          collected_.back().push_back(slots_[begin[i.c].b + 2]);
        }
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
      case Op::LoopMerge: {
        Value entries = pop();
        pc = i.c;
        if (entries.kind() != ValueKind::Map) {
          top() = entries.isError()
                      ? std::move(entries)
                      : failure(std::string("`transformMapEntry` needs a map, this is ")
                                    .append(kindWord(entries)));
          pc = begin[i.c].c;
          break;
        }
        fuel_ -= units(entries);
        for (const auto& [key, item] : entries.asMap()) {
          collected_.back().push_back(key);
          collected_.back().push_back(item);
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

// --- plain programs
//
// Most programs of rules are a few comparisons and sums of fields, constants and locals. They run
// here without fuel, copies or anything to destroy:
// operands are borrowed where they stand, results are bools and numbers. Where an operation meets
// what it has no plain result for (an error, a list, an overflow, kinds that do not go together)
// this gives up: nothing has happened yet, and the general evaluation begins anew. So it need not
// know what the language says there; what it does return is what the general evaluation returns.

// Kinds that == compares without looking into items; strings cost no fuel in a comparison that
// reads them once.
constexpr std::uint32_t kEasilyEqual = bit(ValueKind::Null) | bit(ValueKind::Bool) |
                                       bit(ValueKind::Int) | bit(ValueKind::Double) |
                                       bit(ValueKind::String) | bit(ValueKind::Timestamp) |
                                       bit(ValueKind::Duration) | bit(ValueKind::Fact);
constexpr std::size_t kShortText = 1024;  // longer ones are compared for fuel

enum class Plain : std::uint8_t { False, True, GiveUp };

// Never GiveUp.
Plain plainly(bool truth) { return truth ? Plain::True : Plain::False; }

// `wanted`: false for `!=`.
Plain plainEqual(const Value& a, const Value& b, bool wanted) {
  if ((kEasilyEqual & bit(a.kind())) == 0 || (kEasilyEqual & bit(b.kind())) == 0) {
    return Plain::GiveUp;
  }
  if (a.kind() == ValueKind::String && a.asString().size() > kShortText) return Plain::GiveUp;
  return plainly((a == b) == wanted);
}

template <typename T>
bool inOrder(Op op, T a, T b) {
  if (op == Op::Less || op == Op::FieldLess) return a < b;
  if (op == Op::LessEqual || op == Op::FieldLessEqual) return a <= b;
  if (op == Op::Greater || op == Op::FieldGreater) return a > b;
  return a >= b;
}

// An int beside a double is left to the general evaluation, which compares exactly.
Plain plainOrder(Op op, const Value& a, const Value& b) {
  if (a.kind() == ValueKind::Int && b.kind() == ValueKind::Int) {
    return plainly(inOrder(op, a.asInt(), b.asInt()));
  }
  // NaN: false
  if (a.kind() == ValueKind::Double && b.kind() == ValueKind::Double) {
    return plainly(inOrder(op, a.asDouble(), b.asDouble()));
  }
  return Plain::GiveUp;
}

// Into `out`, which holds a bool or a number ever after.
bool plainArithmetic(Op op, const Value& a, const Value& b, Value* out) {
  if (a.kind() == ValueKind::Int && b.kind() == ValueKind::Int) {
    std::int64_t result = 0;
    if (op == Op::Add) {
      if (__builtin_add_overflow(a.asInt(), b.asInt(), &result)) return false;
    } else if (op == Op::Subtract) {
      if (__builtin_sub_overflow(a.asInt(), b.asInt(), &result)) return false;
    } else if (op == Op::Multiply) {
      if (__builtin_mul_overflow(a.asInt(), b.asInt(), &result)) return false;
    } else {
      // Division by zero fails, and by -1 it may overflow.
      if (b.asInt() == 0 || b.asInt() == -1) return false;
      result = op == Op::Divide ? a.asInt() / b.asInt() : a.asInt() % b.asInt();
    }
    new (out) Value(Value::integer(result));
    return true;
  }
  if (a.kind() != ValueKind::Double || b.kind() != ValueKind::Double || op == Op::Modulo) {
    return false;
  }
  // Doubles never fail: a division by zero is an infinity or NaN.
  const double left = a.asDouble(), right = b.asDouble();
  new (out) Value(Value::real(op == Op::Add        ? left + right
                              : op == Op::Subtract ? left - right
                              : op == Op::Multiply ? left * right
                                                   : left / right));
  return true;
}

// All that `!`, `&&` and `||` take here.
bool isBool(const Value& value) { return value.kind() == ValueKind::Bool; }

// Returns whether it got through; then the result is in `result`. Requires: code.plain
bool evaluatePlain(const Code& code, const Frame& frame, Value& result) {
  struct Storage {
    alignas(Value) unsigned char bytes[sizeof(Value)];
  };
  // results, by place on the stack; none needs to be destroyed
  Storage made[kPlainStack];
  const Value* stack[kPlainStack];
  std::size_t size = 0;
  const auto place = [&made](std::size_t at) { return reinterpret_cast<Value*>(made[at].bytes); };
  // False when the comparison gave up; what was pushed then is never looked at.
  const auto push = [&](Plain truth) {
    stack[size] = new (place(size)) Value(Value::boolean(truth == Plain::True));
    ++size;
    return truth != Plain::GiveUp;
  };
  const Instruction* const begin = code.instructions.data();
  const std::size_t end = code.instructions.size();
  for (std::size_t pc = 0; pc < end;) {
    const Instruction& i = begin[pc++];
    switch (i.op) {
      case Op::Constant: stack[size++] = &code.constants[i.c]; break;
      case Op::Row:
        stack[size] = new (place(size)) Value(Value::fact(frame.rows[i.b].fact));
        ++size;
        break;
      case Op::Field: stack[size++] = &frame.rows[i.b].fields[i.c]; break;
      case Op::Local: stack[size++] = &frame.locals[i.c]; break;

      case Op::FieldEqual:
      case Op::FieldNotEqual:
        if (!push(plainEqual(frame.rows[i.a].fields[i.b], code.constants[i.c],
                             i.op == Op::FieldEqual))) {
          return false;
        }
        break;
      case Op::FieldLess:
      case Op::FieldLessEqual:
      case Op::FieldGreater:
      case Op::FieldGreaterEqual:
        if (!push(plainOrder(i.op, frame.rows[i.a].fields[i.b], code.constants[i.c]))) return false;
        break;
      case Op::FieldsEqual:
      case Op::FieldsNotEqual:
        if (!push(plainEqual(frame.rows[i.a].fields[i.b],
                             frame.rows[i.c >> 16].fields[i.c & 0xffff],
                             i.op == Op::FieldsEqual))) {
          return false;
        }
        break;
      // Only a bool can be negated here; all else is left to the general evaluation.
      case Op::FieldNot: {
        const Value& field = frame.rows[i.a].fields[i.b];
        if (!isBool(field)) return false;
        push(plainly(!field.asBool()));
        break;
      }

      case Op::Not:
        if (!isBool(*stack[size - 1])) return false;
        --size;
        push(plainly(!stack[size]->asBool()));
        break;
      case Op::Equal:
      case Op::NotEqual:
        size -= 2;
        if (!push(plainEqual(*stack[size], *stack[size + 1], i.op == Op::Equal))) return false;
        break;
      case Op::Less:
      case Op::LessEqual:
      case Op::Greater:
      case Op::GreaterEqual:
        size -= 2;
        if (!push(plainOrder(i.op, *stack[size], *stack[size + 1]))) return false;
        break;
      case Op::Add:
      case Op::Subtract:
      case Op::Multiply:
      case Op::Divide:
      case Op::Modulo:
        size -= 2;
        if (!plainArithmetic(i.op, *stack[size], *stack[size + 1], place(size))) return false;
        stack[size] = place(size);
        ++size;
        break;

      case Op::JumpIfFalse:
        if (stack[size - 1]->isFalse()) pc = i.c;
        break;
      case Op::JumpIfTrue:
        if (stack[size - 1]->isTrue()) pc = i.c;
        break;
      case Op::And:
      case Op::Or: {
        size -= 2;
        if (!isBool(*stack[size]) || !isBool(*stack[size + 1])) return false;
        const bool a = stack[size]->asBool(), b = stack[size + 1]->asBool();
        push(plainly(i.op == Op::And ? a && b : a || b));
        break;
      }
      case Op::Slot:
      case Op::Store:
      case Op::FactField:
      case Op::Member:
      case Op::Index:
      case Op::Present:
      case Op::Wrap:
      case Op::Negate:
      case Op::In:
      case Op::InRange:
      case Op::Jump:
      case Op::Branch:
      case Op::JumpUnlessNull:
      case Op::JumpIfHeld:
      case Op::JumpIfNone:
      case Op::List:
      case Op::Map:
      case Op::Template:
      case Op::Call:
      case Op::Host:
      case Op::Query:
      case Op::Passed:
      case Op::Now:
      case Op::Recur:
      case Op::Matches:
      case Op::LoopBegin:
      case Op::LoopNext:
      case Op::LoopAll:
      case Op::LoopAny:
      case Op::LoopOne:
      case Op::LoopSkip:
      case Op::LoopKeep:
      case Op::LoopCollect:
      case Op::LoopEntry:
      case Op::LoopMerge:
      case Op::LoopEnd: return false;  // never: see isPlain
    }
  }
  result = *stack[0];
  return true;
}

// A test or an operand by itself: nothing is put anywhere first. Returns whether it got through, as
// evaluatePlain does.
bool evaluateOne(const Instruction& i, const Code& code, const Frame& frame, Value& result) {
  Plain truth = Plain::GiveUp;
  const Op op = i.op;
  if (op == Op::Field) {
    result = frame.rows[i.b].fields[i.c];
    return true;
  }
  if (op == Op::Constant) {
    result = code.constants[i.c];
    return true;
  }
  if (op == Op::Local) {
    result = frame.locals[i.c];
    return true;
  }
  if (op == Op::Row) {
    result = Value::fact(frame.rows[i.b].fact);
    return true;
  }
  if (op == Op::FieldEqual || op == Op::FieldNotEqual) {
    truth = plainEqual(frame.rows[i.a].fields[i.b], code.constants[i.c], op == Op::FieldEqual);
  } else if (op == Op::FieldLess || op == Op::FieldLessEqual || op == Op::FieldGreater ||
             op == Op::FieldGreaterEqual) {
    truth = plainOrder(op, frame.rows[i.a].fields[i.b], code.constants[i.c]);
  } else if (op == Op::FieldsEqual || op == Op::FieldsNotEqual) {
    truth = plainEqual(frame.rows[i.a].fields[i.b], frame.rows[i.c >> 16].fields[i.c & 0xffff],
                       op == Op::FieldsEqual);
  }
  if (truth == Plain::GiveUp) return false;
  result = Value::boolean(truth == Plain::True);
  return true;
}

// What an instruction reads without making anything; null for all others.
const Value* operand(const Instruction& i, const Code& code, const Frame& frame) {
  if (i.op == Op::Field) return &frame.rows[i.b].fields[i.c];
  if (i.op == Op::Constant) return &code.constants[i.c];
  return i.op == Op::Local ? &frame.locals[i.c] : nullptr;
}

// Two ints and what becomes of them: `c.n + 1`, `a.x - y`.
bool addInts(const Instruction* i, const Code& code, const Frame& frame, Value& result) {
  if (i[2].op != Op::Add && i[2].op != Op::Subtract) return false;
  const Value *a = operand(i[0], code, frame), *b = operand(i[1], code, frame);
  if (!a || !b || a->kind() != ValueKind::Int || b->kind() != ValueKind::Int) return false;
  std::int64_t sum = 0;
  if (i[2].op == Op::Add ? __builtin_add_overflow(a->asInt(), b->asInt(), &sum)
                         : __builtin_sub_overflow(a->asInt(), b->asInt(), &sum)) {
    return false;
  }
  result = Value::integer(sum);
  return true;
}

}  // namespace

// From the shortest way to the longest; each gives up before it has changed anything.
Value evaluate(const Code& code, const Frame& frame) {
  Value result;
  const Instruction* const first = code.instructions.data();
  const std::size_t size = code.instructions.size();
  if (size == 1 && evaluateOne(*first, code, frame, result)) return result;
  if (size == 3 && addInts(first, code, frame, result)) return result;
  if (code.plain && evaluatePlain(code, frame, result)) return result;
  return Evaluation(code, frame).run();
}

// For tests: what the short ways are compared with.
Value evaluateInGeneral(const Code& code, const Frame& frame) {
  return Evaluation(code, frame).run();
}

}  // namespace reticle
