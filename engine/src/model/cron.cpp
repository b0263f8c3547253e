// Plans of `cron`: five fields are read, and the next moment that fits them is found.
#include "model/cron.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/suggest.h"
#include "base/time_text.h"
#include "base/zone_times.h"

namespace reticle::model {
namespace {

struct Part {
  std::string_view text;
  std::size_t begin;
};

struct FieldKind {
  std::string_view noun;  // "a minute"
  int least, greatest;
  std::vector<std::string> names;  // the first one means `least`
};

// In the order in which they are written, which is the order of the parts.
const std::array<FieldKind, 5>& fieldKinds() {
  static const std::array<FieldKind, 5> kinds = {{
      {"a minute", 0, 59, {}},
      {"an hour", 0, 23, {}},
      {"a day of the month", 1, 31, {}},
      {"a month",
       1,
       12,
       {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"a day of the week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return kinds;
}

// Plans are written on one line.
bool isSpace(char c) { return c == ' ' || c == '\t'; }

// With their places, for messages.
std::vector<Part> parts(std::string_view text) {
  std::vector<Part> found;
  for (std::size_t at = 0; at < text.size();) {
    if (isSpace(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !isSpace(text[at])) ++at;
    found.push_back({text.substr(begin, at - begin), begin});
  }
  return found;
}

class FieldReader {
 public:
  FieldReader(const FieldKind& kind, Part field, CronMistake& mistake)
      : kind_(kind), field_(field), mistake_(mistake) {}

  // The values of the field as bits; nothing after a mistake.
  std::optional<std::uint64_t> read() {
    std::uint64_t bits = 0;
    for (std::size_t at = 0;;) {
      const std::size_t comma = std::min(field_.text.find(',', at), field_.text.size());
      if (!readPart(field_.text.substr(at, comma - at), at, bits)) return std::nullopt;
      if (comma == field_.text.size()) return bits;
      at = comma + 1;
    }
  }

 private:
  // Always false, so that a reader can end with it.
  bool fail(std::size_t at, std::size_t length, std::string message, std::string help = "") {
    mistake_ = {std::move(message), std::move(help), field_.begin + at,
                field_.begin + at + std::max<std::size_t>(length, 1)};
    return false;
  }

  bool readPart(std::string_view part, std::size_t at, std::uint64_t& bits) {
    if (part.empty()) {
      return fail(at == field_.text.size() ? at - 1 : at, 1,
                  "a value is missing beside this comma");
    }
    std::int64_t step = 1;
    const std::size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
      const std::string_view text = part.substr(slash + 1);
      const std::optional<std::int64_t> number = numberIn(text);
      if (!number || *number < 1) {
        return fail(at + slash, part.size() - slash, "a step is a whole number above 0",
                    "`*/15` is each fifteenth");
      }
      step = *number;
      part = part.substr(0, slash);
    }
    std::int64_t from = kind_.least, to = kind_.greatest;
    if (part == "*") {
      // Sunday is both 0 and 7, and `*` must not count it twice.
      if (kind_.greatest == 7) to = 6;
    } else {
      const std::size_t dash = part.find('-', 1);
      const std::string_view first = part.substr(0, dash);
      if (!readValue(first, at, from)) return false;
      // `5/15`: from 5 on; `5` alone: just that.
      to = slash == std::string_view::npos ? from : kind_.greatest;
      if (dash != std::string_view::npos) {
        if (!readValue(part.substr(dash + 1), at + dash + 1, to)) return false;
        // A week that ends on Sunday.
        if (kind_.greatest == 7 && to == 0 && from > 0) to = 7;
        if (from > to) {
          return fail(at, part.size(), "this range ends before it begins",
                      "write two ranges: `" + std::string(first) + "-" + lastName(first) + "," +
                          firstName(first) + "-" + std::string(part.substr(dash + 1)) + "`");
        }
      }
    }
    for (std::int64_t value = from; value <= to; value += step) {
      bits |= std::uint64_t{1} << (kind_.greatest == 7 ? value % 7 : value);
    }
    return true;
  }

  bool readValue(std::string_view text, std::size_t at, std::int64_t& value) {
    if (const std::optional<std::int64_t> number = numberIn(text)) {
      value = *number;
      if (value >= kind_.least && value <= kind_.greatest) return true;
      return fail(at, text.size(),
                  std::string(kind_.noun) + " is " + std::to_string(kind_.least) + " to " +
                      std::to_string(kind_.greatest) + ", not " + std::string(text));
    }
    std::string small(text);
    for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto known = std::find(kind_.names.begin(), kind_.names.end(), small);
    if (known != kind_.names.end()) {
      value = kind_.least + (known - kind_.names.begin());
      return true;
    }
    if (text == "L" || text == "W" || text == "?" || text.find('#') != std::string_view::npos ||
        text.ends_with("L") || text.ends_with("W")) {
      return fail(at, text.size(),
                  "`" + std::string(text) +
                      "` belongs to other plans; here are values, ranges, lists and steps only",
                  "for any value write `*`");
    }
    std::string message = "`" + std::string(text) + "` is not " + std::string(kind_.noun);
    if (kind_.names.empty()) {
      return fail(at, text.size(), message,
                  "write " + std::to_string(kind_.least) + " to " + std::to_string(kind_.greatest) +
                      ", or `*` for any");
    }
    const std::string near = nearest(small.size() > 3 ? small.substr(0, 3) : small, kind_.names);
    return fail(at, text.size(), std::move(message),
                near.empty() ? "write one of " + kind_.names.front() + " to " + kind_.names.back() +
                                   ", or a number"
                             : "did you mean `" + near + "`?");
  }

  // The ends of all values, as names where the author writes names.
  std::string firstName(std::string_view written) const {
    return numberIn(written) ? std::to_string(kind_.least) : kind_.names.front();
  }
  std::string lastName(std::string_view written) const {
    return numberIn(written) ? std::to_string(kind_.greatest) : kind_.names.back();
  }

  static std::optional<std::int64_t> numberIn(std::string_view text) {
    if (text.empty() || text.size() > 9 ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      return std::nullopt;
    }
    std::int64_t value = 0;
    for (char c : text) value = value * 10 + (c - '0');
    return value;
  }

  const FieldKind& kind_;
  Part field_;
  CronMistake& mistake_;
};

}  // namespace

// All fields are read, and the first mistake is the one that is reported.
bool parseCron(std::string_view text, CronPlan& plan, CronMistake& mistake) {
  const std::vector<Part> fields = parts(text);
  if (!fields.empty() && fields[0].text[0] == '@') {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNamed = {
        {{"@hourly", "0 * * * *"},
         {"@daily", "0 0 * * *"},
         {"@midnight", "0 0 * * *"},
         {"@weekly", "0 0 * * 0"},
         {"@monthly", "0 0 1 * *"},
         {"@yearly", "0 0 1 1 *"}}};
    const auto named = std::find_if(kNamed.begin(), kNamed.end(), [&](const auto& entry) {
      return entry.first == fields[0].text;
    });
    mistake = {"a plan is written out in five fields",
               named == kNamed.end() ? "" : "write `" + std::string(named->second) + "`",
               fields[0].begin, fields[0].begin + fields[0].text.size()};
    return false;
  }
  if (fields.size() != 5) {
    const std::string found =
        std::to_string(fields.size()) + (fields.size() == 1 ? " field" : " fields");
    mistake = {
        "a plan has five fields, this has " + found,
        fields.size() == 6
            ? "there are no seconds here: leave the first field out"
            : "they are minute, hour, day of the month, month, day of the week: `0 8 * * mon-fri`",
        0, text.size()};
    return false;
  }
  std::array<std::uint64_t, 5> bits{};
  for (std::size_t i = 0; i < 5; ++i) {
    const std::optional<std::uint64_t> values =
        FieldReader(fieldKinds()[i], fields[i], mistake).read();
    if (!values) return false;
    bits[i] = *values;
  }
  plan.minutes = bits[0];
  plan.hours = static_cast<std::uint32_t>(bits[1]);
  plan.days = static_cast<std::uint32_t>(bits[2]);
  plan.months = static_cast<std::uint32_t>(bits[3]);
  plan.weekdays = static_cast<std::uint32_t>(bits[4]);
  plan.anyDay = fields[2].text[0] == '*';
  plan.anyWeekday = fields[4].text[0] == '*';
  if (!plan.anyWeekday || plan.anyDay) return true;
  // A day that no month of the plan has, in any year.
  static constexpr int kDays[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (std::uint32_t month = 1; month <= 12; ++month) {
    if (!(plan.months >> month & 1)) continue;
    if (plan.days & ((std::uint64_t{2} << kDays[month]) - 1)) return true;
  }
  mistake = {"this moment never comes: no month of the plan has such a day", "", fields[2].begin,
             fields[3].begin + fields[3].text.size()};
  return false;
}

// From the greatest unit to the least: a month that does not fit is skipped as a whole. A plan that
// never comes (the 30th of February) ends at the bound.
std::optional<Time> nextMoment(const CronPlan& plan, Time after) {
  constexpr Time kMinute = 60'000'000, kDay = 1440 * kMinute;
  // the calendar repeats: what does not come until then never comes
  constexpr std::int64_t kYears = 400;
  const Time next = after - ((after % kMinute) + kMinute) % kMinute + kMinute;
  std::int64_t day = next / kDay - (next % kDay < 0 ? 1 : 0);
  std::int64_t minute = (next - day * kDay) / kMinute;
  for (const std::int64_t end = day + kYears * 366; day < end; ++day, minute = 0) {
    const CivilDate date = civilFromDays(day);
    if (!(plan.months >> date.month & 1)) continue;
    const bool inMonth = plan.days >> date.day & 1, inWeek = plan.weekdays >> dayOfWeek(day) & 1;
    if (!(plan.anyDay || plan.anyWeekday ? inMonth && inWeek : inMonth || inWeek)) continue;
    for (; minute < 1440; ++minute) {
      if (plan.hours >> (minute / 60) & 1 && plan.minutes >> (minute % 60) & 1) {
        return day * kDay + minute * kMinute;
      }
    }
  }
  return std::nullopt;
}

namespace {

constexpr Time kSecond = 1'000'000;

std::int64_t secondOf(Time time) { return time / kSecond - (time % kSecond < 0 ? 1 : 0); }

// Where the offset changes from what it is at `from`, up to `to`, where it is another.
std::int64_t changeBetween(std::int64_t from, std::int64_t to, const OffsetAt& offsetAt) {
  const auto before = offsetAt(from);
  while (to - from > 1) {
    const std::int64_t middle = from + (to - from) / 2;
    (offsetAt(middle) == before ? from : to) = middle;
  }
  return to;
}

// Stretch by stretch of one offset.
std::optional<Time> nextOfEveryHour(const CronPlan& plan, Time after, const OffsetAt& offsetAt) {
  for (std::int64_t from = secondOf(after);;) {
    const auto offset = offsetAt(from);
    if (!offset) return std::nullopt;
    const std::optional<Time> shown =
        nextMoment(plan, std::max(after, from * kSecond) + *offset * kSecond);
    if (!shown) return std::nullopt;
    const std::int64_t moment = secondOf(*shown) - *offset;
    if (offsetAt(moment) == offset) return moment * kSecond;
    const std::int64_t change = changeBetween(from, moment, offsetAt);
    const auto later = offsetAt(change);
    if (!later) return std::nullopt;
    // The moment of the change itself counts as well.
    const std::optional<Time> there = nextMoment(plan, (change + *later) * kSecond - 1);
    if (there && secondOf(*there) - *later == change && change * kSecond > after) {
      return change * kSecond;
    }
    from = change;
    after = change * kSecond;
  }
}

}  // namespace

std::optional<Time> nextMoment(const CronPlan& plan, Time after, const OffsetAt& offsetAt) {
  constexpr std::uint32_t kAllHours = (1u << 24) - 1;
  if (plan.hours == kAllHours) return nextOfEveryHour(plan, after, offsetAt);
  const auto offset = offsetAt(secondOf(after));
  if (!offset) return std::nullopt;
  // Where the clocks have jumped forward, what they skipped is still to come.
  constexpr std::int64_t kDay = 86'400;
  const auto before = offsetAt(secondOf(after) - kDay);
  const std::int64_t jump = before ? std::max<std::int64_t>(*offset - *before, 0) : 0;
  for (Time shown = after + (*offset - jump) * kSecond;;) {
    const std::optional<Time> next = nextMoment(plan, shown);
    if (!next) return std::nullopt;
    const auto instant = instantShowing(secondOf(*next), offsetAt);
    if (!instant) return std::nullopt;
    if (*instant * kSecond > after) return *instant * kSecond;
    shown = *next;
  }
}

}  // namespace reticle::model
