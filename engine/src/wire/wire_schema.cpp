// What compiling gives, as JSON: diagnostics with their places, and the schema of the program.
//
// Spans of sources become places of editors (UTF-16 offsets) and of people (lines and columns);
// that is the one thing the schema itself does not hold, since it needs the texts.
#include <algorithm>
#include <optional>

#include "document/renderer.h"
#include "reticle/schema.h"
#include "reticle/wire.h"
#include "wire/wire_json.h"
#include "wire/wire_places.h"

namespace reticle::wire {

Places::Places(const std::vector<Source>& sources) : sources_(sources) {
  places_.reserve(sources.size());
  for (const Source& source : sources) places_.emplace_back(source.text);
}

// A span of no source (an error of the command line, a built-in) is the beginning of a file
// without a name.
void Places::write(Json& json, const Span& span) const {
  json.object();
  if (span.file < sources_.size()) {
    const Position begin = places_[span.file].at(span.begin);
    const Position end = places_[span.file].at(std::max(span.begin, span.end));
    json.key("file").text(sources_[span.file].name);
    json.key("start").number(begin.utf16).key("end").number(end.utf16);
    json.key("line").number(begin.line).key("column").number(begin.column);
    json.key("endLine").number(end.line).key("endColumn").number(end.column);
  } else {
    json.key("file").text("");
    for (const char* name : {"start", "end"}) json.key(name).number(0);
    for (const char* name : {"line", "column", "endLine", "endColumn"}) json.key(name).number(1);
  }
  json.endObject();
}

namespace {

// Each kind of item is one function, its members in the order of types.ts.
class SchemaWriter {
 public:
  SchemaWriter(Json& json, const Schema& schema, const std::vector<Source>& sources)
      : json_(json), schema_(schema), places_(sources) {}

  void write() {
    json_.object().key("module").text(schema_.module);
    each("types", schema_.types);
    each("rules", schema_.rules);
    each("flows", schema_.flows);
    each("functions", schema_.functions);
    each("queries", schema_.queries);
    each("tests", schema_.tests);
    json_.key("network").object();
    each("nodes", schema_.nodes);
    json_.endObject().endObject();
  }

 private:
  // A member that is a list.
  template <typename Item>
  void each(std::string_view name, const std::vector<Item>& items) {
    json_.key(name).list();
    for (const Item& item : items) write(item);
    json_.endList();
  }
  // Spans become places of the source, for editors and for people.
  void span(std::string_view name, const Span& span) {
    json_.key(name);
    places_.write(json_, span);
  }
  // A node's id, or -1 where a disabled rule has none.
  void node(NodeId node) {
    json_.key("node").number(node == kNoNode ? -1 : static_cast<std::int64_t>(index(node)));
  }
  // Alpha nodes and first joins lack some of their parents.
  void parent(std::string_view name, NodeId node) {
    if (node != kNoNode) json_.key(name).number(index(node));
  }

  void write(const ParameterSchema& param) {
    json_.object().key("name").text(param.name).key("type").text(param.type).endObject();
  }

  // What is built in stands in no source, so it has no span.
  void write(const TypeSchema& type) {
    json_.object().key("id").number(index(type.id)).key("name").text(type.name);
    json_.key("kind").text(name(type.kind)).textUnlessEmpty("as", type.as);
    json_.flagIfSet("open", type.open).flagIfSet("builtin", type.builtin);
    json_.textUnlessEmpty("doc", type.doc);
    each("fields", type.fields);
    if (!type.builtin) span("span", type.span);
    json_.endObject();
  }

  // A default only when it has a value without a session.
  void write(const FieldSchema& field) {
    json_.object().key("name").text(field.name).key("type").text(field.type);
    json_.flagIfSet("key", field.key).flagIfSet("ext", field.ext);
    json_.flagIfSet("optional", field.optional);
    if (field.value) json_.key("default").value(*field.value);
    json_.textUnlessEmpty("doc", field.doc).endObject();
  }

  // A computed salience is null, and so is the name of a fact that the rule does not bind.
  void write(const RuleSchema& rule) {
    json_.object().key("id").number(index(rule.id)).key("name").text(rule.name);
    json_.textUnlessEmpty("doc", rule.doc).textUnlessEmpty("group", rule.group).key("salience");
    if (rule.salience) {
      json_.number(*rule.salience);
    } else {
      json_.null();
    }
    json_.flagIfSet("disabled", rule.disabled);
    span("span", rule.span);
    span("nameSpan", rule.nameSpan);
    node(rule.node);
    each("conditions", rule.conditions);
    json_.key("bindings").list();
    for (const std::string& name : rule.bindings) {
      if (name.empty()) {
        json_.null();
      } else {
        json_.text(name);
      }
    }
    json_.endList().endObject();
  }

  // Its node is where matches of the conditions so far are kept.
  void write(const ConditionSchema& condition) {
    json_.object().key("kind").text(condition.kind).key("text").text(condition.text);
    span("span", condition.span);
    node(condition.node);
    json_.endObject();
  }

  void write(const FlowSchema& flow) {
    json_.object().key("id").number(index(flow.id)).key("name").text(flow.name);
    json_.textUnlessEmpty("doc", flow.doc);
    span("span", flow.span);
    each("params", flow.params);
    each("steps", flow.steps);
    json_.endObject();
  }

  void write(const StepSchema& step) {
    json_.object().key("name").text(step.name).key("kind").text(step.kind);
    json_.key("text").text(step.text);
    span("span", step.span);
    json_.endObject();
  }

  // A function without a result returns null on the wire.
  void write(const FunctionSchema& function) {
    json_.object().key("name").text(function.name).key("pure").boolean(function.pure);
    each("params", function.params);
    json_.key("result");
    if (function.result) {
      json_.text(*function.result);
    } else {
      json_.null();
    }
    json_.endObject();
  }

  void write(const QuerySchema& query) {
    json_.object().key("name").text(query.name);
    each("params", query.params);
    span("span", query.span);
    json_.endObject();
  }

  void write(const TestSchema& test) {
    json_.object().key("name").text(test.name);
    span("span", test.span);
    json_.endObject();
  }

  // A node that stands for several places has no span.
  void write(const NodeSchema& node) {
    json_.object().key("id").number(index(node.id)).key("kind").text(node.kind);
    json_.key("label").text(node.label).key("layer").number(node.layer);
    json_.key("rules").ids(node.rules);
    if (node.type) json_.key("type").number(index(*node.type));
    if (node.span.end > node.span.begin) span("span", node.span);
    parent("left", node.left);
    parent("right", node.right);
    parent("owner", node.owner);
    json_.endObject();
  }

  Json& json_;
  const Schema& schema_;
  Places places_;
};

// With the terminal rendering beside the parts, so that hosts can show either.
void write(Json& json, const std::vector<Diagnostic>& diagnostics,
           const std::vector<Source>& sources) {
  const Places places(sources);
  const auto span = [&](const Span& span) {
    json.key("span");
    places.write(json, span);
  };
  const auto texts = [&](std::string_view name, const std::vector<std::string>& texts) {
    json.key(name).list();
    for (const std::string& text : texts) json.text(text);
    json.endList();
  };
  Renderer renderer(sources);
  json.list();
  for (const Diagnostic& diagnostic : diagnostics) {
    json.object()
        .key("code")
        .text(diagnostic.code)
        .key("level")
        .text(levelName(diagnostic.level))
        .key("message")
        .text(diagnostic.message);
    span(diagnostic.span);
    json.textUnlessEmpty("label", diagnostic.label);
    json.key("related").list();
    for (const Related& related : diagnostic.related) {
      json.object();
      span(related.span);
      json.key("message").text(related.message).endObject();
    }
    json.endList().key("fixes").list();
    for (const Fix& fix : diagnostic.fixes) {
      json.object().key("title").text(fix.title).key("edits").list();
      for (const Edit& edit : fix.edits) {
        json.object();
        span(edit.span);
        json.key("text").text(edit.text).endObject();
      }
      json.endList().endObject();
    }
    json.endList();
    texts("help", diagnostic.help);
    texts("notes", diagnostic.notes);
    if (diagnostic.more > 0) json.key("more").number(static_cast<std::int64_t>(diagnostic.more));
    json.key("text").text(renderer.render(diagnostic)).endObject();
  }
  json.endList();
}

}  // namespace

std::string toJson(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources) {
  Json json;
  write(json, diagnostics, sources);
  return json.take();
}

// The schema only when there is a program to describe.
std::string toJson(const Compiled& compiled) {
  Json json;
  json.object().key("ok").boolean(compiled.ok()).key("diagnostics");
  write(json, compiled.diagnostics, compiled.sources);
  if (compiled.ok()) {
    json.key("schema");
    SchemaWriter(json, schemaOf(*compiled.program), compiled.sources).write();
  }
  json.endObject();
  return json.take();
}

// What fired is left out: coverage is a matter of sources, not of a report.
std::string toJson(const std::vector<TestOutcome>& tests, const std::vector<Source>& sources) {
  const Places places(sources);
  Json json;
  json.list();
  for (const TestOutcome& test : tests) {
    json.object()
        .key("name")
        .text(test.name)
        .key("passed")
        .boolean(test.passed)
        .key("digest")
        .text(test.digest)
        .key("failures")
        .list();
    for (const TestFailure& failure : test.failures) {
      json.object().key("message").text(failure.message).key("span");
      places.write(json, failure.span);
      json.endObject();
    }
    json.endList().endObject();
  }
  json.endList();
  return json.take();
}

}  // namespace reticle::wire
