// The functions of strings. Positions count code points; bytes are used inside only.
#include <algorithm>

#include "base/utf8.h"
#include "expression/fuel.h"
#include "expression/functions_table.h"
#include "expression/operators.h"
#include "expression/regex.h"

namespace reticle {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

// The checker knows most types; those left open are looked at here.
bool areTexts(const Value* args, std::size_t count) {
  return std::all_of(args, args + count,
                     [](const Value& value) { return value.kind() == ValueKind::String; });
}

// As string_view::find, but linear for long needles too (Knuth, Morris and Pratt).
std::size_t findText(std::string_view text, std::string_view needle, std::size_t from) {
  if (needle.size() <= 32) return text.find(needle, from);
  std::vector<std::uint32_t> border(needle.size(), 0);
  for (std::size_t i = 1, k = 0; i < needle.size(); ++i) {
    while (k > 0 && needle[i] != needle[k]) k = border[k - 1];
    if (needle[i] == needle[k]) ++k;
    border[i] = static_cast<std::uint32_t>(k);
  }
  for (std::size_t i = from, k = 0; i < text.size(); ++i) {
    while (k > 0 && text[i] != needle[k]) k = border[k - 1];
    if (text[i] == needle[k]) ++k;
    if (k == needle.size()) return i + 1 - k;
  }
  return kNowhere;
}

// The byte where code point `index` begins (or the text ends), or kNowhere beyond that.
std::size_t byteOf(std::string_view text, std::int64_t index) {
  if (index < 0) return kNowhere;
  std::size_t at = 0;
  for (; index > 0; --index) {
    if (at >= text.size()) return kNowhere;
    at += decodeUtf8(text, at).size;
  }
  return at;
}

// A byte as a position in code points; -1 for nowhere.
Value position(std::string_view text, std::size_t byte) {
  return Value::integer(
      byte == kNowhere ? -1 : static_cast<std::int64_t>(countCodePoints(text.substr(0, byte))));
}

// Names the position and the length, so that the mistake can be seen.
Value outside(const Value& index, const Value& text) {
  return failure(std::string("there is no position ")
                     .append(toText(index))
                     .append(" in a string of ")
                     .append(toText(Value::integer(
                         static_cast<std::int64_t>(countCodePoints(text.asString()))))));
}

// RL9002: bounds of the engine, not of the language.
Value tooLong() { return Value::error("RL9002", "the text grows too long"); }

Value contains(const Value* args, std::size_t count) {
  if (!areTexts(args, 2)) return noOverload("contains", args, count);
  return Value::boolean(findText(args[0].asString(), args[1].asString(), 0) != kNowhere);
}

Value startsWith(const Value* args, std::size_t count) {
  if (!areTexts(args, 2)) return noOverload("startsWith", args, count);
  return Value::boolean(args[0].asString().substr(0, args[1].asString().size()) ==
                        args[1].asString());
}

Value endsWith(const Value* args, std::size_t count) {
  if (!areTexts(args, 2)) return noOverload("endsWith", args, count);
  const std::string_view text = args[0].asString(), end = args[1].asString();
  return Value::boolean(text.size() >= end.size() && text.substr(text.size() - end.size()) == end);
}

// For calls that the compiler of expressions did not turn into an instruction: patterns of
// constants, folded.
// Groups that took no part are left out.
Value captures(const Value* args, std::size_t count, CallContext& context) {
  // A known pattern comes compiled, with the names of its groups: see compile.cpp.
  const bool known = args[0].kind() == ValueKind::String && args[1].kind() == ValueKind::List;
  if (!known && !areTexts(args, 2)) return noOverload("captures", args, count);
  Result<RegexCaptures> compiled = RegexCaptures{};
  if (known) {
    const Value::List& parts = args[1].asList();
    if (parts.empty() || parts[0].kind() != ValueKind::Bytes) {
      return noOverload("captures", args, count);
    }
    compiled->program = parts[0].asString();
    for (std::size_t i = 1; i < parts.size(); ++i) {
      compiled->groups.emplace_back(parts[i].asString());
    }
  } else {
    compiled = compileCaptures(args[1].asString());
    context.fuel -= static_cast<std::int64_t>(args[1].asString().size());
    if (!compiled.ok()) return failure(compiled.error().message);
  }
  const auto spans = captureRegex(*compiled, args[0].asString(), context.fuel);
  if (context.fuel < 0) return outOfFuel();
  Value::Map groups;
  for (std::size_t i = 0; spans && i < spans->size(); ++i) {
    const RegexSpan& span = (*spans)[i];
    if (!span.took()) continue;
    groups.emplace_back(
        Value::string(compiled->groups[i]),
        Value::string(args[0].asString().substr(span.begin, span.end - span.begin)));
  }
  return Value::map(std::move(groups));
}

Type mapOfTexts() {
  Type type = of(TypeKind::Map);
  type.arguments = {of(TypeKind::String), of(TypeKind::String)};
  return type;
}

Value matches(const Value* args, std::size_t count) {
  if (!areTexts(args, 2)) return noOverload("matches", args, count);
  const auto program = compileRegex(args[1].asString());
  if (!program.ok()) return failure(program.error().message);
  std::int64_t steps = static_cast<std::int64_t>(kLongestText);
  const bool result = matchRegex(*program, args[0].asString(), steps);
  return steps < 0 ? Value::error("RL9002", "matching takes too long") : Value::boolean(result);
}

// The position after the last character is allowed and gives nothing.
Value charAt(const Value* args, std::size_t count) {
  if (args[0].kind() != ValueKind::String || args[1].kind() != ValueKind::Int) {
    return noOverload("charAt", args, count);
  }
  const std::string_view text = args[0].asString();
  const std::size_t at = byteOf(text, args[1].asInt());
  if (at == kNowhere) return outside(args[1], args[0]);
  return Value::string(at == text.size() ? std::string_view{}
                                         : text.substr(at, decodeUtf8(text, at).size));
}

// -1 when it stands nowhere; an error when the search would begin outside.
Value indexOf(const Value* args, std::size_t count) {
  if (!areTexts(args, 2) || (count == 3 && args[2].kind() != ValueKind::Int)) {
    return noOverload("indexOf", args, count);
  }
  const std::string_view text = args[0].asString();
  const std::size_t from = count == 3 ? byteOf(text, args[2].asInt()) : 0;
  if (from == kNowhere) return outside(args[2], args[0]);
  return position(text, findText(text, args[1].asString(), from));
}

// The last place that begins at or before the position.
Value lastIndexOf(const Value* args, std::size_t count) {
  if (!areTexts(args, 2) || (count == 3 && args[2].kind() != ValueKind::Int)) {
    return noOverload("lastIndexOf", args, count);
  }
  const std::string_view text = args[0].asString(), needle = args[1].asString();
  const std::size_t from = count == 3 ? byteOf(text, args[2].asInt()) : text.size();
  if (from == kNowhere) return outside(args[2], args[0]);
  if (needle.size() > text.size()) return position(text, kNowhere);
  if (needle.size() <= 32) return position(text, text.rfind(needle, from));
  // From the end: both turned round, the search goes forward.
  const std::size_t end = std::min(from + needle.size(), text.size());
  const std::string turnedText(text.rend() - static_cast<std::ptrdiff_t>(end), text.rend());
  const std::string turnedNeedle(needle.rbegin(), needle.rend());
  const std::size_t found = findText(turnedText, turnedNeedle, 0);
  return position(text, found == kNowhere ? kNowhere : end - found - needle.size());
}

// Only the letters of ASCII: case in other alphabets depends on the language.
template <char first, char last, int shift>
Value shiftLetters(const Value* args, std::size_t count) {
  if (!areTexts(args, 1)) return noOverload(shift > 0 ? "lowerAscii" : "upperAscii", args, count);
  std::string text(args[0].asString());
  for (char& c : text) {
    if (c >= first && c <= last) c = static_cast<char>(c + shift);
  }
  return Value::string(text);
}

// White space of Unicode, as CEL's trim() has it.
bool isSpace(std::uint32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

// From the first to the last code point that is no space.
Value trim(const Value* args, std::size_t count) {
  if (!areTexts(args, 1)) return noOverload("trim", args, count);
  const std::string_view text = args[0].asString();
  std::size_t begin = kNowhere, end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decodeUtf8(text, at);
    if (!isSpace(point.code)) {
      if (begin == kNowhere) begin = at;
      end = at + point.size;
    }
    at += point.size;
  }
  return Value::string(begin == kNowhere ? std::string_view{} : text.substr(begin, end - begin));
}

// Both ends are positions of the text, in this order.
Value substring(const Value* args, std::size_t count) {
  if (args[0].kind() != ValueKind::String || args[1].kind() != ValueKind::Int ||
      (count == 3 && args[2].kind() != ValueKind::Int)) {
    return noOverload("substring", args, count);
  }
  const std::string_view text = args[0].asString();
  const std::size_t begin = byteOf(text, args[1].asInt());
  if (begin == kNowhere) return outside(args[1], args[0]);
  const std::size_t end = count == 3 ? byteOf(text, args[2].asInt()) : text.size();
  if (end == kNowhere) return outside(args[2], args[0]);
  if (end < begin) {
    return failure(std::string("a substring cannot end at ")
                       .append(toText(args[2]))
                       .append(" before it begins at ")
                       .append(toText(args[1])));
  }
  return Value::string(text.substr(begin, end - begin));
}

// The next place of `part` at or after byte `at`; an empty part stands before every code point and
// at the end.
std::size_t nextPlace(std::string_view text, std::string_view part, std::size_t at) {
  if (at > text.size()) return kNowhere;
  return part.empty() ? at : findText(text, part, at);
}

// An empty text stands between all code points, so `fresh` comes between them. What is made is
// bounded, because a short text may grow with each place.
Value replace(const Value* args, std::size_t count) {
  if (!areTexts(args, 3) || (count == 4 && args[3].kind() != ValueKind::Int)) {
    return noOverload("replace", args, count);
  }
  const std::string_view text = args[0].asString(), old = args[1].asString(),
                         fresh = args[2].asString();
  // A negative number means all.
  std::int64_t left = count == 4 && args[3].asInt() >= 0 ? args[3].asInt() : INT64_MAX;
  std::string out;
  std::size_t at = 0;
  while (left-- > 0) {
    const std::size_t place = nextPlace(text, old, at);
    if (place == kNowhere) break;
    out.append(text.substr(at, place - at)).append(fresh);
    if (out.size() > kLongestText) return tooLong();
    at = place + old.size();
    if (!old.empty()) continue;
    // After the last code point there is one more place, and then no text.
    if (place == text.size()) return Value::string(out);
    const std::size_t size = decodeUtf8(text, place).size;
    out.append(text.substr(place, size));
    at = place + size;
  }
  out.append(text.substr(std::min(at, text.size())));
  return out.size() > kLongestText ? tooLong() : Value::string(out);
}

// At most so many parts, the last of which holds the rest. An empty separator gives code points.
Value split(const Value* args, std::size_t count) {
  if (!areTexts(args, 2) || (count == 3 && args[2].kind() != ValueKind::Int)) {
    return noOverload("split", args, count);
  }
  const std::string_view text = args[0].asString(), separator = args[1].asString();
  std::int64_t most = count == 3 && args[2].asInt() >= 0 ? args[2].asInt() : INT64_MAX;
  Value::List parts;
  if (most == 0) return Value::list({});
  std::size_t at = 0;
  // Each code point by itself.
  if (separator.empty()) {
    for (; at < text.size() && most > 1; --most) {
      const std::size_t size = decodeUtf8(text, at).size;
      parts.push_back(Value::string(text.substr(at, size)));
      at += size;
    }
    if (at < text.size()) parts.push_back(Value::string(text.substr(at)));
    return Value::list(std::move(parts));
  }
  for (; most > 1; --most) {
    const std::size_t place = findText(text, separator, at);
    if (place == kNowhere) break;
    parts.push_back(Value::string(text.substr(at, place - at)));
    at = place + separator.size();
  }
  parts.push_back(Value::string(text.substr(at)));
  return Value::list(std::move(parts));
}

// Strings only: what else is in the list is an error.
Value join(const Value* args, std::size_t count) {
  if (args[0].kind() != ValueKind::List || !areTexts(args + 1, count - 1)) {
    return noOverload("join", args, count);
  }
  const Value::List& parts = args[0].asList();
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind() != ValueKind::String) return noOverload("join", &parts[i], 1);
    if (i > 0 && count == 2) out.append(args[1].asString());
    out.append(parts[i].asString());
    if (out.size() > kLongestText) return tooLong();
  }
  return Value::string(out);
}

// Code point by code point; damaged bytes move one by one.
Value reverse(const Value* args, std::size_t count) {
  if (args[0].kind() == ValueKind::List) {
    return Value::list(Value::List(args[0].asList().rbegin(), args[0].asList().rend()));
  }
  if (!areTexts(args, 1)) return noOverload("reverse", args, count);
  const std::string_view text = args[0].asString();
  std::string out(text.size(), '\0');
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = decodeUtf8(text, at).size;
    std::copy_n(text.data() + at, size, out.data() + (text.size() - at - size));
    at += size;
  }
  return Value::string(out);
}

Value quote(const Value* args, std::size_t count) {
  return areTexts(args, 1) ? Value::string(toText(args[0]))
                           : noOverload("strings.quote", args, count);
}

Overload listMethod(std::vector<reticle::Type> params, TypeKind item, bool canFail,
                    std::string_view doc) {
  using enum TypeKind;
  Overload overload = method(std::move(params), List, canFail, doc);
  overload.result = listOf(item);
  return overload;
}

}  // namespace

// By name; most are methods of a string.
std::vector<Builtin> textFunctions() {
  using enum TypeKind;
  return {
      {"charAt",
       charAt,
       {method({of(String), of(Int)}, String, true,
               "The character at a position from 0; empty at the very end.")}},
      {"contains",
       contains,
       {method({of(String), of(String)}, Bool, false,
               "Whether the other string stands somewhere in it.")}},
      {"endsWith",
       endsWith,
       {method({of(String), of(String)}, Bool, false, "Whether it ends with the other string.")}},
      {"indexOf",
       indexOf,
       {method({of(String), of(String)}, Int, false,
               "The first position of the other string, or -1."),
        method({of(String), of(String), of(Int)}, Int, true,
               "The first position of the other string at or after a position, or -1.")}},
      {"join",
       join,
       {method({listOf(String)}, String, false, "The strings of a list as one."),
        method({listOf(String), of(String)}, String, false,
               "The strings of a list as one, with a separator between them.")}},
      {"lastIndexOf",
       lastIndexOf,
       {method({of(String), of(String)}, Int, false,
               "The last position of the other string, or -1."),
        method({of(String), of(String), of(Int)}, Int, true,
               "The last position of the other string at or before a position, or -1.")}},
      {"lowerAscii",
       shiftLetters<'A', 'Z', 32>,
       {method({of(String)}, String, false, "A to Z made small, the rest as it is.")}},
      {"captures",
       captures,
       {method({of(String), of(String)}, mapOfTexts(), true,
               "What the groups of a regular expression (RE2) match, by their names, or by numbers "
               "from \"1\"; empty when it matches nowhere.")}},
      {"matches",
       matches,
       {function({of(String), of(String)}, Bool, true,
                 "Whether the regular expression (RE2) matches somewhere in the string."),
        method({of(String), of(String)}, Bool, true,
               "Whether the regular expression (RE2) matches somewhere in the string.")}},
      {"replace",
       replace,
       {method({of(String), of(String), of(String)}, String, true,
               "With every place of one string replaced by another."),
        method({of(String), of(String), of(String), of(Int)}, String, true,
               "With the first so many places of one string replaced by another.")}},
      {"reverse",
       reverse,
       {method({of(String)}, String, false, "The characters from the last to the first."),
        method({listOf(typeParameter("T"))}, listOf(typeParameter("T")), false,
               "The items from the last to the first.")}},
      {"split",
       split,
       {listMethod({of(String), of(String)}, String, false, "The parts between the separators."),
        listMethod({of(String), of(String), of(Int)}, String, false,
                   "The parts between the separators, at most so many.")}},
      {"startsWith",
       startsWith,
       {method({of(String), of(String)}, Bool, false, "Whether it begins with the other string.")}},
      {"strings.quote",
       quote,
       {function({of(String)}, String, false,
                 "The string as a literal of the language, with its quotes.")}},
      {"substring",
       substring,
       {method({of(String), of(Int)}, String, true, "The part from a position to the end."),
        method({of(String), of(Int), of(Int)}, String, true,
               "The part from a position up to before another.")}},
      {"trim", trim, {method({of(String)}, String, false, "Without white space at both ends.")}},
      {"upperAscii",
       shiftLetters<'a', 'z', -32>,
       {method({of(String)}, String, false, "a to z made capital, the rest as it is.")}},
  };
}

}  // namespace reticle
