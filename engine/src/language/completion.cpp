// Completion: which case it is. What each offers stands in complete_names.cpp.
#include "language/completion.h"

#include <algorithm>

#include "base/failure_codes.h"
#include "base/unreachable.h"
#include "reticle/keywords.h"

namespace reticle::language {

using namespace model;

namespace {

using Kind = LexemeKind;
using enum SymbolKind;

// Which keywords begin something there.
std::uint32_t placesOf(Block block) {
  switch (block) {
    case Block::Fields: return begins::kField;
    case Block::Conditions: return begins::kCondition;
    case Block::Actions: return begins::kAction;
    case Block::Steps: return begins::kStep;
    case Block::Doings: return begins::kDoing;
    case Block::Expects: return begins::kExpect;
    case Block::Sections: return begins::kSection;
    case Block::Module:
    case Block::Values:
    case Block::Rows:
    case Block::Record:
    case Block::Pattern:
    case Block::Arguments:
    case Block::Params:
    case Block::Map:
    case Block::List:
    case Block::Parens:
    case Block::Hole: return 0;
  }
  unreachable("a block holds something");
}

}  // namespace

// `before_`: the lexeme before the place; beyond all of them when there is none.
Completer::Completer(const At& at)
    : view_(at.view),
      file_(at.file),
      byte_(at.byte),
      context_(contextAt(at.view, at.file, at.byte)),
      words_(at.view, at.file),
      before_(context_.next > 0 ? context_.next - 1 : words_.size()) {}

// The result of `textDocument/completion`. It is whole, so that the editor filters by itself while
// the word grows.
std::string Completer::run() {
  if (!context_.silent) gather();
  Json json;
  json.object().key("isIncomplete").boolean(false).key("items").list();
  const Span word = context_.word;
  Json range;
  view_.writeRange(range, word);
  const std::string place = range.take();
  for (const Item& item : items_) {
    json.object()
        .key("label")
        .text(item.label)
        .key("kind")
        .number(static_cast<std::uint64_t>(item.kind));
    json.textUnlessEmpty("detail", item.detail);
    if (!item.doc.empty()) {
      json.key("documentation")
          .object()
          .key("kind")
          .text("markdown")
          .key("value")
          .text(item.doc)
          .endObject();
    }
    // The rank first, so that editors keep our order.
    json.key("sortText").text(std::string(1, item.rank) + item.label);
    if (!item.insert.empty()) json.key("insertTextFormat").number(2);
    json.key("textEdit")
        .object()
        .key("range")
        .raw(place)
        .key("newText")
        .text(item.insert.empty() ? item.label : item.insert)
        .endObject()
        .endObject();
  }
  json.endList().endObject();
  return json.take();
}

// A word of the language that is not used as a name here.
bool Completer::keywordBefore() const {
  if (before_ >= words_.size() || words_[before_].kind != Kind::Word) return false;
  const Lexeme& word = words_[before_];
  if (before_ > 0 && words_[before_ - 1].kind == Kind::Dot) return false;
  return !view_.useOf({file_, word.begin, word.end}) &&
         findKeyword(words_.text(before_)) != nullptr;
}

// Whether a value has just ended, so that no other one can begin.
bool Completer::operandBefore() const {
  if (before_ >= words_.size()) return false;
  const Kind kind = words_[before_].kind;
  if (kind == Kind::Word) {
    return !keywordBefore() || words_.isAny(before_, {"true", "false", "null", "this", "settle",
                                                      "crash", "compensate", "halt", "old", "new"});
  }
  return closes(kind) || kind == Kind::Int || kind == Kind::Double || kind == Kind::Duration ||
         kind == Kind::String || kind == Kind::Bytes || kind == Kind::TemplateText ||
         kind == Kind::Question;
}

// Where only a type can stand.
bool Completer::typePlace() const {
  if (before_ >= words_.size()) return false;
  const Block block = context_.frame().block;
  const Kind kind = words_[before_].kind;
  if (kind == Kind::Arrow) return true;
  if (kind == Kind::Colon) {
    return block == Block::Fields || block == Block::Params ||
           (block == Block::Module && context_.declaration == "const");
  }
  // `list<`, `map<string, `
  std::uint32_t i = before_;
  while (i > 0 &&
         (words_[i].kind == Kind::Word || words_[i].kind == Kind::Comma ||
          words_[i].kind == Kind::Question) &&
         words_[i].kind != Kind::Less) {
    --i;
  }
  return (kind == Kind::Less || kind == Kind::Comma) && i > 0 && words_[i].kind == Kind::Less &&
         words_.isAny(i - 1, {"list", "map"});
}

// Which case it is. The most particular one comes first: a dot, a type, a keyword, then the block.
void Completer::gather() {
  if (before_ < words_.size() && words_[before_].kind == Kind::Dot) return members();
  if (typePlace()) return typeNames();
  const Frame& frame = context_.frame();
  const bool first =
      before_ >= words_.size() || before_ == frame.open || words_[before_].kind == Kind::Comma;
  if (keywordBefore() && !(context_.freshLine && operandBefore()) &&
      afterWord(words_.text(before_))) {
    return;
  }
  // ORDER: Block. What is left falls through to an expression.
  switch (frame.block) {
    case Block::Module: return atModule();
    case Block::Rows: return inRows();
    case Block::Values: return;
    case Block::Sections: return words(begins::kSection);
    case Block::Fields:
    case Block::Conditions:
    case Block::Actions:
    case Block::Steps:
    case Block::Doings:
    case Block::Expects: return inItems();
    case Block::Record:
      if (first) return namedParts({Field}, frame.name);
      break;
    case Block::Arguments:
      if (first && (frame.verb == "call" || frame.verb == "start" || frame.verb == "run" ||
                    frame.verb == "restart")) {
        return namedParts({Parameter}, frame.name);
      }
      if (first) namedParts({Parameter}, frame.name);
      break;
    case Block::Params: return;
    case Block::Pattern:
    case Block::Map:
    case Block::List:
    case Block::Parens:
    case Block::Hole: break;
  }
  if (operandBefore()) {
    if (frame.block == Block::Pattern) words({"in"});
    return;
  }
  expression(wanted());
}

// Outside of all braces: the head of a declaration, or a new one.
void Completer::atModule() {
  const std::string& declaration = context_.declaration;
  const Kind kind = before_ < words_.size() ? words_[before_].kind : Kind::End;
  if (kind == Kind::Assign || kind == Kind::FatArrow ||
      (before_ < words_.size() && !operandBefore() && kind != Kind::Word && kind != Kind::Colon &&
       kind != Kind::Semicolon && kind != Kind::Comma)) {
    return expression(wanted());
  }
  if (kind == Kind::Comma && declaration == "rule") {
    for (std::uint32_t i = before_; i > context_.head; --i) {
      if (words_.is(i, "allow")) return static_cast<void>(afterWord("allow"));
    }
  }
  if (kind == Kind::Colon && declaration == "rule") return types({Event, Fact, Subject}, "($0)");
  if (declaration == "rule") words(begins::kRuleHead, '4');
  if (declaration == "flow") words(begins::kFlowHead, '4');
  if (declaration == "table") words(begins::kTableHead, '4');
  if (declaration == "event" || declaration == "subject") words(begins::kTypeHead, '4');
  // A declaration without a name yet offers nothing: the name is the author's.
  const bool named = declaration.empty() || before_ != context_.head;
  if (!named) return;
  if (declaration == "flow" && operandBefore() && context_.freshLine) {
    add({"on failure", ItemKind::Keyword, "", "Steps for a run that has failed.",
         "on failure ${1:err} {\n  $0\n}", '4'});
  }
  if (context_.freshLine || declaration.empty()) words(begins::kModule);
}

// Where one item follows another: what may begin, what may continue the one before, or an
// expression in it.
void Completer::inItems() {
  const Frame& frame = context_.frame();
  const Kind kind = before_ < words_.size() ? words_[before_].kind : Kind::End;
  const bool start = before_ == frame.open || context_.freshLine || kind == Kind::Semicolon;
  if (kind == Kind::Colon && frame.block == Block::Conditions) {
    return types({Fact, Subject, Event}, "($0)");
  }
  // A line that ends in an operator goes on in the next one.
  const bool unfinished = before_ < words_.size() && before_ != frame.open && !operandBefore() &&
                          kind != Kind::Semicolon && !keywordBefore();
  if (unfinished && (!context_.freshLine || kind == Kind::Dot)) return expression(wanted());
  if (!start && !operandBefore()) return expression(wanted());
  if (!start || context_.freshLine) {
    if (frame.block == Block::Conditions) {
      words(begins::kPatternTail);
      if (words_.is(frame.item, "accumulate")) words({"into"});
    }
    if (frame.block == Block::Steps) words(begins::kStepTail);
    if (frame.block == Block::Fields) words(begins::kFieldTail);
    if (!start && words_.is(frame.item, "insert")) words({"as"});
    if (!start && words_.is(frame.item, "emit")) words({"to"});
    if (!start && words_.is(frame.item, "start")) words({"key"});
    if (!start && words_.is(frame.item, "wait")) words({"for"});
    if (!start && frame.block == Block::Doings && words_.is(frame.item, "host")) {
      words({"returns", "fails", "then"});
    }
    const std::uint32_t subject = frame.item + (words_.is(frame.item, "not") ? 1u : 0u);
    if (!start && frame.block == Block::Expects && words_.is(subject, "failed")) {
      for (const ErrorCode code : kFiringErrors) {
        add({reticle::name(code), ItemKind::Value, "", "", "", '5'});
      }
    }
  }
  // What may begin an item, and for conditions the types of patterns.
  words(placesOf(frame.block), '4');
  if (frame.block == Block::Conditions) types({Fact, Subject, Event}, "($0)");
}

// A row of a table, or a cell of it.
void Completer::inRows() {
  const Kind kind = before_ < words_.size() ? words_[before_].kind : Kind::End;
  if (before_ == context_.frame().open || context_.freshLine) {
    words({"default"});
    const SymbolId table = view_.declared(words_.text(context_.head + 1));
    std::string row;
    const tree::Declaration* tree = table == kNoSymbol ? nullptr : view_.treeOf(table);
    const std::size_t columns = !tree              ? 1
                                : tree->by.empty() ? tree->params.size()
                                                   : tree->by.size();
    for (std::size_t i = 0; i < columns; ++i) row += "| ${" + std::to_string(i + 1) + ":_} ";
    add({"row", ItemKind::Snippet, "",
         "A row of the table: one cell for each column, and the result.", row + "=> $0", '3'});
    return;
  }
  // In a cell: a test, anything, or a value.
  if (kind == Kind::Bar || kind == Kind::Comma) words({"if", "_"});
  if (!operandBefore()) expression(wanted());
}

// What can follow a keyword; false when it is any expression, or nothing special.
bool Completer::afterWord(std::string_view word) {
  const Block block = context_.frame().block;
  const bool head = block == Block::Module;
  const auto is = [&](std::initializer_list<std::string_view> any) {
    return std::find(any.begin(), any.end(), word) != any.end();
  };
  if (is({"rule", "test", "fact", "event", "subject", "enum", "const", "function", "table", "query",
          "module"}) &&
      head) {
    return true;
  }
  if (word == "import") return symbols({Module}), true;
  if (is({"group", "exclusive", "focus"})) return symbols({Group}), true;
  if (word == "allow") {
    for (const std::string_view code :
         {"RL1011", "RL2011", "RL2012", "RL2013", "RL2020", "RL3002", "RL3005", "RL3008", "RL3009",
          "RL3012", "RL4001", "RL4002", "RL4005", "RL7003"}) {
      add({std::string(code), ItemKind::Value, "", "", "", '5'});
    }
    return true;
  }
  if (word == "hit") return words({"unique", "first", "any", "collect"}), true;
  if (word == "by" && head) {
    return namedParts({Parameter}, std::string(words_.text(context_.head + 1))), true;
  }
  if (word == "on" && context_.declaration == "rule") {
    return words(begins::kTrigger), types({Event}, "($0)"), true;
  }
  if (word == "on") return words({"failure", "cancel", "timeout"}), true;
  if (word == "change") return types({Subject}, "."), true;
  if (word == "at" && head) return types({Subject}, "($0)"), true;
  if (word == "host") {
    return block == Block::Doings ? symbols({Host}) : words({"function", "pure"}), true;
  }
  if (word == "pure") return words({"function"}), true;
  if (is({"insert", "upsert", "logical"}) && !head) {
    if (word == "insert") words({"logical"});
    return types({Fact, Subject}, "{$0}"), true;
  }
  if (is({"insert", "retract"}) && head) return types({Fact, Subject}, "($0)"), true;
  if (word == "emit") return types({Event}, "{$0}"), true;
  if (is({"set", "update", "retract", "unset"})) return facts(), true;
  if (is({"start", "run"})) return symbols({Flow}, true), true;
  if (is({"cancel", "signal", "flow"})) return symbols({Flow}), true;
  if (word == "call") return symbols({Host}, true), true;
  if (word == "called") return symbols({Host}), true;
  if (is({"fired", "failed", "runaway"}) && block == Block::Expects) return symbols({Rule}), true;
  if (is({"wait", "emitted"})) {
    if (word == "wait") words({"until"});
    return types({Event}, "($0)"), true;
  }
  if (is({"not", "exists", "forall", "accumulate", "count", "find", "errors"}) &&
      (block == Block::Conditions || block == Block::Expects || block == Block::Steps)) {
    if (word == "accumulate") words({"skip"});
    if (word == "not" && block == Block::Expects)
      words({"emitted", "fired", "failed", "runaway", "called"});
    return types({Fact, Subject, Event}, "($0)"), true;
  }
  if (is({"after", "before", "of"}) && block == Block::Steps) return symbols({Step}), true;
  if (is({"after", "before", "of"}) && block == Block::Conditions) return facts(), true;
  if (word == "retry") return words({"forever"}), true;
  if (word == "times" || word == "forever") {
    return words({"backoff", "jitter", "if"}), block != Block::Steps && !head;
  }
  if (word == "backoff") return words({"constant", "linear", "exponential"}), true;
  if (word == "undo") return words({"call", "always"}), true;
  if (word == "always") return words({"call"}), true;
  if (word == "ignore" || word == "skip") return words({"errors"}), true;
  if (word == "effective") return words({"from", "to"}), true;
  if (word == "once" && !context_.freshLine) return words({"per"}), false;
  if (word == "over") return words({"last"}), true;
  if (word == "log") return words({"debug", "info", "warn", "error"}), expression({}), true;
  if (word == "in" && block == Block::Steps) {
    return types({Fact, Subject}, "($0)"), expression({}), true;
  }
  if (is({"let", "for", "step", "branch", "each", "as"})) return true;
  return false;
}

std::string completion(const At& at) { return Completer(at).run(); }

}  // namespace reticle::language
