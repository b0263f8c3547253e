// The module's classes, as the TypeScript package sees them (wasm/src/load.ts is their only user).
// No logic here: JSON text is read and written by reticle/wire.h. What can go wrong is returned as
// {"error": …}; bytes and counters leave as typed arrays, copied once.
#include <emscripten/bind.h>
#include <emscripten/emscripten.h>
#include <emscripten/val.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reticle/conformance.h"
#include "reticle/dump.h"
#include "reticle/engine.h"
#include "reticle/host.h"
#include "reticle/language.h"
#include "reticle/wire.h"

namespace {

using emscripten::val;
namespace wire = reticle::wire;

// A typed array of JavaScript with a copy: views of the module's memory end when it grows.
template <typename Number>
val copyOut(const Number* data, std::size_t count) {
  return val(emscripten::typed_memory_view(count, data)).call<val>("slice");
}

// A function of JavaScript that returns NaN for zones it does not know; it must not throw.
reticle::ZoneOffsets zoneOffsets(const val& zones) {
  return [zones](std::string_view zone, std::int64_t seconds) -> std::optional<std::int32_t> {
    const double offset = zones(std::string(zone), static_cast<double>(seconds)).as<double>();
    if (offset != offset) return std::nullopt;
    return static_cast<std::int32_t>(offset);
  };
}

// A JSON list of results.
std::string conformance(const std::string& text, val zones) {
  const reticle::Result<std::vector<reticle::ConformanceCase>> results =
      reticle::runConformance(text, zoneOffsets(zones));
  if (!results) return wire::toJson(results.error());
  std::string out = "[";
  for (const reticle::ConformanceCase& result : *results) {
    (out += out.size() > 1 ? "," : "") += reticle::toJson(result);
  }
  return out + "]";
}

// A list of diagnostics.
std::string check(const std::string& files) {
  reticle::Result<std::vector<reticle::Source>> sources = wire::readSources(files);
  if (!sources) return wire::toJson(sources.error());
  const reticle::Compiled checked = reticle::check(std::move(*sources));
  return wire::toJson(checked.diagnostics, checked.sources);
}

std::string convert(const std::string& name, const std::string& text, const std::string& to) {
  const reticle::Source source{name, text};
  return wire::toJson(
      reticle::convert(source, to == "json" ? reticle::Form::Json : reticle::Form::Text), source);
}

std::string format(const std::string& name, const std::string& text) {
  const reticle::Source source{name, text};
  return wire::toJson(reticle::format(source), source);
}

std::string importJsonRules(const std::string& name, const std::string& json) {
  return wire::toJson(reticle::importJsonRules(name, json));
}

// A compiled program, or what was wrong with its sources.
class Program {
 public:
  static std::unique_ptr<Program> compile(const std::string& files) {
    auto program = std::make_unique<Program>();
    reticle::Result<std::vector<reticle::Source>> sources = wire::readSources(files);
    if (sources) {
      program->compiled_ = reticle::compile(std::move(*sources));
    } else {
      program->error_ = wire::toJson(sources.error());
    }
    return program;
  }

  std::string result() const { return error_.empty() ? wire::toJson(compiled_) : error_; }
  std::string runTests(val zones) const {
    return compiled_.ok() ? wire::toJson(reticle::runTests(compiled_.program, zoneOffsets(zones)),
                                         compiled_.sources)
                          : "[]";
  }
  std::string dump(const std::string& stage) const {
    using enum reticle::Stage;
    return reticle::dump(compiled_, stage == "tree" ? Tree : stage == "model" ? Model : Network);
  }
  const std::shared_ptr<const reticle::Program>& program() const { return compiled_.program; }

 private:
  reticle::Compiled compiled_;
  std::string error_;
};

// Trace records as a JSON list, until they are taken.
class Recorder final : public reticle::TraceObserver {
 public:
  void record(const reticle::TraceRecord&, std::string_view json) override {
    records_ += records_.empty() ? '[' : ',';
    records_ += json;
  }
  std::string take() {
    if (records_.empty()) return "[]";
    records_ += ']';
    return std::exchange(records_, {});
  }

 private:
  std::string records_;
};

// One request to a session, by the steps of the library's own loop; calls are performed outside.
class Loop {
 public:
  explicit Loop(reticle::Engine& engine) : engine_(engine), loop_(engine) {}

  // `bounded`: the options' maxFirings counts for all rounds together, not for each.
  std::string begin(const std::string& json, bool bounded) {
    reticle::Result<reticle::SettleOptions> options = wire::readSettle(json);
    if (!options) return wire::toJson(options.error());
    loop_.begin(*options, bounded ? std::optional(options->maxFirings) : std::nullopt);
    return "null";
  }
  // `json`: the input that would move the clock there at once.
  std::string beginAdvance(const std::string& json) {
    reticle::Result<reticle::Input> input = wire::readInput(json, engine_.now());
    if (!input) return wire::toJson(input.error());
    loop_.beginAdvance(std::get<reticle::input::Advance>(*input).to);
    return "null";
  }
  bool moveOn() { return loop_.moveOn(); }
  std::string next() {
    const reticle::HostLoop::Step step = loop_.next();
    switch (step.kind) {
      case reticle::HostLoop::Step::Kind::Settled:
        return R"({"kind":"settled","report":)" + wire::toJson(step.round) + "}";
      case reticle::HostLoop::Step::Kind::Outputs:
        return R"({"kind":"outputs","outputs":)" + wire::toJson(step.outputs) + "}";
      case reticle::HostLoop::Step::Kind::Idle: break;
    }
    return R"({"kind":"idle"})";
  }
  // A result that cannot be read is returned as an error, and not handed in.
  std::string submit(const std::string& json) {
    const reticle::Result<reticle::Input> input = wire::readInput(json, engine_.now());
    if (!input) return wire::toJson(input.error());
    loop_.submit(std::get<reticle::input::StepResult>(*input));
    return "null";
  }
  std::string failure() const { return loop_.failure() ? wire::toJson(*loop_.failure()) : "null"; }

 private:
  reticle::Engine& engine_;
  reticle::HostLoop loop_;
};

// One session: an engine and the trace that it leaves.
class Session {
 public:
  // `host(name, arguments)` carries out the `host pure` functions named in the options: JSON in,
  // JSON out; it must not throw.
  // `zones(name, seconds)` returns offsets of named time zones.
  static std::unique_ptr<Session> open(const Program& program, const std::string& options, val host,
                                       val zones) {
    auto session = std::make_unique<Session>();
    session->program_ = program.program();
    reticle::Result<wire::SessionOptions> read = wire::readOptions(options);
    if (!session->program_) {
      session->error_ = wire::toJson(reticle::Error{
          reticle::ErrorCode::BadInput, "the program has errors and cannot run", "", ""});
    } else if (!read) {
      session->error_ = wire::toJson(read.error());
    } else {
      session->options_ = {.start = read->start,
                           .trace = read->trace ? &session->recorder_ : nullptr,
                           .source = read->source,
                           .cascade = read->cascade,
                           .journal = read->journal,
                           .strategy = read->strategy,
                           .seed = read->seed,
                           .functions = {},
                           .zones = zoneOffsets(zones),
                           .stopwatch = {}};
      if (read->timed) {
        session->options_.stopwatch = [] {
          return static_cast<std::uint64_t>(emscripten_get_now() * 1e6);
        };
      }
      for (const std::string& name : read->pure) {
        session->options_.functions.emplace_back(name, pureFunction(name, host));
      }
      session->engine_.emplace(session->program_, session->options_);
    }
    return session;
  }

  // Empty when the session is open.
  std::string error() const { return error_; }

  // Takes the place of the engine that open() made; what that one traced is forgotten.
  std::string recover(const std::string& journal) {
    recorder_.take();
    reticle::Result<reticle::Engine> engine = reticle::Engine::recover(program_, journal, options_);
    if (!engine) return wire::toJson(engine.error());
    engine_.emplace(std::move(*engine));
    return engine_->recovery() ? wire::toJson(*engine_->recovery()) : "null";
  }
  std::string submit(const std::string& json) {
    reticle::Result<reticle::Input> input = wire::readInput(json, engine_->now());
    return wire::toJson(input ? engine_->submit(*input)
                              : reticle::Result<reticle::Accepted>(input.error()));
  }
  // Whether an event would be taken now; nothing changes.
  std::string canTake(const std::string& json) {
    const reticle::Result<reticle::Input> input = wire::readInput(json, engine_->now());
    if (!input) return wire::toJson(input.error());
    const auto* event = std::get_if<reticle::input::Emit>(&*input);
    if (!event) {
      return wire::toJson(reticle::Error{reticle::ErrorCode::BadInput,
                                         "only an event can be asked for: the input `emit`",
                                         "kind",
                                         {}});
    }
    const reticle::Status taken = engine_->canTake(*event);
    return taken ? "{}" : wire::toJson(taken.error());
  }
  // `names` and `columns` are lists of one length: a column is a typed array of numbers, or JSON
  // text of a list. Returns the ids of the facts, or an error as JSON text.
  val insertColumns(const std::string& type, val names, val columns) {
    std::vector<std::vector<reticle::Value>> read;
    for (unsigned i = 0, count = columns["length"].as<unsigned>(); i < count; ++i) {
      reticle::Result<std::vector<reticle::Value>> column = columnFrom(columns[i]);
      if (!column) return val(wire::toJson(column.error()));
      read.push_back(std::move(*column));
    }
    const reticle::Result<reticle::Input> input =
        wire::insertColumns(type, emscripten::vecFromJSArray<std::string>(names), std::move(read));
    if (!input) return val(wire::toJson(input.error()));
    const reticle::Result<reticle::Accepted> accepted = engine_->submit(*input);
    if (!accepted) return val(wire::toJson(accepted.error()));
    static_assert(sizeof(reticle::FactId) == sizeof(std::uint32_t));
    return copyOut(reinterpret_cast<const std::uint32_t*>(accepted->facts.data()),
                   accepted->facts.size());
  }
  std::string settle(const std::string& json) {
    reticle::Result<reticle::SettleOptions> options = wire::readSettle(json);
    return options ? wire::toJson(engine_->settle(*options)) : wire::toJson(options.error());
  }
  // Ends before the session does.
  std::unique_ptr<Loop> loop() { return std::make_unique<Loop>(*engine_); }
  std::string replaceProgram(const Program& program) {
    if (!program.program()) {
      return wire::toJson(reticle::Error{reticle::ErrorCode::BadInput,
                                         "the program has errors and cannot run", "", ""});
    }
    const reticle::Result<reticle::Replaced> replaced = engine_->replaceProgram(program.program());
    if (replaced) program_ = program.program();
    return wire::toJson(replaced);
  }
  // Bytes that are not in the store yet.
  val takeJournal() {
    const std::string bytes = engine_->takeJournal();
    return copyOut(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  void journalDurable() { engine_->journalDurable(); }
  std::string takeOutputs() { return wire::toJson(engine_->takeOutputs()); }
  std::string takeTrace() { return recorder_.take(); }
  std::string view(const std::string& what, const std::string& arguments) const {
    return wire::view(*engine_, what, arguments);
  }
  val memoryCounts() const {
    const std::vector<std::uint32_t> counts = engine_->memoryCounts();
    return copyOut(reinterpret_cast<const std::int32_t*>(counts.data()), counts.size());
  }
  double now() const { return static_cast<double>(engine_->now()) / 1000.0; }
  // NaN: nothing will happen by itself.
  double nextTimer() const {
    const std::optional<reticle::Time> next = engine_->nextTimer();
    return next ? static_cast<double>(*next) / 1000.0 : std::numeric_limits<double>::quiet_NaN();
  }
  std::string digest() const { return engine_->digest(); }
  std::string traceDigest() const { return engine_->traceDigest(); }

 private:
  // Numbers of an integer array are ints, of a float array doubles; anything else comes as
  // JSON.
  static reticle::Result<std::vector<reticle::Value>> columnFrom(const val& column) {
    std::vector<reticle::Value> values;
    if (column.isString()) {
      const reticle::Result<reticle::Value> list = wire::parse(column.as<std::string>());
      if (!list) return list.error();
      if (list->kind() != reticle::ValueKind::List) {
        return reticle::Error{reticle::ErrorCode::BadInput,
                              "a column is a list of values or a typed array of numbers", "", ""};
      }
      return list->asList();
    }
    const bool isReal = column.instanceof (val::global("Float64Array")) || column.instanceof
        (val::global("Float32Array"));
    for (const double number : emscripten::convertJSArrayToNumberVector<double>(column)) {
      values.push_back(isReal ? reticle::Value::real(number)
                              : reticle::Value::integer(static_cast<std::int64_t>(number)));
    }
    return values;
  }

  static reticle::PureFunction pureFunction(const std::string& name, const val& host) {
    return [name, host](const std::vector<reticle::Value>& arguments) {
      const std::string answer = host(name, wire::toJson(arguments)).as<std::string>();
      reticle::Result<reticle::Value> value = wire::parse(answer);
      return value ? std::move(*value) : reticle::Value::error("RL9001", value.error().message);
    };
  }

  std::shared_ptr<const reticle::Program> program_;
  reticle::EngineOptions options_;
  Recorder recorder_;                      // outlives the engine
  std::optional<reticle::Engine> engine_;  // empty only when error() says why
  std::string error_;
};

// Documents and what an editor asks about them: the protocol's JSON goes through as it is.
class Workspace {
 public:
  void open(const std::string& uri, const std::string& text) { workspace_.open(uri, text); }
  bool edit(const std::string& uri, unsigned startLine, unsigned startCharacter, unsigned endLine,
            unsigned endCharacter, const std::string& text) {
    return workspace_.edit(uri, startLine, startCharacter, endLine, endCharacter, text);
  }
  void close(const std::string& uri) { workspace_.close(uri); }
  std::string request(const std::string& method, const std::string& params) {
    return workspace_.request(method, params);
  }

 private:
  reticle::Workspace workspace_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(reticle) {
  emscripten::function("conformance", &conformance);
  emscripten::function("check", &check);
  emscripten::function("convert", &convert);
  emscripten::function("format", &format);
  emscripten::function("moduleSchema", &reticle::moduleSchema);
  emscripten::function("importJsonRules", &importJsonRules);
  emscripten::class_<Workspace>("Workspace")
      .constructor<>()
      .function("open", &Workspace::open)
      .function("edit", &Workspace::edit)
      .function("close", &Workspace::close)
      .function("request", &Workspace::request);
  emscripten::class_<Program>("Program")
      .class_function("compile", &Program::compile)
      .function("result", &Program::result)
      .function("runTests", &Program::runTests)
      .function("dump", &Program::dump);
  emscripten::class_<Loop>("Loop")
      .function("begin", &Loop::begin)
      .function("beginAdvance", &Loop::beginAdvance)
      .function("moveOn", &Loop::moveOn)
      .function("next", &Loop::next)
      .function("submit", &Loop::submit)
      .function("failure", &Loop::failure);
  emscripten::class_<Session>("Session")
      .class_function("open", &Session::open)
      .function("error", &Session::error)
      .function("recover", &Session::recover)
      .function("submit", &Session::submit)
      .function("canTake", &Session::canTake)
      .function("insertColumns", &Session::insertColumns)
      .function("settle", &Session::settle)
      .function("loop", &Session::loop)
      .function("replaceProgram", &Session::replaceProgram)
      .function("takeJournal", &Session::takeJournal)
      .function("journalDurable", &Session::journalDurable)
      .function("takeOutputs", &Session::takeOutputs)
      .function("takeTrace", &Session::takeTrace)
      .function("view", &Session::view)
      .function("memoryCounts", &Session::memoryCounts)
      .function("now", &Session::now)
      .function("nextTimer", &Session::nextTimer)
      .function("digest", &Session::digest)
      .function("traceDigest", &Session::traceDigest);
}
