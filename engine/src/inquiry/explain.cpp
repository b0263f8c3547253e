// What facts and activations rest on.

#include <algorithm>
#include <set>

#include "inquiry/inquiry.h"
#include "inquiry/wording.h"
#include "session/activations.h"

namespace reticle {

namespace {

constexpr int kDeepest = 64;               // generations of ancestry shown
constexpr std::size_t kMostShown = 2'000;  // facts of it

// The facts that a fact rests on, as a tree. A fact that stands in it already is named and not
// followed again: facts may rest on each other in circles.
class Ancestry {
 public:
  explicit Ancestry(const Session::State& state) : s_(state) {}

  Explanation of(FactId fact, int depth = 0) {
    const StoredFact* stored = s_.memory.find(fact);
    return of({fact, stored ? stored->recency : 0}, depth);
  }

  // A fact in the version that something rests on.
  Explanation of(const Reasons::Then& then, int depth) {
    Explanation out;
    out.fact = then.fact;
    const StoredFact* stored = s_.memory.find(then.fact);
    const Reasons::Past* past = s_.reasons.past(then);
    out.gone = !stored;
    if (!stored && !past) {
      out.type = "?";
      out.text = "fact " + std::to_string(index(then.fact)) + ", which is gone by now";
      return out;
    }
    const model::FactType& type = s_.program.type(stored ? stored->type : past->type);
    const Value* now = stored ? s_.memory.row(then.fact).fields : nullptr;
    const Value* fields = past ? past->fields.data() : now;
    out.type = type.name;
    for (std::uint32_t i = 0; i < type.declared; ++i) {
      out.fields.emplace_back(type.fields[i].name, fields[i]);
      out.changed = out.changed || (now && !(now[i] == fields[i]));
    }
    if (type.open && fields[type.fields.size() - 1].kind() == ValueKind::Map) {
      for (const auto& [name, value] : fields[type.fields.size() - 1].asMap()) {
        out.fields.emplace_back(std::string(name.asString()), value);
      }
    }
    const std::string what = textOf(type, fields) + (out.gone      ? ", which is gone by now,"
                                                     : out.changed ? ", as it was then,"
                                                                   : "");
    if (++shown_ > kMostShown || depth > kDeepest || !seen_.insert(then.fact).second) {
      out.repeated = true;
      out.text = what + " is told elsewhere";
      return out;
    }
    if (stored && stored->logical) {
      supports(out, depth);
      out.text =
          what + " holds as long as " +
          (out.by.size() == 1 ? "its reason does"
                              : "one of its " + std::to_string(out.by.size()) + " reasons does");
      for (const Explanation::By& by : out.by) out.text += "; \"" + by.rule + "\"";
    } else if (const std::optional<Reasons::Derivation> made =
                   stored ? s_.reasons.find(then.fact) : std::nullopt) {
      out.origin = Explanation::Origin::Derived;
      Explanation::By by;
      by.rule = s_.program.rules[index(made->rule)].name;
      by.change = made->change;
      for (const Reasons::Then& reason : made->facts) by.facts.push_back(of(reason, depth + 1));
      out.text = what + " was inserted by the rule \"" + by.rule + "\"";
      out.by.push_back(std::move(by));
    } else if (out.gone) {
      out.text = textOf(type, fields) + ", which is gone by now";
    } else {
      out.text = what + (type.builtin                          ? " is kept by the engine itself"
                         : type.kind == model::FactKind::Event ? " happened"
                                                               : " was handed in");
    }
    return out;
  }

 private:
  // A logical fact has as many reasons as matches support it.
  void supports(Explanation& out, int depth) {
    out.origin = Explanation::Origin::Logical;
    const auto* keepers = s_.truths.supportsOf(out.fact);
    if (!keepers) return;
    for (const ActivationSlot slot : *keepers) {
      const ActivationId keeper = s_.agenda.at(slot).id;
      const std::optional<SeenActivation> activation = activationNamed(s_, keeper);
      if (!activation) continue;
      const model::Rule& rule = s_.program.rules[index(activation->rule)];
      Explanation::By by;
      by.rule = rule.name;
      by.activation = keeper;
      by.change = activation->recency;
      by.bindings = bindingsOf(rule, localsOf(s_, *activation));
      for (FactId fact : activation->facts) by.facts.push_back(of(fact, depth + 1));
      out.by.push_back(std::move(by));
    }
  }

  // Like FactChecks::describe, for a version of a fact that may be gone.
  static std::string textOf(const model::FactType& type, const Value* fields) {
    std::string out = type.name + "{";
    for (std::uint32_t i = 0; i < type.declared; ++i) {
      out += (i ? ", " : "") + type.fields[i].name + ": " + toText(fields[i]);
    }
    return out + "}";
  }

  const Session::State& s_;
  std::set<FactId> seen_;
  std::size_t shown_ = 0;
};

}  // namespace

// --- questions

Result<Explanation> Inquiry::explain(FactId fact) const {
  if (!state().memory.find(fact)) {
    return Error{ErrorCode::UnknownFact,
                 "there is no fact " + std::to_string(index(fact)) + " (any more)",
                 "fact",
                 {}};
  }
  return Ancestry(state()).of(fact);
}

Result<ActivationExplanation> Inquiry::explain(ActivationId id) const {
  using State = ActivationExplanation::State;
  const Session::State& s = state();
  const std::optional<SeenActivation> activation = activationNamed(s, id);
  if (!activation) {
    return Error{ErrorCode::UnknownActivation,
                 "there is no activation " + std::to_string(index(id)) +
                     " (any more): a match that has ended has none",
                 "activation",
                 {}};
  }
  const model::Rule& rule = s.program.rules[index(activation->rule)];
  ActivationExplanation out;
  out.state = activation->fired ? State::Fired : activation->held ? State::Held : State::Ready;
  out.activation = id;
  out.ruleId = rule.id;
  out.rule = rule.name;
  out.salience = activation->salience;
  out.change = activation->recency;
  out.bindings = bindingsOf(rule, localsOf(s, *activation));
  Ancestry ancestry(s);
  for (FactId fact : activation->facts) out.facts.push_back(ancestry.of(fact));
  for (FactId fact : s.memory.all()) {
    const auto* keepers = s.memory.find(fact)->logical ? s.truths.supportsOf(fact) : nullptr;
    if (keepers &&
        std::find(keepers->begin(), keepers->end(), s.agenda.find(id)) != keepers->end()) {
      out.keeps.push_back(fact);
    }
  }
  for (const SeenActivation& other : readyOnes(s)) {
    if (other.id == id || out.state != State::Ready) break;
    ++out.before;
  }
  const std::string since = ", since change " + std::to_string(out.change);
  out.text = "\"" + rule.name + "\" ";
  switch (out.state) {
    case State::Fired: out.text += "has fired for this match, which holds" + since; break;
    case State::Held:
      out.text += "holds for this match" + since + ", but may not fire now: " + activation->waits;
      break;
    case State::Ready:
      out.text += "is ready" + since +
                  (out.before == 0 ? ", and fires next"
                                   : ", behind " + counted(out.before, "other activation"));
      if (out.salience != 0) out.text += "; its salience is " + std::to_string(out.salience);
      break;
  }
  return out;
}

const char* name(ActivationExplanation::State state) {
  switch (state) {
    case ActivationExplanation::State::Ready: return "ready";
    case ActivationExplanation::State::Fired: return "fired";
    case ActivationExplanation::State::Held: return "held";
  }
  return "";
}

}  // namespace reticle
