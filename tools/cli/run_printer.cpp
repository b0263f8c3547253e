// Turns the records of a run into lines for people.
#include "run_printer.h"

#include <iostream>

#include "reticle/text.h"

namespace reticle::cli {
namespace {

constexpr std::uint64_t kMostPrinted = 10;  // failures of one rule

}  // namespace

std::string fieldsText(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : ", ") + name + ": " + toText(value);
  }
  return text;
}

std::string argumentsText(const Fields& fields) { return "(" + fieldsText(fields) + ")"; }

std::string eventText(const CloudEvent& event) {
  return event.type + "{" + fieldsText(event.data) + "}" +
         (event.subject.empty() ? "" : " to " + event.subject);
}

// What rules and flows emit is printed; changes of properties are seen in the facts.
void RunPrinter::record(const TraceRecord& record, std::string_view json) {
  if (keeps_) keep(record);
  if (const trace::Failure* failure = record.as<trace::Failure>()) printFailure(record, *failure);
  switch (show_) {
    case Show::Records: std::cout << json << "\n"; return;
    case Show::Nothing: return;
    case Show::Words: break;
  }
  if (const trace::Log* log = record.as<trace::Log>()) {
    std::cout << (log->level == "info" ? "" : log->level + ": ") << log->text << "\n";
  } else if (const trace::Output* output = record.as<trace::Output>()) {
    const CloudEvent* event = std::get_if<CloudEvent>(&output->output);
    if (event && event->propertyName.empty()) std::cout << "emitted " << eventText(*event) << "\n";
  }
}

// A firing that failed as a whole is none; one of which a part failed is.
void RunPrinter::keep(const TraceRecord& record) {
  if (record.as<trace::Fire>()) {
    ++happened_.rules[record.rule].fired;
  } else if (const trace::Log* log = record.as<trace::Log>()) {
    happened_.logs.push_back(*log);
  } else if (const trace::Output* output = record.as<trace::Output>()) {
    const CloudEvent* event = std::get_if<CloudEvent>(&output->output);
    if (event && event->propertyName.empty()) happened_.events.push_back(*event);
  } else if (const trace::Run* run = record.as<trace::Run>()) {
    flows_[record.run] = run->flow + " " + run->key;
  }
}

// Refused inputs are reported by whoever hands them in.
void RunPrinter::printFailure(const TraceRecord& record, const trace::Failure& failure) {
  const bool isRule = record.rule != kNoRule;
  if (!isRule && record.run == kNoRun && failure.code != "RL9004") return;
  ++failures_;
  if (keeps_) {
    const auto flow = flows_.find(record.run);
    happened_.failures.push_back({isRule ? schema_.rules[index(record.rule)].name : "",
                                  flow == flows_.end() ? "" : flow->second, failure.code,
                                  failure.message, failure.part, placeText(failure.place)});
    if (isRule && failure.part.empty()) {
      Happened::Rule& rule = happened_.rules[record.rule];
      ++rule.failed;
      if (rule.fired > 0) --rule.fired;
    }
  }
  if (isRule && ++byRule_[record.rule] > kMostPrinted) return;
  if (isRule) {
    std::cerr << "rule \"" << schema_.rules[index(record.rule)].name << "\""
              << (failure.part.empty() ? "" : ", " + failure.part) << ": ";
  }
  std::cerr << failure.message << " (" << failure.code << ")";
  const std::string place = placeText(failure.place);
  std::cerr << (place.empty() ? "" : " at ") << place << "\n";
}

// "bills.rules:7:3"; nothing when it is nowhere.
std::string RunPrinter::placeText(Span place) const {
  if (place == Span{} || place.file >= sources_.size()) return "";
  const Source& source = sources_[place.file];
  const Position position = positionOf(source, place.begin);
  return source.name + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

void RunPrinter::printTotals() const {
  for (const auto& [rule, times] : byRule_) {
    if (times <= kMostPrinted) continue;
    std::cerr << "rule \"" << schema_.rules[index(rule)].name << "\": " << times
              << " failures in all\n";
  }
}

}  // namespace reticle::cli
