// Rule files of json-rules-engine. NAME.json is the rules; NAME.expected.json says which events
// json-rules-engine 7.3.1 itself gave for which facts (with allowUndefinedFacts and
// replaceFactsInEventParams), noted once: the module made of the rules must give the same.
//   renamed   params whose name cannot be a field's
//   inOrder   the priorities decide the order

#include "reticle/import.h"

#include <algorithm>
#include <iterator>

#include "base/value_json.h"
#include "reticle/form.h"
#include "reticle/wire.h"
#include "support/folder.h"
#include "support/harness.h"

namespace import_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const std::string kFolder = "tests/import";

Value parsed(const std::string& path) {
  const Result<Value> json = wire::parse(readFile(path));
  CHECK_MESSAGE(json.ok(), path);
  return json.ok() ? *json : Value();
}

// The events of one run as text: type and what it holds, nulls left out, by name.
std::string eventText(std::string_view type, std::vector<std::pair<std::string, Value>> fields) {
  std::sort(fields.begin(), fields.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text(type);
  for (const auto& [name, value] : fields) {
    if (value.isNull()) continue;
    text += " " + name + "=";
    writeJson(text, value);
  }
  return text;
}

std::vector<std::string> expectedEvents(const Value& one, const Value* renamed) {
  std::vector<std::string> events;
  for (const Value& event : one.find("events")->asList()) {
    const Value& type = *event.find("type");
    std::vector<std::pair<std::string, Value>> fields;
    if (const Value* params = event.find("params")) {
      for (const auto& [key, value] : params->asMap()) {
        const Value* name = renamed ? renamed->find(key) : nullptr;
        fields.emplace_back(std::string((name ? *name : key).asString()), value);
      }
    }
    events.push_back(eventText(type.asString(), std::move(fields)));
  }
  return events;
}

std::vector<std::string> emittedEvents(std::shared_ptr<const Program> program,
                                       const Imported& imported, const Value& facts) {
  Watched w(std::move(program));
  Value::Map fields;
  for (const auto& [fact, value] : facts.asMap()) {
    for (const auto& [from, to] : imported.fields) {
      if (from == fact.asString()) fields.emplace_back(Value::string(to), value);
    }
  }
  const Value insert = Value::map({{text("kind"), text("insert")},
                                   {text("type"), text("Input")},
                                   {text("fields"), Value::map(std::move(fields))}});
  const Result<Input> input = wire::inputFrom(insert, 0);
  REQUIRE(input.ok());
  w.submit(*input);
  w.settle();
  std::vector<std::string> events;
  for (const Output& output : w.engine.takeOutputs()) {
    if (const CloudEvent* event = std::get_if<CloudEvent>(&output)) {
      events.push_back(eventText(event->type, event->data));
    }
  }
  return events;
}

// The notes as lines "level pointer: message".
std::string notesOf(const std::string& json) {
  std::string lines;
  for (const ImportNote& note : importJsonRules("t.json", json).notes) {
    lines += std::string(note.level == Level::Error     ? "error "
                         : note.level == Level::Warning ? "warning "
                                                        : "note ") +
             note.pointer + ": " + note.message + "\n";
  }
  return lines;
}

std::string withCondition(const std::string& condition) {
  return "{\"conditions\": {\"all\": [" + condition + "]}, \"event\": {\"type\": \"e\"}}";
}

}  // namespace

TEST_SUITE("import of json-rules-engine") {
  TEST_CASE("the events are those that json-rules-engine gave") {
    std::size_t cases = 0;
    for (const std::string& file : filesOf(kFolder, ".expected.json")) {
      CAPTURE(file);
      const std::string name = file.substr(0, file.find('.'));
      const Imported imported =
          importJsonRules(name + ".json", readFile(kFolder + "/" + name + ".json"));
      REQUIRE(imported.ok());
      const auto program = compiled(name + ".rules", imported.text);
      REQUIRE_MESSAGE(program, imported.text);
      const Value expected = parsed(kFolder + "/" + file);
      for (const Value& one : expected.find("cases")->asList()) {
        ++cases;
        std::string facts;
        writeJson(facts, *one.find("facts"));
        CAPTURE(facts);
        std::vector<std::string> wanted = expectedEvents(one, expected.find("renamed")),
                                 got = emittedEvents(program, imported, *one.find("facts"));
        if (!expected.find("inOrder")) {
          std::sort(wanted.begin(), wanted.end());
          std::sort(got.begin(), got.end());
        }
        CHECK(got == wanted);
      }
    }
    CHECK(cases >= 60);
  }

  TEST_CASE("the module is formatted, and says nothing that the checker minds") {
    for (const std::string& file : filesOf(kFolder, ".json")) {
      if (file.find(".expected.") != std::string::npos) continue;
      CAPTURE(file);
      const Imported imported = importJsonRules(file, readFile(kFolder + "/" + file));
      REQUIRE(imported.ok());
      const Compiled checked = check({{file + ".rules", imported.text}});
      CHECK_MESSAGE(checked.diagnostics.empty(), checked.text());
      CHECK(format({file + ".rules", imported.text}).text == imported.text);
    }
  }

  TEST_CASE(
      "what has no counterpart is said, with the place and what to do, in the notes and in the "
      "module") {
    const Imported imported = importJsonRules("notes.json", readFile(kFolder + "/notes.json"));
    REQUIRE(imported.ok());
    std::string lines;
    for (const ImportNote& note : imported.notes) {
      lines += std::string(note.level == Level::Warning ? "warning " : "note ") + note.pointer +
               ": " + note.message + (note.help.empty() ? "" : ". To do: " + note.help) + "\n";
      if (!note.pointer.empty()) {
        CHECK(imported.text.find("// - " + note.pointer + ":") != std::string::npos);
      }
    }
    CHECK(lines == readFile(kFolder + "/notes.txt"));
  }

  TEST_CASE(
      "a path that begins with a point goes down, as it did before version 5, and a note says so") {
    const std::string rule = withCondition(
        "{\"fact\": \"host\", \"operator\": \"equal\", \"path\": \".cpu.quota\", \"value\": 0}, "
        "{\"fact\": \"host\", \"operator\": \"equal\", \"path\": \"..deep\", \"value\": [1]}");
    const Imported imported = importJsonRules("old.json", rule);
    REQUIRE(imported.ok());
    CHECK_MESSAGE(imported.text.find("Input(host.cpu.quota == 0") != std::string::npos,
                  imported.text);
    CHECK(notesOf(rule).find("warning /conditions/all/0/path: paths that begin with a point are "
                             "those of json-rules-engine "
                             "before version 5, and are followed as then; version 7 finds "
                             "nothing there: `.cpu.quota`\n"
                             "warning /conditions/all/1/path: paths that do more than go down") !=
          std::string::npos);
  }

  TEST_CASE("a condition without a value says what to write for an operator that needs none") {
    const Imported imported =
        importJsonRules("t.json", withCondition("{\"fact\": \"a\", \"operator\": \"noneNull\"}"));
    REQUIRE(imported.notes.size() == 1);
    CHECK(imported.notes[0].message == "this condition has no `value`");
    CHECK(imported.notes[0].help ==
          "json-rules-engine refuses it as well; write \"value\": null for an operator that looks "
          "at none");
  }

  TEST_CASE("an event has the params of its rule and no others, not even as null") {
    const Imported imported = importJsonRules("params.json", readFile(kFolder + "/params.json"));
    const auto program = compiled("params.rules", imported.text);
    REQUIRE_MESSAGE(program, imported.text);
    Watched w(program);
    w.submit(insert("Input", {{"x", Value::integer(1)}}));
    w.settle();
    std::vector<std::string> names;
    for (const Output& output : w.engine.takeOutputs()) {
      const CloudEvent* event = std::get_if<CloudEvent>(&output);
      if (!event) continue;
      CHECK(event->type == "my event/type");
      std::string all;
      for (const auto& [name, value] : event->data) all += (all.empty() ? "" : " ") + name;
      names.push_back(all);
    }
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{"number text x",
                                            "text number whole yes list map nothing dashEd in_"});
  }

  TEST_CASE("there is one note a kind, with its count, its names and some of its places") {
    std::string rules;
    for (int i = 0; i < 20; ++i) {
      const std::string n = std::to_string(i);
      rules += std::string(i == 0 ? "" : ", ") + "{\"conditions\": {\"all\": [{\"fact\": \"f\", " +
               "\"operator\": \"op" + n + "\", \"value\": 1}]}, \"event\": {\"type\": \"e\"}, " +
               "\"author\": \"x\"}";
    }
    CHECK(
        notesOf("[" + rules + "]") ==
        "note /0/author: json-rules-engine looks at no `author` of a rule; left out here; 20 "
        "times, also at /1/author, /2/author, /3/author and 16 more\n"
        "warning /0/conditions/all/0/operator: operators of the old host are host functions here: "
        "`op0` is `operators.op0`, `op1` is `operators.op1`, `op2` is `operators.op2`, `op3` is "
        "`operators.op3`, `op4` is `operators.op4`, `op5` is `operators.op5`, `op6` is "
        "`operators.op6`, `op7` is `operators.op7`, `op8` is `operators.op8`, `op9` is "
        "`operators.op9`, `op10` is `operators.op10`, `op11` is `operators.op11` and 8 more; 20 "
        "times, also at /1/conditions/all/0/operator, /2/conditions/all/0/operator, "
        "/3/conditions/all/0/operator and 16 more\n");
  }

  TEST_CASE("comparisons by identity are noted wherever lists or objects may meet") {
    const std::string same = "json-rules-engine asks here whether this is the very same ";
    for (const auto& each : std::vector<std::pair<std::string, std::string>>{
             {"\"operator\": \"notEqual\", \"value\": {\"a\": 1}", same + "object"},
             {"\"operator\": \"in\", \"value\": [1, [2]]", same + "object"},
             {"\"operator\": \"contains\", \"value\": [2]", same + "list"},
             {"\"operator\": \"equal\", \"value\": {\"fact\": \"g\"}",
              "two facts that are lists"}}) {
      CHECK_MESSAGE(
          notesOf(withCondition("{\"fact\": \"f\", " + each.first + "}")).find(each.second) !=
              std::string::npos,
          each.first);
    }
    CHECK(notesOf(withCondition(
              "{\"fact\": \"f\", \"operator\": \"in\", \"value\": [1, \"a\"]}")) == "");
  }

  TEST_CASE("a fact that is null and one that is not given are equal here, which is noted") {
    const auto saysSo = [](const std::string& value) {
      return notesOf(withCondition(
                         "{\"fact\": \"f\", \"operator\": \"equal\", \"value\": " + value + "}"))
                 .find("a fact that is not given is null here") != std::string::npos;
    };
    CHECK(saysSo("{\"fact\": \"g\"}"));
    CHECK(saysSo("null"));
    CHECK(!saysSo("1"));
  }

  TEST_CASE("what the rules and facts were called stays readable") {
    const std::string text =
        importJsonRules("loose-kinds.json", readFile(kFolder + "/loose-kinds.json")).text;
    for (const char* part :
         {"erfuellt: any?", "event Erfuellt as \"erfüllt\" { strasse: string }",
          "/// The old id: `salary-17`.\n/// Well paid.\nrule \"salary-17\"",
          "rule \"off\" disabled", "size(order.lines)", "/// A number.\n  salary: any?"}) {
      CHECK_MESSAGE(text.find(part) != std::string::npos, part, text);
    }
    CHECK(importJsonRules("d.json",
                          "{\"decisions\": [{\"conditions\": {\"all\": []}, \"event\": "
                          "{\"type\": \"e\"}}]}")
              .ok());
  }

  TEST_CASE("mistakes are reported with their places, all of them, and there is no module") {
    CHECK(notesOf("") == "error : this is not JSON: it ends too early (line 1, byte 1)\n");
    CHECK(notesOf("{\n\"conditions\": }") ==
          "error : this is not JSON: unexpected `\"conditions\": }` (line 2, byte 17)\n");
    CHECK(notesOf(std::string(100'000, '[')) ==
          "error : lists and maps nest deeper than 100 levels\n");
    CHECK(notesOf("{\"a\": 1, \"a\": 2}") == "error : the member `a` is given twice\n");
    CHECK(notesOf("7") == "error : this is no rule file of json-rules-engine\n");
    CHECK(notesOf("[7]") ==
          "error /0: a rule is an object with conditions and an event; this is `7`\n");
    CHECK(notesOf("[{\"event\": {\"type\": \"e\"}}]") ==
          "error /0: this rule has no `conditions`\n");
    CHECK(notesOf("{\"conditions\": {\"fact\": \"a\"}, \"event\": {\"type\": \"e\"}}") ==
          "error /conditions: the root of conditions is `all`, `any`, `not` or `condition`\n");
    CHECK(notesOf("{\"conditions\": {\"all\": {}}, \"event\": {}, \"priority\": 0}") ==
          "error /conditions/all: `all` takes a list of conditions; this is an object\n"
          "error /priority: a priority is greater than zero; this is 0\n"
          "error /event: an event is an object with a `type`; this is an object\n");
    CHECK(notesOf(withCondition("{\"not\": []}, {\"fact\": \"a\"}, 3")) ==
          "error /conditions/all/0/not: `not` takes one condition, and not a list\n"
          "error /conditions/all/1: this condition has no `operator`\n"
          "error /conditions/all/1: this condition has no `value`\n"
          "error /conditions/all/2: a condition is an object; this is `3`\n");
    CHECK(notesOf(withCondition("{\"fact\": \"a\", \"operator\": \"in\", \"value\": 3}")) ==
          "error /conditions/all/0/value: `in` needs a list; this is `3`\n");
    CHECK(
        notesOf(withCondition("{\"fact\": \"a\", \"operator\": \"lessThan\", \"value\": true}")) ==
        "error /conditions/all/0/value: `lessThan` needs a number; this is `true`\n");
    CHECK(notesOf(withCondition("{\"fact\": \"a\", \"operator\": \"odd:equal\", \"value\": 1}")) ==
          "error /conditions/all/0/operator: there is no counterpart to the decorator `odd`\n");
    CHECK(notesOf(withCondition(
              "{\"fact\": \"a\", \"operator\": \"someValue:equal\", \"value\": 1}")) ==
          "error /conditions/all/0/value: `someValue` needs a list here; this is `1`\n");
    CHECK(notesOf(withCondition(
              "{\"fact\": \"a\", \"operator\": \"swap:everyFact:equal\", \"value\": \"x\"}")) ==
          "error /conditions/all/0/value: `everyFact` needs a list here; this is a text\n");
    CHECK(
        notesOf(withCondition("{\"fact\": \"a\", \"operator\": \"everyFact:in\", \"value\": 1}")) ==
        "error /conditions/all/0/value: `in` needs a list here; this is `1`\n");
    CHECK(notesOf("{\"conditions\": {\"condition\": \"a/b\"}, \"event\": {\"type\": \"e\"}}") ==
          "error /conditions/condition: there is no shared condition `a/b`\n");
    CHECK(notesOf("{\"rules\": [], \"conditions\": {\"a/b\": {\"condition\": \"c\"}, \"c\": "
                  "{\"not\": {\"condition\": \"a/b\"}}}}") ==
          "error /conditions/a~1b: the shared condition `a/b` refers to itself\n"
          "error /conditions/c: the shared condition `c` refers to itself\n");
  }

  TEST_CASE(
      "whatever is imported is a module without an error, however strange its names and values") {
    const char* words[] = {"",
                           "a",
                           "in",
                           "this",
                           "Input",
                           "1st",
                           "x-y",
                           "\xc3\xa9",
                           "$.a",
                           "$..a",
                           "not:equal",
                           "swap:in",
                           "everyFact:contains",
                           "someValue:lessThan",
                           "null",
                           "meta",
                           "input",
                           "a\\nb",
                           "t\\\"{x}"};
    std::uint32_t chance = 1;
    const auto next = [&](std::size_t below) {
      return static_cast<std::size_t>((chance = chance * 1664525u + 1013904223u) >> 8) % below;
    };
    std::size_t made = 0;
    for (const char* name :
         {"notes", "operators", "accounts", "shared", "between-facts", "params"}) {
      const std::string json = readFile(kFolder + "/" + name + ".json");
      for (int turn = 0; turn < 60; ++turn) {
        std::string changed = json;
        // Some texts become other texts, as keys as well as values.
        for (std::size_t times = 1 + next(3); times-- > 0;) {
          std::size_t begin = changed.find('"', next(changed.size()));
          if (begin == std::string::npos) continue;
          const std::size_t end = changed.find('"', begin + 1);
          if (end == std::string::npos) continue;
          changed.replace(begin + 1, end - begin - 1, words[next(std::size(words))]);
        }
        const Imported imported = importJsonRules("t.json", changed);
        if (!imported.ok()) continue;
        ++made;
        const Compiled checked = check({{"t.rules", imported.text}});
        CHECK_MESSAGE(!hasErrors(checked.diagnostics), changed, imported.text, checked.text());
      }
    }
    CHECK(made > 30);
  }

  TEST_CASE("any cut of a rule file is reported or read, and never more") {
    const std::string json = readFile(kFolder + "/notes.json");
    for (std::size_t end = 0; end < json.size(); end += 7) {
      const Imported imported = importJsonRules("cut.json", json.substr(0, end));
      CHECK(imported.ok() ==
            std::none_of(imported.notes.begin(), imported.notes.end(),
                         [](const ImportNote& note) { return note.level == Level::Error; }));
    }
  }
}

}  // namespace import_test
