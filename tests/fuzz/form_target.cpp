// Documents to trees and back: JSON and YAML against the text form.
#include "check/check.h"
#include "document/document.h"
#include "form/dump.h"
#include "form/fit_fixes.h"
#include "form/read_module.h"
#include "fuzz/targets.h"
#include "reticle/form.h"
#include "syntax/parser.h"

namespace reticle::fuzz {
namespace {

bool readsAsYaml(std::string_view input) {
  if (input.empty()) return false;
  const char first = input[0];
  return first == '-' || (first >= 'a' && first <= 'z');
}

std::string converted(const Source& source, Form to, std::string& text) {
  Converted result = convert(source, to);
  if (!result.ok()) return render(result.diagnostics[0], {source});
  text = std::move(result.text);
  return "";
}

// The JSON Pointer of what is said leads to a value of the document.
std::string pointersBroken(const DocumentNode& document,
                           const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& d : diagnostics) {
    const DocumentPlace place = placeIn(document, d.span.begin);
    if (!place.node || (!place.pointer.empty() && place.pointer[0] != '/')) {
      return d.code + " is nowhere in the document: " + d.message;
    }
  }
  return "";
}

std::string formsDisagree(const Source& source, const tree::Module& module, const Converted& text) {
  const Source written{"written.rules", text.text};
  std::vector<Diagnostic> told;
  const std::string tree = dump(parseModule(written, 0, told));
  if (hasErrors(told)) {
    return "what was written cannot be read:\n" + render(told[0], {written}) + text.text;
  }
  if (tree != dump(module)) {
    return "written: " + text.text + "\nthe tree of " + source.name + ":\n" + dump(module) +
           "\nof the text:\n" + tree;
  }

  std::string json, again;
  if (std::string broken = converted(written, Form::Json, json); !broken.empty()) {
    return "its text has no JSON:\n" + broken + text.text;
  }
  if (std::string broken = converted({"written.json", json}, Form::Text, again); !broken.empty()) {
    return "its JSON cannot be read:\n" + broken + json;
  }
  return again == text.text ? ""
                            : "written: " + text.text + "\nby way of JSON: " + again + "\n" + json;
}

}  // namespace

std::string formBroken(std::string_view input) {
  const Source source{readsAsYaml(input) ? "fuzz.yaml" : "fuzz.json", std::string(input)};
  std::vector<Diagnostic> diagnostics;
  const DocumentNode document = readDocument(source, 0, diagnostics);
  const tree::Module module = readForm(document, 0, diagnostics, diagnostics.empty());
  const bool sound = !hasErrors(diagnostics);
  const std::size_t read = diagnostics.size();
  checkProgram({module}, diagnostics);
  fitFixes(diagnostics, read, {source});
  if (std::string broken = diagnosticsBroken(diagnostics, {source}); !broken.empty()) return broken;
  if (std::string broken = pointersBroken(document, diagnostics); !broken.empty()) return broken;
  if (!sound) return "";

  const Converted text = convert(source, Form::Text);
  if (!text.ok()) return "read, but not converted: " + render(text.diagnostics[0], {source});
  return formsDisagree(source, module, text);
}

}  // namespace reticle::fuzz
