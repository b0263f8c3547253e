#include "fuzz/targets.h"
#include "reticle/form.h"

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

}  // namespace

std::string formBroken(std::string_view input) {
  const Source source{readsAsYaml(input) ? "fuzz.yaml" : "fuzz.json", std::string(input)};
  const Converted text = convert(source, Form::Text);
  if (std::string broken = diagnosticsBroken(text.diagnostics, {source}); !broken.empty()) return broken;
  if (text.ok() == hasErrors(text.diagnostics)) return text.ok() ? "converted in spite of an error" : "not converted, and no error said";
  if (!text.ok()) return "";

  std::string json, again, jsonAgain;
  const Source written{"written.rules", text.text};
  if (std::string broken = converted(written, Form::Json, json); !broken.empty()) return "what was written cannot be read:\n" + broken + text.text;
  if (std::string broken = converted({"written.json", json}, Form::Text, again); !broken.empty()) return "its JSON cannot be read:\n" + broken + json;
  if (again != text.text) return "written: " + text.text + "\nby way of JSON: " + again;
  if (std::string broken = converted({"again.rules", again}, Form::Json, jsonAgain); !broken.empty()) return broken;
  return json == jsonAgain ? "" : "JSON: " + json + "\nby way of text: " + jsonAgain;
}

}  // namespace reticle::fuzz
