// How long events must be kept: bounds on the distance in time between any two, from those that are
// written (Floyd 1962, as for temporal constraint networks by Dechter, Meiri and Pearl 1991).
#include <algorithm>
#include <cassert>
#include <utility>

#include "model/time.h"

namespace reticle::model {
namespace {

// Saturates: without a bound plus anything is without a bound.
Span64 plus(Span64 a, Span64 b) {
  if (a == kForever || b == kForever) return kForever;
  Span64 sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kForever : sum;
}

// One event that the conditions speak of.
struct Place {
  const Pattern* pattern = nullptr;
  bool trigger = false;
  // under `not`, `exists`, `forall`, `accumulate`: the events bound around that
  std::vector<std::size_t> outside;
  bool candidate = false;
};

class Reader {
 public:
  Reader(const Program& program, Timing& timing) : program_(program), timing_(timing) {}

  void read(const std::vector<Condition>& conditions) {
    // First the places and the distances as written, then the closure over all pairs.
    walk(conditions, {}, false);
    bound_.assign(places_.size() * places_.size(), kForever);
    for (std::size_t i = 0; i < places_.size(); ++i) bound(i, i) = 0;
    for (const Distance& distance : distances_) {
      Span64& later = bound(distance.from, distance.to);
      Span64& earlier = bound(distance.to, distance.from);
      later = std::min(later, distance.later);
      earlier = std::min(earlier, distance.earlier);
    }
    // ORDER: the place in between is the outermost loop, or paths over several places are missed.
    for (std::size_t k = 0; k < places_.size(); ++k) {
      for (std::size_t i = 0; i < places_.size(); ++i) {
        for (std::size_t j = 0; j < places_.size(); ++j) {
          bound(i, j) = std::min(bound(i, j), plus(bound(i, k), bound(k, j)));
        }
      }
    }
    connect();
    // Those around come first, so that theirs is known.
    for (std::size_t i = 0; i < places_.size(); ++i) {
      timing_.lifetimes[places_[i].pattern] = lifetime(i);
    }
    for (const Negation& negation : negations_) addDeadline(negation);
  }

 private:
  // by row: the events it may hold (several after an `either`)
  using Rows = std::vector<std::vector<std::size_t>>;
  // time of `to` - time of `from` <= later; the other way round <= earlier
  struct Distance {
    std::size_t from, to;
    Span64 later, earlier;
  };
  struct Named {
    std::size_t place;
    std::uint32_t row;
  };
  struct Negation {
    const Condition* condition;
    std::size_t begin, end;
    std::vector<Named> outside;
  };

  Span64& bound(std::size_t from, std::size_t to) { return bound_[from * places_.size() + to]; }

  static void put(Rows& rows, std::uint32_t row, std::vector<std::size_t> events) {
    if (rows.size() <= row) rows.resize(row + 1);
    rows[row] = std::move(events);
  }

  void addPattern(const Pattern& pattern, Condition::Origin origin, Rows& rows, bool candidate,
                  const std::vector<std::size_t>& outside) {
    put(rows, pattern.row, {});
    if (program_.type(pattern.type).kind != FactKind::Event) return;
    const std::size_t place = places_.size();
    places_.push_back({&pattern,
                       origin == Condition::Origin::Event || origin == Condition::Origin::Change,
                       outside, candidate});
    rows[pattern.row] = {place};
    for (const Suffix& suffix : pattern.suffixes) {
      const bool distance = suffix.kind == Suffix::Kind::After ||
                            suffix.kind == Suffix::Kind::Before ||
                            suffix.kind == Suffix::Kind::WithinOf;
      if (!distance || suffix.row >= rows.size()) continue;
      const Span64 most = suffix.duration.value_or(kForever);
      for (const std::size_t from : rows[suffix.row]) {
        distances_.push_back({from, place, suffix.kind == Suffix::Kind::Before ? 0 : most,
                              suffix.kind == Suffix::Kind::After ? 0 : most});
      }
    }
  }

  // The rows after the conditions.
  Rows walk(const std::vector<Condition>& conditions, Rows rows, bool candidate,
            const std::vector<std::size_t>& around = {}) {
    for (const Condition& condition : conditions) {
      using Kind = Condition::Kind;
      switch (condition.kind) {
        case Kind::Pattern:
          addPattern(condition.pattern, condition.origin, rows, candidate, around);
          break;
        case Kind::Not:
        case Kind::Exists:
        case Kind::Forall:
        case Kind::Accumulate: {
          std::vector<std::size_t> outside = around;
          for (const std::vector<std::size_t>& events : rows) {
            outside.insert(outside.end(), events.begin(), events.end());
          }
          const std::size_t begin = places_.size();
          Rows inner = rows;
          if (condition.hasPattern()) {
            addPattern(condition.pattern, Condition::Origin::When, inner, true, outside);
          }
          if (!condition.groups.empty()) walk(condition.groups[0], inner, true, outside);
          if (condition.kind == Kind::Not || condition.kind == Kind::Forall) {
            noteNegation(condition, rows, begin);
          }
          break;
        }
        case Kind::Either: {
          std::vector<Rows> behind;
          for (const std::vector<Condition>& group : condition.groups) {
            behind.push_back(walk(group, rows, candidate, around));
          }
          for (const Export& name : condition.exports) {
            if (!name.fact) continue;
            std::vector<std::size_t> events;
            for (std::size_t branch = 0; branch < behind.size() && branch < name.from.size();
                 ++branch) {
              if (name.from[branch] < behind[branch].size()) {
                events.insert(events.end(), behind[branch][name.from[branch]].begin(),
                              behind[branch][name.from[branch]].end());
              }
            }
            put(rows, name.to, std::move(events));
          }
          break;
        }
        case Kind::Each:
        case Kind::Let:
        case Kind::If: break;
      }
    }
    return rows;
  }

  // The events around that the inside is measured from directly.
  void noteNegation(const Condition& condition, const Rows& rows, std::size_t begin) {
    Negation negation{&condition, begin, places_.size(), {}};
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      for (const std::size_t place : rows[row]) {
        const bool named =
            std::any_of(distances_.begin(), distances_.end(),
                        [&](const Distance& d) { return d.from == place && d.to >= begin; });
        if (named) negation.outside.push_back({place, row});
      }
    }
    if (!negation.outside.empty()) negations_.push_back(std::move(negation));
  }

  // Which events stand in some distance of each other, at whatever remove.
  void connect() {
    group_.resize(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) group_[i] = i;
    for (bool changed = true; changed;) {
      changed = false;
      for (const Distance& d : distances_) {
        const std::size_t least = std::min(group_[d.from], group_[d.to]);
        changed = changed || group_[d.from] != least || group_[d.to] != least;
        group_[d.from] = group_[d.to] = least;
      }
    }
  }

  Span64 lifetime(std::size_t at) {
    const Place& place = places_[at];
    const std::optional<Span64> expires = program_.type(place.pattern->type).expires;
    for (const Suffix& suffix : place.pattern->suffixes) {
      if (suffix.kind == Suffix::Kind::OverLast) return suffix.duration.value_or(0);
      if (suffix.kind == Suffix::Kind::OverLastCount) return expires.value_or(kForever);
    }
    Span64 most = place.trigger ? 0 : expires.value_or(0);
    bool endless = false;
    const auto need = [&](Span64 span) {
      if (span == kForever) {
        endless = true;
      } else {
        most = std::max(most, span);
      }
    };
    for (std::size_t other = 0; other < places_.size(); ++other) {
      if (other == at || group_[other] != group_[at]) continue;
      need(bound(at, other));
      if (!place.trigger && bound(other, at) != kForever) need(bound(other, at));
    }
    if (place.candidate) {
      for (const std::size_t outer : place.outside) {
        if (group_[outer] == group_[at]) {
          need(plus(timing_.lifetimes[places_[outer].pattern],
                    std::max<Span64>(bound(at, outer), 0)));
        }
      }
    }
    if (!endless || place.trigger) return most;
    return expires ? most : kForever;
  }

  // Of each event inside, one of the bounds from those around must be over.
  void addDeadline(const Negation& negation) {
    std::vector<std::vector<Timing::Moment>> all;
    for (std::size_t inner = negation.begin; inner < negation.end; ++inner) {
      std::vector<Timing::Moment> any;
      bool over = false;
      for (const Named& outer : negation.outside) {
        const Span64 later = bound(outer.place, inner);
        over = over || later <= 0;
        if (later != kForever) {
          any.push_back({outer.row, places_[outer.place].pattern->type, later});
        }
      }
      if (!over && !any.empty()) all.push_back(std::move(any));
    }
    if (!all.empty()) timing_.deadlines.emplace(negation.condition, std::move(all));
  }

  const Program& program_;
  Timing& timing_;
  std::vector<Place> places_;
  std::vector<Distance> distances_;
  std::vector<Negation> negations_;
  std::vector<Span64> bound_;
  std::vector<std::size_t> group_;
};

}  // namespace

// Closes the distances over all events first, and reads the bound of each off them.
void addTiming(const Program& program, const std::vector<Condition>& conditions, Timing& timing) {
  Reader(program, timing).read(conditions);
}

}  // namespace reticle::model
