// Reads the compiled files of the time zone database (TZif, RFC 8536), and the rule for later
// years that stands at their end (POSIX TZ).
#include "base/time_zone.h"

#include <algorithm>

#include "base/time_text.h"

namespace reticle {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
// Bytes of the header of a block. Files with more changes than the bound are taken for damaged.
constexpr std::size_t kHeader = 44;
constexpr std::size_t kMostChanges = 10000;

// A signed number of 4 or 8 bytes: shifted to the top and back, to spread its sign.
std::int64_t bigEndian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  const std::size_t unused = 64 - 8 * size;
  return static_cast<std::int64_t>(number << unused) >> unused;
}

// The lengths of the parts of one block, in the order of its header.
struct Block {
  std::size_t utcMarks = 0, standardMarks = 0, leaps = 0, changes = 0, kinds = 0, names = 0;
  std::size_t size(std::size_t timeSize) const {
    return changes * (timeSize + 1) + kinds * 6 + names + leaps * (timeSize + 4) + standardMarks +
           utcMarks;
  }
};

// "TZif", a version, 15 unused bytes, then six counts.
std::optional<Block> readHeader(std::string_view bytes) {
  if (bytes.size() < kHeader || bytes.substr(0, 4) != "TZif") return std::nullopt;
  std::size_t counts[6];
  for (std::size_t i = 0; i < 6; ++i) {
    const std::int64_t count = bigEndian(bytes, 20 + 4 * i, 4);
    if (count < 0 || count > static_cast<std::int64_t>(kMostChanges)) return std::nullopt;
    counts[i] = static_cast<std::size_t>(count);
  }
  return Block{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

// The times of changes, then for each the number of its kind, then the kinds: offset (4 bytes),
// summer time (1), name (1).
std::optional<TimeZone> readBlock(std::string_view bytes, const Block& block,
                                  std::size_t timeSize) {
  if (bytes.size() < block.size(timeSize) || block.kinds == 0) return std::nullopt;
  const std::size_t indexes = block.changes * timeSize, kinds = indexes + block.changes;
  TimeZone zone;
  zone.first = static_cast<std::int32_t>(bigEndian(bytes, kinds, 4));
  for (std::size_t i = 0; i < block.changes; ++i) {
    const std::size_t kind = static_cast<unsigned char>(bytes[indexes + i]);
    if (kind >= block.kinds) return std::nullopt;
    zone.changes.push_back({bigEndian(bytes, i * timeSize, timeSize),
                            static_cast<std::int32_t>(bigEndian(bytes, kinds + 6 * kind, 4))});
  }
  return zone;
}

// --- rules

// The text `CET-1CEST,M3.5.0,M10.5.0/3`: name, offset, name of summer time, its offset when it is
// not one hour more, and when it begins and ends.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::optional<TimeZone::Rule> whole() {
    TimeZone::Rule rule;
    if (!name() || !offset(rule.standard)) return std::nullopt;
    rule.standard = -rule.standard;  // written as hours west
    rule.summer = rule.standard + 3600;
    if (at_ == text_.size()) return rule;
    if (!name()) return std::nullopt;
    if (at_ < text_.size() && text_[at_] != ',') {
      if (!offset(rule.summer)) return std::nullopt;
      rule.summer = -rule.summer;
    }
    rule.begins = change();
    rule.ends = change();
    if (!rule.begins || !rule.ends || at_ != text_.size()) return std::nullopt;
    return rule;
  }

 private:
  bool take(char c) { return at_ < text_.size() && text_[at_] == c && (++at_, true); }

  // CET, or <+0330>
  bool name() {
    if (take('<')) {
      const std::size_t end = text_.find('>', at_);
      if (end == std::string_view::npos) return false;
      at_ = end + 1;
      return true;
    }
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           ((text_[at_] >= 'A' && text_[at_] <= 'Z') || (text_[at_] >= 'a' && text_[at_] <= 'z'))) {
      ++at_;
    }
    return at_ > begin;
  }

  bool number(int& out) {
    const std::size_t begin = at_;
    out = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ < begin + 4; ++at_) {
      out = out * 10 + (text_[at_] - '0');
    }
    return at_ > begin;
  }

  // [+-]hours[:minutes[:seconds]]
  bool offset(std::int32_t& out) {
    const bool negative = take('-');
    if (!negative) take('+');
    int hours = 0, minutes = 0, seconds = 0;
    if (!number(hours) || (take(':') && !number(minutes)) || (take(':') && !number(seconds))) {
      return false;
    }
    out = (hours * 60 + minutes) * 60 + seconds;
    if (negative) out = -out;
    return true;
  }

  // ,M3.5.0/2 (month, week, weekday), ,J60 (day of the year without a leap day) or ,59 (from 0,
  // with it); then the time of day, two o'clock when it is not given.
  std::optional<YearlyChange> change() {
    YearlyChange made;
    if (!take(',')) return std::nullopt;
    if (take('M')) {
      if (!number(made.month) || !take('.') || !number(made.week) || !take('.') ||
          !number(made.weekDay)) {
        return std::nullopt;
      }
      if (made.month < 1 || made.month > 12 || made.week < 1 || made.week > 5 || made.weekDay > 6) {
        return std::nullopt;
      }
    } else {
      made.kind = take('J') ? YearlyChange::Kind::Julian : YearlyChange::Kind::DayOfYear;
      if (!number(made.day) || made.day > 365) return std::nullopt;
    }
    if (take('/') && !offset(made.second)) return std::nullopt;
    return made;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// When a change happens in a year, in seconds since 1970 by a clock that is `offset` east of UTC.
std::int64_t instantOf(const YearlyChange& change, std::int64_t year, std::int32_t offset) {
  std::int64_t day = daysFromCivil({year, 1, 1});
  switch (change.kind) {
    case YearlyChange::Kind::WeekDay: {
      const std::int64_t first = daysFromCivil({year, change.month, 1});
      // The first such weekday, then weeks later; "week 5" is the last one of the month.
      int date = (change.weekDay - dayOfWeek(first) + 7) % 7 + 7 * (change.week - 1);
      while (date >= daysInMonth(year, change.month)) date -= 7;
      day = first + date;
      break;
    }
    case YearlyChange::Kind::Julian:
      // Julian days do not count a leap day: after the 59th day it is passed over.
      day += change.day - 1 + (change.day > 59 && daysInMonth(year, 2) == 29 ? 1 : 0);
      break;
    case YearlyChange::Kind::DayOfYear: day += change.day; break;
  }
  return day * kSecondsPerDay + change.second - offset;
}

// Each change is written in the time that holds before it.
std::int32_t offsetByRule(const TimeZone::Rule& rule, std::int64_t seconds) {
  if (!rule.begins || !rule.ends) return rule.standard;
  const std::int64_t year = civilAt({seconds, 0}, rule.standard).date.year;
  const std::int64_t begin = instantOf(*rule.begins, year, rule.standard),
                     end = instantOf(*rule.ends, year, rule.summer);
  // South of the equator the summer goes over the turn of the year.
  const bool summer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end;
  return summer ? rule.summer : rule.standard;
}

}  // namespace

// After the last change the rule decides, before the first one the first offset holds.
std::int32_t TimeZone::offsetAt(std::int64_t seconds) const {
  const auto after =
      std::upper_bound(changes.begin(), changes.end(), seconds,
                       [](std::int64_t time, const Change& change) { return time < change.from; });
  if (after == changes.end() && rule) return offsetByRule(*rule, seconds);
  return after == changes.begin() ? first : (after - 1)->offset;
}

std::optional<TimeZone::Rule> readZoneRule(std::string_view text) {
  return RuleReader(text).whole();
}

std::optional<TimeZone> readTimeZone(std::string_view bytes) {
  const auto old = readHeader(bytes);
  if (!old) return std::nullopt;
  if (bytes[4] == '\0') return readBlock(bytes.substr(kHeader), *old, 4);
  // From version 2 on the first block is for old readers; the second one has times of 64 bits, and
  // a rule after it.
  const std::size_t skipped = kHeader + old->size(4);
  if (bytes.size() < skipped) return std::nullopt;
  const std::string_view rest = bytes.substr(skipped);
  const auto header = readHeader(rest);
  if (!header) return std::nullopt;
  auto zone = readBlock(rest.substr(kHeader), *header, 8);
  if (!zone) return std::nullopt;
  const std::string_view footer = rest.substr(kHeader + header->size(8));
  if (footer.size() > 2 && footer.front() == '\n') {
    if (const std::size_t end = footer.find('\n', 1); end != std::string_view::npos) {
      zone->rule = readZoneRule(footer.substr(1, end - 1));
    }
  }
  return zone;
}

}  // namespace reticle
