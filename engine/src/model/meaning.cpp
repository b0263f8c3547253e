// What a rule or flow means, as a text that changes only when the meaning does.
#include "model/meaning.h"

#include <cctype>
#include <set>
#include <string_view>

namespace reticle::model {
namespace {

// The dump leaves out what expressions stand for; here functions are put in the place of their
// calls, so that a change of one changes the meaning of all that use it.
class Meaning {
 public:
  explicit Meaning(const Program& program) : program_(program) {}

  // The text, and what it names: types and queries, with what these name in turn.
  std::string whole() {
    // What is added may name something new, so the added text is searched in turn. It ends because
    // each name is added once.
    for (std::size_t begun = 0; begun < text_.size();) {
      const std::string fresh = text_.substr(begun);
      begun = text_.size();
      addNamed(fresh);
    }
    return std::move(text_);
  }

  void line(const std::string& text) { text_ += text + "\n"; }
  void expression(const Expression& expression) {
    if (expression.present()) {
      line(canonicalText(expandFunctions(expression.tree, program_.functions)));
    }
  }

  void pattern(const Pattern& pattern) {
    for (const Constraint& constraint : pattern.constraints) expression(constraint.test);
    for (const Suffix& suffix : pattern.suffixes) {
      expression(suffix.by);
      expression(suffix.held);
    }
  }

  void conditions(const std::vector<Condition>& conditions) {
    for (const Condition& condition : conditions) {
      if (condition.hasPattern()) pattern(condition.pattern);
      for (const std::vector<Condition>& group : condition.groups) this->conditions(group);
      expression(condition.expr);
      expression(condition.where);
      for (const AccumulateFunction& function : condition.functions) expression(function.argument);
      for (const GroupKey& key : condition.groupBy) expression(key.value);
    }
  }

  void actions(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      // Defaults of the fields that are not given are part of what is made.
      const bool makes = action.kind == Action::Kind::Insert ||
                         action.kind == Action::Kind::InsertLogical ||
                         action.kind == Action::Kind::Upsert || action.kind == Action::Kind::Emit;
      if (makes) initials(program_.type(action.type));
      for (const NamedExpression& field : action.fields) named(field);
      for (const Expression* each : {&action.target, &action.value, &action.after, &action.at,
                                     &action.replacing, &action.key}) {
        expression(*each);
      }
      for (const NamedExpression& argument : action.arguments) named(argument);
      for (const NamedExpression& argument : action.undoArguments) named(argument);
      if (action.pattern) pattern(*action.pattern);
      conditions(action.conditions);
      if (action.retry) expression(action.retry->condition);
      this->actions(action.body);
      this->actions(action.otherwise);
    }
  }

 private:
  void named(const NamedExpression& field) {
    text_ += field.name + ": ";
    expression(field.value);
  }

  void initials(const FactType& type) {
    for (const Field& field : type.fields) expression(field.initial);
  }

  // Words of the text, whatever they are there: a word that happens to be a type's name only makes
  // the text longer, never wrong.
  void addNamed(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      if (!isWord(text[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && isWord(text[end])) ++end;
      addNamedBy(std::string(text.substr(at, end - at)));
      at = end;
    }
  }

  void addNamedBy(const std::string& word) {
    if (!seen_.insert(word).second) return;
    if (const FactType* type = program_.findType(word)) line(shapeOf(*type));
    for (const Query& query : program_.queries) {
      if (query.name != word) continue;
      line(dump(query));
      conditions(query.conditions);
    }
  }

  static bool isWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

  const Program& program_;
  std::string text_;
  std::set<std::string> seen_;
};

}  // namespace

// Types by the names and types of their fields: ids change when something else is declared.
std::string shapeOf(const FactType& type) {
  static constexpr const char* kKinds[] = {"fact", "subject", "event"};
  std::string text = std::string(kKinds[static_cast<int>(type.kind)]) + " " + type.name + " as " +
                     type.wireName + " named " + type.nameTemplate + (type.open ? " open" : "") +
                     (type.asSet ? " as set" : "");
  for (const Field& field : type.fields) {
    // Internal fields come and go with what other rules ask.
    if (!field.internal) {
      text += std::string("\n  ") + (field.hidden ? "hidden " : "") + (field.key ? "key " : "") +
              (field.ext ? "ext " : "") + field.name + ": " + toText(field.type);
    }
  }
  return text;
}

// Names of bindings do not count, as they are numbers by now.
std::string meaningOf(const Program& program, const Rule& rule) {
  Meaning meaning(program);
  meaning.line(dump(rule));
  meaning.expression(rule.salience);
  meaning.expression(rule.oncePer);
  meaning.conditions(rule.conditions);
  meaning.actions(rule.actions);
  return meaning.whole();
}

std::string meaningOf(const Program& program, const Flow& flow) {
  Meaning meaning(program);
  meaning.line(dump(flow));
  meaning.expression(flow.key);
  meaning.actions(flow.steps);
  for (const Flow::Handler& handler : flow.handlers) meaning.actions(handler.steps);
  return meaning.whole();
}

}  // namespace reticle::model
