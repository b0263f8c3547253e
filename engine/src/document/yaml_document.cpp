// Reads YAML as JSON: the part of YAML 1.2 that is another spelling of JSON, and nothing that could
// surprise.
//
// Read: block and flow collections, texts plain, in quotes or as blocks (`|` and `>`), comments,
// one `---` at the top. A plain text ends on its line. Refused, with what to write instead: tags,
// anchors, aliases, merge keys, several documents, keys that are no texts, and every plain scalar
// that some reader of YAML takes for something else than what is written (`yes`, `~`, `0x1F`) or
// whose end is lost (`a # b`).
//
//   RL8031  a feature of YAML that this form leaves out
//   RL8032  a plain text that changes its type or loses a part: quote it
//   RL8033  indentation
//   RL8034  what stands here is no YAML
// and RL8002 to RL8006 as for JSON.
#include <algorithm>

#include "base/chars.h"
#include "base/utf8.h"
#include "document/document_reader.h"

namespace reticle {
namespace {

// What some readers of YAML take for a number: octal, hexadecimal, `.5`, `+1`, `1_000`, `.inf`.
bool looksLikeNumber(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN" ||
      text == ".NAN") {
    return true;
  }
  if (text.empty() ||
      !(isDigit(text[0]) || (text[0] == '.' && text.size() > 1 && isDigit(text[1])))) {
    return false;
  }
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
    return text.find_first_not_of("0123456789abcdefABCDEF_", 2) == std::string_view::npos;
  }
  return text.find_first_not_of("0123456789._eE+-") == std::string_view::npos &&
         text.find('-', 1) == std::string_view::npos;
}

class YamlReader : DocumentReader {
 public:
  YamlReader(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics)
      : DocumentReader(source, file, diagnostics) {}

  // Directives are refused, one `---` is passed, and nothing may follow the document.
  DocumentNode read() {
    if (text_.size() > kMaxDocumentBytes) {
      report("RL8005", 0, 1, "this document is longer than 16 MB");
      return {};
    }
    if (!readable()) return {};
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    lineStart_ = at_;
    skip();
    while (!done() && peek() == '%') {
      report("RL8031", at_, lineEnd(), "directives of YAML are not a part of this form")
          .help.push_back("remove the line");
      skipLine();
    }
    if (marker("---")) {
      at_ += 3;
      skip();
    }
    DocumentNode root = blockNode(-1, false);
    skip();
    if (marker("...")) {
      at_ += 3;
      skip();
    }
    if (!done()) {
      if (marker("---")) {
        report("RL8031", at_, at_ + 3, "one file holds one document");
      } else {
        report("RL8033", at_, lineEnd(), "this line belongs to nothing above it")
            .help.push_back("lines of one list or object begin in one column");
      }
    }
    return root;
  }

 private:
  // Places

  // Also the end of the text, which peek() gives as 0.
  static bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0'; }
  int column() const { return static_cast<int>(at_ - lineStart_); }
  std::size_t lineEnd() const {
    std::size_t end = std::min(text_.find('\n', at_), text_.size());
    if (end > at_ && text_[end - 1] == '\r') --end;
    return end;
  }
  bool atLineEnd() const { return at_ >= lineEnd(); }
  // `---` and `...` count in the first column only.
  bool marker(std::string_view sign) const {
    return column() == 0 && text_.substr(at_, 3) == sign && blank(peek(3));
  }
  // A fix that puts a plain text into quotes.
  void quote(Diagnostic& d, std::size_t begin, std::size_t end) {
    std::string quoted = "'";
    for (const char c : text_.substr(begin, end - begin)) {
      quoted += c == '\'' ? "''" : std::string(1, c);
    }
    quoted += "'";
    fix(d, "put it in quotes: `" + quoted + "`", begin, end, quoted);
  }

  // Looked at once for the whole text, so that the rest need not.
  bool readable() {
    for (std::size_t at = 0; at < text_.size();) {
      const CodePoint point = decodeUtf8(text_, at);
      if (!point.valid) {
        report("RL8006", at, at + 1, "these bytes are not UTF-8");
        return false;
      }
      if ((point.code < 0x20 && point.code != '\n' && point.code != '\r' && point.code != '\t') ||
          point.code == 0x7F) {
        report("RL8034", at, at + 1, "a control character stands here");
        return false;
      }
      at += point.size;
    }
    return true;
  }

  // Columns are counted from here.
  void newLine() {
    ++at_;
    lineStart_ = at_;
  }
  // For what is reported and not read.
  void skipLine() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    if (at_ < text_.size()) newLine();
    skip();
  }
  void skipSpaces() {
    while (peek() == ' ' || peek() == '\t' || (peek() == '\r' && peek(1) == '\n')) ++at_;
  }
  // A `#` begins a comment only after a space: `a#b` is a text.
  bool comment() const { return peek() == '#' && (at_ == lineStart_ || blank(text_[at_ - 1])); }
  // To the next thing that is no space, line break or comment.
  void skip() {
    while (at_ < text_.size()) {
      const bool indent = text_.substr(lineStart_, at_ - lineStart_).find_first_not_of(' ') ==
                          std::string_view::npos;
      if (peek() == '\n') {
        newLine();
      } else if (peek() == '\t' && indent && flow_ == 0) {
        const std::size_t begin = at_;
        skipSpaces();
        if (!atLineEnd() && !comment()) {
          Diagnostic& d =
              report("RL8033", begin, at_, "lines of YAML are indented with spaces, not with tabs");
          fix(d, "write spaces", begin, at_, "  ");
          stopped_ = true;  // what lies in what cannot be known any more
        }
      } else if (blank(peek())) {
        ++at_;
      } else if (comment()) {
        at_ = lineEnd();
      } else {
        return;
      }
    }
  }
  // After a value: nothing but a comment may follow on its line.
  void endLine(std::string_view what) {
    skipSpaces();
    if (done() || atLineEnd() || comment()) return;
    report("RL8034", at_, lineEnd(), "this does not belong behind " + std::string(what))
        .help.push_back("if it is one text, put all of it in quotes");
    at_ = lineEnd();
  }

  // Block style

  // The value that begins here or on a line below, indented further than `parent`; a list that is a
  // member's value may stand below its name.
  DocumentNode blockNode(int parent, bool listBelow) {
    DocumentNode node;
    skip();
    const std::size_t begin = at_;
    node.span = span(begin, begin);
    if (done() || marker("---") || marker("...")) return node;
    const bool dash = peek() == '-' && blank(peek(1));
    if (column() <= parent && !(dash && listBelow && column() == parent)) return node;
    if (depth_ >= kMaxDocumentDepth) {
      report(
          "RL8005", at_, at_ + 1,
          "this document is nested deeper than " + std::to_string(kMaxDocumentDepth) + " levels");
      stopped_ = true;
      return node;
    }
    ++depth_;
    if (dash) {
      blockList(node);
    } else if (peek() == '?' && blank(peek(1))) {
      refuse("RL8031", at_ + 1, "keys with a `?` are not a part of this form");
    } else if (keyAhead()) {
      blockObject(node);
    } else {
      node = scalar(parent);
    }
    --depth_;
    return node;
  }

  // Reports what begins here, up to `end`, and leaves its line.
  void refuse(std::string code, std::size_t end, std::string message) {
    report(std::move(code), at_, end, std::move(message));
    at_ = lineEnd();
  }

  // Items begin with a dash in the column of the first one.
  void blockList(DocumentNode& node) {
    node.kind = DocumentNode::Kind::List;
    const std::size_t begin = at_;
    const int indent = column();
    std::size_t end = at_;
    while (!done() && column() == indent && peek() == '-' && blank(peek(1)) && !marker("---")) {
      ++at_;
      skipSpaces();
      DocumentNode item =
          atLineEnd() || comment() ? blockNode(indent, false) : blockNode(indent, false);
      end = std::max<std::size_t>(item.span.end, end);
      node.items.push_back(std::move(item));
      next(indent);
    }
    node.span = span(begin, std::max(end, begin + 1));
  }

  // To the next line of a collection in this column; lines further in belong to nothing.
  void next(int indent) {
    skip();
    while (!done() && column() > indent) {
      report("RL8033", at_, lineEnd(), "this line is indented further than the lines it follows")
          .help.push_back(
              "lines of one list or object begin in one column; a text over several lines begins "
              "with `|`");
      skipLine();
    }
  }

  // Whether a name and a `:` stand here on one line.
  bool keyAhead() const {
    std::size_t at = at_;
    const char c = text_[at];
    if (c == '"' || c == '\'') {
      for (++at; at < text_.size() && text_[at] != '\n' && text_[at] != c; ++at) {
        if (text_[at] == '\\' && c == '"') ++at;
      }
      ++at;
      while (at < text_.size() && text_[at] == ' ') ++at;
      return at < text_.size() && text_[at] == ':' &&
             (at + 1 >= text_.size() || blank(text_[at + 1]));
    }
    if (c == '[' || c == '{' || c == '|' || c == '>') return false;
    for (; at < text_.size() && text_[at] != '\n'; ++at) {
      if (text_[at] == ':' && (at + 1 >= text_.size() || blank(text_[at + 1]))) return true;
      if (text_[at] == '#' && at > at_ && blank(text_[at - 1])) return false;
    }
    return false;
  }

  // Members begin in the column of the first one. A line that is no member is reported and passed.
  void blockObject(DocumentNode& node) {
    node.kind = DocumentNode::Kind::Object;
    const std::size_t begin = at_;
    const int indent = column();
    std::size_t end = at_;
    while (!done() && column() == indent && !marker("---") && !marker("...")) {
      if (peek() == '-' && blank(peek(1))) break;
      if (!keyAhead()) {
        report("RL8034", at_, lineEnd(),
               "a member of an object should stand here: its name and a `:`");
        skipLine();
        next(indent);
        continue;
      }
      const std::size_t from = at_;
      DocumentNode name = key();
      skipSpaces();
      if (peek() == ':') ++at_;
      skipSpaces();
      DocumentNode item;
      if (atLineEnd() || comment()) {
        const std::size_t colon = at_;
        item = blockNode(indent, true);
        if (item.is(DocumentNode::Kind::Null)) {
          item.span = span(std::min(item.span.begin, static_cast<std::uint32_t>(colon)), colon);
        }
      } else if (peek() == '-' && blank(peek(1))) {
        item.span = span(at_, at_);
        refuse("RL8034", at_ + 1, "a list begins on a line of its own, or is written `[ … ]`");
      } else {
        item = scalar(indent);
      }
      end = std::max<std::size_t>({end, item.span.end, at_ > 0 ? name.span.end : 0});
      addMember(node, std::move(name), std::move(item), from);
      next(indent);
    }
    node.span = span(begin, std::max(end, begin + 1));
  }

  // A name that stands twice keeps its first value.
  void addMember(DocumentNode& node, DocumentNode name, DocumentNode item, std::size_t from) {
    if (name.text == "<<" && name.quotes == DocumentNode::Quotes::None) {
      report("RL8031", from, from + 2, "merge keys are not a part of this form")
          .help.push_back("write the members out");
      return;
    }
    const Span inside =
        span(name.placeOf(0u), name.placeOf(static_cast<std::uint32_t>(name.text.size())));
    const auto twice = std::find(node.names.begin(), node.names.end(), name.text);
    if (twice != node.names.end()) {
      Diagnostic& d = report("RL8004", name.span.begin, name.span.end,
                             "the member `" + name.text + "` stands twice");
      d.related.push_back(
          {node.nameSpans[static_cast<std::size_t>(twice - node.names.begin())], "the first one"});
      d.help.push_back("keep one of the two");
      return;
    }
    node.names.push_back(std::move(name.text));
    node.nameSpans.push_back(inside);
    node.items.push_back(std::move(item));
  }

  // The name of a member. Requires: keyAhead().
  DocumentNode key() {
    if (peek() == '"' || peek() == '\'') return quoted();
    const std::size_t begin = at_;
    std::size_t end = at_;
    while (end < text_.size() &&
           !(text_[end] == ':' && (end + 1 >= text_.size() || blank(text_[end + 1])))) {
      if (flow_ > 0 && std::string_view(",[]{}\n").find(text_[end]) != std::string_view::npos) {
        break;
      }
      ++end;
    }
    std::size_t trimmed = end;
    while (trimmed > begin && blank(text_[trimmed - 1])) --trimmed;
    at_ = end;
    DocumentNode name = DocumentNode::string(text_.substr(begin, trimmed - begin));
    name.inside = static_cast<std::uint32_t>(begin);
    name.span = span(begin, trimmed);
    if (indicator(begin, trimmed)) return name;
    if (name.text == "true" || name.text == "false" || name.text == "null" || name.text == "~" ||
        looksLikeNumber(name.text)) {
      quote(report("RL8032", begin, trimmed, "`" + name.text + "` as a name is no text in YAML"),
            begin, trimmed);
    }
    return name;
  }

  // Scalars

  // A sign at the beginning of a plain text that means something else to YAML: reported, with
  // quotes as the way out.
  bool indicator(std::size_t begin, std::size_t end) {
    const char c = text_[begin];
    const std::string shown = "`" + std::string(text_.substr(begin, end - begin)) + "`";
    Diagnostic* d = nullptr;
    switch (c) {
      case '!':
        d = &report("RL8032", begin, end, shown + " is a tag to YAML, and its text is lost");
        break;
      case '&':
        d = &report("RL8031", begin, end, "anchors of YAML are not a part of this form");
        break;
      case '*':
        d = &report("RL8031", begin, end, "aliases of YAML are not a part of this form");
        break;
      case '%':
      case '@':
      case '`':
        d = &report("RL8034", begin, end, "no plain text begins with `" + std::string(1, c) + "`");
        break;
      case ',':
      case ']':
      case '}':
        d = &report("RL8034", begin, end,
                    "`" + std::string(1, c) + "` closes or separates nothing here");
        break;
      default: return false;
    }
    quote(*d, begin, end);
    return true;
  }

  // A value on this line: in quotes, in flow style, as a block, or plain.
  DocumentNode scalar(int parent) {
    const char c = peek();
    DocumentNode node;
    if (c == '"' || c == '\'') {
      node = quoted();
      endLine("this text");
    } else if (c == '[' || c == '{') {
      node = flowNode();
      endLine(c == '[' ? "this list" : "this object");
    } else if (c == '|' || c == '>') {
      node = blockText(parent);
    } else {
      node = plain();
    }
    return node;
  }

  // A text without quotes: up to the end of the line, a comment, or a sign of flow style. What it
  // is, a text or a number, resolve() decides.
  DocumentNode plain() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    const std::size_t limit = lineEnd();
    bool lost = false;
    while (end < limit) {
      const char c = text_[end];
      if (c == '#' && end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) {
        lost = true;
        break;
      }
      if (c == ':' && (end + 1 >= limit || blank(text_[end + 1]) ||
                       (flow_ > 0 && std::string_view(",[]{}").find(text_[end + 1]) !=
                                         std::string_view::npos))) {
        break;
      }
      if (flow_ > 0 && std::string_view(",[]{}").find(c) != std::string_view::npos) break;
      ++end;
    }
    std::size_t trimmed = end;
    while (trimmed > begin && blank(text_[trimmed - 1])) --trimmed;
    at_ = end;
    DocumentNode node = DocumentNode::string(text_.substr(begin, trimmed - begin));
    node.inside = static_cast<std::uint32_t>(begin);
    node.span = span(begin, trimmed);
    const std::size_t before = diagnostics_.size();
    const auto judged = [&] {
      node.damaged = diagnostics_.size() > before;
      return std::move(node);
    };
    // What a reader of YAML would cut off is shown whole in the message.
    const bool nested = flow_ > 0 && end < limit && (text_[end] == '[' || text_[end] == '{');
    const bool colon = end < limit && text_[end] == ':' && flow_ == 0;
    if (nested || colon) {
      // All that one person would take for the text.
      const std::size_t to = nested ? std::min(balanced(begin), limit) : limit;
      Diagnostic& d =
          report("RL8034", begin, to,
                 nested ? std::string("a plain text inside `[ ]` and `{ }` ends at a bracket")
                        : std::string("a plain text holds no `: `"));
      quote(d, begin, to);
      at_ = to;
      return judged();
    }
    if (begin < trimmed && indicator(begin, trimmed)) return judged();
    resolve(node, begin, trimmed);
    if (lost && node.is(DocumentNode::Kind::String)) {
      Diagnostic& d =
          report("RL8032", begin, limit,
                 "to YAML, a comment begins behind `" + node.text + "`, and the rest is lost");
      quote(d, begin, limit);
      d.help.push_back("a comment stands on a line of its own");
      if (flow_ == 0) at_ = limit;
    }
    return judged();
  }

  // After the brackets that a plain text in flow style opens.
  std::size_t balanced(std::size_t at) const {
    int open = 0;
    for (; at < text_.size() && text_[at] != '\n'; ++at) {
      const char c = text_[at];
      if (c == '[' || c == '{' || c == '(') ++open;
      if ((c == ']' || c == '}' || c == ')') && --open < 0) break;
      if (c == ',' && open == 0) break;
    }
    return at;
  }

  // What a plain text is: a text, or one of the few words and the numbers of JSON.
  void resolve(DocumentNode& node, std::size_t begin, std::size_t end) {
    const std::string& text = node.text;
    if (text.empty()) {
      report("RL8034", begin, begin + 1, "a value should stand here");
      if (!atLineEnd() && flow_ == 0) at_ = lineEnd();
      return;
    }
    if (text == "true" || text == "false") {
      node.kind = DocumentNode::Kind::Boolean;
      node.boolean = text == "true";
    } else if (text == "null") {
      node.kind = DocumentNode::Kind::Null;
    } else if (isJsonNumber(text)) {
      node.kind = DocumentNode::Kind::Number;
    } else if (looksLikeNumber(text)) {
      quote(report("RL8032", begin, end,
                   "readers of YAML do not agree whether `" + text + "` is a number"),
            begin, end);
    } else {
      static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
          {"yes", "true"},  {"Yes", "true"},  {"YES", "true"},    {"no", "false"},
          {"No", "false"},  {"NO", "false"},  {"on", "true"},     {"On", "true"},
          {"ON", "true"},   {"off", "false"}, {"Off", "false"},   {"OFF", "false"},
          {"y", ""},        {"Y", ""},        {"n", ""},          {"N", ""},
          {"True", "true"}, {"TRUE", "true"}, {"False", "false"}, {"FALSE", "false"},
          {"Null", "null"}, {"NULL", "null"}, {"~", "null"}};
      for (const auto& [word, meant] : kWords) {
        if (word != text || meant.empty()) continue;  // single letters are names of bindings
        Diagnostic& d =
            report("RL8032", begin, end, "readers of YAML do not agree what `" + text + "` is");
        fix(d, "write `" + std::string(meant) + "`", begin, end, std::string(meant));
        quote(d, begin, end);
      }
    }
  }

  // In double quotes with escapes, or in single ones where only `''` stands for something else.
  // `text` and `places` keep step.
  DocumentNode quoted() {
    const std::size_t begin = at_, before = diagnostics_.size();
    const char sign = peek();
    ++at_;
    DocumentNode node = DocumentNode::string("");
    node.quotes = sign == '"' ? DocumentNode::Quotes::Double : DocumentNode::Quotes::Single;
    node.inside = static_cast<std::uint32_t>(at_);
    bool closed = false, direct = true;
    const auto put = [&](std::string_view bytes, std::size_t from, std::size_t step) {
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        node.places.push_back(static_cast<std::uint32_t>(from + i * step));
      }
      node.text += bytes;
    };
    while (at_ < text_.size() && peek() != '\n') {
      if (peek() == sign && sign == '\'' && peek(1) == '\'') {
        put("'", at_, 0);
        at_ += 2;
        direct = false;
      } else if (peek() == sign) {
        closed = true;
        break;
      } else if (peek() == '\\' && sign == '"') {
        direct = false;
        escape(put);
      } else {
        put(text_.substr(at_, 1), at_, 0);
        ++at_;
      }
    }
    node.places.push_back(static_cast<std::uint32_t>(at_));
    if (direct) node.places.clear();
    if (closed) {
      ++at_;
    } else {
      report("RL8002", begin, at_, "this text is never closed")
          .help.push_back(
              "a text in quotes ends on its line; one over several lines begins with `|`");
    }
    node.span = span(begin, at_);
    node.damaged = diagnostics_.size() > before;
    return node;
  }

  // After a backslash in double quotes: what JSON knows, and what YAML has beside it.
  template <typename Put>
  void escape(Put put) {
    const std::size_t begin = at_;
    const char c = peek(1);
    static constexpr std::string_view kFrom = "0abtnvfre \"/\\";
    static constexpr std::string_view kTo("\0\a\b\t\n\v\f\r\x1b \"/\\", 13);
    const std::size_t known = at_ + 1 < text_.size() ? kFrom.find(c) : std::string_view::npos;
    if (known != std::string_view::npos) {
      at_ += 2;
      put(kTo.substr(known, 1), begin, 0);
      return;
    }
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    std::uint32_t code = 0;
    bool good = digits > 0 && hex(2, digits, code);
    // The sign after the backslash may be several bytes long.
    at_ += 1 + (at_ + 1 < text_.size() ? decodeUtf8(text_, at_ + 1).size : 1);
    if (good) {
      at_ += digits;
      std::uint32_t low = 0;
      if (code >= 0xD800 && code < 0xDC00 && peek() == '\\' && peek(1) == 'u' && hex(2, 4, low) &&
          low >= 0xDC00 && low < 0xE000) {
        at_ += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      }
      good = code < 0xD800 || (code >= 0xE000 && code <= 0x10FFFF);
      std::string bytes;
      appendUtf8(bytes, code);
      put(bytes, begin, 0);
    }
    if (good) return;
    at_ = std::min(at_, lineEnd());
    fix(report("RL8002", begin, std::max(at_, begin + 1), "a text of YAML knows no such escape"),
        "write `\\\\` for the sign itself", begin, begin + 1, "\\\\");
  }
  // Two, four or eight digits after the sign.
  bool hex(std::size_t from, std::size_t count, std::uint32_t& code) const {
    code = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = peek(from + i);
      const int digit = isDigit(c)             ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return false;
      code = code << 4 | static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  // `|` keeps line breaks, `>` makes one text of lines; `-` after the sign leaves out the last
  // break, `+` keeps all of them.
  DocumentNode blockText(int parent) {
    const std::size_t begin = at_;
    const bool folded = peek() == '>';
    ++at_;
    char chomp = ' ';
    if (peek() == '-' || peek() == '+') {
      chomp = peek();
      ++at_;
    }
    if (isDigit(peek())) {
      report("RL8031", at_, at_ + 1, "the indentation of a block is that of its first line")
          .help.push_back("remove the digit");
      ++at_;
    }
    endLine("the sign of a block");
    DocumentNode node = DocumentNode::string("");
    node.quotes = DocumentNode::Quotes::Block;
    node.inside = static_cast<std::uint32_t>(at_);
    // `breaks`: line breaks since the last line that is not empty.
    std::size_t indent = 0, end = at_, breaks = 0;
    std::size_t lastBreak = at_;
    bool any = false, wasDeep = false;
    at_ = std::min(text_.find('\n', at_), text_.size());
    const auto put = [&](char c, std::size_t from) {
      node.text += c;
      node.places.push_back(static_cast<std::uint32_t>(from));
    };
    while (at_ < text_.size()) {
      newLine();
      const std::size_t stop = lineEnd();
      std::size_t first = at_;
      while (first < stop && text_[first] == ' ') ++first;
      const std::size_t deep = first - at_;
      if (first == stop) {  // an empty line
        ++breaks;
        lastBreak = stop;
        at_ = std::min(text_.find('\n', at_), text_.size());
        if (at_ >= text_.size()) break;
        continue;
      }
      if (!any) indent = deep;
      if (static_cast<int>(deep) <= parent || deep < indent || marker("---") || marker("...")) {
        break;
      }
      const bool deeper = deep > indent;
      if (any) {
        // Lines of a folded text are joined, unless they are indented further.
        const bool fold = folded && !deeper && !wasDeep;
        if (fold && breaks == 1) {
          put(' ', lastBreak);
        } else {
          for (std::size_t i = fold ? 1 : 0; i < breaks; ++i) put('\n', lastBreak);
        }
      } else {
        for (std::size_t i = 0; i < breaks; ++i) put('\n', lastBreak);
      }
      any = true;
      wasDeep = deeper;
      for (std::size_t i = at_ + indent; i < stop; ++i) put(text_[i], i);
      end = lastBreak = stop;
      breaks = 1;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
    if (any && chomp != '-' && breaks > 0) {
      for (std::size_t i = 0; i < (chomp == '+' ? breaks : 1); ++i) put('\n', end);
    }
    node.places.push_back(static_cast<std::uint32_t>(end));
    node.span = span(begin, std::max(end, begin + 1));
    return node;
  }

  // Flow style

  // A value inside of brackets, where indentation means nothing.
  DocumentNode flowNode() {
    skip();
    DocumentNode node;
    node.span = span(at_, at_);
    if (done()) return node;
    const char c = peek();
    if (c == '"' || c == '\'') return quoted();
    if (c != '[' && c != '{') return plain();
    if (depth_ >= kMaxDocumentDepth) {
      report(
          "RL8005", at_, at_ + 1,
          "this document is nested deeper than " + std::to_string(kMaxDocumentDepth) + " levels");
      stopped_ = true;
      return node;
    }
    ++depth_;
    ++flow_;
    const std::size_t begin = at_;
    ++at_;
    c == '[' ? flowItems(node, begin) : flowMembers(node, begin);
    --flow_;
    --depth_;
    node.span = span(begin, at_);
    return node;
  }

  // Whether another item follows in front of the closing sign; passes that.
  bool more(std::size_t open, char close) {
    skip();
    if (done()) {
      if (!stopped_) {
        report("RL8007", open, open + 1, std::string("this `") + text_[open] + "` is never closed")
            .label = "the document ends inside it";
      }
      stopped_ = true;
      return false;
    }
    if (peek() == close) {
      ++at_;
      return false;
    }
    if (peek() == ']' || peek() == '}') {
      Diagnostic& d =
          report("RL8007", at_, at_ + 1,
                 std::string("`") + peek() + "` closes nothing: a `" + text_[open] + "` is open");
      d.related.push_back({span(open, open + 1), "opened here"});
      ++at_;
      return false;
    }
    return true;
  }
  // Passes the comma between two items; false when the collection is over.
  bool between(std::size_t open, char close) {
    skip();
    if (done() || peek() == ']' || peek() == '}') return more(open, close);
    if (peek() == ',') {
      ++at_;
      return more(open, close);
    }
    Diagnostic& d = report("RL8034", at_, at_ + 1, "a `,` is missing here");
    fix(d, "add `,`", at_, at_, ", ");
    if (peek() == ':') ++at_;
    return more(open, close);
  }

  // Every round moves on by at least one sign.
  void flowItems(DocumentNode& node, std::size_t open) {
    node.kind = DocumentNode::Kind::List;
    if (!more(open, ']')) return;
    do {
      const std::size_t before = at_;
      if (peek() == ',') {
        report("RL8034", at_, at_ + 1, "one `,` too many");
      } else {
        node.items.push_back(flowNode());
      }
      if (at_ == before && peek() != ',') ++at_;
    } while (between(open, ']'));
  }

  // A name and a value, or a name alone, which is reported.
  void flowMembers(DocumentNode& node, std::size_t open) {
    node.kind = DocumentNode::Kind::Object;
    if (!more(open, '}')) return;
    do {
      const std::size_t from = at_;
      if (peek() == ',') {
        report("RL8034", at_, at_ + 1, "one `,` too many");
        continue;
      }
      if (peek() == '[' || peek() == '{') {
        refuse("RL8031", at_ + 1, "the name of a member is a text");
        continue;
      }
      DocumentNode name = key();
      skip();
      if (peek() != ':') {
        Diagnostic& d = report("RL8034", from, std::max<std::size_t>(name.span.end, from + 1),
                               "`" + name.text + "` has no value");
        d.help.push_back("inside `{ }` stand names and values: `{" +
                         (name.text.empty() ? "name" : name.text) + ": …}`");
        if (at_ == from) ++at_;
        continue;
      }
      ++at_;
      skip();
      DocumentNode item;
      item.span = span(at_, at_);
      if (!done() && peek() != ',' && peek() != '}') item = flowNode();
      addMember(node, std::move(name), std::move(item), from);
    } while (between(open, '}'));
  }

  std::size_t lineStart_ = 0;
  int depth_ = 0, flow_ = 0;
};

}  // namespace

DocumentNode readYaml(const Source& source, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics) {
  return YamlReader(source, file, diagnostics).read();
}

}  // namespace reticle
