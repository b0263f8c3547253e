// The file of what has to be delivered.
#include "outbox.h"

#include <fcntl.h>
#include <unistd.h>
#include <fstream>
#include <iterator>

#include "durable_files.h"
#include "problem.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

constexpr std::size_t kLinesKept = 10'000;  // of what is done, before the file is written anew

std::string lineOf(const Outbox::Key& key, const std::string& event) {
  return "{\"id\":" + inQuotes(key.first) + ",\"to\":" + inQuotes(key.second) +
         (event.empty() ? "" : ",\"event\":" + event) + "}\n";
}

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  std::unique_ptr<Outbox> outbox(new Outbox(path));
  if (const Status read = outbox->read(); !read) return read.error();
  if (const Status opened = outbox->openFile(); !opened) return opened.error();
  if (const Status named = flushFolder(path); !named) return named.error();
  return outbox;
}

Status Outbox::openFile() {
  if (file_ >= 0) ::close(file_);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file_ < 0) return fileError("cannot open the outbox", path_);
  bytes_ = ::lseek(file_, 0, SEEK_END);
  return Done{};
}

Outbox::~Outbox() {
  if (file_ >= 0) ::close(file_);
}

Status Outbox::read() {
  std::ifstream file(path_, std::ios::binary);
  if (!file.is_open()) return Done{};
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;
    const std::string line = text.substr(at, end - at);
    const Result<Value> json = wire::parse(line);
    const Value* id = json && json->kind() == ValueKind::Map ? json->find("id") : nullptr;
    const Value* to = id ? json->find("to") : nullptr;
    if (!to || id->kind() != ValueKind::String || to->kind() != ValueKind::String) {
      return Error{ErrorCode::Corrupt, "a line of the outbox cannot be read",
                   path_ + ", line " + std::to_string(lines_ + 1),
                   "mend the line, or move the file away: what it holds is then not delivered"};
    }
    const Key key{std::string(id->asString()), std::string(to->asString())};
    const std::size_t event = line.find(",\"event\":");
    if (json->find("event")) {
      pending_[key] = line.substr(event + 9, line.size() - event - 10);
    } else {
      pending_.erase(key);
      done_.insert(key);
    }
    ++lines_;
    at = end + 1;
  }
  if (at < text.size() && ::truncate(path_.c_str(), static_cast<off_t>(at)) != 0) {
    return fileError("cannot cut the torn line of the outbox", path_);
  }
  size_ = pending_.size();
  return Done{};
}

// A line that found room in part only is cut off again, so that none stands behind its beginning.
void Outbox::append(const std::string& line) {
  if (error_) return;
  if (writeAll(file_, line)) {
    bytes_ += static_cast<off_t>(line.size());
    ++lines_;
    return;
  }
  error_ = fileError("cannot write to the outbox", path_);
  [[maybe_unused]] const int cut = ::ftruncate(file_, bytes_);
}

bool Outbox::add(const Key& key, const std::string& event) {
  const std::lock_guard lock(mutex_);
  if (done_.count(key) != 0 || !pending_.emplace(key, event).second) return false;
  size_ = pending_.size();
  append(lineOf(key, event));
  isDirty_ = true;
  return true;
}

void Outbox::done(const Key& key) {
  const std::lock_guard lock(mutex_);
  pending_.erase(key);
  size_ = pending_.size();
  append(lineOf(key, {}));
  if (isLong() && !isDirty_) (void)compactNow();
}

bool Outbox::isLong() const { return lines_ > 2 * pending_.size() + kLinesKept; }

Status Outbox::flush() {
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  if (!isDirty_) return Done{};
  if (::fdatasync(file_) != 0) {
    error_ = fileError("cannot flush the outbox", path_);
    return *error_;
  }
  isDirty_ = false;
  if (isLong()) return compactNow();
  return Done{};
}

Status Outbox::compact() {
  const std::lock_guard lock(mutex_);
  return compactNow();
}

// After an error it is unknown which file the lines to come would be in: there is no success any
// more.
Status Outbox::compactNow() {
  if (error_) return *error_;
  std::string text;
  for (const auto& [key, event] : pending_) text += lineOf(key, event);
  Status anew = replaceFile(path_, text);
  if (anew) anew = openFile();
  if (!anew) {
    error_ = anew.error();
    return *error_;
  }
  lines_ = pending_.size();
  done_.clear();
  isDirty_ = false;
  return Done{};
}

std::map<Outbox::Key, std::string> Outbox::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_;
}

}  // namespace reticle::serve
