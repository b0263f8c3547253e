// Other rules for a running session: what goes on, what begins anew, what is refused, and that the
// journal holds it.

#include <algorithm>
#include <random>
#include <set>

#include "support/harness.h"

namespace engine_replace_test {

using namespace reticle;
using namespace reticle::test;

namespace {

using Lines = std::vector<std::string>;

const std::string kTypes = R"(
fact A { key id: int n: int = 0 }
fact B { key id: int of: int }
fact Out { key by: string key id: int }
)";

std::shared_ptr<const Program> program(const std::string& rules) {
  return compiled("replace.rules", kTypes + rules);
}

FactId insertA(Watched& w, std::int64_t id, std::int64_t n) {
  return w.insert("A", {{"id", number(id)}, {"n", number(n)}});
}

const Replaced::Rule& ruleIn(const Replaced& report, const std::string& name) {
  const auto found = std::find_if(report.rules.begin(), report.rules.end(),
                                  [&](const Replaced::Rule& rule) { return rule.name == name; });
  REQUIRE(found != report.rules.end());
  return *found;
}

// The facts of a type, as text, whatever their ids.
std::multiset<std::string> contents(const Engine& engine, const std::string& type) {
  std::multiset<std::string> out;
  for (const FactView& fact : engine.facts(type)) {
    std::string line;
    for (const auto& [name, value] : fact.fields) line += name + "=" + toText(value) + " ";
    out.insert(line);
  }
  return out;
}

// The matches of a rule by what their facts hold.
std::multiset<std::string> matches(const Engine& engine, const std::string& rule) {
  std::multiset<std::string> out;
  const Result<RuleMatches> found = engine.matches(rule, 10'000);
  REQUIRE(found.ok());
  for (const MatchView& match : found->complete) {
    std::string line;
    for (const FactId fact : match.facts) {
      const std::optional<FactView> view = engine.fact(fact);
      REQUIRE(view);
      for (const auto& [name, value] : view->fields) line += name + "=" + toText(value) + " ";
    }
    for (const auto& [name, value] : match.bindings) line += name + ":" + toText(value) + " ";
    out.insert(line);
  }
  return out;
}

}  // namespace

TEST_SUITE("replace") {
  TEST_CASE(
      "a rule that means the same does not fire again; a changed one does, and a new one; what is "
      "ready stays ready, in its order") {
    Watched w(
        program("rule same when { a: A(n > 0) } then { log t\"same {a.id}\" }\nrule changed when { "
                "a: A(n > 5) } then { log t\"changed {a.id}\" }\n"));
    insertA(w, 1, 9);
    insertA(w, 2, 3);
    CHECK(w.settle() == 3);
    insertA(w, 3, 9);
    w.watch.log.clear();
    const std::vector<ActivationView> ready = w.engine.agenda();
    const Result<Replaced> report = w.engine.replaceProgram(program(R"(
rule added when { A(id == 1) } then { log "added" }
// The same words in another layout, and at another place.
rule changed when { a: A(n > 2) } then { log t"changed {a.id}" }
rule same
when { a: A( n > 0 ) }
then { log t"same {a.id}" }
)"));
    REQUIRE(report.ok());
    CHECK(ruleIn(*report, "same").fate == Replaced::Fate::Same);
    CHECK(ruleIn(*report, "same").gained == 0);
    CHECK(ruleIn(*report, "same").lost == 0);
    CHECK(ruleIn(*report, "changed").fate == Replaced::Fate::Changed);
    CHECK(ruleIn(*report, "changed").gained == 3);
    CHECK(ruleIn(*report, "changed").lost == 1);
    CHECK(ruleIn(*report, "added").gained == 1);
    const std::vector<ActivationView> now = w.engine.agenda();
    const auto kept = std::find_if(now.begin(), now.end(),
                                   [&](const ActivationView& each) { return each.name == "same"; });
    REQUIRE(kept != now.end());
    CHECK(std::any_of(ready.begin(), ready.end(), [&](const ActivationView& each) {
      return each.id == kept->id && each.recency == kept->recency && each.name == "same";
    }));
    CHECK(w.settle() == 5);
    CHECK(w.watch.log == Lines{"added", "changed 3", "changed 2", "changed 1", "same 3"});
  }

  TEST_CASE("constants, functions and tables are part of what a rule means") {
    const auto rules = [](const std::string& declarations) {
      return declarations + "rule r when { a: A(big(n)) } then { log t\"{LIMIT}\" }\n";
    };
    const std::string first = "const LIMIT = 5\nfunction big(n: int) -> bool = n > LIMIT\n";
    Watched w(program(rules(first)));
    insertA(w, 1, 9);
    CHECK(w.settle() == 1);
    REQUIRE(w.engine.replaceProgram(program(rules(first))).ok());
    CHECK(w.settle() == 0);
    for (const char* other : {"const LIMIT = 6\nfunction big(n: int) -> bool = n > LIMIT\n",
                              "const LIMIT = 6\nfunction big(n: int) -> bool = n >= LIMIT\n"}) {
      const Result<Replaced> report = w.engine.replaceProgram(program(rules(other)));
      REQUIRE(report.ok());
      CHECK(report->rules[0].fate == Replaced::Fate::Changed);
      CHECK(w.settle() == 1);
    }
  }

  TEST_CASE(
      "logical facts stay while a rule that goes on supports them, and go with the last one") {
    const std::string kept =
        "rule kept when { a: A(n > 0) } then { insert logical Out{by: \"x\", id: a.id} }\n";
    const std::string gone =
        "rule gone when { a: A(n > 5) } then { insert logical Out{by: \"x\", id: a.id} insert "
        "logical Out{by: \"y\", id: a.id} }\n";
    const std::string next =
        "rule next when { o: Out(by == \"y\") } then { insert logical Out{by: \"z\", id: o.id} }\n";
    Watched w(program(kept + gone + next));
    insertA(w, 1, 9);
    w.settle();
    REQUIRE(w.engine.facts("Out").size() == 3);
    const Result<Replaced> report = w.engine.replaceProgram(program(kept + next));
    REQUIRE(report.ok());
    CHECK(report->withdrawn.size() == 2);  // y, and z that followed from it
    CHECK(ruleIn(*report, "next").fate == Replaced::Fate::Same);
    CHECK(contents(w.engine, "Out") == std::multiset<std::string>{"by=\"x\" id=1 "});
    CHECK(w.settle() == 0);
    const Result<Explanation> why = w.engine.explain(w.engine.facts("Out")[0].id);
    REQUIRE(why.ok());
    REQUIRE(why->by.size() == 1);
    CHECK(why->by[0].rule == "kept");
  }

  TEST_CASE("once and the focus are remembered") {
    const std::string rules =
        "rule go once when { A } then { focus g }\nrule in_group group g when { a: A } then { log "
        "t\"in {a.id}\" }\n";
    Watched w(program(rules));
    insertA(w, 1, 0);
    insertA(w, 2, 0);
    CHECK(w.settle(2) == 2);
    REQUIRE(w.engine
                .replaceProgram(
                    program("rule other when { A(id == 1) } then { log \"other\" }\n" + rules))
                .ok());
    CHECK(w.settle() == 2);
    CHECK(w.watch.log == Lines{"in 2", "in 1", "other"});
  }

  TEST_CASE(
      "refused, and nothing is changed: a type with facts that is declared otherwise, or not at "
      "all") {
    Watched w(program("rule r when { a: A } then { log \"r\" }\n"));
    insertA(w, 1, 0);
    const std::string digest = w.engine.digest();
    const std::pair<const char*, const char*> others[] = {
        {"fact A { key id: int n: double = 0.0 }\nrule r when { A } then { log \"r\" }\n",
         "the new program declares `A` with other fields, and there are facts of this type"},
        {"fact C { key id: int }\nrule r when { C } then { log \"r\" }\n",
         "the new program does not declare `A`, and there are facts of this type"},
    };
    for (const auto& [rules, message] : others) {
      const Result<Replaced> report = w.engine.replaceProgram(compiled("other.rules", rules));
      REQUIRE_FALSE(report.ok());
      CHECK(report.error().code == ErrorCode::BadInput);
      CHECK(report.error().message == message);
      CHECK(w.engine.digest() == digest);
    }
    CHECK(w.settle() == 1);
  }

  TEST_CASE("a flow that has runs must stay as it was; runs go on with the new rules") {
    const std::string types =
        "fact A { key id: int n: int = 0 }\nevent Done { id: int }\nhost function other(n: int) -> "
        "int\nhost function work(n: int) -> int\n";
    const auto flow = [](const std::string& name) {
      return "flow F(n: int) -> int key \"one\" { step s = call " + name +
             "(n: n) wait Done(id == n) emit Done{id: s} return s }\n";
    };
    Watched w(compiled("flow.rules", types + flow("work")));
    w.submit(start("F", {{"n", number(7)}}));
    w.settle();
    Result<Replaced> refused =
        w.engine.replaceProgram(compiled("flow.rules", types + flow("other")));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message ==
          "the flow `F` has runs, and the new program says it otherwise");
    const std::string more =
        "fact Seen { key id: int }\nhost function another(n: int)\nflow E(n: int) { step s = call "
        "another(n: n) }\n";
    REQUIRE(w.engine
                .replaceProgram(compiled(
                    "flow.rules", more + types + flow("work") +
                                      "rule seen on d: Done then { insert Seen{id: d.id} }\n"))
                .ok());
    const std::vector<Output> outputs = w.engine.takeOutputs();
    REQUIRE(outputs.size() == 1);
    const Call call = std::get<Call>(outputs[0]);
    CHECK(call.function == "work");
    w.submit(stepResult(call.id, call.attempt, number(70)));
    w.settle();
    w.submit(emit("Done", {{"id", number(7)}}));
    w.settle();
    REQUIRE(w.engine.runs().size() == 1);
    CHECK(w.engine.runs()[0].status == "completed");
    CHECK(contents(w.engine, "Seen") == std::multiset<std::string>{"id=7 ", "id=70 "});

    // One that has ended is only remembered: the flow may be another, and the key is taken still.
    const auto changed = compiled("flow.rules", more + types + flow("other"));
    REQUIRE(w.engine.replaceProgram(changed).ok());
    w.submit(start("F", {{"n", number(7)}}));
    w.settle();
    REQUIRE(w.engine.runs().size() == 1);
    CHECK(w.engine.runs()[0].result == number(70));
    CHECK(w.engine.runs()[0].steps[0].function == "work");
    Result<Engine> again = Engine::recover(changed, w.engine.takeJournal());
    REQUIRE(again.ok());
    CHECK(again->digest() == w.engine.digest());
    refused = w.engine.replaceProgram(compiled("flow.rules", more + types));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().message ==
          "the flow `F` has runs that have ended, and their keys would be forgotten with it");
  }

  TEST_CASE(
      "the journal is read back with the new rules, and only with them; outputs that were open are "
      "given again") {
    const std::string types = kTypes + "event Told { id: int }\n";
    const auto first =
        compiled("first.rules", types +
                                    "rule r when { a: A } then { log \"r\" emit Told{id: a.id} "
                                    "insert Out{by: \"r\", id: a.id} }\n");
    const auto second = compiled(
        "second.rules", "event Other {}\n" + types +
                            "rule s when { o: Out } then { log \"s\" }\nrule r when { a: A } then "
                            "{ log \"r\" emit Told{id: a.id} insert Out{by: \"r\", id: a.id} }\n");
    Watched w(first);
    std::string journal = w.engine.takeJournal();
    insertA(w, 1, 0);
    w.settle();
    journal += w.engine.takeJournal();
    REQUIRE(w.engine.replaceProgram(second).ok());
    journal += w.engine.takeJournal();
    const std::size_t whole = journal.size();
    CHECK_FALSE(Engine::recover(first, journal).ok());
    CHECK(Engine::recover(first, journal).error().code == ErrorCode::Mismatch);
    {
      Result<Engine> back = Engine::recover(second, journal);
      REQUIRE_MESSAGE(back.ok(), (back.ok() ? "" : back.error().message));
      CHECK(back->digest() == w.engine.digest());
      CHECK(back->agenda().size() == 1);
      CHECK(back->takeOutputs().size() == 1);
      const Result<Explanation> why = back->explain(back->facts("Out")[0].id);
      REQUIRE(why.ok());
      REQUIRE(why->by.size() == 1);
      CHECK(why->by[0].rule == "r");
    }
    w.settle();
    insertA(w, 2, 0);
    w.settle();
    journal += w.engine.takeJournal();
    Result<Engine> back = Engine::recover(second, journal);
    REQUIRE(back.ok());
    CHECK(back->digest() == w.engine.digest());
    // Cut in the middle of the entry that replaced them: the first rules go on.
    Result<Engine> cut = Engine::recover(first, std::string_view(journal).substr(0, whole - 3));
    REQUIRE(cut.ok());
    CHECK(cut->facts("Out").size() == 1);
  }

  TEST_CASE("properties that nobody heard are heard by a rule that comes while they wait") {
    const std::string subject = "subject S as \"s{id}\" { key id: string p: int? }\n";
    Watched w(compiled("s.rules", subject));
    w.submit(setProperties("s1", {{"p", number(3)}}));
    REQUIRE(w.engine
                .replaceProgram(compiled(
                    "s.rules", subject + "rule r on change s: S.p then { log t\"{new}\" }\n"))
                .ok());
    w.settle();
    CHECK(w.watch.log == Lines{"3"});
  }

  TEST_CASE("what comes of it is what a new session makes of the same facts") {
    std::mt19937 random(20260704);
    const auto rules = [&](int which) {
      std::string text;
      const auto limit = [&] { return std::to_string(random() % 3); };
      if (which & 1) {
        text += "rule big when { a: A(n > " + limit() +
                ") } then { insert logical Out{by: \"big\", id: a.id} }\n";
      }
      if (which & 2) {
        text += "rule alone when { a: A(n > " + limit() +
                ") not B(of == a.id) } then { insert logical Out{by: \"alone\", id: a.id} }\n";
      }
      if (which & 4) {
        text += "rule joined when { b: B(of > " + limit() +
                ") a: A(id == b.of) } then { insert logical Out{by: \"joined\", id: b.id} }\n";
      }
      if (which & 8) {
        text += "rule many when { a: A accumulate b: B(of == a.id) into c = count() if c > " +
                limit() + " } then { insert logical Out{by: \"many\", id: a.id} }\n";
      }
      if (which & 16) {
        text += "rule next when { o: Out(by == \"big\") exists A(n == " + limit() +
                ") } then { insert logical Out{by: \"next\", id: o.id} }\n";
      }
      return text;
    };
    for (int round = 0; round < 60; ++round) {
      CAPTURE(round);
      Watched w(program(rules(static_cast<int>(random() % 32))));
      std::string journal = w.engine.takeJournal();
      const auto churn = [&](Engine& engine, std::uint32_t seed) {
        std::mt19937 dice(seed);
        for (int i = 0; i < 12; ++i) {
          const bool a = dice() % 2 == 0;
          const std::int64_t id = static_cast<std::int64_t>(dice() % 4),
                             value = static_cast<std::int64_t>(dice() % 4);
          const std::vector<FactView> facts = engine.facts(a ? "A" : "B");
          const auto same = std::find_if(facts.begin(), facts.end(), [&](const FactView& fact) {
            return fact.fields[0].second == number(id);
          });
          const bool goes = dice() % 3 == 0;
          if (same == facts.end()) {
            REQUIRE(engine
                        .submit(insert(a ? "A" : "B",
                                       {{"id", number(id)}, {a ? "n" : "of", number(value)}}))
                        .ok());
          } else if (goes) {
            REQUIRE(engine.submit(retract(same->id)).ok());
          } else {
            REQUIRE(engine.submit(update(same->id, {{a ? "n" : "of", number(value)}})).ok());
          }
          if (dice() % 4 == 0) engine.settle({.maxFirings = 1 + dice() % 4});
        }
      };
      churn(w.engine, random());
      std::shared_ptr<const Program> last;
      for (int again = 0; again < 2; ++again) {
        last = program(rules(static_cast<int>(random() % 32)));
        REQUIRE(w.engine.replaceProgram(last).ok());
        journal += w.engine.takeJournal();
        Result<Engine> back = Engine::recover(last, journal);
        REQUIRE_MESSAGE(back.ok(), (back.ok() ? "" : back.error().message));
        REQUIRE(back->digest() == w.engine.digest());
        const std::uint32_t seed = random();
        churn(*back, seed);
        churn(w.engine, seed);
        REQUIRE(back->digest() == w.engine.digest());
        journal += w.engine.takeJournal();
      }
      w.settle();
      Engine fresh(last);
      for (const char* type : {"A", "B"}) {
        for (const FactView& fact : w.engine.facts(type)) {
          REQUIRE(fresh.submit(insert(type, fact.fields)).ok());
        }
      }
      fresh.settle();
      REQUIRE(contents(w.engine, "Out") == contents(fresh, "Out"));
      for (const char* rule : {"big", "alone", "joined", "many", "next"}) {
        if (fresh.matches(rule).ok()) REQUIRE(matches(w.engine, rule) == matches(fresh, rule));
      }
    }
  }
}

}  // namespace engine_replace_test
