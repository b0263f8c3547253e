// Reads the heads and handlers of flows.
#include <utility>

#include "syntax/flow_parser.h"

namespace reticle {

// Flow = "flow" IDENT Params [ "->" Type ] { "key" Expr | "timeout" DUR | Retry | "version" INT }
//        Steps { "on" ( "failure" | "cancel" | "timeout" ) [ IDENT ] Steps }
void FlowParser::flow(tree::Declaration& out) {
  const Lexeme owner = previous();
  out.params = fields_.params();
  fields_.resultType(out, false);
  while (!recovering() && is(Word) && !declarationStarts() && attribute(out)) {}
  if (!recovering()) out.then = actions_.actions(Inside::Steps, owner, "block of the flow");
  while (!recovering() && isWord("on") && !is(Colon, 1)) handler(out);
}

// False when none stands here and the steps begin.
bool FlowParser::attribute(tree::Declaration& out) {
  const Lexeme word = at();
  const auto takeOnce = [&](bool already) {
    if (already) advice_.twice("flow", word).help("keep one of the two");
    take();
  };
  if (isWord("key")) {
    takeOnce(out.key.has_value());
    out.key = expressions_.headExpression();
  } else if (isWord("timeout")) {
    takeOnce(out.timeout.has_value());
    out.timeout = expressions_.duration("the time");
  } else if (isWord("retry")) {
    takeOnce(out.retry.has_value());
    out.retry = actions_.retry(true);
  } else if (isWord("version")) {
    takeOnce(out.version.has_value());
    out.version = expressions_.count("the number");
  } else if (takeWord("allow")) {
    names_.names(out.allow, "warning");
  } else if (itemStarts(Inside::Steps)) {
    return false;
  } else {
    advice_.tookUnknownAttribute();
  }
  return true;
}

// "on" ( "failure" | "cancel" | "timeout" ) [ IDENT ] Steps
void FlowParser::handler(tree::Declaration& out) {
  tree::Handler handler;
  const Lexeme on = take();
  if (isAnyWord({"failure", "cancel", "timeout"})) {
    handler.on = std::string(textOf(take()));
  } else {
    handler.on = advice_.unknownHandler(on);
    if (is(Word)) take();
  }
  if (is(Word) && !is(Colon, 1) && is(BraceOpen, 1)) handler.error = names_.bindingName("binding");
  handler.body = actions_.actions(Inside::Steps, on, "`on` block");
  handler.span = spanFrom(on.begin);
  out.handlers.push_back(std::move(handler));
}

}  // namespace reticle
