// The codes of this stage. RL0 belongs to the parser, RL9 to the running engine.
//
//   RL1001  unknown field                              RL1002  unknown type, fact, event or subject
//   RL1003  unknown function or host function          RL1004  unknown name; used before it is
//           bound
//   RL1005  unknown rule, flow, module or step         RL1006  a name means two things here
//   RL1007  declared or bound twice                    RL1008  two imports give the same name
//   RL1009  a name that the engine keeps for itself    RL1011  undeclared property much like a
//           declared one (warning)
//   RL2001  a value of the wrong type                  RL2002  wrong number or names of arguments
//   RL2003  operands that do not fit their operator    RL2004  a condition that is not true or
//           false
//   RL2005  not a value of the enum                    RL2006  the same key or field given twice
//   RL2007  may be null                                RL2008  a required field is missing
//   RL2009  the wrong kind of thing for this action    RL2010  comparison that can never hold:
//           unlike enums, or null with what never is
//   RL2011  integer division that is 0 (warning)       RL2012  a sum or product that always
//           overflows (warning)
//   RL2013  a comparison that always turns out the same way (warning)
//   RL2014  a constant that cannot be computed
//   RL2015  recursion of functions, constants, queries RL2016  a host function that is not pure, in
//           an expression
//   RL2017  cannot be walked, indexed or selected from RL2018  attributes that contradict each
//           other
//   RL2019  a plan of `cron` that cannot be read       RL2020  nested too deeply, or too many steps
//   RL3002  bound or declared, never used (warning)    RL3005  nothing connects two patterns
//           (warning)
//   RL3007  constraints that contradict each other     RL3009  null joins null (warning)
//   RL3011  the clock in a condition                   RL3012  events kept for ever (warning)
//   RL3013  more than an accumulate function can do
//   RL4001  a rule that feeds itself (warning)          RL4006  a rule that repeats another
//           (information)
//   RL5001  values that no row of a table matches (w.) RL5002  two rows of a table that both match
//   RL5003  a row that is never reached (warning)      RL5004  two rows with the same conditions
//   RL5005  rows that meet and disagree under `any`    RL5006  a column that never matters
//           (information)
//   RL5007  what `hit collect` does not give           RL5009  a row of the wrong width
//   RL5008  the subjects of the columns do not fit the parameters
//   RL5010  a cell whose tests match everything (warning)
//   RL6001  a condition that never holds (warning)     RL6002  a condition that always holds
//           (warning)
//   RL6003  a wait that never ends (warning)           RL6004  a step that is never reached
//   RL6005  a value that may not be there
//   RL6006  steps that wait for each other             RL6007  two steps of one name
//   RL6008  a call that cannot be undone               RL6009  a run that may stay for ever
//           (information)
//   RL6011  an action where it has no meaning          RL6012  `insert logical` outside of a rule
//   RL6013  the result of a call that has none         RL6014  an event at two times
//   RL7001  a test that expects nothing (warning)      RL7002  a script that nothing asks for
//           (warning)
//   RL7004  a time that cannot be read                 RL7005  not a state of a flow
//   RL7006  a script for what is no host function's
#include "check/check.h"

#include "check/checker.h"

namespace reticle {

std::optional<model::Program> checkProgram(const std::vector<tree::Module>& modules,
                                           std::vector<Diagnostic>& diagnostics,
                                           CheckOptions options) {
  return model::Checker(modules, diagnostics, options).run();
}

}  // namespace reticle
