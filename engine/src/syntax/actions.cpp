// Reads actions, each by the verb it begins with.
#include <utility>

#include "syntax/action_parser.h"

namespace reticle {

const ActionParser::Form* ActionParser::formOf(std::string_view word) {
  using Kind = tree::Action::Kind;
  static constexpr Form kForms[] = {
      {"insert", Kind::Insert, &ActionParser::insert},
      {"upsert", Kind::Upsert, &ActionParser::value},
      {"set", Kind::Set, &ActionParser::set},
      {"unset", Kind::Unset, &ActionParser::unset},
      {"update", Kind::UpdateFields, &ActionParser::update},
      {"retract", Kind::Retract, &ActionParser::retract},
      {"emit", Kind::Emit, &ActionParser::emit},
      {"call", Kind::Call, &ActionParser::call},
      {"start", Kind::Start, &ActionParser::start},
      {"signal", Kind::Signal, &ActionParser::signal},
      {"cancel", Kind::Cancel, &ActionParser::cancel},
      {"log", Kind::Log, &ActionParser::log},
      {"let", Kind::Let, &ActionParser::let},
      {"if", Kind::If, &ActionParser::ifAction},
      {"for", Kind::For, &ActionParser::forAction},
      {"focus", Kind::Focus, &ActionParser::focus},
      {"refresh", Kind::Refresh, &ActionParser::refresh},
      {"halt", Kind::Halt, &ActionParser::halt},

      {"step", Kind::Step, &ActionParser::step},
      {"sleep", Kind::Sleep, &ActionParser::sleep},
      {"wait", Kind::Wait, &ActionParser::wait},
      {"parallel", Kind::Parallel, &ActionParser::parallel},
      {"branch", Kind::Branch, &ActionParser::branch},
      {"try", Kind::Try, &ActionParser::tryStep},
      {"fail", Kind::Fail, &ActionParser::failOrReturn},
      {"return", Kind::Return, &ActionParser::failOrReturn},
      {"compensate", Kind::Compensate, nullptr},
      {"restart", Kind::Restart, &ActionParser::restart},

      {"clock", Kind::Clock, &ActionParser::clock},
      {"settle", Kind::Settle, &ActionParser::settle},
      {"advance", Kind::Advance, &ActionParser::advance},
      {"crash", Kind::Crash, nullptr},
      {"host", Kind::Host, &ActionParser::host},
      {"replace", Kind::Replace, &ActionParser::replace},
  };
  for (const Form& form : kForms) {
    if (form.word == word) return &form;
  }
  return nullptr;
}

std::vector<tree::Action> ActionParser::actions(Inside inside, const Lexeme& owner,
                                                std::string what) {
  std::vector<tree::Action> out;
  blocks().block(inside, std::move(what), owner, [&] {
    tree::Action action = this->action();
    if (!recovering()) out.push_back(std::move(action));
  });
  return out;
}

tree::Action ActionParser::action() {
  tree::Action out;
  const Lexeme first = at();
  out.keyword = spanOf(first);
  // `set.a = 1` and `log: Log` do not begin with a verb.
  const bool verb = is(Word) && !is(Colon, 1) && !is(Assign, 1) && !is(Dot, 1);
  if (const Form* form = verb ? formOf(textOf(first)) : nullptr) {
    out.kind = form->kind;
    take();
    if (form->read != nullptr) (this->*form->read)(out);
    advice_.inTheWrongPlace(form->kind, first);
  } else {
    advice_.noAction();
  }
  out.span = spanFrom(first.begin);
  return out;
}

// "insert" [ "logical" | "if" "absent" ] Expr [ "as" IDENT ]
void ActionParser::insert(tree::Action& out) {
  out.logical = operandStarts(1) && takeWord("logical");
  if (!out.logical && isWord("if") && isWord("absent", 1)) {
    take();
    take();
    out.ifAbsent = true;
  }
  out.value = expressions_.expression();
  if (takeWord("as")) out.name = names_.bindingName("binding");
}

void ActionParser::value(tree::Action& out) { out.value = expressions_.expression(); }

// "set" [ "muted" ] Path "=" Expr
void ActionParser::set(tree::Action& out) {
  const Lexeme keyword = previous();
  // `muted` is a binding where a dot or `=` follows.
  out.muted = is(Word, 1) && takeWord("muted");
  const std::uint32_t begin = at().begin;
  names_.path(out.path);
  if (recovering()) return;
  const Span path = spanFrom(begin);
  const std::string verb = out.muted ? "set muted" : "set";
  if (advice_.compoundSign()) {
    const Lexeme sign = take();
    const bool assigns = take().kind == Assign;
    const std::uint32_t from = at().begin;
    if (assigns) out.value = expressions_.expression();
    advice_.compoundAssignment(keyword, verb, path, sign, assigns ? written(spanFrom(from)) : "");
  } else if (takeIf(Assign) || advice_.tookInstead(Spot::SetSign)) {
    out.value = expressions_.expression();
  } else if (advice_.setOfSeveral(keyword, out.path.size())) {
    blocks().skipBalanced();
  } else {
    advice_.lacks(Lack::SetValue, spanFrom(keyword.begin), {verb, written(path)});
  }
}

// "unset" Path
void ActionParser::unset(tree::Action& out) { names_.path(out.path); }

// "update" IDENT ( "{" FieldInits "}" | "with" Expr )
void ActionParser::update(tree::Action& out) {
  const Lexeme keyword = previous();
  const bool brackets = advice_.wordInBrackets(keyword);
  if (brackets) take();
  out.target = names_.takeName("binding");
  if (brackets) take();
  if (recovering()) return;
  if (takeWord("with")) {
    out.kind = tree::Action::Kind::UpdateWith;
    out.with = expressions_.expression();
  } else if (is(BraceOpen)) {
    out.arguments = fieldValues(out.target.text);
  } else {
    advice_.updateOfNothing(keyword, out.target.text);
  }
}

// "retract" IDENT
void ActionParser::retract(tree::Action& out) {
  if (typeStarts() && !names_.isCapitalBinding(textOf(at()))) {
    advice_.lacks(Lack::BindingOfRetract, spanOf(at()), {textOf(at())});
    return;
  }
  const bool brackets = advice_.wordInBrackets(previous());
  if (brackets) take();
  out.target = names_.takeName("binding");
  if (brackets) take();
}

// "emit" Expr [ "to" Expr ] [ "after" Expr | "at" Expr ] [ "replacing" Expr ] [ "deliver" … ]
void ActionParser::emit(tree::Action& out) {
  std::uint32_t lexemes = 1;
  if (advice_.eventWithoutBraces(lexemes)) {
    const std::uint32_t begin = at().begin;
    for (std::uint32_t i = 0; i < lexemes; ++i) take();
    out.value = expressions_.poison(begin);
    advice_.bracesOfEvent(out.value->span);
  } else {
    out.value = expressions_.expression();
  }
  while (!recovering() && is(Word) && !is(Colon, 1)) {
    const Lexeme word = at();
    if (isWord("deliver")) {
      deliver(out);
      continue;
    }
    std::optional<Expr>* clause = isWord("to")          ? &out.to
                                  : isWord("after")     ? &out.after
                                  : isWord("at")        ? &out.at
                                  : isWord("replacing") ? &out.replacing
                                                        : nullptr;
    if (clause == nullptr) break;
    if (*clause) advice_.twice("`emit`", word).related((*clause)->span, "the first one");
    take();
    *clause = expressions_.expression();
  }
}

// "deliver" ( "local" | "outside" | "both" | "unhandled" )
void ActionParser::deliver(tree::Action& out) {
  const Lexeme keyword = take();
  if (!out.deliver.empty()) advice_.twice("`emit`", keyword);
  if (isAnyWord({"local", "outside", "both", "unhandled"})) {
    out.deliver = std::string(textOf(take()));
  } else if (advice_.noDelivery(keyword)) {
    take();
  }
}

// "call" QName Args [ "as" IDENT ]
void ActionParser::call(tree::Action& out) {
  out.target = names_.qualifiedName("host function");
  out.arguments = arguments(out.target.text);
  if (takeWord("as")) out.name = names_.bindingName("binding");
}

// "start" QName Args [ "key" Expr ] [ "as" IDENT ]
void ActionParser::start(tree::Action& out) {
  out.target = names_.qualifiedName("flow");
  out.arguments = arguments(out.target.text);
  if (takeWord("key")) out.key = expressions_.expression();
  if (takeWord("as")) out.name = names_.bindingName("binding");
}

// "signal" QName "key" Expr "with" Expr
void ActionParser::signal(tree::Action& out) {
  const Lexeme keyword = previous();
  keyOfRun(out);
  if (takeWord("with")) {
    out.with = expressions_.expression();
  } else {
    advice_.lacks(Lack::EventOfSignal, spanFrom(keyword.begin), {out.target.text});
  }
}

// "cancel" ( QName "key" Expr | "event" Expr [ "to" Expr ] )
void ActionParser::cancel(tree::Action& out) {
  // A flow may be called `event`.
  if (isWord("event") && !isWord("key", 1) && !is(Dot, 1)) {
    take();
    out.kind = tree::Action::Kind::CancelEvent;
    out.value = expressions_.expression();
    if (takeWord("to")) out.to = expressions_.expression();
    return;
  }
  keyOfRun(out);
}

// QName "key" Expr
void ActionParser::keyOfRun(tree::Action& out) {
  const Lexeme keyword = previous();
  out.target = names_.qualifiedName("flow");
  if (!takeWord("key")) {
    advice_.lacks(Lack::KeyOfRun, spanFrom(keyword.begin), {textOf(keyword), out.target.text});
  }
  out.key = expressions_.expression();
}

// "log" [ "debug" | "info" | "warn" | "error" ] Expr
void ActionParser::log(tree::Action& out) {
  out.level = "info";
  // A level is a name as good as any: `log info - 1`.
  const bool level = operandStarts(1) && !is(Dot, 1) && !is(Minus, 1);
  if (level && isAnyWord({"debug", "info", "warn", "error"})) {
    out.level = std::string(textOf(take()));
  } else {
    advice_.tookInstead(Spot::LogLevel);
  }
  out.value = expressions_.expression();
}

// "let" IDENT "=" ( Expr | "find" Pattern | "wait" … )
void ActionParser::let(tree::Action& out) {
  const Lexeme keyword = previous();
  out.name = names_.bindingName("binding");
  if (recovering() || !conditions_.letSign(keyword, out.name.text)) return;
  const bool matches = typeStarts(1) || (is(Word, 1) && is(Colon, 2));
  const Lexeme word = at();
  if (isWord("find") && matches) {
    take();
    out.kind = tree::Action::Kind::Find;
    out.pattern = conditions_.pattern("`find`");
    advice_.stepOfLet(word);
  } else if (isWord("wait") && (matches || isWord("until", 1))) {
    take();
    wait(out);
    advice_.stepOfLet(word);
  } else if (!advice_.callWithResult(keyword, out.name.text)) {
    out.value = expressions_.expression();
  }
}

// "if" Expr Actions [ "else" ( Actions | Action ) ]
void ActionParser::ifAction(tree::Action& out) {
  const Lexeme keyword = previous();
  out.kind = tree::Action::Kind::If;
  out.value = expressions_.headCondition();
  if (recovering()) return;
  if (advice_.superfluous(Spot::BeforeIfBlock)) take();
  out.body = actions(inside(), keyword, "`if` block");
  if (!recovering()) otherwise(out);
}

void ActionParser::otherwise(tree::Action& out) {
  const Lexeme word = at();
  if (advice_.instead(Spot::ElseIf)) {
    tree::Action other;
    other.keyword = spanOf(take());
    ifAction(other);
    other.span = spanFrom(word.begin);
    out.otherwise.push_back(std::move(other));
  } else if (takeWord("else")) {
    if (is(BraceOpen)) {
      out.otherwise = actions(inside(), word, "`else` block");
    } else if (blocks().enterQuietly()) {
      tree::Action other = action();
      blocks().leave();
      if (!recovering()) out.otherwise.push_back(std::move(other));
    } else {
      advice_.lacks(Lack::ShallowElse, spanOf(word));
    }
  }
}

// "for" IDENT "in" ( Pattern | Expr ) [ "parallel" [ "max" INT ] ] Actions
void ActionParser::forAction(tree::Action& out) {
  const Lexeme keyword = previous();
  if (advice_.superfluous(Spot::BeforeForName)) take();
  out.name = names_.bindingName("binding");
  if (!takeWord("in") && !advice_.tookInstead(Spot::ForIn)) {
    advice_.lacks(Lack::ListOfFor, spanFrom(keyword.begin));
  }
  if (recovering()) return;
  {
    const ExpressionParser::Within within(expressions_, expressions_.head());
    if (typeStarts()) {
      out.pattern = conditions_.pattern("`for`");
    } else {
      out.value = expressions_.expression();
    }
  }
  if (inside() == Inside::Steps && takeWord("parallel")) {
    out.parallelFor = true;
    if (takeWord("max")) out.count = expressions_.count("the number").value_or(-1);
  }
  if (!recovering()) out.body = actions(inside(), keyword, "`for` block");
}

// "focus" ( IDENT | STRING | "pop" | "clear" | "return" )
void ActionParser::focus(tree::Action& out) {
  if (isAnyWord({"pop", "clear", "return"})) {
    out.level = std::string(textOf(take()));
  } else {
    out.name = names_.groupName();
  }
}

// "refresh" Name, where a rule may be called by any text
void ActionParser::refresh(tree::Action& out) {
  const Lexeme keyword = previous();
  out.name = is(String) ? names_.declaredName("rule", keyword, false) : names_.takeName("rule");
}

void ActionParser::halt(tree::Action&) {
  if (!advice_.emptyBrackets()) return;
  take();
  take();
}

// Arguments

// Args = "(" [ IDENT ":" Expr { "," IDENT ":" Expr } ] ")"
std::vector<tree::Argument> ActionParser::arguments(std::string_view of) {
  std::vector<tree::Argument> out;
  if (recovering()) return out;
  if (!is(ParenOpen)) {
    advice_.lacks(Lack::Arguments, spanOf(previous()), {of});
    return out;
  }
  const ExpressionParser::Within within(expressions_, expressions_.bracketed());
  const Lexeme open = take();
  blocks().list(ParenClose, "arguments", [&] {
    tree::Argument argument;
    if (!is(Word) || (!is(Colon, 1) && !is(Assign, 1))) {
      const std::uint32_t begin = at().begin;
      expressions_.expression();
      advice_.argumentByPosition(of, open, spanFrom(begin));
      return;
    }
    if (at().reserved) advice_.reserved(at(), "argument");
    argument.name = nameOf(take());
    if (!takeIf(Colon)) advice_.tookInstead(Spot::ArgumentSign);
    argument.value = expressions_.expression();
    if (!recovering()) out.push_back(std::move(argument));
  });
  return out;
}

// FieldInits = IDENT ":" Expr { "," IDENT ":" Expr }, at the `{` of an `update`
std::vector<tree::Argument> ActionParser::fieldValues(std::string_view of) {
  std::vector<tree::Argument> out;
  take();
  blocks().list(BraceClose, "properties", [&] {
    tree::Argument value;
    if (!is(Word)) {
      advice_.lacks(Lack::PropertyName, spanOf(at()), {of});
      return;
    }
    value.name = names_.takeName("property");
    if (!takeIf(Colon) && !advice_.tookInstead(Spot::PropertySign)) {
      advice_.lacks(Lack::PropertyValue, value.name.span, {value.name.text});
    }
    value.value = expressions_.expression();
    if (!recovering()) out.push_back(std::move(value));
  });
  return out;
}

}  // namespace reticle
