// Reads the options of `reticle run`: most of them say something about the file before them.
#include "run_options.h"

#include <algorithm>
#include <utility>

#include "files.h"
#include "reticle/text.h"

namespace reticle::cli {
namespace {

// An option whose value is not what it needs.
Error unreadable(const std::string& option, const std::string& wanted, const std::string& given) {
  return {ErrorCode::BadInput, option + wanted + ", this is `" + given + "`", option, ""};
}

Error wrongTable(const std::string& path, const std::string& message) {
  return {ErrorCode::BadInput, path + ": " + message, "--table", ""};
}

// A whole number that is not negative; nothing when the option is not given.
Result<std::optional<std::uint64_t>> numberFrom(const Arguments& arguments,
                                                const std::string& option) {
  const std::optional<std::string> given = arguments.last(option);
  if (!given) return std::optional<std::uint64_t>();
  const std::optional<std::int64_t> number = intFromText(*given);
  if (!number || *number < 0) return unreadable(option, " needs a whole number", *given);
  return std::optional(static_cast<std::uint64_t>(*number));
}

// "a, b": the parts without the spaces around them.
std::vector<std::string> partsOf(const std::string& list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string part = list.substr(begin, end - begin);
    const std::size_t first = part.find_first_not_of(' '), last = part.find_last_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
    begin = end + 1;
  }
  return parts;
}

std::optional<Error> readDelimiter(const std::string& option, const std::string& text,
                                   CsvOptions& table) {
  const bool tab = text == "tab" || text == "\\t" || text == "\t";
  if (!tab && (text.size() != 1 || text == "\"" || text == "\n")) {
    return unreadable(option, " is one character, or the word tab", text);
  }
  table.delimiter = tab ? '\t' : text[0];
  return std::nullopt;
}

std::optional<Error> readDecimal(const std::string& option, const std::string& text,
                                 CsvOptions& table) {
  if (text != "." && text != ",") return unreadable(option, " is `.` or `,`", text);
  table.decimal = text[0];
  return std::nullopt;
}

// The names of a list; nothing when it is none, or holds anything but texts.
std::optional<std::vector<std::string>> textsOf(const Value& json) {
  std::vector<std::string> texts;
  if (json.kind() != ValueKind::List) return std::nullopt;
  for (const Value& each : json.asList()) {
    if (each.kind() != ValueKind::String) return std::nullopt;
    texts.emplace_back(each.asString());
  }
  return texts;
}

// One member of a description of a table.
std::optional<Error> readTableMember(const std::string& path, const std::string& name,
                                     const Value& value, FactsFile& file) {
  const std::string text =
      value.kind() == ValueKind::String ? std::string(value.asString()) : std::string();
  if (name == "delimiter") return readDelimiter(path + ": `delimiter`", text, file.table);
  if (name == "decimal") return readDecimal(path + ": `decimal`", text, file.table);
  if (name == "type") {
    if (text.empty()) return wrongTable(path, "`type` is the name of a type");
    file.type = text;
  } else if (name == "ignoreUnknown") {
    if (value.kind() != ValueKind::Bool) {
      return wrongTable(path, "`ignoreUnknown` is true or false");
    }
    file.table.ignoreUnknown = value.isTrue();
  } else if (name == "shortRows") {
    if (value.kind() != ValueKind::Bool) return wrongTable(path, "`shortRows` is true or false");
    file.table.shortRows = value.isTrue();
  } else if (name == "skipLines") {
    if (value.kind() != ValueKind::Int || value.asInt() < 0) {
      return wrongTable(path, "`skipLines` is a whole number");
    }
    file.table.skipLines = static_cast<std::size_t>(value.asInt());
  } else if (name == "comment") {
    if (text.empty()) return wrongTable(path, "`comment` is what such lines begin with");
    file.table.comment = text;
  } else if (name == "fields") {
    const bool isMap = value.kind() == ValueKind::Map;
    for (const auto& [column, field] : isMap ? value.asMap() : Value::Map{}) {
      if (field.kind() != ValueKind::String) {
        return wrongTable(path, "`fields` names a field for each column");
      }
      file.table.fields.emplace_back(std::string(column.asString()), std::string(field.asString()));
    }
    if (!isMap) return wrongTable(path, "`fields` is an object {\"Column\": \"field\"}");
  } else {
    std::optional<std::vector<std::string>> texts = textsOf(value);
    if (!texts) return wrongTable(path, "`" + name + "` is a list of texts");
    (name == "columns" ? file.table.columns : file.table.nulls) = *std::move(texts);
  }
  return std::nullopt;
}

// A description of a table that is always read the same way, kept in a file.
std::optional<Error> readTableFile(const std::string& path, FactsFile& file) {
  const std::optional<std::string> text = readFile(path);
  if (!text) return wrongTable(path, "it cannot be read");
  const Result<Value> json = dataFrom(path, *text);
  if (!json) return wrongTable(path, json.error().message);
  static const std::vector<std::string> kMembers{
      "type",  "delimiter",     "decimal",   "columns", "fields",
      "nulls", "ignoreUnknown", "skipLines", "comment", "shortRows"};
  if (json->kind() != ValueKind::Map) {
    return wrongTable(path,
                      "a table is described by an object with type, delimiter, decimal, columns, "
                      "fields, nulls, ignoreUnknown, skipLines, comment, shortRows");
  }
  if (const std::string unknown = unknownMembers(*json, kMembers); !unknown.empty()) {
    return wrongTable(path, "a table is not described by " + unknown +
                                "; there are type, delimiter, decimal, columns, fields, nulls, "
                                "ignoreUnknown, skipLines, comment, shortRows");
  }
  for (const auto& [key, value] : json->asMap()) {
    const std::string name{key.asString()};
    if (std::optional<Error> wrong = readTableMember(path, name, value, file)) return wrong;
  }
  return std::nullopt;
}

// What is wrong with an option about a file of facts, or nothing.
std::optional<Error> readFactsOption(const Arguments::Given& option, FactsFile& file) {
  if (option.name == "--type") file.type = option.value;
  if (option.name == "--no-header") file.table.columns = partsOf(option.value);
  if (option.name == "--null") file.table.nulls.push_back(option.value);
  if (option.name == "--ignore-unknown") file.table.ignoreUnknown = true;
  if (option.name == "--short-rows") file.table.shortRows = true;
  if (option.name == "--skip-lines") {
    const std::optional<std::int64_t> lines = intFromText(option.value);
    if (!lines || *lines < 0) {
      return unreadable("--skip-lines", " needs a whole number", option.value);
    }
    file.table.skipLines = static_cast<std::size_t>(*lines);
  }
  if (option.name == "--comment") {
    if (option.value.empty()) return unreadable("--comment", " needs a text", option.value);
    file.table.comment = option.value;
  }
  if (option.name == "--table") return readTableFile(option.value, file);
  if (option.name == "--delimiter") {
    return readDelimiter("--delimiter", option.value, file.table);
  }
  if (option.name == "--decimal") return readDecimal("--decimal", option.value, file.table);
  if (option.name == "--map") {
    const std::size_t equals = option.value.rfind('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == option.value.size()) {
      return unreadable("--map", " needs COLUMN=FIELD", option.value);
    }
    file.table.fields.emplace_back(option.value.substr(0, equals), option.value.substr(equals + 1));
  }
  return std::nullopt;
}

// Options about the file before them, and which kinds of files they are about.
struct About {
  const char* option;
  bool facts, events, out;
};
constexpr About kAbout[] = {
    {"--type", true, false, true},        {"--delimiter", true, false, true},
    {"--decimal", true, false, true},     {"--null", true, false, true},
    {"--no-header", true, false, false},  {"--map", true, false, false},
    {"--table", true, false, false},      {"--ignore-unknown", true, true, false},
    {"--comment", true, false, false},    {"--skip-lines", true, false, false},
    {"--short-rows", true, false, false},
};

// Reads the options that name files and those about them, in the order written.
class FileOptions {
 public:
  explicit FileOptions(RunOptions& into) : into_(into) {}

  std::optional<Error> read(const Arguments::Given& option) {
    if (option.name == "--facts") {
      into_.facts.push_back({option.value, "", {}});
      last_ = Last::Facts;
    } else if (option.name == "--events") {
      into_.happenings.push_back({std::nullopt, {option.value}});
      last_ = Last::Events;
    } else if (option.name == "--out") {
      if (const std::optional<std::string> wrong = wrongForm(option.value)) {
        return Error{ErrorCode::BadInput, *wrong, "--out", ""};
      }
      into_.outs.push_back({option.value, "", {}});
      last_ = Last::Out;
    } else if (option.name == "--advance") {
      const std::optional<Span64> by = spanFromText(option.value);
      if (!by || *by < 0)
        return unreadable("--advance", " needs a duration such as 1h30m", option.value);
      into_.happenings.push_back({*by, {}});
    } else {
      return readAbout(option);
    }
    return std::nullopt;
  }

 private:
  enum class Last { None, Facts, Events, Out };

  std::optional<Error> readAbout(const Arguments::Given& option) {
    const auto about = std::find_if(std::begin(kAbout), std::end(kAbout),
                                    [&](const About& each) { return option.name == each.option; });
    if (about == std::end(kAbout)) return std::nullopt;
    if (last_ == Last::Facts && about->facts) return readFactsOption(option, into_.facts.back());
    if (last_ == Last::Events && about->events) {
      lastEvents().ignoreUnknown = true;
      return std::nullopt;
    }
    if (last_ == Last::Out && about->out) {
      FactsFile file{"", "", into_.outs.back().table};
      if (std::optional<Error> wrong = readFactsOption(option, file)) return wrong;
      if (!file.type.empty()) into_.outs.back().type = file.type;
      into_.outs.back().table = file.table;
      return std::nullopt;
    }
    std::string kinds = about->facts ? "--facts" : "";
    if (about->events) kinds += " or --events";
    if (about->out) kinds += " or --out";
    return Error{ErrorCode::BadInput, option.name + " stands behind the " + kinds + " it is about",
                 option.name, ""};
  }

  // Requires: there are some.
  EventsFile& lastEvents() {
    auto at = into_.happenings.rbegin();
    while (at->advance) ++at;
    return at->events;
  }

  RunOptions& into_;
  Last last_ = Last::None;
};

}  // namespace

const std::vector<Option>& runOptions() {
  static const std::vector<Option> options{
      {"--facts", "FILE", "facts to insert: .json, .jsonl, .yaml, .csv or .tsv; may be repeated"},
      {"--type", "T", "the type of the facts in the file before it; behind --out: only these"},
      {"--delimiter", "C",
       "what stands between its cells: `,`, `;`, tab or another character; otherwise it is "
       "recognised"},
      {"--decimal", "C", "what stands before the fraction in its numbers: `.` or `,`"},
      {"--no-header", "NAMES", "it has no header row; its columns in order: id,price,qty"},
      {"--map", "COLUMN=FIELD",
       "one of its columns, or members in JSON, and the field it is for: `Verbrauch (kWh)=kwh`; "
       "may "
       "be repeated"},
      {"--null", "TEXT", "what stands for null in its cells: NA; may be repeated"},
      {"--skip-lines", "N", "so many lines stand in front of its header"},
      {"--comment", "SIGN", "lines that begin with it are no rows: #"},
      {"--short-rows", "", "where a row ends early, the cells that are missing are empty"},
      {"--table", "FILE",
       "all of this from a file: {\"type\", \"delimiter\", \"decimal\", \"columns\": […], "
       "\"fields\": {\"Column\": \"field\"}, \"nulls\": […], \"ignoreUnknown\", \"skipLines\", "
       "\"comment\", \"shortRows\"}"},
      {"--ignore-unknown", "", "what it says beyond the fields of the type is passed over"},
      {"--events", "FILE",
       "events to hand in then, one after another: JSON Lines, or a list in JSON or YAML; may be "
       "repeated"},
      {"--advance", "D",
       "moves the clock: 1h30m; may be repeated, and happens in its turn with --events"},
      {"--answers", "FILE",
       "what host functions return: {\"name\": [{\"fails\": \"busy\"}, {\"returns\": 7}]}"},
      {"--out", "FILE",
       "writes the facts at the end there: .json, .jsonl, .yaml, .csv or .tsv; may be repeated"},
      {"--start", "TIME", "where the clock stands; otherwise 1970-01-01T00:00:00Z"},
      {"--max-firings", "N", "stop after so many"},
      {"--strategy", "S",
       "which of the matches of one salience fires first: depth (the newest), breadth, lex, mea, "
       "simplicity, complexity, random"},
      {"--seed", "N", "for the strategy random: another number gives another order"},
      {"--mode", "M",
       "all; first-match: only the best activation of each turn; single-pass: each rule once, in "
       "order"},
      {"--tag", "TAG", "only rules with this tag fire; may be repeated"}};
  return options;
}

Result<RunOptions> readRunOptions(const Arguments& arguments) {
  RunOptions options;
  const auto firings = numberFrom(arguments, "--max-firings");
  if (!firings) return firings.error();
  options.firings = *firings;
  if (const std::optional<std::string> mode = arguments.last("--mode")) {
    if (*mode == "first-match") {
      options.settle.mode = SettleOptions::Mode::FirstMatch;
    } else if (*mode == "single-pass") {
      options.settle.mode = SettleOptions::Mode::SinglePass;
    } else if (*mode != "all") {
      return unreadable("--mode", " is all, first-match or single-pass", *mode);
    }
  }
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--tag") options.settle.tags.push_back(option.value);
  }
  if (const std::optional<std::string> given = arguments.last("--strategy")) {
    const std::optional<Strategy> named = strategyNamed(*given);
    if (!named) {
      return unreadable("--strategy",
                        " is depth, breadth, lex, mea, simplicity, complexity or random", *given);
    }
    options.strategy = *named;
  }
  const auto seed = numberFrom(arguments, "--seed");
  if (!seed) return seed.error();
  options.seed = seed->value_or(0);
  if (const std::optional<std::string> given = arguments.last("--start")) {
    const std::optional<Time> time = timeFromText(*given);
    if (!time) return unreadable("--start", " needs a time such as 2024-04-11T12:00:00Z", *given);
    options.start = *time;
  }
  options.answers = arguments.last("--answers");
  FileOptions files(options);
  for (const Arguments::Given& option : arguments.options) {
    if (std::optional<Error> wrong = files.read(option)) return *wrong;
  }
  for (const FactsFile& file : options.facts) {
    const std::string option = misplacedTableOption(file);
    if (option.empty()) continue;
    return Error{ErrorCode::BadInput, option + " is about tables, and " + file.path + " is none",
                 option, ""};
  }
  return options;
}

std::vector<std::string> filesOf(const RunOptions& options, const Arguments& arguments) {
  std::vector<std::string> files = arguments.files;
  for (const FactsFile& file : options.facts) files.push_back(file.path);
  for (const Happening& each : options.happenings) {
    if (!each.advance) files.push_back(each.events.path);
  }
  for (const Arguments::Given& option : arguments.options) {
    if (option.name == "--table" || option.name == "--answers") files.push_back(option.value);
  }
  return files;
}

}  // namespace reticle::cli
