// Expressions to values, and regular expressions on texts: read, checked and carried out, or
// refused.
#include "expression/reading.h"
#include "expression/regex.h"
#include "fuzz/targets.h"
#include "syntax/parser.h"

namespace reticle::fuzz {
namespace {

std::string regexBroken(std::string_view input) {
  const std::size_t line = input.find('\n');
  const Result<RegexProgram> program = compileRegex(input.substr(0, line));
  if (!program) {
    return program.error().message.empty() ? "a pattern is refused without a reason" : "";
  }
  const std::string_view text = line == std::string_view::npos ? "" : input.substr(line + 1);
  std::int64_t steps = 100'000, again = 100'000;
  const bool matched = matchRegex(*program, text, steps);
  if (matched && steps < 0) return "a match after the last step";
  return matchRegex(*program, text, again) == matched && again == steps
             ? ""
             : "matching again gives another answer";
}

}  // namespace

std::string expressionBroken(std::string_view input) {
  if (input.starts_with('~')) return regexBroken(input.substr(1));
  const std::vector<Source> sources{{"fuzz", std::string(input)}};
  std::vector<Diagnostic> diagnostics;
  const Expr expr = parseExpression(sources[0], 0, diagnostics);
  if (std::string broken = diagnosticsBroken(diagnostics, sources); !broken.empty()) return broken;
  if (!diagnostics.empty()) return "";

  const std::string printed = toText(expr);
  std::vector<Diagnostic> again;
  const Expr reread = parseExpression({"printed", printed}, 0, again);
  if (!again.empty()) return "what is printed cannot be read: " + printed;
  if (toText(reread) != printed) return "printed: " + printed + "\nread again: " + toText(reread);
  const std::string value = evaluateText(input);
  return evaluateText(input) == value ? "" : "evaluating again gives another value";
}

}  // namespace reticle::fuzz
