// Text to tree: nothing is passed over in silence, and another layout means the same.
#include <map>

#include "form/dump.h"
#include "fuzz/targets.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace reticle::fuzz {
namespace {

using Counts = std::map<std::string, std::size_t, std::less<>>;

bool inside(const Lexeme& lexeme, const Span& span) {
  return lexeme.begin >= span.begin && lexeme.end <= span.end;
}

// A lexeme that lies in no declaration, import or module header was passed over in silence.
std::string leftOut(const std::string& text, const Lexemes& lexemes, const tree::Module& module) {
  std::vector<Span> read;
  if (module.name) read.push_back({0, 0, module.name.span.end});
  for (const tree::Import& import : module.imports) read.push_back(import.span);
  for (const tree::Declaration& declaration : module.declarations) read.push_back(declaration.span);
  for (const Lexeme& lexeme : lexemes.items) {
    if (lexeme.kind == LexemeKind::End || lexeme.kind == LexemeKind::Semicolon) continue;
    bool found = false;
    for (const Span& span : read) found = found || inside(lexeme, span);
    if (!found) {
      return "passed over in silence: " + text.substr(lexeme.begin, lexeme.end - lexeme.begin);
    }
  }
  return "";
}

bool letters(std::string_view text) {
  for (const char c : text) {
    if (c < 'a' || c > 'z') return false;
  }
  return !text.empty();
}

bool plainNumber(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return text[0] != '0' && text.size() < 16;
}

// Words, and numbers and texts that are printed as they are written.
Counts wordsOf(const std::string& text, const Lexemes& lexemes) {
  Counts counts;
  for (const Lexeme& lexeme : lexemes.items) {
    const std::string written = text.substr(lexeme.begin, lexeme.end - lexeme.begin);
    if (lexeme.kind == LexemeKind::Word ||
        (lexeme.kind == LexemeKind::Int && plainNumber(written))) {
      ++counts[written];
    }
    if (lexeme.kind == LexemeKind::String && letters(lexemes.texts[lexeme.value])) {
      ++counts[lexemes.texts[lexeme.value]];
    }
  }
  return counts;
}

// In texts as well: there the tree's printed form has the names of rules.
Counts wordsAnywhere(std::string_view printed) {
  const auto ofWord = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  Counts counts;
  for (std::size_t at = 0; at < printed.size(); ++at) {
    const std::size_t from = at;
    while (at < printed.size() && ofWord(printed[at])) ++at;
    if (at > from) ++counts[std::string(printed.substr(from, at - from))];
  }
  return counts;
}

// The words of the grammar, which the tree may have in another shape.
bool ofTheGrammar(std::string_view word) {
  for (const char* known :
       {"after",   "allow",     "as",     "at",      "by",       "call",      "catch",  "cron",
        "default", "effective", "else",   "errors",  "events",   "every",     "exists", "expires",
        "facts",   "find",      "for",    "from",    "function", "given",     "group",  "in",
        "info",    "insert",    "into",   "jitter",  "last",     "no",        "of",     "on",
        "or",      "over",      "per",    "returns", "run",      "satisfies", "start",  "step",
        "tags",    "then",      "times",  "to",      "update",   "wait",      "when",   "with",
        "expect",  "held",      "within", "let",     "if",       "not",       "until",  "parallel",
        "retry",   "once",      "max",    "where"}) {
    if (word == known) return true;
  }
  return false;
}

// A word of the text that the tree does not have was read and forgotten.
std::string forgotten(const std::string& text, const Lexemes& lexemes, const std::string& printed) {
  const Counts kept = wordsAnywhere(printed);
  for (const auto& [word, count] : wordsOf(text, lexemes)) {
    if (ofTheGrammar(word)) continue;
    const auto found = kept.find(word);
    if (found == kept.end() || found->second < count) return "read and forgotten: " + word;
  }
  return "";
}

void dropDocs(tree::Module& module) {
  for (tree::Declaration& declaration : module.declarations) {
    declaration.doc.clear();
    for (auto* fields : {&declaration.fields, &declaration.params, &declaration.results}) {
      for (tree::Field& field : *fields) field.doc.clear();
    }
  }
}

// Line breaks and spaces mean nothing: with one space between all lexemes the text reads the same.
std::string layoutMatters(const std::string& text, const Lexemes& lexemes, tree::Module& module) {
  Source flat{"flat.rules", ""};
  for (const Lexeme& lexeme : lexemes.items) {
    flat.text += text.substr(lexeme.begin, lexeme.end - lexeme.begin) + " ";
  }
  std::vector<Diagnostic> diagnostics;
  tree::Module again = parseModule(flat, 0, diagnostics);
  if (!diagnostics.empty()) return "refused when on one line: " + render(diagnostics[0], {flat});
  dropDocs(module);
  return dump(module) == dump(again) ? "" : "read otherwise when on one line";
}

}  // namespace

std::string parserBroken(std::string_view input) {
  const std::vector<Source> sources{{"fuzz.rules", std::string(input)}};
  const std::string& text = sources[0].text;
  std::vector<Diagnostic> diagnostics;
  tree::Module module = parseModule(sources[0], 0, diagnostics);
  if (diagnostics.size() > 101) return "more than a hundred mistakes are shown";
  if (std::string broken = diagnosticsBroken(diagnostics, sources); !broken.empty()) return broken;
  const std::string printed = dump(module);
  if (printed.empty()) return "the tree is not printed";
  if (!diagnostics.empty()) return "";

  std::vector<Diagnostic> ignored;
  const Lexemes lexemes = lex(text, 0, ignored);
  if (std::string broken = leftOut(text, lexemes, module); !broken.empty()) return broken;
  if (std::string broken = forgotten(text, lexemes, printed); !broken.empty()) return broken;
  return layoutMatters(text, lexemes, module);
}

}  // namespace reticle::fuzz
