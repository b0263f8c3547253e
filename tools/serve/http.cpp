// Reading requests and writing responses.
#include "http.h"

#include <algorithm>

#include "limits.h"
#include "problem.h"

namespace reticle::serve {
namespace {

// RFC 9110: what names of methods and headers are made of.
bool isToken(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool isControl(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; }

// Whether a comma-separated list names it.
bool names(std::string_view rest, std::string_view wanted) {
  for (;;) {
    const std::size_t comma = rest.find(',');
    if (lower(trimmed(rest.substr(0, comma))) == wanted) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 1);
  }
}

const std::string* find(const std::vector<std::pair<std::string, std::string>>& in,
                        std::string_view name) {
  for (const auto& [key, value] : in) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

const std::string* Request::header(std::string_view name) const { return find(headers, name); }
const std::string* Request::argument(std::string_view name) const { return find(query, name); }

std::optional<std::string> percentDecoded(std::string_view text, bool plus) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += plus && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return result;
}

const char* reasonOf(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Error";
  }
}

std::string written(const Response& response, bool keepAlive, bool withBody) {
  std::string text =
      "HTTP/1.1 " + std::to_string(response.status) + " " + reasonOf(response.status) + "\r\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  if (!response.type.empty()) text += "Content-Type: " + response.type + "\r\n";
  if (response.streamFrom) return text + "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
  if (response.status != 204) {
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  if (!keepAlive || response.close) text += "Connection: close\r\n";
  text += "\r\n";
  return withBody ? text + response.body : text;
}

// --- reading

RequestReader::State RequestReader::refuse(int status, std::string title, std::string field,
                                           std::string expected) {
  refusal_ = responseOf({status, std::move(title), std::move(field), std::move(expected), "", {}});
  refusal_.close = true;
  isRefused_ = true;
  return State::Refused;
}

RequestReader::State RequestReader::read(std::string_view bytes) {
  if (isRefused_) return State::Refused;
  buffer_ += bytes;
  const State state = readParts();
  forgetRead();
  return state;
}

// Once half of the buffer is read, so that each byte is moved once at most, however many chunks or
// requests it holds. A reader that waits for a request holds nothing.
void RequestReader::forgetRead() {
  if (at_ < buffer_.size() - at_) return;
  if (at_ == buffer_.size()) {
    std::string().swap(buffer_);
  } else {
    buffer_.erase(0, at_);
  }
  at_ = 0;
}

Request RequestReader::takeRequest() {
  Request request = std::move(request_);
  request_ = {};
  scanned_ = trailers_ = 0;
  wantsContinue_ = false;
  part_ = Part::Head;
  return request;
}

// A line without its end; nothing while it is not whole, or when it was refused.
std::optional<std::string_view> RequestReader::takeLine(std::size_t most) {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  const std::size_t end = rest.substr(0, most + 2).find("\r\n");
  std::string_view line = rest.substr(0, end);
  // The end of the line may have come by half.
  if (end == std::string::npos && !line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > most) {
    refuse(400, "a line of the chunked body is too long", "body",
           "at most " + std::to_string(most) + " bytes");
    return std::nullopt;
  }
  if (std::any_of(line.begin(), line.end(), isControl)) {
    refuse(400, "a line of the chunked body has a control character", "body",
           "lines that end with a carriage return and a line feed");
    return std::nullopt;
  }
  if (end == std::string::npos) return std::nullopt;
  at_ += end + 2;
  return line;
}

// "1a;name=value" as 26: hexadecimal digits, and what may stand behind them.
std::optional<std::size_t> RequestReader::chunkSize(std::string_view line) {
  const std::size_t extension = line.find(';');
  std::string_view digits = line.substr(0, extension);
  if (extension != std::string_view::npos) {
    while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t')) {
      digits.remove_suffix(1);
    }
  }
  if (digits.empty()) return std::nullopt;
  std::size_t size = 0;
  for (const char c : digits) {
    const int digit = hexDigit(c);
    if (digit < 0 || size > 0xfffffff) return std::nullopt;
    size = size * 16 + static_cast<std::size_t>(digit);
  }
  return size;
}

// What can never become a request is refused before the rest has come.
bool RequestReader::mayBecomeHead(std::string_view head) {
  if (!head.empty() && !isToken(head.substr(0, 1))) {
    refuse(400, "this is no HTTP request", "request line", "GET /path HTTP/1.1");
    return false;
  }
  for (std::size_t i = head.find('\n', scanned_); i != std::string_view::npos;
       i = head.find('\n', i + 1)) {
    if (head[i - 1] == '\r') continue;  // the first byte is none
    refuse(400, "a line ends with a line feed alone", "headers",
           "lines that end with a carriage return and a line feed");
    return false;
  }
  scanned_ = head.size() < 3 ? 0 : head.size() - 3;
  return true;
}

// Part by part, as far as the bytes go.
RequestReader::State RequestReader::readParts() {
  const auto missing = [this] { return isRefused_ ? State::Refused : State::Needs; };
  for (;;) {
    switch (part_) {
      case Part::Head: {
        const std::string_view rest = std::string_view(buffer_).substr(at_);
        const std::size_t end = rest.find("\r\n\r\n", scanned_);
        if (end == std::string::npos ? rest.size() > kHeadBytes : end > kHeadBytes) {
          return refuse(431, "the request line and the headers are too long", "headers",
                        "at most " + std::to_string(kHeadBytes) + " bytes");
        }
        if (end == std::string::npos) {
          return mayBecomeHead(rest) ? State::Needs : State::Refused;
        }
        at_ += end + 4;
        if (!readHead(rest.substr(0, end)) || !readFraming()) return State::Refused;
        break;
      }
      case Part::Body:
      case Part::ChunkData: {
        const std::size_t count = std::min(left_, buffer_.size() - at_);
        request_.body.append(buffer_, at_, count);
        left_ -= count;
        at_ += count;
        if (left_ > 0) return State::Needs;
        part_ = part_ == Part::Body ? Part::Whole : Part::ChunkEnd;
        break;
      }
      case Part::ChunkSize: {
        const auto line = takeLine(256);
        if (!line) return missing();
        const std::optional<std::size_t> size = chunkSize(*line);
        if (!size) {
          return refuse(400, "a chunk of the body has no size", "body",
                        "hexadecimal digits and a line break");
        }
        if (*size > maxBody_ - request_.body.size()) {
          return refuse(413, "the body is too long", "body",
                        "at most " + std::to_string(maxBody_) + " bytes");
        }
        left_ = *size;
        part_ = left_ == 0 ? Part::Trailer : Part::ChunkData;
        break;
      }
      case Part::ChunkEnd: {
        if (!takeLine(0)) return missing();
        part_ = Part::ChunkSize;
        break;
      }
      case Part::Trailer: {
        const auto line = takeLine(1024);
        if (!line) return missing();
        if (line->empty()) {
          part_ = Part::Whole;
        } else if (!isToken(line->substr(0, line->find(':'))) || line->find(':') == line->npos) {
          return refuse(400, "a trailer of the body is not one", "body", "none");
        } else if (++trailers_ > kHeaderCount) {
          return refuse(431, "there are too many trailers", "body", "none");
        }
        break;
      }
      case Part::Whole: return State::Whole;
    }
  }
}

// The line of the request, then a header a line.
bool RequestReader::readHead(std::string_view head) {
  std::size_t end = head.find("\r\n");
  if (!readRequestLine(head.substr(0, end))) return false;
  while (end != std::string_view::npos) {
    head.remove_prefix(end + 2);
    end = head.find("\r\n");
    if (!readHeader(head.substr(0, end))) return false;
  }
  return true;
}

bool RequestReader::readRequestLine(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !isToken(line.substr(0, first))) {
    refuse(400, "this is no HTTP request", "request line", "GET /path HTTP/1.1");
    return false;
  }
  request_.method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = version.substr(0, 5) == "HTTP/";
    refuse(other ? 505 : 400, "the version of the request is not one that is spoken here",
           "request line", "HTTP/1.1");
    return false;
  }
  request_.keepAlive = version == "HTTP/1.1";
  return readTarget(line.substr(first + 1, last - first - 1));
}

bool RequestReader::readTarget(std::string_view target) {
  if (target.size() > kTargetBytes) {
    refuse(414, "the path is too long", "path",
           "at most " + std::to_string(kTargetBytes) + " bytes");
    return false;
  }
  const bool plain = std::all_of(target.begin(), target.end(),
                                 [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (!plain || target.empty() || target[0] != '/') {
    refuse(400, "the path is not one", "path",
           "it begins with `/`; what is not ASCII is percent-encoded");
    return false;
  }
  const std::size_t mark = target.find('?');
  std::optional<std::string> path = percentDecoded(target.substr(0, mark));
  if (!path || path->find('\0') != std::string::npos) {
    refuse(400, "the path cannot be decoded", "path", "`%` and two hexadecimal digits");
    return false;
  }
  request_.path = *std::move(path);
  if (mark == std::string_view::npos) return true;
  std::string_view rest = target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    std::optional<std::string> name = percentDecoded(part.substr(0, equals), true);
    std::optional<std::string> value = percentDecoded(
        equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), true);
    if (!name || !value) {
      refuse(400, "the query cannot be decoded", "query", "`%` and two hexadecimal digits");
      return false;
    }
    request_.query.emplace_back(*std::move(name), *std::move(value));
  }
  return true;
}

bool RequestReader::readHeader(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
    refuse(400, "a header is not one", "headers", "name, colon, value; one line each");
    return false;
  }
  std::string name = lower(line.substr(0, colon));
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (std::any_of(value.begin(), value.end(), isControl)) {
    refuse(400, "the header `" + name + "` has a control character", name, "text");
    return false;
  }
  if (request_.headers.size() >= kHeaderCount) {
    refuse(431, "there are too many headers", "headers", "at most " + std::to_string(kHeaderCount));
    return false;
  }
  request_.headers.emplace_back(std::move(name), value);
  return true;
}

// How long the body is, and what becomes of the connection.
bool RequestReader::readFraming() {
  const auto count = [this](std::string_view name) {
    return std::count_if(request_.headers.begin(), request_.headers.end(),
                         [&](const auto& header) { return header.first == name; });
  };
  const bool isOld = !request_.keepAlive;  // HTTP/1.0
  for (const auto& [name, value] : request_.headers) {
    if (name == "connection" && names(value, "close")) request_.keepAlive = false;
  }
  if (count("host") > 1 || (count("host") == 0 && !isOld)) {
    refuse(400, "a request has one `host`", "host", "Host: 127.0.0.1");
    return false;
  }
  const std::string* encoding = request_.header("transfer-encoding");
  const std::string* length = request_.header("content-length");
  if (count("content-length") > 1 || (length && encoding)) {
    refuse(400, "the length of the body is said twice", "content-length", "once");
    return false;
  }
  if (count("transfer-encoding") > 1 || (encoding && isOld)) {
    refuse(400, isOld ? "HTTP/1.0 has no encoded bodies" : "the encoding of the body is said twice",
           "transfer-encoding", isOld ? "a content-length" : "once");
    return false;
  }
  if (encoding && lower(*encoding) != "chunked") {
    refuse(501, "the body is encoded in a way that is not read here", "transfer-encoding",
           "chunked, or a content-length");
    return false;
  }
  left_ = 0;
  if (length) {
    const bool digits = !length->empty() && std::all_of(length->begin(), length->end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    if (!digits) {
      refuse(400, "the length of the body is no number", "content-length", "digits");
      return false;
    }
    if (length->size() > 12 || std::stoull(*length) > maxBody_) {
      refuse(413, "the body is too long", "content-length",
             "at most " + std::to_string(maxBody_) + " bytes");
      return false;
    }
    left_ = static_cast<std::size_t>(std::stoull(*length));
  }
  part_ = encoding ? Part::ChunkSize : Part::Body;
  const std::string* expect = request_.header("expect");
  // Who has begun to send it does not wait.
  wantsContinue_ = expect && lower(*expect) == "100-continue" && (encoding || left_ > 0) &&
                   !isOld && at_ == buffer_.size();
  return true;
}

}  // namespace reticle::serve
