/** The words of the language, by what they do; where one is soft it is coloured only at the beginning of an item. A test holds them to the engine's table. */
export const declarations = ["module", "import", "fact", "subject", "event", "enum", "const", "function", "host", "pure", "table", "rule", "query", "flow",
  "test"];
export const clauses = ["on", "when", "then", "given", "expect", "salience", "group", "auto", "focus", "exclusive", "once", "per", "no", "loop", "repeat", "disabled",
  "allow", "tags", "effective", "from", "to", "as", "at", "key", "ext", "open", "expires", "where", "max", "by", "hit", "unique", "first", "any", "collect",
  "default", "change", "every", "cron", "timeout", "retry", "backoff", "constant", "linear", "exponential", "jitter", "times", "forever", "version",
  "failure", "cancel"];
export const conditions = ["not", "exists", "forall", "satisfies", "either", "or", "accumulate", "skip", "errors", "into", "each", "let", "if", "else",
  "over", "last", "held", "after", "before", "within", "of", "in", "this"];
export const actions = ["insert", "logical", "upsert", "set", "unset", "update", "with", "retract", "emit", "replacing", "muted", "deliver", "local",
  "outside", "both", "call", "start", "signal", "log", "debug", "info", "warn", "error", "for", "focus", "halt", "step", "sleep", "until", "wait",
  "parallel", "branch", "try", "catch", "fail", "return", "compensate", "restart", "run", "undo", "always", "ignore", "find", "clock", "settle", "advance",
  "crash", "returns", "fails", "count", "emitted", "fired", "called", "check", "completed", "failed", "running", "waiting", "cancelled"];
export const constants = ["true", "false", "null", "old", "new"];
