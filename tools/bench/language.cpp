// How long the language service needs on a large document.
//
// The document is made of one block of rules, repeated with other names: every construct of the
// language occurs in it, and its length is a parameter. What is measured is the time of one
// request, as an editor would make it after a keystroke.
#include "language.h"

#include <algorithm>
#include <chrono>

#include "reticle/language.h"

namespace reticle::bench {
namespace {

// The program is put together from pieces with a number in their names.
void append(std::string& out, std::string text, std::size_t n) {
  const std::string number = std::to_string(n);
  for (std::size_t at = 0; (at = text.find('#', at)) != std::string::npos; at += number.size()) {
    text.replace(at, 1, number);
  }
  out += text;
}

constexpr const char* kBlock = R"(
/// A customer of shop #.
fact Customer# {
  key id: string
  name: string
  tier: Tier# = Tier#.NEW
  age: int? where age > 0
  loggedIn: bool = false
}
fact Item# {
  key customerId: string
  key sku: string
  qty: int = 1 where qty > 0
  price: double
}
enum Tier# { NEW, SILVER, GOLD }
subject Device# as "device#|{id}" {
  key id: string
  temp: double?
  status: string = "ok"
}
event Reading# as "reading.#" { device: string  temp: double }
const limit# = 40.0

table rate#(t: Tier#, total: double) -> double {
  | Tier#.NEW    | _         => 1.0
  | Tier#.SILVER | < 100.0   => 0.95
  | Tier#.SILVER | >= 100.0  => 0.9
  | Tier#.GOLD   | _         => 0.8
}
function close#(a: double, b: double) -> bool = a - b < 0.5 && b - a < 0.5

host function mail#.send(to: string, subject: string) -> string
host function pay#.charge(id: string, amount: double) -> string
host function pay#.refund(charge: string)

rule "a reading sets the temperature #"
on e: Reading#
when {
  d: Device#(id == e.device)
}
then {
  set d.temp = e.temp
}

rule "too hot #" salience 10 no-loop
on change d: Device#.temp (new != null && new > limit#)
then {
  set d.status = "hot"
  log warn t"{d.id} has {new} degrees"
}

rule "many items #"
when {
  c: Customer#(loggedIn, tier == Tier#.GOLD || tier == Tier#.SILVER)
  accumulate i: Item#(customerId == c.id, qty > 0) into n = sum(i.qty), most = max(i.price)
  if n > 2 && most != null
  not Device#(id == c.id, status != "ok")
}
then {
  let off = rate#(c.tier, double(n))
  log info t"{c.name} gets {off}"
  if off < 0.9 {
    start Order#(id: c.id, amount: off * double(n))
  }
}

query open#(cid: string) {
  accumulate i: Item#(customerId == cid) into total = sum(i.price), lines = count()
}

flow Order#(id: string, amount: double) -> string key id
  timeout 1d
  retry 3 times backoff exponential 1s..1m
{
  step charge = call pay#.charge(id: id, amount: amount)
    undo call pay#.refund(charge: charge)
  if amount > limit# {
    let reading = wait Reading#(device == id) for 1h
    if reading == null {
      fail "no reading"
    }
  }
  step note = call mail#.send(to: id, subject: t"your order of {amount}") ignore errors
  return charge
}

test "shop #" {
  given {
    clock "2024-04-11T12:00:00Z"
    insert Customer#{id: "ada", name: "Ada", tier: Tier#.GOLD, loggedIn: true}
    insert Item#{customerId: "ada", sku: "tea", qty: 3, price: 4.5}
    host pay#.charge returns "c1"
    host mail#.send returns "m1"
  }
  when { settle }
  expect {
    fired "many items #"
    check open#("ada").lines == 1
  }
}
)";

// Times one deed many times over.
template <typename Deed>
double median(std::size_t runs, Deed deed) {
  std::vector<double> times;
  for (std::size_t i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    deed(i);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                   times.end());
  return times[times.size() / 2];
}

}  // namespace

// Rules of every kind, again and again, until there are so many lines.
std::string languageProgram(std::size_t lines) {
  std::string text = "module bench\n";
  const std::size_t block = static_cast<std::size_t>(
      std::count(kBlock, kBlock + std::char_traits<char>::length(kBlock), '\n'));
  for (std::size_t i = 1;
       static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + block / 2 < lines;
       ++i) {
    append(text, kBlock, i);
  }
  return text;
}

// Each request of an editor on one large document.
std::vector<std::pair<std::string, double>> measureLanguage(std::size_t lines, std::size_t runs) {
  const std::string text = languageProgram(lines), uri = "file:///bench.rules";
  const std::string document = "\"textDocument\":{\"uri\":\"" + uri + "\"}";
  Workspace workspace;
  const auto diagnostics = [&] {
    return workspace.request("textDocument/diagnostic", "{" + document + "}");
  };
  std::vector<std::pair<std::string, double>> result;
  result.emplace_back("open", median(runs, [&](std::size_t) {
                        workspace.close(uri);
                        workspace.open(uri, text);
                        diagnostics();
                      }));
  // A letter more and a letter less, in the name of a local in the middle of the file.
  const std::size_t at = text.find("let off", text.size() / 2);
  const auto line = static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  result.emplace_back("edit", median(runs, [&](std::size_t i) {
                        if (i % 2 == 0) {
                          workspace.edit(uri, line, 9, line, 9, "x");
                        } else {
                          workspace.edit(uri, line, 9, line, 10, "");
                        }
                        diagnostics();
                      }));
  workspace.open(uri, text);
  diagnostics();
  const std::string position =
      ",\"position\":{\"line\":" + std::to_string(line) + ",\"character\":20}";
  const std::string range =
      ",\"range\":{\"start\":{\"line\":0,\"character\":0},\"end\":{\"line\":" +
      std::to_string(line) + ",\"character\":0}}";
  const auto ask = [&](const std::string& method, const std::string& more) {
    result.emplace_back(method.substr(method.find('/') + 1), median(runs, [&](std::size_t) {
                          workspace.request(method, "{" + document + more + "}");
                        }));
  };
  ask("textDocument/completion", position);
  ask("textDocument/hover", position);
  ask("textDocument/definition", position);
  ask("textDocument/references", position);
  ask("textDocument/semanticTokens/full", "");
  ask("textDocument/documentSymbol", "");
  ask("textDocument/foldingRange", "");
  ask("textDocument/inlayHint", range);
  ask("textDocument/formatting", "");
  ask("textDocument/rename", position + ",\"newName\":\"zzyzx\"");
  return result;
}

}  // namespace reticle::bench
