// Tables as facts: what is read, what is said of the rest, and that nothing is lost without a word.
#include <doctest/doctest.h>

#include <string>

#include "reticle/csv.h"
#include "reticle/program.h"

namespace wire_csv_test {

using namespace reticle;

namespace {

const Schema& schema() {
  static const Compiled program = compile(
      "a.rules",
      "fact Item { key id: string  price: double?  qty: int = 1  seen: timestamp?  sold: bool = "
      "false  tags: list<string> = []  note: string = \"-\" }\n"
      "fact Meter { key id: string  kwh: double }\n"
      "subject Device as \"device|{id}\" open { key id: string  temp: double? }\n");
  static const Schema made = [] {
    CHECK_MESSAGE(program.ok(), program.text());
    return program.ok() ? schemaOf(*program.program) : Schema{};
  }();
  return made;
}

std::string textOf(CsvFacts read) {
  std::string text;
  for (const CsvFact& fact : read.facts) {
    text += std::to_string(fact.line) + " " + read.type + "(";
    for (std::size_t i = 0; i < fact.fields.size(); ++i) {
      text += (i > 0 ? ", " : "") + fact.fields[i].first + ": " + toText(fact.fields[i].second);
    }
    text += ")\n";
  }
  for (const CsvProblem& problem : read.problems.take()) {
    text += "! " + std::to_string(problem.line) + " " + problem.message + "\n";
  }
  return text;
}

std::string read(const std::string& text, const CsvOptions& options = {},
                 const std::string& file = "items.csv", const std::string& type = "") {
  return textOf(readCsv(schema(), file, text, type, options));
}

std::string wrongTime(int line, const std::string& cell) {
  return "! " + std::to_string(line) +
         " column seen needs a time such as 2024-03-01, 01.03.2024, 2024-03-01 09:30 or "
         "2024-03-01T09:30:00Z, this is \"" +
         cell + "\"\n";
}

}  // namespace

TEST_SUITE("csv") {
  TEST_CASE("cells are read by the types of their fields; an empty one leaves its field out") {
    CHECK(read("id,price,qty,sold,tags,note\na,12.5,3,true,\"[\"\"x\"\"]\",\nb,,,,,"
               "\"two\nlines\"\n") ==
          "2 Item(id: \"a\", price: 12.5, qty: 3, sold: true, tags: [\"x\"])\n"
          "3 Item(id: \"b\", note: \"two\\nlines\")\n");
    CHECK(read("\xEF\xBB\xBFid,price\r\na, +1 \r\n\r\n") == "2 Item(id: \"a\", price: 1)\n");
  }

  TEST_CASE(
      "a column that no field has refuses the text, all of them at once, with what was meant") {
    CHECK(
        read("id,Price,colour,Qty\na,1,red,2\n") ==
        "! 1 Item has no fields \"Price\", \"colour\", \"Qty\"; did you mean price for \"Price\", "
        "qty for \"Qty\"?\n");
    CHECK(read("id,Price\na,1\n", {.ignoreUnknown = true}) == "2 Item(id: \"a\")\n");
    // A sign at the end of each line makes a column of nothing; one that holds something has to
    // have a name.
    CHECK(read("id,price,\na,1,\n") == "2 Item(id: \"a\", price: 1)\n");
    CHECK(read("id,price,\na,1,x\n") == "! 1 Item has no field column 3 (without a name)\n");
    CHECK(read("id,price,price\na,1,2\n") == "! 1 two columns are for the field price\n");
    CHECK(read("id,temp,room\na,1,hall\n", {}, "device.csv") ==
          "2 Device(id: \"a\", temp: 1, room: \"hall\")\n");
  }

  TEST_CASE("the delimiter is recognised by the fields it makes, or given") {
    CHECK(read("id;price;qty\na;1,5;2\n") == "2 Item(id: \"a\", price: 1.5, qty: 2)\n");
    CHECK(read("id\tprice\tqty\na\t1.5\t2\n") == "2 Item(id: \"a\", price: 1.5, qty: 2)\n");
    CHECK(read("id\tnote\na\tx,y;z\n", {}, "items.tsv") == "2 Item(id: \"a\", note: \"x,y;z\")\n");
    CHECK(read("id|price\na|1\n", {.delimiter = '|'}) == "2 Item(id: \"a\", price: 1)\n");
    CHECK(read("id;price\na;1\n", {.delimiter = ','}) ==
          "! 1 Item has no field \"id;price\"; the cells seem to stand apart by `;`\n");
  }

  TEST_CASE("a decimal comma is that of the whole text, so that no number is read as another") {
    CHECK(read("id;price\na;1,5\nb;1.5\n") ==
          "2 Item(id: \"a\", price: 1.5)\n"
          "! 3 column price needs a number with a decimal comma, this is \"1.5\"\n");
    CHECK(read("id;price\na;1.5\n") == "2 Item(id: \"a\", price: 1.5)\n");
    CHECK(read("id\tprice\na\t1,234\n") == "! 2 column price needs a number, this is \"1,234\"\n");
    CHECK(read("id\tprice\na\t1,234\n", {.decimal = ','}) == "2 Item(id: \"a\", price: 1.234)\n");
    CHECK(read("id,price\na,\"1,5\"\n", {.decimal = ','}) == "2 Item(id: \"a\", price: 1.5)\n");
  }

  TEST_CASE("columns have other names than fields, or none at all") {
    CHECK(read("Nr;Verbrauch (kWh)\na;1,5\n",
               {.fields = {{"Nr", "id"}, {"Verbrauch (kWh)", "kwh"}}},
               "meter.csv") == "2 Meter(id: \"a\", kwh: 1.5)\n");
    CHECK(read("a,1\nb,2\n", {.columns = {"id", "kwh"}}, "meter.csv") ==
          "1 Meter(id: \"a\", kwh: 1)\n2 Meter(id: \"b\", kwh: 2)\n");
    CHECK(read("id,kwh\na,1\n", {.fields = {{"Verbrauch", "kwh"}}}, "meter.csv") ==
          "! 1 there is no column \"Verbrauch\"\n");
    CHECK(read("id,x\na,1\n", {.fields = {{"x", "kwhh"}}}, "meter.csv") ==
          "! 1 Meter has no field \"x\"; did you mean kwh for \"x\"?\n");
  }

  TEST_CASE("null, true and times as people and spreadsheets write them") {
    CHECK(read("id,price,sold\na,NA,TRUE\nb,1,False\n", {.nulls = {"NA", "-"}}) ==
          "2 Item(id: \"a\", price: null, sold: true)\n"
          "3 Item(id: \"b\", price: 1, sold: false)\n");
    CHECK(read("id,seen\na,2024-03-01\nb,2024-03-01 09:30\nc,2024-03-01T09:30:05\n"
               "d,2024-03-01T09:30+01:00\ne,2024-03-01 09:30:05.25Z\nf,03/01/2024\n"
               "g,2024-02-30\nh,01.03.2024\ni,1.3.2024 9:30\nj,2024/03/01 09:30:00\nk,1.3.24\n"
               "l,31.02.2024\nm,1/3.2024\n") ==
          "2 Item(id: \"a\", seen: \"2024-03-01\")\n"
          "3 Item(id: \"b\", seen: 2024-03-01T09:30:00Z)\n"
          "4 Item(id: \"c\", seen: 2024-03-01T09:30:05Z)\n"
          "5 Item(id: \"d\", seen: 2024-03-01T08:30:00Z)\n"
          "6 Item(id: \"e\", seen: 2024-03-01T09:30:05.250Z)\n"
          "9 Item(id: \"h\", seen: 2024-03-01T00:00:00Z)\n"
          "11 Item(id: \"j\", seen: 2024-03-01T09:30:00Z)\n" +
              wrongTime(7, "03/01/2024") + wrongTime(8, "2024-02-30") +
              wrongTime(10, "1.3.2024 9:30") + wrongTime(12, "1.3.24") +
              wrongTime(13, "31.02.2024") + wrongTime(14, "1/3.2024"));
  }

  TEST_CASE("lines in front of the header, lines of comments and rows that end early") {
    const std::string text = "Station;7\r\n\"two\r\nid;kwh\r\n#a;1\r\nb;\"2\"\r\n";
    CHECK(read(text, {.skipLines = 2, .comment = "#"}, "meter.csv") ==
          "5 Meter(id: \"b\", kwh: 2)\n");
    CHECK(read("Station;7\n\nid;kwh\nb;2\n", {}, "meter.csv") ==
          "! 1 Meter has no fields \"Station\", \"7\"; the header seems to be line 3 (--skip-lines "
          "2)\n");
    CHECK(read("Station\n\nNr;kwh\nb;2\n", {.fields = {{"Nr", "id"}}}, "x.csv", "Meter") ==
          "! 1 there is no column \"Nr\"; the header seems to be line 3 (--skip-lines 2)\n"
          "! 1 Meter has no field \"Station\"; the header seems to be line 3 (--skip-lines 2)\n");
    CHECK(read("id;kwh\n# x;1\nb;\"1\n#2\"\n", {.comment = "# "}, "meter.csv") ==
          "! 3 column kwh needs a number, this is \"1\n#2\"\n");
    CHECK(
        read("id,price,note\na,1\nb\nc,1,x,y\n", {.shortRows = true}) ==
        "2 Item(id: \"a\", price: 1)\n3 Item(id: \"b\")\n! 4 this row has 4 cells, the header 3\n");
    CHECK(
        read("id,price\na\n") ==
        "! 2 this row has 1 cells, the header 2; --short-rows takes the missing ones for empty\n");
    CHECK(read("", {.skipLines = 5}).empty());
    CHECK(read("id\tkwh\na\t1\n", {}, "meter.tab") == "2 Meter(id: \"a\", kwh: 1)\n");
  }

  TEST_CASE("other encodings are named") {
    CHECK(read(std::string("\xFF\xFEi\0d\0", 6)) ==
          "! 0 this text is UTF-16 (its first bytes are FF FE); save it as UTF-8\n");
    CHECK(read(std::string("i\0d\0,\0", 6)) ==
          "! 0 this text is UTF-16 (every other byte is 0); save it as UTF-8\n");
    CHECK(read("id,note\na,gr\xFC\xDF\n") ==
          "! 0 line 2 is not UTF-8: the byte FC at 12; save the text as UTF-8 (it may be "
          "Windows-1252)\n");
    CHECK(notUtf8("grüße").empty());
  }

  TEST_CASE("ten problems of a kind are told, the others counted") {
    std::string text = "id,qty\n";
    for (int i = 0; i < 1000; ++i) text += std::to_string(i) + ",x\n";
    CsvFacts facts = readCsv(schema(), "items.csv", text + "a\n");
    CHECK(facts.problems.count() == 1001);
    const std::vector<CsvProblem> problems = facts.problems.take();
    REQUIRE(problems.size() == 12);
    CHECK(problems[0].line == 2);
    CHECK(problems[0].message == "column qty needs an int, this is \"x\"");
    CHECK(problems[10].message ==
          "this row has 1 cells, the header 2; --short-rows takes the missing ones for empty");
    CHECK(problems[11].message == "and 990 more: column qty needs an int");
    CHECK(problems[11].count == 990);
  }

  TEST_CASE("damaged quotes and unknown types are named") {
    CHECK(read("id,note\na,\"x\n") == "! 2 a quoted cell is not closed\n");
    CHECK(read("id,note\na,\"x\"y\n") ==
          "! 2 after a quoted cell comes a comma or the end of the line; a quote inside is written "
          "twice\n");
    CHECK(read("x,y\n1,2\n", {}, "data.csv") ==
          "! 1 no type fits these columns; name one with --type\n");
    CHECK(read("id\na\n", {}, "data.csv", "Nothing") == "! 1 there is no type Nothing\n");
    CHECK(read("").empty());
  }
}

}  // namespace wire_csv_test
