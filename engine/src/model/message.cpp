// The wording that all messages share.
#include "model/message.h"

#include <utility>

#include "base/suggest.h"

namespace reticle::model {

// Most repairs have one edit.
Fix edit(std::string title, Span span, std::string text) {
  Fix fix;
  fix.title = std::move(title);
  fix.edits.push_back({span, std::move(text)});
  return fix;
}

// The title shows both, so that it can be read without the text.
Fix replaceWith(Span span, const std::string& written, const std::string& text) {
  return edit("replace " + quoted(written) + " with " + quoted(text), span, text);
}

// As a sentence has it.
std::string quotedList(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + quoted(names[i]);
  }
  return text;
}

// As a list has it: names that stand beside each other.
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// English in messages has one plural.
std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string lowerCase(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The nearest name only: two suggestions are none.
std::string suggest(Diagnostic& d, Span span, std::string_view written,
                    const std::vector<std::string>& names) {
  if (d.code.empty()) return "";  // a report that is left out
  std::string found = nearest(written, names);
  if (found.empty()) return found;
  d.help.push_back("did you mean " + quoted(found) + "?");
  d.fixes.push_back(replaceWith(span, std::string(written), found));
  return found;
}

}  // namespace reticle::model
