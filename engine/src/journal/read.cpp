// Reading a journal back: which entries are sound, and how it ends.
#include <algorithm>
#include <string>

#include "base/hash.h"
#include "journal/entry.h"

namespace reticle {
namespace {

// What can be known of a frame without reading its body.
struct Framed {
  bool sound = false;
  std::size_t size = 0;
  std::uint64_t sequence = 0, previous = 0;
};

// A frame whose length and CRC agree, wherever it stands in the chain.
Framed frameAt(std::string_view bytes, std::size_t at) {
  ByteReader in(bytes.substr(at));
  const std::uint32_t length = in.u32le();
  const std::uint32_t crc = in.u32le();
  Framed frame;
  if (in.failed() || length < kFrameBytes - 8 || length > in.remaining()) return frame;
  const std::string_view body = in.raw(length);
  ByteReader head(body);
  frame.sequence = head.u64le();
  frame.previous = head.u64le();
  frame.size = 8 + std::size_t{length};
  frame.sound = crc32c(body) == crc;
  return frame;
}

// Where a sound header stands from `from` on, or npos. The magic alone may be somebody's text.
std::size_t headerAfter(std::string_view bytes, std::size_t from) {
  std::size_t at = bytes.find(kJournalMagic, from);
  for (; at != std::string_view::npos; at = bytes.find(kJournalMagic, at + 1)) {
    const std::string_view header = bytes.substr(at, kHeaderBytes);
    if (header.size() < kHeaderBytes) return std::string_view::npos;
    ByteReader crc(header.substr(kHeaderBytes - 4));
    if (crc.u32le() == crc32c(header.substr(0, kHeaderBytes - 4))) break;
  }
  return at;
}

// Where a sound entry, of this journal or another, or the header of one stands after `from`, or
// npos: then what is there was written, and is not the rest of an entry that was not. Entries have
// a sequence not further on than there is room for, which spares all but a few CRCs.
std::size_t soundAfter(std::string_view bytes, std::size_t from, std::uint64_t next) {
  const std::size_t header = headerAfter(bytes, from - 1);
  for (std::size_t at = from; at + kFrameBytes <= bytes.size(); ++at) {
    ByteReader in(bytes.substr(at));
    const std::uint32_t length = in.u32le();
    in.u32le();
    const std::uint64_t sequence = in.u64le();
    if (length < kFrameBytes - 8 || length > bytes.size() - at - 8) continue;
    if (sequence == 0 || sequence > next + bytes.size() / kFrameBytes) continue;
    if (frameAt(bytes, at).sound) return std::min(at, header);
  }
  return header;
}

// The place as a byte, for those who repair by hand.
Error damaged(std::size_t offset, std::string message) {
  return Error{ErrorCode::Corrupt, std::move(message), "byte " + std::to_string(offset),
               "keep the file as it is and restore the entry from a copy; nothing was cut"};
}

// Requires: a sound frame. False when its parts do not fill it.
bool readBody(std::string_view frame, EntryView& entry) {
  ByteReader in(frame.substr(8));
  entry.sequence = in.u64le();
  in.u64le();
  entry.time = static_cast<Time>(in.u64le());
  const std::uint8_t kind = in.u8();
  entry.kind = static_cast<InputKind>(kind);
  entry.input = in.text();
  entry.taken = in.varint();
  entry.decisions = static_cast<std::size_t>(in.varint());
  if (in.failed() || in.remaining() < 8 || kind > static_cast<std::uint8_t>(InputKind::Resume)) {
    return false;
  }
  entry.decisionBytes = in.raw(in.remaining() - 8);
  entry.digest = in.u64le();
  return !in.failed();
}

}  // namespace

// From the front, entry by entry, until one is not sound; what follows then says whether it is torn
// or damaged.
Result<JournalView> readJournal(std::string_view bytes) {
  JournalView view;
  if (bytes.size() < kHeaderBytes) {
    // A header cut off while it was first written; anything else is somebody else's file.
    const std::string_view start = bytes.substr(0, kJournalMagic.size());
    if (start != kJournalMagic.substr(0, start.size())) {
      return damaged(0, "this is no journal of Reticle: it does not begin with RTCLJRN1");
    }
    view.torn = bytes.size();
    return view;
  }
  const std::string_view headerBytes = bytes.substr(0, kHeaderBytes);
  ByteReader header(headerBytes);
  if (header.raw(kJournalMagic.size()) != kJournalMagic) {
    return damaged(0, "this is no journal of Reticle: it does not begin with RTCLJRN1");
  }
  const std::uint32_t version = header.u32le();
  view.header.program = header.u64le();
  view.header.start = static_cast<Time>(header.u64le());
  if (header.u32le() != crc32c(headerBytes.substr(0, kHeaderBytes - 4))) {
    return damaged(0, "the journal's header is damaged: its checksum does not agree");
  }
  if (version != kJournalVersion) {
    return Error{ErrorCode::Mismatch, "the journal has format " + std::to_string(version) +
                                          "; this build reads format " +
                                          std::to_string(kJournalVersion)};
  }
  // From here on it is a journal of ours, and all that can be wrong is in its entries.
  view.fresh = false;
  view.hash = hashBytes(headerBytes);
  view.sound = kHeaderBytes;
  std::uint64_t next = 1;
  while (view.sound < bytes.size()) {
    const std::size_t at = view.sound;
    const Framed frame = frameAt(bytes, at);
    if (!frame.sound) {
      const std::size_t after = soundAfter(bytes, at + 1, next);
      if (after != std::string_view::npos) {
        return damaged(at, "entry " + std::to_string(next) +
                               " of the journal is damaged, and something sound follows at byte " +
                               std::to_string(after));
      }
      view.torn = bytes.size() - at;
      return view;
    }
    // Sound in itself, but not the one that belongs here: entries were cut out or moved.
    if (frame.sequence != next) {
      return damaged(at, "entry " + std::to_string(frame.sequence) + " stands where entry " +
                             std::to_string(next) + " of the journal belongs");
    }
    if (frame.previous != view.hash) {
      return damaged(at,
                     "entry " + std::to_string(next) + " does not continue the entry before it");
    }
    EntryView entry;
    entry.offset = at;
    entry.size = frame.size;
    const std::string_view whole = bytes.substr(at, frame.size);
    if (!readBody(whole, entry)) {
      return damaged(at, "entry " + std::to_string(next) + " of the journal cannot be read");
    }
    view.hash = hashBytes(whole);
    view.entries.push_back(entry);
    view.sound += frame.size;
    ++next;
  }
  return view;
}

}  // namespace reticle
