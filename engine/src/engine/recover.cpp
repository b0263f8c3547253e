// The way back: the decisions of a journal applied one after another, without firing a rule; each
// entry's digest is compared.
#include "engine/core.h"
#include "engine/outputs.h"
#include "journal/image.h"

namespace reticle {

// Where the clock goes, and who waits for a turn: an event as 0, a run by its id.
std::string Core::encodeQueue() const {
  ByteWriter out;
  out.zigzag(target_);
  out.varint(queue_.size());
  for (const Work& work : queue_) out.varint(index(work.run));
  return out.take();
}

// False for bytes that are no queue, or name a run that is not there.
bool Core::decodeQueue(std::string_view bytes) {
  ByteReader in(bytes);
  target_ = in.zigzag();
  queue_.clear();
  const std::size_t count = in.count();
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    const RunId run{static_cast<std::uint32_t>(in.varint())};
    if (run != kNoRun && flows_.find(run) == nullptr) return false;
    queue_.push_back({run, tracer_.cause(), tracer_.origin()});
  }
  return !in.failed() && in.atEnd();
}

// The torn tail is cut before anything is appended after it.
Status Core::open(std::unique_ptr<Store> store) {
  const Result<std::string> bytes = store->read();
  if (!bytes.ok()) return bytes.error();
  const Result<JournalView> journal = readJournal(*bytes);
  if (!journal.ok()) return journal.error();
  if (journal->torn > 0) {
    const Status cut = store->truncate(journal->sound);
    if (!cut.ok()) return cut.error();
  }
  store_ = std::move(store);
  const Status status = goOnFrom(*journal);
  if (!status.ok()) return status.error();
  if (storeError_) return *storeError_;
  return Done{};
}

// The host keeps the journal: outputs wait until it says what is durable.
Status Core::recover(std::string_view bytes) {
  const Result<JournalView> journal = readJournal(bytes);
  if (!journal.ok()) return journal.error();
  journalTaken_ = true;
  return goOnFrom(*journal);
}

// A journal of another program is refused before anything is applied. After the last entry the
// calls that were under way start again, and events whose taking is not proven go out once more;
// both are decisions of an entry of their own.
Status Core::goOnFrom(const JournalView& journal) {
  Recovery recovery{
      .entries = journal.entries.size(), .bytes = journal.sound, .truncated = journal.torn};
  if (journal.fresh) {
    begin();
    recovery.digest = digest();
    if (journal.torn > 0) recovery_ = std::move(recovery);
    return Done{};
  }
  // What came before the last replacement of the rules is all in its entry.
  std::size_t replaced = journal.entries.size();
  while (replaced > 0 && journal.entries[replaced - 1].kind != InputKind::Replace) --replaced;
  if (replaced > 0 && programOfReplaced(journal.entries[replaced - 1].input) != program_->hash) {
    return Error{
        ErrorCode::Mismatch,
        "the rules of this journal were replaced, and these are not the ones it goes on with",
        "program", "open it with the rules that replaced the others"};
  }
  if (replaced == 0 && journal.header.program != program_->hash) {
    return Error{
        ErrorCode::Mismatch,
        "the journal belongs to another program: the rules have changed since it was begun",
        "program", "open it with the rules that wrote it, or begin a new journal"};
  }
  options_.start = journal.header.start;
  if (tracer_.on()) {
    tracer_.beginInput(
        {.body = trace::Recover{static_cast<std::uint32_t>(journal.entries.size())}});
  }
  writer_.resume(journal.entries.size() + 1, journal.hash);
  target_ = options_.start;
  if (journal.entries.empty()) {
    session_.begin(options_.start);
    commit(InputKind::Begin, {});
    recovery.digest = digest();
    recovery_ = std::move(recovery);
    return Done{};
  }
  session_.beginRecovery();
  for (const EntryView& entry : journal.entries) {
    const Status status = entry.sequence < replaced    ? recoverOutputs(entry)
                          : entry.sequence == replaced ? recoverReplaced(entry)
                                                       : recoverEntry(entry);
    if (!status.ok()) {
      Error error = status.error();
      error.message =
          "entry " + std::to_string(entry.sequence) + " of the journal: " + error.message;
      if (error.where.empty()) error.where = "byte " + std::to_string(entry.offset);
      return error;
    }
  }
  const Status ended = session_.endRecovery();
  if (!ended.ok()) return ended.error();
  recovery.digest = digest();
  recovery.runs = flows_.live();
  queueChanged_ = false;
  released_ = staging_;
  for (auto& [number, event] : unproven_) ready_.push_back(std::move(event));
  unproven_.clear();
  flows_.endRecovery();
  if (hasDecided()) commit(InputKind::Recover, {});
  recovery_ = std::move(recovery);
  return Done{};
}

// Its decisions, applied one by one; then the state must be the one whose digest the entry
// holds.
Status Core::recoverEntry(const EntryView& entry) {
  taken_ = entry.taken;
  while (!unproven_.empty() && unproven_.front().first <= taken_) unproven_.pop_front();
  session_.recoverInput(entry.kind == InputKind::Update || entry.kind == InputKind::Set ||
                        entry.kind == InputKind::Unset || entry.kind == InputKind::CompareAndSet);
  ByteReader in(entry.decisionBytes);
  for (std::size_t i = 0; i < entry.decisions; ++i) {
    Decision decision = decodeDecision(in);
    if (in.failed()) return Error{ErrorCode::Corrupt, "a decision cannot be read"};
    const Status status = recoverDecision(std::move(decision));
    if (!status.ok()) return status;
  }
  if (!in.atEnd()) return Error{ErrorCode::Corrupt, "there are bytes behind its last decision"};
  return checkEntry(entry);
}

// The digest stands beside each entry, so a divergence is found at the entry where it begins.
Status Core::checkEntry(const EntryView& entry) const {
  if (session_.now() != entry.time || stateDigest() != entry.digest) {
    return Error{ErrorCode::Mismatch,
                 "the state it leads to is not the one it led to when it was written", "",
                 "open it with the version that wrote it"};
  }
  return Done{};
}

// To the part that made it. Only outputs need thought: what was staged is counted, and events
// are kept until their taking is proven.
Status Core::recoverDecision(Decision decision) {
  switch (decision.kind) {
    case Decision::Kind::Run: return flows_.install(decision.bytes);
    case Decision::Kind::Wake:
      if (!decodeQueue(decision.bytes)) {
        return Error{ErrorCode::Corrupt, "the queue cannot be read"};
      }
      return Done{};
    case Decision::Kind::Output:
      ++staging_;
      if (std::optional<CloudEvent> event = decodeEventOutput(decision.bytes)) {
        unproven_.emplace_back(staging_, std::move(*event));
      }
      return Done{};
    case Decision::Kind::Assert:
    case Decision::Kind::Update:
    case Decision::Kind::Retract:
    case Decision::Kind::Support:
    case Decision::Kind::Fire:
    case Decision::Kind::Raise:
    case Decision::Kind::Begin:
    case Decision::Kind::End:
    case Decision::Kind::Halt:
    case Decision::Kind::Focus:
    case Decision::Kind::Clock:
    case Decision::Kind::Timer:
    case Decision::Kind::Rest:
    case Decision::Kind::Refuse:
    case Decision::Kind::Rearm:
    case Decision::Kind::Settle:
    case Decision::Kind::Wait:
    case Decision::Kind::Drop:
    case Decision::Kind::Salience: return session_.recover(decision);
  }
  return Done{};
}

}  // namespace reticle
