// Comparisons: what they read, and frames for those that have to be evaluated.

#include "base/hash.h"
#include "expression/operators.h"
#include "match/matcher.h"

namespace reticle {

namespace {

// Memories keep 32 bits of a hash; equality is tested anyway.
std::uint32_t shortened(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

bool ordered(Operator op, std::int64_t a, std::int64_t b) {
  if (op == Operator::Equal) return a == b;
  if (op == Operator::NotEqual) return a != b;
  if (op == Operator::Less) return a < b;
  if (op == Operator::LessEqual) return a <= b;
  if (op == Operator::Greater) return a > b;
  return a >= b;
}

}  // namespace

// The value an operand stands for; `store` holds it when it had to be made.
const Value* Matcher::read(const Operand& operand, std::uint32_t token, const Row& candidate,
                           Value& store) const {
  switch (operand.kind) {
    case Operand::Kind::Candidate: return &candidate.fields[operand.field];
    case Operand::Kind::Row:
      return &memory_.at(SlotId{factAt(token, operand.path)}).fields()[operand.field];
    case Operand::Kind::Local: return &valueAt(token, operand.path);
    case Operand::Kind::Constant: return &operand.code.constants[0];
    case Operand::Kind::Code: break;
  }
  if (token == kNone) {
    store = evaluate(operand.code, Frame{&candidate, nullptr, &surroundings_});
  } else {
    Matcher& self = const_cast<Matcher&>(*this);  // frames are scratch
    store = self.evaluateAt(operand.code, token);
  }
  return &store;
}

// False: an error, which is equal to nothing.
bool Matcher::keyHash(const std::vector<Operand>& keys, const Row& candidate,
                      std::uint32_t& hash) const {
  std::uint64_t combined = 0;
  for (const Operand& key : keys) {
    Value store;
    const Value* value = read(key, kNone, candidate, store);
    if (value->isError()) return false;
    combined = keys.size() == 1 ? value->hash() : hashCombine(combined, value->hash());
  }
  hash = shortened(combined);
  return true;
}

bool Matcher::leftHash(const Node& at, std::uint32_t token, std::uint32_t& hash) const {
  std::uint64_t combined = 0;
  for (const JoinKey& key : at.keys) {
    Value store;
    const Value* value = read(key.left, token, Row{}, store);
    if (value->isError()) {
      unknowns_.note(at.id, *value);
      return false;
    }
    combined = at.keys.size() == 1 ? value->hash() : hashCombine(combined, value->hash());
  }
  hash = shortened(combined);
  return true;
}

// The hash has been compared; now the values.
bool Matcher::keysEqual(const Node& at, std::uint32_t token, const Row& candidate) const {
  for (const JoinKey& key : at.keys) {
    Value left, right;
    if (!(*read(key.left, token, candidate, left) == *read(key.right, kNone, candidate, right))) {
      return false;
    }
  }
  return true;
}

// Keys and all other tests of a pair. After what is unknown the rest is asked, too: something false
// settles it.
Truth Matcher::test(const Node& at, std::uint32_t token, const Row& candidate) {
  ++counters_[index(at.id)].tests;
  if (!at.keys.empty() && !keysEqual(at, token, candidate)) return Truth::False;
  Truth truth = Truth::True;
  Frames* frame = nullptr;
  const auto judged = [&](const Value& value) {
    if (value.isError()) unknowns_.note(at.id, value);
    return truthOf(value);
  };
  for (const ResidualTest& test : at.residual) {
    Truth one;
    if (test.kind == ResidualTest::Kind::Compare) {
      Value none;
      const Value& left = *read(test.left, token, candidate, none);
      const Value& right = *read(test.right, token, candidate, none);
      if (left.kind() == ValueKind::Int && right.kind() == ValueKind::Int) {
        one = ordered(test.op, left.asInt(), right.asInt()) ? Truth::True : Truth::False;
      } else {
        one = judged(test.op == Operator::Equal      ? equalValues(left, right)
                     : test.op == Operator::NotEqual ? notEqualValues(left, right)
                                                     : orderValues(test.op, left, right));
      }
    } else {
      if (!frame) {
        frame = &openFrame(token);
        frame->rows[at.row] = candidate;
      }
      one = judged(
          evaluate(test.code, Frame{frame->rows.data(), frame->locals.data(), &surroundings_}));
    }
    if (one == Truth::False) {
      truth = one;
      break;
    }
    if (one == Truth::Unknown) truth = one;
  }
  if (frame) closeFrame();
  // The memory of a loose node also holds facts of which it is unknown whether they belong there.
  if (truth == Truth::True) {
    for (const Code& code : at.unsureTests) {
      if (!evaluate(code, Frame{&candidate, nullptr, &surroundings_}).isTrue()) {
        return Truth::Unknown;
      }
    }
  }
  return truth;
}

// --- frames

// Frames are scratch, one for each nested evaluation; a deque keeps them in place.
Matcher::Frames& Matcher::openFrame(std::uint32_t token) {
  if (depth_ == frames_.size()) {
    frames_.emplace_back();
    frames_.back().rows.resize(network_.maxRows + 1);
    frames_.back().locals.resize(network_.maxLocals + 1);
  }
  Frames& frame = frames_[depth_++];
  fillFrame(token, frame);
  return frame;
}

void Matcher::bind(const Binding& binding, std::uint32_t fact, const Value* values,
                   Frames& frame) const {
  if (binding.row != Binding::kNone) frame.rows[binding.row] = row(fact);
  for (std::size_t i = 0; i < binding.values.size(); ++i) {
    const Binding::Slot& slot = binding.values[i];
    if (slot.kind == Binding::Slot::Kind::Local) {
      frame.locals[slot.number] = values[i];
    } else if (slot.kind == Binding::Slot::Kind::Row) {
      frame.rows[slot.number] = memory_.row(values[i].asFact());
    }
  }
}

// From the token up: each parent adds what it carries.
void Matcher::fillFrame(std::uint32_t id, Frames& frame) const {
  while (id != kNone) {
    const Token& token = tokens_[id];
    bind(nodeOf(token).binding, token.fact,
         token.values == kNone ? nullptr : values_.at(token.values), frame);
    id = token.parent;
  }
}

Value Matcher::evaluateAt(const Code& code, std::uint32_t token) {
  Frames& frame = openFrame(token);
  Value value = evaluate(code, Frame{frame.rows.data(), frame.locals.data(), &surroundings_});
  closeFrame();
  return value;
}

}  // namespace reticle
