// Outputs as bytes, and the order in which nested events leave.
#include "engine/outputs.h"

#include <cstdint>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "base/value_codec.h"

namespace reticle {
namespace {

// ORDER: written in journals.
constexpr std::uint8_t kCall = 0, kEvent = 1;

}  // namespace

std::string encodeOutput(const Output& output) {
  ByteWriter out;
  if (const Call* call = std::get_if<Call>(&output)) {
    out.u8(kCall);
    out.text(call->id);
    out.varint(call->attempt);
    return out.take();
  }
  const CloudEvent& event = *std::get_if<CloudEvent>(&output);
  out.u8(kEvent);
  for (const std::string* text : {&event.type, &event.source, &event.id, &event.originId,
                                  &event.subject, &event.cause, &event.propertyName}) {
    out.text(*text);
  }
  out.zigzag(event.time);
  encodeFields(out, event.data);
  encodeFields(out, event.extensions);
  if (event.hops > 0) out.varint(event.hops);
  return out.take();
}

std::optional<CloudEvent> decodeEventOutput(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.u8() != kEvent) return {};
  CloudEvent event;
  for (std::string* text : {&event.type, &event.source, &event.id, &event.originId, &event.subject,
                            &event.cause, &event.propertyName}) {
    *text = in.text();
  }
  event.time = in.zigzag();
  event.data = decodeFields(in);
  event.extensions = decodeFields(in);
  if (!in.atEnd()) event.hops = decodeNumber(in);
  if (in.failed()) return {};
  return event;
}

// The events of one entry form trees by their causes; each tree leaves in post-order, at the
// places that events had before.
void nestEvents(std::vector<Output>& outputs) {
  std::vector<std::size_t> places;          // of events
  std::map<std::string, std::size_t> byId;  // position in `places`
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const CloudEvent* event = std::get_if<CloudEvent>(&outputs[i]);
    if (event == nullptr) continue;
    byId[event->id] = places.size();
    places.push_back(i);
  }
  std::vector<std::vector<std::size_t>> caused(places.size());
  std::vector<std::size_t> roots;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto cause = byId.find(std::get_if<CloudEvent>(&outputs[places[i]])->cause);
    if (cause != byId.end() && cause->second < i) {
      caused[cause->second].push_back(i);
    } else {
      roots.push_back(i);
    }
  }
  // Post-order without recursion: chains may be long.
  std::vector<std::size_t> order;
  // event, how many of those it caused are done
  std::vector<std::pair<std::size_t, std::size_t>> path;
  for (const std::size_t root : roots) {
    path.emplace_back(root, 0);
    while (!path.empty()) {
      auto& [event, done] = path.back();
      if (done < caused[event].size()) {
        const std::size_t below = caused[event][done++];
        path.emplace_back(below, 0);
      } else {
        order.push_back(event);
        path.pop_back();
      }
    }
  }
  std::vector<Output> moved;
  for (const std::size_t event : order) moved.push_back(std::move(outputs[places[event]]));
  for (std::size_t i = 0; i < places.size(); ++i) outputs[places[i]] = std::move(moved[i]);
}

}  // namespace reticle
