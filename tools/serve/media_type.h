// What a `content-type` says.
#pragma once

#include <string>

namespace reticle::serve {

// "Application/JSON; charset=utf-8" as "application/json" and "utf-8".
struct MediaType {
  std::string type, charset;  // in lower case; empty: not said
};

// Of the header, or null: both are empty then.
MediaType mediaType(const std::string* header);

bool isUtf8(const MediaType& type);  // also when it says nothing of it
bool isJson(const std::string& type);

}  // namespace reticle::serve
