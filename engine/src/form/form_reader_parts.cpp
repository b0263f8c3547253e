// The parts of constructs that have a shape of their own in the form.
#include <algorithm>

#include "form/form_reader.h"

namespace reticle::form {

void FormReader::params(std::string_view member, std::vector<tree::Field>& params, Need need) {
  const DocumentNode* node = take(member, need, "[ … ]");
  if (node == nullptr || !expectList(*node, member, 0)) return;
  for (const DocumentNode& item : node->items) {
    // A parameter is described by a tag of its own, since it is a field without `key`, `ext` and
    // limits.
    if (!expectKind(item, DocumentNode::Kind::Object, "a parameter")) continue;
    tree::Field param;
    open(item, "a parameter");
    describe(*this, param, Parameter{});
    param.span = item.span;
    close();
    if (param.name) params.push_back(std::move(param));
  }
}

void FormReader::typeOrParams(std::string_view member, std::optional<tree::TypeUse>& type,
                              std::vector<tree::Field>& params) {
  const DocumentNode* node = frames_.back().node->find(member);
  if (node != nullptr && node->is(DocumentNode::Kind::List)) {
    return this->params(member, params, kRequired);
  }
  this->type(member, type, kRequired);
}

// One object, or a list of them: a pattern may stand in two relations `after` or `within`. The
// order of kSuffixes is the order in the tree, whatever the order of the members.
void FormReader::suffixes(std::vector<tree::Suffix>& suffixes) {
  for (const SuffixMember& m : kSuffixes) {
    const DocumentNode* node = take(m.member, Need::Optional, {});
    if (node == nullptr) continue;
    if (!node->is(DocumentNode::Kind::List)) {
      suffixes.push_back(suffixOf(*node, m));
      continue;
    }
    for (const DocumentNode& item : node->items) suffixes.push_back(suffixOf(item, m));
  }
}

tree::Suffix FormReader::suffixOf(const DocumentNode& node, const SuffixMember& m) {
  tree::Suffix suffix;
  suffix.kind = m.kind;
  suffix.span = node.span;
  // `held` is the only suffix with a single part, and so is written without an object: "held":
  // "10m".
  if (m.kind == tree::Suffix::Kind::Held) {
    suffix.duration = writtenDuration(node, m.member);
    return suffix;
  }
  if (!expectKind(node, DocumentNode::Kind::Object, quotedWord(m.member))) return suffix;
  open(node, quotedWord(m.member));
  describe(*this, suffix, m.kind);
  close();
  return suffix;
}

// `over`: the last span of time, or the last events by number. The kind of the suffix follows from
// the member, because both share one leading member.
void FormReader::window(tree::Suffix& suffix) {
  const DocumentNode& node = *frames_.back().node;
  if (node.find("last") != nullptr && node.find("lastCount") != nullptr) {
    report("RL8018", node.span, "a window is a time or a number, not both")
        .help.push_back("write `last` for a time, `lastCount` for a number");
  }
  if (node.find("lastCount") != nullptr) {
    suffix.kind = tree::Suffix::Kind::OverLastCount;
    integer("lastCount", suffix.count);
    source("by", suffix.by);
    // Named only so that `close` does not report it a second time, as unknown.
    take("last", Need::Optional, {});
  } else {
    duration("last", suffix.duration, kRequired);
    frames_.back().known.push_back("lastCount");
  }
}

std::vector<tree::Condition> FormReader::conditionsOf(const DocumentNode& node) {
  std::vector<tree::Condition> conditions;
  readAll(node, conditions, "condition");
  return conditions;
}

// A pattern, or a list of conditions.
void FormReader::group(std::string_view member, std::optional<tree::Pattern>& pattern,
                       std::vector<std::vector<tree::Condition>>& groups) {
  const DocumentNode* node = take(member, kRequired, "{\"match\": \"…\"}");
  if (node == nullptr) return;
  if (node->is(DocumentNode::Kind::List)) {
    groups.push_back(conditionsOf(*node));
  } else if (node->is(DocumentNode::Kind::Object)) {
    pattern = read<tree::Pattern>(*node, quotedWord(member));
  } else {
    expectKind(*node, DocumentNode::Kind::Object, quotedWord(member));
  }
  // A negation of nothing would mean something: without its inside the condition is left out.
  if (!pattern && groups.empty()) frames_.back().unusable = true;
}

// One expression, whose fields are those of the pattern, or a list of conditions.
void FormReader::satisfies(std::string_view member, tree::Condition& condition) {
  const DocumentNode* node = take(member, kRequired, "\"…\"");
  if (node != nullptr && node->is(DocumentNode::Kind::List)) {
    condition.groups.push_back(conditionsOf(*node));
    return;
  }
  const std::string binding = condition.pattern ? condition.pattern->binding.text : "";
  condition.expr = node != nullptr ? sourceOf(*node, member, &binding) : Expr{};
}

// `either` with fewer than two branches is no choice.
void FormReader::branches(std::string_view member,
                          std::vector<std::vector<tree::Condition>>& branches) {
  const DocumentNode* node = take(member, kRequired, "[[ … ], [ … ]]");
  if (node == nullptr || !expectList(*node, member, 2)) return;
  for (const DocumentNode& item : node->items) {
    if (expectKind(item, DocumentNode::Kind::List, "a branch of `either`")) {
      branches.push_back(conditionsOf(item));
    }
  }
}

// {"region": "o.region"}: the names are bindings of the rule, the values are CEL source.
void FormReader::groupBy(std::string_view member, std::vector<tree::GroupKey>& keys) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Object, quotedWord(member))) return;
  if (node->items.empty()) {
    report("RL8016", node->span, "`" + std::string(member) + "` names nothing");
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    if (checkName(node->names[i], node->nameSpans[i], Naming::Binding, member, false)) {
      keys.push_back({{node->names[i], node->nameSpans[i]},
                      sourceOf(node->items[i], node->names[i], nullptr)});
    }
  }
}

// {"n": "count", "total": {"sum": "i.qty"}, "most": {"percentile": ["i.qty", "95"]}}
void FormReader::into(std::string_view member, std::vector<tree::AccumulateFunction>& functions) {
  const DocumentNode* node = take(member, kRequired, "{\"n\": \"count\"}");
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Object, quotedWord(member))) return;
  if (node->items.empty()) {
    report("RL8016", node->span, "`into` computes nothing")
        .help.push_back(
            "write `{\"n\": \"count\"}`, or another function: `{\"total\": {\"sum\": \"i.qty\"}}`");
  }
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    const DocumentNode& item = node->items[i];
    if (!checkName(node->names[i], node->nameSpans[i], Naming::Binding, member, false)) continue;
    tree::AccumulateFunction function;
    function.result = {node->names[i], node->nameSpans[i]};
    function.span = {file_, node->nameSpans[i].begin, item.span.end};
    if (item.is(DocumentNode::Kind::String)) {
      function.function = nameOf(item, Naming::Plain, node->names[i]);
    } else if (item.is(DocumentNode::Kind::Object) && item.items.size() == 1) {
      function.function = {item.names[0], item.nameSpans[0]};
      const DocumentNode& given = item.items[0];
      if (given.is(DocumentNode::Kind::List) && given.items.size() == 2) {
        function.argument = sourceOf(given.items[0], item.names[0], nullptr);
        function.second = sourceOf(given.items[1], item.names[0], nullptr);
      } else {
        function.argument = sourceOf(given, item.names[0], nullptr);
      }
    } else {
      report("RL8010", item.span, "a result of `into` is computed by one function")
          .help.push_back("write `{\"sum\": \"i.qty\"}`, or `\"count\"`");
      continue;
    }
    if (function.function) functions.push_back(std::move(function));
  }
}

// Where both are there, `fields` is read and the other one is named, so that it is not reported as
// unknown too.
void FormReader::fieldsOrWith(tree::Action& action) {
  const DocumentNode& node = *frames_.back().node;
  const bool fields = node.find("fields") != nullptr, with = node.find("with") != nullptr;
  if (fields && with) report("RL8018", node.span, "`update` has `fields` or `with`, not both");
  action.kind = with && !fields ? tree::Action::Kind::UpdateWith : tree::Action::Kind::UpdateFields;
  if (action.kind == tree::Action::Kind::UpdateWith) {
    value("with", action.with);
  } else {
    arguments("fields", action.arguments);
  }
  frames_.back().known.push_back(with && !fields ? "fields" : "with");
}

// An object is a pattern, a text an expression: `for x in` goes over facts or over a list.
void FormReader::patternOrSource(std::string_view member, std::optional<tree::Pattern>& pattern,
                                 std::optional<Expr>& expr) {
  const DocumentNode* node = take(member, kRequired, "\"…\"");
  if (node != nullptr && node->is(DocumentNode::Kind::Object)) {
    pattern = read<tree::Pattern>(*node, quotedWord(member));
    if (!pattern) frames_.back().unusable = true;
    return;
  }
  expr = node != nullptr ? sourceOf(*node, member, nullptr) : Expr{};
}

// A list is one of conditions; anything else is read as an expression, and refused there by its
// kind.
void FormReader::conditionsOrSource(std::string_view member,
                                    std::vector<tree::Condition>& conditions,
                                    std::optional<Expr>& expr) {
  static const std::string kNone;
  const DocumentNode* node = take(member, kRequired, "\"…\"");
  if (node != nullptr && node->is(DocumentNode::Kind::List)) {
    conditions = conditionsOf(*node);
  } else {
    expr = node != nullptr ? sourceOf(*node, member, &kNone) : Expr{};
  }
}

// `true`: without a limit, which the tree writes as -1; a number: at most so many at once.
void FormReader::parallel(std::string_view member, bool& parallel, std::int64_t& max) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr) return;
  parallel = !node->is(DocumentNode::Kind::Boolean) || node->boolean;
  if (!node->is(DocumentNode::Kind::Boolean)) max = integerOf(*node, member).value_or(-1);
}

void FormReader::callOrRun(tree::Action& action) {
  const DocumentNode& node = *frames_.back().node;
  const bool run = node.find("run") != nullptr;
  if (run && node.find("call") != nullptr) {
    report("RL8018", node.span, "a step has `call` or `run`, not both");
  }
  action.run = run;
  name(run ? "run" : "call", action.target, Naming::Qualified, kRequired);
  frames_.back().known.push_back(run ? "call" : "run");
}

// `true`: until nothing is ready; a number: at most so many firings.
void FormReader::settle(std::string_view member, std::int64_t& count) {
  const DocumentNode* node = take(member, kRequired, "true");
  if (node != nullptr && !(node->is(DocumentNode::Kind::Boolean) && node->boolean)) {
    count = integerOf(*node, member).value_or(-1);
  }
}

// "forever", or how often. A number that is none counts as no retry, so that the rest is checked.
void FormReader::times(std::string_view member, bool& forever, std::int64_t& times) {
  const DocumentNode* node = take(member, kRequired, "3");
  if (node == nullptr) return;
  if (node->is(DocumentNode::Kind::String)) {
    forever = wordOf(*node, member, {"forever"}).has_value();
  } else {
    times = integerOf(*node, member).value_or(0);
  }
}

// true, or {"per": …}.
void FormReader::once(std::string_view member, tree::Declaration& d) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr) return;
  d.onceSpan = node->span;
  if (node->is(DocumentNode::Kind::Boolean)) {
    d.once = node->boolean;
    return;
  }
  d.once = true;
  if (!expectKind(*node, DocumentNode::Kind::Object, quotedWord(member))) return;
  open(*node, quotedWord(member));
  source("per", d.oncePer, kRequired);
  close();
}

void FormReader::handlers(std::string_view member, std::vector<tree::Handler>& handlers) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Object, quotedWord(member))) return;
  // Checked here, because no frame is opened for this object and so no `close` looks at its
  // members.
  const std::vector<std::string_view> known(std::begin(kHandlers), std::end(kHandlers));
  for (std::size_t i = 0; i < node->items.size(); ++i) {
    if (std::find(known.begin(), known.end(), node->names[i]) == known.end()) {
      Diagnostic& d =
          report("RL8014", node->nameSpans[i], "a flow cannot react to `" + node->names[i] + "`");
      suggest(d, node->names[i], node->nameSpans[i], known, "a flow reacts to");
      continue;
    }
    std::optional<tree::Handler> handler =
        read<tree::Handler>(node->items[i], quotedWord(node->names[i]));
    if (!handler) continue;
    handler->on = node->names[i];
    handlers.push_back(std::move(*handler));
  }
}

// {"not": {"emitted": …}}: a pattern after `not` is another kind.
bool FormReader::negation(std::string_view member, tree::Expect& expect) {
  const DocumentNode* node = frames_.back().node->find(member);
  if (node == nullptr || !node->is(DocumentNode::Kind::Object)) return false;
  // A pattern has `match` and none of these, so the leading member tells the two apart.
  const bool negated = std::any_of(std::begin(kNegated), std::end(kNegated), [&](const auto& lead) {
    return node->find(lead.member) != nullptr;
  });
  if (!negated) return false;
  take(member, kRequired, {});
  expect.negated = true;
  open(*node, quotedWord(member));
  Span keyword;
  if (choose(expect.kind, kNegated, "expectation", keyword)) describeOccurrence(*this, expect);
  if (!close()) frames_.back().unusable = true;
  // For messages about other members of the outer object, whose kind `choose` has not set.
  frames_.back().what = quotedWord(member);
  return true;
}

// The sign is the member: {"count": …, ">=": 3}. Every sign is taken, so that a second one is
// reported as what it is and not as unknown.
void FormReader::comparison(Operator& op, std::optional<std::int64_t>& number,
                            std::optional<Expr>& value) {
  const DocumentNode& node = *frames_.back().node;
  for (const Operator relation : kRelations) {
    const DocumentNode* with = take(signOf(relation), Need::Optional, {});
    if (with == nullptr) continue;
    if (op != Operator::None) {
      report("RL8018", with->span, "`count` is compared once");
      continue;
    }
    op = relation;
    if (with->is(DocumentNode::Kind::String)) {
      value = sourceOf(*with, signOf(relation), nullptr);
    } else {
      number = integerOf(*with, signOf(relation));
    }
  }
  if (op != Operator::None) return;
  frames_.back().unusable = true;
  if (sound_) {
    report("RL8012", {file_, node.span.begin, node.span.begin + 1},
           "this `count` is compared with nothing")
        .help.push_back("for example, write `\"==\": 1`");
  }
}

void FormReader::hit(std::string_view member, std::string& hit, Span& span) {
  const std::vector<std::string_view> words(std::begin(kHits), std::end(kHits));
  if (const std::optional<std::size_t> found = wordAmong(member, words, Need::Optional)) {
    hit = std::string(words[*found]);
    // A span that is not empty says that the policy was written: it is then printed although it is
    // the usual one.
    span = frames_.back().node->find(member)->span;
  }
}

}  // namespace reticle::form
