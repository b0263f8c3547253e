// The JSON Schema of the form, by the description: every function of it is walked once for each
// kind its node can have.
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

class FormSchema {
 public:
  // The whole schema, with all definitions. Call it once.
  DocumentNode schema();

  // Kinds
  template <typename Kind, std::size_t n>
  // Takes the kind whose turn it is, and says how many there are: `part` walks them all.
  bool choose(Kind& kind, const Lead<Kind> (&leads)[n], std::string_view, Span&) {
    kinds_ = n;
    kind = leads[kind_].kind;
    return true;
  }
  template <typename Kind, std::size_t n>
  bool chooseBy(std::string_view member, Kind& kind, const Lead<Kind> (&leads)[n],
                std::string_view) {
    kinds_ = n;
    kind = leads[kind_].kind;
    put(member, constant(DocumentNode::string(leads[kind_].member)), kRequired);
    return true;
  }
  // From here on: one `put` for each member, with what FormReader accepts there. The values are
  // not looked at.
  void ignored(std::string_view member) { put(member, typed("string")); }
  void version(std::string_view member, int version) {
    put(member, constant(DocumentNode::number(std::to_string(version))));
  }

  // Words
  void name(std::string_view member, tree::Name&, Naming naming, Need need = Need::Optional) {
    put(member, nameSchema(naming), need);
  }
  void label(std::string_view member, tree::Name&, Need need = kRequired) {
    put(member, ref("label"), need);
  }
  void labels(std::string_view member, std::vector<tree::Name>&) {
    put(member, arrayOf(ref("label"), 0), kRequired);
  }
  void focus(std::string_view member, tree::Name&, std::string&) {
    put(member, ref("label"), kRequired);
  }
  void names(std::string_view member, std::vector<tree::Name>&, Naming naming,
             Need need = Need::Optional) {
    put(member, arrayOf(nameSchema(naming), 1), need);
  }
  void path(std::string_view member, std::vector<tree::Name>&) {
    put(member, ref("qname"), kRequired);
  }
  void text(std::string_view member, std::string&, Need need = Need::Optional, Span* = nullptr) {
    put(member, typed("string"), need);
  }
  void texts(std::string_view member, std::vector<std::string>&) {
    put(member, arrayOf(typed("string"), 1));
  }
  void flag(std::string_view member, bool&, Span* = nullptr) { put(member, typed("boolean")); }
  void only(std::string_view member) { put(member, constant(DocumentNode::yes()), kRequired); }
  void integer(std::string_view member, std::optional<std::int64_t>&, Need need = Need::Optional) {
    put(member, wholeNumber(), need);
  }
  void integer(std::string_view member, std::int64_t&) { put(member, wholeNumber()); }
  void number(std::string_view member, double&);
  void duration(std::string_view member, std::optional<tree::Duration>&,
                Need need = Need::Optional) {
    put(member, ref("duration"), need);
  }
  void span(std::string_view member, Span64&) { put(member, ref("duration")); }
  void type(std::string_view member, tree::TypeUse&, Need need = Need::Optional) {
    put(member, ref("type"), need);
  }
  void type(std::string_view member, std::optional<tree::TypeUse>&, Need need = Need::Optional) {
    put(member, ref("type"), need);
  }
  template <typename E>
  void word(std::string_view member, E&,
            std::initializer_list<std::pair<std::string_view, std::type_identity_t<E>>> words,
            Need need = Need::Optional) {
    std::vector<std::string_view> names;
    for (const auto& entry : words) names.push_back(entry.first);
    put(member, oneOfWords(names), need);
  }
  void hit(std::string_view member, std::string&, Span&) {
    put(member, oneOfWords({std::begin(kHits), std::end(kHits)}));
  }

  // Expressions
  void value(std::string_view member, Expr&, Need need = kRequired) {
    put(member, ref("value"), need);
  }
  void value(std::string_view member, std::optional<Expr>&, Need need = Need::Optional) {
    put(member, ref("value"), need);
  }
  void values(std::string_view member, std::vector<Expr>&) {
    put(member, arrayOf(ref("value"), 1), kRequired);
  }
  void source(std::string_view member, std::optional<Expr>&, Need need = Need::Optional) {
    put(member, ref("cel"), need);
  }
  void condition(std::string_view member, std::optional<Expr>&, Need need = Need::Optional) {
    put(member, ref("cel"), need);
  }
  void conditions(std::string_view member, std::vector<Expr>&, const std::string&) {
    put(member, arrayOf(ref("cel"), 1));
  }
  void checks(std::string_view member, std::vector<Expr>&) {
    put(member, anyOf({ref("cel"), arrayOf(ref("cel"), 1)}));
  }
  void literal(std::string_view member, std::optional<Expr>&) {
    put(member, typed("string"), kRequired);
  }
  void made(std::string_view member, std::optional<Expr>&) { put(member, ref("made"), kRequired); }
  void arguments(std::string_view member, std::vector<tree::Argument>&) {
    put(member, ref("values"), kRequired);
  }
  void cells(std::string_view member, std::vector<std::vector<tree::Cell>>&);

  // Parts
  template <typename T>
  void object(std::string_view member, std::optional<T>&, Need need = Need::Optional) {
    put(member, part<T>(), need);
  }
  template <typename T>
  // The part is walked inside of another: the turn of the outer one must survive that.
  void here(std::optional<T>&) {
    T node{};
    const std::size_t kind = kind_, kinds = kinds_;
    describe(*this, node);
    kind_ = kind;
    kinds_ = kinds;
  }
  template <typename Describe>
  void within(std::string_view member, bool, Describe describe, Need need = Need::Optional) {
    put(member, made(describe), need);
  }
  template <typename T>
  void list(std::string_view member, std::vector<T>&, Need need = Need::Optional,
            std::size_t least = 0) {
    put(member, arrayOf(part<T>(), least), need);
  }
  void params(std::string_view member, std::vector<tree::Field>&, Need need) {
    put(member, parameters(), need);
  }
  void typeOrParams(std::string_view member, std::optional<tree::TypeUse>&,
                    std::vector<tree::Field>&) {
    put(member, anyOf({ref("type"), parameters()}), kRequired);
  }
  void suffixes(std::vector<tree::Suffix>&);
  void window(tree::Suffix&);
  // Where FormReader decides by the kind of the value, both stand in an `anyOf`.
  void group(std::string_view member, std::optional<tree::Pattern>&,
             std::vector<std::vector<tree::Condition>>&) {
    put(member, anyOf({part<tree::Pattern>(), conditionList()}), kRequired);
  }
  void satisfies(std::string_view member, tree::Condition&) {
    put(member, anyOf({ref("cel"), conditionList()}), kRequired);
  }
  void branches(std::string_view member, std::vector<std::vector<tree::Condition>>&) {
    put(member, arrayOf(conditionList(), 2), kRequired);
  }
  void groupBy(std::string_view member, std::vector<tree::GroupKey>&) {
    put(member, named(ref("cel"), 1));
  }
  void into(std::string_view member, std::vector<tree::AccumulateFunction>&);
  void fieldsOrWith(tree::Action&);
  void patternOrSource(std::string_view member, std::optional<tree::Pattern>&,
                       std::optional<Expr>&) {
    put(member, anyOf({part<tree::Pattern>(), ref("cel")}), kRequired);
  }
  void conditionsOrSource(std::string_view member, std::vector<tree::Condition>&,
                          std::optional<Expr>&) {
    put(member, anyOf({conditionList(), ref("cel")}), kRequired);
  }
  void parallel(std::string_view member, bool&, std::int64_t&) {
    put(member, anyOf({typed("boolean"), wholeNumber()}));
  }
  void callOrRun(tree::Action&);
  void settle(std::string_view member, std::int64_t&) {
    put(member, anyOf({constant(DocumentNode::yes()), wholeNumber()}), kRequired);
  }
  void times(std::string_view member, bool&, std::int64_t&) {
    put(member, anyOf({constant(DocumentNode::string("forever")), wholeNumber()}), kRequired);
  }
  void once(std::string_view member, tree::Declaration&);
  void handlers(std::string_view member, std::vector<tree::Handler>&);
  bool negation(std::string_view member, tree::Expect&);
  void comparison(Operator&, std::optional<std::int64_t>&, std::optional<Expr>&);

 private:
  // An object whose members are being collected.
  struct Open {
    DocumentNode properties = DocumentNode::object();
    DocumentNode required = DocumentNode::list();
    std::vector<DocumentNode> choices;  // of each, one must hold
  };

  // Adds a member to the object that is open.
  void put(std::string_view member, DocumentNode schema, Need need = Need::Optional);
  template <typename Describe>
  DocumentNode made(Describe describe) {
    open_.emplace_back();
    describe();
    return closed();
  }
  // The object opened last, as a schema without further members.
  DocumentNode closed();
  // A part that describes itself: a reference to its definition.
  template <typename T>
  DocumentNode part() {
    const std::string name(nameOf(static_cast<T*>(nullptr)));
    for (const std::string& known : defined_) {
      if (known == name) return ref(name);
    }
    // Before its description is walked: conditions hold conditions.
    defined_.push_back(name);
    const std::size_t kind = kind_, kinds = kinds_;
    std::vector<DocumentNode> variants;
    kind_ = 0;
    do {
      kinds_ = 1;
      T node{};
      variants.push_back(made([&] { describe(*this, node); }));
      again<T>(variants, node);
    } while (++kind_ < kinds_);
    kind_ = kind;
    kinds_ = kinds;
    definitions_.emplace_back(name, variants.size() == 1 ? variants[0] : anyOf(variants));
    return ref(name);
  }
  // What a part can be beside its kinds.
  template <typename T>
  void again(std::vector<DocumentNode>&, T&) {}

  // The names of the definitions; a pointer only carries the type.
  static std::string_view nameOf(tree::Import*) { return "import"; }
  static std::string_view nameOf(tree::Declaration*) { return "declaration"; }
  static std::string_view nameOf(tree::Field*) { return "field"; }
  static std::string_view nameOf(tree::Retry*) { return "retry"; }
  static std::string_view nameOf(tree::Pattern*) { return "pattern"; }
  static std::string_view nameOf(tree::Condition*) { return "condition"; }
  static std::string_view nameOf(tree::Trigger*) { return "trigger"; }
  static std::string_view nameOf(tree::Action*) { return "action"; }
  static std::string_view nameOf(tree::Action::Script*) { return "script"; }
  static std::string_view nameOf(tree::Expect*) { return "expectation"; }
  static std::string_view nameOf(tree::TestSection*) { return "section"; }
  static std::string_view nameOf(tree::TableRow*) { return "row"; }
  static std::string_view nameOf(tree::Handler*) { return "handler"; }
  static std::string_view nameOf(tree::TestCase*) { return "case"; }
  static std::string_view nameOf(tree::Local*) { return "local"; }

  static DocumentNode ref(std::string_view name);
  static DocumentNode typed(std::string_view type);
  static DocumentNode constant(DocumentNode value);
  static DocumentNode anyOf(std::vector<DocumentNode> schemas);
  static DocumentNode arrayOf(DocumentNode items, std::size_t least);
  // an object whose names are the author's
  static DocumentNode named(DocumentNode values, std::size_t least);
  static DocumentNode wholeNumber();
  static DocumentNode oneOfWords(const std::vector<std::string_view>& words);
  static DocumentNode nameSchema(Naming naming);
  DocumentNode conditionList() { return arrayOf(part<tree::Condition>(), 0); }
  DocumentNode parameters();

  std::vector<Open> open_;
  // Whose turn it is, of how many; see `choose`.
  std::size_t kind_ = 0, kinds_ = 1;
  std::vector<std::string> defined_;
  std::vector<std::pair<std::string, DocumentNode>> definitions_;
};

template <>
void FormSchema::again<tree::Expect>(std::vector<DocumentNode>& variants, tree::Expect& node);

}  // namespace reticle::form
