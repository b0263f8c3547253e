// The names of error codes, as they appear in JSON and in the TypeScript package.
#include "reticle/result.h"

#include "base/unreachable.h"

namespace reticle {

const char* name(ErrorCode code) {
  switch (code) {
    case ErrorCode::UnknownType: return "UnknownType";
    case ErrorCode::UnknownField: return "UnknownField";
    case ErrorCode::UnknownFact: return "UnknownFact";
    case ErrorCode::UnknownRun: return "UnknownRun";
    case ErrorCode::UnknownCall: return "UnknownCall";
    case ErrorCode::UnknownFlow: return "UnknownFlow";
    case ErrorCode::UnknownQuery: return "UnknownQuery";
    case ErrorCode::UnknownSubject: return "UnknownSubject";
    case ErrorCode::UnknownActivation: return "UnknownActivation";
    case ErrorCode::WrongType: return "WrongType";
    case ErrorCode::MissingField: return "MissingField";
    case ErrorCode::MissingProperty: return "MissingProperty";
    case ErrorCode::DuplicateKey: return "DuplicateKey";
    case ErrorCode::ConstraintViolated: return "ConstraintViolated";
    case ErrorCode::NotAFact: return "NotAFact";
    case ErrorCode::Derived: return "Derived";
    case ErrorCode::Stale: return "Stale";
    case ErrorCode::Duplicate: return "Duplicate";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::Mismatch: return "Mismatch";
    case ErrorCode::Full: return "Full";
    case ErrorCode::Closed: return "Closed";
    case ErrorCode::Busy: return "Busy";
    case ErrorCode::BadInput: return "BadInput";
    case ErrorCode::NoValue: return "RL9001";
    case ErrorCode::TooMuch: return "RL9002";
    case ErrorCode::NoRow: return "RL9003";
  }
  unreachable("an error code has a name");
}

}  // namespace reticle
