// reticle lsp: the language service for editors, over standard input and output, by the Language
// Server Protocol 3.17.
//
// One message after the other, each answered before the next is read; so a cancellation comes too
// late to matter and is ignored.
#include <cstdlib>
#include <iostream>
#include <optional>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "command.h"
#include "lsp_program.h"

namespace reticle::cli {
namespace {

using Json = nlohmann::json;

constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601,
              kInvalidParams = -32602, kNotInitialized = -32002;
constexpr std::size_t kLongestMessage = 256u << 20;

// The body of the next message; empty optional at the end of the input. What is no header is
// skipped up to the next blank line.
std::optional<std::string> readMessage(std::istream& in, bool& good) {
  good = true;
  std::size_t length = 0;
  bool given = false;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) {
      if (!given) {
        good = false;
        return "";
      }
      std::string body(length, '\0');
      if (!in.read(body.data(), static_cast<std::streamsize>(length))) return std::nullopt;
      return body;
    }
    std::string lowered = line.substr(0, 15);
    for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lowered != "content-length:") continue;
    char* end = nullptr;
    const unsigned long long number = std::strtoull(line.c_str() + 15, &end, 10);
    given = end != line.c_str() + 15 && *end == '\0' && number <= kLongestMessage;
    length = given ? static_cast<std::size_t>(number) : 0;
  }
  return std::nullopt;
}

// Null when it is not there.
const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() ? *found : kNothing;
}

// Empty for what is no text.
std::string textOf(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t numberOf(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

class Server {
 public:
  // The exit status.
  int run() {
    while (!over_) {
      bool good = true;
      const std::optional<std::string> body = readMessage(std::cin, good);
      if (!body) return kFailed;
      const Json message = good ? Json::parse(*body, nullptr, /*allow_exceptions=*/false)
                                : Json(Json::value_t::discarded);
      if (message.is_discarded()) {
        fail(nullptr, kParseError,
             good ? "the message is no JSON" : "the header has no `Content-Length`");
      } else {
        handle(message);
      }
    }
    return shutDown_ ? kDone : kFailed;
  }

 private:
  void send(const std::string& body) {
    std::cout << "Content-Length: " << body.size() << "\r\n\r\n" << body << std::flush;
  }
  static std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  void answer(const Json& id, const std::string& result) {
    send("{\"jsonrpc\":\"2.0\",\"id\":" + text(id) + ",\"result\":" + result + "}");
  }
  void fail(const Json& id, int code, const std::string& message) {
    send(text({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", message}}}}));
  }

  // A request gets exactly one result or error; a notification none.
  void handle(const Json& message) {
    const std::string method = textOf(message, "method");
    const Json& params = member(message, "params");
    const bool request = message.is_object() && message.contains("id");
    if (method.empty()) {
      // An answer to something we asked, or nothing at all.
      if (request && !message.contains("result") && !message.contains("error")) {
        fail(message["id"], kInvalidRequest, "the message has no method");
      }
      if (!request) {
        fail(nullptr, kInvalidRequest, "the message is neither a request nor a notification");
      }
      return;
    }
    if (!request) return notified(method, params);
    const Json& id = message["id"];
    if (method == "initialize") return initialize(id, params);
    if (!initialized_) return fail(id, kNotInitialized, "`initialize` comes first");
    if (shutDown_) return fail(id, kInvalidRequest, "the server is shut down");
    if (method == "shutdown") {
      shutDown_ = true;
      return answer(id, "null");
    }
    const std::string uri = textOf(member(params, "textDocument"), "uri");
    Workspace none;
    Workspace* program = uri.empty() ? &none : programs_.programOf(uri);
    if (!program) return fail(id, kInvalidParams, "`" + uri + "` is not open");
    const std::string result = program->request(method, text(params));
    constexpr std::string_view kError = "{\"error\":";
    if (result.compare(0, kError.size(), kError) != 0) return answer(id, result);
    const Json refused = Json::parse(result, nullptr, /*allow_exceptions=*/false);
    fail(id, static_cast<int>(numberOf(member(refused, "error"), "code")),
         textOf(member(refused, "error"), "message"));
  }

  // What this server can do, and the folders whose rules belong together.
  void initialize(const Json& id, const Json& params) {
    initialized_ = true;
    const Json& folders = member(params, "workspaceFolders");
    if (folders.is_array()) {
      for (const Json& folder : folders) programs_.addFolder(textOf(folder, "uri"));
    } else if (const std::string root = textOf(params, "rootUri"); !root.empty()) {
      programs_.addFolder(root);
    }
    const Json legend = Json::parse(Workspace().request("reticle/legend", "{}"), nullptr,
                                    /*allow_exceptions=*/false);
    const Json capabilities = {
        {"positionEncoding", "utf-16"},
        {"textDocumentSync", {{"openClose", true}, {"change", 2}}},
        {"completionProvider", {{"triggerCharacters", {".", "(", "{", ":", "=", ","}}}},
        {"signatureHelpProvider", {{"triggerCharacters", {"(", "{", ","}}}},
        {"hoverProvider", true},
        {"definitionProvider", true},
        {"referencesProvider", true},
        {"documentHighlightProvider", true},
        {"documentSymbolProvider", true},
        {"renameProvider", {{"prepareProvider", true}}},
        {"documentFormattingProvider", true},
        {"documentRangeFormattingProvider", true},
        {"foldingRangeProvider", true},
        {"selectionRangeProvider", true},
        {"inlayHintProvider", true},
        {"codeActionProvider", {{"codeActionKinds", {"quickfix"}}}},
        {"semanticTokensProvider", {{"legend", legend}, {"full", true}}},
    };
    answer(id, text({{"capabilities", capabilities}, {"serverInfo", {{"name", "reticle"}}}}));
  }

  // Notifications have no result; unknown ones are passed over, as the protocol wants.
  void notified(const std::string& method, const Json& params) {
    if (method == "exit") over_ = true;
    if (!initialized_ || shutDown_) return;
    const Json& document = member(params, "textDocument");
    const std::string uri = textOf(document, "uri");
    if (method == "textDocument/didOpen" && !uri.empty()) {
      programs_.open(uri, textOf(document, "text"));
      publish(uri);
    } else if (method == "textDocument/didChange") {
      const Json& changes = member(params, "contentChanges");
      if (!changes.is_array()) return;
      for (const Json& change : changes) {
        LspPrograms::Change read{-1, 0, 0, 0, textOf(change, "text")};
        const Json& range = member(change, "range");
        if (range.is_object()) {
          const Json &start = member(range, "start"), &end = member(range, "end");
          read = {std::max<std::int64_t>(numberOf(start, "line"), 0),
                  std::max<std::int64_t>(numberOf(start, "character"), 0),
                  std::max<std::int64_t>(numberOf(end, "line"), 0),
                  std::max<std::int64_t>(numberOf(end, "character"), 0), read.text};
        }
        programs_.change(uri, read);
      }
      publish(uri);
    } else if (method == "textDocument/didClose") {
      std::vector<std::string> beside = programs_.openBeside(uri);
      programs_.close(uri);
      send(text({{"jsonrpc", "2.0"},
                 {"method", "textDocument/publishDiagnostics"},
                 {"params", {{"uri", uri}, {"diagnostics", Json::array()}}}}));
      for (const std::string& other : beside) {
        if (other != uri) publishOne(other);
      }
    } else if (method == "workspace/didChangeWatchedFiles") {
      const Json& changes = member(params, "changes");
      if (!changes.is_array()) return;
      std::set<std::string> touched;
      for (const Json& change : changes) {
        const std::string file = textOf(change, "uri");
        for (const std::string& other : programs_.openBeside(file)) touched.insert(other);
        programs_.fileChanged(file);
        for (const std::string& other : programs_.openBeside(file)) touched.insert(other);
      }
      for (const std::string& other : touched) publishOne(other);
    }
  }

  // A change may make other documents right or wrong.
  void publish(const std::string& uri) {
    for (const std::string& other : programs_.openBeside(uri)) publishOne(other);
  }
  // Diagnostics of one open document; also those that came about by a change elsewhere.
  void publishOne(const std::string& uri) {
    Workspace* program = programs_.programOf(uri);
    if (!program) return;
    const std::string report =
        program->request("textDocument/diagnostic", text({{"textDocument", {{"uri", uri}}}}));
    const Json read = Json::parse(report, nullptr, /*allow_exceptions=*/false);
    const Json& items = member(read, "items");
    send(text(
        {{"jsonrpc", "2.0"},
         {"method", "textDocument/publishDiagnostics"},
         {"params", {{"uri", uri}, {"diagnostics", items.is_array() ? items : Json::array()}}}}));
  }

  LspPrograms programs_;
  bool initialized_ = false, shutDown_ = false, over_ = false;
};

int lsp(const Arguments& arguments) {
  if (!arguments.files.empty()) return misused("lsp", "it takes no files: the editor sends them");
  return Server().run();
}

}  // namespace

Command lspCommand() {
  return {"lsp",
          "[--stdio]",
          "The language server: answers an editor over standard input and output.",
          "tools/vscode/ holds an extension that starts it. The `.rules` files of the opened "
          "folder that import each other are one program.\n",
          {{"--stdio", "", "what editors say; nothing else is spoken"}},
          lsp};
}

}  // namespace reticle::cli
