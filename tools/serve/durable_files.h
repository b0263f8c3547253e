// Files that are whole after a crash, whenever it comes.
#pragma once

#include <string>
#include <string_view>

#include "reticle/result.h"

namespace reticle::serve {

// Where the file ends; false: part of it may be written, and errno says why.
bool writeAll(int file, std::string_view text);

// The names in the folder of the file are durable when it returns.
Status flushFolder(const std::string& path);

// The file holds `text` instead of what it held, durably: a crash leaves the one or the other.
// Errors: Closed, with what the system says.
Status replaceFile(const std::string& path, std::string_view text);

// `line` stands at the end of the file, durably.
Status appendLine(const std::string& path, std::string_view line);

Error fileError(const std::string& what, const std::string& path);  // of errno

}  // namespace reticle::serve
