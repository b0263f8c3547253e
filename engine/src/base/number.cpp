// Numbers as text and back, the same natively and in WebAssembly: the shortest decimal that reads
// back as the same double, and the nearest double to any decimal. The C library is used only where
// every implementation rounds correctly.
#include "base/number.h"
#include "base/chars.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace reticle {
namespace {

// 0.d1d2d3… × 10^point
struct Digits {
  char text[20];
  int count = 0;
  int point = 0;
};

// strtod and printf spell the point as the locale does; without a point in it, a number is the same
// everywhere.
double readDigits(const Digits& d) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*se%d", d.count, d.text, d.point - d.count);
  return std::strtod(buffer, nullptr);
}

// The nearest decimal of so many digits. Requires: finite and above 0.
Digits roundedTo(int precision, double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*e", precision - 1, value);
  Digits d;
  const char* p = buffer;
  for (; *p != 'e'; ++p) {
    if (isDigit(*p)) d.text[d.count++] = *p;
  }
  d.point = std::atoi(p + 1) + 1;
  return d;
}

// "1200" and "12" are the same digits; the place of the point says the rest.
void dropZeros(Digits& d) {
  while (d.count > 1 && d.text[d.count - 1] == '0') --d.count;
}

// Adds one unit in the last place; false when it would carry out of the first digit.
bool increment(Digits& d) {
  for (int i = d.count; i-- > 0;) {
    if (d.text[i] != '9') {
      ++d.text[i];
      return true;
    }
    d.text[i] = '0';
  }
  return false;
}

// Requires: finite and above 0.
Digits shortestDigits(double value) {
  // Most numbers people write have few decimals: n / 10^6 is the nearest double to that decimal,
  // since both are exact and division rounds correctly.
  if (value >= 1e-5 && value < 1e9) {
    const double scaled = std::floor(value * 1e6 + 0.5);
    if (scaled / 1e6 == value) {
      Digits d;
      const auto result =
          std::to_chars(d.text, d.text + sizeof d.text, static_cast<std::int64_t>(scaled));
      d.count = static_cast<int>(result.ptr - d.text);
      d.point = d.count - 6;
      dropZeros(d);
      return d;
    }
  }
  // A normal double keeps every decimal of 15 digits; a subnormal one may need fewer to be told
  // from its neighbours.
  for (int precision = value < 2.3e-308 ? 1 : 15; precision < 17; ++precision) {
    Digits d = roundedTo(precision, value);
    if (readDigits(d) == value) {
      dropZeros(d);
      return d;
    }
    // Below a power of two doubles lie twice as close, so the nearest decimal may miss where the
    // next one above hits.
    int exponent = 0;
    if (precision == 16 && std::frexp(value, &exponent) == 0.5 && increment(d) &&
        readDigits(d) == value) {
      dropZeros(d);
      return d;
    }
  }
  Digits d = roundedTo(17, value);
  dropZeros(d);
  return d;
}

// Writes a finite double; false when neither point nor exponent was written.
bool appendFinite(std::string& out, double value) {
  if (value < 0) {
    out += '-';
    value = -value;
  }
  // Below 2^53 whole doubles are ints, and their digits are exact.
  if (value < 9007199254740992.0 && value == std::floor(value)) {
    appendInt(out, static_cast<std::int64_t>(value));
    return false;
  }
  const Digits d = shortestDigits(value);
  // The bounds are those of ECMAScript, so that the page and the engine write alike.
  if (d.point > 21 || d.point <= -6) {
    out += d.text[0];
    if (d.count > 1) {
      out += '.';
      out.append(d.text + 1, static_cast<std::size_t>(d.count - 1));
    }
    out += 'e';
    out += d.point - 1 < 0 ? '-' : '+';
    appendInt(out, std::abs(d.point - 1));
    return true;
  }
  if (d.point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-d.point), '0');
    out.append(d.text, static_cast<std::size_t>(d.count));
    return true;
  }
  if (d.point >= d.count) {
    out.append(d.text, static_cast<std::size_t>(d.count));
    out.append(static_cast<std::size_t>(d.point - d.count), '0');
    return false;
  }
  out.append(d.text, static_cast<std::size_t>(d.point));
  out += '.';
  out.append(d.text + d.point, static_cast<std::size_t>(d.count - d.point));
  return true;
}

// What is no number, or beyond all numbers; false for the others.
bool appendUnusual(std::string& out, double value) {
  if (value != value) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    return false;
  }
  return true;
}

}  // namespace

void appendInt(std::string& out, std::int64_t value) {
  char buffer[24];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, result.ptr);
}

void appendDouble(std::string& out, double value) {
  if (appendUnusual(out, value)) return;
  if (value == 0 && std::signbit(value)) out += '-';
  if (!appendFinite(out, value)) out += ".0";
}

void appendDoubleAsScript(std::string& out, double value) {
  if (!appendUnusual(out, value)) appendFinite(out, value);
}

// The whole text must be the number: no spaces, no second sign.
std::optional<std::int64_t> parseInt(std::string_view text) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parseDouble(std::string_view text) {
  bool negative = false;
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  const double sign = negative ? -1.0 : 1.0;
  if (text.substr(i) == "Infinity") return sign * HUGE_VAL;
  if (text == "NaN") return std::nan("");

  // More digits than the longest exact double (767) cannot matter, except that there are some.
  constexpr std::size_t kMaxDigits = 780;
  std::string digits;
  std::int64_t exponent = 0;
  bool any = false, more = false, fraction = false;
  for (; i < text.size() && (isDigit(text[i]) || (text[i] == '.' && !fraction)); ++i) {
    if (text[i] == '.') {
      fraction = true;
      continue;
    }
    any = true;
    if (fraction) --exponent;
    if (digits.empty() && text[i] == '0') continue;
    if (digits.size() < kMaxDigits) {
      digits += text[i];
    } else {
      more = more || text[i] != '0';
      ++exponent;
    }
  }
  if (!any) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    bool down = false;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) down = text[i++] == '-';
    if (i == text.size()) return std::nullopt;
    std::int64_t written = 0;
    for (; i < text.size() && isDigit(text[i]); ++i) {
      if (written < 1000000000) written = written * 10 + (text[i] - '0');
    }
    exponent += down ? -written : written;
  }
  if (i != text.size()) return std::nullopt;
  if (digits.empty()) return sign * 0.0;
  // A digit beyond the last one kept decides which way a tie is rounded.
  if (more) {
    digits += '1';
    --exponent;
  }
  // Up to 15 digits and 10^22 both sides are exact and one operation rounds once.
  static constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (digits.size() <= 15 && exponent >= -22 && exponent <= 22) {
    std::int64_t whole = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), whole);
    const double exact = static_cast<double>(whole);
    return sign * (exponent < 0 ? exact / kPowers[-exponent] : exact * kPowers[exponent]);
  }
  // Everything else goes to strtod, without a point (see readDigits).
  digits += 'e';
  appendInt(digits, exponent);
  return sign * std::strtod(digits.c_str(), nullptr);
}

// The upper bound is excluded: 2^63 is a double, but no int.
std::optional<std::int64_t> exactInt(double value) {
  if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value) return std::nullopt;
  return whole;
}

}  // namespace reticle
