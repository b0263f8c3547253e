// The features of the language service, one file each. Each returns the JSON of the protocol's
// result for a place of a document in the text form; nothing is kept between calls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/view.h"

namespace reticle::language {

struct At {
  const View& view;
  std::uint32_t file = 0;
  std::uint32_t byte = 0;
};

std::string diagnostics(const View& view, std::uint32_t file);
// One of them, as the protocol writes it; its quick fixes are in `data`.
void writeDiagnostic(Json& json, const View& view, const Diagnostic& d);
std::string codeActions(const View& view, Span range);
std::string completion(const At& at);
std::string hover(const At& at);
std::string definition(const At& at);
std::string references(const At& at, bool declaration);
std::string highlights(const At& at);
std::string prepareRename(const At& at);
std::string rename(const At& at, const std::string& name);
std::string signatureHelp(const At& at);
std::string outline(const View& view, std::uint32_t file);
std::string folding(const View& view, std::uint32_t file);
std::string selections(const View& view, std::uint32_t file,
                       const std::vector<std::uint32_t>& bytes);
std::string semanticTokens(const View& view, std::uint32_t file);
std::string legend();
std::string inlayHints(const View& view, Span range);
// The edits that bring the document, or what of them lies within the range, into the one layout.
std::string formatting(const View& view, std::uint32_t file, std::optional<Span> range);
std::string converted(const View& view, std::uint32_t file, std::string_view to);
std::string keywordGroups();

// {"error": {"code", "message"}}, with the codes of the protocol.
enum class Refusal : int { UnknownMethod = -32601, BadParameters = -32602, Refused = -32803 };
std::string refusal(Refusal code, std::string_view message);

// Reads what has changed and checks the whole again. `View::documents` say what is fresh.
void refresh(View& view);

}  // namespace reticle::language
