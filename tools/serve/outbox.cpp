// The file of what has to be delivered.
#include "outbox.h"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "problem.h"
#include "reticle/wire.h"

namespace reticle::serve {
namespace {

constexpr std::size_t kLinesKept = 10'000;  // of what is done, before the file is written anew

std::string lineOf(const Outbox::Key& key, const std::string& event) {
  return "{\"id\":" + inQuotes(key.first) + ",\"to\":" + inQuotes(key.second) +
         (event.empty() ? "" : ",\"event\":" + event) + "}\n";
}

// Writes all of it, from where the file ends.
bool writeAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Error Outbox::failure(const std::string& what) const {
  return {ErrorCode::Closed, what + ": " + std::strerror(errno), path_, ""};
}

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& path) {
  std::unique_ptr<Outbox> outbox(new Outbox(path));
  if (const Status read = outbox->read(); !read) return read.error();
  outbox->file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (outbox->file_ < 0) return outbox->failure("cannot open the outbox");
  outbox->bytes_ = ::lseek(outbox->file_, 0, SEEK_END);
  return outbox;
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
    return failure("cannot cut the torn line of the outbox");
  }
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
  error_ = failure("cannot write to the outbox");
  [[maybe_unused]] const int cut = ::ftruncate(file_, bytes_);
}

bool Outbox::add(const Key& key, const std::string& event) {
  const std::lock_guard lock(mutex_);
  if (done_.count(key) != 0 || !pending_.emplace(key, event).second) return false;
  append(lineOf(key, event));
  isDirty_ = true;
  return true;
}

void Outbox::done(const Key& key) {
  const std::lock_guard lock(mutex_);
  pending_.erase(key);
  append(lineOf(key, {}));
  if (lines_ > 2 * pending_.size() + kLinesKept && !isDirty_) (void)compactNow();
}

Status Outbox::flush() {
  const std::lock_guard lock(mutex_);
  if (error_) return *error_;
  if (!isDirty_) return Done{};
  if (::fdatasync(file_) != 0) {
    error_ = failure("cannot flush the outbox");
    return *error_;
  }
  isDirty_ = false;
  return Done{};
}

Status Outbox::compact() {
  const std::lock_guard lock(mutex_);
  return compactNow();
}

// Written beside the old file, and then in its place.
Status Outbox::compactNow() {
  const std::string beside = path_ + ".new";
  const int file =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  std::string text;
  for (const auto& [key, event] : pending_) text += lineOf(key, event);
  if (file < 0 || !writeAll(file, text) || ::fdatasync(file) != 0 ||
      ::rename(beside.c_str(), path_.c_str()) != 0) {
    const Error error = failure("cannot write the outbox anew");
    if (file >= 0) ::close(file);
    return error;
  }
  ::close(file_);
  file_ = file;
  bytes_ = static_cast<off_t>(text.size());
  lines_ = pending_.size();
  done_.clear();
  isDirty_ = false;
  return Done{};
}

std::map<Outbox::Key, std::string> Outbox::pending() const {
  const std::lock_guard lock(mutex_);
  return pending_;
}

std::size_t Outbox::size() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

}  // namespace reticle::serve
