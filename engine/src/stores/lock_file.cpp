// The lock beside a journal.
#include "stores/lock_file.h"

#ifndef __EMSCRIPTEN__

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace reticle {
namespace {

// The first bytes of a small file; empty when it cannot be read.
std::string contentOf(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  char bytes[1024];
  const ssize_t got = ::read(file, bytes, sizeof bytes);
  ::close(file);
  return got > 0 ? std::string(bytes, static_cast<std::size_t>(got)) : std::string();
}

// When a process began, as the system counts it; empty when that cannot be known. The name of the
// process, in parentheses, may hold anything.
std::string beginOf(long process) {
  const std::string stat = contentOf("/proc/" + std::to_string(process) + "/stat");
  std::size_t at = stat.rfind(')');
  for (int field = 2; at != std::string::npos && field < 22; ++field) at = stat.find(' ', at + 1);
  if (at == std::string::npos) return {};
  return stat.substr(at + 1, stat.find(' ', at + 1) - at - 1);
}

// Which process holds the lock; 0 when it is stale or gone.
long holderOf(const std::string& path) {
  const std::string content = contentOf(path);
  char* end = nullptr;
  const long process = std::strtol(content.c_str(), &end, 10);
  if (process <= 0) return 0;
  if (::kill(static_cast<pid_t>(process), 0) != 0 && errno != EPERM) return 0;
  const std::string begin = content.substr(static_cast<std::size_t>(end - content.c_str()));
  const std::size_t from = begin.find_first_not_of(' ');
  const std::size_t to = begin.find_first_of("\r\n");
  if (from == std::string::npos || from >= to) return process;
  const std::string now = beginOf(process);
  return now.empty() || now == begin.substr(from, to - from) ? process : 0;
}

Error busy(long process, const std::string& path) {
  return Error{ErrorCode::Busy,
               "another engine writes this journal: process " + std::to_string(process), path,
               "close that engine first, a journal has one writer; if that process is none of "
               "yours, delete the lock file"};
}

// False when it is there already; `number` is then EEXIST, or what went wrong.
bool make(const std::string& own, const std::string& path, int& number) {
  const int file = ::open(own.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  number = errno;
  if (file < 0) return false;
  const std::string line = std::to_string(::getpid()) + " " + beginOf(::getpid()) + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  number = written ? 0 : errno;
  ::close(file);
  const bool linked = written && ::link(own.c_str(), path.c_str()) == 0;
  if (written && !linked) number = errno;
  ::unlink(own.c_str());
  return linked;
}

}  // namespace

LockFile::LockFile(LockFile&& other) noexcept : path_(std::exchange(other.path_, {})) {}
LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}
LockFile::~LockFile() {
  if (!path_.empty()) ::unlink(path_.c_str());
}

Result<LockFile> LockFile::take(std::string path) {
  const std::string own = path + "." + std::to_string(::getpid());
  for (int attempt = 0; attempt < 3; ++attempt) {
    int number = 0;
    if (make(own, path, number)) return LockFile(std::move(path));
    if (number != EEXIST) {
      return Error{ErrorCode::Closed,
                   std::string("the journal cannot be locked: ") + std::strerror(number), path};
    }
    if (const long holder = holderOf(path)) return busy(holder, path);
    if (::rename(path.c_str(), own.c_str()) != 0) continue;  // removed meanwhile
    const long holder = holderOf(own);
    // It was not the stale one: back with it, unless somebody else is there by now.
    if (holder && ::link(own.c_str(), path.c_str()) != 0) number = errno;
    ::unlink(own.c_str());
    if (holder) return busy(holder, path);
  }
  return Error{ErrorCode::Busy, "other processes are opening this journal at this moment", path,
               "try again"};
}

}  // namespace reticle

#endif
