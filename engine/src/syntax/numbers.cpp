// Reads numbers and durations from a text, and says what is wrong with those that are none.
#include "syntax/numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/chars.h"
#include "base/time_text.h"

namespace reticle {
namespace {

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

constexpr Span64 kSecond = 1'000'000;
struct Unit {
  std::string_view name;
  Span64 length;
};
constexpr std::array<Unit, 7> kUnits{{{"w", 604'800 * kSecond},
                                      {"d", 86'400 * kSecond},
                                      {"h", 3'600 * kSecond},
                                      {"m", 60 * kSecond},
                                      {"s", kSecond},
                                      {"ms", 1'000},
                                      {"us", 1}}};

const std::string kUnitsHelp =
    "the units are w d h m s ms us, the larger first: `10m`, `1h30m`, `500ms`";

// Number and unit pairs, as in `1h30m`; how the reading went. `None`: this is no duration at all,
// and what stands there may be a number.
struct Parts {
  enum class State { Good, Disordered, TooLong, None } state = State::None;
  std::size_t length = 0;
  Span64 value = 0;
};

// Whole numbers are counted exactly and only fractions go through `double`, whose 53 bits hold no
// more than 285 years of microseconds.
Parts readParts(std::string_view text) {
  Parts parts;
  std::size_t at = 0, lastUnit = kUnits.size();
  bool disordered = false, tooLong = false, any = false;
  while (at < text.size() && isDigit(text[at])) {
    std::size_t end = at;
    double whole = 0, fraction = 0, scale = 1;
    Span64 exact = 0;
    while (end < text.size() && isDigit(text[end])) {
      const int digit = text[end++] - '0';
      whole = whole * 10 + digit;
      // Beyond this `exact` would overflow; the check against kLimit below refuses it anyway.
      if (whole < 9e18) exact = exact * 10 + digit;
    }
    if (end + 1 < text.size() && text[end] == '.' && isDigit(text[end + 1])) {
      for (++end; end < text.size() && isDigit(text[end]); ++end) {
        scale /= 10;
        fraction += scale * (text[end] - '0');
      }
    }
    std::size_t wordEnd = end;
    while (wordEnd < text.size() && isLetter(text[wordEnd])) ++wordEnd;
    // All letters at once: `5months` is a mistake, not `5m` and a word.
    const std::string_view word = text.substr(end, wordEnd - end);
    std::size_t unit = 0;
    while (unit < kUnits.size() && kUnits[unit].name != word) ++unit;
    if (unit == kUnits.size()) return {};
    // kUnits is ordered from large to small, so an equal or smaller index is out of order.
    if (any && unit <= lastUnit) disordered = true;
    lastUnit = unit;
    any = true;
    const Span64 length = kUnits[unit].length;
    constexpr double kLimit = static_cast<double>(kLongestSeconds) * 1e6;
    if (whole * static_cast<double>(length) + static_cast<double>(parts.value) > kLimit) {
      tooLong = true;
    } else {
      parts.value += exact * length +
                     static_cast<Span64>(std::llround(fraction * static_cast<double>(length)));
    }
    at = wordEnd;
  }
  if (!any || (at < text.size() && isLetter(text[at]))) return {};
  parts.length = at;
  parts.state = tooLong      ? Parts::State::TooLong
                : disordered ? Parts::State::Disordered
                             : Parts::State::Good;
  return parts;
}

// Marks a numeral as wrong. It keeps its kind and length, so that the lexer goes on after it.
Numeral wrong(Numeral numeral, std::string code, std::string message, std::string replacement = {},
              std::string help = {}) {
  numeral.code = std::move(code);
  numeral.message = std::move(message);
  numeral.replacement = std::move(replacement);
  numeral.help = std::move(help);
  return numeral;
}

// A number with letters that mean nothing after it.
Numeral withSuffix(Numeral numeral, std::string_view written, std::string_view number) {
  const std::string_view suffix = written.substr(number.size());
  const std::string shown = "`" + std::string(written.substr(0, 40)) + "`";
  const bool real = numeral.kind == Numeral::Kind::Double;
  if (suffix == "u" || suffix == "U") {
    return wrong(numeral, "RL0028",
                 "there are no unsigned numbers here: " + shown + " is an `int` without the `" +
                     std::string(suffix) + "`",
                 std::string(number), "whole numbers are signed and have 64 bits");
  }
  if (suffix.front() == '_') {
    std::string plain;
    for (const char c : written) {
      if (c != '_') plain += c;
    }
    return wrong(numeral, "RL0006", "digits stand together, without `_`",
                 plain.find_first_not_of("0123456789") == std::string::npos ? plain : "");
  }
  if ((suffix == "e" || suffix == "E")) {
    return wrong(numeral, "RL0006", "the exponent of " + shown + " has no digits",
                 std::string(number) + "e0");
  }
  if (suffix == "f" || suffix == "F" || suffix == "L" || suffix == "l" || suffix == "n" ||
      suffix == "D") {
    return wrong(numeral, "RL0006", "a number has no letter behind it",
                 real || suffix == "L" || suffix == "l" || suffix == "n"
                     ? std::string(number)
                     : std::string(number) + ".0",
                 "numbers with a point are `double`, others `int`");
  }
  numeral.kind = Numeral::Kind::Duration;
  // Letters that name a unit in some other spelling: `10min`.
  if (const std::string_view unit = unitMeantBy(suffix); !unit.empty()) {
    return wrong(numeral, "RL0007",
                 shown + " is not a duration: the unit is written `" + std::string(unit) + "`",
                 std::string(number) + std::string(unit));
  }
  return wrong(numeral, "RL0007", shown + " is neither a number nor a duration", {}, kUnitsHelp);
}

// Where the letters and digits that begin at `from` end.
std::size_t wordEnd(std::string_view text, std::size_t from) {
  while (from < text.size() && (isLetter(text[from]) || isDigit(text[from]))) ++from;
  return from;
}

std::size_t digitsEnd(std::string_view text, std::size_t from) {
  while (from < text.size() && isDigit(text[from])) ++from;
  return from;
}

char charAt(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

// The first `length` characters, cut so that a message stays a line.
std::string shownPart(std::string_view text, std::size_t length) {
  return std::string(text.substr(0, std::min<std::size_t>(length, 40)));
}

void setLength(Numeral& numeral, std::size_t length) {
  numeral.length = static_cast<std::uint32_t>(length);
}

// Requires: the text begins with `0x` or `0X`.
Numeral readHexadecimal(std::string_view text) {
  Numeral numeral;
  std::size_t end = 2;
  while (end < text.size() && isHex(text[end])) ++end;
  const std::size_t word = wordEnd(text, end);
  setLength(numeral, word);
  if (end == 2 && word == 2) {
    return wrong(numeral, "RL0006", "`0x` has no digits behind it", {},
                 "hexadecimal digits are 0 to 9 and a to f: `0xFF`");
  }
  if (word > end) {
    const std::string_view suffix = text.substr(end, word - end);
    if (suffix == "u" || suffix == "U") {
      return withSuffix(numeral, text.substr(0, word), text.substr(0, end));
    }
    return wrong(numeral, "RL0006", "`" + shownPart(text, word) + "` is not a hexadecimal number",
                 {}, "hexadecimal digits are 0 to 9 and a to f: `0xFF`");
  }
  return numeral;
}

// A wrong duration is still one lexeme of its whole length, so that the parser can go on.
Numeral durationOf(std::string_view text, const Parts& parts) {
  Numeral numeral;
  numeral.kind = Numeral::Kind::Duration;
  numeral.duration = parts.value;
  setLength(numeral, parts.length);
  const std::string shown = "`" + shownPart(text, parts.length) + "`";
  if (parts.state == Parts::State::Disordered) {
    return wrong(numeral, "RL0007",
                 shown + " is not a duration: the larger unit comes first, and each only once", {},
                 kUnitsHelp);
  }
  if (parts.state == Parts::State::TooLong) {
    return wrong(numeral, "RL0007", shown + " is longer than any clock here runs", {},
                 "the longest duration is about 10,000 years");
  }
  return numeral;
}

// Whether an exponent with at least one digit begins at `i`.
bool exponentAt(std::string_view text, std::size_t i) {
  if (charAt(text, i) != 'e' && charAt(text, i) != 'E') return false;
  const char next = charAt(text, i + 1);
  return isDigit(next) || ((next == '+' || next == '-') && isDigit(charAt(text, i + 2)));
}

// `1.` and `1.e5`: the point has lost its digits. `1..5` is a range, `1.size()` a call, and
// those are none of this function's business: it returns nothing for them.
//
// Requires: the digits of a whole number end at `end`.
std::optional<Numeral> readBarePoint(std::string_view text, std::size_t end) {
  if (charAt(text, end) != '.' || charAt(text, end + 1) == '.') return std::nullopt;
  const char next = charAt(text, end + 1);
  const std::size_t word = wordEnd(text, end + 1);
  // A lone `e` counts as an exponent without digits, unless it is the name of a call: `1.e()`.
  const bool exponent =
      exponentAt(text, end + 1) ||
      (word == end + 2 && (next == 'e' || next == 'E') && charAt(text, word) != '(');
  if (!exponent && (isLetter(next) || next == '?' || next == '`')) return std::nullopt;
  std::size_t stop = exponent ? end + 2 : end + 1;
  if (exponent && (charAt(text, stop) == '+' || charAt(text, stop) == '-')) ++stop;
  stop = digitsEnd(text, stop);
  const std::string whole(text.substr(0, end)),
      power(exponentAt(text, end + 1) ? text.substr(end + 1, stop - end - 1) : std::string_view{});
  Numeral numeral;
  numeral.kind = Numeral::Kind::Double;
  setLength(numeral, stop);
  return wrong(numeral, "RL0006",
               "digits are missing behind the point of `" + shownPart(text, stop) + "`",
               whole + ".0" + power);
}

// 1.2.3: a version or an address. Read whole, so that it is one mistake and not three.
//
// Requires: a number with a point ends at `end`, and another point and digit follow.
Numeral readManyPoints(std::string_view text, std::size_t end) {
  while (charAt(text, end) == '.' && isDigit(charAt(text, end + 1))) {
    end = digitsEnd(text, end + 1);
  }
  Numeral numeral;
  numeral.kind = Numeral::Kind::Double;
  setLength(numeral, end);
  const std::string shown = shownPart(text, end);
  return wrong(numeral, "RL0006", "`" + shown + "` is not a number: it has more than one point",
               "\"" + shown + "\"");
}

// Digits, a fraction, an exponent; or a fraction alone, as `.5`.
Numeral readDecimal(std::string_view text) {
  Numeral numeral;
  std::size_t end = digitsEnd(text, 0);
  if (charAt(text, end) == '.' && isDigit(charAt(text, end + 1))) {
    numeral.kind = Numeral::Kind::Double;
    end = digitsEnd(text, end + 1);
  }
  if (exponentAt(text, end)) {
    numeral.kind = Numeral::Kind::Double;
    end = digitsEnd(text, end + 2);
  }
  if (numeral.kind == Numeral::Kind::Int) {
    if (std::optional<Numeral> bare = readBarePoint(text, end)) return *std::move(bare);
  } else if (charAt(text, end) == '.' && isDigit(charAt(text, end + 1))) {
    return readManyPoints(text, end);
  }
  const std::size_t word = wordEnd(text, end);
  setLength(numeral, word);
  if (word > end) return withSuffix(numeral, text.substr(0, word), text.substr(0, end));
  return numeral;
}

}  // namespace

// `M` means minutes, too: there are no months among the units.
std::string_view unitMeantBy(std::string_view word) {
  struct Synonym {
    std::string_view word, unit;
  };
  static constexpr std::array<Synonym, 32> kSynonyms{{{"w", "w"},
                                                      {"week", "w"},
                                                      {"weeks", "w"},
                                                      {"d", "d"},
                                                      {"day", "d"},
                                                      {"days", "d"},
                                                      {"D", "d"},
                                                      {"h", "h"},
                                                      {"H", "h"},
                                                      {"hr", "h"},
                                                      {"hrs", "h"},
                                                      {"hour", "h"},
                                                      {"hours", "h"},
                                                      {"m", "m"},
                                                      {"M", "m"},
                                                      {"min", "m"},
                                                      {"mins", "m"},
                                                      {"minute", "m"},
                                                      {"minutes", "m"},
                                                      {"s", "s"},
                                                      {"S", "s"},
                                                      {"sec", "s"},
                                                      {"secs", "s"},
                                                      {"second", "s"},
                                                      {"seconds", "s"},
                                                      {"ms", "ms"},
                                                      {"msec", "ms"},
                                                      {"millis", "ms"},
                                                      {"millisecond", "ms"},
                                                      {"milliseconds", "ms"},
                                                      {"us", "us"},
                                                      {"micros", "us"}}};
  for (const Synonym& synonym : kSynonyms) {
    if (synonym.word == word) return synonym.unit;
  }
  return {};
}

Numeral readNumeral(std::string_view text, std::size_t at) {
  text = text.substr(at);
  // The order matters: `0xFF` is not `0` with letters after it, and `10m` is a duration before its
  // `m` could be taken for letters that mean nothing.
  if (text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    return readHexadecimal(text);
  }
  if (const Parts parts = readParts(text); parts.state != Parts::State::None) {
    return durationOf(text, parts);
  }
  return readDecimal(text);
}

}  // namespace reticle
