// One writer of a journal, whichever program it is: the lock that the library and the package for
// Node share.
//
// The protocol. Beside the journal `j` stands `j.lock` while it is open. It holds one line, the
// number of the process and, where the system tells it, when that process began (field 22 of
// /proc/<number>/stat): "4711 8823311". It is made whole under another name (`j.lock.4711`) and
// linked into its place, so nobody sees a lock without an owner. A lock is stale when no process
// has its number, or the one that has it began at another time: a machine or container that starts
// again gives out its numbers anew. Who finds a stale lock moves it aside, and looks once more at
// what it has moved: two may have found the same one.
#pragma once

#include <string>

#include "reticle/result.h"

namespace reticle {

class LockFile {
 public:
  LockFile() = default;
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

  // Errors: Busy (it names the process that holds it), Closed (it cannot be made).
  static Result<LockFile> take(std::string path);

 private:
  explicit LockFile(std::string path) : path_(std::move(path)) {}
  std::string path_;  // empty: none is held
};

}  // namespace reticle
