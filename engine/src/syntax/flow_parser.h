// Flows: their heads and handlers. Their steps are read by the parser of actions.
#pragma once

#include "syntax/action_parser.h"
#include "syntax/advice_rules.h"
#include "syntax/field_parser.h"

namespace reticle {

class FlowParser : private Grammar {
 public:
  FlowParser(Reading& reading, NameParser& names, ExpressionParser& expressions,
             FieldParser& fields, ActionParser& actions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        expressions_(expressions),
        fields_(fields),
        actions_(actions) {}

  // Flow, after its name.
  void flow(tree::Declaration& out);

 private:
  // Key, timeout, retry, version or allow; false when none stands here.
  bool attribute(tree::Declaration& out);
  // Handler = "on" ( "failure" | "cancel" | "timeout" ) [ IDENT ] Steps
  void handler(tree::Declaration& out);

  FlowAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  FieldParser& fields_;
  ActionParser& actions_;
};

}  // namespace reticle
