// What terms are worth, in three truth values, and what the functions of accumulate make of
// values: written down as the reference says it.
#include "differential/truth.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace reticle::test {

namespace {

Value unknown(const char* why) { return Value::error("RL9001", why); }

Value logic(bool absorbing, const Value& a, const Value& b) {
  auto is = [](const Value& v, bool wanted) { return wanted ? v.isTrue() : v.isFalse(); };
  if (is(a, absorbing) || is(b, absorbing)) return Value::boolean(absorbing);
  if (is(a, !absorbing) && is(b, !absorbing)) return Value::boolean(!absorbing);
  return unknown("neither true nor false");
}

Value ordered(Term::Kind kind, const Value& a, const Value& b) {
  int order = compare(a, b);
  if (order == 2) return unknown("no order");
  if (kind == Term::Less) return Value::boolean(order < 0);
  if (kind == Term::LessEqual) return Value::boolean(order <= 0);
  return Value::boolean(kind == Term::Greater ? order > 0 : order >= 0);
}

Value sumOfTwo(const Value& a, const Value& b) {
  if (a.kind() == ValueKind::Int && b.kind() == ValueKind::Int) {
    std::int64_t result = 0;
    return __builtin_add_overflow(a.asInt(), b.asInt(), &result) ? unknown("overflow")
                                                                 : Value::integer(result);
  }
  if (a.kind() == ValueKind::Double && b.kind() == ValueKind::Double) {
    return Value::real(a.asDouble() + b.asDouble());
  }
  if (a.kind() == ValueKind::String && b.kind() == ValueKind::String) {
    return Value::string(std::string(a.asString()) + std::string(b.asString()));
  }
  return unknown("cannot be added");
}

bool isCollection(const Value& v) {
  return v.kind() == ValueKind::List || v.kind() == ValueKind::Map;
}

std::vector<Value> elementsOf(const Value& v) {
  if (v.kind() == ValueKind::List) return v.asList();
  std::vector<Value> keys;
  for (const auto& [key, entry] : v.asMap()) keys.push_back(key);
  return keys;
}

}  // namespace

Value worth(const Term& term, const std::vector<Value>& names, const Facts& facts) {
  auto arg = [&](std::size_t i) { return worth(term.args[i], names, facts); };
  switch (term.kind) {
    case Term::Constant: return term.value;
    case Term::Name: return names[static_cast<std::size_t>(term.name)];
    case Term::Field: {
      const Value& fact = names[static_cast<std::size_t>(term.name)];
      return facts.at(index(fact.asFact())).fields[static_cast<std::size_t>(term.field)];
    }
    case Term::And: return logic(false, arg(0), arg(1));
    case Term::Or: return logic(true, arg(0), arg(1));
    case Term::Some:
    case Term::Every: {
      Value list = arg(0);
      if (!isCollection(list)) return unknown("not a list");
      bool absorbing = term.kind == Term::Some;
      Value result = Value::boolean(!absorbing);
      std::vector<Value> inner = names;
      for (const Value& element : elementsOf(list)) {
        inner[static_cast<std::size_t>(term.name)] = element;
        result = logic(absorbing, result, worth(term.args[1], inner, facts));
      }
      return result;
    }
    case Term::Index:
    case Term::Member:
    case Term::Size:
    case Term::Add:
    case Term::Equal:
    case Term::NotEqual:
    case Term::Less:
    case Term::LessEqual:
    case Term::Greater:
    case Term::GreaterEqual:
    case Term::In:
    case Term::Not:
    case Term::Default: break;
  }

  Value a = arg(0);
  if (a.isError()) return a;
  switch (term.kind) {
    case Term::Index:
      if (a.kind() != ValueKind::List) return unknown("not a list");
      if (term.field >= static_cast<int>(a.asList().size())) return unknown("no such place");
      return a.asList()[static_cast<std::size_t>(term.field)];
    case Term::Member:
      if (a.kind() != ValueKind::Map) return unknown("not a map");
      return a.find(term.text) ? *a.find(term.text) : unknown("no such entry");
    case Term::Size:
      return isCollection(a) ? Value::integer(static_cast<std::int64_t>(elementsOf(a).size()))
                             : unknown("no size");
    case Term::Not:
      return a.kind() == ValueKind::Bool ? Value::boolean(!a.asBool())
                                         : unknown("not a truth value");
    case Term::Default: return a.isNull() ? arg(1) : a;
    case Term::Constant:
    case Term::Name:
    case Term::Field:
    case Term::Add:
    case Term::Equal:
    case Term::NotEqual:
    case Term::Less:
    case Term::LessEqual:
    case Term::Greater:
    case Term::GreaterEqual:
    case Term::In:
    case Term::And:
    case Term::Or:
    case Term::Some:
    case Term::Every: break;
  }

  Value b = arg(1);
  if (b.isError()) return b;
  switch (term.kind) {
    case Term::Add: return sumOfTwo(a, b);
    case Term::Equal: return Value::boolean(a == b);
    case Term::NotEqual: return Value::boolean(!(a == b));
    case Term::In: {
      if (!isCollection(b)) return unknown("not a list");
      for (const Value& element : elementsOf(b)) {
        if (element == a) return Value::boolean(true);
      }
      return Value::boolean(false);
    }
    case Term::Constant:
    case Term::Name:
    case Term::Field:
    case Term::Index:
    case Term::Member:
    case Term::Size:
    case Term::Less:
    case Term::LessEqual:
    case Term::Greater:
    case Term::GreaterEqual:
    case Term::And:
    case Term::Or:
    case Term::Not:
    case Term::Some:
    case Term::Every:
    case Term::Default: break;
  }
  return ordered(term.kind, a, b);
}

Certainty certainty(const Term& term, const std::vector<Value>& names, const Facts& facts) {
  Value value = worth(term, names, facts);
  return value.isTrue() ? Certainty::True : value.isFalse() ? Certainty::False : Certainty::Unknown;
}

bool same(const Value& a, const Value& b) { return a == b && a.kind() == b.kind(); }

int placeOrder(const Value& a, const Value& b) {
  int order = compare(a, b);
  if (order != 2) return order;
  return a.kind() == b.kind() ? 0 : a.kind() < b.kind() ? -1 : 1;
}

bool comesBefore(const Combination& a, const Combination& b) {
  if (a.facts != b.facts) return a.facts < b.facts;
  for (std::size_t i = 0; i < a.places.size() && i < b.places.size(); ++i) {
    if (int order = placeOrder(a.places[i], b.places[i])) return order < 0;
  }
  return false;
}

// --- functions

namespace {

__extension__ typedef __int128 Wide;

// The sum as it would be without rounding, rounded once. The doubles of random programs are whole
// multiples of 2^-56 (0.1 is one) below 2^60, so that their sum in these units is a whole number of
// less than 128 bits.
double exactSum(const std::vector<double>& numbers) {
  constexpr int kUnit = 56;
  double beyond = 0;
  Wide units = 0;
  for (double number : numbers) {
    if (!std::isfinite(number)) {
      beyond += number;
      continue;
    }
    double scaled = std::ldexp(number, kUnit);
    assert(std::fabs(number) < std::ldexp(1.0, 60) && scaled == std::floor(scaled) &&
           "a double that random programs hold");
    units += static_cast<Wide>(scaled);
  }
  return beyond != 0 || std::isnan(beyond) ? beyond
                                           : std::ldexp(static_cast<double>(units), -kUnit);
}

Value sum(Shape of, const std::vector<Value>& values) {
  if (values.empty()) return of == Shape::Double ? Value::real(0) : Value::integer(0);
  Wide whole = 0;
  std::vector<double> numbers, ints;
  for (const Value& value : values) {
    if (value.kind() == ValueKind::Int) {
      whole += value.asInt();
      ints.push_back(static_cast<double>(value.asInt()));
    } else if (value.kind() == ValueKind::Double) {
      numbers.push_back(value.asDouble());
    } else {
      return unknown("not a number");
    }
  }
  if (!numbers.empty()) {
    numbers.insert(numbers.end(), ints.begin(), ints.end());
    return Value::real(exactSum(numbers));
  }
  if (whole > INT64_MAX || whole < INT64_MIN) return unknown("overflow");
  return Value::integer(static_cast<std::int64_t>(whole));
}

Value average(const std::vector<Value>& values) {
  std::vector<double> numbers;
  for (const Value& value : values) {
    if (!value.isNumber()) return unknown("not a number");
    numbers.push_back(value.kind() == ValueKind::Int ? static_cast<double>(value.asInt())
                                                     : value.asDouble());
  }
  return numbers.empty() ? Value()
                         : Value::real(exactSum(numbers) / static_cast<double>(numbers.size()));
}

// Of equal values the first.
Value extreme(const std::vector<Value>& values, int wanted) {
  if (values.empty()) return Value();
  Value best = values[0];
  for (const Value& value : values) {
    int order = compare(value, best);
    if (order == 2) return unknown("no order");
    if (order == wanted) best = value;
  }
  return best;
}

}  // namespace

Value total(const Function& function, const std::vector<Value>& values) {
  switch (function.kind) {
    case Function::Count: return Value::integer(static_cast<std::int64_t>(values.size()));
    case Function::Sum: return sum(function.of, values);
    case Function::Min: return extreme(values, -1);
    case Function::Max: return extreme(values, 1);
    case Function::Avg: return average(values);
    case Function::Collect: return Value::list(values);
    case Function::Distinct: {
      std::vector<Value> kept;
      for (const Value& value : values) {
        if (std::none_of(kept.begin(), kept.end(),
                         [&](const Value& other) { return same(other, value); })) {
          kept.push_back(value);
        }
      }
      return Value::list(std::move(kept));
    }
    case Function::First: return values.empty() ? Value() : values.front();
    case Function::Last: return values.empty() ? Value() : values.back();
  }
  return Value();
}

}  // namespace reticle::test
