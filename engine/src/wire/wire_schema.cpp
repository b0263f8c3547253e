#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "program/program_state.h"
#include "wire/wire.h"
#include "wire/wire_json.h"
#include "wire/wire_places.h"

namespace reticle::wire {

Places::Places(const std::vector<Source>& sources) : sources_(sources) {
  lines_.reserve(sources.size());
  for (const Source& source : sources) {
    std::vector<Line> lines{{0, 0}};
    std::uint32_t utf16 = 0;
    for (std::uint32_t byte = 0; byte < source.text.size();) {
      const CodePoint point = decodeUtf8(source.text, byte);
      byte += point.size;
      utf16 += point.code >= 0x10000 ? 2 : 1;
      if (point.code == '\n') lines.push_back({byte, utf16});
    }
    lines_.push_back(std::move(lines));
  }
}

Position Places::at(std::uint32_t file, std::uint32_t byte) const {
  const std::string& text = sources_[file].text;
  const std::vector<Line>& lines = lines_[file];
  const auto after =
      std::upper_bound(lines.begin(), lines.end(), byte,
                       [](std::uint32_t b, const Line& line) { return b < line.byte; });
  const Line& line = *(after - 1);
  Position position{static_cast<std::uint32_t>(after - lines.begin()), 1, line.utf16};
  for (std::uint32_t i = line.byte; i < byte && i < text.size();) {
    const CodePoint point = decodeUtf8(text, i);
    i += point.size;
    if (i > byte) break;  // a span never ends inside a character; if one does, it ends before it
    position.utf16 += point.code >= 0x10000 ? 2 : 1;
    ++position.column;
  }
  return position;
}

void Places::write(Json& json, const Span& span) const {
  json.object();
  if (span.file < sources_.size()) {
    const Position begin = at(span.file, span.begin);
    const Position end = at(span.file, std::max(span.begin, span.end));
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

const char* nameOf(model::FactKind kind) {
  switch (kind) {
    case model::FactKind::Fact: return "fact";
    case model::FactKind::Subject: return "subject";
    case model::FactKind::Event: return "event";
  }
  return "fact";
}

const char* nameOf(const model::Condition& condition) {
  using Kind = model::Condition::Kind;
  using Origin = model::Condition::Origin;
  if (condition.origin == Origin::Event) return "event";
  if (condition.origin == Origin::Change) return "change";
  if (condition.origin == Origin::Insert) return "insert";
  if (condition.origin == Origin::Retract) return "retract";
  switch (condition.kind) {
    case Kind::Pattern: return "pattern";
    case Kind::Not: return "not";
    case Kind::Exists: return "exists";
    case Kind::Accumulate: return "accumulate";
    case Kind::Let: return "let";
    case Kind::If: return "if";
    case Kind::Forall: return "forall";
    case Kind::Either: return "either";
    case Kind::Each: return "each";
  }
  return "pattern";
}

const char* nameOf(model::Action::Kind kind) {
  using Kind = model::Action::Kind;
  switch (kind) {
    case Kind::Insert: return "insert";
    case Kind::InsertLogical: return "insert logical";
    case Kind::Upsert: return "upsert";
    case Kind::Set: return "set";
    case Kind::Unset: return "unset";
    case Kind::UpdateFields:
    case Kind::UpdateWith: return "update";
    case Kind::Retract: return "retract";
    case Kind::Emit: return "emit";
    case Kind::Call: return "call";
    case Kind::Start: return "start";
    case Kind::Signal: return "signal";
    case Kind::Cancel: return "cancel";
    case Kind::Log: return "log";
    case Kind::Let: return "let";
    case Kind::If: return "if";
    case Kind::For:
    case Kind::ForFacts: return "for";
    case Kind::Focus: return "focus";
    case Kind::Halt: return "halt";
    case Kind::Step: return "call";
    case Kind::Find: return "find";
    case Kind::Sleep:
    case Kind::SleepUntil: return "sleep";
    case Kind::Wait:
    case Kind::WaitUntil: return "wait";
    case Kind::Parallel: return "parallel";
    case Kind::Branch: return "branch";
    case Kind::Try: return "try";
    case Kind::Fail: return "fail";
    case Kind::Return: return "return";
    case Kind::Compensate: return "compensate";
    case Kind::Restart: return "restart";
    case Kind::Clock: return "clock";
    case Kind::Settle: return "settle";
    case Kind::Advance: return "advance";
    case Kind::Crash: return "crash";
    case Kind::Host: return "host";
  }
  return "";
}

class SchemaWriter {
 public:
  SchemaWriter(Json& json, const Program& program, const std::vector<Source>& sources)
      : json_(json), program_(program), model_(program.model), places_(sources) {}

  void write() {
    json_.object();
    json_.key("module").text(model_.module);
    each("types", model_.types, [this](const model::FactType& type) { write(type); });
    each("rules", model_.rules, [this](const model::Rule& rule) { write(rule); });
    each("flows", model_.flows, [this](const model::Flow& flow) { write(flow); });
    each("functions", model_.hosts, [this](const model::Host& host) { write(host); });
    each("queries", model_.queries, [this](const model::Query& query) {
      json_.object().key("name").text(query.name);
      params(query.params);
      span("span", query.span);
      json_.endObject();
    });
    each("tests", model_.tests, [this](const model::Test& test) {
      json_.object().key("name").text(test.name);
      span("span", test.span);
      json_.endObject();
    });
    json_.key("network").object();
    each("nodes", program_.network.nodes, [this](const Node& node) { write(node); });
    json_.endObject();
    json_.endObject();
  }

 private:
  template <typename List, typename Write>
  void each(std::string_view name, const List& list, const Write& write) {
    json_.key(name).list();
    for (const auto& item : list) write(item);
    json_.endList();
  }
  void span(std::string_view name, const Span& span) {
    json_.key(name);
    places_.write(json_, span);
  }
  void params(const std::vector<model::Param>& params) {
    each("params", params, [this](const model::Param& param) {
      json_.object().key("name").text(param.name).key("type").text(toText(param.type)).endObject();
    });
  }
  // A node's id, or -1 where a disabled rule has none.
  void node(NodeId node) {
    json_.key("node").number(node == kNoNode ? -1 : static_cast<std::int64_t>(index(node)));
  }

  void write(const model::FactType& type) {
    json_.object()
        .key("id")
        .number(index(type.id))
        .key("name")
        .text(type.name)
        .key("kind")
        .text(nameOf(type.kind));
    if (type.kind == model::FactKind::Subject) json_.textUnlessEmpty("as", type.nameTemplate);
    if (type.kind == model::FactKind::Event && type.wireName != type.name) {
      json_.textUnlessEmpty("as", type.wireName);
    }
    const bool isBuiltin = type.builtin || type.changeOf.has_value();
    json_.flagIfSet("open", type.open)
        .flagIfSet("builtin", isBuiltin)
        .textUnlessEmpty("doc", type.doc);
    json_.key("fields").list();
    for (std::uint32_t i = 0; i < type.declared && i < type.fields.size(); ++i) {
      write(type.fields[i]);
    }
    json_.endList();
    if (!isBuiltin) span("span", type.span);
    json_.endObject();
  }

  void write(const model::Field& field) {
    json_.object().key("name").text(field.name).key("type").text(toText(field.type));
    json_.flagIfSet("key", field.key)
        .flagIfSet("ext", field.ext)
        .flagIfSet("optional", field.type.optional);
    if (field.initial.present()) {
      const Value initial = evaluate(field.initial.code, Frame{});
      if (!initial.isError()) json_.key("default").value(initial);
    }
    json_.textUnlessEmpty("doc", field.doc).endObject();
  }

  void write(const model::Rule& rule) {
    const auto at = index(rule.id);
    const auto& network = program_.network;
    json_.object().key("id").number(at).key("name").text(rule.name);
    json_.textUnlessEmpty("doc", rule.doc).textUnlessEmpty("group", rule.group).key("salience");
    if (rule.fixedSalience) {
      json_.number(*rule.fixedSalience);
    } else {
      json_.null();
    }
    json_.flagIfSet("disabled", rule.disabled);
    span("span", rule.span);
    span("nameSpan", rule.nameSpan);
    node(at < network.productions.size() ? network.productions[at] : kNoNode);
    json_.key("conditions").list();
    for (std::size_t i = 0; i < rule.conditions.size(); ++i) {
      const model::Condition& condition = rule.conditions[i];
      const bool isBuilt =
          at < network.conditionNodes.size() && i < network.conditionNodes[at].size();
      json_.object().key("kind").text(nameOf(condition)).key("text").text(condition.text);
      span("span", condition.span);
      node(isBuilt ? network.conditionNodes[at][i] : kNoNode);
      json_.endObject();
    }
    json_.endList();
    each("bindings", rule.bindings, [this](const std::string& name) {
      if (name.empty()) {
        json_.null();
      } else {
        json_.text(name);
      }
    });
    json_.endObject();
  }

  void write(const model::Flow& flow) {
    json_.object()
        .key("id")
        .number(index(flow.id))
        .key("name")
        .text(flow.name)
        .textUnlessEmpty("doc", flow.doc);
    span("span", flow.span);
    params(flow.params);
    json_.key("steps").list();
    steps(flow.steps);
    json_.endList().endObject();
  }
  // In the order written; what is inside of others follows them.
  void steps(const std::vector<model::Action>& actions) {
    for (const model::Action& action : actions) {
      const bool isCall = action.kind == model::Action::Kind::Step;
      json_.object()
          .key("name")
          .text(isCall ? action.name : "")
          .key("kind")
          .text(action.runsFlow ? "run" : nameOf(action.kind));
      json_.key("text").text(action.text);
      span("span", action.span);
      json_.endObject();
      steps(action.body);
      steps(action.otherwise);
    }
  }

  void write(const model::Host& host) {
    json_.object().key("name").text(host.name).key("pure").boolean(host.pure);
    params(host.params);
    json_.key("result");
    if (host.result) {
      json_.text(toText(*host.result));
    } else {
      json_.null();
    }
    json_.endObject();
  }

  void write(const Node& node) {
    json_.object()
        .key("id")
        .number(index(node.id))
        .key("kind")
        .text(name(node.kind))
        .key("label")
        .text(node.label);
    json_.key("layer").number(node.layer).key("rules").ids(node.rules);
    if (node.kind == NodeKind::Type || node.kind == NodeKind::Test) {
      json_.key("type").number(index(node.type));
    }
    if (node.span.end > node.span.begin) span("span", node.span);
    if (node.left != kNoNode) json_.key("left").number(index(node.left));
    if (node.right != kNoNode) json_.key("right").number(index(node.right));
    if (node.owner != kNoNode) json_.key("owner").number(index(node.owner));
    json_.endObject();
  }

  Json& json_;
  const Program& program_;
  const model::Program& model_;
  Places places_;
};

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
    json.key("text").text(render(diagnostic, sources)).endObject();
  }
  json.endList();
}

}  // namespace

std::string toJson(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources) {
  Json json;
  write(json, diagnostics, sources);
  return json.take();
}

std::string toJson(const Compiled& compiled) {
  Json json;
  json.object().key("ok").boolean(compiled.ok()).key("diagnostics");
  write(json, compiled.diagnostics, compiled.sources);
  if (compiled.ok()) {
    json.key("schema");
    SchemaWriter(json, *compiled.program, compiled.sources).write();
  }
  json.endObject();
  return json.take();
}

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
