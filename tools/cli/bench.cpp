// reticle bench: how fast parts of it are, on this machine.
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "../bench/language.h"
#include "command.h"

namespace reticle::cli {
namespace {

std::size_t numberOf(const Arguments& arguments, const std::string& option, std::size_t otherwise) {
  const std::optional<std::string> text = arguments.last(option);
  return text ? static_cast<std::size_t>(std::strtoull(text->c_str(), nullptr, 10)) : otherwise;
}

int bench(const Arguments& arguments) {
  if (arguments.files.size() != 1 || arguments.files[0] != "language") return misused("bench", "say what to measure: `language`");
  const std::size_t lines = numberOf(arguments, "--lines", 2000), runs = numberOf(arguments, "--runs", 21);
  if (lines == 0 || runs == 0) return misused("bench", "`--lines` and `--runs` take whole numbers above 0");
  const auto times = bench::measureLanguage(lines, runs);
  const bool asJson = arguments.has("--json");
  if (asJson) std::cout << "{\"lines\":" << lines << ",\"runs\":" << runs << ",\"milliseconds\":{";
  else std::cout << "medians of " << runs << " runs, " << lines << " lines, in milliseconds\n";
  for (std::size_t i = 0; i < times.size(); ++i) {
    char number[32];
    std::snprintf(number, sizeof number, "%.3f", times[i].second);
    if (asJson) std::cout << (i > 0 ? "," : "") << "\"" << times[i].first << "\":" << number;
    else std::cout << "  " << times[i].first << std::string(times[i].first.size() < 22 ? 22 - times[i].first.size() : 1, ' ') << number << "\n";
  }
  if (asJson) std::cout << "}}\n";
  return kDone;
}

}  // namespace

Command benchCommand() {
  return {"bench", "language [--lines N] [--runs N] [--json]", "Measures the language service on a program made for it.",
          "`open` and `edit` include reading, checking and reporting the whole program.\n",
          {{"--lines", "N", "about so many lines of rules (2000)"}, {"--runs", "N", "of which the median counts (21)"}, {"--json", "", "for tools"}}, bench};
}

}  // namespace reticle::cli
