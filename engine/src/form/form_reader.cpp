// Reads a tree from a document by its description: shapes, words near to known ones, and the texts
// that are handed to the parser.
#include "form/form_reader.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "form/fit_fixes.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace reticle::form {
namespace {

// What a node is, in messages after "not": a Boolean by its value, because that is what the author
// sees.
std::string kindOf(const DocumentNode& node) {
  switch (node.kind) {
    case DocumentNode::Kind::Null: return "`null`";
    case DocumentNode::Kind::Boolean: return node.boolean ? "`true`" : "`false`";
    case DocumentNode::Kind::Number: return "a number";
    case DocumentNode::Kind::String: return "a text";
    case DocumentNode::Kind::List: return "a list";
    case DocumentNode::Kind::Object: return "an object";
  }
  return "";
}
// What a place wants, in messages before "not".
std::string_view wordOf(DocumentNode::Kind kind) {
  switch (kind) {
    case DocumentNode::Kind::Null: return "null";
    case DocumentNode::Kind::Boolean: return "true or false";
    case DocumentNode::Kind::Number: return "a number";
    case DocumentNode::Kind::String: return "a text";
    case DocumentNode::Kind::List: return "a list";
    case DocumentNode::Kind::Object: return "an object";
  }
  return "";
}

// In the place of a cell that cannot be read: a cell has a test, and of this one nothing is said.
tree::Cell unread(const Span& span) {
  tree::Cell test;
  test.kind = tree::Cell::Kind::If;
  test.span = span;
  test.operands.emplace_back();
  test.operands[0].span = span;
  return test;
}

std::string joined(const std::vector<std::string_view>& words, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " " + std::string(last) + " " : ", ";
    out += words[i];
  }
  return out;
}

// The word that was probably meant; empty when none is near.
std::string_view nearest(std::string_view written, const std::vector<std::string_view>& words) {
  std::string_view best;
  // Short words are near to almost everything: the shorter the word, the fewer letters may differ.
  // The bound shrinks with each hit, so the first of two equally near words wins.
  std::size_t distance = written.size() <= 3 ? 2 : written.size() <= 7 ? 3 : 4;
  for (const std::string_view word : words) {
    const std::size_t d = model::letterDistance(written, word, distance);
    if (d >= distance || word == written) continue;
    best = word;
    distance = d;
  }
  return best;
}

bool isWordText(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

// Turns positions in the text of a member into positions in the document; where the text is
// escaped, the two differ by more than an offset.
void moveSpans(const DocumentNode& node, std::uint32_t file, Expr& e) {
  const auto moved = [&](Span& span) {
    span = node.placeOf(span);
    span.file = file;
  };
  moved(e.span);
  moved(e.nameSpan);
  for (Span& span : e.nameSpans) moved(span);
  for (Expr& arg : e.args) moveSpans(node, file, arg);
}

}  // namespace

Diagnostic& FormReader::report(std::string code, const Span& span, std::string message) {
  Diagnostic& d = diagnostics_.emplace_back();
  d.code = std::move(code);
  d.span = span;
  d.message = std::move(message);
  return d;
}

// What a place is about, as one item of a list.
std::string_view FormReader::wordFor(std::string_view member) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"declarations", "declaration"},
      {"imports", "import"},
      {"fields", "field"},
      {"rows", "row"},
      {"when", "condition"},
      {"then", "action"},
      {"do", "action"},
      {"else", "action"},
      {"try", "action"},
      {"catch", "action"},
      {"parallel", "step"},
      {"given", "action"},
      {"script", "script"},
      {"steps", "part of a test"},
      {"expect", "expectation"}};
  for (const auto& [name, word] : kWords) {
    if (name == member) return word;
  }
  return "item";
}

// Proposes the word that was probably meant as a fix; when none is near, lists all of them as
// help.
void FormReader::suggest(Diagnostic& d, std::string_view written, const Span& span,
                         const std::vector<std::string_view>& words, std::string_view kind) {
  const std::string_view near = nearest(written, words);
  if (near.empty()) {
    d.help.push_back(std::string(kind) + " " + joined(words, "and"));
    return;
  }
  d.fixes.push_back({"replace `" + std::string(written) + "` with `" + std::string(near) + "`",
                     {{span, std::string(near)}}});
}

// Every `take` has named a member that the object may have, so only now is it known which are left
// over. A broken object is quiet: nothing is known of what it should have held.
bool FormReader::close() {
  const Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.broken) return false;
  const DocumentNode& node = *frame.node;
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    if (std::find(frame.known.begin(), frame.known.end(), node.names[i]) != frame.known.end()) {
      continue;
    }
    Diagnostic& d =
        report("RL8011", node.nameSpans[i], frame.what + " has no member `" + node.names[i] + "`");
    // A member that is there already cannot be what was meant.
    std::vector<std::string_view> open;  // what is not there yet
    for (const std::string_view known : frame.known) {
      if (node.find(known) == nullptr) open.push_back(known);
    }
    if (nearest(node.names[i], open).empty()) {
      d.help.push_back("its members are " + joined(frame.known, "and"));
    } else {
      suggest(d, node.names[i], node.nameSpans[i], open, "");
    }
  }
  return !frame.unusable;
}

// In a document that was not sound the member may stand in the part that could not be read, so its
// absence is not reported.
const DocumentNode* FormReader::take(std::string_view member, Need need, std::string_view sample) {
  Frame& frame = frames_.back();
  frame.known.push_back(member);
  const DocumentNode* found = frame.node->find(member);
  if (found != nullptr || need != kRequired || !sound_) return found;
  // At the opening bracket alone: the whole object would be underlined over many lines.
  const std::uint32_t begin = frame.node->span.begin;
  Diagnostic& d = report("RL8012", {file_, begin, begin + 1},
                         frame.what + " lacks the member `" + std::string(member) + "`");
  if (!sample.empty()) {
    d.help.push_back("write `\"" + std::string(member) + "\": " + std::string(sample) + "`");
  }
  return nullptr;
}

bool FormReader::expectKind(const DocumentNode& node, DocumentNode::Kind kind,
                            std::string_view what) {
  // A damaged text still has characters worth reading; a damaged list or object may lack what
  // counts.
  if (node.is(kind) && !(node.damaged && kind != DocumentNode::Kind::String)) return true;
  // The reader of documents has reported these; a null may be what it put in the place of a value.
  if (node.damaged || (node.is(DocumentNode::Kind::Null) && !sound_)) return false;
  report("RL8010", node.span,
         std::string(what) + " is " + std::string(reticle::form::wordOf(kind)) + ", not " +
             kindOf(node));
  return false;
}

bool FormReader::expectList(const DocumentNode& node, std::string_view member, std::size_t least) {
  if (!expectKind(node, DocumentNode::Kind::List, quotedWord(member))) return false;
  if (node.items.size() < least) {
    report("RL8016", node.span,
           "`" + std::string(member) + "` holds at least " +
               (least == 1 ? "one item" : std::to_string(least) + " items"));
  }
  return true;
}

bool FormReader::expectText(const DocumentNode& node, std::string_view member) {
  if (!expectKind(node, DocumentNode::Kind::String, quotedWord(member))) return false;
  if (!node.text.empty()) return true;
  report("RL8016", node.span, "`" + std::string(member) + "` is empty");
  return false;
}

// Reports an object that none of the leading members tells the kind of, and marks it broken, so
// that its other members are not reported as unknown on top.
void FormReader::notOneOf(const DocumentNode& node, std::string_view what,
                          const std::vector<std::string_view>& leads) {
  frames_.back().broken = true;
  if (!sound_) return;
  // A near miss is more useful than the list of all kinds, so it is looked for first.
  const std::string article = what[0] == 'a' || what[0] == 'e' || what[0] == 'i' ? "an " : "a ";
  for (std::size_t i = 0; i < node.names.size(); ++i) {
    if (nearest(node.names[i], leads).empty()) continue;
    Diagnostic& d = report("RL8013", node.nameSpans[i],
                           "no " + std::string(what) + " has the member `" + node.names[i] + "`");
    return suggest(d, node.names[i], node.nameSpans[i], leads, "");
  }
  Diagnostic& d = report("RL8013", {file_, node.span.begin, node.span.begin + 1},
                         "this object is not " + article + std::string(what));
  d.help.push_back(article + std::string(what) + " has one of the members " + joined(leads, "or"));
}

// Words

std::optional<std::size_t> FormReader::wordAmong(std::string_view member,
                                                 const std::vector<std::string_view>& words,
                                                 Need need) {
  const DocumentNode* node =
      take(member, need, words.empty() ? "" : "\"" + std::string(words[0]) + "\"");
  return node != nullptr ? wordOf(*node, member, words) : std::nullopt;
}

// The position of the word in `words`; nothing, and a report, when it is none of them.
std::optional<std::size_t> FormReader::wordOf(const DocumentNode& node, std::string_view member,
                                              const std::vector<std::string_view>& words) {
  if (!expectKind(node, DocumentNode::Kind::String, quotedWord(member))) return std::nullopt;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == node.text) return i;
  }
  if (node.damaged) return std::nullopt;
  // Inside the quotes, so that the fix replaces the word and leaves them.
  const Span inside = {file_, node.placeOf(0u),
                       node.placeOf(static_cast<std::uint32_t>(node.text.size()))};
  Diagnostic& d =
      report("RL8014", inside, "`" + std::string(member) + "` cannot be `" + node.text + "`");
  suggest(d, node.text, inside, words, "it is one of");
  return std::nullopt;
}

// An absent version is the current one: the form has only one so far.
void FormReader::version(std::string_view member, int version) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || node->damaged ||
      (node->is(DocumentNode::Kind::Number) && node->text == std::to_string(version))) {
    return;
  }
  report("RL8020", node->span,
         "this reader knows version " + std::to_string(version) + " of the form")
      .help.push_back("leave `form` out, or write `\"form\": 1`");
}

// Says what is wrong with a name; true when nothing is.
bool FormReader::checkName(const std::string& text, const Span& span, Naming naming,
                           std::string_view member, bool fixable) {
  // Any event, where a trigger has a type.
  if (naming == Naming::QualifiedType && text == "*") return true;
  const bool dotted = naming == Naming::Qualified || naming == Naming::QualifiedType;
  std::size_t begin = 0;
  std::string_view last;
  while (true) {
    const std::size_t point = dotted ? text.find('.', begin) : std::string::npos;
    // Each part must be a word; only the last one decides about capitals, since the parts before
    // it name modules.
    last = std::string_view(text).substr(begin, point == std::string::npos ? point : point - begin);
    if (!isWordText(last)) {
      Diagnostic& d = report("RL8015", span, "`" + text + "` is not a name");
      d.help.push_back(
          dotted ? "names consist of letters, digits and `_`, joined by points"
                 : "a name consists of letters, digits and `_`, and begins with no digit");
      return false;
    }
    if (isReservedWord(last)) {
      report(
          "RL1010", span,
          "`" + std::string(last) + "` is a word of the expression language and cannot be a name")
          .help.push_back("choose another name");
      return false;
    }
    if (point == std::string::npos) break;
    begin = point + 1;
  }
  const bool capital = last[0] >= 'A' && last[0] <= 'Z', small = last[0] >= 'a' && last[0] <= 'z';
  const bool type = naming == Naming::Type || naming == Naming::QualifiedType;
  // Only types and bindings have a rule about their first letter; `_` satisfies both.
  if ((type && !small) || (!type && (naming != Naming::Binding || !capital))) return true;
  // The name is still a name, so it is kept and reading goes on.
  std::string meant = text;
  char& first = meant[begin];
  first = static_cast<char>(type ? first - 'a' + 'A' : first - 'A' + 'a');
  Diagnostic& d = report(
      "RL0021", span,
      type ? "the name of a type begins with a capital"
           : "`" + std::string(member) + "` begins with a small letter; capitals are for types");
  if (fixable) d.fixes.push_back({"write `" + meant + "`", {{span, meant}}});
  return true;
}

tree::Name FormReader::nameOf(const DocumentNode& node, Naming naming, std::string_view member) {
  if (!expectText(node, member)) return {};
  tree::Name name{
      node.text,
      {file_, node.placeOf(0u), node.placeOf(static_cast<std::uint32_t>(node.text.size()))}};
  // Without `places` the text stands in the document byte for byte, and only then does an edit
  // fit.
  if (!node.damaged && !checkName(name.text, name.span, naming, member, node.places.empty())) {
    return {};
  }
  return name;
}

void FormReader::name(std::string_view member, tree::Name& name, Naming naming, Need need) {
  const DocumentNode* node = take(member, need, "\"…\"");
  if (node != nullptr) name = nameOf(*node, naming, member);
  // A construct without its name cannot be declared or referred to, so nothing is made of it.
  if (need == kRequired && !name) frames_.back().unusable = true;
}

void FormReader::labels(std::string_view member, std::vector<tree::Name>& names) {
  const DocumentNode* node = take(member, kRequired, "[\"…\"]");
  if (node == nullptr || !expectList(*node, member, 0)) return;
  for (const DocumentNode& item : node->items) {
    if (!expectText(item, member)) continue;
    names.push_back(
        {item.text,
         {file_, item.placeOf(0u), item.placeOf(static_cast<std::uint32_t>(item.text.size()))}});
  }
}

void FormReader::focus(std::string_view member, tree::Name& name, std::string& word) {
  const DocumentNode* node = take(member, kRequired, "\"…\"");
  if (node == nullptr) return;
  if (node->is(DocumentNode::Kind::String) &&
      (node->text == "pop" || node->text == "clear" || node->text == "return")) {
    word = node->text;
  } else {
    label(*node, member, name);
  }
}

void FormReader::label(const DocumentNode& node, std::string_view member, tree::Name& name) {
  if (!expectText(node, member)) return;
  name = {node.text,
          {file_, node.placeOf(0u), node.placeOf(static_cast<std::uint32_t>(node.text.size()))}};
}

// The name of a rule, a group or a test: any text, no identifier.
void FormReader::label(std::string_view member, tree::Name& name, Need need) {
  const DocumentNode* node = take(member, need, "\"…\"");
  if (node != nullptr) label(*node, member, name);
}

void FormReader::names(std::string_view member, std::vector<tree::Name>& names, Naming naming,
                       Need need) {
  const DocumentNode* node = take(member, need, "[\"…\"]");
  if (node == nullptr || !expectList(*node, member, 1)) return;
  for (const DocumentNode& item : node->items) {
    tree::Name name = nameOf(item, naming, member);
    if (name) names.push_back(std::move(name));
  }
}

// `x.property.part`: read as one qualified name and then cut, so that each part has its own place.
void FormReader::path(std::string_view member, std::vector<tree::Name>& path) {
  const DocumentNode* node = take(member, kRequired, "\"x.property\"");
  if (node == nullptr) return;
  // An invalid path yields an empty name, and the loop below adds nothing.
  const tree::Name whole = nameOf(*node, Naming::Qualified, member);
  for (std::uint32_t begin = 0; begin < whole.text.size();) {
    const auto end =
        static_cast<std::uint32_t>(std::min(whole.text.find('.', begin), whole.text.size()));
    path.push_back(
        {whole.text.substr(begin, end - begin), {file_, node->placeOf(begin), node->placeOf(end)}});
    begin = end + 1;
  }
}

void FormReader::text(std::string_view member, std::string& text, Need need, Span* span) {
  const DocumentNode* node = take(member, need, "\"…\"");
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::String, quotedWord(member))) return;
  text = node->text;
  if (span != nullptr) *span = node->span;
}

void FormReader::texts(std::string_view member, std::vector<std::string>& texts) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || !expectList(*node, member, 1)) return;
  for (const DocumentNode& item : node->items) {
    if (expectKind(item, DocumentNode::Kind::String, quotedWord(member))) {
      texts.push_back(item.text);
    }
  }
}

void FormReader::flag(std::string_view member, bool& flag, Span* span) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Boolean, quotedWord(member))) {
    return;
  }
  flag = node->boolean;
  if (span != nullptr) *span = node->span;
}

// A member that is there or not, as `halt`: its value carries nothing, and must be `true`.
void FormReader::only(std::string_view member) {
  const DocumentNode* node = take(member, kRequired, "true");
  if (node != nullptr && !(node->is(DocumentNode::Kind::Boolean) && node->boolean)) {
    report("RL8010", node->span, "`" + std::string(member) + "` is `true`, not " + kindOf(*node));
  }
}

// Numbers, durations, types

// Counts, limits and versions: never negative, so that -1 can mean "absent" in the tree.
std::optional<std::int64_t> FormReader::integerOf(const DocumentNode& node,
                                                  std::string_view member) {
  if (!expectKind(node, DocumentNode::Kind::Number, quotedWord(member))) return std::nullopt;
  std::optional<std::int64_t> value = parseInt(node.text);
  if (!value) {
    // 3.0 and 1e2 are whole, too: not every writer of JSON tells them from 3 and 100.
    const std::optional<double> real = parseDouble(node.text);
    if (real) value = exactInt(*real);
  }
  if (value && *value >= 0) return value;
  report("RL8017", node.span, "`" + std::string(member) + "` is a whole number, 0 or more");
  return std::nullopt;
}

void FormReader::integer(std::string_view member, std::optional<std::int64_t>& value, Need need) {
  if (const DocumentNode* node = take(member, need, "1")) value = integerOf(*node, member);
}
void FormReader::integer(std::string_view member, std::int64_t& value) {
  if (const DocumentNode* node = take(member, Need::Optional, {})) {
    value = integerOf(*node, member).value_or(value);
  }
}

void FormReader::number(std::string_view member, double& value) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Number, quotedWord(member))) return;
  value = parseDouble(node->text).value_or(-1);
  if (value >= 0) return;  // how much is too much is the checker's matter
  report("RL8017", node->span, "`" + std::string(member) + "` is a number, 0 or more");
  value = 0;
}

// Reads a text of the document with a function of the parser; what that finds wrong is reported at
// its place in the document.
template <typename Read>
// `read` reports into a list of its own, with positions in the text; `adopt` moves them.
auto FormReader::local(const DocumentNode& node, Read read) {
  const Source source{"", node.text};
  std::vector<Diagnostic> found;
  auto result = read(source, found);
  adopt(node, std::move(found));
  return result;
}

// Moves reports of the parser to their places in the document. The fixes follow, and are then
// fitted to the notation around them: a quote in a replacement must be escaped in JSON.
void FormReader::adopt(const DocumentNode& node, std::vector<Diagnostic> found) {
  const auto moved = [&](Span& span) {
    span = node.placeOf(span);
    span.file = file_;
  };
  for (Diagnostic& d : found) {
    moved(d.span);
    for (Related& related : d.related) moved(related.span);
    for (Fix& fix : d.fixes) {
      for (Edit& edit : fix.edits) moved(edit.span);
    }
    fitFixes(d, node);
    diagnostics_.push_back(std::move(d));
  }
}

// A bare number is refused even though it could be read: whether it means seconds or milliseconds
// is what most formats disagree about.
std::optional<Span64> FormReader::durationOf(const DocumentNode& node, std::string_view member) {
  if (node.is(DocumentNode::Kind::Number)) {
    Diagnostic& d = report("RL0007", node.span, "this duration has no unit");
    d.help.push_back("write `\"" + node.text + "s\"` for seconds, or `\"" + node.text +
                     "m\"` for minutes");
    return std::nullopt;
  }
  if (!expectText(node, member) || node.damaged) return std::nullopt;
  return local(node, [](const Source& source, std::vector<Diagnostic>& found) {
    return parseDuration(source, found);
  });
}

// A literal begins with a digit; anything else is an expression.
std::optional<tree::Duration> FormReader::writtenDuration(const DocumentNode& node,
                                                          std::string_view member) {
  const bool text = node.is(DocumentNode::Kind::String) && !node.damaged && !node.text.empty();
  if (text && !(node.text[0] >= '0' && node.text[0] <= '9') && node.text[0] != '-') {
    return tree::Duration{0, node.span, sourceOf(node, member, nullptr)};
  }
  const std::optional<Span64> value = durationOf(node, member);
  return value ? std::optional(tree::Duration{*value, node.span}) : std::nullopt;
}

void FormReader::duration(std::string_view member, std::optional<tree::Duration>& duration,
                          Need need) {
  const DocumentNode* node = take(member, need, "\"10m\"");
  if (node == nullptr) return;
  duration = writtenDuration(*node, member);
}
void FormReader::span(std::string_view member, Span64& span) {
  if (const DocumentNode* node = take(member, Need::Optional, {})) {
    span = durationOf(*node, member).value_or(0);
  }
}

std::optional<tree::TypeUse> FormReader::typeOf(const DocumentNode& node, std::string_view member) {
  if (!expectText(node, member) || node.damaged) return std::nullopt;
  std::optional<tree::TypeUse> type =
      local(node, [](const Source& source, std::vector<Diagnostic>& found) {
        return parseType(source, found);
      });
  // A recursive lambda, because arguments of a type are types: `map<string, list<int>>`.
  const auto move = [&](const auto& self, tree::TypeUse& use) -> void {
    use.span = node.placeOf(use.span);
    use.span.file = file_;
    for (tree::TypeUse& argument : use.arguments) self(self, argument);
  };
  if (type) move(move, *type);
  return type;
}

void FormReader::type(std::string_view member, tree::TypeUse& type, Need need) {
  if (const DocumentNode* node = take(member, need, "\"string\"")) {
    type = typeOf(*node, member).value_or(tree::TypeUse{});
  }
}
void FormReader::type(std::string_view member, std::optional<tree::TypeUse>& type, Need need) {
  if (const DocumentNode* node = take(member, need, "\"string\"")) type = typeOf(*node, member);
}

// Expressions

// `conditionOf`: the text is a condition, in a pattern of this binding.
Expr FormReader::sourceOf(const DocumentNode& node, std::string_view member,
                          const std::string* conditionOf) {
  Expr poison;
  poison.span = node.span;
  if (node.damaged) return poison;
  if (!node.is(DocumentNode::Kind::String)) {
    Diagnostic& d =
        report("RL8010", node.span,
               "`" + std::string(member) + "` is an expression in quotes, not " + kindOf(node));
    if (node.is(DocumentNode::Kind::Boolean) || node.is(DocumentNode::Kind::Number)) {
      // An unquoted `true` or 3 is a common slip where conditions stand, and quoting it is all
      // that lacks.
      const std::string text = node.is(DocumentNode::Kind::Number) ? node.text
                               : node.boolean                      ? "true"
                                                                   : "false";
      d.fixes.push_back({"write `\"" + text + "\"`", {{node.span, "\"" + text + "\""}}});
    }
    return poison;
  }
  if (node.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    report("RL8016", node.span, "this expression is empty");
    return poison;
  }
  const std::size_t before = diagnostics_.size();
  Expr expr = local(node, [&](const Source& source, std::vector<Diagnostic>& found) {
    // The parser drops comments. In JSON they would be lost on the way to the text form, so they
    // are refused here; what else the lexer finds wrong, the parser reports again.
    std::vector<Diagnostic> again;
    const Lexemes lexemes = lex(source.text, 0, again);
    if (!lexemes.comments.empty() && again.empty()) {
      Diagnostic& d = found.emplace_back();
      d.code = "RL8019";
      d.message = "an expression of this form holds no comment";
      d.span = {0, lexemes.comments[0].begin, lexemes.comments[0].end};
      return Expr{};
    }
    return conditionOf != nullptr ? parseCondition(source, {*conditionOf}, found)
                                  : parseExpression(source, 0, found);
  });
  // A half-read expression would only lead to further reports about the same text.
  if (diagnostics_.size() > before) return poison;
  moveSpans(node, file_, expr);
  return expr;
}

// A number keeps the kind it is written with: 3 is an `int`, 3.0 and 3e0 are `double`, as in CEL.
Expr FormReader::numberOf(const DocumentNode& node) {
  Expr e;
  e.span = node.span;
  const bool whole = node.text.find_first_of(".eE") == std::string::npos;
  if (whole) {
    if (const std::optional<std::int64_t> value = parseInt(node.text)) {
      e.kind = ExprKind::Literal;
      e.value = Value::integer(*value);
      return e;
    }
    report("RL8017", node.span, "`" + node.text + "` does not fit into an `int`")
        .notes.push_back("an `int` runs from -9223372036854775808 to 9223372036854775807");
    return e;
  }
  const std::optional<double> value = parseDouble(node.text);
  if (!value || std::isinf(*value)) {
    report("RL8017", node.span,
           "`" + node.text + "` is larger than any number the engine can hold");
    return e;
  }
  e.kind = ExprKind::Literal;
  e.value = Value::real(*value);
  return e;
}

// What {"lit": …} holds: lists and maps too.
Expr FormReader::literalOf(const DocumentNode& node) {
  Expr e;
  e.span = node.span;
  switch (node.kind) {
    case DocumentNode::Kind::Number: return numberOf(node);
    case DocumentNode::Kind::Null: e.kind = ExprKind::Literal; break;
    case DocumentNode::Kind::Boolean:
      e.kind = ExprKind::Literal;
      e.value = Value::boolean(node.boolean);
      break;
    case DocumentNode::Kind::String:
      e.kind = ExprKind::Literal;
      e.value = Value::string(node.text);
      break;
    case DocumentNode::Kind::List:
      e.kind = ExprKind::List;
      for (const DocumentNode& item : node.items) e.args.push_back(literalOf(item));
      break;
    case DocumentNode::Kind::Object:
      e.kind = ExprKind::Map;
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        // Names of a literal object are texts, also where they look like numbers.
        Expr key;
        key.kind = ExprKind::Literal;
        key.value = Value::string(node.names[i]);
        key.span = node.nameSpans[i];
        e.args.push_back(std::move(key));
        e.args.push_back(literalOf(node.items[i]));
      }
      break;
  }
  return e;
}

// A value of the form: CEL source, a number, true, false, null, or {"lit": …}. Lists and objects
// need `lit`, since a text inside one would otherwise be ambiguous.
Expr FormReader::valueOf(const DocumentNode& node, std::string_view member) {
  if (node.is(DocumentNode::Kind::String)) {
    const std::size_t before = diagnostics_.size();
    Expr e = sourceOf(node, member, nullptr);
    if (diagnostics_.size() > before && !node.text.empty()) {
      // The first report of this text; the commonest cause is a plain text written without `lit`.
      diagnostics_[before].help.push_back(
          "a text here is an expression; for the text itself write `{\"lit\": …}`");
    }
    return e;
  }
  if (node.is(DocumentNode::Kind::Number)) return numberOf(node);
  if (!node.is(DocumentNode::Kind::Object) && !node.is(DocumentNode::Kind::List)) {
    return literalOf(node);
  }
  // Only alone: an object with more members is a mistake, and not a literal with decoration.
  const DocumentNode* literal = node.find("lit");
  if (literal != nullptr && node.items.size() == 1) return literalOf(*literal);
  report("RL8010", node.span, "`" + std::string(member) + "` is a value, not " + kindOf(node))
      .help.push_back(
          "a value is CEL source in quotes, a number, `true`, `false`, `null`, or any literal as "
          "`{\"lit\": …}`");
  Expr poison;
  poison.span = node.span;
  return poison;
}

// When a required value is missing, `take` has reported it and an empty expression stands in.
void FormReader::value(std::string_view member, Expr& expr, Need need) {
  const DocumentNode* node = take(member, need, "…");
  expr = node != nullptr ? valueOf(*node, member) : Expr{};
}
void FormReader::value(std::string_view member, std::optional<Expr>& expr, Need need) {
  const DocumentNode* node = take(member, need, "…");
  if (node != nullptr) {
    expr = valueOf(*node, member);
  } else if (need == kRequired) {
    expr = Expr{};
  }
}

void FormReader::values(std::string_view member, std::vector<Expr>& exprs) {
  const DocumentNode* node = take(member, kRequired, "[ … ]");
  if (node == nullptr || !expectList(*node, member, 1)) return;
  for (const DocumentNode& item : node->items) exprs.push_back(valueOf(item, member));
}

void FormReader::source(std::string_view member, std::optional<Expr>& expr, Need need) {
  const DocumentNode* node = take(member, need, "\"…\"");
  if (node != nullptr) {
    expr = sourceOf(*node, member, nullptr);
  } else if (need == kRequired) {
    expr = Expr{};
  }
}

// A condition outside of any pattern has no binding whose fields it could name without a prefix.
void FormReader::condition(std::string_view member, std::optional<Expr>& expr, Need need) {
  static const std::string kNone;
  const DocumentNode* node = take(member, need, "\"…\"");
  if (node != nullptr) {
    expr = sourceOf(*node, member, &kNone);
  } else if (need == kRequired) {
    expr = Expr{};
  }
}

void FormReader::conditions(std::string_view member, std::vector<Expr>& exprs,
                            const std::string& binding) {
  const DocumentNode* node = take(member, Need::Optional, {});
  if (node == nullptr) return;
  if (node->is(DocumentNode::Kind::String)) {
    // The one condition is read all the same, so that mistakes inside it are reported in the same
    // pass.
    Diagnostic& d = report("RL8010", node->span,
                           "`" + std::string(member) + "` is a list of conditions, not a text");
    d.fixes.push_back({"write it in brackets: `[\"…\"]`",
                       {{{file_, node->span.begin, node->span.begin}, "["},
                        {{file_, node->span.end, node->span.end}, "]"}}});
    exprs.push_back(sourceOf(*node, member, &binding));
    return;
  }
  if (!expectList(*node, member, 1)) return;
  for (const DocumentNode& item : node->items) exprs.push_back(sourceOf(item, member, &binding));
}

// One condition, or several.
void FormReader::checks(std::string_view member, std::vector<Expr>& exprs) {
  const DocumentNode* node = frames_.back().node->find(member);
  static const std::string kNone;
  if (node == nullptr || !node->is(DocumentNode::Kind::String)) {
    return conditions(member, exprs, kNone);
  }
  take(member, Need::Optional, {});
  exprs.push_back(sourceOf(*node, member, &kNone));
}

// The text is the value itself, and not CEL source: `clock` takes a time as it is written.
void FormReader::literal(std::string_view member, std::optional<Expr>& expr) {
  const DocumentNode* node = take(member, kRequired, "\"…\"");
  if (node != nullptr && expectKind(*node, DocumentNode::Kind::String, quotedWord(member))) {
    expr = literalOf(*node);
  } else {
    expr = Expr{};
  }
}

// {"type": …, "fields": …}, or the source of an expression.
void FormReader::made(std::string_view member, std::optional<Expr>& expr) {
  const DocumentNode* node = take(member, kRequired, "{\"type\": \"…\", \"fields\": { … }}");
  expr = Expr{};
  if (node == nullptr) return;
  if (!node->is(DocumentNode::Kind::Object)) {
    expr = sourceOf(*node, member, nullptr);
    return;
  }
  // A second frame, so that unknown members of the record are reported as the record's.
  open(*node, quotedWord(member));
  tree::Name type;
  name("type", type, Naming::QualifiedType, kRequired);
  expr->span = node->span;
  expr->text = type.text;
  expr->nameSpan = type.span;
  std::optional<Expr> copied;
  source("copy", copied);
  if (copied) {
    expr->names.emplace_back(kCopied);
    expr->nameSpans.push_back(copied->span);
    expr->args.push_back(std::move(*copied));
  }
  std::vector<tree::Argument> fields;
  if (const DocumentNode* values = take("fields", kRequired, "{ … }")) {
    namedValues(*values, "fields", fields);
  }
  for (tree::Argument& field : fields) {
    expr->names.push_back(std::move(field.name.text));
    expr->nameSpans.push_back(field.name.span);
    expr->args.push_back(std::move(field.value));
  }
  close();
  // Without a type it stays Poison: nothing could be checked about its fields.
  if (type) expr->kind = ExprKind::Record;
}

// A name that is none is reported and left out together with its value. Names cannot stand twice:
// the reader of documents refuses that.
void FormReader::namedValues(const DocumentNode& node, std::string_view member,
                             std::vector<tree::Argument>& out) {
  if (!expectKind(node, DocumentNode::Kind::Object, quotedWord(member))) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!checkName(node.names[i], node.nameSpans[i], Naming::Plain, member, false)) continue;
    out.push_back({{node.names[i], node.nameSpans[i]}, valueOf(node.items[i], node.names[i])});
  }
}

void FormReader::arguments(std::string_view member, std::vector<tree::Argument>& arguments) {
  if (const DocumentNode* node = take(member, kRequired, "{ … }")) {
    namedValues(*node, member, arguments);
  }
}

// Each cell is one text in the notation of tables. A cell that could not be read keeps its column:
// rows with fewer cells would be reported as another mistake.
void FormReader::cells(std::string_view member, std::vector<std::vector<tree::Cell>>& cells) {
  const DocumentNode* node = take(member, kRequired, "[\"_\"]");
  if (node == nullptr || !expectList(*node, member, 1)) return;
  for (const DocumentNode& item : node->items) {
    std::vector<tree::Cell>& cell = cells.emplace_back();
    if (expectText(item, member) && !item.damaged) {
      cell = local(item, [](const Source& source, std::vector<Diagnostic>& found) {
        return parseCell(source, found);
      });
    }
    for (tree::Cell& test : cell) {
      test.span = item.placeOf(test.span);
      test.span.file = file_;
      for (Expr& operand : test.operands) moveSpans(item, file_, operand);
    }
    if (cell.empty()) cell.push_back(unread(item.span));
  }
}

}  // namespace reticle::form
