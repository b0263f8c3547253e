// The chain that an event stands in, and the trace of its envelope.

#include "session/event_queue.h"

#include <algorithm>

namespace reticle {

namespace {

constexpr std::size_t kChainShown = 6;

const Value* extension(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.extensions) {
    if (key == name) return &value;
  }
  return nullptr;
}

bool isHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// "00-<trace, 32 digits>-<span, 16>-<flags, 2>"
bool isTraceparent(std::string_view text) {
  return text.size() == 55 && text.substr(0, 3) == "00-" && text[35] == '-' && text[52] == '-' &&
         isHex(text.substr(3, 32)) && isHex(text.substr(36, 16)) && isHex(text.substr(53));
}

}  // namespace

void EventQueue::continueTrace(const Event& from, Event& event) {
  const Value* parent = extension(from, "traceparent");
  if (!parent || parent->kind() != ValueKind::String || !isTraceparent(parent->asString())) return;
  if (extension(event, "traceparent")) return;
  std::string text(parent->asString());
  Digest span;
  span.add(text);
  span.add(event.id);
  text.replace(36, 16, span.hex());
  event.extensions.emplace_back("traceparent", Value::string(text));
  if (const Value* state = extension(from, "tracestate")) {
    event.extensions.emplace_back("tracestate", *state);
  }
}

void EventQueue::remember(const Event& event) {
  past_.push_back({event.id, event.cause, event.property, event.type, event.by});
  if (past_.size() > kRemembered) past_.pop_front();
}

std::string EventQueue::textOf(const model::Program& program, const Past& past) {
  const bool known = past.property.empty() && index(past.type) < program.types.size();
  std::string text = past.id + " " +
                     (!past.property.empty() ? "." + past.property
                      : known                ? program.type(past.type).name
                                             : std::string("?"));
  if (index(past.by) < program.rules.size()) {
    text += " by \"" + program.rules[index(past.by)].name + "\"";
  }
  return text;
}

std::string EventQueue::chainText(const model::Program& program, const Event& event) const {
  std::string text = textOf(program, {event.id, event.cause, event.property, event.type, event.by});
  std::string cause = event.cause;
  for (std::size_t shown = 1; !cause.empty(); ++shown) {
    const auto found = std::find_if(past_.rbegin(), past_.rend(),
                                    [&](const Past& past) { return past.id == cause; });
    if (found == past_.rend() || shown == kChainShown) return text + " <- …";
    text += " <- " + textOf(program, *found);
    cause = found->cause;
  }
  return text;
}

std::string EventQueue::originText(const model::Program& program, const std::string& id) const {
  const auto found =
      std::find_if(past_.rbegin(), past_.rend(), [&](const Past& past) { return past.id == id; });
  if (found == past_.rend()) return {};
  std::string text = textOf(program, *found);
  if (found->cause.empty()) return text;
  const std::string before = originText(program, found->cause);
  return text + " <- " + (before.empty() ? found->cause : before);
}

}  // namespace reticle
