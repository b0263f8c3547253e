// From a tree to the JSON form, by the description. Requires: the tree was read without a mistake.
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
#include "form/written.h"

namespace reticle::form {

// Methods have the names and meanings of FormReader's. What is absent or has its usual value is
// left out, unless it is required.
class FormWriter {
 public:
  FormWriter(const Written& written, std::vector<Diagnostic>& diagnostics)
      : written_(written), diagnostics_(diagnostics) {}

  template <typename T>
  // The document of any described node. Takes a reference that is not const because the reader
  // shares the description; nothing is changed.
  DocumentNode node(T& value) {
    return made([&] { describe(*this, value); });
  }

  // Kinds
  template <typename Kind, std::size_t n>
  // The kind is known already, and the leading member is written with its clause.
  bool choose(Kind&, const Lead<Kind> (&)[n], std::string_view, Span&) {
    return true;
  }
  template <typename Kind, std::size_t n>
  bool chooseBy(std::string_view member, Kind& kind, const Lead<Kind> (&leads)[n],
                std::string_view) {
    for (const Lead<Kind>& lead : leads) {
      if (lead.kind == kind) put(member, DocumentNode::string(lead.member));
    }
    return true;
  }
  // What the tree does not hold is not written.
  void ignored(std::string_view) {}
  void version(std::string_view, int) {}

  // Words
  void name(std::string_view member, tree::Name& name, Naming, Need = Need::Optional) {
    if (name) put(member, DocumentNode::string(name.text));
  }
  void label(std::string_view member, tree::Name& name, Need need = kRequired) {
    if (name || need == kRequired) put(member, DocumentNode::string(name.text));
  }
  // Free texts, one or none of them, too.
  void labels(std::string_view member, std::vector<tree::Name>& names) {
    DocumentNode list = DocumentNode::list();
    for (const tree::Name& name : names) list.add(DocumentNode::string(name.text));
    put(member, std::move(list));
  }
  // A name, or one of the words that stand in its place.
  void focus(std::string_view member, tree::Name& name, std::string& word) {
    put(member, DocumentNode::string(name ? name.text : word));
  }
  void names(std::string_view member, std::vector<tree::Name>& names, Naming,
             Need = Need::Optional);
  void path(std::string_view member, std::vector<tree::Name>& path);
  void text(std::string_view member, std::string& text, Need need = Need::Optional,
            Span* = nullptr) {
    if (!text.empty() || need == kRequired) put(member, DocumentNode::string(text));
  }
  void texts(std::string_view member, std::vector<std::string>& texts);
  void flag(std::string_view member, bool& flag, Span* = nullptr) {
    if (flag) put(member, DocumentNode::yes());
  }
  void only(std::string_view member) { put(member, DocumentNode::yes()); }
  void integer(std::string_view member, std::optional<std::int64_t>& value) {
    if (value) put(member, DocumentNode::number(std::to_string(*value)));
  }
  // -1 stands for "not given".
  void integer(std::string_view member, std::int64_t& value) {
    if (value >= 0) put(member, DocumentNode::number(std::to_string(value)));
  }
  void number(std::string_view member, double& value);
  void duration(std::string_view member, std::optional<tree::Duration>& duration,
                Need = Need::Optional) {
    if (duration) put(member, DocumentNode::string(written_.of(*duration)));
  }
  // 0 stands for "not given".
  void span(std::string_view member, Span64& span) {
    if (span > 0) put(member, DocumentNode::string(durationText(span)));
  }
  void type(std::string_view member, tree::TypeUse& type, Need = Need::Optional) {
    put(member, DocumentNode::string(typeText(type)));
  }
  void type(std::string_view member, std::optional<tree::TypeUse>& type, Need = Need::Optional) {
    if (type) put(member, DocumentNode::string(typeText(*type)));
  }
  template <typename E>
  void word(std::string_view member, E& value,
            std::initializer_list<std::pair<std::string_view, std::type_identity_t<E>>> words,
            Need = Need::Optional) {
    for (const auto& [word, meaning] : words) {
      if (meaning == value) put(member, DocumentNode::string(word));
    }
  }
  // The usual policy only where its author wrote it.
  void hit(std::string_view member, std::string& hit, Span& span) {
    if (hit != "unique" || span.end > span.begin) put(member, DocumentNode::string(hit));
  }

  // Expressions
  void value(std::string_view member, Expr& expr, Need = kRequired) { put(member, valueOf(expr)); }
  void value(std::string_view member, std::optional<Expr>& expr, Need = Need::Optional) {
    if (expr) put(member, valueOf(*expr));
  }
  void values(std::string_view member, std::vector<Expr>& exprs);
  void source(std::string_view member, std::optional<Expr>& expr, Need = Need::Optional) {
    if (expr) put(member, sourceOf(*expr));
  }
  void condition(std::string_view member, std::optional<Expr>& expr, Need need = Need::Optional) {
    source(member, expr, need);
  }
  void conditions(std::string_view member, std::vector<Expr>& exprs, const std::string& binding);
  void checks(std::string_view member, std::vector<Expr>& exprs);
  void literal(std::string_view member, std::optional<Expr>& expr) {
    if (expr) put(member, DocumentNode::string(expr->value.asString()));
  }
  void made(std::string_view member, std::optional<Expr>& expr);
  void arguments(std::string_view member, std::vector<tree::Argument>& arguments);
  void cells(std::string_view member, std::vector<std::vector<tree::Cell>>& cells);

  // Parts
  template <typename T>
  void object(std::string_view member, std::optional<T>& part, Need = Need::Optional) {
    if (part) put(member, node(*part));
  }
  template <typename T>
  // Into the object that is open, beside its other members.
  void here(std::optional<T>& part) {
    if (part) describe(*this, *part);
  }
  template <typename Describe>
  // `present`: whether any of the members is set, or the object would be empty.
  void within(std::string_view member, bool present, Describe describe) {
    if (present) put(member, made(describe));
  }
  template <typename T>
  void list(std::string_view member, std::vector<T>& parts, Need need = Need::Optional,
            std::size_t = 0) {
    if (!parts.empty() || need == kRequired) put(member, listOf(parts));
  }
  void params(std::string_view member, std::vector<tree::Field>& params, Need);
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
  template <typename Describe>
  // An object with the members that `describe` puts.
  DocumentNode made(Describe describe) {
    open_.push_back(DocumentNode::object());
    describe();
    DocumentNode node = std::move(open_.back());
    open_.pop_back();
    return node;
  }
  template <typename T>
  DocumentNode listOf(std::vector<T>& parts) {
    DocumentNode list = DocumentNode::list();
    for (T& part : parts) list.add(node(part));
    return list;
  }
  void put(std::string_view member, DocumentNode value) {
    open_.back().add(std::string(member), std::move(value));
  }
  // Adds to an object whose names are the author's; two of one name are a mistake that JSON cannot
  // hold.
  void put(DocumentNode& object, const tree::Name& name, DocumentNode value);
  // A literal as JSON where JSON has it, all else as CEL source.
  DocumentNode valueOf(const Expr& expr);
  DocumentNode sourceOf(const Expr& expr) { return DocumentNode::string(written_.of(expr)); }

  const Written& written_;
  std::vector<Diagnostic>& diagnostics_;
  // The objects being written, outermost first; `put` adds to the last.
  std::vector<DocumentNode> open_;
};

// The members that hold what follows a pattern.
struct SuffixMember {
  std::string_view member;
  tree::Suffix::Kind kind;
};
inline constexpr SuffixMember kSuffixes[] = {{"over", tree::Suffix::Kind::OverLast},
                                             {"held", tree::Suffix::Kind::Held},
                                             {"after", tree::Suffix::Kind::After},
                                             {"before", tree::Suffix::Kind::Before},
                                             {"within", tree::Suffix::Kind::WithinOf}};
// A window of events shares the member of a window of time.
inline bool belongs(const tree::Suffix& suffix, const SuffixMember& member) {
  using Kind = tree::Suffix::Kind;
  return suffix.kind == member.kind ||
         (suffix.kind == Kind::OverLastCount && member.kind == Kind::OverLast);
}

// The closed lists of words that reader, writer and schema share.
inline constexpr std::string_view kHandlers[] = {"failure", "cancel", "timeout"};
inline constexpr std::string_view kHits[] = {"unique",      "first",        "any",
                                             "collect",     "collect sum",  "collect min",
                                             "collect max", "collect count"};
inline constexpr Operator kRelations[] = {Operator::Less,         Operator::LessEqual,
                                          Operator::Equal,        Operator::NotEqual,
                                          Operator::GreaterEqual, Operator::Greater};

}  // namespace reticle::form
