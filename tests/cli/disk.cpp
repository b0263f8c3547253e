// A disk that tells what it is asked to do, and waits when it is told to: loaded into a server in
// front of the system's own functions (LD_PRELOAD), for tests.
//
//   DISK_LOG    a file; each renaming and flush is a line of it
//   DISK_GATE   a path; while a pipe is there, fdatasync of DISK_FILE waits until somebody has
//               opened the pipe for writing and closed it again
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string pathOf(int file) {
  char path[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  return length < 0 ? "" : std::string(path, static_cast<std::size_t>(length));
}

void log(const std::string& line) {
  const char* path = std::getenv("DISK_LOG");
  if (!path) return;
  const int file = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const std::string text = line + "\n";
  [[maybe_unused]] const ssize_t written = ::write(file, text.data(), text.size());
  ::close(file);
}

bool endsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void waitAtGate(const std::string& path) {
  const char *gate = std::getenv("DISK_GATE"), *file = std::getenv("DISK_FILE");
  if (!gate || !file || !endsWith(path, file)) return;
  const int pipe = ::open(gate, O_RDONLY | O_CLOEXEC);
  if (pipe < 0) return;
  char rest[64];
  while (::read(pipe, rest, sizeof rest) > 0) continue;
  ::close(pipe);
}

}  // namespace

extern "C" int fdatasync(int file) {
  const std::string path = pathOf(file);
  log("flush " + path);
  waitAtGate(path);
  return next<int(int)>("fdatasync")(file);
}

extern "C" int fsync(int file) {
  log("flush " + pathOf(file));
  return next<int(int)>("fsync")(file);
}

extern "C" int rename(const char* from, const char* to) noexcept {
  log(std::string("rename ") + to);
  return next<int(const char*, const char*)>("rename")(from, to);
}
