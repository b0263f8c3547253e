// Values as bytes, for journals and snapshots: exact, any value comes back as it was.
//
//   kind u8, then by kind
//     Bool u8 · Int zigzag · Double 8 bytes · String, Bytes, Type text · Timestamp zigzag seconds,
//     varint nanos
//     Duration zigzag seconds, zigzag nanos · Fact varint · List varint count, values · Map varint
//     count, (key, value)… · Error text code, text message
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "reticle/value.h"

namespace reticle {

void encode(ByteWriter& out, const Value& value);

// Why a value that a host has built cannot be kept, as it stands after "is": "a map with a key that
// is a double". Empty for what comes back from decodeValue as it was.
std::string whyNotKept(const Value& value);
// Whether that has to be asked: most values hold no others, and are as good as kept.
inline bool mayNotBeKept(const Value& value) {
  return value.kind() == ValueKind::List || value.kind() == ValueKind::Map ||
         value.kind() == ValueKind::Optional;
}

// Any bytes are safe to read: what no encode wrote makes the reader fail and gives null.
Value decodeValue(ByteReader& in);

// The count, then each.
void encodeValues(ByteWriter& out, const std::vector<Value>& values);
std::vector<Value> decodeValues(ByteReader& in);
// The count, then name and value of each.
void encodeFields(ByteWriter& out, const std::vector<std::pair<std::string, Value>>& fields);
std::vector<std::pair<std::string, Value>> decodeFields(ByteReader& in);
// A varint that must fit 32 bits: an id or a count. The reader fails when it does not.
std::uint32_t decodeNumber(ByteReader& in);
template <typename Id>
Id decodeId(ByteReader& in) {
  return Id{decodeNumber(in)};
}

}  // namespace reticle
