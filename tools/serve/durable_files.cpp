// Writing, flushing, renaming, in the order that a crash asks for.
#include "durable_files.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "../cli/files.h"

namespace reticle::serve {
namespace {

// Closed with its owner.
struct File {
  const int number;
  explicit File(int opened) : number(opened) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

Error fileError(const std::string& what, const std::string& path) {
  return {ErrorCode::Closed, what + ": " + std::strerror(errno), path, ""};
}

bool writeAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Status flushFolder(const std::string& path) {
  const std::string folder = cli::folderOf(path);
  const File opened(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number >= 0 && ::fsync(opened.number) == 0) return Done{};
  return fileError("cannot flush the folder", path);
}

// Beside the old file, and then in its place: the new name counts only when the folder is flushed.
Status replaceFile(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const File file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.number < 0 || !writeAll(file.number, text) || ::fdatasync(file.number) != 0 ||
      std::rename(beside.c_str(), path.c_str()) != 0) {
    return fileError("cannot write the file anew", path);
  }
  return flushFolder(path);
}

Status appendLine(const std::string& path, std::string_view line) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (file.number < 0 || !writeAll(file.number, line) || ::fdatasync(file.number) != 0) {
    return fileError("cannot write to the file", path);
  }
  return Done{};
}

}  // namespace reticle::serve
