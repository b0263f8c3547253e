// What every word means: the index that the checker leaves for the language service.
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "check/check.h"
#include "support/files.h"
#include "syntax/parser.h"

namespace check_index_test {

namespace {

using namespace reticle;
using model::SymbolKind;

struct Indexed {
  std::vector<Source> sources;
  std::vector<Diagnostic> diagnostics;
  model::Index index;

  std::string text(Span span) const {
    return sources[span.file].text.substr(span.begin, span.end - span.begin);
  }

  // The uses of a symbol, as "line:kind" with kinds d, r and w.
  std::string usesOf(SymbolKind kind, const std::string& name) const {
    std::string result;
    for (const model::Use& use : index.uses) {
      const model::SymbolNote& symbol = index.symbols[use.symbol];
      if (symbol.kind != kind || symbol.name != name) continue;
      const std::uint32_t line = positionOf(sources[use.span.file], use.span.begin).line;
      result += (result.empty() ? "" : " ") +
                (use.span.file > 0 ? std::to_string(use.span.file) + "/" : std::string()) +
                std::to_string(line) + "drw"[static_cast<int>(use.kind)];
    }
    return result;
  }

  const model::SymbolNote* symbol(SymbolKind kind, const std::string& name) const {
    for (const model::SymbolNote& note : index.symbols) {
      if (note.kind == kind && note.name == name) return &note;
    }
    return nullptr;
  }

  // The names known at a place.
  std::string visibleAt(std::uint32_t at) const {
    const model::ScopeNote* found = nullptr;
    for (const model::ScopeNote& scope : index.scopes) {
      if (scope.span.begin <= at && at <= scope.span.end) found = &scope;
    }
    if (!found) return "nothing";
    std::string names;
    for (const model::SymbolId id : found->visible) {
      names += (names.empty() ? "" : " ") + index.symbols[id].name;
    }
    if (found->candidate != model::kNoSymbol) names += " | " + index.symbols[found->candidate].name;
    return names;
  }
};

Indexed indexed(const std::vector<std::string>& texts) {
  Indexed result;
  std::vector<tree::Module> modules;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    result.sources.push_back({"f" + std::to_string(i) + ".rules", texts[i]});
  }
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    modules.push_back(parseModule(result.sources[i], i, result.diagnostics));
  }
  checkProgram(modules, result.diagnostics, {.index = &result.index});
  return result;
}

constexpr const char* kProgram = R"(/// Someone who buys.
fact Customer { key id: string  tier: Tier = Tier.GOLD  age: int? where age > 0 }
enum Tier { GOLD, SILVER }
subject Device as "device|{id}" { key id: string  temp: double? }
event Order { customerId: string  total: double }
const limit = 3.5
table price(t: Tier) -> double {
  | Tier.GOLD => 1.0
  default => limit
}
host function mail.send(to: string) -> string
query best(cid: string) { accumulate c: Customer(id == cid) into n = count() }
rule "greet" group shop
on o: Order
when {
  c: Customer(id == o.customerId, tier == Tier.GOLD)
  let p = price(c.tier)
  if [1].all(x, x > 0)
}
then {
  insert Customer{id: t"{c.id}-2"}
  update c {age: 4}
  log t"{p}"
}
rule "hot" group shop
on change d: Device.temp (new != null)
then { set d.temp = old }
flow Fulfil(id: string) {
  step first = call mail.send(to: id) retry 2 times if err.reason == "x"
  step second after first = call mail.send(to: first)
}
test "it greets" {
  given { insert Customer{id: "ada"} as a  start Fulfil(id: a.id) }
  expect { fired "greet"  check best("ada").n == 1  called mail.send(to == "ada") }
}
)";

}  // namespace

TEST_SUITE("index") {
  TEST_CASE("every use of a declaration is found, and what is done there") {
    const Indexed program = indexed({kProgram});
    for (const Diagnostic& d : program.diagnostics) {
      CHECK_MESSAGE(d.level != Level::Error, render(d, program.sources));
    }
    CHECK(program.usesOf(SymbolKind::Fact, "Customer") == "2d 12r 16r 21w 33w");
    CHECK(program.usesOf(SymbolKind::Subject, "Device") == "4d 26r");
    CHECK(program.usesOf(SymbolKind::Event, "Order") == "5d 14r");
    CHECK(program.usesOf(SymbolKind::Enum, "Tier") == "2r 2r 3d 7r 8r 16r");
    CHECK(program.usesOf(SymbolKind::EnumValue, "GOLD") == "2r 3d 8r 16r");
    CHECK(program.usesOf(SymbolKind::Field, "tier") == "2d 16r 17r");
    CHECK(program.usesOf(SymbolKind::Field, "age") == "2d 2r 22w");
    CHECK(program.usesOf(SymbolKind::Field, "temp") == "4d 26r 27w");
    CHECK(program.usesOf(SymbolKind::Const, "limit") == "6d 9r");
    CHECK(program.usesOf(SymbolKind::Table, "price") == "7d 17r");
    CHECK(program.usesOf(SymbolKind::Host, "mail.send") == "11d 29r 30r 34r");
    CHECK(program.usesOf(SymbolKind::Query, "best") == "12d 34r");
    CHECK(program.usesOf(SymbolKind::Local, "n") == "12d 34r");
    CHECK(program.usesOf(SymbolKind::Parameter, "cid") == "12d 12r");
    CHECK(program.usesOf(SymbolKind::Parameter, "to") == "11d 29r 30r 34r");
    CHECK(program.usesOf(SymbolKind::Rule, "greet") == "13d 34r");
    CHECK(program.usesOf(SymbolKind::Group, "shop") == "13d 25r");
    CHECK(program.usesOf(SymbolKind::Flow, "Fulfil") == "28d 33r");
    CHECK(program.usesOf(SymbolKind::Step, "first") == "29d 30r 30r");
    CHECK(program.usesOf(SymbolKind::Binding, "o") == "14d 16r");
    CHECK(program.usesOf(SymbolKind::Local, "p") == "17d 23r");
    CHECK(program.usesOf(SymbolKind::Local, "a") == "33d 33r");
    CHECK(program.usesOf(SymbolKind::Variable, "x") == "18d 18r");
  }

  TEST_CASE("the fields in a subject's name and the values of a change are found") {
    const Indexed program = indexed({kProgram});
    // `id` is a field of two types and a parameter: the one in the name of `Device`.
    std::string lines;
    for (const model::Use& use : program.index.uses) {
      const model::SymbolNote& symbol = program.index.symbols[use.symbol];
      if (symbol.name != "id" || symbol.kind != SymbolKind::Field ||
          program.index.symbols[symbol.container].name != "Device") {
        continue;
      }
      CHECK(program.text(use.span) == "id");
      lines += std::to_string(positionOf(program.sources[0], use.span.begin).line) + " ";
    }
    CHECK(lines == "4 4 ");
    CHECK(program.usesOf(SymbolKind::Local, "old") == "27r");
    CHECK(program.usesOf(SymbolKind::Local, "new") == "26r");
  }

  TEST_CASE("symbols know their types, documentation and how they are written") {
    const Indexed program = indexed({kProgram});
    const auto signature = [&](SymbolKind kind, const std::string& name) {
      return program.symbol(kind, name)->signature;
    };
    CHECK(program.symbol(SymbolKind::Fact, "Customer")->doc == "Someone who buys.");
    CHECK(signature(SymbolKind::Field, "age") == "age: int? where age > 0");
    CHECK(signature(SymbolKind::Field, "tier") == "tier: Tier = Tier.GOLD");
    CHECK(signature(SymbolKind::Const, "limit") == "limit: double = 3.5");
    CHECK(signature(SymbolKind::Table, "price") == "price(t: Tier) -> double");
    CHECK(signature(SymbolKind::Host, "mail.send") == "mail.send(to: string) -> string");
    CHECK(toText(program.symbol(SymbolKind::Local, "p")->type) == "double");
    CHECK(toText(program.symbol(SymbolKind::Binding, "o")->type) == "Order");
    CHECK(toText(program.symbol(SymbolKind::Field, "age")->type) == "int?");
  }

  TEST_CASE("the names known at a place are those bound before it") {
    const std::string text = kProgram;
    const Indexed program = indexed({text});
    const auto visible = [&](const std::string& before) {
      return program.visibleAt(static_cast<std::uint32_t>(text.find(before)));
    };
    CHECK(visible("id == o.customerId") == "o c | Customer");
    CHECK(visible("price(c.tier)") == "o c");
    CHECK(visible("x > 0") == "o c p x");
    CHECK(visible("set d.temp") == "old new d");
    CHECK(visible("call mail.send(to: first)") == "id first");
    CHECK(visible("err.reason") == "id err");
    CHECK(visible("limit\n}") == "t");
  }

  TEST_CASE("modules see each other's symbols") {
    const Indexed program =
        indexed({"module shop\nfact Order { key id: string }\n",
                 "module bill\nimport shop\nimport shop.Order as O\nrule \"r\" when { a: Order(id "
                 "== \"1\")  b: shop.Order(id == a.id)  c: O }\n"
                 "then { log t\"{a.id}{b.id}{c.id}\" }\n"});
    for (const Diagnostic& d : program.diagnostics) {
      CHECK_MESSAGE(d.level != Level::Error, render(d, program.sources));
    }
    CHECK(program.usesOf(SymbolKind::Fact, "Order") == "2d 1/3r 1/4r 1/4r 1/4r");
    CHECK(program.usesOf(SymbolKind::Field, "id") == "2d 1/4r 1/4r 1/4r 1/5r 1/5r 1/5r");
    CHECK(program.usesOf(SymbolKind::Module, "shop") == "1d 1/2r");
  }

  TEST_CASE("mistakes leave the rest known") {
    const Indexed program =
        indexed({"fact Customer { key id: string  age: int }\n"
                 "rule \"broken\" when { c: Customer(agee > 3, id == \"x\")  d: Customr(age > 1)  "
                 "let q = c.age + \"x\" }\n"
                 "then { set c.age = nothing  log c.id\n"});
    CHECK(hasErrors(program.diagnostics));
    CHECK(program.usesOf(SymbolKind::Field, "id") == "1d 2r 3r");
    CHECK(program.usesOf(SymbolKind::Field, "age") == "1d 2r 3w");
    CHECK(program.usesOf(SymbolKind::Binding, "c") == "2d 2r 3r 3r");
  }

  TEST_CASE("a name bound in each branch is one symbol") {
    const Indexed program =
        indexed({"fact A { x: int }\nfact B { x: int }\n"
                 "rule \"r\" when {\n  either { A(x > 1) let n = 1 }\n  or { B(x > 2) let n = 2 "
                 "}\n}\nthen { log t\"{n}\" }\n"});
    for (const Diagnostic& d : program.diagnostics) {
      CHECK_MESSAGE(d.level != Level::Error, render(d, program.sources));
    }
    CHECK(program.usesOf(SymbolKind::Local, "n") == "4d 5d 7r");
  }

  TEST_CASE("uses cover names alone, in order, and do not overlap") {
    std::vector<std::string> files;
    for (const std::string folder :
         {"tests/scripts/programs", "tests/scenarios", "tests/scripts/diagnostics-model",
          "tests/scripts/diagnostics-syntax"}) {
      for (const std::string& name : test::filesOf(folder, ".rules")) {
        files.push_back(folder + "/" + name);
      }
    }
    REQUIRE(files.size() > 20);
    for (const std::string& file : files) {
      CAPTURE(file);
      const Indexed program = indexed({test::contentOf(file)});
      const model::Use* before = nullptr;
      for (const model::Use& use : program.index.uses) {
        const model::SymbolNote& symbol = program.index.symbols[use.symbol];
        if (symbol.kind != SymbolKind::Rule && symbol.kind != SymbolKind::Test &&
            symbol.kind != SymbolKind::Host) {
          const std::string written = program.text(use.span);
          CHECK_MESSAGE(
              (written == symbol.name || symbol.name == "meta." + written ||
               symbol.name == "math." + written || symbol.name.substr(1) == written.substr(1)),
              written << " for " << symbol.name);
        }
        if (before) CHECK((before->span == use.span || before->span.end <= use.span.begin));
        before = &use;
      }
    }
  }
}

}  // namespace check_index_test
