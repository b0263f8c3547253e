// Facts read from files and handed to an engine, one by one.
//
// One fact, one input: what one row gets wrong does not keep the others out. Each refusal names
// the file and the place in it: a line of a table, an item of JSON.
#include "facts.h"

#include <algorithm>
#include <initializer_list>
#include <iostream>
#include <set>
#include <utility>
#include <vector>

#include "files.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::cli {
Fields fieldsOf(const Value& object) {
  Fields fields;
  for (const auto& [key, value] : object.asMap()) {
    fields.emplace_back(std::string(key.asString()), value);
  }
  return fields;
}

// In the words that tables use for their columns.
std::string unknownFields(const Schema& schema, const std::string& type, const Fields& fields) {
  const TypeSchema* known = schema.findType(type);
  if (!known || known->open) return "";
  std::vector<std::string> names;
  for (const FieldSchema& field : known->fields) names.push_back(field.name);
  std::string unknown, meant;
  std::size_t count = 0;
  for (const auto& [name, value] : fields) {
    if (known->find(name)) continue;
    ++count;
    unknown += (unknown.empty() ? "\"" : ", \"") + name + "\"";
    const std::string near = nearestName(name, names);
    if (near.empty()) continue;
    meant += (meant.empty() ? "; did you mean " : ", ") + near + " for \"" + name + "\"";
  }
  if (count == 0) return "";
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  if (meant.empty()) meant = all.empty() ? "; it has none" : "; it has " + all;
  return type + " has no field" + (count > 1 ? "s " : " ") + unknown + meant +
         (meant.starts_with("; did") ? "?" : "");
}

void forgetUnknown(const Schema& schema, const std::string& type, Fields& fields) {
  const TypeSchema* known = schema.findType(type);
  if (!known || known->open) return;
  std::erase_if(fields, [&](const auto& field) { return known->find(field.first) == nullptr; });
}

void printProblems(const std::string& path, CsvProblems& counted) {
  std::vector<CsvProblem> problems = counted.take();
  const auto isOne = [](const CsvProblem& problem) { return problem.count == 1; };
  const auto more = std::stable_partition(problems.begin(), problems.end(), isOne);
  std::stable_sort(problems.begin(), more,
                   [](const CsvProblem& a, const CsvProblem& b) { return a.line < b.line; });
  for (const CsvProblem& problem : problems) {
    std::cerr << path << ":";
    if (problem.line > 0) std::cerr << problem.line << ":";
    if (!problem.place.empty()) std::cerr << problem.place << ":";
    std::cerr << " " << problem.message << "\n";
  }
}

namespace {

// Hands facts in and counts; what is refused is said with its place when the file is through.
class Submitter {
 public:
  Submitter(Engine& engine, const Schema& schema, const FactsFile& file)
      : engine_(engine), schema_(schema), file_(file) {}

  // One fact is one input: what is refused leaves the others alone. `line` may be 0.
  void submit(std::uint32_t line, const std::string& place, const std::string& type,
              Fields fields) {
    if (const std::string taken = rename(fields); !taken.empty()) {
      return refuse(line, place, "two members are for the field " + taken);
    }
    if (file_.table.ignoreUnknown) {
      forgetUnknown(schema_, type, fields);
    } else if (const std::string unknown = unknownFields(schema_, type, fields); !unknown.empty()) {
      return refuse(line, place, unknown + " (UnknownField)");
    }
    Result<Accepted> answer = engine_.submit(insert(type, std::move(fields)));
    if (answer) {
      ++taken_;
    } else {
      const Error& error = answer.error();
      // What the message says of this one value is no part of what it has in common with others.
      const std::size_t value = error.message.find(", this is ");
      refuse(line, place, error.message + " (" + name(error.code) + ")",
             value == std::string::npos ? name(error.code) : error.message.substr(0, value));
    }
  }

  // `line`: in tables and JSON Lines; `place`: in JSON.
  void refuse(std::uint32_t line, const std::string& place, const std::string& message,
              const std::string& kind = "") {
    problems_.add(line, message, kind.empty() ? message : kind, place);
  }

  void addTable(CsvFacts table) {
    problems_ = std::move(table.problems);
    for (CsvFact& fact : table.facts) submit(fact.line, "", table.type, std::move(fact.fields));
  }

  FactCounts finish() {
    for (const auto& [member, field] : file_.table.fields) {
      if (isTable(file_) || renamed_.count(member) > 0) continue;
      refuse(0, "", "there is no member \"" + member + "\" for the field " + field);
    }
    printProblems(file_.path, problems_);
    return {taken_, problems_.count()};
  }

 private:
  // Members get the names of their fields; columns of tables have them already. Returns a field
  // that would be there twice.
  std::string rename(Fields& fields) {
    if (isTable(file_)) return "";
    for (auto& [name, value] : fields) {
      for (const auto& [member, field] : file_.table.fields) {
        if (name != member) continue;
        renamed_.insert(member);
        const auto same = [&](const auto& each) { return each.first == field; };
        if (field != name && std::any_of(fields.begin(), fields.end(), same)) return field;
        name = field;
        break;
      }
    }
    return "";
  }

  Engine& engine_;
  const Schema& schema_;
  const FactsFile& file_;
  std::set<std::string> renamed_;
  CsvProblems problems_;
  std::size_t taken_ = 0;
};

// Either {"type", "fields"}, or the fields alone when the type is known.
void submitItem(Submitter& to, std::uint32_t line, const std::string& place, const Value& item,
                const std::string& type) {
  const Value* named = item.kind() == ValueKind::Map ? item.find("type") : nullptr;
  const Value* fields = item.kind() == ValueKind::Map ? item.find("fields") : nullptr;
  if (named && named->kind() == ValueKind::String && fields && fields->kind() == ValueKind::Map &&
      item.asMap().size() == 2) {
    to.submit(line, place, std::string(named->asString()), fieldsOf(*fields));
  } else if (!type.empty() && item.kind() == ValueKind::Map) {
    to.submit(line, place, type, fieldsOf(item));
  } else {
    to.refuse(line, place,
              item.kind() == ValueKind::Map
                  ? "a fact is an object {\"type\": …, \"fields\": {…}}; --type says which type "
                    "objects of fields alone are"
                  : "a fact is an object {\"type\": …, \"fields\": {…}}");
  }
}

// What an object around a list is called there says nothing: {"data": […]}.
const Value* listInside(const Schema& schema, const Value& json) {
  if (json.kind() != ValueKind::Map || json.asMap().size() != 1) return nullptr;
  const auto& [key, items] = json.asMap()[0];
  return items.kind() == ValueKind::List && !schema.findType(key.asString()) ? &items : nullptr;
}

// A list of facts, or lists of facts by type.
void submitDocument(Submitter& to, const Schema& schema, const Result<Value>& json,
                    const std::string& type) {
  const Value* inside = json && !type.empty() ? listInside(schema, *json) : nullptr;
  if (inside) return submitDocument(to, schema, *inside, type);
  if (!json) {
    to.refuse(0, json.error().where, json.error().message);
  } else if (json->kind() == ValueKind::List) {
    for (std::size_t i = 0; i < json->asList().size(); ++i) {
      submitItem(to, 0, "item " + std::to_string(i), json->asList()[i], type);
    }
  } else if (json->kind() == ValueKind::Map) {
    for (const auto& [key, items] : json->asMap()) {
      const std::string name{key.asString()};
      if (items.kind() != ValueKind::List) {
        to.refuse(0, name, "here stands a list of objects, the facts of type " + name);
        continue;
      }
      for (std::size_t i = 0; i < items.asList().size(); ++i) {
        const Value& item = items.asList()[i];
        const std::string place = name + " " + std::to_string(i);
        if (item.kind() == ValueKind::Map) {
          to.submit(0, place, name, fieldsOf(item));
        } else {
          to.refuse(0, place, "a fact is an object with its fields");
        }
      }
    }
  } else {
    to.refuse(0, "",
              "facts are a list of {\"type\": …, \"fields\": {…}} or an object {\"Type\": [{…}, "
              "…]}");
  }
}

// JSON Lines: a fact on each line that is not empty.
void submitLines(Submitter& to, std::string_view text, const std::string& type) {
  forEachLine(text, [&](std::uint32_t line, std::string_view item) {
    const Result<Value> json = wire::parse(item);
    if (json) {
      submitItem(to, line, "", *json, type);
    } else {
      to.refuse(line, "", json.error().message);
    }
  });
}

bool endsWithAny(const std::string& path, std::initializer_list<const char*> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](const char* end) { return endsWith(path, end); });
}

}  // namespace

std::string misplacedTableOption(const FactsFile& file) {
  if (!endsWithAny(file.path, {".json", ".jsonl", ".ndjson", ".yaml", ".yml"})) return "";
  const CsvOptions& table = file.table;
  return table.delimiter != 0     ? "--delimiter"
         : table.decimal != 0     ? "--decimal"
         : !table.columns.empty() ? "--no-header"
         : !table.nulls.empty()   ? "--null"
         : table.skipLines != 0   ? "--skip-lines"
         : !table.comment.empty() ? "--comment"
         : table.shortRows        ? "--short-rows"
                                  : "";
}

bool isTable(const FactsFile& file) {
  if (endsWithAny(file.path, {".csv", ".tsv", ".tab"})) return true;
  if (endsWithAny(file.path, {".json", ".jsonl", ".ndjson", ".yaml", ".yml"})) return false;
  FactsFile unnamed = file;
  unnamed.path = ".json";
  return !misplacedTableOption(unnamed).empty();
}

FactCounts submitTable(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text) {
  Submitter to(engine, schema, file);
  to.addTable(readCsv(schema, file.path, text, file.type, file.table));
  return to.finish();
}

FactCounts submitFacts(Engine& engine, const Schema& schema, const FactsFile& file,
                       const std::string& text) {
  if (isTable(file)) return submitTable(engine, schema, file, text);
  Submitter to(engine, schema, file);
  if (const std::string wrong = notUtf8(text); !wrong.empty()) {
    to.refuse(0, "", wrong);
  } else if (endsWith(file.path, ".jsonl") || endsWith(file.path, ".ndjson")) {
    submitLines(to, text, file.type);
  } else {
    const bool isYaml = endsWith(file.path, ".yaml") || endsWith(file.path, ".yml");
    Result<Value> json = isYaml ? wire::parseYaml(text) : wire::parse(text);
    if (!json && !isYaml && !endsWith(file.path, ".json")) {
      to.refuse(0, "",
                json.error().where + ": " + json.error().message +
                    "; for a table give --delimiter, or a name that ends in .csv or .tsv");
    } else {
      submitDocument(to, schema, json, file.type);
    }
  }
  return to.finish();
}

}  // namespace reticle::cli
