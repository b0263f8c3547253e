// Finds out in which construct of the language a place stands, from the lexemes before it:
// brackets are followed from the top, because the parser gives no tree where the author is still
// writing.
#include "language/context.h"

#include <algorithm>

namespace reticle::language {
namespace {

using Kind = LexemeKind;

bool isItems(Block block) { return block >= Block::Fields && block <= Block::Expects; }
// Blocks whose items begin with a verb.
bool isActions(Block block) {
  return block == Block::Actions || block == Block::Steps || block == Block::Doings;
}

// Keeps a stack of what is open. Brackets that do not fit are passed over: the text is being
// written.
class ContextReader {
 public:
  ContextReader(const Words& words, Context& context) : words_(words), context_(context) {}

  void read(std::uint32_t until) {
    context_.frames.push_back({Block::Module, 0, "", "", 0});
    for (std::uint32_t i = 0; i < until; ++i) step(i);
  }

 private:
  Frame& top() { return context_.frames.back(); }

  // A word in the first column begins anew, however many brackets are still open above it.
  bool declarationBegins(std::uint32_t i) const {
    const Lexeme& word = words_[i];
    if (word.kind != Kind::Word ||
        !words_.isAny(i, {"fact", "event", "subject", "enum", "const", "function", "host", "table",
                          "rule", "query", "flow", "test"})) {
      return false;
    }
    const bool outside = context_.frames.size() == 1;
    if (!outside && !(word.lineFirst && word.lineIndent == 0)) return false;
    // A word of the head before it: `host function`, `group rule`.
    if (outside && i > 0 && !word.lineFirst && words_[i - 1].kind == Kind::Word &&
        !context_.declaration.empty()) {
      return false;
    }
    if (outside && words_[i + 1].kind == Kind::Colon) return false;
    return true;
  }

  // One lexeme: a new declaration, a new item, or a bracket.
  void step(std::uint32_t i) {
    const Lexeme& lexeme = words_[i];
    if (declarationBegins(i)) {
      context_.frames.resize(1);
      context_.declaration = words_.text(i);
      context_.head = i;
      top().item = i;
      return;
    }
    if (isItems(top().block) &&
        (lexeme.lineFirst || i == top().open + 1 || words_[i - 1].kind == Kind::Semicolon)) {
      top().item = i;
    }
    if (isActions(top().block) && i > top().open + 1 && beginsAction(i)) top().item = i;
    const Kind kind = lexeme.kind;
    if (kind == Kind::BraceOpen) return braceOpens(i);
    if (kind == Kind::ParenOpen) return parenOpens(i);
    if (kind == Kind::BracketOpen) return push(Block::List, i);
    if (kind == Kind::TemplateHead) return push(Block::Hole, i);
    if (kind == Kind::BraceClose) {
      return pop([](Block b) { return isItems(b) || b == Block::Record || b == Block::Map; },
                 false);
    }
    if (kind == Kind::ParenClose) {
      return pop(
          [](Block b) {
            return b == Block::Pattern || b == Block::Arguments || b == Block::Params ||
                   b == Block::Parens;
          },
          true);
    }
    if (kind == Kind::BracketClose) return pop([](Block b) { return b == Block::List; }, true);
    if (kind == Kind::TemplateTail) pop([](Block b) { return b == Block::Hole; }, true);
  }

  // A verb on the line of the item before.
  bool beginsAction(std::uint32_t i) const {
    if (!words_.isAny(i, {"insert", "set", "update", "retract", "emit", "start", "log", "let", "if",
                          "for", "call", "step", "settle", "advance", "host", "clock", "halt"})) {
      return false;
    }
    const Lexeme& before = words_[i - 1];
    return before.kind == Kind::BraceClose || before.kind == Kind::ParenClose ||
           before.kind == Kind::String;
  }

  void push(Block block, std::uint32_t open, std::string name = "", std::string verb = "") {
    context_.frames.push_back({block, open, std::move(name), std::move(verb), open + 1});
  }

  // Closes the innermost block that fits; `withinBlock`: never one outside of the braces at hand.
  template <typename Fits>
  void pop(Fits fits, bool withinBlock) {
    for (std::size_t i = context_.frames.size(); i-- > 1;) {
      const Block closed = context_.frames[i].block;
      if (fits(closed)) {
        context_.frames.resize(i);
        // The declaration is over; after `when { }` of a rule comes `then`, and after the steps of
        // a flow what it does `on failure`.
        const bool more = (closed == Block::Conditions && context_.declaration == "rule") ||
                          closed == Block::Steps;
        if (isItems(closed) && i == 1 && !more) context_.declaration.clear();
        return;
      }
      if (withinBlock && isItems(context_.frames[i].block)) return;
    }
  }

  // What a brace opens depends on the block around it and on the word before it.
  void braceOpens(std::uint32_t i) {
    const std::uint32_t before = i > 0 ? i - 1 : 0;
    const std::string& declaration = context_.declaration;
    const bool type = i > 0 && words_.capital(before);
    const Block outer = top().block;
    const std::string verb(words_.text(top().item));
    if (outer == Block::Module) {
      if (declaration == "rule") {
        return push(words_.is(before, "then") ? Block::Actions : Block::Conditions, i);
      }
      if (declaration == "query") return push(Block::Conditions, i);
      if (declaration == "flow") return push(Block::Steps, i);
      if (declaration == "test") return push(Block::Sections, i);
      if (declaration == "table") return push(Block::Rows, i);
      if (declaration == "enum") return push(Block::Values, i);
      if (declaration == "fact" || declaration == "event" || declaration == "subject") {
        return push(Block::Fields, i);
      }
      return push(type ? Block::Record : Block::Map, i, words_.pathEndingAt(before));
    }
    if (outer == Block::Sections) {
      return push(words_.is(before, "expect") ? Block::Expects : Block::Doings, i);
    }
    if (outer == Block::Conditions) {
      const bool group = words_.isAny(
          before, {"not", "exists", "either", "or", "accumulate", "satisfies", "errors"});
      return push(group ? Block::Conditions : Block::Map, i);
    }
    if (isActions(outer)) {
      if (verb == "wait" && words_.is(before, "until")) return push(Block::Conditions, i);
      const bool headed = words_.isAny(top().item, {"if", "for", "else", "parallel", "branch",
                                                    "try", "catch", "on"}) ||
                          words_.isAny(before, {"else", "parallel", "try", "catch"});
      if (headed) return push(outer, i);
      if (verb == "update" && before == top().item + 1) {
        return push(Block::Record, i, std::string(words_.text(before)), verb);
      }
    }
    push(type ? Block::Record : Block::Map, i, type ? words_.pathEndingAt(before) : "", verb);
  }

  // A pattern, arguments, parameters, or only brackets.
  void parenOpens(std::uint32_t i) {
    const std::uint32_t before = i > 0 ? i - 1 : 0;
    const Block outer = top().block;
    if (i == 0 || words_[before].kind != Kind::Word) {
      return push(i > 0 && words_[before].kind == Kind::Arrow ? Block::Params : Block::Parens, i);
    }
    std::uint32_t first = before;
    std::string name = words_.pathEndingAt(before, &first);
    if (outer == Block::Module) {
      const bool declared =
          first > 0 && words_.isAny(first - 1, {"function", "table", "query", "flow"});
      if (declared && context_.declaration != "rule" && context_.declaration != "test") {
        return push(Block::Params, i, std::move(name));
      }
    }
    if (words_.isAny(before, {"enum", "tags"}) && first == before) return push(Block::Parens, i);
    const std::string verb = first > 0 ? std::string(words_.text(first - 1)) : "";
    if (verb == "called") return push(Block::Pattern, i, std::move(name), verb);
    // In an expression a capital calls nothing that we know.
    if (words_.capital(before)) {
      return push(verb == "start" || verb == "run" ? Block::Arguments : Block::Pattern, i,
                  std::move(name), verb);
    }
    // `on change d: Device.p (…)`
    if (first < before && words_.capital(before - 2) && context_.declaration == "rule" &&
        outer == Block::Module) {
      return push(Block::Pattern, i, words_.pathEndingAt(before - 2), "change");
    }
    if (words_.isAny(before, {"if", "in", "not", "return", "check", "set", "fail", "until"})) {
      return push(Block::Parens, i);
    }
    push(Block::Arguments, i, std::move(name), verb);
  }

  const Words& words_;
  Context& context_;
};

}  // namespace

bool Words::isAny(std::uint32_t at, std::initializer_list<std::string_view> words) const {
  if ((*this)[at].kind != Kind::Word) return false;
  return std::find(words.begin(), words.end(), text(at)) != words.end();
}

bool Words::capital(std::uint32_t at) const {
  const Lexeme& lexeme = (*this)[at];
  return lexeme.kind == Kind::Word && text_[lexeme.begin] >= 'A' && text_[lexeme.begin] <= 'Z';
}

std::string Words::pathEndingAt(std::uint32_t at, std::uint32_t* first) const {
  if ((*this)[at].kind != Kind::Word) return "";
  std::string path(text(at));
  while (at >= 2 && (*this)[at - 1].kind == Kind::Dot && (*this)[at - 2].kind == Kind::Word) {
    at -= 2;
    path = std::string(text(at)) + "." + path;
  }
  if (first) *first = at;
  return path;
}

// The innermost block of items: brackets of expressions are passed over.
const Frame& Context::block() const {
  for (std::size_t i = frames.size(); i-- > 0;) {
    if (isItems(frames[i].block) || frames[i].block == Block::Module) return frames[i];
  }
  return frames[0];
}

// The word at the place is not read, because it is what is being written.
Context contextAt(const View& view, std::uint32_t file, std::uint32_t byte) {
  Context context;
  const Words words(view, file);
  const std::string& text = view.textOf(file);
  const std::vector<Lexeme>& items = view.document(file).lexemes.items;
  context.word = {file, byte, byte};
  const auto after =
      std::lower_bound(items.begin(), items.end(), byte,
                       [](const Lexeme& lexeme, std::uint32_t at) { return lexeme.begin < at; });
  context.next = static_cast<std::uint32_t>(after - items.begin());
  if (context.next > 0) {
    const Lexeme& before = items[context.next - 1];
    const bool touches = byte <= before.end;
    const Kind kind = before.kind;
    if (kind == Kind::Word && touches) {
      context.word = {file, before.begin, before.end};
      --context.next;
    } else if (kind == Kind::String || kind == Kind::Bytes || kind == Kind::TemplateText ||
               kind == Kind::TemplateTail) {
      // After the closing quote the text is over.
      context.silent = byte < before.end || (before.bad && touches);
    } else if (kind == Kind::TemplateHead || kind == Kind::TemplateMiddle) {
      context.silent = byte < before.end;
    } else if (kind == Kind::Int || kind == Kind::Double || kind == Kind::Duration ||
               kind == Kind::QuotedWord) {
      context.silent = touches;
    }
  }
  std::uint32_t line = context.word.begin;
  while (line > 0 && text[line - 1] != '\n') --line;
  const std::string_view before = std::string_view(text).substr(line, context.word.begin - line);
  context.freshLine = before.find_first_not_of(" \t\r") == std::string_view::npos;
  // What follows the last lexeme on this line may be a comment.
  const std::uint32_t open = context.next > 0 ? std::max(items[context.next - 1].end, line) : line;
  if (open < context.word.begin &&
      std::string_view(text).substr(open, context.word.begin - open).find("//") !=
          std::string_view::npos) {
    context.silent = true;
  }
  ContextReader(words, context).read(context.next);
  return context;
}

}  // namespace reticle::language
