// Media types, read as far as a server needs them.
#include "media_type.h"

#include <algorithm>
#include <string_view>

namespace reticle::serve {

MediaType mediaType(const std::string* written) {
  const auto lowered = [](std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
  };
  MediaType result;
  if (!written) return result;
  std::string_view header = *written;
  std::size_t end = header.find(';');
  result.type = lowered(header.substr(0, end));
  while (end != std::string_view::npos) {
    header.remove_prefix(end + 1);
    end = header.find(';');
    const std::string parameter = lowered(header.substr(0, end));
    if (parameter.rfind("charset=", 0) != 0) continue;
    result.charset = parameter.substr(8);
    result.charset.erase(std::remove(result.charset.begin(), result.charset.end(), '"'),
                         result.charset.end());
  }
  return result;
}

bool isUtf8(const MediaType& type) {
  return type.charset.empty() || type.charset == "utf-8" || type.charset == "utf8" ||
         type.charset == "us-ascii";
}

bool isJson(const std::string& type) {
  return type.empty() || type == "application/json" || type == "text/json" ||
         (type.size() > 5 && type.compare(type.size() - 5, 5, "+json") == 0);
}

}  // namespace reticle::serve
