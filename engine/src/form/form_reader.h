// From the JSON form to a tree, by the description. Expressions are read by the parser of the text
// form, and everything in the tree has its place in the document, so that whatever is said later
// about a rule points into it.
//
//   RL8010  a value of another kind than is wanted: a text for a list
//   RL8011  a member that its object does not have
//   RL8012  a member that is missing
//   RL8013  an object that is none of those that may stand here: no condition, no action, no
//           declaration
//   RL8014  a word that is none of those that may stand here
//   RL8015  a text that is no name
//   RL8016  a list, object or text that is empty
//   RL8017  a number that is not whole, or too large or too small
//   RL8018  members that exclude each other
//   RL8019  a comment inside an expression
//   RL8020  another version of the form
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "document/document.h"
#include "form/form_description.h"
#include "form/form_writer.h"

namespace reticle::form {

class FormReader {
 public:
  // `sound` tells whether the document itself was read without a mistake; if not, nothing is said
  // about missing members.
  FormReader(std::uint32_t file, bool sound, std::vector<Diagnostic>& diagnostics)
      : file_(file), sound_(sound), diagnostics_(diagnostics) {}

  // Reads an object; nothing when the node is none.
  template <typename T>
  std::optional<T> read(const DocumentNode& node, std::string_view what) {
    if (!expectKind(node, DocumentNode::Kind::Object, what)) return std::nullopt;
    T out{};
    open(node, what);
    describe(*this, out);
    if constexpr (requires { out.span; }) out.span = node.span;
    return close() ? std::optional<T>(std::move(out)) : std::nullopt;
  }

  // Kinds
  template <typename Kind, std::size_t n>
  // The first of `leads` whose member is there decides; false, and a report, when none is.
  bool choose(Kind& kind, const Lead<Kind> (&leads)[n], std::string_view what, Span& keyword) {
    const DocumentNode& node = *frames_.back().node;
    for (const Lead<Kind>& lead : leads) {
      for (std::size_t i = 0; i < node.names.size(); ++i) {
        if (node.names[i] != lead.member) continue;
        kind = lead.kind;
        keyword = node.nameSpans[i];
        frames_.back().what = quotedWord(lead.member);
        return true;
      }
    }
    std::vector<std::string_view> words;
    for (const Lead<Kind>& lead : leads) words.push_back(lead.member);
    notOneOf(node, what, words);
    return false;
  }
  template <typename Kind, std::size_t n>
  // The kind is the value of a member, as "kind" of a declaration.
  bool chooseBy(std::string_view member, Kind& kind, const Lead<Kind> (&leads)[n],
                std::string_view what) {
    std::vector<std::string_view> words;
    for (const Lead<Kind>& lead : leads) words.push_back(lead.member);
    const std::optional<std::size_t> found = wordAmong(member, words, kRequired);
    if (!found) {
      frames_.back().broken = true;
      return false;
    }
    kind = leads[*found].kind;
    frames_.back().what =
        "this " + std::string(what == "declaration" ? leads[*found].member : what);
    return true;
  }
  // A member that may be there and means nothing here: "$schema".
  void ignored(std::string_view member) { take(member, Need::Optional, {}); }
  void version(std::string_view member, int version);

  // Words
  // Identifiers. What is no name is reported and left empty; a construct that needs it is then
  // unusable.
  void name(std::string_view member, tree::Name& name, Naming naming, Need need = Need::Optional);
  // Any text, as the name of a rule.
  void label(std::string_view member, tree::Name& name, Need need = kRequired);
  // Free texts; the list may be empty.
  void labels(std::string_view member, std::vector<tree::Name>& names);
  // A name, or one of the words `pop`, `clear` and `return` in its place.
  void focus(std::string_view member, tree::Name& name, std::string& word);
  void names(std::string_view member, std::vector<tree::Name>& names, Naming naming,
             Need need = Need::Optional);
  // Names joined by points.
  void path(std::string_view member, std::vector<tree::Name>& path);
  // Free text; `span` gets its place, with the quotes.
  void text(std::string_view member, std::string& text, Need need = Need::Optional,
            Span* span = nullptr);
  void texts(std::string_view member, std::vector<std::string>& texts);
  void flag(std::string_view member, bool& flag, Span* span = nullptr);
  // `true` and nothing else.
  void only(std::string_view member);
  // Whole numbers from 0 on; what is none is reported, and leaves the value as it was or empty.
  void integer(std::string_view member, std::optional<std::int64_t>& value,
               Need need = Need::Optional);
  void integer(std::string_view member, std::int64_t& value);
  void number(std::string_view member, double& value);
  // In the notation of the text form, in quotes.
  void duration(std::string_view member, std::optional<tree::Duration>& duration,
                Need need = Need::Optional);
  void span(std::string_view member, Span64& span);
  void type(std::string_view member, tree::TypeUse& type, Need need = Need::Optional);
  void type(std::string_view member, std::optional<tree::TypeUse>& type,
            Need need = Need::Optional);
  template <typename E>
  void word(std::string_view member, E& value,
            std::initializer_list<std::pair<std::string_view, std::type_identity_t<E>>> words,
            Need need = Need::Optional) {
    std::vector<std::string_view> names;
    for (const auto& entry : words) names.push_back(entry.first);
    if (const std::optional<std::size_t> found = wordAmong(member, names, need)) {
      value = (words.begin() + *found)->second;
    }
  }
  // The policy of a table; the span says that it was written.
  void hit(std::string_view member, std::string& hit, Span& span);

  // Expressions
  // An expression or a literal; Poison after a mistake, so that the construct stays.
  void value(std::string_view member, Expr& expr, Need need = kRequired);
  void value(std::string_view member, std::optional<Expr>& expr, Need need = Need::Optional);
  void values(std::string_view member, std::vector<Expr>& exprs);
  // CEL source only.
  void source(std::string_view member, std::optional<Expr>& expr, Need need = Need::Optional);
  void condition(std::string_view member, std::optional<Expr>& expr, Need need = Need::Optional);
  // A list of conditions in the pattern of `binding`; `checks` takes one alone, too.
  void conditions(std::string_view member, std::vector<Expr>& exprs, const std::string& binding);
  void checks(std::string_view member, std::vector<Expr>& exprs);
  // A text that stands for itself.
  void literal(std::string_view member, std::optional<Expr>& expr);
  // A record: {"type": …, "fields": {…}}, or CEL source.
  void made(std::string_view member, std::optional<Expr>& expr);
  void arguments(std::string_view member, std::vector<tree::Argument>& arguments);
  void cells(std::string_view member, std::vector<std::vector<tree::Cell>>& cells);

  // Parts
  template <typename T>
  // An object that is described by another function.
  void object(std::string_view member, std::optional<T>& part, Need need = Need::Optional) {
    if (const DocumentNode* node = take(member, need, "{ … }")) {
      part = read<T>(*node, quotedWord(member));
    }
    if (need == kRequired && !part) frames_.back().unusable = true;
  }
  template <typename T>
  // A part whose members stand in the object itself, beside others.
  void here(std::optional<T>& part) {
    part.emplace();
    describe(*this, *part);
    part->span = frames_.back().node->span;
  }
  template <typename Describe>
  // Members of the same node that stand in an object of their own.
  void within(std::string_view member, bool, Describe describe) {
    const DocumentNode* node = take(member, Need::Optional, "{ … }");
    if (node == nullptr || !expectKind(*node, DocumentNode::Kind::Object, quotedWord(member))) {
      return;
    }
    open(*node, quotedWord(member));
    describe();
    close();
  }
  template <typename T>
  void list(std::string_view member, std::vector<T>& parts, Need need = Need::Optional,
            std::size_t least = 0) {
    const DocumentNode* node = take(member, need, "[ … ]");
    if (node == nullptr || !expectList(*node, member, least)) return;
    readAll(*node, parts, wordFor(member));
  }
  void params(std::string_view member, std::vector<tree::Field>& params, Need need);
  void typeOrParams(std::string_view member, std::optional<tree::TypeUse>& type,
                    std::vector<tree::Field>& params);
  void suffixes(std::vector<tree::Suffix>& suffixes);
  void window(tree::Suffix& suffix);
  void group(std::string_view member, std::optional<tree::Pattern>& pattern,
             std::vector<std::vector<tree::Condition>>& groups);
  void satisfies(std::string_view member, tree::Condition& condition);
  void branches(std::string_view member, std::vector<std::vector<tree::Condition>>& branches);
  void groupBy(std::string_view member, std::vector<tree::GroupKey>& keys);
  void into(std::string_view member, std::vector<tree::AccumulateFunction>& functions);
  void fieldsOrWith(tree::Action& action);
  void patternOrSource(std::string_view member, std::optional<tree::Pattern>& pattern,
                       std::optional<Expr>& expr);
  void conditionsOrSource(std::string_view member, std::vector<tree::Condition>& conditions,
                          std::optional<Expr>& expr);
  void parallel(std::string_view member, bool& parallel, std::int64_t& max);
  void callOrRun(tree::Action& action);
  void settle(std::string_view member, std::int64_t& count);
  void times(std::string_view member, bool& forever, std::int64_t& times);
  void once(std::string_view member, tree::Declaration& declaration);
  void handlers(std::string_view member, std::vector<tree::Handler>& handlers);
  bool negation(std::string_view member, tree::Expect& expect);
  void comparison(Operator& op, std::optional<std::int64_t>& number, std::optional<Expr>& value);

 private:
  void label(const DocumentNode& node, std::string_view member, tree::Name& name);
  // An object that is being read.
  struct Frame {
    const DocumentNode* node = nullptr;
    std::string what;                     // in messages: "this rule", "this `insert`"
    std::vector<std::string_view> known;  // members that were asked for
    bool broken = false;                  // nobody knows what it should be
    bool unusable = false;                // nothing can be made of it, but its members are known
  };

  void open(const DocumentNode& node, std::string_view what) {
    frames_.push_back({&node, std::string(what), {}, false, false});
  }
  // Reports the members nobody asked for; false when the object is broken.
  bool close();

  template <typename T>
  // Leaves out the items that cannot be read; they are reported.
  void readAll(const DocumentNode& list, std::vector<T>& parts, std::string_view what) {
    for (const DocumentNode& item : list.items) {
      if (std::optional<T> part = read<T>(item, what)) parts.push_back(std::move(*part));
    }
  }

  static std::string quotedWord(std::string_view word) { return "`" + std::string(word) + "`"; }
  static std::string_view wordFor(std::string_view member);
  Diagnostic& report(std::string code, const Span& span, std::string message);
  void suggest(Diagnostic& d, std::string_view written, const Span& span,
               const std::vector<std::string_view>& words, std::string_view kind);
  // The member of the object being read; `sample` says how it would look when it is missing.
  const DocumentNode* take(std::string_view member, Need need, std::string_view sample);
  // Each reports what is wrong and returns false; a damaged node is not reported again.
  bool expectKind(const DocumentNode& node, DocumentNode::Kind kind, std::string_view what);
  bool expectList(const DocumentNode& node, std::string_view member, std::size_t least);
  bool expectText(const DocumentNode& node, std::string_view member);
  void notOneOf(const DocumentNode& node, std::string_view what,
                const std::vector<std::string_view>& leads);
  // The position of the word in `words`.
  std::optional<std::size_t> wordAmong(std::string_view member,
                                       const std::vector<std::string_view>& words, Need need);
  std::optional<std::size_t> wordOf(const DocumentNode& node, std::string_view member,
                                    const std::vector<std::string_view>& words);
  tree::Name nameOf(const DocumentNode& node, Naming naming, std::string_view member);
  // `fixable`: the text stands in the document as it is, so that an edit fits.
  bool checkName(const std::string& text, const Span& span, Naming naming, std::string_view member,
                 bool fixable);
  std::optional<std::int64_t> integerOf(const DocumentNode& node, std::string_view member);
  std::optional<Span64> durationOf(const DocumentNode& node, std::string_view member);
  std::optional<tree::Duration> writtenDuration(const DocumentNode& node, std::string_view member);
  std::optional<tree::TypeUse> typeOf(const DocumentNode& node, std::string_view member);
  Expr sourceOf(const DocumentNode& node, std::string_view member, const std::string* conditionOf);
  Expr valueOf(const DocumentNode& node, std::string_view member);
  Expr literalOf(const DocumentNode& node);
  Expr numberOf(const DocumentNode& node);
  std::vector<tree::Condition> conditionsOf(const DocumentNode& node);
  void namedValues(const DocumentNode& node, std::string_view member,
                   std::vector<tree::Argument>& out);
  tree::Suffix suffixOf(const DocumentNode& node, const SuffixMember& member);
  template <typename Read>
  // Calls `read` with the text as a source of its own, and moves its reports into the document.
  auto local(const DocumentNode& node, Read read);
  void adopt(const DocumentNode& node, std::vector<Diagnostic> found);

  std::uint32_t file_;
  bool sound_;
  std::vector<Diagnostic>& diagnostics_;
  // The objects being read, outermost first; `take` asks the last one.
  std::vector<Frame> frames_;
};

}  // namespace reticle::form
