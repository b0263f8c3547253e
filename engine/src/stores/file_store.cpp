// The journal in one file of the operating system: O_APPEND, one writer (lock_file.h), fdatasync
// before append returns. After any error of a write or a flush the store is closed for good: what
// the disk holds is then unknown, and a later success would prove nothing.
#include "reticle/store.h"

#ifndef __EMSCRIPTEN__

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "stores/lock_file.h"

namespace reticle {
namespace {

Error failure(ErrorCode code, const std::string& what, const std::string& path, int number) {
  return Error{code, what + ": " + std::strerror(number), path};
}

// An open file, closed with its owner.
struct File {
  int number = -1;
  File(int n) : number(n) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

// The name of a new file is durable only when its folder is.
void flushFolder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "."
                             : slash == 0               ? "/"
                                                        : path.substr(0, slash);
  const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.number >= 0) ::fsync(opened.number);
}

class FileStore final : public Store {
 public:
  FileStore(int file, std::string path, LockFile lock)
      : lock_(std::move(lock)), file_(file), path_(std::move(path)) {}

  // By position, so that appending is not disturbed.
  Result<std::string> read() override {
    std::string bytes;
    char chunk[1 << 16];
    for (off_t at = 0;;) {
      const ssize_t got = ::pread(file_.number, chunk, sizeof chunk, at);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failure(ErrorCode::Closed, "cannot read the journal", path_, errno);
      if (got == 0) return bytes;
      bytes.append(chunk, static_cast<std::size_t>(got));
      at += got;
    }
  }

  // A write may be cut short by a signal or a full disk: the rest is written next, or the store
  // closes.
  Status append(std::string_view bytes) override {
    if (closed_) {
      return Error{ErrorCode::Closed, "the journal takes nothing more after an earlier error",
                   path_, "open it anew"};
    }
    if (Status same = isAsLeft(); !same) return same;
    length_ += static_cast<off_t>(bytes.size());
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.number, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return close("cannot write to the journal", written < 0 ? errno : ENOSPC);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(file_.number) != 0) return close("cannot flush the journal", errno);
    return Done{};
  }

  Status truncate(std::uint64_t length) override {
    if (closed_) {
      return Error{ErrorCode::Closed, "the journal takes nothing more after an earlier error",
                   path_, "open it anew"};
    }
    if (::ftruncate(file_.number, static_cast<off_t>(length)) != 0) {
      return close("cannot cut the journal", errno);
    }
    length_ = static_cast<off_t>(length);
    if (::fsync(file_.number) != 0) return close("cannot flush the journal", errno);
    return Done{};
  }

 private:
  // What is appended to a file that has no name any more, or was cut by somebody else, would be
  // lost: nothing is, and nothing more is taken.
  Status isAsLeft() {
    struct stat state {};
    if (::fstat(file_.number, &state) != 0) return close("cannot look at the journal", errno);
    if (length_ < 0) length_ = state.st_size;
    if (state.st_nlink > 0 && state.st_size == length_) return Done{};
    closed_ = true;
    return Error{ErrorCode::Closed,
                 state.st_nlink == 0
                     ? "the journal was deleted while it was open"
                     : "the journal has " + std::to_string(state.st_size) + " bytes, and " +
                           std::to_string(length_) + " were written: somebody else changed it",
                 path_, "nothing was appended; open it anew from a copy that is whole"};
  }

  Error close(const char* what, int number) {
    closed_ = true;
    const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    return failure(full ? ErrorCode::Full : ErrorCode::Closed, what, path_, number);
  }

  LockFile lock_;  // ended last: after the file is closed
  File file_;
  std::string path_;
  off_t length_ = -1;  // as this store left it; -1: not looked at yet
  bool closed_ = false;
};

}  // namespace

Result<std::unique_ptr<Store>> fileStore(const std::string& path) {
  Result<LockFile> lock = LockFile::take(path + ".lock");
  if (!lock) return lock.error();
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return failure(ErrorCode::Closed, "cannot open the journal", path, errno);
  auto store = std::make_unique<FileStore>(file, path, std::move(lock.value()));
  struct stat state {};
  if (::fstat(file, &state) == 0 && state.st_size == 0) flushFolder(path);
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace reticle

#else

namespace reticle {

Result<std::unique_ptr<Store>> fileStore(const std::string& path) {
  return Error{ErrorCode::Closed, "there are no files of the system here", path,
               "keep the journal with the host: see reticle/node and reticle/opfs"};
}

}  // namespace reticle

#endif
