// Bytes as base64 text (RFC 4648), with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reticle {

void appendBase64(std::string& out, std::string_view bytes);
// Padding may be missing; the URL-safe letters are read too.
std::optional<std::string> parseBase64(std::string_view text);

}  // namespace reticle
