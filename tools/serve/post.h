// Requests that a server itself makes: to host functions, and to those who are to get events.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reticle::serve {

// What came of it. `status` 0: there was no answer, and `error` says why.
struct Posted {
  int status = 0;
  std::string body;  // at most a megabyte; a longer one is an error
  std::string error;
};

// Why a text is no URL to post to; empty: it is one ("http://host:port/path", "https://…").
std::string notUrl(const std::string& url);

// One connection to one URL, kept open between requests. For one thread; cancel() from any.
class Post {
 public:
  // Requires a URL. `timeout`: to connect, and without a byte.
  Post(const std::string& url, std::chrono::milliseconds timeout);
  ~Post();
  Posted send(const std::string& body, const std::string& type,
              const std::vector<std::pair<std::string, std::string>>& headers);
  // The request under way fails soon.
  void cancel();

 private:
  struct Client;  // of the library
  std::unique_ptr<Client> client_;
};

}  // namespace reticle::serve
