// Watches files by looking at them again and again, asleep between.
#include "watch.h"

#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <utility>

namespace reticle::cli {
namespace {

constexpr long kInterval = 100'000'000;  // nanoseconds

volatile sig_atomic_t gStopped = 0;
struct sigaction gOldInterrupt, gOldTerminate;

// A second signal ends a run that takes too long.
void stop(int signal) {
  if (gStopped != 0) _exit(128 + signal);
  gStopped = 1;
}

// False when a signal came. The signals are blocked but here, so that none comes between asking
// for one and falling asleep.
bool sleepALittle() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  const timespec interval{0, kInterval};
  if (gStopped != 0) return false;
  return sigtimedwait(&ending, nullptr, &interval) < 0;
}

void block(int how) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  sigprocmask(how, &ending, nullptr);
}

}  // namespace

FileWatch::FileWatch() {
  struct sigaction action {};
  action.sa_handler = stop;
  sigaction(SIGINT, &action, &gOldInterrupt);
  sigaction(SIGTERM, &action, &gOldTerminate);
}

FileWatch::~FileWatch() {
  sigaction(SIGINT, &gOldInterrupt, nullptr);
  sigaction(SIGTERM, &gOldTerminate, nullptr);
}

FileWatch::State FileWatch::stateOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {static_cast<std::int64_t>(found.st_size), static_cast<std::int64_t>(found.st_mtim.tv_sec),
          static_cast<std::int64_t>(found.st_mtim.tv_nsec),
          static_cast<std::uint64_t>(found.st_ino)};
}

void FileWatch::know(const std::vector<std::string>& paths) {
  known_.clear();
  for (const std::string& path : paths) known_[path] = stateOf(path);
}

void FileWatch::add(const std::vector<std::string>& paths) {
  std::map<std::string, State> known;
  for (const std::string& path : paths) {
    const auto old = known_.find(path);
    known[path] = old == known_.end() ? stateOf(path) : old->second;
  }
  known_ = std::move(known);
}

// Two looks with the same result: then the file is taken as whole. One that is away, as while an
// editor puts another in its place, is waited for.
std::vector<std::string> FileWatch::wait() {
  block(SIG_BLOCK);
  std::vector<std::string> saved;
  std::map<std::string, State> before = known_;
  while (saved.empty() && sleepALittle()) {
    std::map<std::string, State> now;
    bool isWhole = true;
    for (const auto& [path, state] : known_) {
      now[path] = stateOf(path);
      isWhole = isWhole && now[path] == before[path] && now[path].size >= 0;
      if (!(now[path] == state)) saved.push_back(path);
    }
    if (!isWhole) saved.clear();
    before = std::move(now);
  }
  block(SIG_UNBLOCK);
  return saved;
}

}  // namespace reticle::cli
