// Queries: every conditional element, three-valued, results in their order.

#include "support/harness.h"

namespace inquiry_query_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// Results as text, one after the other: "a=#1 n=3; a=#2 n=4".
std::string answers(const Engine& engine, const std::string& query,
                    const std::vector<Value>& arguments = {}) {
  auto rows = engine.query(query, arguments);
  CHECK_MESSAGE(rows.ok(), (rows.ok() ? "" : rows.error().message));
  if (!rows) return {};
  std::string out;
  for (const Fields& row : *rows) {
    if (!out.empty()) out += "; ";
    std::string line;
    for (const auto& [name, value] : row) {
      line += (line.empty() ? "" : " ") + name + "=" +
              (value.kind() == ValueKind::Fact ? "#" + std::to_string(index(value.asFact()))
                                               : toText(value));
    }
    out += line.empty() ? "yes" : line;
  }
  return out;
}

// Orders 1..n and their lines: what the tests below ask about.
const char* const kTypes = R"(
fact Order { key id: int  city: string = "x"  tags: list<string> = []  more: any = null }
fact Line { order: int  sku: string  count: int = 1  price: any = 1 }
fact Stop { sku: string  level: any = 1 }
)";

struct Shop {
  explicit Shop(const std::string& queries) : w(compiled("shop.rules", kTypes + queries)) {}
  FactId order(int id, Fields more = {}) {
    more.insert(more.begin(), {"id", number(id)});
    return w.insert("Order", more);
  }
  FactId line(int order, const std::string& sku, int count = 1, Value price = number(1)) {
    return w.insert(
        "Line",
        {{"order", number(order)}, {"sku", text(sku)}, {"count", number(count)}, {"price", price}});
  }
  FactId stop(const std::string& sku, Value level = number(1)) {
    return w.insert("Stop", {{"sku", text(sku)}, {"level", level}});
  }
  std::string operator()(const std::string& query, const std::vector<Value>& arguments = {}) {
    return answers(w.engine, query, arguments);
  }
  Watched w;
};

}  // namespace

TEST_SUITE("queries") {
  TEST_CASE("results come in the order of their facts, row by row, and parameters are known") {
    Shop shop("query lines(least: int) { o: Order  l: Line(order == o.id, count >= least) }");
    shop.line(2, "a", 3);
    shop.order(2);
    shop.line(2, "b", 5);
    shop.order(1);
    shop.line(1, "a", 4);
    CHECK(shop("lines", {number(4)}) == "o=#2 l=#3; o=#4 l=#5");
    CHECK(shop("lines", {number(1)}) == "o=#2 l=#1; o=#2 l=#3; o=#4 l=#5");
  }

  TEST_CASE("a key that is wholly known is looked up, and the other tests still count") {
    Shop shop(
        "query one(n: any) { o: Order(id == n, city == \"x\") }\nquery other() { l: Line  o: "
        "Order(l.order == id) }");
    shop.order(1);
    shop.order(2, {{"city", text("y")}});
    shop.line(2, "a");
    CHECK(shop("one", {number(1)}) == "o=#1");
    CHECK(shop("one", {Value::real(1.0)}) == "o=#1");  // 1 == 1.0
    CHECK(shop("one", {number(2)}).empty());
    CHECK(shop("one", {text("1")}).empty());
    CHECK(shop("other") == "l=#3 o=#2");
  }

  TEST_CASE("groups under not and exists, nested") {
    Shop shop(R"(
query whole() { o: Order  not { l: Line(order == o.id)  Stop(sku == l.sku) } }
query held() { o: Order  exists { l: Line(order == o.id)  Stop(sku == l.sku) } }
query all() { o: Order  not { l: Line(order == o.id)  not Stop(sku == l.sku) } }
)");
    shop.order(1);
    shop.order(2);
    shop.order(3);
    shop.line(1, "a");
    shop.line(1, "b");
    shop.line(2, "b");
    shop.stop("b");
    CHECK(shop("whole") == "o=#3");
    CHECK(shop("held") == "o=#1; o=#2");
    CHECK(shop("all") == "o=#2; o=#3");
  }

  TEST_CASE(
      "what is unknown blocks a not, supports no exists, and is settled by a definite false beside "
      "it") {
    Shop shop(R"(
query free() { o: Order  not { l: Line(order == o.id)  s: Stop(sku == l.sku, level > 1) } }
query stopped() { o: Order  exists { l: Line(order == o.id)  s: Stop(sku == l.sku, level > 1) } }
query settled() { o: Order  not { s: Stop(level > 1)  l: Line(order == o.id, sku == s.sku)  if s.sku == "other" } }
)");
    shop.order(1);
    shop.order(2);
    shop.line(1, "a");
    shop.stop("a", text("high"));  // "high" > 1 is unknown
    CHECK(shop("free") == "o=#2");
    CHECK(shop("stopped").empty());
    CHECK(shop("settled") == "o=#1; o=#2");  // `if` is false, whatever the level
  }

  TEST_CASE("a not inside a not turns unknown into unknown") {
    Shop shop(
        "query twice() { o: Order  not { l: Line(order == o.id)  not Stop(sku == l.sku, level > 1) "
        "} }");
    shop.order(1);
    shop.line(1, "a");
    CHECK(shop("twice").empty());  // no stop: the inner one is true
    FactId stop = shop.stop("a", text("?"));
    CHECK(shop("twice").empty());  // unknown
    shop.w.submit(update(stop, {{"level", number(2)}}));
    CHECK(shop("twice") == "o=#1");
  }

  TEST_CASE("forall, with a test and with a group") {
    Shop shop(R"(
query cheap() { o: Order  forall l: Line(order == o.id) satisfies (l.price < 10) }
query stopped() { o: Order  forall l: Line(order == o.id) satisfies { Stop(sku == l.sku) } }
query unsure() { o: Order  forall l: Line(order == o.id, price < 10) satisfies (l.count == 1) }
)");
    shop.order(1);
    shop.order(2);
    shop.order(3);
    shop.line(1, "a", 1, number(9));
    shop.line(2, "b", 1, number(9));
    FactId dear = shop.line(2, "a", 2, number(10));
    shop.stop("a");
    CHECK(shop("cheap") == "o=#1; o=#3");
    CHECK(shop("stopped") == "o=#1; o=#3");
    CHECK(shop("unsure") == "o=#1; o=#2; o=#3");  // the dear line is no candidate
    shop.w.submit(update(dear, {{"price", text("?")}}));
    CHECK(shop("cheap") == "o=#1; o=#3");   // unknown for order 2
    CHECK(shop("unsure") == "o=#1; o=#3");  // perhaps a candidate, and its count is 2
    shop.w.submit(update(dear, {{"count", number(1)}}));
    CHECK(shop("unsure") == "o=#1; o=#2; o=#3");  // perhaps a candidate, but then it satisfies
  }

  TEST_CASE("either holds once for each combination of what goes on after it") {
    Shop shop(R"(
query any() { o: Order  either { Line(order == o.id) } or { Stop(sku == o.city) } }
query which() { either { o: Order(city == "x")  let n = 1 } or { o: Order(id > 1)  let n = 1 } or { o: Order(id == 2)  let n = 2 } }
query behind() { either { l: Line(sku == "a") } or { l: Line(count > 1) }  o: Order(id == l.order) }
)");
    shop.order(1);
    shop.order(2);
    shop.order(3, {{"city", text("y")}});
    shop.line(1, "a", 2);
    shop.line(1, "b", 1);
    shop.stop("x");
    CHECK(shop("any") == "o=#1; o=#2");
    CHECK(shop("which") == "o=#1 n=1; o=#2 n=1; o=#2 n=2; o=#3 n=1");
    CHECK(shop("behind") == "l=#4 o=#1");
  }

  TEST_CASE("either under a not is unknown when only unsure branches hold") {
    Shop shop(
        "query q() { o: Order  not { either { Stop(level > 1) } or { Line(order == o.id) } } }");
    shop.order(1);
    shop.order(2);
    shop.line(2, "a");
    CHECK(shop("q") == "o=#1");
    FactId stop = shop.stop("a", text("?"));
    CHECK(shop("q").empty());
    shop.w.submit(retract(stop));
    CHECK(shop("q") == "o=#1");
  }

  TEST_CASE("each walks the places of a list and the keys of a map") {
    Shop shop(R"(
query tags() { o: Order  each t in o.tags where t != "no" }
query keys() { o: Order  each k in o.more }
query tagged(t: string) { o: Order  exists { each u in o.tags where u == t } }
)");
    shop.order(1, {{"tags", Value::list({text("b"), text("no"), text("a"), text("b")})}});
    shop.order(2, {{"more", Value::map({{text("z"), number(1)}, {text("y"), number(2)}})}});
    CHECK(shop("tags") == "o=#1 t=\"b\"; o=#1 t=\"a\"; o=#1 t=\"b\"");
    CHECK(shop("keys") == "o=#2 k=\"z\"; o=#2 k=\"y\"");  // null is no list: unknown
    CHECK(shop("tagged", {text("a")}) == "o=#1");
  }

  TEST_CASE(
      "answers that differ in places only keep the order of places behind that of later facts") {
    Shop shop("query q() { each t in [\"b\", \"a\"]  o: Order }");
    shop.order(1);
    shop.order(2);
    CHECK(shop("q") == "o=#1 t=\"b\"; o=#1 t=\"a\"; o=#2 t=\"b\"; o=#2 t=\"a\"");
  }

  TEST_CASE("accumulate over a group, with every function, in the order of the facts") {
    Shop shop(R"(
query sums() {
  o: Order
  accumulate { l: Line(order == o.id)  s: Stop(sku == l.sku) }
    into n = count(), total = sum(l.count), least = min(l.count), most = max(l.count), mean = avg(l.count), skus = collect(s.sku), kinds = distinct(s.sku), one = first(l.count), last_ = last(l.count)
}
)");
    shop.order(1);
    shop.order(2);
    shop.line(1, "a", 5);
    shop.line(1, "b", 2);
    shop.line(1, "c", 9);
    shop.stop("b");
    shop.stop("a");
    shop.stop("a");
    CHECK(shop("sums") ==
          "o=#1 n=3 total=12 least=2 most=5 mean=4.0 skus=[\"a\", \"a\", \"b\"] kinds=[\"a\", "
          "\"b\"] one=5 last_=2; "
          "o=#2 n=0 total=0 least=null most=null mean=null skus=[] kinds=[] one=null last_=null");
  }

  TEST_CASE("accumulate is unknown when a candidate or an argument is, unless errors are skipped") {
    Shop shop(R"(
query strict() { o: Order  accumulate l: Line(order == o.id, price > 0) into n = count() }
query skipping() { o: Order  accumulate skip errors l: Line(order == o.id, price > 0) into n = count() }
query arguments() { o: Order  accumulate l: Line(order == o.id) into n = sum(l.count + int(l.sku)) }
query skipped() { o: Order  accumulate skip errors l: Line(order == o.id) into n = sum(l.count + int(l.sku)) }
query blocked() { o: Order  not { accumulate l: Line(order == o.id, price > 0) into n = count()  if n > 5 } }
query settled() { o: Order  not { accumulate l: Line(order == o.id, price > 0) into n = count()  if n > 5 && o.id == 9 } }
)");
    shop.order(1);
    shop.order(2);
    shop.line(1, "7", 1, number(1));
    shop.line(1, "x", 1, text("?"));
    shop.line(2, "8", 1, number(1));
    CHECK(shop("strict") == "o=#2 n=1");
    CHECK(shop("skipping") == "o=#1 n=1; o=#2 n=1");
    CHECK(shop("arguments") == "o=#2 n=9");
    CHECK(shop("skipped") == "o=#1 n=8; o=#2 n=9");
    CHECK(shop("blocked") == "o=#2");  // unknown for order 1: it blocks
    CHECK(shop("settled") == "o=#1; o=#2");
  }

  TEST_CASE("group by gives a result for each combination of keys that there is, in their order") {
    Shop shop(R"(
query byCity() { accumulate { o: Order  l: Line(order == o.id) } group by city = o.city, many = l.count > 1 into n = sum(l.count), skus = collect(l.sku) }
query best(c: string) { accumulate { o: Order  l: Line(order == o.id) } group by city = o.city into n = sum(l.count)  if city == c }
)");
    shop.order(1, {{"city", text("b")}});
    shop.order(2, {{"city", text("a")}});
    shop.order(3, {{"city", text("b")}});
    CHECK(shop("byCity").empty());
    shop.line(3, "z", 4);
    shop.line(1, "y", 1);
    shop.line(1, "x", 2);
    shop.line(2, "w", 1);
    CHECK(shop("byCity") ==
          "city=\"a\" many=false n=1 skus=[\"w\"]; city=\"b\" many=false n=1 skus=[\"y\"]; "
          "city=\"b\" many=true n=6 skus=[\"x\", \"z\"]");
    CHECK(shop("best", {text("b")}) == "city=\"b\" n=7");
  }

  TEST_CASE("let of an error gives no result, and blocks under a not") {
    Shop shop(
        "query q() { o: Order  let n = int(o.city)  if n > 0 }\nquery none() { o: Order  not { let "
        "n = int(o.city)  if n > 0 } }");
    shop.order(1, {{"city", text("5")}});
    shop.order(2, {{"city", text("x")}});
    shop.order(3, {{"city", text("-5")}});
    CHECK(shop("q") == "o=#1 n=5");
    CHECK(shop("none") == "o=#3");
  }

  TEST_CASE(
      "a query may ask another one in its conditions, and a grouped one gives expressions a list") {
    Shop shop(R"(
query big() { o: Order  exists Line(order == o.id, count > 3) }
query cities() { accumulate o: Order group by city = o.city into n = count() }
query both() { o: Order  if big().size() == 1 && cities().size() == 2 && cities()[0].city == "x" }
)");
    shop.order(1);
    shop.order(2, {{"city", text("y")}});
    CHECK(shop("both").empty());
    shop.line(2, "a", 4);
    CHECK(shop("both") == "o=#1; o=#2");
  }
}

}  // namespace inquiry_query_test
