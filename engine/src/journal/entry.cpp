// Entries as bytes and back: the form drawn in entry.h. Old journals must stay readable, so what
// stands here is only ever added to.
#include "journal/entry.h"

#include <type_traits>
#include <utility>

#include "base/hash.h"
#include "base/value_codec.h"

namespace reticle {
namespace {

// Members of a decision that differ from their defaults. ORDER: encodeDecision, decodeDecision
enum Member : std::uint32_t {
  kFact = 1,
  kType = 2,
  kActivation = 4,
  kRule = 8,
  kFlag = 16,
  kTime = 32,
  kValues = 64,
  kAssignment = 128,
  kFacts = 256,
  kEvent = 512,
  kBytes = 1024,
};

// How far an event went before that could be said: one from outside is not sent back there.
Delivery usualDelivery(const Event& event) {
  return event.fromOutside ? Delivery::Local : Delivery::Both;
}

// An event of a property has its old and new value after all else. ORDER: decodeEvent.
void encodeEvent(ByteWriter& out, const Event& event) {
  out.text(event.id);
  out.varint(index(event.type));
  // What the first version did not have stands at the end, and only where it says something.
  const bool more = event.deliver != usualDelivery(event) || !event.extensions.empty() ||
                    event.hops > 0 || event.by != kNoRule;
  out.u8(static_cast<std::uint8_t>((event.matched ? 1 : 0) | (event.fromOutside ? 2 : 0) |
                                   (more ? 4 : 0) | (event.gone ? 8 : 0) |
                                   (event.afterFailure ? 16 : 0)));
  out.text(event.subject);
  out.text(event.cause);
  out.text(event.originId);
  out.text(event.source);
  out.zigzag(event.time);
  encodeValues(out, event.values);
  out.varint(index(event.fact));
  out.text(event.property);
  if (!event.property.empty() || event.gone) {
    encode(out, event.old);
    encode(out, event.value);
  }
  if (!more) return;
  out.u8(static_cast<std::uint8_t>(event.deliver));
  encodeFields(out, event.extensions);
  out.varint(event.hops);
  out.varint(event.by == kNoRule ? 0 : index(event.by) + 1);
}

// ORDER: encodeEvent.
Event decodeEvent(ByteReader& in) {
  Event event;
  event.id = in.text();
  event.type = decodeId<TypeId>(in);
  const std::uint8_t flags = in.u8();
  event.matched = flags & 1;
  event.fromOutside = flags & 2;
  event.subject = in.text();
  event.cause = in.text();
  event.originId = in.text();
  event.source = in.text();
  event.time = in.zigzag();
  event.values = decodeValues(in);
  event.fact = decodeId<FactId>(in);
  event.property = in.text();
  event.gone = flags & 8;
  event.afterFailure = flags & 16;
  if (!event.property.empty() || event.gone) {
    event.old = decodeValue(in);
    event.value = decodeValue(in);
  }
  event.deliver = usualDelivery(event);
  if (!(flags & 4)) return event;
  const std::uint8_t deliver = in.u8();
  if (deliver > static_cast<std::uint8_t>(Delivery::Unhandled)) in.fail();
  event.deliver = static_cast<Delivery>(deliver);
  event.extensions = decodeFields(in);
  event.hops = decodeNumber(in);
  const std::uint32_t by = decodeNumber(in);
  if (by > 0) event.by = RuleId{by - 1};
  return event;
}

// ORDER: decodeInput reads the same members in the same order.
struct InputEncoder {
  ByteWriter& out;
  void operator()(const input::Insert& i) {
    out.text(i.type);
    encodeFields(out, i.fields);
  }
  // Columns by name, then all values row by row.
  void operator()(const input::InsertAll& i) {
    out.text(i.type);
    out.varint(i.fields.size());
    for (const std::string& field : i.fields) out.text(field);
    encodeValues(out, i.values);
  }
  void operator()(const input::Update& i) {
    out.varint(index(i.fact));
    encodeFields(out, i.fields);
  }
  void operator()(const input::Retract& i) { out.varint(index(i.fact)); }
  void operator()(const input::SetProperties& i) {
    out.text(i.subject);
    out.text(i.type);
    encodeFields(out, i.properties);
    out.u8(i.muted);
  }
  void operator()(const input::Signal& i) {
    out.text(i.flow);
    out.text(i.key);
    out.text(i.type);
    encodeFields(out, i.data);
  }
  void operator()(const input::Cancel& i) {
    out.text(i.flow);
    out.text(i.key);
  }
  void operator()(const input::Resume& i) {
    out.text(i.flow);
    out.text(i.key);
  }
  void operator()(const input::Emit& i) {
    out.text(i.type);
    encodeFields(out, i.data);
    out.text(i.subject);
    out.text(i.id);
    out.text(i.source);
    // What the first version did not have.
    if (!i.time && i.extensions.empty() && !i.due && i.replacing.empty() &&
        i.deliver == Delivery::Local) {
      return;
    }
    out.u8(static_cast<std::uint8_t>((i.time ? 1 : 0) | (i.due ? 2 : 0)));
    if (i.time) out.zigzag(*i.time);
    if (i.due) out.zigzag(*i.due);
    encodeFields(out, i.extensions);
    out.text(i.replacing);
    out.u8(static_cast<std::uint8_t>(i.deliver));
  }
  void operator()(const input::UnsetProperties& i) {
    out.text(i.subject);
    out.varint(i.properties.size());
    for (const std::string& property : i.properties) out.text(property);
    out.u8(i.muted);
  }
  void operator()(const input::DeleteSubject& i) { out.text(i.subject); }
  void operator()(const input::CompareAndSet& i) {
    out.text(i.subject);
    out.text(i.property);
    encode(out, i.expected);
    encode(out, i.value);
  }
  void operator()(const input::CancelEvent& i) {
    out.text(i.name);
    out.text(i.subject);
  }
  void operator()(const input::Start& i) {
    out.text(i.flow);
    encodeFields(out, i.arguments);
    out.text(i.key);
  }
  void operator()(const input::StepResult& i) {
    out.text(i.call);
    out.varint(i.attempt);
    out.u8(i.failed);
    // Either an error or a value, never both.
    encode(out, i.failed ? i.error : i.value);
  }
  void operator()(const input::Advance& i) {
    out.zigzag(i.to);
    if (i.goal > i.to) out.zigzag(i.goal);
  }
};

}  // namespace

// The checksum covers all that stands before it.
std::string encodeHeader(const JournalHeader& header) {
  ByteWriter out;
  out.raw(kJournalMagic);
  out.u32le(kJournalVersion);
  out.u64le(header.program);
  out.u64le(static_cast<std::uint64_t>(header.start));
  out.u32le(crc32c(out.bytes()));
  return out.take();
}

// Sequence numbers start at 1; the first entry continues the header.
void EntryWriter::begin(const JournalHeader& header) {
  header_ = encodeHeader(header);
  hash_ = hashBytes(header_);
  next_ = 1;
}

// The header is in the file already.
void EntryWriter::resume(std::uint64_t next, std::uint64_t hash) {
  header_.clear();
  next_ = next;
  hash_ = hash;
}

// The header goes out with the first entry, so that an engine that never got that far leaves no
// file.
std::string EntryWriter::frame(Time time, InputKind kind, std::string_view input,
                               std::uint64_t taken, std::size_t decisions,
                               std::string_view decisionBytes, std::uint64_t digest) {
  // ORDER: readBody in read.cpp.
  ByteWriter body;
  body.u64le(next_);
  body.u64le(hash_);
  body.u64le(static_cast<std::uint64_t>(time));
  body.u8(static_cast<std::uint8_t>(kind));
  body.text(input);
  body.varint(taken);
  body.varint(decisions);
  body.raw(decisionBytes);
  body.u64le(digest);
  ByteWriter entry;
  entry.u32le(static_cast<std::uint32_t>(body.bytes().size()));
  entry.u32le(crc32c(body.bytes()));
  entry.raw(body.bytes());
  ++next_;
  hash_ = hashBytes(entry.bytes());
  std::string bytes = std::move(header_);
  header_.clear();
  bytes += entry.bytes();
  return bytes;
}

// Members that have their default are left out, because decoding begins with the defaults; a mask
// says which are there.
void encodeDecision(ByteWriter& out, const Decision& d) {
  std::uint32_t members = 0;
  if (d.fact != FactId{}) members |= kFact;
  if (d.type != TypeId{}) members |= kType;
  if (d.activation != ActivationId{}) members |= kActivation;
  if (d.rule != RuleId{}) members |= kRule;
  if (d.flag) members |= kFlag;
  if (d.time != 0) members |= kTime;
  if (!d.values.empty()) members |= kValues;
  if (!d.assignment.empty()) members |= kAssignment;
  if (!d.facts.empty()) members |= kFacts;
  if (d.event) members |= kEvent;
  if (!d.bytes.empty()) members |= kBytes;
  out.u8(static_cast<std::uint8_t>(d.kind));
  out.varint(members);
  if (members & kFact) out.varint(index(d.fact));
  if (members & kType) out.varint(index(d.type));
  if (members & kActivation) out.varint(index(d.activation));
  if (members & kRule) out.varint(index(d.rule));
  if (members & kTime) out.zigzag(d.time);
  if (members & kValues) encodeValues(out, d.values);
  if (members & kAssignment) {
    out.varint(d.assignment.size());
    for (const auto& [field, value] : d.assignment) {
      out.varint(index(field));
      encode(out, value);
    }
  }
  if (members & kFacts) {
    out.varint(d.facts.size());
    for (const FactId fact : d.facts) out.varint(index(fact));
  }
  if (members & kEvent) encodeEvent(out, *d.event);
  if (members & kBytes) out.text(d.bytes);
}

// ORDER: encodeDecision.
Decision decodeDecision(ByteReader& in) {
  Decision d;
  const std::uint8_t kind = in.u8();
  const std::uint64_t members = in.varint();
  // Checked here, so that everyone after may rely on it.
  if (kind > static_cast<std::uint8_t>(Decision::Kind::Drop) || members >= kBytes * 2) in.fail();
  if (in.failed()) return d;
  d.kind = static_cast<Decision::Kind>(kind);
  d.flag = members & kFlag;
  if (members & kFact) d.fact = decodeId<FactId>(in);
  if (members & kType) d.type = decodeId<TypeId>(in);
  if (members & kActivation) d.activation = decodeId<ActivationId>(in);
  if (members & kRule) d.rule = decodeId<RuleId>(in);
  if (members & kTime) d.time = in.zigzag();
  if (members & kValues) d.values = decodeValues(in);
  if (members & kAssignment) {
    d.assignment.resize(in.count());
    for (auto& [field, value] : d.assignment) {
      field = decodeId<FieldId>(in);
      value = decodeValue(in);
    }
  }
  if (members & kFacts) {
    d.facts.resize(in.count());
    for (FactId& fact : d.facts) fact = decodeId<FactId>(in);
  }
  if (members & kEvent) d.event = decodeEvent(in);
  if (members & kBytes) d.bytes = in.text();
  return d;
}

// ORDER: Input and InputKind, between whose first eight and the others stand those that the engine
// makes itself.
InputKind kindOf(const Input& input) {
  constexpr std::size_t kFirst = 8;
  static_assert(std::is_same_v<std::variant_alternative_t<kFirst, Input>, input::InsertAll>);
  const std::size_t at = input.index();
  const std::size_t later = static_cast<std::size_t>(InputKind::InsertAll) - kFirst;
  return static_cast<InputKind>(at < kFirst ? at : at + later);
}

// The kind stands before it in the entry, see kindOf().
std::string encodeInput(const Input& input) {
  ByteWriter out;
  std::visit(InputEncoder{out}, input);
  return out.take();
}

namespace {

// An input to the run of a flow and key alone.
template <typename ToRun>
ToRun decodeToRun(ByteReader& in) {
  ToRun input;
  input.flow = in.text();
  input.key = in.text();
  return input;
}

}  // namespace

// Too many bytes are as wrong as too few: an input fills its place exactly.
Result<Input> decodeInput(InputKind kind, std::string_view bytes) {
  ByteReader in(bytes);
  Input input = input::Retract{};
  switch (kind) {
    case InputKind::Insert: {
      input::Insert i;
      i.type = in.text();
      i.fields = decodeFields(in);
      input = std::move(i);
      break;
    }
    case InputKind::Update: {
      input::Update i;
      i.fact = decodeId<FactId>(in);
      i.fields = decodeFields(in);
      input = std::move(i);
      break;
    }
    case InputKind::Retract: input = input::Retract{decodeId<FactId>(in)}; break;
    case InputKind::Set: {
      input::SetProperties i;
      i.subject = in.text();
      i.type = in.text();
      i.properties = decodeFields(in);
      i.muted = in.u8() != 0;
      input = std::move(i);
      break;
    }
    case InputKind::Emit: {
      input::Emit i;
      i.type = in.text();
      i.data = decodeFields(in);
      i.subject = in.text();
      i.id = in.text();
      i.source = in.text();
      if (!in.atEnd()) {
        const std::uint8_t has = in.u8();
        if (has & 1) i.time = in.zigzag();
        if (has & 2) i.due = in.zigzag();
        i.extensions = decodeFields(in);
        i.replacing = in.text();
        const std::uint8_t deliver = in.u8();
        if (deliver > static_cast<std::uint8_t>(Delivery::Unhandled)) in.fail();
        i.deliver = static_cast<Delivery>(deliver);
      }
      input = std::move(i);
      break;
    }
    case InputKind::Start: {
      input::Start i;
      i.flow = in.text();
      i.arguments = decodeFields(in);
      i.key = in.text();
      input = std::move(i);
      break;
    }
    case InputKind::Result: {
      input::StepResult i;
      i.call = in.text();
      i.attempt = decodeNumber(in);
      i.failed = in.u8() != 0;
      (i.failed ? i.error : i.value) = decodeValue(in);
      input = std::move(i);
      break;
    }
    case InputKind::Advance: {
      input::Advance i;
      i.to = in.zigzag();
      if (!in.atEnd()) i.goal = in.zigzag();
      input = i;
      break;
    }
    case InputKind::InsertAll: {
      input::InsertAll i;
      i.type = in.text();
      i.fields.resize(in.count());
      for (std::string& field : i.fields) field = in.text();
      i.values = decodeValues(in);
      input = std::move(i);
      break;
    }
    case InputKind::Signal: {
      input::Signal i;
      i.flow = in.text();
      i.key = in.text();
      i.type = in.text();
      i.data = decodeFields(in);
      input = std::move(i);
      break;
    }
    case InputKind::Cancel: input = decodeToRun<input::Cancel>(in); break;
    case InputKind::Unset: {
      input::UnsetProperties i;
      i.subject = in.text();
      i.properties.resize(in.count());
      for (std::string& property : i.properties) property = in.text();
      i.muted = in.u8() != 0;
      input = std::move(i);
      break;
    }
    case InputKind::DeleteSubject: input = input::DeleteSubject{std::string(in.text())}; break;
    case InputKind::CompareAndSet: {
      input::CompareAndSet i;
      i.subject = in.text();
      i.property = in.text();
      i.expected = decodeValue(in);
      i.value = decodeValue(in);
      input = std::move(i);
      break;
    }
    case InputKind::CancelEvent: {
      input::CancelEvent i;
      i.name = in.text();
      i.subject = in.text();
      input = std::move(i);
      break;
    }
    case InputKind::Resume: input = decodeToRun<input::Resume>(in); break;
    // These entries are made by the engine itself.
    case InputKind::Begin:
    case InputKind::Settle:
    case InputKind::Recover:
    case InputKind::Replace:
      return Error{ErrorCode::BadInput, "an entry of this kind holds no input of the host"};
  }
  if (in.failed() || !in.atEnd()) {
    return Error{ErrorCode::Corrupt, "the input of an entry cannot be read"};
  }
  return input;
}

}  // namespace reticle
