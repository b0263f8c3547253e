// What an engine returns when it is asked why.
//
// Explanations are trees; they are bounded where they are made, so writing them may recurse.
#include "reticle/wire.h"
#include "wire/wire_json.h"

namespace reticle::wire {

namespace {

// As types.ts spells it.
const char* nameOf(Explanation::Origin origin) {
  switch (origin) {
    case Explanation::Origin::Stated: return "stated";
    case Explanation::Origin::Derived: return "derived";
    case Explanation::Origin::Logical: return "logical";
  }
  return "stated";
}

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

// Reasons stand inside their facts; a fact that stood earlier in the tree says `repeated` and
// has no reasons of its own.
void write(Json& json, const Explanation& explanation) {
  json.object()
      .key("fact")
      .number(index(explanation.fact))
      .key("type")
      .text(explanation.type)
      .key("fields")
      .fields(explanation.fields);
  json.key("origin").text(nameOf(explanation.origin));
  json.flagIfSet("gone", explanation.gone)
      .flagIfSet("changed", explanation.changed)
      .flagIfSet("repeated", explanation.repeated);
  json.key("by").list();
  for (const Explanation::By& by : explanation.by) {
    json.object().key("rule").text(by.rule).key("change").number(number(by.change));
    if (by.activation != ActivationId{}) json.key("activation").number(index(by.activation));
    if (!by.bindings.empty()) json.key("bindings").fields(by.bindings);
    json.key("facts").list();
    for (const Explanation& fact : by.facts) write(json, fact);
    json.endList().endObject();
  }
  json.endList().key("text").text(explanation.text).endObject();
}

// Either both sides of a comparison, or why the test has no value.
void write(Json& json, const NearMiss& miss) {
  json.object()
      .key("facts")
      .ids(miss.facts)
      .key("test")
      .text(miss.test)
      .key("left")
      .value(miss.left)
      .key("right")
      .value(miss.right);
  json.textUnlessEmpty("error", miss.error).endObject();
}

// In the order of the rule.
void write(Json& json, const std::vector<ConditionReport>& conditions);

// Counts always; what explains them only when there is something to explain.
void write(Json& json, const ConditionReport& condition) {
  json.object().key("text").text(condition.text);
  json.key("node").number(
      condition.node == kNoNode ? -1 : static_cast<std::int64_t>(index(condition.node)));
  json.key("ofType").number(condition.ofType).key("facts").number(condition.facts);
  json.key("reached")
      .number(condition.reached)
      .key("partial")
      .number(condition.partial)
      .key("holds")
      .boolean(condition.holds);
  json.flagIfSet("more", condition.more).textUnlessEmpty("note", condition.note);
  if (!condition.blockedBy.empty()) json.key("blockedBy").ids(condition.blockedBy);
  if (!condition.blockers.empty()) {
    json.key("blockers").list();
    for (const Blocker& blocker : condition.blockers) {
      json.object()
          .key("facts")
          .ids(blocker.facts)
          .textUnlessEmpty("by", blocker.by)
          .flagIfSet("unsure", blocker.unsure)
          .endObject();
    }
    json.endList();
  }
  if (!condition.nearest.empty()) {
    json.key("nearest").list();
    for (const NearMiss& miss : condition.nearest) write(json, miss);
    json.endList();
  }
  if (!condition.results.empty()) json.key("results").fields(condition.results);
  if (!condition.groups.empty()) {
    json.key("groups").list();
    for (const std::vector<ConditionReport>& group : condition.groups) write(json, group);
    json.endList();
  }
  json.endObject();
}

void write(Json& json, const std::vector<ConditionReport>& conditions) {
  json.list();
  for (const ConditionReport& condition : conditions) write(json, condition);
  json.endList();
}

// An activation stands only in complete matches of which one came.
void write(Json& json, const std::vector<MatchView>& matches) {
  json.list();
  for (const MatchView& match : matches) {
    json.object().key("facts").ids(match.facts).key("bindings").fields(match.bindings);
    if (match.activation != ActivationId{}) {
      json.key("activation").number(index(match.activation)).key("fired").boolean(match.fired);
    }
    json.endObject();
  }
  json.endList();
}

}  // namespace

std::string toJson(const Explanation& explanation) {
  Json json;
  write(json, explanation);
  return json.take();
}

// What a match rests on, and what rests on it: both sides of truth maintenance.
std::string toJson(const ActivationExplanation& explanation) {
  Json json;
  json.object()
      .key("activation")
      .number(index(explanation.activation))
      .key("rule")
      .text(explanation.rule)
      .key("state")
      .text(name(explanation.state));
  json.key("salience")
      .number(explanation.salience)
      .key("change")
      .number(number(explanation.change))
      .key("before")
      .number(explanation.before);
  json.key("bindings").fields(explanation.bindings).key("facts").list();
  for (const Explanation& fact : explanation.facts) write(json, fact);
  json.endList().key("keeps").ids(explanation.keeps).key("text").text(explanation.text).endObject();
  return json.take();
}

// The summary for people, the state and the conditions for pictures.
std::string toJson(const WhyNot& whyNot) {
  Json json;
  json.object()
      .key("rule")
      .text(whyNot.rule)
      .key("fires")
      .boolean(whyNot.fires)
      .key("state")
      .text(name(whyNot.state));
  json.key("summary").text(whyNot.summary).key("conditions");
  write(json, whyNot.conditions);
  json.key("ready").ids(whyNot.ready).key("fired").ids(whyNot.fired).key("ahead").list();
  for (const WhyNot::Ahead& ahead : whyNot.ahead) {
    json.object()
        .key("activation")
        .number(index(ahead.activation))
        .key("rule")
        .text(ahead.rule)
        .key("salience")
        .number(ahead.salience)
        .endObject();
  }
  json.endList().key("aheadCount").number(whyNot.aheadCount).endObject();
  return json.take();
}

// Node by node; `stop` only where one test says what ends it.
std::string toJson(const FactPath& path) {
  Json json;
  json.object().key("fact").number(index(path.fact)).key("nodes").list();
  for (const FactPath::At& at : path.nodes) {
    json.object().key("node").number(index(at.node)).key("how").text(name(at.how));
    json.key("matches").number(at.matches);
    if (at.stop) {
      json.key("stop");
      write(json, *at.stop);
    }
    json.textUnlessEmpty("text", at.text).endObject();
  }
  json.endList().endObject();
  return json.take();
}

// Each stage with its whole count and the first of its matches.
std::string toJson(const RuleMatches& matches) {
  Json json;
  json.object().key("rule").text(matches.rule).key("conditions").list();
  for (const RuleMatches::Stage& stage : matches.conditions) {
    json.object()
        .key("text")
        .text(stage.text)
        .key("count")
        .number(number(stage.count))
        .flagIfSet("more", stage.more)
        .key("matches");
    write(json, stage.matches);
    json.endObject();
  }
  json.endList().key("complete");
  write(json, matches.complete);
  json.endObject();
  return json.take();
}

// Times are there only when a stopwatch was given.
std::string toJson(const Counters& counters) {
  Json json;
  json.object().key("nodes").list();
  for (const Counters::Node& node : counters.nodes) {
    json.object()
        .key("node")
        .number(index(node.node))
        .key("left")
        .number(number(node.left))
        .key("right")
        .number(number(node.right));
    json.key("tests")
        .number(number(node.tests))
        .key("tokens")
        .number(number(node.tokens))
        .key("memory")
        .number(number(node.memory))
        .endObject();
  }
  json.endList().key("rules").list();
  for (const Counters::Rule& rule : counters.rules) {
    json.object()
        .key("rule")
        .text(rule.name)
        .key("matches")
        .number(number(rule.matches))
        .key("firings")
        .number(number(rule.firings));
    json.key("failures").number(number(rule.failures));
    if (rule.nanoseconds != 0) {
      json.key("millis").value(Value::real(static_cast<double>(rule.nanoseconds) / 1e6));
    }
    if (!rule.unknown.empty()) {
      json.key("unknown").list();
      for (const Counters::Rule::Unknown& unknown : rule.unknown) {
        json.object().key("test").text(unknown.test).key("code").text(unknown.code);
        json.key("cause").text(unknown.cause).key("times").number(number(unknown.times));
        json.endObject();
      }
      json.endList();
    }
    json.endObject();
  }
  json.endList().endObject();
  return json.take();
}

}  // namespace reticle::wire
