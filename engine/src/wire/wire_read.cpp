// What hosts hand in, read strictly: inputs, options, sources.
//
// Errors are found before anything is done: an input that cannot be read never reaches the
// session. Messages are for the person who wrote the host, so they name the member, what stands
// there, and what would be right.
#include <cmath>
#include <optional>
#include <utility>

#include "base/number.h"
#include "base/suggest.h"
#include "base/value_json.h"
#include "reticle/wire.h"

namespace reticle::wire {
namespace {

// Every refusal of this file: what is wrong, the member it is about, and what would be right.
Error badInput(std::string message, std::string_view where = {}, std::string fix = {}) {
  return {ErrorCode::BadInput, std::move(message), std::string(where), std::move(fix)};
}

// What a value is, in a few words for a message.
std::string found(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return "null";
    case ValueKind::List: return "a list";
    case ValueKind::Map: return "an object";
    case ValueKind::Fact: return "a reference to a fact";
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Type:
    case ValueKind::Optional:
    case ValueKind::Uint:
    case ValueKind::Error: break;
  }
  std::string text = toText(value);
  if (text.size() > 60) text = "a long string";
  return text;
}

// The members that there are, for messages.
std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

// Milliseconds, whole or not, as time; an error when they are no number or no time the engine can
// hold.
Result<Time> timeFromMillis(const Value& millis, std::string_view where) {
  // 9999-12-31T23:59:59Z, far inside what a double holds exactly; as a distance just as long.
  constexpr double kMost = 253402300799000.0;
  double number = NAN;
  if (millis.kind() == ValueKind::Int) number = static_cast<double>(millis.asInt());
  if (millis.kind() == ValueKind::Double) number = millis.asDouble();
  if (std::isnan(number)) {
    return badInput("a time is a number of milliseconds, this is " + found(millis), where);
  }
  if (number < -kMost || number > kMost) {
    return badInput("there are no times beyond the year 9999", where);
  }
  return static_cast<Time>(std::llround(number * 1000.0));
}

// Takes the members of one object out by name. The first thing wrong is kept; after it everything
// read is empty.
class Members {
 public:
  Members(const Value& json, std::string what, std::vector<std::string> known)
      : json_(json), what_(std::move(what)) {
    if (json.kind() != ValueKind::Map) {
      error_ = badInput(what_ + " is an object with " + listed(known) + ", this is " + found(json));
      return;
    }
    for (const auto& [key, value] : json.asMap()) {
      const std::string name{key.asString()};
      bool isKnown = false;
      for (const std::string& each : known) isKnown = isKnown || each == name;
      if (isKnown) continue;
      const std::string meant = model::nearest(name, known);
      fail("has no member `" + name + "`; there are " + listed(known), name,
           meant.empty() ? "" : "write `" + meant + "`");
      return;
    }
  }

  bool ok() const { return !error_; }
  const Error& error() const { return *error_; }

  const Value* find(std::string_view name) {
    return error_ || json_.kind() != ValueKind::Map ? nullptr : json_.find(name);
  }
  // A member that must be there; without it the object is refused.
  const Value* need(std::string_view name, std::string_view whatItIs) {
    const Value* value = find(name);
    if (!value && !error_) {
      fail("needs `" + std::string(name) + "`, " + std::string(whatItIs), name);
    }
    return value;
  }

  // Empty when it is not there and need not be.
  std::string text(std::string_view name, bool needed) {
    const Value* value = needed ? need(name, "a string") : find(name);
    if (!value) return {};
    if (value->kind() == ValueKind::String) return std::string(value->asString());
    wrong(name, "a string", *value);
    return {};
  }
  // False when it is not there.
  bool flag(std::string_view name) {
    const Value* value = find(name);
    if (!value) return false;
    if (value->kind() != ValueKind::Bool) wrong(name, "true or false", *value);
    return value->isTrue();
  }
  // A whole number from `least` to `most`.
  std::int64_t whole(std::string_view name, std::int64_t least, std::int64_t most, bool needed) {
    const Value* value = needed ? need(name, "a whole number") : find(name);
    if (!value) return least;
    std::optional<std::int64_t> number;
    if (value->kind() == ValueKind::Int) number = value->asInt();
    if (value->kind() == ValueKind::Double) number = exactInt(value->asDouble());
    if (number && *number >= least && *number <= most) return *number;
    wrong(name, "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
          *value);
    return least;
  }
  // A list of texts; one that holds anything else is refused.
  std::vector<std::string> names(std::string_view name) {
    const Value* value = find(name);
    std::vector<std::string> result;
    if (!value) return result;
    if (value->kind() != ValueKind::List) wrong(name, "a list of names", *value);
    for (std::size_t i = 0; ok() && i < value->asList().size(); ++i) {
      const Value& each = value->asList()[i];
      if (each.kind() != ValueKind::String) {
        wrong(name, "a list of names", each);
      } else {
        result.emplace_back(each.asString());
      }
    }
    return result;
  }
  // Values stay as they came: the session reads them by the declared types.
  Fields fields(std::string_view name, bool needed) {
    const Value* value = needed ? need(name, "an object with a value for each field") : find(name);
    Fields result;
    if (!value) return result;
    if (value->kind() != ValueKind::Map) {
      wrong(name, "an object with a value for each field", *value);
      return result;
    }
    for (const auto& [key, each] : value->asMap()) {
      result.emplace_back(std::string(key.asString()), each);
    }
    return result;
  }
  // Milliseconds on the wire, microseconds inside.
  Time time(std::string_view name) {
    const Value* value = need(name, "a number of milliseconds");
    if (!value) return 0;
    Result<Time> time = timeFromMillis(*value, name);
    if (time) return *time;
    fail("has a wrong `" + std::string(name) + "`: " + time.error().message, name);
    return 0;
  }

  // The member has a value of another kind than it needs.
  void wrong(std::string_view name, std::string_view wanted, const Value& value) {
    fail(
        "needs " + std::string(wanted) + " as `" + std::string(name) + "`, this is " + found(value),
        name);
  }
  // Only the first failure is kept: those after it would follow from it.
  void fail(std::string message, std::string_view where, std::string fix = {}) {
    if (!error_) error_ = badInput(what_ + " " + message, where, std::move(fix));
  }

 private:
  const Value& json_;
  std::string what_;
  std::optional<Error> error_;
};

const std::vector<std::string> kStrategies{"depth",      "breadth",    "lex",   "mea",
                                           "simplicity", "complexity", "random"};
constexpr std::int64_t kMaxId = 0xffffffffLL;
const std::vector<std::string> kInputKinds{
    "insert", "update", "retract",       "set",           "emit",
    "start",  "result", "advance",       "insertAll",     "signal",
    "cancel", "unset",  "deleteSubject", "compareAndSet", "cancelEvent"};

// The input, unless something was wrong with its members.
Result<Input> checked(const Members& members, Input input) {
  if (!members.ok()) return members.error();
  return input;
}

// A result has a value, an error (a text or a map with `reason`), or neither: then it is null.
Result<Input> readStepResult(const Value& json) {
  Members in(json, "the input `result`", {"kind", "call", "attempt", "value", "error"});
  input::StepResult result;
  result.call = in.text("call", true);
  result.attempt = static_cast<std::uint32_t>(in.whole("attempt", 1, kMaxId, true));
  const Value* value = in.find("value");
  const Value* error = in.find("error");
  if (value && error) in.fail("has both `value` and `error`; a call has one outcome", "error");
  if (value) result.value = *value;
  if (error) {
    const Value* reason = error->kind() == ValueKind::Map ? error->find("reason") : nullptr;
    if (!reason || reason->kind() != ValueKind::String) {
      in.fail("needs an object with a string `reason` as `error`, this is " + found(*error),
              "error");
    }
    result.failed = true;
    result.error = *error;
  }
  return checked(in, std::move(result));
}

// `fields` are names, `rows` lists with a value for each of them.
Result<Input> readInsertAll(const Value& json) {
  Members in(json, "the input `insertAll`", {"kind", "type", "fields", "rows"});
  input::InsertAll insert;
  insert.type = in.text("type", true);
  const Value* fields = in.need("fields", "a list of names");
  const Value* rows = in.need("rows", "a list of lists of values");
  if (fields && fields->kind() != ValueKind::List) in.wrong("fields", "a list of names", *fields);
  if (rows && rows->kind() != ValueKind::List) in.wrong("rows", "a list of lists of values", *rows);
  if (!in.ok()) return in.error();
  for (const Value& name : fields->asList()) {
    if (name.kind() != ValueKind::String) {
      in.wrong("fields", "a list of names", name);
    } else {
      insert.fields.emplace_back(name.asString());
    }
  }
  insert.values.reserve(rows->asList().size() * insert.fields.size());
  for (const Value& row : rows->asList()) {
    if (row.kind() != ValueKind::List || row.asList().size() != insert.fields.size()) {
      in.wrong("rows", "a list of lists with a value for each of `fields`", row);
    }
    if (!in.ok()) return in.error();
    insert.values.insert(insert.values.end(), row.asList().begin(), row.asList().end());
  }
  return checked(in, std::move(insert));
}

// To a time, or by a span that counts from `now`; one of the two.
Result<Input> readAdvance(const Value& json, Time now) {
  Members in(json, "the input `advance`", {"kind", "to", "by"});
  const bool isRelative = in.find("by") != nullptr;
  if (isRelative && in.find("to")) in.fail("has both `to` and `by`; give one", "by");
  if (!isRelative) {
    const Time to = in.time("to");
    return checked(in, input::Advance{to});
  }
  const Time by = in.time("by");
  Time to = 0;
  if (__builtin_add_overflow(now, by, &to)) in.fail("goes beyond the last time there is", "by");
  return checked(in, input::Advance{to});
}

// `after` counts from now, `at` is a moment; both in milliseconds.
Result<Input> readEmit(const Value& json, Time now) {
  Members in(json, "the input `emit`",
             {"kind", "type", "data", "subject", "id", "source", "time", "extensions", "after",
              "at", "replacing", "deliver"});
  input::Emit emit{in.text("type", true), in.fields("data", true), in.text("subject", false),
                   in.text("id", false), in.text("source", false)};
  if (in.find("time")) emit.time = in.time("time");
  emit.extensions = in.fields("extensions", false);
  if (in.find("after") && in.find("at")) in.fail("has both `after` and `at`; give one", "at");
  if (in.find("at")) emit.due = in.time("at");
  if (in.find("after")) {
    Time due = 0;
    const Time after = in.time("after");
    if (after < 0) in.fail("cannot be in the past: `after` is below 0", "after");
    if (__builtin_add_overflow(now, after, &due)) {
      in.fail("goes beyond the last time there is", "after");
    }
    emit.due = due;
  }
  emit.replacing = in.text("replacing", false);
  if (const Value* deliver = in.find("deliver")) {
    static const std::pair<const char*, Delivery> kWays[] = {{"local", Delivery::Local},
                                                             {"outside", Delivery::Outside},
                                                             {"both", Delivery::Both},
                                                             {"unhandled", Delivery::Unhandled}};
    bool known = false;
    for (const auto& [word, way] : kWays) {
      if (!(*deliver == Value::string(word))) continue;
      emit.deliver = way;
      known = true;
    }
    if (!known) in.wrong("deliver", "\"local\", \"outside\", \"both\" or \"unhandled\"", *deliver);
  }
  return checked(in, std::move(emit));
}

// No text at all stands for no members.
std::string_view orEmpty(std::string_view json) {
  return json.empty() ? std::string_view{"{}"} : json;
}

}  // namespace

Result<Value> parse(std::string_view json) { return parseJson(json); }

// Each with a name and a text; offsets in a source are 32 bits.
Result<std::vector<Source>> readSources(std::string_view text) {
  Result<Value> json = parse(text);
  if (!json) return json.error();
  if (json->kind() != ValueKind::List) {
    return badInput("the sources are a list of objects with `name` and `text`, this is " +
                    found(*json));
  }
  std::vector<Source> sources;
  for (const Value& item : json->asList()) {
    Members in(item, "source " + std::to_string(sources.size()), {"name", "text"});
    Source source{in.text("name", true), in.text("text", true)};
    if (!in.ok()) return in.error();
    if (source.text.size() > 0x7fffffffu) {
      return badInput("a source is longer than 2 GB", source.name);
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

// Names of strategies and cascades are looked up here; everything else is taken as it is.
Result<SessionOptions> readOptions(std::string_view text) {
  Result<Value> json = parse(orEmpty(text));
  if (!json) return json.error();
  Members in(
      *json, "the session's options",
      {"start", "trace", "source", "cascade", "strategy", "seed", "journal", "pure", "timed"});
  SessionOptions options;
  if (in.find("start")) options.start = in.time("start");
  options.trace = in.flag("trace");
  options.timed = in.flag("timed");
  if (in.find("journal")) options.journal = in.flag("journal");
  if (in.find("source")) options.source = in.text("source", true);
  if (const Value* cascade = in.find("cascade")) {
    if (*cascade == Value::string("nested")) {
      options.cascade = Cascade::Nested;
    } else if (!(*cascade == Value::string("fifo"))) {
      in.wrong("cascade", "\"fifo\" or \"nested\"", *cascade);
    }
  }
  if (in.find("strategy")) {
    const std::string written = in.text("strategy", true);
    if (const std::optional<Strategy> strategy = strategyNamed(written)) {
      options.strategy = *strategy;
    } else if (in.ok()) {
      const std::string meant = model::nearest(written, kStrategies);
      in.fail("has no strategy `" + written + "`; there are " + listed(kStrategies), "strategy",
              meant.empty() ? "" : "write `" + meant + "`");
    }
  }
  if (in.find("seed")) {
    options.seed = static_cast<std::uint64_t>(in.whole("seed", 0, 9'007'199'254'740'991, true));
  }
  options.pure = in.names("pure");
  if (!in.ok()) return in.error();
  return options;
}

// Every member may be left out.
Result<SettleOptions> readSettle(std::string_view text) {
  Result<Value> json = parse(orEmpty(text));
  if (!json) return json.error();
  Members in(*json, "settle", {"maxFirings", "activation", "mode", "tags"});
  SettleOptions options;
  if (in.find("maxFirings")) {
    options.maxFirings = static_cast<std::uint64_t>(in.whole("maxFirings", 0, 1'000'000'000, true));
  }
  if (in.find("activation")) {
    options.activation = static_cast<ActivationId>(in.whole("activation", 1, kMaxId, true));
  }
  if (const Value* mode = in.find("mode")) {
    if (*mode == Value::string("first-match")) {
      options.mode = SettleOptions::Mode::FirstMatch;
    } else if (*mode == Value::string("single-pass")) {
      options.mode = SettleOptions::Mode::SinglePass;
    } else if (!(*mode == Value::string("all"))) {
      in.wrong("mode", "\"all\", \"first-match\" or \"single-pass\"", *mode);
    }
  }
  if (in.find("tags")) options.tags = in.names("tags");
  if (!in.ok()) return in.error();
  return options;
}

// Columns become rows: all of one length, one for each name.
Result<Input> insertColumns(std::string type, std::vector<std::string> names,
                            std::vector<std::vector<Value>> columns) {
  const std::size_t rows = columns.empty() ? 0 : columns[0].size();
  input::InsertAll insert{std::move(type), std::move(names), {}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].size() == rows) continue;
    return badInput("the column `" + insert.fields[i] + "` has " +
                        std::to_string(columns[i].size()) + " values, `" + insert.fields[0] +
                        "` has " + std::to_string(rows),
                    insert.fields[i]);
  }
  insert.values.reserve(rows * columns.size());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::vector<Value>& column : columns) insert.values.push_back(std::move(column[row]));
  }
  return Input(std::move(insert));
}

// Text of one input: parsed, then read.
Result<Input> readInput(std::string_view text, Time now) {
  Result<Value> json = parse(text);
  if (!json) return json.error();
  return inputFrom(*json, now);
}

// By `kind`; for an unknown one the error names the nearest that there is.
Result<Input> inputFrom(const Value& json, Time now) {
  const Value* kind = json.kind() == ValueKind::Map ? json.find("kind") : nullptr;
  if (!kind || kind->kind() != ValueKind::String) {
    return badInput("an input is an object whose `kind` is one of " + listed(kInputKinds) +
                        ", this is " + found(kind ? *kind : json),
                    "kind");
  }
  const std::string_view name = kind->asString();
  if (name == "insert") {
    Members in(json, "the input `insert`", {"kind", "type", "fields"});
    input::Insert insert{in.text("type", true), in.fields("fields", true)};
    return checked(in, std::move(insert));
  }
  if (name == "insertAll") return readInsertAll(json);
  if (name == "signal") {
    Members in(json, "the input `signal`", {"kind", "flow", "key", "type", "data"});
    input::Signal signal{in.text("flow", true), in.text("key", true), in.text("type", true),
                         in.fields("data", false)};
    return checked(in, std::move(signal));
  }
  if (name == "cancel") {
    Members in(json, "the input `cancel`", {"kind", "flow", "key"});
    input::Cancel cancel{in.text("flow", true), in.text("key", true)};
    return checked(in, std::move(cancel));
  }
  if (name == "resume") {
    Members in(json, "the input `resume`", {"kind", "flow", "key"});
    input::Resume resume{in.text("flow", true), in.text("key", true)};
    return checked(in, std::move(resume));
  }
  if (name == "update") {
    Members in(json, "the input `update`", {"kind", "fact", "fields"});
    input::Update update{static_cast<FactId>(in.whole("fact", 1, kMaxId, true)),
                         in.fields("fields", true)};
    return checked(in, std::move(update));
  }
  if (name == "retract") {
    Members in(json, "the input `retract`", {"kind", "fact"});
    return checked(in, input::Retract{static_cast<FactId>(in.whole("fact", 1, kMaxId, true))});
  }
  if (name == "set") {
    Members in(json, "the input `set`", {"kind", "subject", "type", "properties", "muted"});
    input::SetProperties set{in.text("subject", true), in.text("type", false),
                             in.fields("properties", true), in.flag("muted")};
    return checked(in, std::move(set));
  }
  if (name == "emit") {
    return readEmit(json, now);
  }
  if (name == "unset") {
    Members in(json, "the input `unset`", {"kind", "subject", "properties", "muted"});
    input::UnsetProperties unset{in.text("subject", true), in.names("properties"),
                                 in.flag("muted")};
    return checked(in, std::move(unset));
  }
  if (name == "deleteSubject") {
    Members in(json, "the input `deleteSubject`", {"kind", "subject"});
    input::DeleteSubject gone{in.text("subject", true)};
    return checked(in, std::move(gone));
  }
  if (name == "compareAndSet") {
    Members in(json, "the input `compareAndSet`",
               {"kind", "subject", "property", "expected", "value"});
    input::CompareAndSet set{in.text("subject", true), in.text("property", true), {}, {}};
    if (const Value* expected = in.need("expected", "a value")) set.expected = *expected;
    if (const Value* value = in.need("value", "a value")) set.value = *value;
    return checked(in, std::move(set));
  }
  if (name == "cancelEvent") {
    Members in(json, "the input `cancelEvent`", {"kind", "name", "subject"});
    input::CancelEvent cancel{in.text("name", true), in.text("subject", false)};
    return checked(in, std::move(cancel));
  }
  if (name == "start") {
    Members in(json, "the input `start`", {"kind", "flow", "args", "key"});
    input::Start start{in.text("flow", true), in.fields("args", true), in.text("key", false)};
    return checked(in, std::move(start));
  }
  if (name == "result") return readStepResult(json);
  if (name == "advance") return readAdvance(json, now);
  const std::string meant = model::nearest(name, kInputKinds);
  return badInput(
      "there is no input of kind `" + std::string(name) + "`; there are " + listed(kInputKinds),
      "kind", meant.empty() ? "" : "write `" + meant + "`");
}

namespace {

constexpr std::int64_t kMostMatches = 100'000;

// JSON of a result, or its error as it is.
template <typename T>
Result<std::string> answered(const Result<T>& result) {
  if (!result) return result.error();
  return toJson(*result);
}

// One branch for each view; its arguments are read as strictly as inputs.
Result<std::string> answer(const Engine& engine, std::string_view what, const Value& arguments) {
  if (what == "facts") {
    Members in(arguments, "the view `facts`", {"type"});
    const std::string type = in.text("type", false);
    if (!in.ok()) return in.error();
    return toJson(engine.facts(type));
  }
  if (what == "subjects") {
    Members in(arguments, "the view `subjects`", {"type", "after", "limit", "having"});
    SubjectSelection which{.type = in.text("type", false), .after = in.text("after", false)};
    if (in.find("limit"))
      which.limit = static_cast<std::size_t>(in.whole("limit", 1, kMaxId, true));
    which.having = in.fields("having", false);
    if (!in.ok()) return in.error();
    return toJson(engine.subjects(which));
  }
  if (what == "property") {
    Members in(arguments, "the view `property`", {"subject", "name"});
    const std::string subject = in.text("subject", true), property = in.text("name", true);
    if (!in.ok()) return in.error();
    const Result<Value> value = engine.property(subject, property);
    if (!value) return value.error();
    return toJson(*value);
  }
  if (what == "agenda" || what == "runs" || what == "counters" || what == "waitingEvents") {
    Members in(arguments, "the view `" + std::string(what) + "`", {});
    if (!in.ok()) return in.error();
    return what == "agenda"          ? toJson(engine.agenda())
           : what == "waitingEvents" ? toJson(engine.waitingEvents())
           : what == "runs"          ? toJson(engine.runs())
                                     : toJson(engine.counters());
  }
  if (what == "query") {
    Members in(arguments, "the view `query`", {"name", "args"});
    const std::string name = in.text("name", true);
    const Value* given = in.find("args");
    if (given && given->kind() != ValueKind::List) in.wrong("args", "a list of values", *given);
    if (!in.ok()) return in.error();
    Result<std::vector<Fields>> rows = engine.query(name, given ? given->asList() : Value::List{});
    if (!rows) return rows.error();
    return toJson(*rows);
  }
  if (what == "fact") {
    Members in(arguments, "the view `fact`", {"fact"});
    const auto fact = static_cast<FactId>(in.whole("fact", 1, kMaxId, true));
    if (!in.ok()) return in.error();
    const std::optional<FactView> view = engine.fact(fact);
    return view ? toJson(*view) : "null";
  }
  if (what == "pathOf") {
    Members in(arguments, "the view `pathOf`", {"fact"});
    const auto fact = static_cast<FactId>(in.whole("fact", 1, kMaxId, true));
    if (!in.ok()) return in.error();
    return answered(engine.pathOf(fact));
  }
  if (what == "explain") {
    Members in(arguments, "the view `explain`", {"fact", "activation"});
    const bool activation = in.find("activation") != nullptr;
    const auto id =
        static_cast<std::uint32_t>(in.whole(activation ? "activation" : "fact", 1, kMaxId, true));
    if (activation && in.find("fact")) {
      in.wrong("fact", "to be left out beside `activation`", *in.find("fact"));
    }
    if (!in.ok()) return in.error();
    return activation ? answered(engine.explain(ActivationId{id}))
                      : answered(engine.explain(FactId{id}));
  }
  if (what == "whyNot") {
    Members in(arguments, "the view `whyNot`", {"rule", "bindings"});
    const std::string rule = in.text("rule", true);
    const Fields bindings = in.fields("bindings", false);
    if (!in.ok()) return in.error();
    return answered(engine.whyNot(rule, bindings));
  }
  if (what == "matches") {
    Members in(arguments, "the view `matches`", {"rule", "most"});
    const std::string rule = in.text("rule", true);
    const std::int64_t most = in.find("most") ? in.whole("most", 0, kMostMatches, true) : 100;
    if (!in.ok()) return in.error();
    return answered(engine.matches(rule, static_cast<std::size_t>(most)));
  }
  if (what == "subject") {
    Members in(arguments, "the view `subject`", {"name"});
    const std::string name = in.text("name", true);
    if (!in.ok()) return in.error();
    const std::optional<FactView> view = engine.subject(name);
    return view ? toJson(*view) : "null";
  }
  return badInput("there is no view `" + std::string(what) +
                  "`; there are `facts`, `agenda`, `runs`, `counters`, `query`, `explain`, "
                  "`whyNot`, `matches`, `pathOf`, `fact`, `subject`");
}

}  // namespace

// Errors of arguments and of the engine look alike to the host.
std::string view(const Engine& engine, std::string_view what, std::string_view arguments) {
  Result<Value> json = parse(orEmpty(arguments));
  if (!json) return toJson(json.error());
  Result<std::string> text = answer(engine, what, *json);
  return text ? std::move(*text) : toJson(text.error());
}

}  // namespace reticle::wire
