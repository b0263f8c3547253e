// The language service, asked as an editor asks it: texts with a `‸` where the cursor stands.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "reticle/language.h"

namespace reticle::test {

inline const std::string kCursor = "‸";

struct Cursor {
  std::string text;
  std::size_t line = 0, character = 0, byte = 0;
};

inline std::size_t utf16Length(const std::string& text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

inline std::pair<std::size_t, std::size_t> placeOf(const std::string& text, std::size_t byte) {
  const std::string before = text.substr(0, byte);
  const std::size_t start = before.rfind('\n') == std::string::npos ? 0 : before.rfind('\n') + 1;
  std::size_t line = 0;
  for (const char c : before) line += c == '\n';
  return {line, utf16Length(before.substr(start))};
}

// Takes the mark out of the text.
inline Cursor cursorIn(std::string text) {
  Cursor cursor;
  const std::size_t at = text.find(kCursor);
  cursor.byte = at == std::string::npos ? text.size() : at;
  if (at != std::string::npos) text.erase(at, kCursor.size());
  cursor.text = std::move(text);
  const auto [line, character] = placeOf(cursor.text, cursor.byte);
  cursor.line = line;
  cursor.character = character;
  return cursor;
}

class Service {
 public:
  static constexpr const char* kUri = "file:///a.rules";

  explicit Service(const std::string& marked) : cursor_(cursorIn(marked)) {
    workspace.open(kUri, cursor_.text);
  }

  nlohmann::json ask(const std::string& method, nlohmann::json more = nlohmann::json::object()) {
    more["textDocument"] = {{"uri", kUri}};
    if (!more.contains("position")) {
      more["position"] = {{"line", cursor_.line}, {"character", cursor_.character}};
    }
    return nlohmann::json::parse(workspace.request(method, more.dump()));
  }
  nlohmann::json feature(const std::string& name, nlohmann::json more = nlohmann::json::object()) {
    return ask("textDocument/" + name, std::move(more));
  }
  nlohmann::json whole(const std::string& name) {
    return feature(name, {{"range",
                           {{"start", {{"line", 0}, {"character", 0}}},
                            {"end", {{"line", 1000}, {"character", 0}}}}}});
  }

  // The labels of what is offered, best first.
  std::vector<std::string> offered() {
    nlohmann::json items = feature("completion")["items"];
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const auto& item : items) sorted.emplace_back(item["sortText"], item["label"]);
    std::stable_sort(sorted.begin(), sorted.end());
    std::vector<std::string> labels;
    for (const auto& [sort, label] : sorted) labels.push_back(label);
    return labels;
  }
  bool offers(const std::string& label) {
    const std::vector<std::string> labels = offered();
    return std::find(labels.begin(), labels.end(), label) != labels.end();
  }
  std::string first(std::size_t count) {
    std::string text;
    const std::vector<std::string> labels = offered();
    for (std::size_t i = 0; i < count && i < labels.size(); ++i) {
      text += (i > 0 ? " " : "") + labels[i];
    }
    return text;
  }
  std::string hovered() {
    const nlohmann::json answer = feature("hover");
    return answer.is_null() ? "" : answer["contents"]["value"].get<std::string>();
  }
  // "line:character" of each range, or "uri line:character" in other documents.
  static std::string places(const nlohmann::json& locations) {
    std::string text;
    for (const auto& one : locations) {
      const nlohmann::json& range = one.contains("range") ? one["range"] : one;
      const std::string uri = one.value("uri", std::string(kUri));
      text += (text.empty() ? "" : " ") + (uri == kUri ? std::string() : uri + " ") +
              std::to_string(range["start"]["line"].get<int>()) + ":" +
              std::to_string(range["start"]["character"].get<int>());
    }
    return text;
  }
  // The text after edits of the protocol.
  static std::string edited(const std::string& text, const nlohmann::json& edits) {
    std::string result = text;
    for (std::size_t i = edits.size(); i-- > 0;) {
      const auto byte = [&](const nlohmann::json& place) {
        std::size_t at = 0;
        for (int line = place["line"].get<int>(); line > 0; --line) at = text.find('\n', at) + 1;
        std::size_t units = place["character"].get<std::size_t>();
        while (units > 0) {
          const auto lead = static_cast<unsigned char>(text[at]);
          units -= lead >= 0xf0 ? 2 : 1;
          at += lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        }
        return at;
      };
      const std::size_t begin = byte(edits[i]["range"]["start"]),
                        end = byte(edits[i]["range"]["end"]);
      result.replace(begin, end - begin, edits[i]["newText"].get<std::string>());
    }
    return result;
  }
  // The text after a renaming, or why it was refused.
  std::string renamed(const std::string& name) {
    const nlohmann::json answer = feature("rename", {{"newName", name}});
    if (answer.contains("error")) return answer["error"]["message"];
    const nlohmann::json& changes = answer["changes"];
    return changes.contains(kUri) ? edited(cursor_.text, changes[kUri]) : cursor_.text;
  }
  const std::string& text() const { return cursor_.text; }

  Workspace workspace;

 private:
  Cursor cursor_;
};

}  // namespace reticle::test
