// The parser on texts without mistakes: each construct and the tree it becomes.
#include "syntax/parser.h"
#include "form/dump.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/files.h"

namespace syntax_parser_test {

using namespace reticle;

namespace {

struct Read {
  tree::Module module;
  std::vector<Diagnostic> diagnostics;
};

Read read(const std::string& text) {
  Read result;
  result.module = parseModule({"test.rules", text}, 0, result.diagnostics);
  return result;
}

// The dump of a text without mistakes.
std::string dumped(const std::string& text) {
  const Read result = read(text);
  for (const Diagnostic& d : result.diagnostics) FAIL_CHECK(render(d, {{"test.rules", text}}));
  return dump(result.module);
}

// Without comments, so that line breaks can go. Requires: no `//` inside texts.
std::string withoutComments(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "//") == 0) at = std::min(text.find('\n', at), text.size());
    if (at < text.size()) out += text[at];
  }
  return out;
}

std::string onOneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

}  // namespace

TEST_SUITE("syntax: modules") {
  TEST_CASE("the six programs are read without a word") {
    const std::vector<std::string> names = test::filesOf(test::kPrograms, ".rules");
    REQUIRE(names.size() == 6);
    for (const std::string& name : names) {
      CAPTURE(name);
      const std::string text = test::contentOf(test::kPrograms + "/" + name);
      CHECK(!dumped(text).empty());
    }
  }

  TEST_CASE("line breaks mean nothing") {
    for (const std::string& name : test::filesOf(test::kPrograms, ".rules")) {
      CAPTURE(name);
      const std::string text = withoutComments(test::contentOf(test::kPrograms + "/" + name));
      CHECK(dumped(text) == dumped(onOneLine(text)));
    }
  }

  TEST_CASE("an empty file, one of comments, and one with a byte order mark are modules") {
    CHECK(dumped("") == "module\n");
    CHECK(dumped("// nothing\n\n/// nor here\n") == "module\n");
    CHECK(dumped("\xEF\xBB\xBFmodule a.b\r\nimport c.d as e\r\n") ==
          "module a.b\n  import c.d as e\n");
  }

  TEST_CASE("doc comments belong to the next declaration or field") {
    const Read result = read(
        "/// One thing.\n/// And more.\nfact A {\n  /// the name\n  name: string\n  age: int\n}\n");
    REQUIRE(result.module.declarations.size() == 1);
    const tree::Declaration& a = result.module.declarations[0];
    CHECK(a.doc == "One thing.\nAnd more.");
    CHECK(a.fields[0].doc == "the name");
    CHECK(a.fields[1].doc.empty());
  }

  TEST_CASE("spans reach over the whole declaration, heads over keyword and name") {
    const std::string text = "fact A { x: int }\nrule \"b\" when { a: A } then { halt }\n";
    const Read result = read(text);
    const auto part = [&](Span span) { return text.substr(span.begin, span.end - span.begin); };
    CHECK(part(result.module.declarations[0].span) == "fact A { x: int }");
    CHECK(part(result.module.declarations[1].head) == "rule \"b\"");
    CHECK(part(result.module.declarations[1].when[0].pattern->binding.span) == "a");
    CHECK(part(result.module.declarations[0].fields[0].type.span) == "int");
  }

  TEST_CASE("keywords that CEL does not reserve are names like others") {
    const std::string words[] = {
        "rule",   "fact",    "on",     "when",   "then",    "group",  "key",   "status",
        "step",   "wait",    "retry",  "not",    "exists",  "either", "or",    "accumulate",
        "each",   "into",    "insert", "set",    "update",  "emit",   "call",  "log",
        "halt",   "table",   "flow",   "test",   "event",   "held",   "over",  "after",
        "before", "within",  "max",    "where",  "ext",     "open",   "host",  "call",
        "at",     "to",      "by",     "forall", "find",    "first",  "count", "check",
        "muted",  "deliver", "allow",  "focus",  "parallel"};
    for (const std::string& word : words) {
      CAPTURE(word);
      dumped("fact A { " + word + ": int }\nrule \"x\" when { a: A(" + word + " > 3, other == " +
             word + ") " + word + ": A(x == a." + word + ") if " + word + ".x > 3 } then { set a." +
             word + " = 3 insert A{" + word + ": a." + word + "} let " + word + " = 4 log info " +
             word + " }\nfunction f(" + word + ": int) -> int = " + word + " + 1");
    }
  }

  TEST_CASE("the head of `if` ends at its brace, even after a constant with a capital") {
    CHECK(dumped("rule \"x\" when { a: A } then { if a.b == Band.WARM { halt } for x in (A{b: "
                 "1}).list { halt } }")
              .find("if\n        value a.b == Band.WARM") != std::string::npos);
    dumped("flow F(a: A) key Band.WARM { compensate }");
  }

  TEST_CASE("`muted`, `deliver` and `allow` are words only where they say something") {
    const std::string text = dumped(
        "rule r when { a: A } then { set muted a.b = 1 set muted.b = 2 emit E{x: deliver} to local "
        "deliver outside set muted deliver.local = 3 }");
    CHECK(text.find("set muted a.b\n") != std::string::npos);
    CHECK(text.find("set muted.b\n") != std::string::npos);
    CHECK(text.find("to local\n        deliver outside\n") != std::string::npos);
    CHECK(text.find("set muted deliver.local\n") != std::string::npos);
    CHECK(dumped("flow F(allow: int) key allow allow RL6009, RL6008 timeout 1d { log allow }")
              .find("allow RL6009, RL6008\n") != std::string::npos);
  }

  TEST_CASE("an `if` with a block after a retry plan is the next step") {
    const std::string text =
        dumped("flow F() { step a = call f() retry 3 times if err.x if err.x { compensate } }");
    CHECK(text.find("if err.x\n      if\n        value err.x\n        do\n          compensate") !=
          std::string::npos);
  }

  TEST_CASE("declarations and their clauses") {
    CHECK(dumped("subject D as \"d|{id}\" open { key ext id: string max 20 where size(id) > 0 "
                 "where id != \"b\" = 3 }")
              .find("where id != \"b\"") != std::string::npos);
    CHECK(dumped(R"(
event E as "e" expires 5m { }
enum B { X, Y }
const C: int = 1
host pure function h.f(a: int = 3) -> list<map<string, int?>>?
table t(a: int, b: string) -> (x: int, y: string) by a, b hit collect sum {
  | _ , 1 | if b == "x" => 1, "a"
  | >= 3 | 1..<3        => 2, "b"
  default => 0
}
query q(a: int) { x: X(a == b) }
)") == R"(module
  event E
    as "e"
    expires 5m
  enum B
    value X
    value Y
  const C
    result int
    value 1
  host h.f
    pure
    param a: int
      default 3
    result list<map<string, int?>>?
  table t
    param a: int
    param b: string
    result x: int
    result y: string
    by a, b
    hit collect sum
    row
      cell _, 1
      cell if b == "x"
      result 1
      result "a"
    row
      cell >= 3
      cell 1..<3
      result 2
      result "b"
    default 0
  query q
    param a: int
    when
      match x: X
        constraint a == b
)");
  }

  TEST_CASE("rules with every attribute, trigger and condition") {
    CHECK(dumped(R"(
rule "r" salience 1 + 2 group g exclusive e once per a.b no-loop repeat disabled allow RL3005, RL3007 tags("a", "b") effective from "2024" to "2025"
on change d: shop.Device.tempc (new > old)
when {
  a: A(x in 1..3) over last 10m
  b: B over last 20 events held 5m after a within 3s
  c: C within 3s of a
  not { x: X y: Y }
  exists Z(q)
  forall f: F(g) satisfies { G }
  forall F satisfies (x > 3)
  either { A } or { B } or { C }
  accumulate skip errors { o: Order l: Line } group by k = o.k, j = o.j into n = count(), s = sum(l.qty)
  each x in a.list where x > 3
  let y = x ?? 3
  if y > 2
}
then { halt }
rule s on e: E at d: D(x) then { halt }
rule t on every 5m then { halt }
rule u on cron "* * *" then { halt }
rule v on insert x: X(y) then { halt }
)") == R"(module
  rule "r"
    salience 1 + 2
    group g
    exclusive e
    once
    per a.b
    no-loop
    repeat
    disabled
    allow RL3005, RL3007
    tag "a"
    tag "b"
    from "2024"
    to "2025"
    on change d: shop.Device.tempc
      constraint new > old
    when
      match a: A
        constraint x in 1..3
        over last 10m
      match b: B
        over last 20 events
        held 5m
        after a within 3s
      match c: C
        within 3s of a
      not
        group
          match x: X
          match y: Y
      exists
        match Z
          constraint q
      forall
        match f: F
          constraint g
        satisfies
          match G
      forall
        match F
        satisfies x > 3
      either
        either
          match A
        or
          match B
        or
          match C
      accumulate
        skip errors
        group
          match o: Order
          match l: Line
        by k = o.k
        by j = o.j
        into n = count()
        into s = sum(l.qty)
      each x
        in a.list
        where x > 3
      let y = x ?? 3
      if y > 2
    then
      halt
  rule "s"
    on event
      match e: E
      at d: D
        constraint x
    then
      halt
  rule "t"
    on every 5m
    then
      halt
  rule "u"
    on cron "* * *"
    then
      halt
  rule "v"
    on insert
      match x: X
        constraint y
    then
      halt
)");
  }

  TEST_CASE("flows with every step") {
    const std::string text = dumped(R"(
flow F(a: A) -> string key a.b timeout 1d retry forever if x backoff linear 1s..2m jitter 0.5 version 3
{
  step x after y, z = run G(a: 1) retry 2 times timeout 5s undo always call h(b: 2) ignore errors
  let f = find Fact(a)
  sleep 5m
  sleep until t
  wait E(x) for 5m
  wait until { A(x) } for 1h
  wait until a > 3
  parallel first { step q = call s() branch b { compensate } }
  for m in M(x) parallel max 3 { halt }
  for n in list { halt }
  if a { fail "x" } else if b { return 1 } else { restart (a: 2) }
  try { compensate } catch err { halt }
  signal F key "a" with E{} cancel F key "b"
  emit E{} to d after 10s replacing "k"
  emit E{} at t
  unset a.b update a {x: 1, y: 2} update a with m retract a upsert A{} insert logical A{} as z focus g
}
on cancel { halt }
on timeout { halt }
on failure err { halt }
)");
    for (const char* line :
         {"retry forever\n      if x\n      backoff linear 1s..2m\n      jitter 0.5",
          "step x\n        run G\n        after y, z", "undo always h", "find f", "sleep until",
          "wait until", "count 3\n        parallel",
          "try err\n        do\n          compensate\n        catch",
          "signal\n        target F\n        key \"a\"\n        with E{}", "replacing \"k\"",
          "insert logical z", "on failure err"}) {
      CAPTURE(line);
      CHECK(text.find(line) != std::string::npos);
    }
  }
}

}  // namespace syntax_parser_test
