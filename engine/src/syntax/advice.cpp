// The two tables of advice: what stands in the place of something else, and what is missing.
#include "syntax/advice.h"

#include <cassert>

#include "base/suggest.h"
#include "syntax/accumulate_functions.h"

namespace reticle {
namespace {

using Kind = LexemeKind;

// What must follow a sign or word for it to be taken as meant.
enum class Next : std::uint8_t { Anything, Value, Number, Text, Type, Word, Name, Block, Arrow };

enum class Mend : std::uint8_t {
  Write,   // write `text` instead
  Remove,  // the lexeme; `text` is the title of the fix
  Drop,    // the lexeme and the space after it; likewise
};

struct Idiom {
  Spot spot;
  Kind kind;
  std::string_view word;  // of Kind::Word
  Next next;
  std::string_view code, message;  // `$here` is what stands there
  Mend mend;
  std::string_view text;
};

// Most idioms are one sign or one word, replaced as it stands.
constexpr Idiom sign(Spot spot, Kind kind, std::string_view code, std::string_view message,
                     std::string_view text) {
  return {spot, kind, {}, Next::Anything, code, message, Mend::Write, text};
}
constexpr Idiom word(Spot spot, std::string_view word, Next next, std::string_view code,
                     std::string_view message, std::string_view text) {
  return {spot, Kind::Word, word, next, code, message, Mend::Write, text};
}

// In the order of search: the first row whose place, lexeme and follower fit is taken. What
// follows keeps a word from being taken as meant where it is just a name.
constexpr Idiom kIdioms[] = {
    sign(Spot::LetSign, Kind::Equal, "RL0004", "`let` gives a value with `=`; `==` compares", "="),
    sign(Spot::SetSign, Kind::Equal, "RL0004", "`set` gives a value with `=`; `==` compares", "="),
    sign(Spot::SetSign, Kind::Colon, "RL0033", "`set` gives a value with `=`", "="),
    word(Spot::SetSign, "to", Next::Value, "RL0033", "`set` gives a value with `=`", "="),
    sign(Spot::StepSign, Kind::Colon, "RL0033", "the call of a step stands behind `=`", "="),
    sign(Spot::StepSign, Kind::Equal, "RL0033", "the call of a step stands behind `=`", "="),
    sign(Spot::ResultSign, Kind::Colon, "RL0033", "the result gets its value with `=`", "="),
    sign(Spot::ResultSign, Kind::Equal, "RL0033", "the result gets its value with `=`", "="),

    sign(Spot::ArgumentSign, Kind::Assign, "RL0031", "an argument is given with `:`", ":"),
    sign(Spot::EntrySign, Kind::Assign, "RL0031", "the value of an entry stands behind `:`", ":"),
    sign(Spot::MemberSign, Kind::Assign, "RL0031", "the value of a member stands behind `:`", ":"),
    sign(Spot::MemberSign, Kind::Equal, "RL0031", "the value of a member stands behind `:`", ":"),
    sign(Spot::PropertySign, Kind::Assign, "RL0031",
         "the value of a property stands behind `:` here", ":"),

    sign(Spot::FunctionResult, Kind::Colon, "RL0033", "the type of the result stands behind `->`",
         "->"),
    sign(Spot::FunctionResult, Kind::FatArrow, "RL0033",
         "the type of the result stands behind `->`", "->"),
    sign(Spot::RowResult, Kind::Arrow, "RL0032", "the result of a row stands behind `=>`", "=>"),
    sign(Spot::RowResult, Kind::Colon, "RL0032", "the result of a row stands behind `=>`", "=>"),
    sign(Spot::RowResult, Kind::Assign, "RL0032", "the result of a row stands behind `=>`", "=>"),
    {Spot::ThenSign,
     Kind::FatArrow,
     {},
     Next::Block,
     "RL0015",
     "the actions of a rule stand behind `then`",
     Mend::Write,
     "then"},
    {Spot::ThenSign,
     Kind::Arrow,
     {},
     Next::Block,
     "RL0015",
     "the actions of a rule stand behind `then`",
     Mend::Write,
     "then"},

    sign(Spot::CellRelation, Kind::Assign, "RL0004",
         "a cell compares with `==`, or with nothing in front", "=="),
    sign(Spot::CountRelation, Kind::Assign, "RL0004", "an expectation compares with `==`", "=="),

    word(Spot::WhenWord, "if", Next::Anything, "RL0015",
         "the conditions of a rule stand behind `when`", "when"),
    word(Spot::ThenWord, "do", Next::Anything, "RL0015",
         "the actions of a rule stand behind `then`", "then"),
    word(Spot::ForIn, "of", Next::Anything, "RL0033", "`for` goes through a list with `in`", "in"),
    sign(Spot::ForIn, Kind::Colon, "RL0033", "`for` goes through a list with `in`", " in"),
    word(Spot::OrWord, "else", Next::Block, "RL0033",
         "the alternatives of `either` follow each other with `or`", "or"),
    word(Spot::ElseIf, "elseif", Next::Anything, "RL0015", "$here is written in two words",
         "else if"),
    word(Spot::ElseIf, "elsif", Next::Anything, "RL0015", "$here is written in two words",
         "else if"),
    word(Spot::ElseIf, "elif", Next::Anything, "RL0015", "$here is written in two words",
         "else if"),
    word(Spot::ChangeWord, "changed", Next::Anything, "RL0015", "the trigger is called `change`",
         "change"),
    word(Spot::DefaultWord, "else", Next::Arrow, "RL0032",
         "what holds for the rest stands behind `default`", "default"),
    word(Spot::DefaultWord, "otherwise", Next::Arrow, "RL0032",
         "what holds for the rest stands behind `default`", "default"),
    word(Spot::ModuleWord, "package", Next::Word, "RL0015", "a file names its module with `module`",
         "module"),
    word(Spot::ModuleWord, "namespace", Next::Word, "RL0015",
         "a file names its module with `module`", "module"),
    word(Spot::SalienceWord, "priority", Next::Anything, "RL0016",
         "the priority of a rule is its `salience`", "salience"),
    word(Spot::ScriptReturns, "return", Next::Anything, "RL0015",
         "`return` should probably be `returns`", "returns"),
    word(Spot::TimesOfRetry, "time", Next::Anything, "RL0033", "the number is followed by `times`",
         "times"),
    word(Spot::LogLevel, "warning", Next::Text, "RL0033", "there is no level $here", "warn"),
    word(Spot::LogLevel, "err", Next::Text, "RL0033", "there is no level $here", "error"),
    word(Spot::LogLevel, "trace", Next::Text, "RL0033", "there is no level $here", "debug"),
    word(Spot::LogLevel, "notice", Next::Text, "RL0033", "there is no level $here", "info"),
    word(Spot::LogLevel, "fatal", Next::Text, "RL0033", "there is no level $here", "error"),
    word(Spot::Window, "over", Next::Number, "RL0033", "a window is written `over last`",
         "over last"),
    sign(Spot::OptionalType, Kind::Coalesce, "RL0030", "one `?` says that a value may be missing",
         "?"),

    {Spot::BeforeRecord, Kind::Word, "new", Next::Type, "RL0031",
     "a value of a type is written without `new`", Mend::Drop, "remove `new`"},
    {Spot::BeforeHeldTime, Kind::Word, "for", Next::Number, "RL0033",
     "the time follows `held` without `for`", Mend::Drop, "remove `for`"},
    {Spot::BeforeIfBlock, Kind::Word, "then", Next::Block, "RL0015",
     "an `if` among actions has no `then`", Mend::Drop, "remove `then`"},
    {Spot::BeforeForName, Kind::Word, "each", Next::Name, "RL0033",
     "`for` goes through a list without `each`", Mend::Drop, "remove `each`"},
    {Spot::BeforeEnumValues,
     Kind::Assign,
     {},
     Next::Anything,
     "RL0011",
     "the values of an enum stand in a block, without `=`",
     Mend::Remove,
     "remove the `=`"},
    {Spot::BeforeQueryConditions, Kind::Word, "when", Next::Anything, "RL0016",
     "the conditions of a query stand directly in its block", Mend::Remove, "remove `when`"},
    {Spot::BetweenParts,
     Kind::Comma,
     {},
     Next::Anything,
     "RL0022",
     "the parts of a rule stand without `,`",
     Mend::Remove,
     "remove it"},
    {Spot::AfterRuleName,
     Kind::Colon,
     {},
     Next::Anything,
     "RL0022",
     "the parts of a rule follow its name without `:`",
     Mend::Remove,
     "remove it"},
};

// Looks one lexeme ahead: what stands here is the idiom itself.
bool follows(const LexemeReader& l, Next next) {
  switch (next) {
    case Next::Anything: return true;
    case Next::Value: return l.operandStarts(1) && !l.at().lineFirst;
    case Next::Number: return l.is(Kind::Duration, 1) || l.is(Kind::Int, 1);
    case Next::Text:
      return l.is(Kind::String, 1) || l.is(Kind::TemplateHead, 1) || l.is(Kind::TemplateText, 1);
    case Next::Type: return l.typeStarts(1);
    case Next::Word: return l.is(Kind::Word, 1);
    case Next::Name: return l.is(Kind::Word, 1) && !l.isAnyWord({"in", "of"}, 1);
    case Next::Block: return l.is(Kind::BraceOpen, 1);
    case Next::Arrow: return l.is(Kind::FatArrow, 1);
  }
  return false;
}

// Whether reading goes on as if it were there.
enum class Then : std::uint8_t { GoOn, Recover };

struct Missing {
  Lack lack;
  Then then;
  std::string_view code, message, help;
  std::string_view title = {}, insert = {};  // of a fix: after the lexeme taken last
  std::string_view label = {};
};

// One row for each Lack. GoOn where the rest can be read as if the missing thing were there;
// Recover where nothing tells what comes next.
constexpr Missing kMissing[] = {
    {Lack::Name, Then::Recover, "RL0019", "the name of the $1 is missing after $last", {}},
    {Lack::NameAfterPoint, Then::Recover, "RL0019", "a name is missing after the point of $1", {}},
    {Lack::ShallowType, Then::Recover, "RL0024", "this type is nested deeper than 64 levels", {}},
    {Lack::OneType, Then::Recover, "RL0030", "a field has one type",
     "for `null` write `?` behind the type; for several types use `any`, for several texts "
     "`enum(\"a\", \"b\")`"},
    {Lack::InlineEnumValues, Then::Recover, "RL0030", "this `enum` does not say its values",
     "write `enum(\"a\", \"b\")`, or declare `enum Colour { RED, GREEN }` and use `Colour`"},

    {Lack::ShallowExpression, Then::Recover, "RL0024",
     "this expression is nested deeper than 64 levels",
     "split it with `let`, or move a part into a function"},
    {Lack::FewOperands, Then::Recover, "RL0024",
     "this expression joins too much: more than 64 operands",
     "split it with `let`, or move a part into a function"},
    {Lack::OtherChoice,
     Then::Recover,
     "RL0033",
     "this choice has no `:`",
     "give the value for the other case behind `:`",
     {},
     {},
     "`condition ? value : other value`"},
    {Lack::MemberOfOptional, Then::Recover, "RL0034", "`.?` picks a member, not a function",
     "of an optional, `x.optMap(y, y.$1(…))` calls a function of what it holds"},
    {Lack::DigitsAfterPoint, Then::Recover, "RL0006", "a number has no members",
     "digits stand behind the point of a number: `1.0`"},
    {Lack::RangeWithoutBrackets, Then::Recover, "RL0029",
     "a range stands without brackets, to the right of `in`", "write `x in a..b`"},
    {Lack::InBeforeRange, Then::Recover, "RL0029", "a range stands only to the right of `in`",
     "write `x in a..b`, or compare twice: `x >= a && x <= b`"},
    {Lack::EntryValue, Then::Recover, "RL0033", "this entry of the map has no value",
     "write `key: value`"},
    {Lack::Duration, Then::Recover, "RL0007", "$1 is missing after $last",
     "durations are written `500ms`, `30s`, `10m`, `1h30m`, `2d`"},
    {Lack::Count, Then::Recover, "RL0033", "$1 is missing after $last",
     "it is a whole number, such as `3`"},
    {Lack::JitterAmount, Then::Recover, "RL0033", "`jitter` does not say how much",
     "write a part of the pause, such as `jitter 0.2`"},

    {Lack::Satisfies, Then::Recover, "RL0033", "this `forall` does not say what must hold",
     "write `forall Type(…) satisfies (condition)`, or `satisfies { patterns }`"},
    {Lack::BracketsOfSatisfies, Then::Recover, "RL0033",
     "the condition behind `satisfies` stands in brackets",
     "write `satisfies (condition)` or `satisfies { patterns }`"},
    {Lack::SecondBranch, Then::GoOn, "RL0033", "this `either` has one branch only",
     "add another: `either { … } or { … }`"},
    {Lack::Into, Then::Recover, "RL0033", "this `accumulate` does not say what it computes",
     "write `into n = count()`, or another function, behind the pattern"},
    {Lack::GroupValue, Then::Recover, "RL0033", "`group by` gives no value",
     "write `group by key = o.customerId`"},
    {Lack::ResultFunction, Then::Recover, "RL0033", "the result `$1` has no function",
     "write `$1 = count()`, or " RETICLE_ACCUMULATE_MIDDLE ", first, last"},
    {Lack::OneArgument, Then::Recover, "RL0033", "`$1` takes one argument", {}},
    {Lack::ListOfEach, Then::Recover, "RL0033", "this `each` does not say which list it walks over",
     "write `each x in o.lines`"},
    {Lack::LetValue, Then::Recover, "RL0033", "this `let` gives no value", "write `let $1 = …`"},
    {Lack::ConditionInsteadOfBlock, Then::Recover, "RL0017",
     "an `if` among conditions has no block: it is a condition like the others",
     "what should happen stands in `then`; an `if` with a block can be an action there"},
    {Lack::LastOfWindow, Then::Recover, "RL0033", "`over` stands in front of `last`",
     "write `over last 10m` or `over last 20 events`"},
    {Lack::OfWithin, Then::Recover, "RL0033", "this `within` does not say of what",
     "write `within 5s of a`, where `a` is the binding of an event above"},
    {Lack::Trigger, Then::Recover, "RL0033", "`on` does not say what it waits for",
     "write an event, `on e: OrderPlaced`, or `on change d: Device.temperature`, `on every 5m`, "
     "`on insert Order`"},
    {Lack::PropertyOfChange, Then::Recover, "RL0033", "`on change` does not say of which property",
     "write `on change d: Device.temperature`; one rule watches one property"},
    {Lack::TypeOfChange, Then::Recover, "RL0033", "`on change` names a property of a type",
     "write `on change d: Device.temperature`; one rule watches one property"},

    {Lack::SetValue, Then::Recover, "RL0033", "this `set` gives no value", "write `$1 $2 = …`"},
    {Lack::BindingOfRetract, Then::Recover, "RL0031", "`retract` takes a binding, not a type",
     "bind the fact in `when`, as in `c: $1(…)`, and write `retract c`"},
    {Lack::EventOfSignal, Then::Recover, "RL0033", "this `signal` carries nothing",
     "write `with` and the event: `signal $1 key order.id with Approved{}`"},
    {Lack::KeyOfRun, Then::Recover, "RL0033", "`$1` does not say which run",
     "write its key: `$1 $2 key order.id`"},
    {Lack::FileOfReplace, Then::Recover, "RL0033", "this `replace` does not say by which rules",
     "write the file that they are in: `replace rules with \"new.rules\"`"},
    {Lack::ShallowElse, Then::Recover, "RL0024", "`else if` is nested deeper than 64 levels",
     "a `table` tells many cases apart"},
    {Lack::ListOfFor, Then::Recover, "RL0033", "this `for` does not say what it goes through",
     "write `for x in list { … }`"},
    {Lack::Arguments,
     Then::GoOn,
     "RL0033",
     "the arguments of `$1` are missing",
     {},
     "write `()` for none",
     "()"},
    {Lack::PropertyName, Then::Recover, "RL0031", "the properties of `$1` are given by name",
     "write `update $1 {name: value}`"},
    {Lack::PropertyValue, Then::Recover, "RL0031", "the property `$1` gets no value",
     "write `$1: value`"},

    {Lack::CallOfStep, Then::Recover, "RL0033", "the step `$1` does nothing",
     "write `step $1 = call f(…)`, or `= run AnotherFlow(…)`"},
    {Lack::Catch, Then::GoOn, "RL0033", "this `try` has no `catch`",
     "write `try { … } catch err { … }`"},
    {Lack::ReasonOfFail, Then::GoOn, "RL0033", "`fail` gives no reason",
     "write a short reason: `fail \"card-declined\"`"},
    {Lack::ValueOfReturn, Then::GoOn, "RL0033", "`return` gives no value",
     "a flow without a result just ends; leave `return` out, or write `return null`"},
    {Lack::HowOften, Then::Recover, "RL0033", "`retry` does not say how often",
     "write `retry 3 times` or `retry forever`"},
    {Lack::OneConditionOfRetry, Then::GoOn, "RL0014", "this plan already has an `if`",
     "join the conditions with `&&`"},
    {Lack::ScriptForAllCalls, Then::Recover, "RL0031",
     "a script is for all calls of `$1`, whatever their arguments", "write `host $1 returns …`"},
    {Lack::ScriptOutcome, Then::Recover, "RL0033", "the script of `$1` does not say what happens",
     "write `returns` and a value, or `fails` and a reason"},
    {Lack::Times,
     Then::GoOn,
     "RL0033",
     "`times` is missing behind the number",
     {},
     "add `times`",
     " times"},

    {Lack::Field, Then::Recover, "RL0020", "$1 does not begin a field",
     "a field is written `name: type`"},
    {Lack::OneDefault, Then::GoOn, "RL0014", "the field `$1` already has a default", {}},
    {Lack::OneBound, Then::GoOn, "RL0014", "the field `$1` already has a bound", {}},
    {Lack::Parameters,
     Then::GoOn,
     "RL0033",
     "the parameters of $1 are missing",
     {},
     "write `()` for none",
     "()"},
    {Lack::TypeOfParameter, Then::GoOn, "RL0020", "the parameter `$1` has no type",
     "write `$1: string`, or another type"},
    {Lack::ResultType, Then::GoOn, "RL0033", "the type of the result is missing",
     "write `-> bool`, or another type, behind the parameters"},
    {Lack::EnumValue, Then::Recover, "RL0019", "$1 is no name of a value",
     "write `enum Colour { RED, GREEN }`"},
    {Lack::ValueOfConstant, Then::Recover, "RL0033", "this constant has no value",
     "write `const LIMIT = 100`"},
    {Lack::HostBody, Then::Recover, "RL0033",
     "a host function is written by the host and has no body here",
     "a function of the rules is declared with `function`, without `host`"},
    {Lack::ArrowOfDefault,
     Then::GoOn,
     "RL0032",
     "a `=>` is missing behind `default`",
     {},
     "write `default =>`",
     " =>"},
    {Lack::ResultOfRow, Then::Recover, "RL0032", "this row has no result",
     "its result stands behind `=>`"},

    {Lack::Then,
     Then::GoOn,
     "RL0012",
     "this rule has no `then`",
     "add `then { … }` with its actions; a question without actions is a `query`",
     {},
     {},
     "it says when, but not what to do"},
    {Lack::AllowedWarning, Then::Recover, "RL0019", "`allow` names no warning",
     "write `allow RL3005`, with the code of the warning that is meant"},
    {Lack::Date, Then::GoOn, "RL0033", "`effective` says no date",
     "write `effective from \"2024-01-01\" to \"2024-12-31\"`, or one of both"},
    {Lack::RelationOfCount,
     Then::Recover,
     "RL0033",
     "this `count` is compared with nothing",
     {},
     "for example, write `== 1`",
     " == 1"},
    {Lack::CasesOfTest, Then::Recover, "RL0033", "this `for` does not say with which cases",
     "write `for (a, b) in [(1, 2), (3, 4)]`, or `for a in [1, 2]`"},
    {Lack::RulesOfOrder, Then::Recover, "RL0033", "`$1` takes a list of rules",
     "write `$1 [\"first\", \"second\"]`; none: `$1 []`"},
    {Lack::FunctionReturn, Then::Recover, "RL0033", "this function gives nothing back",
     "end its body with `return` and what it gives"},
    {Lack::StateOfFlow, Then::Recover, "RL0033",
     "this expectation does not say in which state the flow is",
     "write `completed`, `failed`, `running` or `cancelled` behind it"},
};

const Missing& missing(Lack lack) {
  for (const Missing& row : kMissing) {
    if (row.lack == lack) return row;
  }
  assert(false && "every lack has its row");
  return kMissing[0];
}

// The text with what `$1`, `$2`, `$last` and `$here` stand for.
struct Filled {
  LexemeReader::Words names;
  std::string last, here;

  std::string operator()(std::string_view text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t dollar = text.find('$', at);
      out += text.substr(at, dollar - at);
      if (dollar == std::string_view::npos) break;
      const std::string_view rest = text.substr(dollar + 1);
      if (rest.starts_with("last")) {
        out += last;
        at = dollar + 5;
      } else if (rest.starts_with("here")) {
        out += here;
        at = dollar + 5;
      } else {
        out += names.begin()[rest[0] - '1'];
        at = dollar + 2;
      }
    }
    return out;
  }
};

}  // namespace

// Quiet while recovering: what stands in a part that is skipped has not been read by the grammar.
bool Advice::instead(Spot spot) const {
  if (recovering()) return false;
  const Lexeme& here = at();
  for (const Idiom& idiom : kIdioms) {
    if (idiom.spot != spot || idiom.kind != here.kind) continue;
    if (idiom.kind == Word && textOf(here) != idiom.word) continue;
    if (!follows(lexemes(), idiom.next)) continue;
    Complaint c =
        complain(std::string(idiom.code), spanOf(here), Filled{{}, {}, shown(here)}(idiom.message));
    const std::string text(idiom.text);
    switch (idiom.mend) {
      case Mend::Write: c.write(spanOf(here), text); break;
      case Mend::Remove: c.fix(text, spanOf(here), ""); break;
      case Mend::Drop: c.fix(text, span(here.begin, at(1).begin), ""); break;
    }
    return true;
  }
  return false;
}

bool Advice::tookInstead(Spot spot) {
  if (!instead(spot)) return false;
  take();
  return true;
}

// Takes the near word as if it were the right one, so that the grammar goes on.
bool Advice::tookTypoOf(std::string_view word) {
  if (recovering() || !is(Word) || at().reserved || nearest(textOf(at()), {word}).empty()) {
    return false;
  }
  complain("RL0015", spanOf(at()), shown(at()) + " should probably be `" + std::string(word) + "`")
      .write(spanOf(at()), std::string(word));
  take();
  return true;
}

Complaint Advice::lacks(Lack lack, Span span, Words names) const {
  if (recovering()) return Complaint();
  const Missing& row = missing(lack);
  const Filled filled{names, shown(previous()), shown(at())};
  const std::string code(row.code);
  Complaint c = row.then == Then::Recover ? fail(code, span, filled(row.message))
                                          : complain(code, span, filled(row.message));
  if (!row.label.empty()) c.label(std::string(row.label));
  if (!row.help.empty()) c.help(filled(row.help));
  if (!row.title.empty()) c.fix(std::string(row.title), afterLast(), std::string(row.insert));
  return c;
}

void Advice::secondWord(const Lexeme& word, std::string_view first, std::string_view second) const {
  const std::string a(first), b(second);
  complain("RL0033", spanOf(word), "`" + a + "` stands in front of `" + b + "`")
      .write(spanOf(word), a + " " + b);
}

Complaint Advice::twice(std::string_view what, const Lexeme& word) const {
  return complain("RL0014", spanOf(word),
                  "this " + std::string(what) + " already has " + shown(word));
}

// The report stands at the opening bracket, the fix after what was read last.
void Advice::neverClosed(const Lexeme& open, std::string_view sign) const {
  complain("RL0009", spanOf(open), "this " + shown(open) + " is never closed")
      .fix("add `" + std::string(sign) + "` after " + shown(previous()), afterLast(),
           std::string(sign));
}

void Advice::reserved(const Lexeme& word, std::string_view what) const {
  const std::string text(textOf(word));
  Complaint c =
      complain("RL1010", spanOf(word),
               "`" + text + "` is a word of the expression language and cannot be a name");
  if (what == "rule") {
    c.fix("put it in quotes: `rule \"" + text + "\"`", spanOf(word), "\"" + text + "\"");
  } else {
    c.fix("choose another name, for example `" + text + "_`", spanOf(word), text + "_");
  }
}

std::string_view Advice::nearest(std::string_view word, Words words) const {
  std::string_view best;
  std::size_t distance = word.size() < 5 ? 1 : 2;
  for (const std::string_view candidate : words) {
    // Short words are near to everything: one slip at most, and the same first letter unless two
    // letters changed places.
    const std::size_t limit = candidate.size() < 4 ? 1 : distance;
    const std::size_t d = model::letterDistance(word, candidate, limit);
    if (d > limit || (!best.empty() && d >= distance)) continue;
    if (candidate.size() < 4 && candidate[0] != word[0]) continue;
    best = candidate;
    distance = d;
  }
  return best;
}

void Advice::replace(Complaint& complaint, std::string_view word, Span span,
                     std::string_view meant) {
  complaint.fix("replace `" + std::string(word) + "` with `" + std::string(meant) + "`", span,
                std::string(meant));
}

// Edits that turn a pair of round brackets into braces; only the first one when its partner is
// missing.
std::vector<Edit> Advice::bracesFor(std::uint32_t open) const {
  std::vector<Edit> edits{{spanOf(lexemes().lexeme(open)), "{"}};
  const std::uint32_t close = lexemes().closing(open);
  if (close > 0 && lexemes().lexeme(close).kind == ParenClose) {
    edits.push_back({spanOf(lexemes().lexeme(close)), "}"});
  }
  return edits;
}

}  // namespace reticle
