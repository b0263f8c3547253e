#include "expression/regex.h"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "base/utf8.h"
#include "reticle/value.h"

namespace reticle {
namespace {

using Word = std::uint32_t;

constexpr std::size_t kMaxProgram = 10000;   // instructions
constexpr int kMaxRepeat = 1000;
constexpr int kMaxGroups = 100;              // nested
constexpr Word kLastCode = 0x10ffff;

// A program is: number of instructions, instructions of three words, ranges of two words.
enum class Step : Word {
  Match,
  Class,         // x: first range << 1 | negated, y: number of ranges << 1 | ignoring case
  One,           // x: the code point, y: ignoring case
  Any,           // any code point
  Split,         // to x and to y
  Jump,          // to x
  LineStart, LineEnd, TextStart, TextEnd, WordEdge, NoWordEdge,
};

struct Instruction { Step step; Word x, y; };
struct Range { Word low, high; };

// --- what letters are

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

bool isWord(Word c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

struct NamedClass { std::string_view name; std::array<Range, 5> ranges; std::size_t count; };
constexpr NamedClass kNamedClasses[] = {
    {"alnum", {{{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}}, 3}, {"alpha", {{{'A', 'Z'}, {'a', 'z'}}}, 2},
    {"ascii", {{{0, 0x7f}}}, 1},                          {"blank", {{{'\t', '\t'}, {' ', ' '}}}, 2},
    {"cntrl", {{{0, 0x1f}, {0x7f, 0x7f}}}, 2},            {"digit", {{{'0', '9'}}}, 1},
    {"graph", {{{'!', '~'}}}, 1},                         {"lower", {{{'a', 'z'}}}, 1},
    {"print", {{{' ', '~'}}}, 1},                         {"punct", {{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}}, 4},
    {"space", {{{'\t', '\r'}, {' ', ' '}}}, 2},           {"upper", {{{'A', 'Z'}}}, 1},
    {"word", {{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}, 4}, {"xdigit", {{{'0', '9'}, {'A', 'F'}, {'a', 'f'}}}, 3},
};
constexpr NamedClass kPerlD = {"d", {{{'0', '9'}}}, 1};
constexpr NamedClass kPerlS = {"s", {{{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}}, 3};
constexpr NamedClass kPerlW = {"w", {{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}}, 4};

void addClass(std::vector<Range>& ranges, const NamedClass& named, bool negated) {
  if (!negated) {
    ranges.insert(ranges.end(), named.ranges.begin(), named.ranges.begin() + static_cast<std::ptrdiff_t>(named.count));
    return;
  }
  Word next = 0;   // the ranges of a named class stand in order
  for (std::size_t i = 0; i < named.count; ++i) {
    if (named.ranges[i].low > next) ranges.push_back({next, named.ranges[i].low - 1});
    next = named.ranges[i].high + 1;
  }
  ranges.push_back({next, kLastCode});
}

// --- reading

struct Node {
  enum class Kind { Empty, One, Any, Class, Edge, Sequence, Choice, Repeat } kind = Kind::Empty;
  Word code = 0;                 // One
  bool ignoreCase = false;       // One, Class
  bool negated = false;          // Class
  Step edge = Step::Match;       // Edge
  std::vector<Range> ranges;     // Class
  std::vector<Node> parts;       // Sequence, Choice; Repeat: one
  int least = 0, most = -1;      // Repeat; -1: no bound
};

struct Flags { bool ignoreCase = false, multiline = false, dotAll = false; };

class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  Node read() {
    Node node = choice(0);
    if (problem_.empty() && at_ < pattern_.size()) fail("there is a `)` without `(`");
    return node;
  }
  const std::string& problem() const { return problem_; }

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
  void fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
  }

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

  Node sequence(int depth) {
    Node node;
    node.kind = Node::Kind::Sequence;
    while (more() && !next('|') && !next(')')) {
      if (take("\\Q")) {
        const std::size_t before = node.parts.size();
        while (more() && !take("\\E")) node.parts.push_back(one(takeCode()));
        if (node.parts.size() == before) continue;
        Node last = std::move(node.parts.back());   // what follows repeats the last character only
        node.parts.back() = repeated(std::move(last));
        continue;
      }
      if (next('*') || next('+') || next('?')) {
        fail(std::string("nothing stands before `").append(1, pattern_[at_]).append("` that could be repeated"));
        break;
      }
      node.parts.push_back(repeated(atom(depth)));
    }
    return node;
  }

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
      take("?");   // lazy: the same answer to "does it match"
      if (any) {
        fail("a repetition of a repetition needs a group");
        break;
      }
      any = true;
      Node repeat;
      repeat.kind = Node::Kind::Repeat;
      repeat.least = least;
      repeat.most = most;
      repeat.parts.push_back(std::move(node));
      node = std::move(repeat);
    }
    return node;
  }

  // {m}, {m,}, {m,n}; other braces are literal.
  bool bounds(int& least, int& most) {
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

  Node group(int depth) {
    Node node;
    const Flags outside = flags_;
    if (take("?")) {
      if (next("=") || next("!") || next("<=") || next("<!")) {
        fail("looking ahead or behind is not possible in linear time");
        return node;
      }
      if (take("P<") || take("<")) {
        const std::size_t begin = at_;
        while (more() && isWord(static_cast<unsigned char>(pattern_[at_]))) ++at_;
        if (at_ == begin || !take(">")) fail("a group's name is letters, digits and _ between < and >");
      } else {
        readFlags();
        if (problem_.empty() && take(")")) return node;   // the flags hold to the end of the enclosing group
        if (!take(":")) fail("after `(?` come flags, a name or `:`");
      }
    }
    if (!problem_.empty()) return node;
    node = choice(depth + 1);
    flags_ = outside;
    if (problem_.empty() && !take(")")) fail("a `(` is never closed");
    return node;
  }

  void readFlags() {
    for (bool on = true; at_ < pattern_.size(); ++at_) {
      switch (pattern_[at_]) {
        case '-': on = false; break;
        case 'i': flags_.ignoreCase = on; break;
        case 'm': flags_.multiline = on; break;
        case 's': flags_.dotAll = on; break;
        case 'U': break;   // swaps lazy and greedy
        default: return;
      }
    }
  }

  // A letter class such as \d, if one follows the backslash.
  bool perlClass(std::vector<Range>& ranges) {
    if (at_ + 1 >= pattern_.size()) return false;
    switch (pattern_[at_ + 1]) {
      case 'd': case 'D': addClass(ranges, kPerlD, pattern_[at_ + 1] == 'D'); break;
      case 's': case 'S': addClass(ranges, kPerlS, pattern_[at_ + 1] == 'S'); break;
      case 'w': case 'W': addClass(ranges, kPerlW, pattern_[at_ + 1] == 'W'); break;
      default: return false;
    }
    at_ += 2;
    return true;
  }

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
    ++at_;   // the backslash
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
    if (c == '0') {
      Word code = 0;
      for (int i = 0; i < 2 && at_ < pattern_.size() && pattern_[at_] >= '0' && pattern_[at_] <= '7'; ++i) {
        code = code * 8 + static_cast<Word>(pattern_[at_++] - '0');
      }
      return code;
    }
    if (c >= '1' && c <= '9') {
      fail("referring back to a group is not possible in linear time");
    } else if (c == 'p' || c == 'P') {
      fail("Unicode classes (\\p) are not supported");
    } else if (isWord(c) || c >= 0x80) {
      std::string text = "`\\";
      appendUtf8(text, c);
      fail(text + "` means nothing");
    }
    return c;
  }

  Word hexCode() {
    const bool braces = take("{");
    Word code = 0;
    int digits = 0;
    for (; at_ < pattern_.size() && digits < (braces ? 8 : 2); ++at_, ++digits) {
      const char c = pattern_[at_];
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0) break;
      code = code * 16 + static_cast<Word>(digit);
    }
    if (digits == 0 || (!braces && digits != 2) || (braces && !take("}")) || code > kLastCode) fail("\\x needs two hexadecimal digits, or a code point in braces");
    return code;
  }

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
        if (next("[:") || next("\\d") || next("\\w") || next("\\s")) fail("a range needs a character at both ends");
        high = next('\\') ? escapedCode() : takeCode();
        if (high < low) fail("a range in a class counts backwards");
      }
      node.ranges.push_back({low, high});
    }
    return node;
  }

  void namedClass(std::vector<Range>& ranges) {
    at_ += 2;
    const bool negated = take("^");
    const std::size_t end = pattern_.find(":]", at_);
    const std::string_view name = end == std::string_view::npos ? std::string_view{} : pattern_.substr(at_, end - at_);
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
  std::size_t at_ = 0;
  Flags flags_;
  std::string problem_;
};

// --- building

class Builder {
 public:
  void add(const Node& node) {
    if (tooLarge()) return;
    switch (node.kind) {
      case Node::Kind::Empty: break;
      case Node::Kind::One:
        emit({Step::One, node.ignoreCase ? foldCase(node.code) : node.code, node.ignoreCase ? 1u : 0u});
        break;
      case Node::Kind::Any: emit({Step::Any, 0, 0}); break;
      case Node::Kind::Class:
        emit({Step::Class, static_cast<Word>(ranges_.size()) << 1 | (node.negated ? 1u : 0u),
              static_cast<Word>(node.ranges.size()) << 1 | (node.ignoreCase ? 1u : 0u)});
        ranges_.insert(ranges_.end(), node.ranges.begin(), node.ranges.end());
        break;
      case Node::Kind::Edge: emit({node.edge, 0, 0}); break;
      case Node::Kind::Sequence:
        for (const Node& part : node.parts) add(part);
        break;
      case Node::Kind::Choice: addChoice(node); break;
      case Node::Kind::Repeat: addRepeat(node); break;
    }
  }

  bool tooLarge() const { return program_.size() > kMaxProgram || ranges_.size() > kMaxProgram; }

  RegexProgram finish() {
    emit({Step::Match, 0, 0});
    std::vector<Word> words;
    words.push_back(static_cast<Word>(program_.size()));
    for (const Instruction& i : program_) words.insert(words.end(), {static_cast<Word>(i.step), i.x, i.y});
    for (const Range& r : ranges_) words.insert(words.end(), {r.low, r.high});
    return std::string(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(Word));
  }

 private:
  std::size_t emit(Instruction instruction) {
    program_.push_back(instruction);
    return program_.size() - 1;
  }
  Word here() const { return static_cast<Word>(program_.size()); }

  void addChoice(const Node& node) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i + 1 < node.parts.size(); ++i) {
      const std::size_t split = emit({Step::Split, here() + 1, 0});
      add(node.parts[i]);
      ends.push_back(emit({Step::Jump, 0, 0}));
      program_[split].y = here();
    }
    add(node.parts.back());
    for (const std::size_t end : ends) program_[end].x = here();
  }

  void addRepeat(const Node& node) {
    const Node& part = node.parts[0];
    for (int i = 0; i < node.least && !tooLarge(); ++i) {
      const Word before = here();
      add(part);
      if (here() == before) return;   // repeating nothing is nothing, however often
    }
    if (node.most < 0) {
      const std::size_t split = emit({Step::Split, here() + 1, 0});
      add(part);
      emit({Step::Jump, static_cast<Word>(split), 0});
      program_[split].y = here();
      return;
    }
    std::vector<std::size_t> splits;
    for (int i = node.least; i < node.most && !tooLarge(); ++i) {
      splits.push_back(emit({Step::Split, here() + 1, 0}));
      add(part);
      if (here() == splits.back() + 1) break;
    }
    for (const std::size_t split : splits) program_[split].y = here();
  }

  std::vector<Instruction> program_;
  std::vector<Range> ranges_;
};

// --- matching

class Matcher {
 public:
  Matcher(std::string_view program, std::string_view text, std::int64_t& steps) : words_(program.data()), text_(text), steps_(steps) {
    count_ = word(0);
    // Two sparse sets of states and the states still to be followed, in one allocation or none.
    const std::size_t needed = count_ * 5;
    Word* memory = inline_.data();
    if (needed > inline_.size()) {
      heap_ = std::make_unique<Word[]>(needed);
      memory = heap_.get();
    }
    now_ = memory;
    then_ = memory + count_;
    sparse_ = memory + 2 * count_;
    pending_ = memory + 3 * count_;
  }

  bool run() {
    const Word anchored = step(0) == Step::TextStart ? 1 : 0;
    Word previous = kNone;
    std::size_t at = 0;
    std::size_t size = 0;
    while (true) {
      const CodePoint point = at < text_.size() ? decodeUtf8(text_, at) : CodePoint{kNone, 0, false};
      // Matches may begin here.
      before_ = previous;
      after_ = at < text_.size() ? point.code : kNone;
      if (!anchored || at == 0) size = follow(0, now_, size);
      if (matched_) return true;
      if (at >= text_.size() || (size == 0 && anchored)) return false;
      // The states that accept this code point lead to those before the next one.
      const std::size_t nextAt = at + point.size;
      before_ = point.code;
      after_ = nextAt < text_.size() ? decodeUtf8(text_, nextAt).code : kNone;
      std::size_t nextSize = 0;
      for (std::size_t i = 0; i < size; ++i) {
        if (accepts(now_[i], point.code)) nextSize = follow(now_[i] + 1, then_, nextSize);
      }
      if (steps_ < 0) return false;
      if (matched_) return true;
      std::swap(now_, then_);
      size = nextSize;
      previous = point.code;
      at = nextAt;
    }
  }

 private:
  static constexpr Word kNone = 0xffffffffu;

  Word word(std::size_t i) const {
    Word value;
    std::memcpy(&value, words_ + i * sizeof(Word), sizeof value);
    return value;
  }
  Step step(Word i) const { return static_cast<Step>(word(1 + 3 * std::size_t{i})); }
  Word x(Word i) const { return word(2 + 3 * std::size_t{i}); }
  Word y(Word i) const { return word(3 + 3 * std::size_t{i}); }

  bool inRanges(Word first, Word count, Word code) const {
    const std::size_t base = 1 + 3 * std::size_t{count_} + 2 * std::size_t{first};
    for (Word i = 0; i < count; ++i) {
      if (code >= word(base + 2 * i) && code <= word(base + 2 * i + 1)) return true;
    }
    return false;
  }

  bool accepts(Word i, Word code) {
    --steps_;
    switch (step(i)) {
      case Step::Any: return true;
      case Step::One: return (y(i) != 0 ? foldCase(code) : code) == x(i);
      case Step::Class: {
        const Word first = x(i) >> 1, count = y(i) >> 1;
        steps_ -= count / 8;
        bool in = inRanges(first, count, code);
        if (!in && (y(i) & 1) != 0) in = inRanges(first, count, foldCase(code)) || inRanges(first, count, upperCase(foldCase(code)));
        return in != ((x(i) & 1) != 0);
      }
      case Step::Match:
      case Step::Split:
      case Step::Jump:
      case Step::LineStart:
      case Step::LineEnd:
      case Step::TextStart:
      case Step::TextEnd:
      case Step::WordEdge:
      case Step::NoWordEdge: return false;
    }
    return false;
  }

  bool holds(Step edge) const {
    const bool wordBefore = before_ != kNone && isWord(before_), wordAfter = after_ != kNone && isWord(after_);
    switch (edge) {
      case Step::TextStart: return before_ == kNone;
      case Step::TextEnd: return after_ == kNone;
      case Step::LineStart: return before_ == kNone || before_ == '\n';
      case Step::LineEnd: return after_ == kNone || after_ == '\n';
      case Step::WordEdge: return wordBefore != wordAfter;
      case Step::NoWordEdge: return wordBefore == wordAfter;
      case Step::Match:
      case Step::Class:
      case Step::One:
      case Step::Any:
      case Step::Split:
      case Step::Jump: return false;
    }
    return false;
  }

  // Adds state `from` and all it leads to without reading; answers the new size of the set.
  std::size_t follow(Word from, Word* states, std::size_t size) {
    std::size_t pending = 0;
    pending_[pending++] = from;
    while (pending > 0) {
      const Word i = pending_[--pending];
      if (sparse_[i] < size && states[sparse_[i]] == i) continue;
      --steps_;
      sparse_[i] = static_cast<Word>(size);
      states[size++] = i;
      switch (step(i)) {
        case Step::Match: matched_ = true; return size;
        case Step::Jump: pending_[pending++] = x(i); break;
        case Step::Split:
          pending_[pending++] = y(i);
          pending_[pending++] = x(i);
          break;
        case Step::One:
        case Step::Any:
        case Step::Class: break;
        case Step::LineStart:
        case Step::LineEnd:
        case Step::TextStart:
        case Step::TextEnd:
        case Step::WordEdge:
        case Step::NoWordEdge:
          if (holds(step(i))) pending_[pending++] = i + 1;
          break;
      }
    }
    return size;
  }

  const char* words_;
  std::string_view text_;
  std::int64_t& steps_;
  Word count_ = 0;
  Word before_ = kNone, after_ = kNone;
  bool matched_ = false;
  Word *now_ = nullptr, *then_ = nullptr, *sparse_ = nullptr, *pending_ = nullptr;
  std::array<Word, 320> inline_{};
  std::unique_ptr<Word[]> heap_;
};

}  // namespace

Result<RegexProgram> compileRegex(std::string_view pattern) {
  const auto bad = [pattern](std::string_view problem) {
    return Error{ErrorCode::BadInput, std::string("the pattern ").append(toText(Value::string(pattern))).append(" cannot be read: ").append(problem), {}, {}};
  };
  Reader reader(pattern);
  const Node node = reader.read();
  if (!reader.problem().empty()) return bad(reader.problem());
  Builder builder;
  builder.add(node);
  if (builder.tooLarge()) return bad("it grows too large");
  return builder.finish();
}

bool matchRegex(std::string_view program, std::string_view text, std::int64_t& steps) { return Matcher(program, text, steps).run(); }

}  // namespace reticle
