// Compiling rules, and keeping their sources.
#include "rules.h"

#include <filesystem>
#include <utility>

#include "../cli/files.h"
#include "durable_files.h"
#include "media_type.h"
#include "reticle/csv.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

std::string listOf(const std::vector<Source>& sources) {
  std::string text;
  for (const Source& source : sources) {
    text += std::string(text.empty() ? "" : ",") + "{\"name\":" + inQuotes(source.name) +
            ",\"text\":" + inQuotes(source.text) + "}";
  }
  return "[" + text + "]";
}

}  // namespace

Result<Rules> compileRules(std::vector<Source> sources, std::string* diagnostics) {
  Compiled compiled = compile(std::move(sources));
  if (diagnostics) *diagnostics = wire::toJson(compiled.diagnostics, compiled.sources);
  if (!compiled.ok()) return Error{ErrorCode::BadInput, compiled.text(), "", ""};
  Rules rules{std::move(compiled.sources), compiled.program, schemaOf(*compiled.program)};
  return rules;
}

std::optional<Problem> readRules(const Request& request, std::vector<Source>& to) {
  if (const std::string wrong = notUtf8(request.body); !wrong.empty()) {
    return Problem{400, "the rules are no UTF-8: " + wrong, "body", "rules in UTF-8", "", {}};
  }
  const MediaType type = mediaType(request.header("content-type"));
  if (type.type == "application/json" && isUtf8(type)) {
    Result<std::vector<Source>> sources = wire::readSources(request.body);
    if (!sources) return problemOf(sources.error(), "body ");
    to = std::move(*sources);
  } else if ((type.type.empty() || type.type == "text/plain") && isUtf8(type)) {
    to = {{"request.rules", request.body}};
  } else {
    return Problem{415,
                   "rules of this content type are not read",
                   "content-type",
                   "text/plain, or application/json with [{\"name\", \"text\"}, …], in UTF-8",
                   "",
                   {}};
  }
  return std::nullopt;
}

Result<KeptRules> readKeptRules(const std::string& path) {
  KeptRules kept;
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return kept;
  const std::optional<std::string> text = cli::readFile(path);
  if (!text) return Error{ErrorCode::Closed, "the kept rules cannot be read", path, ""};
  const Result<Value> json = wire::parse(*text);
  for (const char* member : {"current", "previous"}) {
    const Value* list = json && json->kind() == ValueKind::Map ? json->find(member) : nullptr;
    Result<std::vector<Source>> sources =
        wire::readSources(list ? wire::toJson(*list) : std::string("null"));
    if (!sources) {
      return Error{ErrorCode::Corrupt, "the kept rules cannot be read: " + sources.error().message,
                   path, "move the file away, and give the journal's rules with --rules"};
    }
    if (!sources->empty()) kept.candidates.push_back(std::move(*sources));
  }
  return kept;
}

Status keepRules(const std::string& path, const std::vector<Source>& current,
                 const std::vector<Source>& previous) {
  const std::string text =
      "{\"current\":" + listOf(current) + ",\"previous\":" + listOf(previous) + "}\n";
  return replaceFile(path, text);
}

}  // namespace reticle::serve
