// What still has to be delivered, in a file beside the journal, so that a crash loses none of it.
//
// The file has JSON Lines, which are only appended:
//
//   {"id":"e7","to":"http://…","event":{…}}    this event goes there
//   {"id":"e7","to":"http://…"}                … and is done: delivered, or given up
//
// Invariants:
//   (1) An event stands in the file, durably, before the journal can say that it was taken from the
//       engine: flush() comes before the next append to the journal. Until then the engine itself
//       gives it again after a crash.
//   (2) What is done is not delivered again, unless the process ends before the line is on the
//       disk, or before the journal says that the event was taken and the file was written anew
//       since: then it is delivered once more, with the same id.
//
// Threads may use it at the same time.
#pragma once

#include <sys/types.h>
#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "reticle/result.h"

namespace reticle::serve {

class Outbox {
 public:
  using Key = std::pair<std::string, std::string>;  // id, to
  // Reads what is there; a torn last line, of a crash, is cut.
  // Errors: Closed (the file cannot be used), Corrupt (a line before the last is none).
  static Result<std::unique_ptr<Outbox>> open(const std::string& path);
  ~Outbox();

  // False: it is known already, done or not. `event`: the envelope in JSON.
  // What cannot be written shows itself in flush().
  bool add(const Key& key, const std::string& event);
  void done(const Key& key);
  // What was added is durable when it returns. After an error, of add() or done() too, there is no
  // success any more: a line is missing.
  Status flush();
  // Forgets what is done and writes the file anew. Not before the engine has given again what it
  // will give again.
  Status compact();

  std::map<Key, std::string> pending() const;
  // How many are pending. Does not wait for the disk.
  std::size_t size() const { return size_; }

 private:
  explicit Outbox(std::string path) : path_(std::move(path)) {}
  Status read();
  Status openFile();
  void append(const std::string& line);
  bool isLong() const;
  Status compactNow();

  const std::string path_;
  mutable std::mutex mutex_;
  int file_ = -1;
  off_t bytes_ = 0;  // of the file
  bool isDirty_ = false;
  std::optional<Error> error_;  // the first one
  std::map<Key, std::string> pending_;
  std::set<Key> done_;
  std::atomic<std::size_t> size_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace reticle::serve
