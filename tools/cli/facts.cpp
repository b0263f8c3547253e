// Facts read from files and handed to an engine, one by one.
//
// One fact, one input: what one row gets wrong does not keep the others out. Each refusal names
// the file and the place in it: a line of CSV, an item of JSON.
#include "facts.h"

#include <iostream>

#include "csv.h"
#include "files.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

// The members of an object, as they stand.
Fields fieldsOf(const Value& object) {
  Fields fields;
  for (const auto& [key, value] : object.asMap()) {
    fields.emplace_back(std::string(key.asString()), value);
  }
  return fields;
}

// Hands facts in and counts; what is refused is said with its place.
class Submitter {
 public:
  Submitter(Engine& engine, std::string path) : engine_(engine), path_(std::move(path)) {}

  // One fact is one input: what is refused leaves the others alone.
  void submit(const std::string& place, const std::string& type, Fields fields) {
    Result<Accepted> answer = engine_.submit(insert(type, std::move(fields)));
    if (answer) {
      ++counts_.taken;
    } else {
      refuse(place, answer.error().message + " (" + name(answer.error().code) + ")");
    }
  }
  void refuse(const std::string& place, const std::string& message) {
    std::cerr << path_ << ":" << (place.empty() ? "" : place + ":") << " " << message << "\n";
    ++counts_.refused;
  }
  FactCounts counts() const { return counts_; }

 private:
  Engine& engine_;
  std::string path_;
  FactCounts counts_;
};

// Either {"type", "fields"}, or the fields alone when the type is known.
void submitItem(Submitter& to, const std::string& place, const Value& item,
                const std::string& type) {
  const Value* named = item.kind() == ValueKind::Map ? item.find("type") : nullptr;
  const Value* fields = item.kind() == ValueKind::Map ? item.find("fields") : nullptr;
  if (named && named->kind() == ValueKind::String && fields && fields->kind() == ValueKind::Map &&
      item.asMap().size() == 2) {
    to.submit(place, std::string(named->asString()), fieldsOf(*fields));
  } else if (!type.empty() && item.kind() == ValueKind::Map) {
    to.submit(place, type, fieldsOf(item));
  } else {
    to.refuse(place, "a fact is an object {\"type\": …, \"fields\": {…}}");
  }
}

// A list of facts, or lists of facts by type.
void submitJson(Submitter& to, const std::string& text, const std::string& type) {
  const Result<Value> json = wire::parse(text);
  if (!json) {
    to.refuse(json.error().where, json.error().message);
  } else if (json->kind() == ValueKind::List) {
    for (std::size_t i = 0; i < json->asList().size(); ++i) {
      submitItem(to, "item " + std::to_string(i), json->asList()[i], type);
    }
  } else if (json->kind() == ValueKind::Map) {
    for (const auto& [key, items] : json->asMap()) {
      const std::string name{key.asString()};
      if (items.kind() != ValueKind::List) {
        to.refuse(name, "here stands a list of objects, the facts of type " + name);
        continue;
      }
      for (std::size_t i = 0; i < items.asList().size(); ++i) {
        const Value& item = items.asList()[i];
        const std::string place = name + " " + std::to_string(i);
        if (item.kind() == ValueKind::Map) {
          to.submit(place, name, fieldsOf(item));
        } else {
          to.refuse(place, "a fact is an object with its fields");
        }
      }
    }
  } else {
    to.refuse(
        "", "facts are a list of {\"type\": …, \"fields\": {…}} or an object {\"Type\": [{…}, …]}");
  }
}

}  // namespace

// The header first: it decides the type, unless one is given.
FactCounts submitCsv(Engine& engine, const Schema& schema, const std::string& path,
                     const std::string& text, const std::string& type) {
  Submitter to(engine, path);
  const Csv csv = parseCsv(text);
  if (csv.badLine != 0) to.refuse(std::to_string(csv.badLine), csv.problem);
  if (csv.rows.empty()) return to.counts();
  std::vector<std::string> columns;
  for (const std::string& cell : csv.rows[0].cells) {
    const std::size_t begin = cell.find_first_not_of(" \t\n\v\f\r");
    const std::size_t end = cell.find_last_not_of(" \t\n\v\f\r");
    columns.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
  }
  const TypeSchema* found = type.empty() ? csvType(schema, path, columns) : schema.findType(type);
  if (!found) {
    to.refuse("1", type.empty() ? "no type fits these columns; name one with --type"
                                : "there is no type " + type);
    return to.counts();
  }
  for (std::size_t i = 1; i < csv.rows.size(); ++i) {
    const std::string place = std::to_string(csv.rows[i].line);
    Result<Fields> fields = csvFields(*found, columns, csv.rows[i]);
    if (fields) {
      to.submit(place, found->name, std::move(*fields));
    } else {
      to.refuse(place, fields.error().message);
    }
  }
  return to.counts();
}

FactCounts submitFacts(Engine& engine, const Schema& schema, const std::string& path,
                       const std::string& text, const std::string& type) {
  if (endsWith(path, ".csv")) return submitCsv(engine, schema, path, text, type);
  Submitter to(engine, path);
  submitJson(to, text, type);
  return to.counts();
}

}  // namespace reticle::cli
