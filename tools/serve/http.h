// HTTP/1.1 as a server reads it: strictly, from bytes as they come, with no thread behind it.
//
// What readers of HTTP disagree about is refused (RFC 9112): bare line feeds, folded headers,
// spaces before a colon, two lengths, a length beside chunks, two encodings, lines of chunks with
// spaces or control characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reticle::serve {

struct Request {
  std::string method;
  std::string path;                                          // percent-decoded
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, values as sent
  std::string body;
  bool keepAlive = true;

  // The first header of that name (in lower case); null: there is none.
  const std::string* header(std::string_view name) const;
  const std::string* argument(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string type = "application/json";  // of the body; empty: there is no body
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;  // the connection ends behind it
  // The connection goes on as a stream of the trace, from the record of that number.
  std::optional<std::uint64_t> streamFrom;
};
const char* reasonOf(int status);  // "Not Found"

// The bytes of a response; `withBody`: false for HEAD.
std::string written(const Response& response, bool keepAlive, bool withBody);

// "%41b" as "Ab"; nothing when a `%` is not followed by two hexadecimal digits. `plus`: a `+` is a
// space, as in a query.
std::optional<std::string> percentDecoded(std::string_view text, bool plus = false);

// Puts requests together from bytes. One at a time: what comes behind a whole one stays in the
// buffer, and is read after takeRequest().
class RequestReader {
 public:
  explicit RequestReader(std::size_t maxBody) : maxBody_(maxBody) {}

  enum class State { Needs, Whole, Refused };
  // Needs: more bytes. Whole: takeRequest() gives it. Refused: refusal() is the answer, and the
  // connection has to end.
  State read(std::string_view bytes);

  Request takeRequest();
  const Response& refusal() const { return refusal_; }
  // True once, when the client waits to be told that it may send the body.
  bool takeContinue() { return std::exchange(wantsContinue_, false); }
  // False: nothing of a next request has come.
  bool hasBegun() const { return at_ < buffer_.size() || part_ != Part::Head; }
  std::size_t held() const { return buffer_.size() - at_ + request_.body.size(); }

 private:
  enum class Part { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailer, Whole };

  State refuse(int status, std::string title, std::string field, std::string expected);
  State readParts();
  void forgetRead();
  bool mayBecomeHead(std::string_view head);
  bool readHead(std::string_view head);
  bool readRequestLine(std::string_view line);
  bool readTarget(std::string_view target);
  bool readHeader(std::string_view line);
  bool readFraming();
  std::optional<std::string_view> takeLine(std::size_t most);
  static std::optional<std::size_t> chunkSize(std::string_view line);

  const std::size_t maxBody_;
  std::string buffer_;
  std::size_t at_ = 0;       // of the buffer: what is read already
  std::size_t scanned_ = 0;  // of the head: its end is not before it
  Part part_ = Part::Head;
  std::size_t left_ = 0;  // of the body or the chunk
  std::size_t trailers_ = 0;
  bool wantsContinue_ = false;
  bool isRefused_ = false;
  Request request_;
  Response refusal_;
};

}  // namespace reticle::serve
