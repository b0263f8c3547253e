// Writes the JSON Schema of the form from the same description that reads and writes modules.
#include "form/form_schema.h"

#include <algorithm>

namespace reticle::form {

DocumentNode FormSchema::ref(std::string_view name) {
  return DocumentNode::object().add("$ref", DocumentNode::string("#/$defs/" + std::string(name)));
}
DocumentNode FormSchema::typed(std::string_view type) {
  return DocumentNode::object().add("type", DocumentNode::string(type));
}
DocumentNode FormSchema::constant(DocumentNode value) {
  return DocumentNode::object().add("const", std::move(value));
}
// As FormReader::integerOf accepts them: no negative ones.
DocumentNode FormSchema::wholeNumber() {
  return typed("integer").add("minimum", DocumentNode::number("0"));
}

DocumentNode FormSchema::anyOf(std::vector<DocumentNode> schemas) {
  DocumentNode list = DocumentNode::list();
  for (DocumentNode& schema : schemas) list.add(std::move(schema));
  return DocumentNode::object().add("anyOf", std::move(list));
}

DocumentNode FormSchema::arrayOf(DocumentNode items, std::size_t least) {
  DocumentNode schema = typed("array").add("items", std::move(items));
  if (least > 0) schema.add("minItems", DocumentNode::number(std::to_string(least)));
  return schema;
}

// An object whose member names are the author's, each a name of the language.
DocumentNode FormSchema::named(DocumentNode values, std::size_t least) {
  DocumentNode schema = typed("object")
                            .add("propertyNames", ref("name"))
                            .add("additionalProperties", std::move(values));
  if (least > 0) schema.add("minProperties", DocumentNode::number(std::to_string(least)));
  return schema;
}

DocumentNode FormSchema::oneOfWords(const std::vector<std::string_view>& words) {
  DocumentNode list = DocumentNode::list();
  for (const std::string_view word : words) list.add(DocumentNode::string(word));
  return DocumentNode::object().add("enum", std::move(list));
}

DocumentNode FormSchema::nameSchema(Naming naming) {
  switch (naming) {
    case Naming::Plain: return ref("name");
    case Naming::Binding: return ref("binding");
    case Naming::Type: return ref("typeName");
    case Naming::Qualified: return ref("qname");
    case Naming::QualifiedType: return ref("qtype");
  }
  return ref("name");
}

void FormSchema::put(std::string_view member, DocumentNode schema, Need need) {
  Open& open = open_.back();
  open.properties.add(std::string(member), std::move(schema));
  if (need == kRequired) open.required.add(DocumentNode::string(member));
}

// No other members: the schema must refuse what RL8011 refuses.
DocumentNode FormSchema::closed() {
  Open open = std::move(open_.back());
  open_.pop_back();
  DocumentNode schema = typed("object");
  if (!open.required.items.empty()) schema.add("required", std::move(open.required));
  schema.add("additionalProperties", DocumentNode::yes(false))
      .add("properties", std::move(open.properties));
  // No construct has two such choices; a second one would need an `allOf`.
  if (open.choices.size() == 1) schema.add("oneOf", std::move(open.choices[0]));
  return schema;
}

// The only number that is not whole is a jitter, a share of the delay.
void FormSchema::number(std::string_view member, double&) {
  put(member, typed("number")
                  .add("minimum", DocumentNode::number("0"))
                  .add("maximum", DocumentNode::number("1")));
}

void FormSchema::cells(std::string_view member, std::vector<std::vector<tree::Cell>>&) {
  put(member, arrayOf(typed("string").add("minLength", DocumentNode::number("1")), 1), kRequired);
}

// Parts

DocumentNode FormSchema::parameters() {
  // As in `part`: defined once, and referred to from then on.
  if (std::find(defined_.begin(), defined_.end(), "parameter") == defined_.end()) {
    defined_.push_back("parameter");
    tree::Field field;
    DocumentNode schema = made([&] { describe(*this, field, Parameter{}); });
    definitions_.emplace_back("parameter", std::move(schema));
  }
  return arrayOf(ref("parameter"), 0);
}

void FormSchema::suffixes(std::vector<tree::Suffix>&) {
  for (const SuffixMember& m : kSuffixes) {
    tree::Suffix suffix;
    DocumentNode one = m.kind == tree::Suffix::Kind::Held
                           ? ref("duration")
                           : made([&] { describe(*this, suffix, m.kind); });
    // Before `one` is moved from.
    DocumentNode several = arrayOf(one, 1);
    put(m.member, anyOf({std::move(one), std::move(several)}));
  }
}

namespace {
// One of these members must be there, and no other.
DocumentNode oneRequired(const std::vector<std::string_view>& members) {
  DocumentNode list = DocumentNode::list();
  for (const std::string_view member : members) {
    DocumentNode required = DocumentNode::list();
    required.add(DocumentNode::string(member));
    list.add(DocumentNode::object().add("required", std::move(required)));
  }
  return list;
}
}  // namespace

// Neither is required by itself; exactly one of the two must be there.
void FormSchema::window(tree::Suffix&) {
  put("last", ref("duration"));
  put("lastCount", wholeNumber());
  put("by", ref("cel"));
  open_.back().choices.push_back(oneRequired({"last", "lastCount"}));
}

void FormSchema::into(std::string_view member, std::vector<tree::AccumulateFunction>&) {
  // {"sum": "i.qty"}: one function with its argument (percentile: a list of two), or the word of
  // one without.
  DocumentNode call = named(anyOf({ref("cel"), arrayOf(ref("cel"), 2)}), 1)
                          .add("maxProperties", DocumentNode::number("1"));
  put(member, named(anyOf({ref("name"), std::move(call)}), 1), kRequired);
}

void FormSchema::fieldsOrWith(tree::Action&) {
  put("fields", ref("values"));
  put("with", ref("value"));
  open_.back().choices.push_back(oneRequired({"fields", "with"}));
}

void FormSchema::callOrRun(tree::Action&) {
  put("call", ref("qname"));
  put("run", ref("qname"));
  open_.back().choices.push_back(oneRequired({"call", "run"}));
}

void FormSchema::once(std::string_view member, tree::Declaration&) {
  DocumentNode per = made([&] {
    std::optional<Expr> none;
    source("per", none, kRequired);
  });
  put(member, anyOf({typed("boolean"), std::move(per)}));
}

void FormSchema::handlers(std::string_view member, std::vector<tree::Handler>&) {
  put(member, made([&] {
        // The names are closed, unlike those of `named`, so an editor can offer them.
        std::optional<tree::Handler> none;
        for (const std::string_view handler : kHandlers) object(handler, none);
      }));
}

// The kinds after `not` are variants of its value.
bool FormSchema::negation(std::string_view, tree::Expect&) { return false; }

template <>
// `not` has two meanings by what stands inside it, and `choose` knows only one variant a member.
// The variants with an occurrence are added after the one with a pattern.
void FormSchema::again<tree::Expect>(std::vector<DocumentNode>& variants, tree::Expect& node) {
  if (node.kind != tree::Expect::Kind::Not) return;
  std::vector<DocumentNode> kinds;
  for (const auto& lead : kNegated) {
    tree::Expect negated;
    negated.kind = lead.kind;
    kinds.push_back(made([&] { describeOccurrence(*this, negated); }));
  }
  variants.push_back(made([&] { put("not", anyOf(std::move(kinds)), kRequired); }));
}

void FormSchema::comparison(Operator&, std::optional<std::int64_t>&, std::optional<Expr>&) {
  std::vector<std::string_view> signs;
  for (const Operator relation : kRelations) {
    signs.push_back(signOf(relation));
    put(signs.back(), anyOf({wholeNumber(), ref("cel")}));
  }
  open_.back().choices.push_back(oneRequired(signs));
}

// The whole

DocumentNode FormSchema::schema() {
  const auto pattern = [](std::string_view expression, std::string_view about) {
    return typed("string")
        .add("pattern", DocumentNode::string(expression))
        .add("description", DocumentNode::string(about));
  };
  constexpr std::string_view kWord = "[A-Za-z_][A-Za-z0-9_]*";
  const std::string word(kWord);
  tree::Module module;
  DocumentNode root = made([&] { describe(*this, module); });
  DocumentNode out = DocumentNode::object();
  out.add("$schema", DocumentNode::string("https://json-schema.org/draft/2020-12/schema"));
  out.add("title", DocumentNode::string("Rule module, interchange form 1"));
  // The root is the module's schema itself, with the definitions it refers to at its end.
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    out.add(root.names[i], std::move(root.items[i]));
  }

  DocumentNode definitions = DocumentNode::object();
  definitions.add("name", pattern("^" + word + "$", "a name"));
  definitions.add("binding",
                  pattern("^[a-z_][A-Za-z0-9_]*$", "a name that begins with a small letter"));
  definitions.add("typeName",
                  pattern("^[A-Z_][A-Za-z0-9_]*$", "a name that begins with a capital"));
  definitions.add("qname",
                  pattern("^" + word + "(\\." + word + ")*$",
                          "a name, with the name of its module in front where it is another's"));
  definitions.add("qtype", pattern("^((" + word + "\\.)*[A-Z_][A-Za-z0-9_]*|\\*)$",
                                   "the name of a type; under `on`, `*` for any event"));
  definitions.add("label", typed("string").add("minLength", DocumentNode::number("1")));
  definitions.add("duration", pattern("^(([0-9]+(\\.[0-9]+)?(ms|us|ns|[smhdw]))+|[^0-9-].*)$",
                                      "500ms, 30s, 10m, 1h30m, 2d, or the name of a constant"));
  // Only the outside of a type: a regular expression cannot count the brackets inside, and the
  // reader checks the rest.
  definitions.add("type", pattern("^\\s*(list\\s*<.*>|map\\s*<.*>|enum\\s*\\(.*\\)|bool|int|double|"
                                  "string|bytes|timestamp|duration|any|(" +
                                      word + "\\.)*[A-Z][A-Za-z0-9_]*)\\s*\\??\\s*$",
                                  "a type in the notation of the text: string, list<int>, "
                                  "map<string, any>, enum(\"a\", \"b\"), Band?"));
  definitions.add("cel", typed("string")
                             .add("minLength", DocumentNode::number("1"))
                             .add("description", DocumentNode::string("CEL source")));
  DocumentNode plain = DocumentNode::list();
  for (const char* type : {"number", "boolean", "null"}) plain.add(DocumentNode::string(type));
  DocumentNode literal = made([&] { put("lit", DocumentNode::object(), kRequired); });
  definitions.add(
      "value",
      anyOf({ref("cel"), DocumentNode::object().add("type", std::move(plain)), std::move(literal)})
          .add("description",
               DocumentNode::string("a text is CEL source; a number, true, false and null are "
                                    "themselves; {\"lit\": x} is any literal")));
  definitions.add("values", named(ref("value"), 0));
  definitions.add("made", anyOf({ref("cel"), made([&] {
                                   put("type", ref("qtype"), kRequired);
                                   put("copy", ref("cel"));
                                   put("fields", ref("values"), kRequired);
                                 })}));
  // The described parts come after the notations, each in the order in which it was completed.
  for (auto& [name, schema] : definitions_) definitions.add(name, std::move(schema));
  out.add("$defs", std::move(definitions));
  return out;
}

}  // namespace reticle::form
