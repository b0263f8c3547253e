// Tables of text as facts: which type they are about, which field a column is for, and the cells by
// the types of the fields.
#include "reticle/csv.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/number.h"
#include "base/suggest.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "document/delimited.h"
#include "reticle/text.h"
#include "reticle/wire.h"

namespace reticle {
namespace {

constexpr std::size_t kMaxOfKind = 10;
// Rows that are looked at for a header that does not stand at the top.
constexpr std::size_t kMostAboveHeader = 20;
// Of a cell in a message.
constexpr std::size_t kMaxQuotedCell = 60;

// Names of files and of types are compared without case and without what joins words.
std::string plainName(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

std::string capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

// Spaces around numbers and words mean nothing.
std::string_view trimmed(std::string_view text) {
  const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view stemOf(std::string_view file) {
  file = file.substr(file.find_last_of('/') + 1);  // npos + 1 is 0
  return file.substr(0, file.rfind('.'));
}

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::string quotedCell(std::string_view cell) {
  std::size_t end = 0;
  for (std::size_t count = 0; end < cell.size() && count < kMaxQuotedCell; ++count) {
    end += decodeUtf8(cell, end).size;
  }
  return "\"" + std::string(cell.substr(0, end)) + (end < cell.size() ? "…" : "") + "\"";
}

// A leading plus is taken, as spreadsheets write it.
std::optional<Value> intOf(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  const bool isSigned = !text.empty() && text.front() == '-';
  for (const char c : text.substr(isSigned ? 1 : 0)) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  const std::optional<std::int64_t> number = parseInt(text);
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
std::optional<Value> doubleOf(std::string_view cell, char decimal) {
  std::string text(cell);
  if (decimal == ',') {
    if (text.find('.') != std::string::npos) return std::nullopt;
    std::replace(text.begin(), text.end(), ',', '.');
  }
  if (!isDouble(text)) return std::nullopt;
  const double number = std::strtod(text.c_str(), nullptr);
  if (!std::isfinite(number)) return std::nullopt;
  Result<Value> value = wire::parse(wire::toJson(Value::real(number)));
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// Dates that can mean one day only, as ISO 8601 writes them: 2024/03/01, and 01.03.2024, where
// points stand the day comes first. Anything else stays as it is.
std::string isoDate(std::string_view text) {
  std::string parts[3];
  std::size_t at = 0;
  const char sign = text.find('/') < text.find('.') ? '/' : '.';
  for (std::size_t i = 0; i < 3; ++i) {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') parts[i] += text[at++];
    if (i < 2 && (at >= text.size() || text[at++] != sign)) return std::string(text);
  }
  if (sign == '.') std::swap(parts[0], parts[2]);
  if (parts[0].size() != 4) return std::string(text);
  for (std::size_t i = 1; i < 3; ++i) {
    if (parts[i].empty() || parts[i].size() > 2) return std::string(text);
    if (parts[i].size() == 1) parts[i].insert(0, "0");
  }
  return parts[0] + "-" + parts[1] + "-" + parts[2] + std::string(text.substr(at));
}

// A cell with a list or a map, which stands there as JSON.
std::optional<Value> jsonOf(std::string_view text, ValueKind kind) {
  Result<Value> value = wire::parse(text);
  if (!value || value->kind() != kind) return std::nullopt;
  value = wire::parse(wire::toJson(*value));  // 1.0 becomes 1, as for a host
  return value ? std::optional(std::move(*value)) : std::nullopt;
}

// What would have fitted, for the message.
std::string wantedBy(const FieldSchema& field, char decimal) {
  if (field.kind == ValueKind::Int) return "an int";
  if (field.kind == ValueKind::Double) {
    return decimal == ',' ? "a number with a decimal comma" : "a number";
  }
  if (field.kind == ValueKind::Bool) return "true or false";
  if (field.kind == ValueKind::Timestamp) {
    return "a time such as 2024-03-01, 01.03.2024, 2024-03-01 09:30 or 2024-03-01T09:30:00Z";
  }
  return "a " + field.type.substr(0, field.type.size() - (field.optional ? 1 : 0)) + " as JSON";
}

// The type that a table is about. The name decides before the columns do; two types with equally
// many of them decide nothing.
const TypeSchema* typeOf(const Schema& schema, std::string_view file,
                         const std::vector<std::string>& columns) {
  const auto mayHold = [](const TypeSchema& type) {
    return !type.builtin && type.kind != TypeSchema::Kind::Event;
  };
  const std::string stem = plainName(stemOf(file));
  for (const TypeSchema& type : schema.types) {
    const std::string name = plainName(type.name);
    if (mayHold(type) && (stem == name || stem == name + "s")) return &type;
  }
  const TypeSchema* best = nullptr;
  std::size_t most = 0;
  bool isOnly = false;
  for (const TypeSchema& type : schema.types) {
    if (!mayHold(type)) continue;
    const auto score = static_cast<std::size_t>(
        std::count_if(type.fields.begin(), type.fields.end(), [&](const FieldSchema& field) {
          return std::find(columns.begin(), columns.end(), field.name) != columns.end();
        }));
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

const char* nameOf(char delimiter) {
  return delimiter == '\t'  ? "a tab"
         : delimiter == ';' ? "`;`"
         : delimiter == ',' ? "`,`"
                            : nullptr;
}

// One text on its way to facts.
class TableReader {
 public:
  TableReader(const Schema& schema, std::string_view file, std::string_view text,
              std::string_view type, const CsvOptions& options)
      : schema_(schema), file_(file), text_(text), wanted_(type), options_(options) {}

  CsvFacts run() {
    if (std::string wrong = notUtf8(text_); !wrong.empty()) {
      refuse(0, std::move(wrong));
      return std::move(out_);
    }
    delimiter_ = chosenDelimiter();
    DelimitedText table = rowsBy(delimiter_);
    if (table.badLine != 0) refuse(table.badLine, table.problem);
    if (table.rows.empty()) return std::move(out_);
    const std::size_t first = options_.columns.empty() ? 1 : 0;
    columns_ = first == 1 ? columnsOf(table.rows[0]) : options_.columns;
    headLine_ = table.rows[0].line;
    if (!findType() || !findFields(table, first)) return std::move(out_);
    decimal_ = chosenDecimal(table, first);
    for (std::size_t i = first; i < table.rows.size(); ++i) readRow(table.rows[i]);
    return std::move(out_);
  }

 private:
  void refuse(std::uint32_t line, std::string message) {
    out_.problems.add(line, message, message);
  }

  DelimitedText rowsBy(char delimiter, std::size_t most = static_cast<std::size_t>(-1)) const {
    return readDelimited(text_, delimiter, most, {options_.skipLines, options_.comment});
  }

  static std::vector<std::string> columnsOf(const DelimitedRow& row) {
    std::vector<std::string> columns;
    for (const std::string& cell : row.cells) columns.emplace_back(trimmed(cell));
    return columns;
  }

  // The field that a column is for, as far as names tell.
  std::string fieldOf(const std::string& column) const {
    for (const auto& [name, field] : options_.fields) {
      if (name == column) return field;
    }
    return column;
  }

  std::vector<std::string> namedFields(const std::vector<std::string>& columns) const {
    std::vector<std::string> fields;
    for (const std::string& column : columns) fields.push_back(fieldOf(column));
    return fields;
  }

  // What makes the most of the first row fields; of equals, what makes the most cells, and the
  // comma before the others.
  char chosenDelimiter() const {
    if (options_.delimiter != 0) return options_.delimiter;
    if (endsWith(file_, ".tsv") || endsWith(file_, ".tab")) return '\t';
    char best = ',';
    std::size_t mostFields = 0, mostCells = 0;
    for (const char delimiter : {',', ';', '\t'}) {
      const DelimitedText head = rowsBy(delimiter, 1);
      if (head.rows.empty()) continue;
      const std::size_t cells = head.rows[0].cells.size();
      std::size_t fields = cells == options_.columns.size() ? 1 : 0;
      if (options_.columns.empty()) fields = fieldsNamedIn(head.rows[0]);
      if (fields < mostFields || (fields == mostFields && cells <= mostCells)) continue;
      best = delimiter;
      mostFields = fields;
      mostCells = cells;
    }
    return best;
  }

  std::size_t fieldsNamedIn(const DelimitedRow& row) const {
    const std::vector<std::string> names = namedFields(columnsOf(row));
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [&](const auto& name) { return isField(name); }));
  }

  // A line further below that names more fields than the header: something stands in front of it.
  std::string laterHeader() const {
    if (!options_.columns.empty()) return "";
    std::size_t most = 0;
    std::uint32_t line = 0;
    for (const char delimiter : {delimiter_, ',', ';', '\t'}) {
      const DelimitedText rows = rowsBy(delimiter, kMostAboveHeader);
      for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const std::size_t fields = fieldsNamedIn(rows.rows[i]);
        if (fields <= most) continue;
        most = fields;
        line = rows.rows[i].line;
      }
    }
    if (most == 0 || line <= headLine_) return "";
    return "; the header seems to be line " + std::to_string(line) + " (--skip-lines " +
           std::to_string(line - 1) + ")";
  }

  bool isField(const std::string& name) const {
    return std::any_of(schema_.types.begin(), schema_.types.end(), [&](const TypeSchema& type) {
      return (wanted_.empty() || type.name == wanted_) && type.find(name) != nullptr;
    });
  }

  bool findType() {
    type_ =
        wanted_.empty() ? typeOf(schema_, file_, namedFields(columns_)) : schema_.findType(wanted_);
    if (type_) {
      out_.type = type_->name;
      return true;
    }
    refuse(headLine_, wanted_.empty()
                          ? "no type fits these columns; name one with --type" + laterHeader()
                          : "there is no type " + std::string(wanted_));
    return false;
  }

  // Which field each column is for; everything that is wrong with the columns at once.
  bool findFields(const DelimitedText& table, std::size_t first) {
    std::vector<std::string> names;
    for (const FieldSchema& field : type_->fields) names.push_back(field.name);
    std::string unknown, meant;
    std::size_t unknownCount = 0;
    bool good = true;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string& column = columns_[i];
      const std::string name = fieldOf(column);
      const FieldSchema* field = type_->find(name);
      fields_.push_back(field);
      undeclared_.push_back(!field && type_->open && !name.empty() ? name : "");
      if (field || !undeclared_.back().empty()) {
        const auto same = std::find(taken_.begin(), taken_.end(), name);
        if (same != taken_.end()) {
          refuse(headLine_, "two columns are for the field " + name);
          good = false;
        }
        taken_.push_back(name);
        continue;
      }
      if (options_.ignoreUnknown || isEmptyColumn(table, first, i)) continue;
      ++unknownCount;
      const std::string shown = column.empty()
                                    ? "column " + std::to_string(i + 1) + " (without a name)"
                                    : quotedCell(column);
      unknown += (unknown.empty() ? "" : ", ") + shown;
      const std::string near = model::nearest(name, names);
      if (!near.empty()) meant += (meant.empty() ? "" : ", ") + near + " for " + shown;
    }
    for (const auto& [column, field] : options_.fields) {
      if (std::find(columns_.begin(), columns_.end(), column) != columns_.end()) continue;
      const std::string near = model::nearest(column, columns_);
      refuse(headLine_,
             "there is no column " + quotedCell(column) +
                 (near.empty() ? laterHeader() : "; did you mean " + quotedCell(near) + "?"));
      good = false;
    }
    if (unknownCount == 0) return good;
    refuse(headLine_, type_->name + " has no " + (unknownCount == 1 ? "field " : "fields ") +
                          unknown + (meant.empty() ? "" : "; did you mean " + meant + "?") +
                          otherDelimiter() + laterHeader());
    return false;
  }

  // A sign at the end of each line makes a column of nothing.
  bool isEmptyColumn(const DelimitedText& table, std::size_t first, std::size_t column) const {
    return columns_[column].empty() &&
           std::all_of(table.rows.begin() + static_cast<std::ptrdiff_t>(first), table.rows.end(),
                       [&](const DelimitedRow& row) {
                         return column >= row.cells.size() || row.cells[column].empty();
                       });
  }

  // One column, in which another delimiter stands: probably the wrong one was given.
  std::string otherDelimiter() const {
    if (columns_.size() != 1) return "";
    for (const char other : {',', ';', '\t'}) {
      if (other != delimiter_ && columns_[0].find(other) != std::string::npos) {
        return std::string("; the cells seem to stand apart by ") + nameOf(other);
      }
    }
    return "";
  }

  // In a text with `;` commas are free for fractions; whoever writes them writes all numbers so.
  char chosenDecimal(const DelimitedText& table, std::size_t first) const {
    if (options_.decimal != 0) return options_.decimal;
    if (delimiter_ == ',') return '.';
    for (std::size_t column = 0; column < fields_.size(); ++column) {
      if (!fields_[column] || fields_[column]->kind != ValueKind::Double) continue;
      for (std::size_t i = first; i < table.rows.size(); ++i) {
        const std::vector<std::string>& cells = table.rows[i].cells;
        if (delimiter_ == ';' && column < cells.size() &&
            cells[column].find(',') != std::string::npos) {
          return ',';
        }
      }
    }
    return '.';
  }

  bool isNull(std::string_view cell) const {
    return std::find(options_.nulls.begin(), options_.nulls.end(), cell) != options_.nulls.end();
  }

  void readRow(const DelimitedRow& row) {
    const bool isShort = row.cells.size() < columns_.size();
    if (row.cells.size() > columns_.size() || (isShort && !options_.shortRows)) {
      const std::string problem =
          "this row has " + std::to_string(row.cells.size()) + " cells, " +
          (options_.columns.empty() ? "the header " : "there are columns for ") +
          std::to_string(columns_.size());
      out_.problems.add(
          row.line, problem + (isShort ? "; --short-rows takes the missing ones for empty" : ""),
          isShort ? "rows that are too short" : "rows that are too long");
      return;
    }
    Fields fields;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      static const std::string kNothing;
      const std::string& cell = i < row.cells.size() ? row.cells[i] : kNothing;
      if (!fields_[i] && undeclared_[i].empty()) continue;
      const std::string& name = fields_[i] ? fields_[i]->name : undeclared_[i];
      if (cell.empty()) {
        if (fields_[i] && fields_[i]->type == "string" && !fields_[i]->initial) {
          fields.emplace_back(name, Value::string(""));
        }
        continue;
      }
      if (isNull(trimmed(cell))) {
        fields.emplace_back(name, Value());
        continue;
      }
      std::optional<Value> value =
          fields_[i] ? cellValue(*fields_[i], cell) : std::optional(Value::string(cell));
      if (!value) {
        const std::string kind = "column " + name + " needs " + wantedBy(*fields_[i], decimal_);
        out_.problems.add(row.line, kind + ", this is " + quotedCell(cell), kind);
        return;
      }
      fields.emplace_back(name, *std::move(value));
    }
    out_.facts.push_back({row.line, std::move(fields)});
  }

  // By the declared kind of the field; nothing when the cell does not fit it.
  std::optional<Value> cellValue(const FieldSchema& field, const std::string& cell) const {
    const std::string_view text = trimmed(cell);
    if (field.kind == ValueKind::Int) return intOf(text);
    if (field.kind == ValueKind::Double) return doubleOf(text, decimal_);
    if (field.kind == ValueKind::Bool) {
      const std::string word = capitals(text);
      if (word == "TRUE" || word == "FALSE") return Value::boolean(word == "TRUE");
      return std::nullopt;
    }
    if (field.kind == ValueKind::Timestamp) {
      // What an input may say goes in as it is written, as in JSON.
      if (parseTimestamp(text) || parseDate(text)) return Value::string(text);
      const std::optional<Instant> instant = parseLooseTimestamp(isoDate(text));
      if (!instant) return std::nullopt;
      return Value::timestamp(instant->seconds, instant->nanos);
    }
    if (field.kind == ValueKind::List || field.kind == ValueKind::Map) {
      return jsonOf(text, *field.kind);
    }
    // What is written as a string is read by its declared type when it is inserted.
    return Value::string(cell);
  }

  const Schema& schema_;
  std::string_view file_, text_, wanted_;
  const CsvOptions& options_;
  const TypeSchema* type_ = nullptr;
  char delimiter_ = ',', decimal_ = '.';
  std::uint32_t headLine_ = 1;
  std::vector<std::string> columns_;
  std::vector<const FieldSchema*> fields_;  // by column; null: none is declared
  std::vector<std::string> undeclared_;     // by column: a property of an open subject
  std::vector<std::string> taken_;
  CsvFacts out_;
};

}  // namespace

void CsvProblems::add(std::uint32_t line, std::string message, const std::string& kind,
                      std::string place) {
  ++count_;
  if (++kinds_[kind] > kMaxOfKind) return;
  problems_.push_back({line, std::move(message), 1, std::move(place)});
}

std::vector<CsvProblem> CsvProblems::take() {
  for (const auto& [kind, count] : kinds_) {
    if (count <= kMaxOfKind) continue;
    problems_.push_back({0,
                         "and " + std::to_string(count - kMaxOfKind) + " more: " + kind,
                         count - kMaxOfKind,
                         {}});
  }
  kinds_.clear();
  return std::move(problems_);
}

CsvFacts readCsv(const Schema& schema, std::string_view file, std::string_view text,
                 std::string_view type, const CsvOptions& options) {
  return TableReader(schema, file, text, type, options).run();
}

// Every other byte of a text in UTF-16 is 0 as long as its letters are those of English; a byte
// order mark says it at once.
std::string notUtf8(std::string_view text) {
  const std::string_view mark = text.substr(0, 2);
  if (mark == "\xFF\xFE" || mark == "\xFE\xFF") {
    return "this text is UTF-16 (its first bytes are " +
           std::string(mark == "\xFF\xFE" ? "FF FE" : "FE FF") + "); save it as UTF-8";
  }
  if (text.size() >= 4 && ((text[0] == '\0') != (text[1] == '\0')) &&
      (text[0] == '\0') == (text[2] == '\0') && (text[1] == '\0') == (text[3] == '\0')) {
    return "this text is UTF-16 (every other byte is 0); save it as UTF-8";
  }
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decodeUtf8(text, at);
    if (!point.valid) {
      static constexpr char kDigits[] = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(text[at]);
      return "line " + std::to_string(line) + " is not UTF-8: the byte " + kDigits[byte >> 4] +
             kDigits[byte & 15] + " at " + std::to_string(at) +
             "; save the text as UTF-8 (it may be Windows-1252)";
    }
    line += point.code == '\n' ? 1 : 0;
    at += point.size;
  }
  return "";
}

}  // namespace reticle
