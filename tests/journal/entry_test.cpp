// The bytes of the journal: what goes in comes out, and what is damaged is found.
#include <string>

#include <doctest/doctest.h>

#include "base/hash.h"
#include "journal/dump.h"
#include "journal/entry.h"

namespace journal_entry_test {

using namespace reticle;

namespace {

// A journal of `count` entries without decisions; `ends` receives the offset after each.
std::string journalOf(std::size_t count, std::vector<std::size_t>* ends = nullptr) {
  EntryWriter writer;
  writer.begin({.program = 42, .start = 7});
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    bytes += writer.frame(static_cast<Time>(i), InputKind::Advance,
                          encodeInput(advanceTo(static_cast<Time>(i))), 0, 0, {}, i * 1000);
    if (ends) ends->push_back(bytes.size());
  }
  return bytes;
}

}  // namespace

TEST_SUITE("journal") {
  TEST_CASE("every member of a decision survives") {
    Decision d{.kind = Decision::Kind::Raise};
    d.fact = FactId{300};
    d.type = TypeId{2};
    d.activation = ActivationId{9};
    d.rule = kNoRule;
    d.flag = true;
    d.time = -5;
    d.values = {Value::integer(1), Value::string("x"), Value{}};
    d.assignment = {{FieldId{4}, Value::real(0.5)}};
    d.facts = {FactId{1}, FactId{2}};
    d.event = Event{.id = "e1",
                    .type = TypeId{3},
                    .matched = false,
                    .subject = "s",
                    .cause = "e0",
                    .originId = "e0",
                    .source = "src",
                    .time = 9,
                    .values = {Value::boolean(true)},
                    .fact = FactId{8},
                    .property = "p",
                    .old = Value{},
                    .value = Value::integer(2),
                    .fromOutside = true};
    d.bytes = std::string("\0\xff", 2);
    ByteWriter out;
    encodeDecision(out, d);
    encodeDecision(out, Decision{.kind = Decision::Kind::End});
    ByteReader in(out.bytes());
    const Decision r = decodeDecision(in);
    CHECK(r.kind == d.kind);
    CHECK(r.fact == d.fact);
    CHECK(r.type == d.type);
    CHECK(r.activation == d.activation);
    CHECK(r.rule == d.rule);
    CHECK(r.flag);
    CHECK(r.time == -5);
    CHECK(r.values == d.values);
    CHECK(r.assignment == d.assignment);
    CHECK(r.facts == d.facts);
    CHECK(r.event->id == "e1");
    CHECK_FALSE(r.event->matched);
    CHECK(r.event->fromOutside);
    CHECK(r.event->originId == "e0");
    CHECK(r.event->values == d.event->values);
    CHECK(r.event->value == Value::integer(2));
    CHECK(r.bytes == d.bytes);
    CHECK(decodeDecision(in).kind == Decision::Kind::End);
    CHECK(in.atEnd());
    CHECK_FALSE(in.failed());
  }

  TEST_CASE("every kind of input survives") {
    const Fields fields{{"a", Value::integer(1)}, {"b", Value::string("x")}};
    const Input inputs[] = {
        insert("Thing", fields),
        update(FactId{3}, fields),
        retract(FactId{4}),
        input::SetProperties{"s", "T", fields, true},
        input::Emit{"E", fields, "s", "id", "src"},
        start("F", fields, "k"),
        stepResult("r1.a", 2, Value::string("v")),
        stepError("r1.a", 3, "503"),
        advanceTo(99),
        input::Advance{99, 120},
        insertAll("Thing", {"a", "b"},
                  {Value::integer(1), Value::string("x"), Value{}, Value::real(0.5)}),
        signalRun("F", "k", "E", fields),
        cancelRun("F", "k")};
    for (const Input& input : inputs) {
      const Result<Input> read = decodeInput(kindOf(input), encodeInput(input));
      REQUIRE(read.ok());
      CHECK(summary(*read) == summary(input));
      CHECK(encodeInput(*read) == encodeInput(input));
    }
    CHECK_FALSE(decodeInput(InputKind::Insert, "\x05").ok());
  }

  TEST_CASE("a journal cut anywhere gives its whole entries and says what is torn") {
    std::vector<std::size_t> ends;
    const std::string bytes = journalOf(3, &ends);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      const Result<JournalView> view = readJournal(std::string_view(bytes).substr(0, cut));
      REQUIRE(view.ok());
      std::size_t whole = 0;
      while (whole < ends.size() && ends[whole] <= cut) ++whole;
      CHECK(view->entries.size() == whole);
      CHECK(view->sound + view->torn == cut);
      CHECK(view->fresh == (cut < kHeaderBytes));
    }
  }

  TEST_CASE("damage before a sound entry is an error and names the byte") {
    std::vector<std::size_t> ends;
    std::string bytes = journalOf(3, &ends);
    bytes[ends[0] + 10] = static_cast<char>(bytes[ends[0] + 10] ^ 1);
    const Result<JournalView> view = readJournal(bytes);
    REQUIRE_FALSE(view.ok());
    CHECK(view.error().code == ErrorCode::Corrupt);
    CHECK(view.error().where == "byte " + std::to_string(ends[0]));
  }

  TEST_CASE("the same damage in the last entry is a torn tail") {
    std::vector<std::size_t> ends;
    std::string bytes = journalOf(3, &ends);
    bytes[ends[1] + 10] = static_cast<char>(bytes[ends[1] + 10] ^ 1);
    const Result<JournalView> view = readJournal(bytes);
    REQUIRE(view.ok());
    CHECK(view->entries.size() == 2);
    CHECK(view->torn == ends[2] - ends[1]);
  }

  TEST_CASE("what was written is never taken for a torn tail") {
    const std::string bytes = journalOf(3), other = journalOf(5);
    const auto refused = [](const std::string& text) {
      const Result<JournalView> view = readJournal(text);
      return !view.ok() && view.error().code == ErrorCode::Corrupt;
    };
    CHECK(refused(bytes + bytes));
    CHECK(refused(bytes + "garbage between them" + other));
    CHECK(refused(bytes + bytes.substr(0, kHeaderBytes)));
    CHECK(refused(bytes + "x" + bytes.substr(kHeaderBytes)));
    // the magic alone is a text like any other
    const Result<JournalView> torn = readJournal(bytes + std::string(kJournalMagic) + "and so on");
    REQUIRE(torn.ok());
    CHECK(torn->entries.size() == 3);
  }

  TEST_CASE("entries out of their places are found") {
    std::vector<std::size_t> ends;
    const std::string bytes = journalOf(3, &ends);
    const std::string first = bytes.substr(kHeaderBytes, ends[0] - kHeaderBytes),
                      second = bytes.substr(ends[0], ends[1] - ends[0]);
    const std::string header = bytes.substr(0, kHeaderBytes);
    CHECK_FALSE(readJournal(header + second).ok());         // one is missing
    CHECK_FALSE(readJournal(header + first + first).ok());  // one is there twice
    EntryWriter other;
    other.begin({.program = 43, .start = 7});
    const std::string foreign = other.frame(0, InputKind::Begin, {}, 0, 0, {}, 0);
    CHECK_FALSE(readJournal(header + foreign.substr(kHeaderBytes)).ok());  // from another journal
  }

  TEST_CASE("somebody else's file is refused, never cut") {
    CHECK_FALSE(readJournal("hello").ok());
    CHECK_FALSE(readJournal("a text file that is longer than a header would be, by far").ok());
    CHECK(readJournal("RTCL").ok());
    CHECK(readJournal("").ok());
  }

  TEST_CASE("the dump says what stands where") {
    const std::string text = dumpJournal(journalOf(2) + "junk");
    CHECK(text.find("journal of program 000000000000002a") == 0);
    CHECK(text.find("\n2 @") != std::string::npos);
    CHECK(text.find("advance to 1970-01-01T00:00:00") != std::string::npos);
    CHECK(text.find("torn: 4 bytes") != std::string::npos);
  }
}

}  // namespace journal_entry_test
