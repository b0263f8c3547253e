// "…%d…".format([…]): what each clause makes of its value.
#include <algorithm>
#include <cstdio>

#include "base/number.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "expression/fuel.h"
#include "expression/functions_format.h"
#include "expression/functions_table.h"
#include "expression/operators.h"

namespace reticle {
namespace {

constexpr int kDefaultPrecision = 6;
constexpr int kMaxPrecision = 100;

// `%.3f`: a letter, and how many digits follow the point.
struct Clause {
  char verb = 0;
  int precision = kDefaultPrecision;
};

// What the clause takes, and what it was given.
Value wrongValue(char verb, std::string_view takes, const Value& value) {
  return failure(std::string("`%")
                     .append(1, verb)
                     .append("` takes ")
                     .append(takes)
                     .append(", this is ")
                     .append(kindWord(value)));
}

// In digits of a base up to 16; 64 bits have at most 64 digits.
void appendBased(std::string& out, std::uint64_t number, unsigned base, bool capitals) {
  char digits[64];
  std::size_t count = 0;
  do {
    const auto digit = static_cast<unsigned>(number % base);
    digits[count++] =
        static_cast<char>(digit < 10 ? '0' + digit : (capitals ? 'A' : 'a') + digit - 10);
    number /= base;
  } while (number != 0);
  while (count > 0) out += digits[--count];
}

// Whether the value is a whole number or (for `%b`) a bool; if so, it is appended.
bool appendWhole(std::string& out, const Value& value, unsigned base, bool capitals) {
  if (value.kind() == ValueKind::Uint) {
    appendBased(out, value.asUint(), base, capitals);
  } else if (value.kind() == ValueKind::Int) {
    const auto bits = static_cast<std::uint64_t>(value.asInt());
    if (value.asInt() < 0) out += '-';
    appendBased(out, value.asInt() < 0 ? 0 - bits : bits, base, capitals);
  } else {
    return false;
  }
  return true;
}

// %e and %f, with as many digits as the clause says.
void appendReal(std::string& out, double value, const Clause& clause) {
  if (value - value != 0) {
    appendDouble(out, value);  // NaN, Infinity, -Infinity
    return;
  }
  char buffer[512];
  const int size = std::snprintf(buffer, sizeof buffer, clause.verb == 'e' ? "%.*e" : "%.*f",
                                 clause.precision, value);
  // The process may have a locale with a decimal sign of its own.
  bool sign = false;
  for (int i = 0; i < size; ++i) {
    const char c = buffer[i];
    const bool plain = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e';
    if (plain) {
      out += c;
    } else if (!sign) {
      out += '.';
    }
    sign = !plain;
  }
}

// `%s`; false when the value has no such form.
bool appendPlain(std::string& out, const Value& value) {
  switch (value.kind()) {
    case ValueKind::String: out += value.asString(); return true;
    case ValueKind::Bytes:
      if (!isUtf8(value.asString())) return false;
      out += value.asString();
      return true;
    case ValueKind::Double: appendDoubleAsScript(out, value.asDouble()); return true;
    case ValueKind::Duration: appendSeconds(out, {value.seconds(), value.nanos()}); return true;
    case ValueKind::Null:
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Uint:
    case ValueKind::Timestamp:
    case ValueKind::Type: out += toText(value, false); return true;
    case ValueKind::List: {
      out += '[';
      std::string_view separator;
      for (const Value& item : value.asList()) {
        out += separator;
        separator = ", ";
        if (!appendPlain(out, item)) return false;
      }
      out += ']';
      return true;
    }
    case ValueKind::Map: {
      // In the order of the keys as they are written, whatever the order of the entries.
      std::vector<std::pair<std::string, const Value*>> entries;
      for (const auto& [key, item] : value.asMap()) {
        std::string text;
        if (!appendPlain(text, key)) return false;
        entries.emplace_back(std::move(text), &item);
      }
      std::stable_sort(entries.begin(), entries.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      out += '{';
      std::string_view separator;
      for (const auto& [key, item] : entries) {
        out.append(separator).append(key).append(": ");
        separator = ", ";
        if (!appendPlain(out, *item)) return false;
      }
      out += '}';
      return true;
    }
    case ValueKind::Optional:
    case ValueKind::Fact:
    case ValueKind::Error: break;
  }
  return false;
}

// Null when the value was appended.
Value appendClause(std::string& out, const Clause& clause, const Value& value) {
  switch (clause.verb) {
    case 's':
      return appendPlain(out, value) ? Value{}
                                     : wrongValue('s', "what can be written as text", value);
    case 'd':
      if (value.kind() == ValueKind::Double) {
        appendDoubleAsScript(out, value.asDouble());
      } else if (!appendWhole(out, value, 10, false)) {
        return wrongValue('d', "whole numbers", value);
      }
      return {};
    case 'b':
      if (value.kind() == ValueKind::Bool) {
        out += value.asBool() ? '1' : '0';
      } else if (!appendWhole(out, value, 2, false)) {
        return wrongValue('b', "whole numbers and bools", value);
      }
      return {};
    case 'o':
      return appendWhole(out, value, 8, false) ? Value{} : wrongValue('o', "whole numbers", value);
    case 'x':
    case 'X': {
      const bool capitals = clause.verb == 'X';
      if (appendWhole(out, value, 16, capitals)) return {};
      if (value.kind() != ValueKind::String && value.kind() != ValueKind::Bytes) {
        return wrongValue(clause.verb, "whole numbers, strings and bytes", value);
      }
      const std::string_view digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
      for (const char c : value.asString()) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      }
      return {};
    }
    case 'e':
    case 'f':
      if (!value.isNumber()) return wrongValue(clause.verb, "numbers", value);
      appendReal(out,
                 value.kind() == ValueKind::Double ? value.asDouble()
                 : value.kind() == ValueKind::Int  ? static_cast<double>(value.asInt())
                                                   : static_cast<double>(value.asUint()),
                 clause);
      return {};
    default:
      return failure(std::string("`%")
                         .append(1, clause.verb)
                         .append("` is no clause: there are %s %d %f %e %b %o %x %X and %%"));
  }
}

// Reads what stands after a `%`; null when it could be read.
Value readClause(std::string_view text, std::size_t& at, Clause& clause) {
  if (at < text.size() && text[at] == '.') {
    const std::size_t digits = ++at;
    int precision = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      precision = std::min(precision * 10 + (text[at] - '0'), kMaxPrecision + 1);
    }
    if (at == digits) return failure("digits stand behind the point of a clause: `%.2f`");
    if (precision > kMaxPrecision) {
      return failure("a clause has at most 100 digits behind the point");
    }
    clause.precision = precision;
  }
  if (at >= text.size()) {
    return failure("the text ends inside a clause: a `%` that stands for itself is written `%%`");
  }
  clause.verb = text[at++];
  return {};
}

Value tooFewValues(std::size_t next, std::size_t count) {
  return failure("`format` has a clause for value " +
                 toText(Value::integer(static_cast<std::int64_t>(next) + 1)) + " of a list of " +
                 toText(Value::integer(static_cast<std::int64_t>(count))));
}

// Clauses take the values in turn; each is paid for before it is written.
Value format(const Value* args, std::size_t count, CallContext& context) {
  if (args[0].kind() != ValueKind::String || args[1].kind() != ValueKind::List) {
    return noOverload("format", args, count);
  }
  const std::string_view text = args[0].asString();
  const Value::List& values = args[1].asList();
  std::string out;
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t percent = std::min(text.find('%', at), text.size());
    out.append(text.substr(at, percent - at));
    at = percent + 1;
    if (percent == text.size()) break;
    if (at < text.size() && text[at] == '%') {
      out += '%';
      ++at;
      continue;
    }
    Clause clause;
    if (Value problem = readClause(text, at, clause); !problem.isNull()) return problem;
    if (next >= values.size()) return tooFewValues(next, values.size());
    // A list may stand there many times over, so what it costs to write it is known before it is
    // written.
    const Value& value = values[next++];
    context.fuel -= 1 + clause.precision / kDefaultPrecision;
    spendOn(value, context.fuel);
    if (context.fuel < 0) return outOfFuel();
    if (Value problem = appendClause(out, clause, value); !problem.isNull()) return problem;
    if (out.size() > kLongestText) return outOfFuel();
  }
  return Value::string(out);
}

}  // namespace

// The same walk as `format`, with the kinds of its values only.
Value formatFailure(std::string_view text, const std::vector<std::optional<Value>>* values) {
  const Value whole = Value::integer(1);  // which every clause takes
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t percent = text.find('%', at);
    if (percent == std::string_view::npos) break;
    at = percent + 1;
    if (at < text.size() && text[at] == '%') {
      ++at;
      continue;
    }
    Clause clause;
    if (Value problem = readClause(text, at, clause); !problem.isNull()) return problem;
    const bool known = values != nullptr && next < values->size() && (*values)[next];
    std::string out;
    if (Value problem = appendClause(out, clause, known ? *(*values)[next] : whole);
        !problem.isNull()) {
      return problem;
    }
    if (values != nullptr && next >= values->size()) return tooFewValues(next, values->size());
    ++next;
  }
  return {};
}

// One function; a part of its own, because it is longer than it looks.
std::vector<Builtin> formatFunctions() {
  using enum TypeKind;
  return {{"format",
           format,
           {method({of(String), listOf(Any)}, of(String), true,
                   "The text with the values of the list in place of its clauses: %s any value, %d "
                   "%b %o %x whole numbers, %f %e numbers, %.2f with so many digits.")}}};
}

}  // namespace reticle
