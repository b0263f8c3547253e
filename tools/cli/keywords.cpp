// reticle keywords: the words of the language, for editors.
#include <iostream>

#include <nlohmann/json.hpp>

#include "command.h"
#include "reticle/keywords.h"

namespace reticle::cli {
namespace {

using Json = nlohmann::ordered_json;

// The words of a group, not as part of a name and not as a field (`name:`).
std::string anyOf(KeywordGroup group) {
  std::string words;
  for (const Keyword& keyword : keywords()) {
    if (keyword.group == group) words += (words.empty() ? "" : "|") + std::string(keyword.word);
  }
  return "(?<![.\\w])(?:" + words + ")(?![\\w]|\\s*:)";
}

// One colouring by a regular expression.
Json rule(const std::string& name, const std::string& match) {
  return {{"name", name + ".reticle"}, {"match", match}};
}

// A quick colouring without any knowledge of the program: soft keywords are coloured wherever they
// could be one.
Json textMate() {
  Json grammar;
  grammar["name"] = "Reticle rules";
  grammar["scopeName"] = "source.reticle";
  grammar["fileTypes"] = {"rules"};
  grammar["patterns"] = Json::array({{{"include", "#code"}}});
  const Json escape =
      rule("constant.character.escape",
           "\\\\(?:[abfnrtv\\\\'\"`?{}]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{3})");
  const auto text = [&](const std::string& begin, const std::string& end, bool escapes,
                        bool holes) {
    Json json = {{"name", "string.quoted.reticle"}, {"begin", begin}, {"end", end}};
    Json patterns = Json::array();
    if (escapes) patterns.push_back(escape);
    if (holes) {
      patterns.push_back({{"name", "meta.interpolation.reticle"},
                          {"begin", "\\{"},
                          {"end", "\\}"},
                          {"contentName", "source.reticle"},
                          {"patterns", Json::array({{{"include", "#code"}}})}});
    }
    if (!patterns.empty()) json["patterns"] = patterns;
    return json;
  };
  Json code = Json::array();
  code.push_back(rule("comment.block.documentation", "///.*$"));
  code.push_back(rule("comment.line.double-slash", "//.*$"));
  code.push_back(text("(?<!\\w)[bB]?[rR][bB]?\"", "\"", false, false));
  code.push_back(text("(?<!\\w)t\"", "\"", true, true));
  code.push_back(text("(?<!\\w)[bB]?\"\"\"", "\"\"\"", true, false));
  code.push_back(text("(?<!\\w)[bB]?\"", "\"", true, false));
  code.push_back(text("(?<!\\w)[bB]?'", "'", true, false));
  code.push_back(rule("constant.numeric.duration", "\\b(?:\\d+(?:w|d|h|ms|us|m|s))+\\b"));
  code.push_back(
      rule("constant.numeric", "\\b(?:0[xX][0-9A-Fa-f]+|\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\b"));
  code.push_back(rule("storage.type", anyOf(KeywordGroup::Declaration)));
  code.push_back(rule("keyword.control.clause", anyOf(KeywordGroup::Clause)));
  code.push_back(rule("keyword.control.condition", anyOf(KeywordGroup::Condition)));
  code.push_back(rule("keyword.control.action", anyOf(KeywordGroup::Action)));
  code.push_back(rule("constant.language", anyOf(KeywordGroup::Constant)));
  code.push_back(rule("support.type", anyOf(KeywordGroup::Type)));
  code.push_back(rule("entity.name.type", "\\b[A-Z]\\w*\\b"));
  code.push_back(rule("entity.name.function", "\\b[a-z_]\\w*(?=\\()"));
  code.push_back(rule("keyword.operator", "\\?\\?|&&|\\|\\||[=!<>]=?|=>|->|\\.\\.<?|[-+*/%?|]"));
  grammar["repository"]["code"]["patterns"] = code;
  return grammar;
}

// One word a line with its sentence, or the grammar.
int list(const Arguments& arguments) {
  if (!arguments.files.empty()) return misused("keywords", "it takes no files");
  if (arguments.has("--textmate")) {
    std::cout << textMate().dump(2) << "\n";
    return kDone;
  }
  for (const Keyword& keyword : keywords()) {
    std::cout << keyword.word
              << (keyword.doc.empty()
                      ? ""
                      : std::string(keyword.word.size() < 14 ? 14 - keyword.word.size() : 1, ' ') +
                            std::string(keyword.doc))
              << "\n";
  }
  return kDone;
}

}  // namespace

Command keywordsCommand() {
  return {"keywords",
          "[--textmate]",
          "The words of the language and what they do.",
          "",
          {{"--textmate", "", "a grammar for editors; tools/vscode/syntaxes/ holds it"}},
          list};
}

}  // namespace reticle::cli
