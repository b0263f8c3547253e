// Hands the events of a file in, in its order, and lets each be dealt with before the next.
#include "events.h"

#include <iostream>
#include <map>
#include <string_view>
#include <utility>

#include "envelope.h"
#include "facts.h"
#include "files.h"
#include "reticle/csv.h"
#include "reticle/wire.h"

namespace reticle::cli {
namespace {

class EventSubmitter {
 public:
  EventSubmitter(Engine& engine, Course& course, const Schema& schema, const EventsFile& file)
      : engine_(engine), course_(course), schema_(schema), file_(file) {}

  // `line` is 0, or `place` is empty.
  void submit(std::uint32_t line, const std::string& place, const Value& item) {
    if (!course_.goesOn()) {
      ++left_;
      return;
    }
    const bool isInput = item.kind() == ValueKind::Map && item.find("kind") &&
                         !item.find("specversion") && !item.find("event");
    if (isInput) {
      const Result<Input> input = wire::inputFrom(item, engine_.now());
      if (!input) return refuse(line, place, input.error());
      return handIn(line, place, *input);
    }
    Result<wire::IncomingEvent> event = wire::eventFrom(item);
    if (!event) return refuse(line, place, event.error());
    const TypeSchema* type = eventType(schema_, event->emit.type);
    if (type) {
      for (const std::string& name : takeExtensions(*type, *event)) ++passedOver_[name];
      if (file_.ignoreUnknown) {
        forgetUnknown(schema_, type->name, event->emit.data);
      } else if (const std::string unknown = unknownFields(schema_, type->name, event->emit.data);
                 !unknown.empty()) {
        return refuse(line, place, {ErrorCode::UnknownField, unknown, "", ""});
      }
    }
    if (event->time) {
      if (*event->time < engine_.now()) ++late_;
      course_.advanceTo(*event->time);
    }
    handIn(line, place, std::move(event->emit));
  }

  void refuse(std::uint32_t line, const std::string& place, const Error& error) {
    const std::string message = error.message + " (" + name(error.code) + ")";
    problems_.add(line, message, message.substr(0, message.find(", this is ")), place);
  }

  EventCounts finish() {
    const std::size_t refused = problems_.count();
    printProblems(file_.path, problems_);
    for (const auto& [name, times] : passedOver_) {
      std::cerr << file_.path << ": note: no field is for the extension `" << name << "` of "
                << times << (times == 1 ? " event" : " events") << "\n";
    }
    if (late_ != 0) {
      std::cerr << file_.path << ": note: " << late_ << (late_ == 1 ? " event is" : " events are")
                << " older than the clock, and taken at its time\n";
    }
    if (left_ != 0) {
      std::cerr << file_.path << ": " << left_ << (left_ == 1 ? " event is" : " events are")
                << " not handed in, since the rules did not come to rest\n";
    }
    return {taken_, refused};
  }

 private:
  void handIn(std::uint32_t line, const std::string& place, const Input& input) {
    const Result<Accepted> answer = engine_.submit(input);
    if (!answer) return refuse(line, place, answer.error());
    ++taken_;
    course_.settle();
  }

  Engine& engine_;
  Course& course_;
  const Schema& schema_;
  const EventsFile& file_;
  CsvProblems problems_;
  std::map<std::string, std::size_t> passedOver_;  // extensions, by name
  std::size_t taken_ = 0, late_ = 0, left_ = 0;
};

void submitEventLines(EventSubmitter& to, std::string_view text) {
  forEachLine(text, [&to](std::uint32_t line, std::string_view item) {
    const Result<Value> json = wire::parse(item);
    if (json) {
      to.submit(line, "", *json);
    } else {
      to.refuse(line, "", json.error());
    }
  });
}

}  // namespace

EventCounts submitEvents(Engine& engine, Course& course, const Schema& schema,
                         const EventsFile& file, const std::string& text) {
  EventSubmitter to(engine, course, schema, file);
  if (const std::string wrong = notUtf8(text); !wrong.empty()) {
    to.refuse(0, "", {ErrorCode::BadInput, wrong, "", ""});
  } else if (endsWith(file.path, ".jsonl") || endsWith(file.path, ".ndjson")) {
    submitEventLines(to, text);
  } else if (const Result<Value> json = dataFrom(file.path, text); !json) {
    to.refuse(0, json.error().where, json.error());
  } else if (json->kind() == ValueKind::List) {
    for (std::size_t i = 0; i < json->asList().size(); ++i) {
      to.submit(0, "item " + std::to_string(i), json->asList()[i]);
    }
  } else {
    to.submit(0, "", *json);
  }
  return to.finish();
}

}  // namespace reticle::cli
