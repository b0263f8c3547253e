// The whole state of a session as bytes and back: what an entry keeps when the rules of a running
// engine are replaced.
#include "journal/image.h"

#include <utility>

#include "base/bytes.h"
#include "base/value_codec.h"
#include "journal/entry.h"

namespace reticle {
namespace {

// ORDER: encodeDerivation, decodeDerivation
// Which facts a derived fact comes from, each in its version, and what they held then if they have
// changed since.
void encodeDerivation(ByteWriter& out, const SessionImage::Fact& fact) {
  out.varint(fact.derivedIn);
  out.varint(fact.derivedFrom.size());
  for (std::size_t i = 0; i < fact.derivedFrom.size(); ++i) {
    out.varint(index(fact.derivedFrom[i].fact));
    out.varint(fact.derivedFrom[i].version);
    const std::optional<Reasons::Past>& past = fact.past[i];
    out.u8(past.has_value());
    if (!past) continue;
    out.varint(index(past->type));
    encodeValues(out, past->fields);
  }
}

void decodeDerivation(ByteReader& in, SessionImage::Fact& fact) {
  fact.derivedIn = in.varint();
  fact.derivedFrom.resize(in.count());
  fact.past.resize(fact.derivedFrom.size());
  for (std::size_t i = 0; i < fact.derivedFrom.size(); ++i) {
    fact.derivedFrom[i].fact = decodeId<FactId>(in);
    fact.derivedFrom[i].version = in.varint();
    if (in.u8() == 0) continue;
    fact.past[i].emplace();
    fact.past[i]->type = decodeId<TypeId>(in);
    fact.past[i]->fields = decodeValues(in);
  }
}

// An event as it stands in the decision that raises it.
void encodeRaised(ByteWriter& out, const Event& event) {
  Decision decision{.kind = Decision::Kind::Raise, .flag = event.generated};
  decision.event = event;
  encodeDecision(out, decision);
}

Event decodeRaised(ByteReader& in) {
  Decision decision = decodeDecision(in);
  if (!decision.event) {
    in.fail();
    return {};
  }
  decision.event->generated = decision.flag;
  return *std::move(decision.event);
}

// ORDER: encode, decode
void encode(ByteWriter& out, const SessionImage& image) {
  out.zigzag(image.now);
  out.varint(image.changes);
  out.varint(image.nextEvent);
  out.varint(index(image.nextFact));
  out.varint(index(image.nextActivation));
  out.varint(index(image.clockFact));
  out.varint(index(image.currentFact));
  out.varint(image.facts.size());
  for (const SessionImage::Fact& fact : image.facts) {
    out.varint(index(fact.id));
    out.varint(index(fact.type));
    out.u8(fact.logical);
    out.varint(fact.recency);
    encodeValues(out, fact.fields);
    // 0: not derived; rules are counted from 1 here.
    out.varint(fact.derivedBy == kNoRule ? 0 : index(fact.derivedBy) + 1);
    if (fact.derivedBy != kNoRule) encodeDerivation(out, fact);
  }
  out.varint(image.matches.size());
  for (const SessionImage::Match& match : image.matches) {
    out.varint(index(match.id));
    out.varint(match.recency);
    out.u8(match.fired);
  }
  out.varint(image.supports.size());
  for (const auto& [fact, activation] : image.supports) {
    out.varint(index(fact));
    out.varint(index(activation));
  }
  out.varint(image.once.size());
  for (const auto& [rule, value] : image.once) {
    out.varint(index(rule));
    encode(out, value);
  }
  out.varint(image.focus.size());
  for (const std::string& group : image.focus) out.text(group);
  out.u8(image.current.has_value());
  if (image.current) encodeRaised(out, *image.current);
  out.varint(image.queue.size());
  for (const Event& event : image.queue) encodeRaised(out, event);
}

// Counts are bounded by the bytes that are left, so damage cannot ask for memory without end.
SessionImage decodeImage(ByteReader& in) {
  SessionImage image;
  image.now = in.zigzag();
  image.changes = in.varint();
  image.nextEvent = decodeNumber(in);
  image.nextFact = decodeId<FactId>(in);
  image.nextActivation = decodeId<ActivationId>(in);
  image.clockFact = decodeId<FactId>(in);
  image.currentFact = decodeId<FactId>(in);
  // By id, which working memory needs when they are installed.
  image.facts.resize(in.count());
  for (SessionImage::Fact& fact : image.facts) {
    fact.id = decodeId<FactId>(in);
    fact.type = decodeId<TypeId>(in);
    fact.logical = in.u8() != 0;
    fact.recency = in.varint();
    fact.fields = decodeValues(in);
    // 0 stands for none.
    const std::uint32_t rule = decodeNumber(in);
    if (rule == 0) continue;
    fact.derivedBy = RuleId{rule - 1};
    decodeDerivation(in, fact);
  }
  image.matches.resize(in.count());
  for (SessionImage::Match& match : image.matches) {
    match.id = decodeId<ActivationId>(in);
    match.recency = in.varint();
    match.fired = in.u8() != 0;
  }
  image.supports.resize(in.count());
  for (auto& [fact, activation] : image.supports) {
    fact = decodeId<FactId>(in);
    activation = decodeId<ActivationId>(in);
  }
  image.once.resize(in.count());
  for (auto& [rule, value] : image.once) {
    rule = decodeId<RuleId>(in);
    value = decodeValue(in);
  }
  image.focus.resize(in.count());
  for (std::string& group : image.focus) group = in.text();
  if (in.u8() != 0) image.current = decodeRaised(in);
  const std::size_t events = in.count();
  for (std::size_t i = 0; i < events && !in.failed(); ++i) image.queue.push_back(decodeRaised(in));
  return image;
}

// What the first version did not have stands at the end, and only where there is something of it.
void encodeMore(ByteWriter& out, const SessionImage& image) {
  if (image.nextWaiting == 1 && image.seen.empty()) return;
  out.varint(image.nextWaiting);
  out.varint(image.waiting.size());
  for (const SessionImage::Waiting& each : image.waiting) {
    out.varint(each.number);
    out.zigzag(each.due);
    out.text(each.name);
    encodeRaised(out, each.event);
  }
  out.varint(image.seen.size());
  for (const SeenEvents::Seen& each : image.seen) {
    out.text(each.source);
    out.text(each.id);
    out.u64le(each.fingerprint);
  }
}

void decodeMore(ByteReader& in, SessionImage& image) {
  if (in.atEnd()) return;
  image.nextWaiting = decodeNumber(in);
  const std::size_t waiting = in.count();
  for (std::size_t i = 0; i < waiting && !in.failed(); ++i) {
    SessionImage::Waiting each;
    each.number = decodeNumber(in);
    each.due = in.zigzag();
    each.name = in.text();
    each.event = decodeRaised(in);
    image.waiting.push_back(std::move(each));
  }
  image.seen.resize(in.count());
  for (SeenEvents::Seen& each : image.seen) {
    each.source = in.text();
    each.id = in.text();
    each.fingerprint = in.u64le();
  }
}

}  // namespace

// ORDER: decodeReplaced.
std::string encodeReplaced(const ReplacedState& state) {
  ByteWriter out;
  out.u64le(state.program);
  encode(out, state.session);
  out.varint(state.runs.size());
  for (const std::string& run : state.runs) out.text(run);
  out.text(state.queue);
  encodeMore(out, state.session);
  return out.take();
}

// Stands first, so that it can be read without the rest.
std::uint64_t programOfReplaced(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint64_t program = in.u64le();
  return in.failed() ? 0 : program;
}

// Everything or nothing: an engine goes on from the whole state only.
Result<ReplacedState> decodeReplaced(std::string_view bytes) {
  ByteReader in(bytes);
  ReplacedState state;
  state.program = in.u64le();
  state.session = decodeImage(in);
  state.runs.resize(in.count());
  for (std::string& run : state.runs) run = in.text();
  state.queue = in.text();
  decodeMore(in, state.session);
  if (in.failed() || !in.atEnd()) {
    return Error{ErrorCode::Corrupt,
                 "the state that was kept when the rules were replaced cannot be read"};
  }
  return state;
}

}  // namespace reticle
