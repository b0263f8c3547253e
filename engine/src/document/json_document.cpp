// Reads JSON (RFC 8259). What people write instead is read as what they meant, and reported:
// comments, single quotes, names without quotes, commas too many or too few.
//
//   RL8001  what stands here is no JSON: a sign, a word, a missing `:` or `,`
//   RL8002  a text that is never closed, or that holds what a text cannot: an unknown escape, a
//           line break
//   RL8003  a number that is none in JSON
//   RL8004  a member that stands twice
//   RL8005  nested too deep, or too long
//   RL8006  bytes that are not UTF-8
//   RL8007  a list or object that is never closed, or a closing sign that closes nothing
#include <algorithm>

#include "base/chars.h"
#include "base/utf8.h"
#include "document/document_reader.h"

namespace reticle {
namespace {

// What a word without quotes may be made of.
bool isWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '$';
}

class JsonReader : DocumentReader {
 public:
  JsonReader(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics)
      : DocumentReader(source, file, diagnostics) {}

  DocumentNode read() {
    if (text_.size() > kMaxDocumentBytes) {
      report("RL8005", 0, 1, "this document is longer than 16 MB");
      return {};
    }
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    DocumentNode root = value();
    skip();
    if (!stopped_ && at_ < text_.size()) {
      report("RL8001", at_, at_ + 1, "the document is over, and something follows")
          .help.push_back("a document is one value");
    }
    return root;
  }

 private:
  // What closes the lists and objects that are open.
  struct Closer {
    Closer(JsonReader& reader, char sign) : reader(reader) { reader.closers_ += sign; }
    ~Closer() { reader.closers_.pop_back(); }
    JsonReader& reader;
  };

  // Spaces, and comments, which are reported but hide nothing.
  void skip() {
    while (at_ < text_.size()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if ((c == '/' && (peek(1) == '/' || peek(1) == '*')) || c == '#') {
        const std::size_t begin = at_;
        const bool block = peek(1) == '*';
        const std::size_t end = block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
        at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 0);
        report("RL8001", begin, begin + (c == '#' ? 1 : 2), "JSON has no comments")
            .help.push_back(
                "the text form and YAML have them; here `doc` holds what a reader should know");
      } else {
        return;
      }
    }
  }

  // Any value. It always moves on when something stands here, so that reading comes to an end.
  DocumentNode value() {
    skip();
    DocumentNode node;
    const std::size_t begin = at_, reported = diagnostics_.size();
    const char c = peek();
    if (done()) {
      report("RL8001", begin, begin, "the document ends where a value should stand");
    } else if (c == '{' || c == '[') {
      if (depth_ >= kMaxDocumentDepth) {
        report(
            "RL8005", at_, at_ + 1,
            "this document is nested deeper than " + std::to_string(kMaxDocumentDepth) + " levels");
        stopped_ = true;
        return node;
      }
      ++depth_;
      c == '{' ? object(node) : list(node);
      --depth_;
    } else if (c == '"' || c == '\'') {
      string(node);
    } else if (isDigit(c) || c == '-' || c == '+' || c == '.') {
      number(node);
    } else if (isWord(c)) {
      word(node);
    } else {
      report("RL8001", at_, at_ + decodeUtf8(text_, at_).size, "no value begins with this sign");
      at_ += decodeUtf8(text_, at_).size;
    }
    node.span = span(begin, at_);
    // What was read as it was meant can be looked into.
    const bool whole = node.is(DocumentNode::Kind::List) || node.is(DocumentNode::Kind::Object);
    node.damaged = !whole && diagnostics_.size() > reported;
    return node;
  }

  // true, false, null; words of other languages that mean one of these; or a text without its
  // quotes.
  void word(DocumentNode& node) {
    const std::size_t begin = at_;
    while (isWord(peek())) ++at_;
    const std::string word(text_.substr(begin, at_ - begin));
    if (word == "true" || word == "false") {
      node.kind = DocumentNode::Kind::Boolean;
      node.boolean = word == "true";
      return;
    }
    if (word == "null") return;
    node.kind = DocumentNode::Kind::String;
    node.text = word;
    node.inside = static_cast<std::uint32_t>(begin);
    std::string lower = word;
    for (char& l : lower) {
      if (l >= 'A' && l <= 'Z') l = static_cast<char>(l - 'A' + 'a');
    }
    const std::string meant = lower == "true" || lower == "false" || lower == "null"      ? lower
                              : lower == "none" || lower == "nil" || lower == "undefined" ? "null"
                                                                                          : "";
    Diagnostic& d = report("RL8001", begin, at_,
                           meant.empty() ? "a text stands in double quotes"
                                         : "`" + word + "` is written `" + meant + "`");
    if (meant.empty()) {
      fix(d, "write `\"" + word + "\"`", begin, at_, "\"" + word + "\"");
    } else {
      fix(d, "write `" + meant + "`", begin, at_, meant);
    }
  }

  // Takes everything that looks like a part of it, so that `0x1F` or `1.2.3` is one mistake and not
  // three.
  void number(DocumentNode& node) {
    const std::size_t begin = at_;
    node.kind = DocumentNode::Kind::Number;
    while (isWord(peek()) || peek() == '.' ||
           ((peek() == '-' || peek() == '+') &&
            (at_ == begin || text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E'))) {
      ++at_;
    }
    node.text = std::string(text_.substr(begin, at_ - begin));
    std::size_t i = node.text[0] == '-' ? 1 : 0;
    const auto digits = [&] {
      const std::size_t from = i;
      while (i < node.text.size() && isDigit(node.text[i])) ++i;
      return i - from;
    };
    const bool zero = i < node.text.size() && node.text[i] == '0';
    const std::size_t whole = digits();
    bool good = whole > 0 && !(zero && whole > 1);
    if (good && i < node.text.size() && node.text[i] == '.') {
      ++i;
      good = digits() > 0;
    }
    if (good && i < node.text.size() && (node.text[i] == 'e' || node.text[i] == 'E')) {
      ++i;
      if (i < node.text.size() && (node.text[i] == '-' || node.text[i] == '+')) ++i;
      good = digits() > 0;
    }
    if (good && i == node.text.size()) return;
    Diagnostic& d = report("RL8003", begin, at_, "`" + node.text + "` is no number of JSON");
    d.help.push_back(
        "numbers are written `12`, `-0.5`, `1e9`; anything else stands in quotes, as an "
        "expression: `\"0x1F\"`, `\"10m\"`");
    node.text = "0";
  }

  // The text between quotes, with its escapes decoded; `text` and `places` keep step.
  void string(DocumentNode& node) {
    const std::size_t begin = at_;
    const char quote = text_[at_++];
    node.kind = DocumentNode::Kind::String;
    node.quotes = DocumentNode::Quotes::Double;
    node.inside = static_cast<std::uint32_t>(at_);
    std::vector<std::uint32_t> places;
    bool plain = true;
    const auto put = [&](std::string_view bytes, std::size_t from) {
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        places.push_back(static_cast<std::uint32_t>(from));
      }
      node.text += bytes;
    };
    bool closed = false;
    while (!done()) {
      const char c = peek();
      if (c == quote) {
        closed = true;
        break;
      }
      if (c == '\n') break;
      if (c == '\\') {
        plain = false;
        escape(put);
        continue;
      }
      const CodePoint point = decodeUtf8(text_, at_);
      if (!point.valid) {
        report("RL8006", at_, at_ + 1, "these bytes are not UTF-8");
        plain = false;
        put("\xEF\xBF\xBD", at_);
      } else {
        if (point.code < 0x20) {
          Diagnostic& d = report("RL8002", at_, at_ + 1, "a control character stands in this text");
          if (c == '\t') fix(d, "write `\\t`", at_, at_ + 1, "\\t");
        }
        for (std::uint32_t i = 0; i < point.size; ++i) {
          places.push_back(static_cast<std::uint32_t>(at_ + i));
        }
        node.text += text_.substr(at_, point.size);
      }
      at_ += point.size;
    }
    places.push_back(static_cast<std::uint32_t>(at_));
    if (!plain) node.places = std::move(places);
    if (!closed) {
      report("RL8002", begin, at_, "this text is never closed")
          .help.push_back(
              "a text ends on its line, with a double quote; a line break in it is written `\\n`");
      return;
    }
    ++at_;
    if (quote == '\'') {
      Diagnostic& d = report("RL8001", begin, at_, "texts of JSON stand in double quotes");
      std::string inside(text_.substr(begin + 1, at_ - begin - 2));
      if (inside.find_first_of("\"\\") == std::string::npos) {
        fix(d, "write `\"" + inside + "\"`", begin, at_, "\"" + inside + "\"");
      }
    }
  }

  // After a backslash. An unknown escape is read as the sign itself.
  template <typename Put>
  void escape(Put put) {
    const std::size_t begin = at_++;
    const char c = peek();
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const std::size_t known = at_ < text_.size() ? kFrom.find(c) : std::string_view::npos;
    if (known != std::string_view::npos) {
      ++at_;
      put(kTo.substr(known, 1), begin);
      return;
    }
    std::uint32_t code = 0;
    if (c == 'u' && hex(1, code)) {
      at_ += 5;
      std::uint32_t low = 0;
      // Two escapes make one character beyond U+FFFF.
      if (code >= 0xD800 && code < 0xDC00 && peek() == '\\' && peek(1) == 'u' && hex(2, low) &&
          low >= 0xDC00 && low < 0xE000) {
        at_ += 6;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      }
      if (code >= 0xD800 && code < 0xE000) {
        report("RL8002", begin, at_, "this escape is half of a character")
            .help.push_back("characters beyond U+FFFF are two escapes, or themselves");
      }
      std::string bytes;
      appendUtf8(bytes, code);
      put(bytes, begin);
      return;
    }
    Diagnostic& d =
        report("RL8002", begin, at_ < text_.size() ? at_ + decodeUtf8(text_, at_).size : at_,
               "a text of JSON knows no such escape");
    if (c != 'u') {
      fix(d, "write `\\\\` for the sign itself", begin, begin + 1, "\\\\");
    } else {
      d.help.push_back("`\\u` is followed by four hexadecimal digits");
    }
    put("\\", begin);
  }
  // Four digits, some way after the place.
  bool hex(std::size_t from, std::uint32_t& code) const {
    code = 0;
    for (std::size_t i = 0; i < 4; ++i) {
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

  // Items until the sign that closes; each round moves on.
  void list(DocumentNode& node) {
    const std::size_t open = at_++;
    node.kind = DocumentNode::Kind::List;
    const Closer closer(*this, ']');
    while (more(open, ']')) {
      node.items.push_back(value());
      if (!between(open, ']')) return;
    }
  }

  // Members in the order written. A member without a name or a value is reported and left out.
  void object(DocumentNode& node) {
    const std::size_t open = at_++;
    node.kind = DocumentNode::Kind::Object;
    const Closer closer(*this, '}');
    while (more(open, '}')) {
      DocumentNode name;
      const std::size_t begin = at_;
      if (peek() == '"' || peek() == '\'') {
        string(name);
      } else if (isWord(peek())) {
        while (isWord(peek())) ++at_;
        name.text = std::string(text_.substr(begin, at_ - begin));
        name.inside = static_cast<std::uint32_t>(begin);
        fix(report("RL8001", begin, at_, "the name of a member stands in double quotes"),
            "write `\"" + name.text + "\"`", begin, at_, "\"" + name.text + "\"");
      } else {
        report("RL8001", begin, begin + 1,
               "the name of a member should stand here, in double quotes");
        // A value without a name is read past as a whole, for one report.
        if (peek() == '{' || peek() == '[' || peek() == '-' || isDigit(peek())) {
          value();
        } else {
          at_ += decodeUtf8(text_, at_).size;
        }
        if (!between(open, '}')) return;
        continue;
      }
      name.span = span(begin, at_);
      const Span inside =
          span(name.placeOf(0u), name.placeOf(static_cast<std::uint32_t>(name.text.size())));
      skip();
      if (peek() == ':') {
        ++at_;
      } else {
        Diagnostic& d =
            report("RL8001", begin, at_, "a `:` is missing behind the name of this member");
        fix(d, "add `:`", name.span.end, name.span.end, ":");
        if (peek() == '=') ++at_;
        skip();
        if (peek() == ',' || peek() == '}' || done()) {
          if (!between(open, '}')) return;
          continue;
        }
      }
      DocumentNode item = value();
      const auto twice = std::find(node.names.begin(), node.names.end(), name.text);
      if (twice != node.names.end()) {
        Diagnostic& d = report("RL8004", name.span.begin, name.span.end,
                               "the member `" + name.text + "` stands twice");
        d.related.push_back({node.nameSpans[static_cast<std::size_t>(twice - node.names.begin())],
                             "the first one"});
        d.help.push_back("keep one of the two");
      } else {
        node.names.push_back(name.text);
        node.nameSpans.push_back(inside);
        node.items.push_back(std::move(item));
      }
      if (!between(open, '}')) return;
    }
  }

  // Passes the sign that closes, when it is next; also at the end of the text, with a complaint.
  bool ends(std::size_t open, char close) {
    skip();
    if (done()) {
      if (!stopped_) unclosed(open);
      return true;
    }
    if (peek() != close) return false;
    ++at_;
    return true;
  }

  // Whether another item follows, in front of the sign that closes.
  bool more(std::size_t open, char close) {
    if (ends(open, close)) return false;
    if (peek() == ']' || peek() == '}') return wrongClose(open, close);
    return true;
  }

  // Passes what stands between two items; false when the list is over.
  bool between(std::size_t open, char close) {
    if (ends(open, close)) return false;
    if (peek() == ',') {
      const std::size_t comma = at_++;
      skip();
      while (peek() == ',') {
        fix(report("RL8001", at_, at_ + 1, "one `,` too many"), "remove it", at_, at_ + 1, "");
        ++at_;
        skip();
      }
      if (peek() == ']' || peek() == '}') {
        fix(report("RL8001", comma, comma + 1, "no `,` stands behind the last item"), "remove it",
            comma, comma + 1, "");
      }
      return more(open, close);
    }
    if (peek() == ']' || peek() == '}') return wrongClose(open, close);
    // A missing comma belongs after the last item, not where the next one begins.
    std::size_t end = at_;
    while (end > 0 && (text_[end - 1] == ' ' || text_[end - 1] == '\n' || text_[end - 1] == '\r' ||
                       text_[end - 1] == '\t')) {
      --end;
    }
    if (peek() == ';') {
      fix(report("RL8001", at_, at_ + 1, "items are separated by `,`"), "write `,`", at_, at_ + 1,
          ",");
      ++at_;
      return more(open, close);
    }
    fix(report("RL8001", end > 0 ? end - 1 : 0, end, "a `,` is missing behind this item"),
        "add `,`", end, end, ",");
    return true;
  }

  // A sign that closes what lies around closes that, too.
  bool wrongClose(std::size_t open, char close) {
    if (closers_.size() > 1 && closers_[closers_.size() - 2] == peek()) {
      Diagnostic& d = report("RL8007", open, open + 1,
                             std::string("this `") + text_[open] + "` is never closed");
      fix(d, std::string("add `") + close + "`", at_, at_, std::string(1, close));
      return false;
    }
    Diagnostic& d =
        report("RL8007", at_, at_ + 1,
               std::string("`") + peek() + "` closes nothing: a `" + text_[open] + "` is open");
    d.related.push_back({span(open, open + 1), "opened here"});
    fix(d, std::string("write `") + close + "`", at_, at_ + 1, std::string(1, close));
    ++at_;
    return false;
  }
  // Reported where it was opened: the end of the text says nothing.
  void unclosed(std::size_t open) {
    report("RL8007", open, open + 1, std::string("this `") + text_[open] + "` is never closed")
        .label = "the document ends inside it";
    stopped_ = true;  // one end is enough
  }

  int depth_ = 0;
  std::string closers_;
};

}  // namespace

DocumentNode readJson(const Source& source, std::uint32_t file,
                      std::vector<Diagnostic>& diagnostics) {
  return JsonReader(source, file, diagnostics).read();
}

}  // namespace reticle
