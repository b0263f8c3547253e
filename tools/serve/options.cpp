// Reading the options of `reticle serve`.
#include "options.h"

#include <algorithm>
#include <utility>

#include "../cli/files.h"
#include "post.h"
#include "reticle/text.h"

namespace reticle::serve {
namespace {

Error wrong(std::string message) { return {ErrorCode::BadInput, std::move(message), "", ""}; }

// "NAME=URL"; an empty name when it begins with the URL.
std::pair<std::string, std::string> named(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (text.rfind("http://", 0) == 0 || text.rfind("https://", 0) == 0 ||
      equals == std::string::npos) {
    return {"", text};
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

bool isLoopback(const std::string& address) {
  return address == "::1" || address.rfind("127.", 0) == 0;
}

class Reader {
 public:
  explicit Reader(const cli::Arguments& arguments) : arguments_(arguments) {}

  Result<ServeOptions> run() {
    options_.rules = arguments_.files;
    for (const cli::Arguments::Given& given : arguments_.options) {
      take(given.name, given.value);
      if (error_) return *error_;
    }
    if (!arguments_.has("--port")) return wrong("it needs --port N; 0 takes any that is free");
    if (options_.rules.empty()) return wrong("it needs --rules FILE");
    if (options_.store.empty()) return wrong("it needs --store FILE, where its journal is kept");
    options_.isLoopback = isLoopback(options_.address);
    if (!options_.isLoopback && options_.token.empty()) {
      return wrong("--listen " + options_.address +
                   " can be reached from elsewhere: it needs --token-file FILE, whose token every "
                   "request must carry");
    }
    if (options_.deliveries.deadLetters.empty()) {
      options_.deliveries.deadLetters = options_.store + ".dead.jsonl";
    }
    options_.deliveries.timeout = options_.timeout;
    return std::move(options_);
  }

 private:
  void fail(const std::string& message) {
    if (!error_) error_ = wrong(message);
  }

  std::int64_t number(const std::string& name, const std::string& text, std::int64_t least,
                      std::int64_t most) {
    const std::optional<std::int64_t> read = intFromText(text);
    if (read && *read >= least && *read <= most) return *read;
    fail(name + " is a number from " + std::to_string(least) + " to " + std::to_string(most) +
         ", this is `" + text + "`");
    return least;
  }

  std::size_t size(const std::string& name, const std::string& text) {
    return static_cast<std::size_t>(number(name, text, 1, 1'000'000'000));
  }

  std::chrono::milliseconds span(const std::string& name, const std::string& text) {
    const std::optional<Span64> read = spanFromText(text);
    if (read && *read >= 1000) return std::chrono::milliseconds(*read / 1000);
    fail(name + " is a duration such as 500ms or 30s, this is `" + text + "`");
    return std::chrono::milliseconds(1);
  }

  void url(const std::string& name, const std::string& text) {
    if (const std::string not_ = notUrl(text); !not_.empty()) fail(name + ": " + not_);
  }

  // A token is one line, long enough not to be guessed.
  void token(const std::string& path) {
    std::optional<std::string> text = cli::readFile(path);
    if (!text) return fail("--token-file cannot be read");
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    const bool isPlain =
        std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!isPlain || text->size() < 16) {
      return fail("the token in " + path + " is one line of at least 16 visible characters");
    }
    options_.token = *std::move(text);
  }

  void routes(const std::string& path) {
    const std::optional<Value> json = cli::readData(path);
    if (!json) return fail("--routes cannot be read");
    Result<EventRoutes> read = EventRoutes::from(*json);
    if (read) {
      options_.deliveries.routes = std::move(*read);
      return;
    }
    const Error& error = read.error();
    fail("--routes " + path + (error.where.empty() ? "" : ", " + error.where) + ": " +
         error.message + (error.fix.empty() ? "" : "; expected: " + error.fix));
  }

  void take(const std::string& name, const std::string& value) {
    Limits& limits = options_.limits;
    if (name == "--port") options_.port = static_cast<int>(number(name, value, 0, 65'535));
    if (name == "--rules") options_.rules.push_back(value);
    if (name == "--store") options_.store = value;
    if (name == "--listen") options_.address = value;
    if (name == "--host") options_.hosts.push_back(value);
    if (name == "--token-file") token(value);
    if (name == "--allow-origin") options_.origin = value;
    if (name == "--source") options_.source = value;
    if (name == "--answers") options_.answers = value;
    if (name == "--timeout") options_.timeout = span(name, value);
    if (name == "--dead-letter") options_.deliveries.deadLetters = value;
    if (name == "--attempts") {
      options_.deliveries.attempts = static_cast<std::uint32_t>(number(name, value, 1, 1000));
    }
    if (name == "--routes") routes(value);
    if (name == "--retry") options_.deliveries.firstWait = span(name, value);
    if (name == "--ignore-unknown") options_.ignoresUnknown = true;
    if (name == "--trace") options_.traces = true;
    if (name == "--request-timeout") limits.request = span(name, value);
    if (name == "--max-body") limits.body = size(name, value);
    if (name == "--max-batch") limits.batch = size(name, value);
    if (name == "--max-queue") limits.queue = size(name, value);
    if (name == "--max-outbox") limits.outbox = size(name, value);
    if (name == "--max-calls") limits.calls = size(name, value);
    if (name == "--max-answers") limits.answers = size(name, value);
    if (name == "--max-connections") limits.connections = size(name, value);
    if (name == "--trace-bytes") limits.traceBytes = size(name, value);
    if (name == "--call" || name == "--deliver") {
      auto [what, where] = named(value);
      url(name, where);
      if (name == "--deliver") {
        options_.deliveries.targets.emplace(what, where);
      } else if (what.empty()) {
        fail("--call needs NAME=URL, with the name of a host function; this is `" + value + "`");
      } else {
        options_.calls[what] = where;
      }
    }
  }

  const cli::Arguments& arguments_;
  ServeOptions options_;
  std::optional<Error> error_;
};

}  // namespace

const std::vector<cli::Option>& serveOptions() {
  static const std::vector<cli::Option> options{
      {"--port", "N", "where it listens; 0: any port that is free, which the first line says"},
      {"--rules", "FILE", "rules; may be repeated"},
      {"--store", "FILE", "where the journal is kept; a session that is there goes on"},
      {"--listen", "ADDRESS", "an address that is not 127.0.0.1; needs a token"},
      {"--token-file", "FILE", "every request must carry this token: Authorization: Bearer …"},
      {"--host", "NAME", "a further name by which it may be called; may be repeated"},
      {"--allow-origin", "ORIGIN", "pages from there may read: http://127.0.0.1:4173"},
      {"--call", "NAME=URL", "calls of that host function are posted there; may be repeated"},
      {"--answers", "FILE", "what `host pure` functions return, as for `reticle run`"},
      {"--deliver", "[TYPE=]URL", "events (of that type) are posted there; may be repeated"},
      {"--routes", "FILE", "where else events go, by what their envelopes say (JSON or YAML)"},
      {"--attempts", "N", "how often a delivery is tried before it is given up (8)"},
      {"--retry", "D", "the pause after the first failure, doubled each time (500ms)"},
      {"--timeout", "D", "how long calls and deliveries wait for an answer (30s)"},
      {"--dead-letter", "FILE", "where deliveries go that were given up (STORE.dead.jsonl)"},
      {"--source", "URI", "`source` of events that leave (reticle)"},
      {"--ignore-unknown", "", "data that no field is for are passed over"},
      {"--trace", "", "keep the trace and show it under /trace; costs speed"},
      {"--trace-bytes", "N", "how much of it is kept for slow readers (16 MiB)"},
      {"--max-body", "N", "bytes of a request's body (1 MiB)"},
      {"--max-batch", "N", "events of a request (1,000)"},
      {"--max-queue", "N", "events that may wait for the engine (10,000)"},
      {"--max-outbox", "N", "deliveries that may wait (100,000)"},
      {"--max-calls", "N", "calls of host functions that may be under way (100,000)"},
      {"--max-answers", "N", "bytes of answers that may wait for their readers (256 MiB)"},
      {"--max-connections", "N", "open connections (10,000)"},
      {"--request-timeout", "D", "a request must be whole so long after its first byte (10s)"}};
  return options;
}

Result<ServeOptions> readServeOptions(const cli::Arguments& arguments) {
  return Reader(arguments).run();
}

}  // namespace reticle::serve
