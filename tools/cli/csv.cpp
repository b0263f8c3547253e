// Reads CSV, and its cells by the types of the fields they are for.
#include "csv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "files.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

// A cell without quotes ends here.
bool endsCell(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == ',' || text[at] == '\r' || text[at] == '\n';
}

// Names of files and of types are compared without case and without what joins words.
std::string plain(const std::string& name) {
  std::string result;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

// Spaces around numbers and words mean nothing.
std::string_view trimmed(std::string_view text) {
  const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

// A leading plus is taken, as spreadsheets write it.
std::optional<Value> intOf(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const bool isSigned = !text.empty() && text.front() == '-';
  for (const char c : text.substr(isSigned ? 1 : 0)) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  const std::optional<std::int64_t> number = intFromText(text);
  return number ? std::optional(Value::integer(*number)) : std::nullopt;
}

// [-+]? ( digits [. digits?] | . digits ) ( [eE] [-+]? digits )?
bool isDouble(std::string_view text) {
  std::size_t at = 0, digits = 0;
  const auto skipDigits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  digits = skipDigits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    digits += skipDigits();
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (skipDigits() == 0) return false;
  }
  return at == text.size();
}

// As it would come from a host in JSON: 18.0 is 18.
std::optional<Value> doubleOf(std::string_view text) {
  if (!isDouble(text)) return std::nullopt;
  const double number = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(number)) return std::nullopt;
  Result<Value> value = wire::parse(wire::toJson(Value::real(number)));
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// A cell with a list or a map, which stands there as JSON.
std::optional<Value> jsonOf(std::string_view text, ValueKind kind) {
  Result<Value> value = wire::parse(text);
  if (!value || value->kind() != kind) return std::nullopt;
  value = wire::parse(wire::toJson(*value));  // 1.0 becomes 1, as for a host
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// By the declared kind of the field; nothing when the cell does not fit it.
std::optional<Value> cellValue(const FieldSchema& field, const std::string& cell) {
  const std::string_view text = trimmed(cell);
  if (field.kind == ValueKind::Int) return intOf(text);
  if (field.kind == ValueKind::Double) return doubleOf(text);
  if (field.kind == ValueKind::Bool) {
    if (text == "true" || text == "false") return Value::boolean(text == "true");
    return std::nullopt;
  }
  if (field.kind == ValueKind::List || field.kind == ValueKind::Map) {
    return jsonOf(text, *field.kind);
  }
  // What is written as a string is read by its declared type when it is inserted.
  return Value::string(cell);
}

// What would have fitted, for the message.
std::string wanted(const FieldSchema& field) {
  if (field.kind == ValueKind::Int) return "an int";
  if (field.kind == ValueKind::Double) return "a number";
  if (field.kind == ValueKind::Bool) return "true or false";
  return "a " + field.type.substr(0, field.type.size() - (field.optional ? 1 : 0)) + " as JSON";
}

}  // namespace

// One cell after another; the line on which each row begins is kept, since quoted cells may hold
// line ends.
Csv parseCsv(std::string_view text) {
  Csv csv;
  const auto fail = [&](std::uint32_t line, std::string problem) {
    return Csv{{}, line, std::move(problem)};
  };
  std::size_t at = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  std::uint32_t line = 1;
  while (at < text.size()) {
    CsvRow row{line, {}};
    for (;;) {
      std::string cell;
      if (at < text.size() && text[at] == '"') {
        const std::uint32_t begun = line;
        for (++at;;) {
          const std::size_t end = text.find('"', at);
          if (end == std::string_view::npos) return fail(begun, "a quoted cell is not closed");
          const std::string_view part = text.substr(at, end - at);
          line += static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
          cell += part;
          at = end + 1;
          if (at >= text.size() || text[at] != '"') break;
          cell += '"';
          ++at;
        }
        if (!endsCell(text, at)) {
          return fail(line,
                      "after a quoted cell comes a comma or the end of the line; a quote inside is "
                      "written twice");
        }
      } else {
        const std::size_t begin = at;
        while (!endsCell(text, at)) ++at;
        cell = text.substr(begin, at - begin);
      }
      row.cells.push_back(std::move(cell));
      if (at >= text.size() || text[at] != ',') break;
      ++at;
    }
    if (at < text.size()) {
      if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
      ++at;
      ++line;
    }
    if (row.cells.size() > 1 || !row.cells[0].empty()) csv.rows.push_back(std::move(row));
  }
  return csv;
}

// The name decides before the columns do; two types with equally many of them decide nothing.
const TypeSchema* csvType(const Schema& schema, const std::string& path,
                          const std::vector<std::string>& columns) {
  const auto mayHold = [](const TypeSchema& type) {
    return !type.builtin && type.kind != TypeSchema::Kind::Event;
  };
  const std::string stem = plain(stemOf(path));
  for (const TypeSchema& type : schema.types) {
    if (mayHold(type) && (stem == plain(type.name) || stem == plain(type.name) + "s")) return &type;
  }
  const TypeSchema* best = nullptr;
  std::size_t most = 0;
  bool isOnly = false;
  for (const TypeSchema& type : schema.types) {
    if (!mayHold(type)) continue;
    std::size_t score = 0;
    for (const FieldSchema& field : type.fields) {
      score += std::find(columns.begin(), columns.end(), field.name) != columns.end() ? 1 : 0;
    }
    if (score > most) {
      best = &type;
      most = score;
      isOnly = true;
    } else if (score == most) {
      isOnly = false;
    }
  }
  return isOnly ? best : nullptr;
}

Result<Fields> csvFields(const TypeSchema& type, const std::vector<std::string>& columns,
                         const CsvRow& row) {
  if (row.cells.size() != columns.size()) {
    return Error{ErrorCode::BadInput,
                 "this row has " + std::to_string(row.cells.size()) + " cells, the header " +
                     std::to_string(columns.size()),
                 "", ""};
  }
  Fields fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const FieldSchema* found = type.find(columns[i]);
    if (!found) continue;
    const FieldSchema& field = *found;
    const std::string& cell = row.cells[i];
    if (cell.empty()) {
      if (field.type == "string" && !field.initial) {
        fields.emplace_back(field.name, Value::string(""));
      }
      continue;
    }
    std::optional<Value> value = cellValue(field, cell);
    if (!value) {
      return Error{
          ErrorCode::WrongType,
          "column " + field.name + " needs " + wanted(field) + ", this is \"" + cell + "\"",
          field.name, ""};
    }
    fields.emplace_back(field.name, *std::move(value));
  }
  return fields;
}

}  // namespace reticle::cli
