// Turns the records of a run into lines for people.
#include "run_printer.h"

#include <iostream>

#include "reticle/text.h"

namespace reticle::cli {
namespace {

constexpr std::uint64_t kMostPrinted = 10;  // failures of one rule

// Name: value, with commas between.
std::string listText(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : ", ") + name + ": " + toText(value);
  }
  return text;
}

// What rules and flows emit; changes of properties are seen in the facts.
void printEvent(const CloudEvent& event) {
  if (!event.propertyName.empty()) return;
  std::cout << "emitted " << event.type << "{" << listText(event.data) << "}"
            << (event.subject.empty() ? "" : " to " + event.subject) << "\n";
}

}  // namespace

std::string argumentsText(const Fields& fields) { return "(" + listText(fields) + ")"; }

void RunPrinter::record(const TraceRecord& record, std::string_view json) {
  if (const trace::Failure* failure = record.as<trace::Failure>()) printFailure(record, *failure);
  if (all_) {
    std::cout << json << "\n";
  } else if (isQuiet_) {
    return;
  } else if (const trace::Log* log = record.as<trace::Log>()) {
    std::cout << (log->level == "info" ? "" : log->level + ": ") << log->text << "\n";
  } else if (const trace::Output* output = record.as<trace::Output>()) {
    if (const CloudEvent* event = std::get_if<CloudEvent>(&output->output)) printEvent(*event);
  }
}

// Refused inputs are reported by whoever hands them in.
void RunPrinter::printFailure(const TraceRecord& record, const trace::Failure& failure) {
  const bool isRule = record.rule != kNoRule;
  if (!isRule && record.run == kNoRun && failure.code != "RL9004") return;
  ++failures_;
  if (isRule && ++byRule_[record.rule] > kMostPrinted) return;
  if (isRule) {
    std::cerr << "rule \"" << schema_.rules[index(record.rule)].name << "\""
              << (failure.part.empty() ? "" : ", " + failure.part) << ": ";
  }
  std::cerr << failure.message << " (" << failure.code << ")" << placeText(failure.place) << "\n";
}

// " at bills.rules:7:3"; nothing when it is nowhere.
std::string RunPrinter::placeText(Span place) const {
  if (place == Span{} || place.file >= sources_.size()) return "";
  const Source& source = sources_[place.file];
  const Position position = positionOf(source, place.begin);
  return " at " + source.name + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

void RunPrinter::printTotals() const {
  for (const auto& [rule, times] : byRule_) {
    if (times <= kMostPrinted) continue;
    std::cerr << "rule \"" << schema_.rules[index(rule)].name << "\": " << times
              << " failures in all\n";
  }
}

}  // namespace reticle::cli
