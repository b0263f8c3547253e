// JSON pointers (RFC 6901).
#pragma once

#include <string>
#include <string_view>

namespace reticle {

// One more step of a pointer: `/` and the name, escaped.
inline void appendPointer(std::string& pointer, std::string_view name) {
  pointer += '/';
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace reticle
