// What all parts of the checker do alike.
#include "check/part.h"

#include <algorithm>

#include "base/suggest.h"
#include "model/message.h"

namespace reticle::model {

// Rules are known by their names, which may be any text.
bool CheckerPart::findRule(const tree::Name& name) {
  if (!name) return false;
  if (const auto rule = symbols_.ruleNames().find(name.text); rule != symbols_.ruleNames().end()) {
    index_.use(name, rule->second);
    return true;
  }
  std::vector<std::string> names;
  for (const auto& [each, span] : symbols_.ruleNames()) names.push_back(each);
  Diagnostic& d =
      report_.error("RL1005", name.span, "there is no rule called " + quoted(name.text));
  const std::string found = nearest(name.text, names);
  if (!found.empty()) {
    // A name that is no word needs its quotes in the replacement.
    const bool word = std::all_of(found.begin(), found.end(), [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    d.help.push_back("did you mean " + quoted(found) + "?");
    d.fixes.push_back(edit("replace it with " + quoted(found), name.span,
                           word ? found : toText(Value::string(found))));
    d.related.push_back({symbols_.ruleNames().at(found), "declared here"});
  }
  return false;
}

}  // namespace reticle::model
