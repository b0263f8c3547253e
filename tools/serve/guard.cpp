// Host names and bearer tokens.
#include "guard.h"

#include <algorithm>

namespace reticle::serve {
namespace {

// "localhost:8080" as "localhost", "[::1]:80" as "[::1]".
std::string nameOf(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  std::string name(host.substr(0, colon));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

bool mayBeCalled(const std::string& name, const ServeOptions& options) {
  if (std::find(options.hosts.begin(), options.hosts.end(), name) != options.hosts.end()) {
    return true;
  }
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]" || name == options.address ||
         name == "[" + options.address + "]";
}

}  // namespace

bool sameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  }
  return difference == 0;
}

std::optional<Response> refusalOf(const Request& request, const ServeOptions& options) {
  const std::string* host = request.header("host");
  const bool asksHost = options.isLoopback || !options.hosts.empty();
  if (asksHost && (!host || !mayBeCalled(nameOf(*host), options))) {
    Response response = responseOf({421,
                                    "the server is not called `" + (host ? *host : "") + "`",
                                    "host",
                                    "127.0.0.1, localhost, or a name given by --host",
                                    "",
                                    {}});
    response.close = true;
    return response;
  }
  if (options.token.empty() || request.path == "/healthz") return std::nullopt;
  const std::string* given = request.header("authorization");
  constexpr std::string_view kScheme = "bearer ";
  const bool isBearer = given && given->size() > kScheme.size() &&
                        std::equal(kScheme.begin(), kScheme.end(), given->begin(),
                                   [](char a, char b) { return a == (b | ' ') || a == b; });
  if (isBearer && sameSecret(given->substr(kScheme.size()), options.token)) return std::nullopt;
  Response response =
      responseOf({401,
                  given ? "the token is not the right one" : "the request has no token",
                  "authorization",
                  "Bearer and the token of --token-file",
                  "",
                  {}});
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace reticle::serve
