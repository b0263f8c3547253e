// Writes facts as JSON, JSON Lines, YAML or a table.
//
// JSON and YAML are lists of facts by type, in the order in which the rules declare the types; each
// fact stands on a line of its own, so that two files can be compared line by line.
#include "facts_out.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

#include "files.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

enum class FactsForm { Json, Lines, Yaml, Table };

std::optional<FactsForm> formOf(const std::string& path) {
  if (endsWith(path, ".json")) return FactsForm::Json;
  if (endsWith(path, ".jsonl") || endsWith(path, ".ndjson")) return FactsForm::Lines;
  if (endsWith(path, ".yaml") || endsWith(path, ".yml")) return FactsForm::Yaml;
  if (endsWith(path, ".csv") || endsWith(path, ".tsv")) return FactsForm::Table;
  return std::nullopt;
}

std::string quotedJson(const std::string& text) { return wire::toJson(Value::string(text)); }

// The facts of one type.
struct OfType {
  const TypeSchema* type;
  std::vector<FactView> facts;
};

// Types without facts are left out.
std::vector<OfType> factsByType(const Engine& engine, const Schema& schema,
                                const std::string& only) {
  std::vector<OfType> result;
  for (const TypeSchema& type : schema.types) {
    if (type.builtin || type.kind == TypeSchema::Kind::Event) continue;
    if (!only.empty() && type.name != only) continue;
    std::vector<FactView> facts = engine.facts(type.name);
    std::erase_if(facts, [&](const FactView& fact) { return fact.type != type.id; });
    if (!facts.empty()) result.push_back({&type, std::move(facts)});
  }
  return result;
}

// A field that is null says nothing that its absence does not, unless it has a default.
bool isLeftOut(const TypeSchema& type, const std::string& name, const Value& value) {
  const FieldSchema* field = type.find(name);
  return value.isNull() && field && !field->initial;
}

// {"id": 1, "name": "x"}
std::string objectOf(const TypeSchema& type, const FactView& fact) {
  std::string text;
  for (const auto& [name, value] : fact.fields) {
    if (isLeftOut(type, name, value)) continue;
    text += (text.empty() ? "" : ", ") + quotedJson(name) + ": " + wire::toJson(value);
  }
  return "{" + text + "}";
}

std::string jsonOf(const std::vector<OfType>& types) {
  std::string text = "{";
  for (std::size_t i = 0; i < types.size(); ++i) {
    text += std::string(i == 0 ? "\n  " : ",\n  ") + quotedJson(types[i].type->name) + ": [";
    for (std::size_t at = 0; at < types[i].facts.size(); ++at) {
      text += (at == 0 ? "\n    " : ",\n    ") + objectOf(*types[i].type, types[i].facts[at]);
    }
    text += "\n  ]";
  }
  return text + (types.empty() ? "}\n" : "\n}\n");
}

std::string linesOf(const std::vector<OfType>& types) {
  std::string text;
  for (const OfType& each : types) {
    for (const FactView& fact : each.facts) {
      text += "{\"type\": " + quotedJson(each.type->name) +
              ", \"fields\": " + objectOf(*each.type, fact) + "}\n";
    }
  }
  return text;
}

// Members in JSON's spelling, which YAML has too.
std::string yamlOf(const std::vector<OfType>& types) {
  std::string text;
  for (const OfType& each : types) {
    text += each.type->name + ":\n";
    for (const FactView& fact : each.facts) text += "  - " + objectOf(*each.type, fact) + "\n";
  }
  return types.empty() ? "{}\n" : text;
}

// --- tables

// A text stands bare unless something in it would end the cell.
std::string cellOf(const std::string& text, char delimiter) {
  const std::string ends{delimiter, '"', '\n', '\r'};
  const bool isBare = text.find_first_of(ends) == std::string::npos &&
                      (text.empty() || (text.front() != ' ' && text.back() != ' '));
  if (isBare) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

// As readCsv reads it: texts as they are, all else as JSON writes it.
std::string cellText(const Value& value, const CsvOptions& options) {
  if (value.isNull()) return options.nulls.empty() ? "" : options.nulls.front();
  if (value.kind() == ValueKind::String) return std::string(value.asString());
  std::string text = wire::toJson(value);
  if (value.kind() == ValueKind::Double && options.decimal == ',') {
    std::replace(text.begin(), text.end(), '.', ',');
  }
  // Times, spans and the like are texts in JSON.
  const Result<Value> read = wire::parse(text);
  return read && read->kind() == ValueKind::String ? std::string(read->asString()) : text;
}

std::string tableOf(const OfType& of, CsvOptions options, const std::string& path) {
  if (options.delimiter == 0) options.delimiter = endsWith(path, ".tsv") ? '\t' : ',';
  // An open type has columns for whatever its facts have.
  std::vector<std::string> columns;
  for (const FieldSchema& field : of.type->fields) columns.push_back(field.name);
  for (const FactView& fact : of.facts) {
    for (const auto& [name, value] : fact.fields) {
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    }
  }
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    text +=
        (i == 0 ? "" : std::string(1, options.delimiter)) + cellOf(columns[i], options.delimiter);
  }
  text += "\n";
  for (const FactView& fact : of.facts) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto field = std::find_if(fact.fields.begin(), fact.fields.end(),
                                      [&](const auto& each) { return each.first == columns[i]; });
      if (i > 0) text += options.delimiter;
      if (field == fact.fields.end()) continue;
      text += cellOf(cellText(field->second, options), options.delimiter);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::optional<std::string> wrongForm(const std::string& path) {
  if (formOf(path)) return std::nullopt;
  return "the form of `" + path + "` is not known; its end is .json, .jsonl, .yaml, .csv or .tsv";
}

bool writeFacts(const Engine& engine, const Schema& schema, const OutFile& file) {
  const auto fail = [&](const std::string& why) {
    std::cerr << "reticle: " << file.path << ": " << why << "\n";
    return false;
  };
  if (!file.type.empty()) {
    const TypeSchema* type = schema.findType(file.type);
    if (!type || type->kind == TypeSchema::Kind::Event) {
      return fail("there is no type " + file.type + " of facts");
    }
  }
  const std::vector<OfType> types = factsByType(engine, schema, file.type);
  const FactsForm form = *formOf(file.path);
  std::string text;
  switch (form) {
    case FactsForm::Json: text = jsonOf(types); break;
    case FactsForm::Lines: text = linesOf(types); break;
    case FactsForm::Yaml: text = yamlOf(types); break;
    case FactsForm::Table: {
      if (types.size() > 1) {
        std::string names;
        for (const OfType& each : types) names += (names.empty() ? "" : ", ") + each.type->name;
        return fail("a table holds facts of one type, and there are " + names +
                    "; name one with --type behind --out");
      }
      if (types.empty() && file.type.empty()) {
        return fail(
            "there are no facts, so it has no columns; name a type with --type behind --out");
      }
      text = tableOf(types.empty() ? OfType{schema.findType(file.type), {}} : types[0], file.table,
                     file.path);
      break;
    }
  }
  std::ofstream out(file.path, std::ios::binary);
  out << text;
  out.close();
  return out ? true : fail("it cannot be written");
}

}  // namespace reticle::cli
