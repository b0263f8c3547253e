// Reads the syntax of RE2 into a tree.
#include <algorithm>
#include <array>
#include <optional>

#include "base/utf8.h"
#include "expression/regex_tree.h"

namespace reticle::regex {
namespace {

constexpr int kMaxRepeat = 1000;
constexpr int kMaxGroups = 100;  // nested

// [[:alpha:]] and its kin, of ASCII as in RE2; up to five ranges in order.
struct NamedClass {
  std::string_view name;
  std::array<Range, 5> ranges;
  std::size_t count;
};
constexpr NamedClass kNamedClasses[] = {
    {"alnum", {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}}, 3},
    {"alpha", {{{'A', 'Z'}, {'a', 'z'}}}, 2},
    {"ascii", {{{0, 0x7f}}}, 1},
    {"blank", {{{'\t', '\t'}, {' ', ' '}}}, 2},
    {"cntrl", {{{0, 0x1f}, {0x7f, 0x7f}}}, 2},
    {"digit", {{{'0', '9'}}}, 1},
    {"graph", {{{'!', '~'}}}, 1},
    {"lower", {{{'a', 'z'}}}, 1},
    {"print", {{{' ', '~'}}}, 1},
    {"punct", {{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}}, 4},
    {"space", {{{'\t', '\r'}, {' ', ' '}}}, 2},
    {"upper", {{{'A', 'Z'}}}, 1},
    {"word", {{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}, 4},
    {"xdigit", {{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}}, 3},
};
constexpr NamedClass kPerlD = {"d", {{{'0', '9'}}}, 1};
constexpr NamedClass kPerlS = {"s", {{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}}, 3};
constexpr NamedClass kPerlW = {"w", {{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}, 4};

// Negated: the gaps between the ranges.
void addClass(std::vector<Range>& ranges, const NamedClass& named, bool negated) {
  if (!negated) {
    ranges.insert(ranges.end(), named.ranges.begin(),
                  named.ranges.begin() + static_cast<std::ptrdiff_t>(named.count));
    return;
  }
  Word next = 0;  // the ranges of a named class stand in order
  for (std::size_t i = 0; i < named.count; ++i) {
    if (named.ranges[i].low > next) ranges.push_back({next, named.ranges[i].low - 1});
    next = named.ranges[i].high + 1;
  }
  ranges.push_back({next, kLastCode});
}

// (?ims): they hold to the end of the group they stand in.
struct Flags {
  bool ignoreCase = false, multiline = false, dotAll = false;
};

// choice = sequence ("|" sequence)*;  sequence = repeated*;  repeated = atom ("*" | "+" | "?" |
// "{…}")*. The first problem is kept, and ends the reading.
class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  Result<Node> read() {
    Node node = choice(0);
    if (problem_.empty() && at_ < pattern_.size()) fail("there is a `)` without `(`");
    if (!problem_.empty()) return Error{ErrorCode::BadInput, problem_, {}, {}};
    return node;
  }
  std::vector<std::string> takeGroups() { return std::move(groups_); }

 private:
  bool more() const { return at_ < pattern_.size() && problem_.empty(); }
  bool next(char c) const { return at_ < pattern_.size() && pattern_[at_] == c; }
  bool next(std::string_view text) const { return pattern_.substr(at_, text.size()) == text; }
  bool take(std::string_view text) {
    if (!next(text)) return false;
    at_ += text.size();
    return true;
  }
  Word takeCode() {
    const CodePoint point = decodeUtf8(pattern_, at_);
    at_ += point.size;
    return point.code;
  }
  // The first problem is the one to report.
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

  // Flags set inside hold to the end of the choice.
  Node choice(int depth) {
    if (depth > kMaxGroups) fail("groups nest too deeply");
    const Flags outside = flags_;
    Node node;
    node.kind = Node::Kind::Choice;
    do node.parts.push_back(sequence(depth));
    while (more() && take("|"));
    flags_ = outside;
    if (node.parts.size() == 1) return Node(std::move(node.parts[0]));
    return node;
  }

  // Ends at a `|`, a `)` or the end, which belong to the caller.
  Node sequence(int depth) {
    Node node;
    node.kind = Node::Kind::Sequence;
    while (more() && !next('|') && !next(')')) {
      if (take("\\Q")) {
        const std::size_t before = node.parts.size();
        while (more() && !take("\\E")) node.parts.push_back(one(takeCode()));
        if (node.parts.size() == before) continue;
        Node last = std::move(node.parts.back());  // what follows repeats the last character only
        node.parts.back() = repeated(std::move(last));
        continue;
      }
      if (next('*') || next('+') || next('?')) {
        fail(std::string("nothing stands before `")
                 .append(1, pattern_[at_])
                 .append("` that could be repeated"));
        break;
      }
      node.parts.push_back(repeated(atom(depth)));
    }
    return node;
  }

  // One repetition; a second one needs a group, as in RE2.
  Node repeated(Node node) {
    bool any = false;
    while (more()) {
      int least = 0, most = -1;
      if (take("*")) {
      } else if (take("+")) {
        least = 1;
      } else if (take("?")) {
        most = 1;
      } else if (!next('{') || !bounds(least, most)) {
        break;
      }
      const bool lazy = take("?");  // counts only for where groups match
      if (any) {
        fail("a repetition of a repetition needs a group");
        break;
      }
      any = true;
      Node repeat;
      repeat.kind = Node::Kind::Repeat;
      repeat.least = least;
      repeat.most = most;
      repeat.lazy = lazy;
      repeat.parts.push_back(std::move(node));
      node = std::move(repeat);
    }
    return node;
  }

  // {m}, {m,}, {m,n}; other braces are literal.
  bool bounds(int& least, int& most) {
    // If it is no repetition, the brace is a character.
    const std::size_t start = at_++;
    const auto number = [this] {
      int value = -1;
      for (; at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '9'; ++at_) {
        value = (value < 0 ? 0 : value) * 10 + (pattern_[at_] - '0');
        if (value > kMaxRepeat) value = kMaxRepeat + 1;
      }
      return value;
    };
    least = number();
    most = least;
    if (least >= 0 && take(",")) most = number();
    if (least < 0 || !take("}")) {
      at_ = start;
      return false;
    }
    if (least > kMaxRepeat || most > kMaxRepeat) fail("a repetition may count to 1000");
    if (most >= 0 && most < least) fail("a repetition counts backwards");
    return true;
  }

  // One thing that can be repeated.
  Node atom(int depth) {
    if (take("(")) return group(depth);
    if (take("[")) return charClass();
    if (take("^")) return edge(flags_.multiline ? Step::LineStart : Step::TextStart);
    if (take("$")) return edge(flags_.multiline ? Step::LineEnd : Step::TextEnd);
    if (take(".")) {
      Node node;
      node.kind = Node::Kind::Any;
      if (flags_.dotAll) return node;
      node.kind = Node::Kind::Class;
      node.negated = true;
      node.ranges.push_back({'\n', '\n'});
      return node;
    }
    if (next('\\')) return escape();
    return one(takeCode());
  }

  // After the `(`: a named group, flags, or neither.
  Node group(int depth) {
    Node node;
    const Flags outside = flags_;
    std::optional<std::string> captures = "";
    if (take("?")) {
      if (next("=") || next("!") || next("<=") || next("<!")) {
        fail("looking ahead or behind is not possible in linear time");
        return node;
      }
      if (take("P<") || take("<")) {
        const std::size_t begin = at_;
        while (more() && isWord(static_cast<unsigned char>(pattern_[at_]))) ++at_;
        const std::string name(pattern_.substr(begin, at_ - begin));
        if (at_ == begin || !take(">")) {
          fail("a group's name is letters, digits and _ between < and >");
        }
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
          fail("two groups are called `" + name + "`");
        }
        names_.push_back(name);
        captures = name;
      } else {
        captures.reset();
        readFlags();
        // the flags hold to the end of the enclosing group
        if (problem_.empty() && take(")")) return node;
        if (!take(":")) fail("after `(?` come flags, a name or `:`");
      }
    }
    if (!problem_.empty()) return node;
    const std::size_t number = groups_.size();
    if (captures) groups_.push_back(captures->empty() ? std::to_string(number + 1) : *captures);
    node = choice(depth + 1);
    flags_ = outside;
    if (problem_.empty() && !take(")")) fail("a `(` is never closed");
    if (!captures) return node;
    Node group;
    group.kind = Node::Kind::Group;
    group.group = static_cast<Word>(number);
    group.parts.push_back(std::move(node));
    return group;
  }

  // `i`, `m`, `s` on, and after a `-` off.
  void readFlags() {
    for (bool on = true; at_ < pattern_.size(); ++at_) {
      switch (pattern_[at_]) {
        case '-': on = false; break;
        case 'i': flags_.ignoreCase = on; break;
        case 'm': flags_.multiline = on; break;
        case 's': flags_.dotAll = on; break;
        case 'U': break;  // swaps lazy and greedy
        default: return;
      }
    }
  }

  // A letter class such as \d, if one follows the backslash.
  bool perlClass(std::vector<Range>& ranges) {
    if (at_ + 1 >= pattern_.size()) return false;
    switch (pattern_[at_ + 1]) {
      case 'd':
      case 'D': addClass(ranges, kPerlD, pattern_[at_ + 1] == 'D'); break;
      case 's':
      case 'S': addClass(ranges, kPerlS, pattern_[at_ + 1] == 'S'); break;
      case 'w':
      case 'W': addClass(ranges, kPerlW, pattern_[at_ + 1] == 'W'); break;
      default: return false;
    }
    at_ += 2;
    return true;
  }

  // After a backslash, outside of classes.
  Node escape() {
    Node node;
    if (perlClass(node.ranges)) {
      node.kind = Node::Kind::Class;
      return node;
    }
    if (take("\\A")) return edge(Step::TextStart);
    if (take("\\z")) return edge(Step::TextEnd);
    if (take("\\b")) return edge(Step::WordEdge);
    if (take("\\B")) return edge(Step::NoWordEdge);
    return one(escapedCode());
  }

  // The code point that an escape stands for, inside and outside of classes.
  Word escapedCode() {
    ++at_;  // the backslash
    if (at_ >= pattern_.size()) {
      fail("the pattern ends in a `\\`");
      return 0;
    }
    const Word c = takeCode();
    switch (c) {
      case 'n': return '\n';
      case 't': return '\t';
      case 'r': return '\r';
      case 'f': return '\f';
      case 'v': return '\v';
      case 'a': return '\a';
      case 'x': return hexCode();
      default: break;
    }
    const auto octal = [this] {
      return at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '7';
    };
    if (c == '0' || (c >= '1' && c <= '7' && octal())) {
      Word code = c - '0';
      for (int i = 0; i < 2 && octal(); ++i) {
        code = code * 8 + static_cast<Word>(pattern_[at_++] - '0');
      }
      return code;
    }
    if (c >= '1' && c <= '9') {
      fail("referring back to a group is not possible in linear time");
    } else if (c == 'p' || c == 'P') {
      fail(
          "classes by Unicode property (\\p) are not supported: write the ranges that are meant, "
          "such as [a-zà-öø-ÿ]");
    } else if (isWord(c) || c >= 0x80) {
      std::string text = "`\\";
      appendUtf8(text, c);
      fail(text + "` means nothing");
    }
    return c;
  }

  // \x7f or \x{10ffff}.
  Word hexCode() {
    const bool braces = take("{");
    Word code = 0;
    int digits = 0;
    for (; at_ < pattern_.size() && digits < (braces ? 8 : 2); ++at_, ++digits) {
      const char c = pattern_[at_];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) break;
      code = code * 16 + static_cast<Word>(digit);
    }
    if (digits == 0 || (!braces && digits != 2) || (braces && !take("}")) || code > kLastCode) {
      fail("\\x needs two hexadecimal digits, or a code point in braces");
    }
    return code;
  }

  // After the `[`. A `]` that stands first is a character, as in POSIX.
  Node charClass() {
    Node node;
    node.kind = Node::Kind::Class;
    node.ignoreCase = flags_.ignoreCase;
    node.negated = take("^");
    for (bool first = true; problem_.empty(); first = false) {
      if (at_ >= pattern_.size()) {
        fail("a `[` is never closed");
        break;
      }
      if (!first && take("]")) break;
      if (next("[:")) {
        namedClass(node.ranges);
        continue;
      }
      if (next('\\') && perlClass(node.ranges)) continue;
      const Word low = next('\\') ? escapedCode() : takeCode();
      Word high = low;
      if (next('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        ++at_;
        if (next("[:") || next("\\d") || next("\\w") || next("\\s")) {
          fail("a range needs a character at both ends");
        }
        high = next('\\') ? escapedCode() : takeCode();
        if (high < low) fail("a range in a class counts backwards");
      }
      node.ranges.push_back({low, high});
    }
    return node;
  }

  // [:name:] or [:^name:], inside of a class.
  void namedClass(std::vector<Range>& ranges) {
    at_ += 2;
    const bool negated = take("^");
    const std::size_t end = pattern_.find(":]", at_);
    const std::string_view name =
        end == std::string_view::npos ? std::string_view{} : pattern_.substr(at_, end - at_);
    for (const NamedClass& named : kNamedClasses) {
      if (named.name != name) continue;
      addClass(ranges, named, negated);
      at_ = end + 2;
      return;
    }
    fail("there is no such class between [: and :]");
  }

  Node one(Word code) {
    Node node;
    node.kind = Node::Kind::One;
    node.code = code;
    node.ignoreCase = flags_.ignoreCase;
    return node;
  }

  static Node edge(Step step) {
    Node node;
    node.kind = Node::Kind::Edge;
    node.edge = step;
    return node;
  }

  std::string_view pattern_;
  std::vector<std::string> names_;
  std::vector<std::string> groups_;  // that capture  // of groups
  std::size_t at_ = 0;
  Flags flags_;
  std::string problem_;
};

}  // namespace

// Latin-1, Greek and Cyrillic, where small and capital letters lie at a fixed distance; other
// letters match as they stand.
Word foldCase(Word c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 32;
  if (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) return c + 32;
  if (c >= 0x410 && c <= 0x42f) return c + 32;
  if (c >= 0x400 && c <= 0x40f) return c + 80;
  return c;
}

Word upperCase(Word c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  if (c >= 0xe0 && c <= 0xfe && c != 0xf7) return c - 32;
  if (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) return c - 32;
  if (c >= 0x430 && c <= 0x44f) return c - 32;
  if (c >= 0x450 && c <= 0x45f) return c - 80;
  return c;
}

// Of ASCII, as in RE2.
bool isWord(Word c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

Result<Node> readPattern(std::string_view pattern, std::vector<std::string>* groups) {
  Reader reader(pattern);
  Result<Node> node = reader.read();
  if (groups != nullptr) *groups = reader.takeGroups();
  return node;
}

}  // namespace reticle::regex
