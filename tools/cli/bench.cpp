// reticle bench: how fast parts of it are, on this machine.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <vector>

#include "../bench/language.h"
#include "../bench/measure.h"
#include "command.h"

namespace reticle::cli {
namespace {

// The number given with an option, or another one.
std::size_t numberOf(const Arguments& arguments, const std::string& option, std::size_t otherwise) {
  const std::optional<std::string> text = arguments.last(option);
  return text ? static_cast<std::size_t>(std::strtoull(text->c_str(), nullptr, 10)) : otherwise;
}

// A number in the given format.
std::string decimals(const char* format, double number) {
  char text[40];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text + " ";
}

// One large document, edited and asked.
int benchLanguage(const Arguments& arguments) {
  const std::size_t lines = numberOf(arguments, "--lines", 2000),
                    runs = numberOf(arguments, "--runs", 21);
  if (lines == 0 || runs == 0) {
    return misused("bench", "`--lines` and `--runs` take whole numbers above 0");
  }
  const auto times = bench::measureLanguage(lines, runs);
  const bool asJson = arguments.has("--json");
  if (asJson) {
    std::cout << "{\"lines\":" << lines << ",\"runs\":" << runs << ",\"milliseconds\":{";
  } else {
    std::cout << "medians of " << runs << " runs, " << lines << " lines, in milliseconds\n";
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::string number = decimals("%.3f", times[i].second);
    if (asJson) {
      std::cout << (i > 0 ? "," : "") << "\"" << times[i].first << "\":" << number;
    } else {
      std::cout << "  " << padded(times[i].first, 22) << number << "\n";
    }
  }
  if (asJson) std::cout << "}}\n";
  return kDone;
}

// Of one figure over all runs.
double medianOf(const std::vector<bench::Measures>& runs, double bench::Measures::*seconds) {
  std::vector<double> all;
  for (const bench::Measures& run : runs) all.push_back(run.*seconds);
  std::sort(all.begin(), all.end());
  return all.size() % 2 == 1 ? all[all.size() / 2]
                             : (all[all.size() / 2 - 1] + all[all.size() / 2]) / 2;
}

// Counts of one run, which are exact, and medians of times, which are not.
void printMeasures(const bench::Workload& workload, std::size_t size,
                   const std::vector<bench::Measures>& runs, bool asJson) {
  const bench::Measures& last = runs.back();
  const std::pair<const char*, double> times[] = {
      {"compileSeconds", medianOf(runs, &bench::Measures::compileSeconds)},
      {"loadSeconds", medianOf(runs, &bench::Measures::loadSeconds)},
      {"runSeconds", medianOf(runs, &bench::Measures::runSeconds)},
      {"changeSeconds", medianOf(runs, &bench::Measures::changeSeconds)}};
  const std::pair<const char*, std::uint64_t> counts[] = {{"size", size},
                                                          {"runs", runs.size()},
                                                          {"firings", last.firings},
                                                          {"given", last.given},
                                                          {"facts", last.facts},
                                                          {"changes", last.changes},
                                                          {"tokens", last.tokens},
                                                          {"tests", last.tests},
                                                          {"mostTests", last.mostTests},
                                                          {"journalBytes", last.journalBytes},
                                                          {"peakBytes", last.peakBytes}};
  if (asJson) {
    std::cout << "{\"name\":\"" << workload.name << "\"";
    for (const auto& [name, count] : counts) std::cout << ",\"" << name << "\":" << count;
    for (const auto& [name, seconds] : times) {
      std::cout << ",\"" << name << "\":" << decimals("%.6f", seconds);
    }
    std::cout << ",\"build\":\"" << bench::buildFlags() << "\"}\n";
    return;
  }
  std::cout << workload.name << ": " << workload.about << "; " << size << " " << workload.counts
            << "\n";
  for (const auto& [name, count] : counts) {
    if (std::string_view(name) != "size") std::cout << "  " << padded(name, 16) << count << "\n";
  }
  for (const auto& [name, seconds] : times) {
    std::cout << "  " << padded(name, 16) << decimals("%.3f", seconds) << "\n";
  }
  std::cout << "  " << padded("build", 16) << bench::buildFlags() << "\n";
}

// The workload for other engines, as JSON.
int writeFiles(const bench::Workload& workload, std::size_t size, const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem && bench::writeWorkload(workload, size, folder)) return kDone;
  std::cerr << "reticle: cannot write into " << folder << "\n";
  return kFailed;
}

// Repeated runs, each with a new engine.
int benchWorkload(const Arguments& arguments, const bench::Workload& workload) {
  const std::size_t size = numberOf(arguments, "--size", workload.size),
                    runs = numberOf(arguments, "--runs", 1);
  if (size == 0 || runs == 0) {
    return misused("bench", "`--size` and `--runs` take whole numbers above 0");
  }
  if (const std::optional<std::string> folder = arguments.last("--write")) {
    return writeFiles(workload, size, *folder);
  }
  if (const std::optional<std::string> path = arguments.last("--end")) {
    if (bench::writeEnd(workload, size, *path)) return kDone;
    std::cerr << "reticle: " << workload.name << " failed, or " << *path << " cannot be written\n";
    return kFailed;
  }
  std::vector<bench::Measures> measured;
  for (std::size_t i = 0; i < runs; ++i) {
    measured.push_back(bench::measure(workload, size));
    if (measured.back().problem.empty()) continue;
    std::cerr << "reticle: " << workload.name << ": " << measured.back().problem << "\n";
    return kFailed;
  }
  printMeasures(workload, size, measured, arguments.has("--json"));
  return kDone;
}

// A workload by its name, the language, or the list of what there is.
int bench(const Arguments& arguments) {
  std::vector<std::string> names{"language"};
  for (const bench::Workload& workload : bench::workloads()) names.push_back(workload.name);
  if (arguments.files.size() != 1) {
    return misused("bench", "say one thing to measure; `reticle bench --help` lists them");
  }
  const std::string& name = arguments.files[0];
  if (name == "language") return benchLanguage(arguments);
  const bench::Workload* workload = bench::findWorkload(name);
  return workload
             ? benchWorkload(arguments, *workload)
             : misused("bench", "there is no workload `" + name + "`" + suggestion(name, names));
}

// For the help.
std::string listOfWorkloads() {
  std::string out =
      "language      the language service, on a program of --lines: medians of --runs, in "
      "milliseconds\n";
  for (const bench::Workload& each : bench::workloads()) {
    out += padded(each.name, 14) + each.about + " (" + std::to_string(each.size) + " " +
           each.counts + ")\n";
  }
  return out +
         "\nTimes are CPU seconds: compiling the rules, giving the facts, firing. peakBytes is the "
         "most memory the process ever had.\n"
         "tools/bench/README.md says more, and compares with other engines.\n";
}

}  // namespace

Command benchCommand() {
  static const std::string details = listOfWorkloads();
  return {"bench",
          "NAME [--size N] [--runs N] [--json]",
          "Measures the engine on a workload, or the language service.",
          details,
          {{"--size", "N", "how large the workload is; otherwise as listed"},
           {"--runs", "N", "of which the medians count (1; language: 21)"},
           {"--json", "", "for tools"},
           {"--write", "FOLDER", "write rules and facts there, for other engines, and run nothing"},
           {"--end", "FILE", "run, and write the facts that are there at the end"},
           {"--lines", "N", "language: about so many lines of rules (2000)"}},
          bench};
}

}  // namespace reticle::cli
