// The journal as bytes. Little-endian, varints as in base/bytes.h; the same bytes from every build.
//
//   file    ┌ "RTCLJRN1" │ version u32 │ program hash u64 │ start time i64 │ CRC u32 ┐  32 bytes
//           │                                       CRC-32C of the 28 bytes before it ┘
//           └ entry, entry, …
//
//   entry   ┌ length u32 │ CRC u32 │ sequence u64 │ previous u64 │ time i64 │ body │ digest u64 ┐
//             │            └ CRC-32C of all that follows it
//             └ bytes that follow the CRC
//           previous: the hash of the entry before, as a whole, or of the header; time: logical;
//           digest: of the state after the entry
//
//   body    kind of input u8 · input (text) · outputs taken so far varint · number of decisions
//           varint · decisions
//
//   decision  kind u8 · members present u16 as varint · the members, in the order of Decision
//
// Sequence numbers start at 1 and have no gaps. An entry is sound when its length fits, its CRC
// agrees, and sequence and hash continue the chain. At the end of what is sound there may be
//   - nothing;
//   - a torn tail: bytes with no sound entry anywhere after them, left by a write that was cut
//     off. It is reported and may be cut;
//   - damage: a bad entry with a sound one after it. It is an error, and nothing may be cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "reticle/input.h"
#include "reticle/result.h"
#include "session/session.h"

namespace reticle {

constexpr std::string_view kJournalMagic = "RTCLJRN1";
constexpr std::uint32_t kJournalVersion = 1;
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFrameBytes = 8 + 24 + 8;  // an entry without a body

// What an entry took in. ORDER: names in dump.cpp; the first eight are the first of Input,
// those from InsertAll on are those behind them.
enum class InputKind : std::uint8_t {
  Insert,
  Update,
  Retract,
  Set,
  Emit,
  Start,
  Result,
  Advance,
  Begin,
  Settle,
  Recover,
  Replace,
  InsertAll,
  Signal,
  Cancel,
  Unset,
  DeleteSubject,
  CompareAndSet,
  CancelEvent,
  Resume
};
const char* name(InputKind kind);

struct JournalHeader {
  std::uint64_t program = 0;
  Time start = 0;
};
std::string encodeHeader(const JournalHeader& header);

// An entry read back; `input` and `decisions` point into the journal's bytes.
struct EntryView {
  std::uint64_t sequence = 0;
  Time time = 0;
  InputKind kind{};
  std::string_view input;
  std::uint64_t taken = 0;
  std::size_t decisions = 0;
  std::string_view decisionBytes;
  std::uint64_t digest = 0;
  std::size_t offset = 0, size = 0;  // of the whole entry in the journal
};

// Builds entries one after another, and knows the chain.
class EntryWriter {
 public:
  // a new journal; the header comes with the first entry
  void begin(const JournalHeader& header);
  // Continues after what was read: `hash` is that of its last entry, or of its header.
  void resume(std::uint64_t next, std::uint64_t hash);
  // One entry, framed; the first is preceded by the header.
  std::string frame(Time time, InputKind kind, std::string_view input, std::uint64_t taken,
                    std::size_t decisions, std::string_view decisionBytes, std::uint64_t digest);
  std::uint64_t next() const { return next_; }

 private:
  std::string header_;
  std::uint64_t next_ = 1, hash_ = 0;
};

void encodeDecision(ByteWriter& out, const Decision& decision);
// Damaged bytes make the reader fail.
Decision decodeDecision(ByteReader& in);

InputKind kindOf(const Input& input);
std::string encodeInput(const Input& input);
Result<Input> decodeInput(InputKind kind, std::string_view bytes);

// What a journal holds: every sound entry, and how it ends. Corrupt when it is damaged or no
// journal at all.
struct JournalView {
  bool fresh = true;  // not even a whole header
  JournalHeader header;
  std::vector<EntryView> entries;
  std::size_t sound = 0;   // bytes up to the end of the last sound entry
  std::size_t torn = 0;    // bytes after that
  std::uint64_t hash = 0;  // for EntryWriter::resume
};
Result<JournalView> readJournal(std::string_view bytes);

}  // namespace reticle
