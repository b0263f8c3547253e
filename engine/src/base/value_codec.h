// Values as bytes, for journals and snapshots: exact, any value comes back as it was.
//
//   kind u8, then by kind
//     Bool u8 · Int zigzag · Double 8 bytes · String, Bytes, Type text · Timestamp zigzag seconds, varint nanos
//     Duration zigzag seconds, zigzag nanos · Fact varint · List varint count, values · Map varint count, (key, value)… · Error text code, text message
#pragma once

#include "base/bytes.h"
#include "reticle/value.h"

namespace reticle {

void encode(ByteWriter& out, const Value& value);

// Any bytes are safe to read: what no encode wrote makes the reader fail and gives null.
Value decodeValue(ByteReader& in);

}  // namespace reticle
