// reticle-clips [--programs N] [--seed S] [--steps K] [--strategy depth|breadth] [--all]: the
// engine against the interpreter of CLIPS 6.30
// (Debian's package `clips`, the command `clips` on the path) on random programs that both can say.
//
// CLIPS plays the stories first, a batch in one process. Then the engine follows: it fires the very
// activation that CLIPS fired, and after every step its facts must be CLIPS's facts, its agenda
// must hold the same matches, and CLIPS's order must be an order by salience and by the change that
// made the match. Only the order of matches of one salience and one change, which CLIPS leaves to
// its network, is not compared.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "differential/clips/clips_program.h"
#include "reticle/engine.h"

using namespace reticle;
using namespace reticle::test;

namespace {

struct Match {
  std::string rule;
  std::vector<std::uint32_t> facts;
  std::int64_t salience = 0;
  bool operator==(const Match& o) const {
    return rule == o.rule && facts == o.facts && salience == o.salience;
  }
};

// What CLIPS lists after a step.
struct Listing {
  std::vector<Match> agenda;
  std::vector<std::string> facts;  // "1 T0 2 0 1"
};

std::vector<std::uint32_t> numbersBehind(const std::string& text, const std::string& mark) {
  std::vector<std::uint32_t> out;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    out.push_back(
        static_cast<std::uint32_t>(std::strtoul(text.c_str() + at + mark.size(), nullptr, 10)));
  }
  return out;
}

// "10     r1: f-3,*,f-1" or "f-2     (T0 (a 1) (b 2) (c 0))"; everything else is not for us.
void readLine(const std::string& line, Listing& into) {
  std::size_t colon = line.find(": ");
  if (line.rfind("f-", 0) == 0) {
    std::size_t open = line.find("(T");
    if (open == std::string::npos) return;
    std::string fact =
        std::to_string(numbersBehind(line, "f-")[0]) + " " + line.substr(open + 1, 2);
    for (const char* field : {"(a ", "(b ", "(c "}) {
      fact += " " + std::to_string(std::atoll(line.c_str() + line.find(field) + 3));
    }
    into.facts.push_back(std::move(fact));
  } else if (colon != std::string::npos && !line.empty() && line[0] >= '0' && line[0] <= '9') {
    std::size_t name = line.find('r');
    Match match{line.substr(name, colon - name), {}, std::atoll(line.c_str())};
    for (std::uint32_t fact : numbersBehind(line.substr(colon), "f-")) {
      if (fact) match.facts.push_back(fact);
    }  // f-0 is CLIPS's own initial fact
    into.agenda.push_back(std::move(match));
  }
}

// By case, by step. A line that reports an error is kept in `errors`.
std::vector<std::vector<Listing>> runClips(const std::vector<ClipsCase>& cases,
                                           const std::string& strategy, std::string& errors) {
  std::vector<std::vector<Listing>> out(cases.size());
  char path[] = "/tmp/reticle-clips-XXXXXX";
  int handle = mkstemp(path);
  std::FILE* file = handle < 0 ? nullptr : fdopen(handle, "w");
  if (!file) return out;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    std::fputs(clipsText(cases[i], i, strategy).c_str(), file);
  }
  std::fputs("(exit)\n", file);
  std::fclose(file);
  if (std::FILE* clips = popen(("clips -f2 " + std::string(path) + " 2>&1").c_str(), "r")) {
    char buffer[4096];
    Listing* now = nullptr;
    while (std::fgets(buffer, sizeof buffer, clips)) {
      std::string line = buffer;
      unsigned long number = 0, step = 0;
      if (std::sscanf(line.c_str(), "@ %lu %lu", &number, &step) == 2 && number < out.size()) {
        out[number].emplace_back();
        now = &out[number].back();
      } else if (line[0] == '[' || line.find("ERROR") != std::string::npos) {
        errors += line;
      } else if (now) {
        readLine(line, *now);
      }
    }
    pclose(clips);
  }
  std::remove(path);
  return out;
}

class Follower {
 public:
  Follower(const ClipsCase& one, std::shared_ptr<const Program> program, EngineOptions options,
           bool newestFirst)
      : one_(one), engine_(std::move(program), std::move(options)), newestFirst_(newestFirst) {}

  // Empty when the engine agrees with CLIPS to the end.
  std::string follow(const std::vector<Listing>& listings) {
    if (listings.size() != one_.story.size() + 1) return "CLIPS did not play to the end\n";
    std::string problem = compare(listings[0]);
    for (std::size_t i = 0; problem.empty() && i < one_.story.size(); ++i) {
      problem = step(one_.story[i], listings[i]);
      if (problem.empty()) problem = compare(listings[i + 1]);
      if (!problem.empty()) problem = "after step " + std::to_string(i + 1) + "\n" + problem;
    }
    return problem;
  }

  std::uint64_t fired = 0, ties = 0;

 private:
  static Fields fieldsWith(const std::int64_t (&values)[3]) {
    return {{"a", Value::integer(values[0])},
            {"b", Value::integer(values[1])},
            {"c", Value::integer(values[2])},
            {"e", Value()},
            {"f", Value::real(0)},
            {"g", Value::list({})},
            {"m", Value::map({})},
            {"h", Value::list({})}};
  }

  std::string accept(const Input& input) {
    auto accepted = engine_.submit(input);
    return accepted ? "" : "refused: " + accepted.error().message + "\n";
  }

  std::string step(const ClipsStep& step, const Listing& before) {
    auto fact = engine_.fact(FactId{step.fact});
    switch (step.kind) {
      case ClipsStep::Assert: return accept(insert(typeNameOf(step.type), fieldsWith(step.values)));
      case ClipsStep::Retract: return fact ? accept(retract(fact->id)) : "";
      case ClipsStep::Modify: {
        if (!fact) return {};
        std::int64_t values[3];
        for (int field = 0; field < 3; ++field) {
          values[field] = fact->fields[static_cast<std::size_t>(field)].second.asInt();
        }
        values[step.field] = step.values[0];
        std::string problem = accept(retract(fact->id));
        return problem.empty() ? accept(insert(fact->typeName, fieldsWith(values))) : problem;
      }
      case ClipsStep::Run: {
        if (before.agenda.empty()) return {};
        SettleOptions options;
        options.maxFirings = 1;
        for (const ActivationView& activation : engine_.agenda()) {
          if (matchOf(activation) == before.agenda[0]) options.activation = activation.id;
        }
        ++fired;
        return engine_.settle(options).firings == 1 ? "" : "nothing fired\n";
      }
    }
    return {};
  }

  static Match matchOf(const ActivationView& activation) {
    Match match{activation.name, {}, activation.salience};
    for (FactId fact : activation.facts) match.facts.push_back(index(fact));
    return match;
  }

  static std::string text(const Match& match, std::uint64_t since) {
    std::string out = "  " + match.rule + "(";
    for (std::uint32_t fact : match.facts) {
      out += (out.back() == '(' ? "" : ",") + std::to_string(fact);
    }
    return out + ") salience " + std::to_string(match.salience) +
           (since ? " made by change " + std::to_string(since) : "") + "\n";
  }

  std::string compare(const Listing& clips) {
    std::vector<std::string> facts;
    for (const FactView& fact : engine_.facts()) {
      std::string line = std::to_string(index(fact.id)) + " " + fact.typeName;
      for (int field = 0; field < 3; ++field) {
        line += " " + toText(fact.fields[static_cast<std::size_t>(field)].second);
      }
      facts.push_back(std::move(line));
    }
    std::string shown;
    if (facts != clips.facts) {
      for (const std::string& fact : facts) shown += "  " + fact + "\n";
      shown += "facts of CLIPS:\n";
      for (const std::string& fact : clips.facts) shown += "  " + fact + "\n";
      return "facts of the engine:\n" + shown;
    }
    std::vector<ActivationView> agenda = engine_.agenda();
    bool agree = agenda.size() == clips.agenda.size();
    const ActivationView* last = nullptr;
    for (const Match& match : clips.agenda) {
      auto found = std::find_if(agenda.begin(), agenda.end(),
                                [&](const ActivationView& a) { return matchOf(a) == match; });
      if (found == agenda.end()) {
        agree = false;
        break;
      }
      if (last && found->salience == last->salience && found->recency == last->recency) ++ties;
      if (last && found->salience == last->salience &&
          (newestFirst_ ? found->recency > last->recency : found->recency < last->recency)) {
        agree = false;
      }
      if (last && found->salience > last->salience) agree = false;
      last = &*found;
    }
    // The engine's own order must be one of those that CLIPS may choose: salience and change, place
    // by place.
    for (std::size_t i = 0; agree && i < agenda.size(); ++i) {
      auto found = std::find_if(agenda.begin(), agenda.end(), [&](const ActivationView& a) {
        return matchOf(a) == clips.agenda[i];
      });
      agree = found->salience == agenda[i].salience && found->recency == agenda[i].recency;
    }
    if (agree) return {};
    for (const ActivationView& activation : agenda) {
      shown += text(matchOf(activation), activation.recency);
    }
    shown += "agenda of CLIPS:\n";
    for (const Match& match : clips.agenda) shown += text(match, 0);
    return "agenda of the engine:\n" + shown;
  }

  const ClipsCase& one_;
  Engine engine_;
  bool newestFirst_;
};

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t programs = 2000, seed = 1, passed = 0, failed = 0, refused = 0, fired = 0, ties = 0;
  int steps = 40;
  bool all = false;
  std::string strategy = "depth";
  for (int i = 1; i < argc; ++i) {
    const char* next = i + 1 < argc ? argv[i + 1] : "";
    if (!std::strcmp(argv[i], "--programs")) {
      programs = std::strtoull(next, nullptr, 10), ++i;
    } else if (!std::strcmp(argv[i], "--seed")) {
      seed = std::strtoull(next, nullptr, 10), ++i;
    } else if (!std::strcmp(argv[i], "--steps")) {
      steps = std::atoi(next), ++i;
    } else if (!std::strcmp(argv[i], "--strategy")) {
      strategy = next, ++i;
    } else if (!std::strcmp(argv[i], "--all")) {
      all = true;
    } else {
      return std::fprintf(stderr, "unknown argument %s\n", argv[i]), 2;
    }
  }
  if (strategy != "depth" && strategy != "breadth") {
    return std::fprintf(stderr, "the strategy is depth or breadth\n"), 2;
  }

  constexpr std::uint64_t kBatch = 100;
  for (std::uint64_t done = 0; done < programs && (all || !failed);) {
    std::vector<ClipsCase> cases;
    std::vector<std::shared_ptr<const Program>> compiledCases;
    std::vector<std::uint64_t> seeds;
    for (; cases.size() < kBatch && done < programs; ++done) {
      Random random(seed + done);
      for (;;) {
        ClipsCase one = randomClipsCase(random, steps);
        Compiled compiled = compile("random.rules", one.program.text());
        bool contradiction = false;
        for (const Diagnostic& diagnostic : compiled.diagnostics) {
          contradiction |= diagnostic.level == Level::Error && diagnostic.code == "RL3007";
        }
        if (!compiled.ok() && !contradiction) {
          return std::fprintf(stderr, "%s%s", compiled.text().c_str(), one.program.text().c_str()),
                 2;
        }
        refused += !compiled.ok();
        if (!compiled.ok()) continue;  // refused rightly; the next program of the seed is taken
        cases.push_back(std::move(one));
        compiledCases.push_back(compiled.program);
        seeds.push_back(seed + done);
        break;
      }
    }
    std::string errors;
    auto listings = runClips(cases, strategy, errors);
    if (!errors.empty()) return std::fprintf(stderr, "CLIPS says:\n%s", errors.c_str()), 2;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EngineOptions options;
      options.strategy = strategy == "depth" ? Strategy::Depth : Strategy::Breadth;
      Follower follower(cases[i], compiledCases[i], options, strategy == "depth");
      std::string problem = follower.follow(listings[i]);
      fired += follower.fired;
      ties += follower.ties;
      if (problem.empty()) {
        ++passed;
        continue;
      }
      ++failed;
      std::printf("--- seed %llu, %s\n%s%s%s\n", static_cast<unsigned long long>(seeds[i]),
                  strategy.c_str(), cases[i].program.text().c_str(), problem.c_str(),
                  clipsText(cases[i], 0, strategy, false).c_str());
      if (!all) break;
    }
  }
  std::printf(
      "%llu passed, %llu failed (%s; %llu firings, %llu ties left open, %llu programs refused by "
      "the checker)\n",
      static_cast<unsigned long long>(passed), static_cast<unsigned long long>(failed),
      strategy.c_str(), static_cast<unsigned long long>(fired),
      static_cast<unsigned long long>(ties), static_cast<unsigned long long>(refused));
  return failed ? 1 : 0;
}
