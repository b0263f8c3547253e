// The table of all words of the language, in the order in which editors should offer them.
#include "reticle/keywords.h"

#include <algorithm>

#include "syntax/accumulate_functions.h"

namespace reticle {
namespace {

using enum KeywordGroup;
using namespace begins;

// Where an action may begin: in a rule, in a flow, and in the `given` and `when` of a test.
constexpr std::uint32_t kActions = kAction | kStep | kDoing;

}  // namespace

const std::vector<Keyword>& keywords() {
  // Word, group, where it may stand, what it is. No place (0): a word that only another one leads
  // to, so it is not offered by itself. No text: it says what it is.
  static const std::vector<Keyword> kTable = {
      {"module", Declaration, kModule,
       "The name under which other modules import this one; at the top of the file."},
      {"import", Declaration, kModule, "Makes the names of another module available."},
      {"fact", Declaration, kModule,
       "What is inserted: a typed record. `key` fields give it its identity."},
      {"subject", Declaration, kModule,
       "A fact with a name and reactive properties: each change of one is an event."},
      {"event", Declaration, kModule, "What happens: visible to rules for one turn, then gone."},
      {"enum", Declaration, kModule | kType, "A choice of named values."},
      {"const", Declaration, kModule, "A value computed once, from literals and other constants."},
      {"function", Declaration, kModule, "An expression with parameters."},
      {"host", Declaration, kModule | kDoing,
       "A function that the host carries out; `pure` ones are used inside expressions."},
      {"pure", Declaration, 0,
       "Only computes, always with the same result: may be part of an expression."},
      {"table", Declaration, kModule, "A decision table: a function written as rows of cells."},
      {"rule", Declaration, kModule, "When some facts are so, then do this."},
      {"query", Declaration, kModule,
       "A question: conditions without actions; it returns what they bind."},
      {"flow", Declaration, kModule, "A durable run of steps, which survives a crash."},
      {"test", Declaration, kModule,
       "What is given, what happens, what is expected; with a virtual clock."},

      {"on", Clause, kRuleHead | kFlowHead,
       "What sets the rule off: an event, a change of a property, a time."},
      {"when", Clause, kRuleHead | kSection, "The conditions, which hold together."},
      {"then", Clause, kRuleHead, "What is done; all of it or nothing."},
      {"given", Clause, kModule | kSection, "What a test, or every session, begins with."},
      {"expect", Clause, kSection, "What must be so when the test has settled."},
      {"salience", Clause, kRuleHead, "Rules with a higher number fire first."},
      {"group", Clause, kRuleHead, "The set of rules this one belongs to; `focus` switches it on."},
      {"auto-focus", Clause, kRuleHead, "When the rule can fire, its group gets the focus."},
      {"exclusive", Clause, kRuleHead,
       "When one of the rules of this name fires, the others that are ready do not."},
      {"once", Clause, kRuleHead, "Fires at most once in the session, or once per value."},
      {"per", Clause, 0, ""},
      {"no-loop", Clause, kRuleHead,
       "What the rule changes does not fire it again for the same match."},
      {"repeat", Clause, kRuleHead, "The rule may fire itself again: that is meant."},
      {"disabled", Clause, kRuleHead, "The rule never fires."},
      {"allow", Clause, kRuleHead, "Warnings that are meant here."},
      {"tags", Clause, kRuleHead, "Words for people and tools."},
      {"effective", Clause, kRuleHead, "The days between which the rule holds."},
      {"from", Clause, 0, ""},
      {"to", Clause, 0, ""},
      {"zone", Clause, 0, "The time zone of a plan, or of dates."},
      {"missed", Clause, 0, "What becomes of moments that pass together."},
      {"as", Clause, kTypeHead, "The name on the wire, or of a subject; the name of a binding."},
      {"at", Clause, 0, "The subject that the event is about."},
      {"key", Clause, kField | kFlowHead, "Part of the identity."},
      {"ext", Clause, kField,
       "Travels on the change events of the subject and raises none itself."},
      {"open", Clause, kTypeHead, "Properties need not be declared."},
      {"expires", Clause, kTypeHead, "How long the event is remembered."},
      {"where", Clause, kFieldTail, "A check on the value, whoever gives it."},
      {"max", Clause, kFieldTail, "A bound on the size."},
      {"by", Clause, kTableHead, "The parameters that the columns compare."},
      {"hit", Clause, kTableHead,
       "What happens when several rows match: `unique`, `first`, `any`, `collect`."},
      {"unique", Clause, 0, "At most one row matches."},
      {"first", Clause, 0, "The first row that matches counts."},
      {"any", Clause, 0, "All rows that match agree."},
      {"collect", Clause, 0, "The results of all rows that match."},
      {"default", Clause, 0, "The result when no row matches."},
      {"change", Clause, kTrigger, "A change of one property of a subject, with `old` and `new`."},
      {"every", Clause, kTrigger, "Again and again, with this much time between."},
      {"cron", Clause, kTrigger, "At the times of a plan."},
      {"timeout", Clause, kFlowHead | kStepTail, "How long it may take."},
      {"retry", Clause, kFlowHead | kStepTail,
       "What happens when a call fails: how often it is tried again, and after which pauses."},
      {"backoff", Clause, 0, "How the pauses grow."},
      {"constant", Clause, 0, "All pauses are alike."},
      {"linear", Clause, 0, "Each pause is longer by the first one."},
      {"exponential", Clause, 0, "Each pause is twice the one before."},
      {"jitter", Clause, 0, "The part of a pause that chance decides."},
      {"times", Clause, 0, ""},
      {"forever", Clause, 0, ""},
      {"version", Clause, kFlowHead, "Runs go on by the version they began with."},
      {"failure", Clause, 0, "The run has failed."},
      {"cancel", Clause, kActions, "Ends a run."},

      {"not", Condition, kCondition | kExpect,
       "No fact matches; every candidate is definitely false."},
      {"exists", Condition, kCondition | kExpect,
       "At least one fact matches; fires once, whatever their number."},
      {"forall", Condition, kCondition, "Every fact that matches satisfies something more."},
      {"satisfies", Condition, 0, ""},
      {"either", Condition, kCondition, "One of several blocks holds."},
      {"or", Condition, 0, ""},
      {"accumulate", Condition, kCondition,
       "Computes over all facts that match: count, " RETICLE_ACCUMULATE_MIDDLE ", first, last."},
      {"skip", Condition, 0, ""},
      {"errors", Condition, 0, ""},
      {"into", Condition, 0, "The results of the `accumulate`, each with its function."},
      {"each", Condition, kCondition, "One match for each element of a list."},
      {"let", Condition, kCondition | kActions, "Names a value."},
      {"if", Condition, kCondition | kActions, "A condition about values."},
      {"else", Condition, 0, ""},
      {"over", Condition, kPatternTail,
       "A sliding window: `over last 10m`, `over last 3 events by e.sensor`."},
      {"last", Condition, 0, ""},
      {"held", Condition, kPatternTail, "True without a break for this long."},
      {"after", Condition, kPatternTail | kStepTail,
       "Later than another pattern; of a step: when those steps are done."},
      {"before", Condition, kPatternTail, "Earlier than another pattern."},
      {"within", Condition, kPatternTail, "No further away in time than this."},
      {"of", Condition, 0, ""},
      {"in", Condition, 0, ""},
      {"this", Condition, kOperand, "The fact that the pattern is looking at."},

      {"insert", Action, kActions | kTrigger, "Adds a fact."},
      {"logical", Action, 0, "The fact stays while some match supports it."},
      {"upsert", Action, kActions, "Adds a fact, or updates the one with its key."},
      {"set", Action, kActions, "Changes one property."},
      {"unset", Action, kActions, "Takes the value of a property away."},
      {"update", Action, kActions, "Changes several properties together."},
      {"with", Action, 0, ""},
      {"retract", Action, kActions | kTrigger, "Takes a fact away."},
      {"emit", Action, kActions, "Sends an event, now or later."},
      {"replacing", Action, 0, "A pending event of the same key is replaced."},
      {"muted", Action, 0, "The change of a property raises no event."},
      {"deliver", Action, 0, "How far an event goes: `local`, `outside` or `both`."},
      {"local", Action, 0, "Only to the rules and runs of this session."},
      {"outside", Action, 0, "Only out of the session."},
      {"both", Action, 0, "To the rules here, and out."},
      {"unhandled", Action, 0, "Out only where no rule here is for its type."},
      {"call", Action, kAction, "Asks the host to do something, after the firing is committed."},
      {"start", Action, kActions, "Begins a run of a flow."},
      {"signal", Action, kActions, "Hands an event to one run."},
      {"log", Action, kActions, "Writes a message."},
      {"debug", Action, 0, ""},
      {"info", Action, 0, ""},
      {"warn", Action, 0, ""},
      {"error", Action, 0, ""},
      {"for", Action, kActions, "Goes through a list, or in a flow through the facts that match."},
      {"focus", Action, kAction, "Switches a group of rules on."},
      {"halt", Action, kAction, "Ends the settling."},
      {"step", Action, kStep, "Calls a host function, once and for all: its result is journaled."},
      {"sleep", Action, kStep, "Waits for a time."},
      {"until", Action, 0, ""},
      {"wait", Action, kStep, "Waits for an event."},
      {"parallel", Action, kStep, "Steps that run at the same time."},
      {"branch", Action, 0, "A sequence of steps inside `parallel`."},
      {"try", Action, kStep, "Steps whose failure is caught."},
      {"catch", Action, 0, ""},
      {"fail", Action, kStep, "Ends the run as failed; its steps are undone."},
      {"return", Action, kStep, "Ends the run with a result."},
      {"compensate", Action, kStep, "Undoes what the steps have done."},
      {"restart", Action, kStep, "Begins the run anew."},
      {"run", Action, 0, "Runs another flow as a step."},
      {"undo", Action, kStepTail, "What takes the step back when the run fails later."},
      {"always", Action, 0, ""},
      {"ignore", Action, kStepTail, "An error of the step makes its result null."},
      {"find", Action, 0, "A fact, or null."},
      {"clock", Action, kDoing, "Sets the time."},
      {"settle", Action, kDoing, "Fires until nothing is ready."},
      {"advance", Action, kDoing, "Lets time pass."},
      {"crash", Action, kDoing, "Drops the state and recovers it from the journal."},
      {"replace", Action, kDoing, "Goes on with the rules of another file, on the same facts."},
      {"returns", Action, 0, ""},
      {"fails", Action, 0, ""},
      {"count", Action, kExpect, "How many facts match."},
      {"emitted", Action, kExpect, "An event was sent."},
      {"fired", Action, kExpect, "A rule has fired."},
      {"runaway", Action, kExpect, "The firing limit was hit, and the rule is among the culprits."},
      {"called", Action, kExpect, "A host function was called."},
      {"check", Action, kExpect, "An expression is true."},
      {"order", Action, kExpect, "Which rules have fired since the last `expect`, in order."},
      {"agenda", Action, kExpect, "Which rules would fire now, the next one first."},
      {"completed", Action, 0, ""},
      {"failed", Action, kExpect, "A firing of a rule has failed."},
      {"running", Action, 0, ""},
      {"waiting", Action, 0, ""},
      {"cancelled", Action, 0, ""},

      {"true", Constant, kOperand, ""},
      {"false", Constant, kOperand, ""},
      {"null", Constant, kOperand, ""},
      {"old", Constant, 0, "The value before the change."},
      {"new", Constant, 0, "The value after the change."},

      {"bool", KeywordGroup::Type, kType, ""},
      {"int", KeywordGroup::Type, kType, "A whole number of 64 bits."},
      {"double", KeywordGroup::Type, kType, ""},
      {"string", KeywordGroup::Type, kType, ""},
      {"bytes", KeywordGroup::Type, kType, ""},
      {"timestamp", KeywordGroup::Type, kType, ""},
      {"duration", KeywordGroup::Type, kType, ""},
      {"list", KeywordGroup::Type, kType, ""},
      {"map", KeywordGroup::Type, kType, ""},
  };
  return kTable;
}

const Keyword* findKeyword(std::string_view word) {
  // Pointers into the table, which is never changed: the table keeps the order for editors, this
  // one is for finding.
  static const std::vector<const Keyword*> kSorted = [] {
    std::vector<const Keyword*> sorted;
    for (const Keyword& keyword : keywords()) sorted.push_back(&keyword);
    std::sort(sorted.begin(), sorted.end(),
              [](const Keyword* a, const Keyword* b) { return a->word < b->word; });
    return sorted;
  }();
  // The lexer cuts attributes with a hyphen into words; an editor asks for the word under the
  // cursor.
  if (word == "no" || word == "loop") word = "no-loop";
  if (word == "auto") word = "auto-focus";
  const auto found =
      std::lower_bound(kSorted.begin(), kSorted.end(), word,
                       [](const Keyword* k, std::string_view w) { return k->word < w; });
  return found != kSorted.end() && (*found)->word == word ? *found : nullptr;
}

}  // namespace reticle
