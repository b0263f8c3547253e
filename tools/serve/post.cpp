// Posting by cpp-httplib: the only file that knows it.
#include "post.h"

#include <httplib.h>

#include "reticle/text.h"

namespace reticle::serve {
namespace {

constexpr std::size_t kLongestAnswer = 1 << 20;

// Where the path begins.
std::size_t pathOf(const std::string& url) {
  const std::size_t host = url.find("://");
  return host == std::string::npos ? host : url.find('/', host + 3);
}

}  // namespace

struct Post::Client {
  httplib::Client http;
  std::string path;
  std::chrono::milliseconds timeout;
};

std::string notUrl(const std::string& url) {
  for (const char c : url) {
    if (c <= ' ' || c >= 0x7f) return "`" + url + "` has characters that no URL has";
  }
  const bool isHttp = url.rfind("http://", 0) == 0 || url.rfind("https://", 0) == 0;
  const std::size_t path = pathOf(url), begin = url.find("://") + 3;
  const std::string place = isHttp ? url.substr(begin, path - begin) : "";
  const std::size_t bracket = place.find(']');
  const bool isSix = !place.empty() && place[0] == '[' && bracket != std::string::npos;
  const std::size_t colon = place.find(':', isSix ? bracket : 0);
  const std::string host = isSix ? place.substr(1, bracket - 1) : place.substr(0, colon);
  const bool ends = !isSix || colon == bracket + 1 || bracket + 1 == place.size();
  constexpr const char* kSix = "0123456789abcdefABCDEF:";
  const bool isHost = !host.empty() && (isSix ? host.find_first_not_of(kSix) == std::string::npos
                                              : host.find_first_of("[]?#@") == std::string::npos);
  if (!isHttp || !ends || !isHost) {
    return "`" + url + "` is no URL such as http://127.0.0.1:9000/path";
  }
  if (colon == std::string::npos) return "";
  const std::string digits = place.substr(colon + 1);
  const bool isNumber = digits.find_first_not_of("0123456789") == std::string::npos;
  const std::optional<std::int64_t> port = isNumber ? intFromText(digits) : std::nullopt;
  if (port && *port >= 1 && *port <= 65'535) return "";
  return "`" + url + "` has no port from 1 to 65535 behind its colon";
}

Post::Post(const std::string& url, std::chrono::milliseconds timeout) {
  const std::size_t path = pathOf(url);
  client_ =
      std::make_unique<Client>(Client{httplib::Client(url.substr(0, path)),
                                      path == std::string::npos ? "/" : url.substr(path), timeout});
  client_->http.set_keep_alive(true);
  client_->http.set_tcp_nodelay(true);
  client_->http.set_connection_timeout(timeout);
  client_->http.set_read_timeout(timeout);
  client_->http.set_write_timeout(timeout);
}

Post::~Post() = default;

void Post::cancel() { client_->http.stop(); }

Posted Post::send(const std::string& body, const std::string& type,
                  const std::vector<std::pair<std::string, std::string>>& headers) {
  httplib::Request request;
  request.method = "POST";
  request.path = client_->path;
  request.body = body;
  request.headers.emplace("Content-Type", type);
  for (const auto& [name, value] : headers) request.headers.emplace(name, value);
  Posted posted;
  const auto began = std::chrono::steady_clock::now();
  const auto most = 4 * client_->timeout;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    posted.body.append(data, size);
    return posted.body.size() <= kLongestAnswer && std::chrono::steady_clock::now() - began < most;
  };
  const httplib::Result result = client_->http.send(request);
  if (result) {
    posted.status = result->status;
    return posted;
  }
  posted.error = posted.body.size() > kLongestAnswer ? "the answer is longer than a megabyte"
                                                     : httplib::to_string(result.error());
  posted.body.clear();
  return posted;
}

}  // namespace reticle::serve
