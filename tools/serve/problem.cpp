// Problems as responses.
#include "problem.h"

#include <utility>

#include "reticle/value.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

// What is not there is 404, what does not fit the rules 422, what is there already 409.
int statusOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::UnknownFact:
    case ErrorCode::UnknownRun:
    case ErrorCode::UnknownCall:
    case ErrorCode::UnknownQuery:
    case ErrorCode::UnknownSubject:
    case ErrorCode::UnknownActivation: return 404;
    case ErrorCode::UnknownType:
    case ErrorCode::UnknownField:
    case ErrorCode::UnknownFlow:
    case ErrorCode::WrongType:
    case ErrorCode::MissingField:
    case ErrorCode::MissingProperty:
    case ErrorCode::ConstraintViolated:
    case ErrorCode::NotAFact:
    case ErrorCode::NoValue:
    case ErrorCode::TooMuch:
    case ErrorCode::NoRow: return 422;
    case ErrorCode::DuplicateKey:
    case ErrorCode::Derived:
    case ErrorCode::Stale:
    case ErrorCode::Duplicate:
    case ErrorCode::Mismatch: return 409;
    case ErrorCode::Corrupt:
    case ErrorCode::Full:
    case ErrorCode::Closed:
    case ErrorCode::Busy: return 503;
    case ErrorCode::BadInput: return 400;
  }
  return 400;
}

// "qty", of `the field "qty" of Order`; others as they stand.
std::string fieldIn(const std::string& where) {
  const std::size_t begin = where.find('"');
  const std::size_t end = begin == std::string::npos ? begin : where.find('"', begin + 1);
  return end == std::string::npos ? where : where.substr(begin + 1, end - begin - 1);
}

}  // namespace

std::string inQuotes(std::string_view text) { return wire::toJson(Value::string(text)); }

Response responseOf(const Problem& problem) {
  std::string body =
      "{\"title\":" + inQuotes(problem.title) + ",\"status\":" + std::to_string(problem.status);
  if (!problem.field.empty()) body += ",\"field\":" + inQuotes(problem.field);
  if (!problem.expected.empty()) body += ",\"expected\":" + inQuotes(problem.expected);
  if (!problem.code.empty()) body += ",\"code\":" + inQuotes(problem.code);
  if (problem.item) body += ",\"item\":" + std::to_string(*problem.item);
  Response response;
  response.status = problem.status;
  response.type = "application/problem+json";
  response.body = body + "}\n";
  return response;
}

Response journalFailed() {
  return responseOf({503,
                     "the journal cannot be written",
                     "",
                     "room on the disk, and a server started anew",
                     "",
                     {}});
}

Problem problemOf(const Error& error, const std::string& prefix) {
  return {statusOf(error.code),
          error.message,
          error.where.empty() ? "" : prefix + fieldIn(error.where),
          error.fix,
          name(error.code),
          {}};
}

}  // namespace reticle::serve
