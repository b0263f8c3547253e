// Waiting for files to be saved.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reticle::cli {

// Looks at its files ten times a second, by size and time of their last change: that works on
// every file system, and with editors that put a new file in the place of the old one. While there
// is one, SIGINT and SIGTERM end the waiting instead of the process; a second one ends that.
class FileWatch {
 public:
  FileWatch();
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // Takes the present state of the files as known. Called before they are read, so that nothing
  // saved meanwhile is missed.
  void know(const std::vector<std::string>& paths);
  // The same for files that are not known yet; the others stay as they were known, and those that
  // are not among them are forgotten.
  void add(const std::vector<std::string>& paths);
  // Waits until some are saved, and are whole: a file that is still being written is waited for.
  // Returns their paths; empty: a signal came.
  std::vector<std::string> wait();

 private:
  struct State {
    std::int64_t size = -1, seconds = 0, nanos = 0;  // size -1: it is not there
    std::uint64_t inode = 0;
    bool operator==(const State&) const = default;
  };
  static State stateOf(const std::string& path);

  std::map<std::string, State> known_;
};

}  // namespace reticle::cli
