// The instructions of a compiled expression. Written by compile.cpp, carried out by evaluate.cpp,
// known to nobody else.
//
// "Top" is the value on top of the stack. An instruction that takes an error value gives that
// error, save for those that say otherwise.
// Loops (macros) keep three or four slots from `b` on: the range, the position, the variable and,
// in the two-variable form, the second one.
#pragma once

#include <cstdint>

#include "base/unreachable.h"
#include "expression/code.h"

namespace reticle {

// ORDER: the switch in evaluate.cpp
enum class Op : std::uint8_t {
  Constant,   // push constant c
  Row,        // push a reference to the fact in row b
  Field,      // push field c of the fact in row b
  Local,      // push local c
  Slot,       // push slot c
  Store,      // slot c = pop; errors are stored like any value
  FactField,  // top = field c of the fact that top refers to
  Member,     // top = member of the map top under the key in constant c; a = Access
  Index,      // pop i; top = top[i]; a = Access
  Present,    // top = top != null: has() of a declared field
  Wrap,       // top = top as an optional, none for null

  // Comparing a field (row a, field b) with constant c
  FieldEqual,
  FieldNotEqual,
  FieldLess,
  FieldLessEqual,
  FieldGreater,
  FieldGreaterEqual,
  // Comparing a field (row a, field b) with another (row c >> 16, field c & 0xffff)
  FieldsEqual,
  FieldsNotEqual,
  FieldNot,  // push !field (row a, field b)

  Not,
  Negate,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  InRange,  // pop high, low; top = low <= top <= high; a = 1: < high
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,

  Jump,         // to c
  JumpIfFalse,  // to c when top is false; top stays
  JumpIfTrue,   // to c when top is true; top stays
  // pop right; top = top combined with it, errors absorbed where the other side decides
  And,
  Or,
  // pop a condition; false: to c; neither true nor false: push the error and go to c - 1, which
  // leads to the end
  Branch,
  JumpUnlessNull,  // to c when top is not null (top stays), else pop it
  // top is an optional. It holds something: to c, a = 1: with that in its place; none: pop it. An
  // error or no optional: an error, to c
  JumpIfHeld,
  // top is an optional. None, or no optional: to c with that or an error; else slot b = what it
  // holds, and pop it
  JumpIfNone,

  // pop c items, push a list; a = 1: constant b is the list of the positions where `?x` stands
  List,
  Map,       // pop c keys and values, push a map; a = 1: likewise, by entry
  Template,  // pop c parts, push them as one string
  Call,      // pop b arguments, push built-in function c of them
  Host,
  Query,   // likewise of host function or query c
  Passed,  // top = whether the clock has arrived at the timestamp top
  Now,     // push where the clock stands
  Recur,   // pop b arguments, push the result of the recursive function c of them
  // top = whether the string top matches the compiled pattern in constant c; a = 1: pop the pattern
  // first
  Matches,

  // top is the range: move it into the slots; top = first result; a = Loop; no list or map: an
  // error, and go to c
  LoopBegin,
  LoopNext,  // the next item into the slots, or go to c at the end; a = 1: two variables
  // What becomes of an iteration; c is the loop's LoopNext, whose own c is where a loop is left
  // early
  LoopAll,
  LoopAny,
  LoopOne,      // pop a condition, combine it with top
  LoopSkip,     // pop a condition, go on to the next item unless true
  LoopKeep,     // pop a condition, collect the variable if true
  LoopCollect,  // pop a value and collect it
  LoopEntry,    // pop a value and collect it under the first variable
  LoopMerge,    // pop a map and collect its entries
  LoopEnd,      // top = the result; slots are emptied; a = Loop
};

// Instructions that evaluatePlain knows. None of them jumps back, calls, or looks into a list or a
// map.
constexpr bool isPlain(Op op) {
  switch (op) {
    case Op::Constant:
    case Op::Row:
    case Op::Field:
    case Op::Local:
    case Op::FieldEqual:
    case Op::FieldNotEqual:
    case Op::FieldLess:
    case Op::FieldLessEqual:
    case Op::FieldGreater:
    case Op::FieldGreaterEqual:
    case Op::FieldsEqual:
    case Op::FieldsNotEqual:
    case Op::FieldNot:
    case Op::Not:
    case Op::Equal:
    case Op::NotEqual:
    case Op::Less:
    case Op::LessEqual:
    case Op::Greater:
    case Op::GreaterEqual:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
    case Op::Divide:
    case Op::Modulo:
    case Op::JumpIfFalse:
    case Op::JumpIfTrue:
    case Op::And:
    case Op::Or: return true;
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
    case Op::LoopEnd: return false;
  }
  unreachable("an instruction is known");
}
constexpr std::size_t kPlainStack = 8, kPlainSize = 64;  // at most

// How a missing key is taken.
enum class Access : std::uint8_t {
  Strict,   // an error
  Test,     // inside has(): whether it is there
  Lenient,  // left of `??`: null, and a member of null is null
  Maybe,    // `a.?b`, `a[?b]`: an optional, which holds nothing then
};

// How a loop begins and ends.
enum class Loop : std::uint8_t {
  All,      // from true
  Any,      // from false
  One,      // from 0; true when it ends at 1
  Collect,  // the list of what was collected
  Entries,  // the map of what was collected
  // the list whose items were collected after their keys, in the order of the keys
  Sorted,
};

}  // namespace reticle
