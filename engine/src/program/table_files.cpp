// From the cells of a file to the rows of a decision table.
#include "program/table_files.h"

#include <algorithm>
#include <string>
#include <utility>

#include "document/delimited.h"
#include "form/read_module.h"
#include "model/message.h"
#include "program/replacements.h"
#include "reticle/program.h"
#include "syntax/parser.h"

namespace reticle {
namespace {

using model::quoted;

bool endsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// All that was read from a cell stands where its line does.
void moveTo(const Span& span, Expr& e) {
  e.span = e.nameSpan = span;
  for (Span& each : e.nameSpans) each = span;
  for (Expr& arg : e.args) moveTo(span, arg);
}

// One table and its file.
class TableFile {
 public:
  TableFile(tree::Declaration& table, const Source& source, std::uint32_t file,
            std::vector<Diagnostic>& diagnostics)
      : table_(table), source_(source), file_(file), diagnostics_(diagnostics) {}

  void read() {
    const char sign = delimiter();
    const DelimitedText text = readDelimited(source_.text, sign);
    if (text.badLine != 0) {
      report("RL2024", lineSpan(text.badLine), text.problem);
      return;
    }
    if (text.rows.empty()) {
      report("RL2024", table_.rowsFromSpan, quoted(source_.name) + " is empty")
          .help.push_back("its first line names the columns: " + quoted(joined(wanted())));
      return;
    }
    if (!findColumns(text.rows[0])) return;
    for (std::size_t i = 1; i < text.rows.size(); ++i) row(text.rows[i]);
  }

 private:
  Diagnostic& report(std::string code, const Span& span, std::string message) {
    Diagnostic& d = diagnostics_.emplace_back();
    d.code = std::move(code);
    d.span = span;
    d.message = std::move(message);
    return d;
  }

  // Tabs in a `.tsv`, else whichever sign the first line has more of.
  char delimiter() const {
    if (endsWith(source_.name, ".tsv")) return '\t';
    const std::string_view first =
        std::string_view(source_.text).substr(0, source_.text.find('\n'));
    const auto count = [&first](char sign) { return std::count(first.begin(), first.end(), sign); };
    return count(';') > count(',') ? ';' : count('\t') > count(',') ? '\t' : ',';
  }

  // What a line holds, without its end.
  Span lineSpan(std::uint32_t line) const {
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < line && begin != std::string::npos; ++i) {
      begin = source_.text.find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos) begin = source_.text.size();
    std::size_t end = source_.text.find('\n', begin);
    if (end == std::string::npos) end = source_.text.size();
    if (end > begin && source_.text[end - 1] == '\r') --end;
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  // The parameters that are compared, in their order.
  std::vector<std::string> compared() const {
    std::vector<std::string> names;
    if (table_.by.empty()) {
      for (const tree::Field& param : table_.params) names.push_back(param.name.text);
    } else {
      for (const tree::Name& name : table_.by) names.push_back(name.text);
    }
    return names;
  }
  // What is given; a single result goes by the name of the table.
  std::vector<std::string> given() const {
    std::vector<std::string> names;
    for (const tree::Field& result : table_.results) names.push_back(result.name.text);
    if (names.empty()) names.push_back(table_.name.text);
    return names;
  }
  std::vector<std::string> wanted() const {
    std::vector<std::string> names = compared();
    for (std::string& name : given()) names.push_back(std::move(name));
    return names;
  }
  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
  }

  // Where in a row the cells of each column stand. A single result may be called anything else that
  // no other column is called.
  bool findColumns(const DelimitedRow& header) {
    const std::vector<std::string> names = wanted();
    std::vector<bool> used(header.cells.size());
    for (const std::string& name : names) {
      auto at = std::find(header.cells.begin(), header.cells.end(), name);
      if (at == header.cells.end() && table_.results.empty() && name == table_.name.text) {
        at = std::find_if(header.cells.begin(), header.cells.end(), [&](const std::string& cell) {
          return std::find(names.begin(), names.end(), cell) == names.end();
        });
      }
      if (at == header.cells.end()) {
        Diagnostic& d = report("RL2024", lineSpan(header.line),
                               quoted(source_.name) + " has no column " + quoted(name));
        d.help.push_back("its first line names the columns: " + quoted(joined(names)));
        d.related.push_back({table_.rowsFromSpan, "read for this table"});
        return false;
      }
      columns_.push_back(static_cast<std::size_t>(at - header.cells.begin()));
      used[columns_.back()] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      Diagnostic& d = report(
          "RL2024", lineSpan(header.line),
          "the table " + quoted(table_.name.text) + " has no column " + quoted(header.cells[i]));
      d.help.push_back("it has " + quoted(joined(names)));
      return false;
    }
    return true;
  }

  const tree::TypeUse* typeOf(std::size_t column) const {
    const std::vector<std::string> names = compared();
    if (column < names.size()) {
      for (const tree::Field& param : table_.params) {
        if (param.name.text == names[column]) return &param.type;
      }
      return nullptr;
    }
    if (table_.results.empty()) return table_.result ? &*table_.result : nullptr;
    return &table_.results[column - names.size()].type;
  }

  // A text needs no quotes there, and a value of an enum not the name of that.
  static std::string written(const std::string& cell, const tree::TypeUse* type) {
    if (type == nullptr || cell.empty()) return cell;
    const bool text = type->name == "string" || type->name == "enum";
    if (text) {
      static constexpr std::string_view kSigns = "\"'<>=!_";
      const bool asIs = kSigns.find(cell[0]) != std::string_view::npos || cell.rfind("if ", 0) == 0;
      return asIs ? cell : toText(Value::string(cell), true);
    }
    const bool capital = !type->name.empty() && type->name[0] >= 'A' && type->name[0] <= 'Z';
    const bool word = std::all_of(cell.begin(), cell.end(), [](char c) {
      return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
    return capital && word && cell != "_" && cell != "null" ? type->name + "." + cell : cell;
  }

  void row(const DelimitedRow& from) {
    const Span span = lineSpan(from.line);
    tree::TableRow row;
    row.span = span;
    const std::size_t tests = compared().size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] >= from.cells.size()) {
        Diagnostic& d = report("RL2024", span, "this row has fewer cells than there are columns");
        d.help.push_back("an empty cell of a condition takes everything");
        return;
      }
      const std::string cell = written(from.cells[columns_[i]], typeOf(i));
      std::vector<Diagnostic> told;
      if (i < tests) {
        std::vector<tree::Cell> read = parseCell({source_.name, cell.empty() ? "_" : cell}, told);
        for (tree::Cell& test : read) {
          test.span = span;
          for (Expr& operand : test.operands) moveTo(span, operand);
        }
        row.cells.push_back(std::move(read));
      } else {
        Expr value = parseExpression({source_.name, cell.empty() ? "null" : cell}, 0, told);
        moveTo(span, value);
        row.results.push_back(std::move(value));
      }
      if (told.empty()) continue;
      Diagnostic& d = report(told[0].code, span,
                             "the cell " + quoted(from.cells[columns_[i]]) + " of column " +
                                 quoted(wanted()[i]) + " cannot be read: " + told[0].message);
      d.help = told[0].help;
      return;
    }
    table_.rows.push_back(std::move(row));
  }

  tree::Declaration& table_;
  const Source& source_;
  std::uint32_t file_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<std::size_t> columns_;
};

}  // namespace

std::string folderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

bool isTableFile(const Source& source) {
  return endsWith(source.name, ".csv") || endsWith(source.name, ".tsv");
}

std::vector<std::string> namedFiles(const std::vector<Source>& sources) {
  std::vector<std::string> names;
  std::vector<Diagnostic> ignored;
  for (const Source& source : sources) {
    if (isTableFile(source) || (source.text.find("from") == std::string::npos &&
                                source.text.find("replace") == std::string::npos)) {
      continue;
    }
    const tree::Module module = readModule(source, 0, ignored);
    std::vector<std::string> named = replacementFiles(module, source);
    for (const tree::Declaration& d : module.declarations) {
      if (!d.rowsFrom.empty()) named.push_back(folderOf(source.name) + d.rowsFrom);
    }
    for (std::string& name : named) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(std::move(name));
      }
    }
  }
  return names;
}

void fillTables(std::vector<tree::Module>& modules, const std::vector<Source>& sources,
                std::vector<Diagnostic>& diagnostics) {
  for (tree::Module& module : modules) {
    for (tree::Declaration& table : module.declarations) {
      if (table.rowsFrom.empty()) continue;
      const std::string name = folderOf(sources[module.file].name) + table.rowsFrom;
      const auto found = std::find_if(sources.begin(), sources.end(), [&](const Source& source) {
        return isTableFile(source) && source.name == name;
      });
      if (found != sources.end()) {
        TableFile(table, *found, static_cast<std::uint32_t>(found - sources.begin()), diagnostics)
            .read();
        continue;
      }
      Diagnostic& d = diagnostics.emplace_back();
      d.code = "RL2023";
      d.span = table.rowsFromSpan;
      d.message = "the rows of " + quoted(table.name.text) +
                  " are not there: no source is called " + quoted(name);
      d.help.push_back(endsWith(table.rowsFrom, ".csv") || endsWith(table.rowsFrom, ".tsv")
                           ? "hand the file in with the module, under that name"
                           : "rows are read from `.csv` and `.tsv` files");
    }
  }
}

}  // namespace reticle
