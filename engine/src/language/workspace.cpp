// Documents in, requests to features: the only place that reads the parameters of the protocol.
#include "reticle/language.h"

#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "language/features.h"

namespace reticle {

namespace {

using namespace language;
using Params = nlohmann::json;

// What is missing reads as null: each use says what it needs.
const Params& member(const Params& params, const char* name) {
  static const Params kNothing;
  if (!params.is_object()) return kNothing;
  const auto found = params.find(name);
  return found == params.end() ? kNothing : *found;
}

std::string textOf(const Params& params, const char* name) {
  const Params& value = member(params, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

// Empty when it is none: a negative or fractional number, or one beyond all texts.
std::optional<Place> placeOf(const Params& params) {
  const Params &line = member(params, "line"), &character = member(params, "character");
  if (!line.is_number_unsigned() || !character.is_number_unsigned()) return std::nullopt;
  constexpr std::uint64_t kMost = 0xffffffff;
  if (line.get<std::uint64_t>() > kMost || character.get<std::uint64_t>() > kMost) {
    return std::nullopt;
  }
  return Place{static_cast<std::uint32_t>(line.get<std::uint64_t>()),
               static_cast<std::uint32_t>(character.get<std::uint64_t>())};
}

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// A request whose parameters have been looked at.
struct Request {
  const View& view;
  std::uint32_t file;
  const Params& params;

  std::optional<std::uint32_t> byteOf(const Params& position) const {
    const std::optional<Place> place = placeOf(position);
    return place ? view.document(file).lines.byteAt(view.textOf(file), *place) : std::nullopt;
  }
  std::optional<Span> range() const {
    const Params& range = member(params, "range");
    const auto begin = byteOf(member(range, "start"));
    auto end = byteOf(member(range, "end"));
    // A range may reach beyond the last line, as "everything" does.
    if (!end && placeOf(member(range, "end"))) {
      end = static_cast<std::uint32_t>(view.textOf(file).size());
    }
    if (!begin || !end || *begin > *end) return std::nullopt;
    return Span{file, *begin, *end};
  }
};

std::string outside() {
  return refusal(Refusal::BadParameters, "the position is missing or lies outside of the document");
}

// A feature that is asked about one place.
template <typename Feature>
std::string atPlace(const Request& request, Feature feature) {
  const std::optional<std::uint32_t> byte = request.byteOf(member(request.params, "position"));
  return byte ? feature(At{request.view, request.file, *byte}) : outside();
}

// A feature that is asked about a part of the document.
template <typename Feature>
std::string inRange(const Request& request, Feature feature) {
  const std::optional<Span> range = request.range();
  return range ? feature(request.view, *range) : outside();
}

// All positions must be there, because the results are told apart by their order.
std::string selectionsOf(const Request& request) {
  std::vector<std::uint32_t> bytes;
  const Params& positions = member(request.params, "positions");
  if (!positions.is_array()) return outside();
  for (const Params& position : positions) {
    const auto byte = request.byteOf(position);
    if (!byte) return outside();
    bytes.push_back(*byte);
  }
  return selections(request.view, request.file, bytes);
}

std::string referencesOf(const Request& request) {
  const Params& declaration = member(member(request.params, "context"), "includeDeclaration");
  return atPlace(request, [&](const At& at) {
    return references(at, declaration.is_boolean() && declaration.get<bool>());
  });
}

std::string renameOf(const Request& request) {
  if (!member(request.params, "newName").is_string()) {
    return refusal(Refusal::BadParameters, "`newName` is missing");
  }
  return atPlace(request,
                 [&](const At& at) { return rename(at, textOf(request.params, "newName")); });
}

// A method of the protocol, and the feature that carries it out.
struct Method {
  std::string_view name;
  bool anyForm;  // also for JSON and YAML
  std::string (*carryOut)(const Request&);
};

// The language server protocol's names (3.17), and our own below `reticle/`.
constexpr Method kMethods[] = {
    {"textDocument/diagnostic", true, [](const Request& r) { return diagnostics(r.view, r.file); }},
    {"textDocument/completion", false, [](const Request& r) { return atPlace(r, completion); }},
    {"textDocument/hover", false, [](const Request& r) { return atPlace(r, hover); }},
    {"textDocument/definition", false, [](const Request& r) { return atPlace(r, definition); }},
    {"textDocument/references", false, referencesOf},
    {"textDocument/documentHighlight", false,
     [](const Request& r) { return atPlace(r, highlights); }},
    {"textDocument/prepareRename", false,
     [](const Request& r) { return atPlace(r, prepareRename); }},
    {"textDocument/rename", false, renameOf},
    {"textDocument/signatureHelp", false,
     [](const Request& r) { return atPlace(r, signatureHelp); }},
    {"textDocument/formatting", false,
     [](const Request& r) { return formatting(r.view, r.file, std::nullopt); }},
    {"textDocument/rangeFormatting", false,
     [](const Request& r) {
       return inRange(r, [&](const View& v, Span range) { return formatting(v, r.file, range); });
     }},
    {"textDocument/semanticTokens/full", false,
     [](const Request& r) { return semanticTokens(r.view, r.file); }},
    {"textDocument/documentSymbol", false,
     [](const Request& r) { return outline(r.view, r.file); }},
    {"textDocument/foldingRange", false, [](const Request& r) { return folding(r.view, r.file); }},
    {"textDocument/selectionRange", false, selectionsOf},
    {"textDocument/codeAction", true, [](const Request& r) { return inRange(r, codeActions); }},
    {"textDocument/inlayHint", false, [](const Request& r) { return inRange(r, inlayHints); }},
    {"reticle/convert", true,
     [](const Request& r) { return converted(r.view, r.file, textOf(r.params, "to")); }},
};

}  // namespace

namespace language {

// An error of the protocol: the request was understood, and is not carried out.
std::string refusal(Refusal code, std::string_view message) {
  Json json;
  json.object()
      .key("error")
      .object()
      .key("code")
      .raw(std::to_string(static_cast<int>(code)))
      .key("message")
      .text(message)
      .endObject()
      .endObject();
  return json.take();
}

}  // namespace language

// Files are positions among the documents; a closed one leaves its place empty.
struct Workspace::State {
  View view;

  std::optional<std::uint32_t> fileOf(std::string_view uri) const {
    for (std::uint32_t file = 0; file < view.documents.size(); ++file) {
      if (view.documents[file].uri == uri && !uri.empty()) return file;
    }
    return std::nullopt;
  }
};

Workspace::Workspace() : state_(std::make_unique<State>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

void Workspace::open(std::string_view uri, std::string_view text) {
  View& view = state_->view;
  if (uri.empty()) return;
  std::optional<std::uint32_t> file = state_->fileOf(uri);
  // A document keeps its place among the files, so that what is known of the others stays true.
  for (std::uint32_t i = 0; !file && i < view.documents.size(); ++i) {
    if (view.documents[i].uri.empty()) file = i;
  }
  if (!file) {
    file = static_cast<std::uint32_t>(view.documents.size());
    view.documents.emplace_back();
    view.modules.emplace_back();
  }
  Document& document = view.documents[*file];
  // The same again: what is known of it stays true.
  if (document.uri == uri && document.fresh && document.source.text == text) return;
  document.uri = uri;
  document.source = {std::string(uri.substr(uri.rfind('/') + 1)), std::string(text)};
  document.text = !endsWith(uri, ".json") && !endsWith(uri, ".yaml") && !endsWith(uri, ".yml");
  document.lines = Lines(document.source.text);
  document.fresh = false;
}

// False: the place is not in the document as it is known here; the editor then sends all of it.
bool Workspace::edit(std::string_view uri, std::size_t startLine, std::size_t startCharacter,
                     std::size_t endLine, std::size_t endCharacter, std::string_view text) {
  const std::optional<std::uint32_t> file = state_->fileOf(uri);
  if (!file) return false;
  constexpr std::size_t kMost = 0x7fffffff;
  if (startLine > kMost || startCharacter > kMost || endLine > kMost || endCharacter > kMost) {
    return false;
  }
  Document& document = state_->view.documents[*file];
  std::string& old = document.source.text;
  const auto at = [&](std::size_t line, std::size_t character) {
    return document.lines.byteAt(
        old, {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(character)});
  };
  const auto begin = at(startLine, startCharacter), end = at(endLine, endCharacter);
  if (!begin || !end || *begin > *end) return false;
  old.replace(*begin, *end - *begin, text);
  document.lines = Lines(old);
  document.fresh = false;
  return true;
}

// What it declared is gone for the others with the next request.
void Workspace::close(std::string_view uri) {
  if (const std::optional<std::uint32_t> file = state_->fileOf(uri)) {
    state_->view.documents[*file] = Document{};
  }
}

// The program is read and checked again only now, once for all edits since the last request.
std::string Workspace::request(std::string_view method, std::string_view params) {
  if (method == "reticle/legend") return legend();
  if (method == "reticle/keywords") return keywordGroups();
  const Method* found = nullptr;
  for (const Method& known : kMethods) {
    if (known.name == method) found = &known;
  }
  if (!found) {
    return refusal(Refusal::UnknownMethod, "there is no method `" + std::string(method) + "`");
  }
  // The only parsing of JSON in this room.
  const Params read = Params::parse(params, nullptr, /*allow_exceptions=*/false);
  if (read.is_discarded()) return refusal(Refusal::BadParameters, "the parameters are no JSON");
  const std::string uri = textOf(member(read, "textDocument"), "uri");
  const std::optional<std::uint32_t> file = state_->fileOf(uri);
  if (!file) {
    return refusal(Refusal::BadParameters,
                   uri.empty() ? "`textDocument.uri` is missing" : "`" + uri + "` is not open");
  }
  refresh(state_->view);
  if (!state_->view.document(*file).text && !found->anyForm) return "null";
  return found->carryOut({state_->view, *file, read});
}

}  // namespace reticle
