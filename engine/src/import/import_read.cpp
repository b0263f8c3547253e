// From the JSON of json-rules-engine to formulas. What its constructors refuse is an error here
// too, with the place; what it looks past is a note.
#include <algorithm>
#include <initializer_list>
#include <iterator>

#include "base/number.h"
#include "import/import_rules.h"

namespace reticle::importing {
namespace {

// The decorators that the library brings, written in front of an operator: `everyFact:in`.
constexpr std::string_view kDecorators[] = {"someFact",   "everyFact", "someValue",
                                            "everyValue", "swap",      "not"};

bool isMap(const Value& value) { return value.kind() == ValueKind::Map; }
std::string textOf(const Value& value) {
  return isString(value) ? std::string(value.asString()) : toText(value);
}

class Reader {
 public:
  explicit Reader(RuleFile& file) : file_(file), kinds_(file) {}

  // The three shapes of a file: a list of rules, rules with shared conditions, or one rule. Shared
  // conditions come first, because a rule may only refer to one that is there.
  void read(const Value& json) {
    // Names that mean something in a pattern or a function already.
    file_.used = {"this", "old", "new", "input", "operators"};
    const std::string_view word = isMap(json) && !json.find("rules") ? "decisions" : "rules";
    const Value* rules = isMap(json) ? json.find(word) : nullptr;
    if (isList(json)) {
      readList(json, "");
    } else if (rules && isList(*rules)) {
      lookAtMembers(json, {word, "conditions"}, "", "a rule file");
      if (const Value* shared = json.find("conditions")) readShared(*shared);
      readList(*rules, "/" + std::string(word));
    } else if (isMap(json) && json.find("conditions")) {
      readRule(json, "");
    } else {
      error("", "this is no rule file of json-rules-engine",
            "it is one rule, {\"conditions\": …, \"event\": …}, a list of rules, or {\"rules\": "
            "[…], \"conditions\": {…}}");
    }
    // Only now are all shared conditions read, also those that stood further down.
    if (!file_.isBroken) {
      for (const std::string& name : underNot_)
        makeTotal(file_.conditions[*sharedAt(name)].formula);
    }
  }

 private:
  void note(Level level, const std::string& pointer, std::string message, std::string help = "",
            std::string item = "") {
    addNote(file_, level, pointer, std::move(message), std::move(help), std::move(item));
  }
  void error(const std::string& pointer, std::string message, std::string help = "") {
    note(Level::Error, pointer, std::move(message), std::move(help));
  }

  // A JSON pointer, RFC 6901: `~` and `/` inside a name are escaped.
  static std::string below(const std::string& pointer, std::string_view member) {
    std::string result = pointer + "/";
    for (const char c : member) {
      result += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    }
    return result;
  }
  static std::string below(const std::string& pointer, std::size_t index) {
    return pointer + "/" + std::to_string(index);
  }
  // The library looks past members it does not know, and so does this; but a misspelled one should
  // not vanish without a word.
  void lookAtMembers(const Value& map, std::initializer_list<std::string_view> known,
                     const std::string& pointer, const std::string& what) {
    for (const auto& [key, value] : map.asMap()) {
      if (std::find(known.begin(), known.end(), key.asString()) != known.end()) continue;
      note(Level::Information, below(pointer, key.asString()),
           "json-rules-engine looks at no % of " + what + "; left out here", "",
           quoted(key.asString()));
    }
  }

  void readShared(const Value& shared) {
    if (!isMap(shared)) {
      return error("/conditions", "the shared conditions are an object, name by name; this is " +
                                      described(shared));
    }
    // All names before any formula: shared conditions may refer to each other in any order.
    for (const auto& [key, value] : shared.asMap()) {
      const std::string name(key.asString());
      file_.conditions.push_back({name,
                                  freshName(file_.used, nameFrom(name, false, "condition")),
                                  {},
                                  below("/conditions", name)});
    }
    for (std::size_t i = 0; i < file_.conditions.size(); ++i) {
      file_.conditions[i].formula = readRoot(shared.asMap()[i].second, file_.conditions[i].pointer);
    }
    for (std::size_t i = 0; i < file_.conditions.size(); ++i) {
      std::vector<bool> open(file_.conditions.size(), false);
      // They become functions of the module, and those may not call themselves.
      if (leadsTo(file_.conditions[i].formula, i, open)) {
        error(file_.conditions[i].pointer,
              "the shared condition " + quoted(file_.conditions[i].name) + " refers to itself",
              "take one of the references away");
      }
    }
  }

  // Its place in `file_.conditions`; nothing when there is no shared condition of this name.
  std::optional<std::size_t> sharedAt(std::string_view name) const {
    for (std::size_t i = 0; i < file_.conditions.size(); ++i) {
      if (file_.conditions[i].name == name) return i;
    }
    return std::nullopt;
  }
  // Whether the formula refers to `target`, directly or through others; `seen` ends circles that
  // go around it.
  bool leadsTo(const Formula& formula, std::size_t target, std::vector<bool>& seen) const {
    if (formula.kind == Formula::Kind::Named) {
      const std::optional<std::size_t> at = sharedAt(formula.name);
      if (!at) return false;
      if (*at == target) return true;
      if (seen[*at]) return false;
      seen[*at] = true;
      return leadsTo(file_.conditions[*at].formula, target, seen);
    }
    return std::any_of(formula.parts.begin(), formula.parts.end(),
                       [&](const Formula& part) { return leadsTo(part, target, seen); });
  }

  // What its paths lead to is null when there is nothing, in all of its parts.
  // Requires: every name in the formula is that of a shared condition, and none refers to itself.
  void makeTotal(Formula& formula) {
    formula.left.isTotal = formula.right.isTotal = true;
    if (formula.kind == Formula::Kind::Named) {
      makeTotal(file_.conditions[*sharedAt(formula.name)].formula);
    }
    for (Formula& part : formula.parts) makeTotal(part);
  }

  void readList(const Value& rules, const std::string& pointer) {
    for (std::size_t i = 0; i < rules.asList().size(); ++i) {
      readRule(rules.asList()[i], below(pointer, i));
    }
  }

  void readRule(const Value& json, const std::string& pointer) {
    if (!isMap(json)) {
      return error(pointer,
                   "a rule is an object with conditions and an event; this is " + described(json));
    }
    lookAtMembers(json,
                  {"conditions", "event", "priority", "name", "onSuccess", "onFailure", "id",
                   "description", "enabled"},
                  pointer, "a rule");
    Rule rule;
    const Value* id = json.find("id");
    const bool hasId = id && !id->isNull() && !textOf(*id).empty();
    if (hasId) rule.doc.push_back("The old id: " + quoted(textOf(*id)) + ".");
    if (const Value* text = json.find("description"); text && isString(*text)) {
      rule.doc.emplace_back(text->asString());
    }
    if (const Value* enabled = json.find("enabled"); enabled && enabled->isFalse()) {
      rule.isDisabled = true;
      note(Level::Information, below(pointer, "enabled"),
           "json-rules-engine does not look at `enabled`, its hosts do; with `false` the rule is "
           "`disabled` here");
    }
    if (const Value* conditions = json.find("conditions")) {
      rule.formula = readRoot(*conditions, below(pointer, "conditions"));
    } else {
      error(pointer, "this rule has no `conditions`", "a rule that always fires has {\"all\": []}");
    }
    if (const Value* priority = json.find("priority")) {
      readPriority(*priority, below(pointer, "priority"), rule);
    }
    readEvent(json.find("event"), pointer, rule);
    const Value* name = json.find("name");
    // In the library names are optional and may repeat; here a rule has one of its own.
    rule.name = freshName(ruleNames_,
                          name && !name->isNull() && !textOf(*name).empty() ? textOf(*name)
                          : hasId                                           ? textOf(*id)
                          : file_.events.empty()                            ? "rule"
                                                 : file_.events[rule.event].type,
                          " ");
    for (const std::string_view member : {"onSuccess", "onFailure"}) {
      if (!json.find(member)) continue;
      note(Level::Warning, below(pointer, member),
           quoted(member) + " is a function of the old host, and is left out",
           member == "onSuccess"
               ? "let the host listen to the event that the rule emits"
               : "a rule with the opposite condition can emit an event of its own");
    }
    file_.rules.push_back(std::move(rule));
  }

  // The library converts texts and rounds down, so this accepts what it would.
  void readPriority(const Value& json, const std::string& pointer, Rule& rule) {
    std::optional<std::int64_t> priority;
    if (json.kind() == ValueKind::Int) priority = json.asInt();
    if (json.kind() == ValueKind::Double && json.asDouble() >= 1 && json.asDouble() < 9e15) {
      priority = static_cast<std::int64_t>(json.asDouble());
    }
    if (isString(json)) priority = parseInt(json.asString());
    if (json.isNull()) return;
    if (!priority) {
      return error(pointer, "a priority is a whole number; this is " + described(json));
    }
    if (*priority <= 0) {
      return error(pointer,
                   "a priority is greater than zero; this is " + std::to_string(*priority));
    }
    rule.priority = *priority;
  }

  void readEvent(const Value* json, const std::string& pointer, Rule& rule) {
    const std::string place = below(pointer, "event");
    // The type that the library gives to a rule without an event.
    Value type = Value::string("unknown");
    if (!json) {
      note(Level::Information, pointer,
           "this rule has no event; json-rules-engine then emits one of the type `unknown`, and so "
           "does this");
    } else if (!isMap(*json) || !json->find("type")) {
      return error(place, "an event is an object with a `type`; this is " + described(*json));
    } else {
      type = *json->find("type");
      lookAtMembers(*json, {"type", "params"}, place, "an event");
    }
    readParams(json ? json->find("params") : nullptr, place, rule);
    std::vector<std::string> names;
    for (const Parameter& parameter : rule.parameters) names.push_back(parameter.name);
    rule.event = eventAt(textOf(type), std::move(names));
  }

  void readParams(const Value* params, const std::string& place, Rule& rule) {
    if (!params || params->isNull()) return;
    if (!isMap(*params)) {
      note(Level::Information, below(place, "params"),
           "these params are " + described(*params) +
               " and not an object; they are the event's field `params`");
      rule.parameters.push_back({"params", "params", {false, *params, 0, {}}});
      return;
    }
    std::vector<std::string> names{"this", "meta"};  // these mean something in every event
    for (const auto& [key, value] : params->asMap()) {
      const std::string member(key.asString());
      const std::string at = below(below(place, "params"), member);
      std::string name = freshName(names, nameFrom(member, false, "param"));
      if (name != member) {
        note(Level::Information, at,
             "params of events have other names: %; a name has letters, digits and `_`, and begins "
             "with a small letter",
             "", quoted(member) + " is " + quoted(name));
      }
      // A param may ask for a fact, as the right side of a comparison may.
      Operand operand = readOperand(value, at);
      operand.isTotal = true;
      if (operand.isField) {
        note(Level::Information, at,
             "the value of a fact stands here in json-rules-engine only with the option "
             "`replaceFactsInEventParams`; here it always does");
      }
      rule.parameters.push_back({member, std::move(name), std::move(operand)});
    }
  }

  // Events of one type with the same params become one declaration, whatever rules emit them.
  std::size_t eventAt(const std::string& type, std::vector<std::string> params) {
    for (std::size_t i = 0; i < file_.events.size(); ++i) {
      if (file_.events[i].type == type &&
          std::is_permutation(params.begin(), params.end(), file_.events[i].params.begin(),
                              file_.events[i].params.end())) {
        return i;
      }
    }
    file_.events.push_back(
        {type, freshName(typeNames_, nameFrom(type, true, "Event")), std::move(params)});
    return file_.events.size() - 1;
  }

  // The root of a rule or of a shared condition.
  Formula readRoot(const Value& json, const std::string& pointer) {
    if (isMap(json) && !json.find("all") && !json.find("any") && !json.find("not") &&
        !json.find("condition")) {
      error(pointer, "the root of conditions is `all`, `any`, `not` or `condition`",
            "put it into {\"all\": […]}");
      return {};
    }
    return readFormula(json, pointer, false);
  }

  // `isUnderNot`: an odd number of them stands around it.
  Formula readFormula(const Value& json, const std::string& pointer, bool isUnderNot) {
    Formula formula;
    if (!isMap(json)) {
      error(pointer, "a condition is an object; this is " + described(json));
      return formula;
    }
    // Once for the file: the difference is never one in what fires.
    if (json.find("priority") && !saidPriority_) {
      saidPriority_ = true;
      note(Level::Information, below(pointer, "priority"),
           "the priority of a condition says what is asked first; here the engine chooses, and the "
           "answer is the same");
    }
    // The order in which the library looks.
    for (const std::string_view word : {"any", "all", "not"}) {
      const Value* parts = json.find(word);
      if (!parts) continue;
      lookAtMembers(json, {word, "priority", "name"}, pointer, "a condition with " + quoted(word));
      const std::string place = below(pointer, word);
      if (word == "not") {
        formula.kind = Formula::Kind::Not;
        if (isList(*parts)) {
          error(place, "`not` takes one condition, and not a list",
                "put the list into `any` or `all`");
        } else {
          formula.parts.push_back(readFormula(*parts, place, !isUnderNot));
        }
        return formula;
      }
      formula.kind = word == "any" ? Formula::Kind::Any : Formula::Kind::All;
      if (!isList(*parts)) {
        error(place, quoted(word) + " takes a list of conditions; this is " + described(*parts));
        return formula;
      }
      for (std::size_t i = 0; i < parts->asList().size(); ++i) {
        formula.parts.push_back(readFormula(parts->asList()[i], below(place, i), isUnderNot));
      }
      return formula;
    }
    if (const Value* name = json.find("condition")) {
      formula.kind = Formula::Kind::Named;
      formula.name = textOf(*name);
      if (!sharedAt(formula.name)) {
        error(below(pointer, "condition"), "there is no shared condition " + quoted(formula.name),
              "put it at the top of the file: {\"rules\": […], \"conditions\": {\"" + formula.name +
                  "\": …}}");
      }
      if (isUnderNot) underNot_.push_back(formula.name);
      return formula;
    }
    return readComparison(json, pointer, isUnderNot);
  }

  // A comparison with an undefined value is true in the library only for the negative operators;
  // whether that shows depends on the negations around it and in its decorators.
  Formula readComparison(const Value& json, const std::string& pointer, bool isUnderNot) {
    Formula formula;
    formula.kind = Formula::Kind::Compare;
    lookAtMembers(json, {"fact", "operator", "value", "path", "params", "priority", "name"},
                  pointer, "a condition");
    const Value *fact = json.find("fact"), *operation = json.find("operator"),
                *value = json.find("value");
    for (const std::string_view member : {"fact", "operator", "value"}) {
      if (json.find(member)) continue;
      error(pointer, "this condition has no " + quoted(member),
            member == "value" ? "json-rules-engine refuses it as well; write \"value\": null for "
                                "an operator that looks at none"
                              : "");
    }
    if (!fact || !operation || !value) return formula;
    if (!isString(*operation)) {
      error(below(pointer, "operator"), "an operator is a text; this is " + described(*operation));
      return formula;
    }
    formula.left = readField(json, pointer);
    formula.right = readOperand(*value, below(pointer, "value"));
    if (!readOperator(operation->asString(), below(pointer, "operator"), formula)) return formula;
    kinds_.gather(formula, below(pointer, "value"));
    const bool isNegative = formula.operation == "notEqual" || formula.operation == "notIn";
    const bool isTurned =
        std::count(formula.decorators.begin(), formula.decorators.end(), "not") % 2 == 1;
    // Where it shows, what is not there must be null; elsewhere unknown is as good as false. Two
    // things that are not there are equal.
    formula.left.isTotal = formula.right.isTotal =
        (isNegative != isTurned) != isUnderNot ||
        (formula.operation == "equal" && formula.right.isField);
    return formula;
  }

  // Takes the decorators off the front, outermost first. False when one has no counterpart; an
  // unknown operator is none of these cases, it becomes a function of the host.
  bool readOperator(std::string_view text, const std::string& pointer, Formula& formula) {
    for (std::size_t colon; (colon = text.find(':')) != std::string_view::npos;
         text.remove_prefix(colon + 1)) {
      const std::string_view decorator = text.substr(0, colon);
      if (std::find(std::begin(kDecorators), std::end(kDecorators), decorator) ==
          std::end(kDecorators)) {
        error(pointer, "there is no counterpart to the decorator " + quoted(decorator),
              "write an operator that does it all, and a host function for that");
        return false;
      }
      formula.decorators.emplace_back(decorator);
    }
    formula.operation = text;
    if (isKnownOperator(text)) return true;
    for (const auto& each : file_.operators) {
      if (each.first == text) return true;
    }
    std::string name = freshName(operatorNames_, nameFrom(text, false, "operator"));
    note(Level::Warning, pointer, "operators of the old host are host functions here: %",
         "give the engine such functions, or write the comparisons into the rules and take the "
         "functions away",
         quoted(text) + " is `operators." + name + "`");
    file_.operators.emplace_back(text, std::move(name));
    return true;
  }

  // What a condition, a value or a param asks for: fact, params and path.
  Operand readField(const Value& json, const std::string& pointer) {
    Operand operand;
    operand.isField = true;
    const std::string fact = textOf(*json.find("fact"));
    std::string of;
    const Value *params = json.find("params"), *path = json.find("path");
    const bool hasParams =
        params && !params->isNull() && !(isMap(*params) && params->asMap().empty());
    // A fact asked with other params is another fact: it gets a field of its own, told apart by
    // `of`.
    if (hasParams) of = "asked with params " + toText(*params);
    bool isComputed = false;
    if (path && !path->isNull() && !(isString(*path) && path->asString().empty())) {
      const std::string text = textOf(*path);
      // `.a.b` is how paths were written before version 5.
      const bool isOld = text.size() > 1 && text.front() == '.' && text[1] != '.';
      if (std::optional<std::vector<Value>> parts = plainPath(isOld ? "$" + text : text)) {
        operand.path = std::move(*parts);
        if (isOld) {
          note(Level::Warning, below(pointer, "path"),
               "paths that begin with a point are those of json-rules-engine before version 5, and "
               "are followed as then; "
               "version 7 finds nothing there: %",
               "", quoted(text));
        }
        if (!operand.path.empty() && operand.path.back() == Value::string("length")) {
          note(Level::Information, below(pointer, "path"),
               "`length` is the size of a list or a text, `size(…)` here; an object with a member "
               "of "
               "that name needs it written out");
        }
      } else {
        isComputed = true;
        of += (of.empty() ? "at " : ", at ") + text;
      }
    }
    operand.field = fieldAt(fact, of);
    const std::string& name = file_.fields[operand.field].name;
    if (isComputed) {
      note(Level::Warning, below(pointer, "path"),
           "paths that do more than go down by names and positions are fields here: %",
           "follow the path before the insert, and give what was found",
           "what " + quoted(textOf(*path)) + " finds is " + quoted(name));
    } else if (hasParams) {
      note(Level::Warning, below(pointer, "params"),
           "facts that are computed with params are fields here: %",
           "compute them before the insert, and give their values",
           quoted(fact) + " with " + toText(*params) + " is " + quoted(name));
    }
    // What has a path is an object or a list of unknown make.
    if (!operand.path.empty()) file_.fields[operand.field].kinds |= kAny;
    return operand;
  }

  Operand readOperand(const Value& json, const std::string& pointer) {
    if (isMap(json) && json.find("fact")) return readField(json, pointer);
    return {false, json, 0, {}};
  }

  // The field of a fact; made when nothing has asked for it in this way before.
  std::size_t fieldAt(const std::string& fact, const std::string& of) {
    for (std::size_t i = 0; i < file_.fields.size(); ++i) {
      if (file_.fields[i].fact == fact && file_.fields[i].of == of) return i;
    }
    file_.fields.push_back({fact, freshName(file_.used, nameFrom(fact, false, "fact")), of});
    return file_.fields.size() - 1;
  }

  RuleFile& file_;
  Kinds kinds_;
  // the shared conditions that are referred to under a `not`
  std::vector<std::string> underNot_;
  std::vector<std::string> ruleNames_, operatorNames_;
  std::vector<std::string> typeNames_{"Input", "Clock"};
  bool saidPriority_ = false;
};

}  // namespace

RuleFile readRules(const Value& json) {
  RuleFile file;
  Reader(file).read(json);
  return file;
}

}  // namespace reticle::importing
