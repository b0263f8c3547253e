// Connections: what each does now, and what comes next.
#include "door.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "problem.h"

namespace reticle::serve {
namespace {

constexpr ConnectionId kListener = 1, kWake = 2, kSignals = 3;

// Takes as many descriptors as the system lets us have. Returns how many are for connections.
std::size_t raiseDescriptors() {
  constexpr rlim_t kOthers = 128;  // files, and connections that the server makes itself
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur > 2 * kOthers ? limit.rlim_cur - kOthers
                                                               : limit.rlim_cur / 2);
}

Error cannotListen(const std::string& address, int port) {
  return {
      ErrorCode::Busy,
      "cannot listen on " + address + " port " + std::to_string(port) + ": " + std::strerror(errno),
      "--port", errno == EADDRINUSE ? "choose another port, or 0 for any" : ""};
}

}  // namespace

Door::Door(const Limits& limits, std::string origin, Metrics& metrics, const TraceStream& trace)
    : limits_(limits), origin_(std::move(origin)), metrics_(metrics), trace_(trace) {
  limits_.connections = std::min(limits_.connections, raiseDescriptors());
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, signal);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  for (const auto& [file, id] : {std::pair(wake_, kWake), std::pair(signals_, kSignals)}) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, file, &event);
  }
}

Door::~Door() {
  for (const auto& [id, connection] : connections_) ::close(connection.socket);
  for (const int file : {listener_, wake_, signals_, epoll_}) {
    if (file >= 0) ::close(file);
  }
}

Result<int> Door::listen(const std::string& address, int port) {
  sockaddr_in6 six{};
  sockaddr_in four{};
  const bool isFour = ::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1;
  if (!isFour && ::inet_pton(AF_INET6, address.c_str(), &six.sin6_addr) != 1) {
    return Error{ErrorCode::BadInput, "`" + address + "` is no address", "--listen",
                 "write an IPv4 or IPv6 address in numbers"};
  }
  four.sin_family = AF_INET;
  six.sin6_family = AF_INET6;
  four.sin_port = six.sin6_port = htons(static_cast<std::uint16_t>(port));
  sockaddr* where = isFour ? reinterpret_cast<sockaddr*>(&four) : reinterpret_cast<sockaddr*>(&six);
  socklen_t size = isFour ? sizeof four : sizeof six;
  listener_ = ::socket(isFour ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (listener_ < 0 || ::bind(listener_, where, size) != 0 || ::listen(listener_, 1024) != 0) {
    return cannotListen(address, port);
  }
  if (::getsockname(listener_, where, &size) != 0) return cannotListen(address, port);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
  return static_cast<int>(ntohs(isFour ? four.sin_port : six.sin6_port));
}

void Door::run(Requests& requests) {
  requests_ = &requests;
  Clock::time_point swept = Clock::now();
  std::vector<epoll_event> events(256);
  while (!stopping_ || !hasDrained()) {
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), stopping_ ? 50 : 500);
    for (int i = 0; i < count; ++i) {
      const ConnectionId id = events[static_cast<std::size_t>(i)].data.u64;
      const std::uint32_t what = events[static_cast<std::size_t>(i)].events;
      if (id == kListener) {
        accept();
      } else if (id == kWake) {
        std::uint64_t times = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_, &times, sizeof times);
      } else if (id == kSignals) {
        signalfd_siginfo signal{};
        while (::read(signals_, &signal, sizeof signal) == sizeof signal) {
          if (signal.ssi_signo == SIGHUP) {
            requests.hungUp();
          } else {
            beginStop();
          }
        }
      } else if (const auto found = connections_.find(id); found != connections_.end()) {
        Connection& connection = found->second;
        if ((what & (EPOLLHUP | EPOLLERR)) != 0) {
          close(id, "gone");
        } else if ((what & EPOLLOUT) != 0) {
          write(id, connection);
        } else if ((what & EPOLLIN) != 0) {
          readable(id, connection);
        }
      }
    }
    if (stopAsked_) beginStop();
    deliverAnswers();
    if (traceGrew_.exchange(false)) fillStreams();
    if (Clock::now() - swept > std::chrono::milliseconds(500)) {
      swept = Clock::now();
      sweep();
    }
  }
}

// --- connections come and go

void Door::accept() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) {
      const bool isFull = errno == EMFILE || errno == ENFILE;
      if (errno == EINTR || errno == ECONNABORTED || (isFull && makeRoom())) continue;
      if (!isFull) return;
      // Who waits would wake us again and again: not before something is given back.
      listens_ = false;
      ::epoll_ctl(epoll_, EPOLL_CTL_DEL, listener_, nullptr);
      return;
    }
    metrics_.count("reticle_connections_total", label("became", "taken"));
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    const ConnectionId id = next_++;
    Connection& connection = connections_.try_emplace(id, limits_.body).first->second;
    connection.socket = socket;
    connection.begun = Clock::now();
    connection.deadline = connection.begun + kIdleTime;
    connection.watched = EPOLLIN;
    epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    noteIdle(id, connection);
    if (connections_.size() > limits_.connections && !makeRoom()) {
      put(id, connection,
          responseOf({503, "there are too many connections", "", "fewer, or later", "", {}}));
    }
    metrics_.set("reticle_connections", "", static_cast<double>(connections_.size()));
  }
}

void Door::listenAgain() {
  if (listens_ || stopping_) return;
  listens_ = true;
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

// The longest idle connection goes; false when none is idle. The one that has just come is not: it
// has not had its time.
bool Door::makeRoom() {
  if (idle_.empty() || idle_.front() + 1 == next_) return false;
  close(idle_.front(), "made room");
  return true;
}

// Called when a connection has come to wait for a request, or does no longer.
void Door::noteIdle(ConnectionId id, Connection& connection) {
  const bool isIdle =
      connection.doing == Connection::Doing::Reading && !connection.reader.hasBegun();
  if (isIdle == connection.isIdle) return;
  connection.isIdle = isIdle;
  if (isIdle) {
    connection.place = idle_.insert(idle_.end(), id);
  } else {
    idle_.erase(connection.place);
  }
}

void Door::close(ConnectionId id, const char* why) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  if (found->second.doing == Connection::Doing::Streaming) {
    metrics_.set("reticle_trace_readers", "", static_cast<double>(--streams_));
  }
  if (found->second.isIdle) idle_.erase(found->second.place);
  countReceiving(found->second.reader.held(), 0);
  leaving_ -= found->second.counted;
  ::close(found->second.socket);
  connections_.erase(found);
  listenAgain();
  metrics_.count("reticle_connections_total", label("became", why));
  metrics_.set("reticle_connections", "", static_cast<double>(connections_.size()));
}

// A reader had `before` bytes and has `after`.
void Door::countReceiving(std::size_t before, std::size_t after) {
  if (before == after) return;
  receiving_ += after;
  receiving_ -= before;
  metrics_.set("reticle_receiving_bytes", "", static_cast<double>(receiving_));
}

void Door::countLeaving(Connection& connection) {
  leaving_ += connection.out.size();
  leaving_ -= std::exchange(connection.counted, connection.out.size());
}

void Door::watch(ConnectionId id, Connection& connection, std::uint32_t events) {
  if (connection.watched == events) return;
  connection.watched = events;
  epoll_event event{.events = events, .data = {.u64 = id}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
}

// --- requests

// Who does not read is not read from: while a request is dealt with, what else comes stays with the
// system.
void Door::readable(ConnectionId id, Connection& connection) {
  if (connection.doing == Connection::Doing::Waiting ||
      connection.doing == Connection::Doing::Writing) {
    return watch(id, connection, connection.watched & ~static_cast<std::uint32_t>(EPOLLIN));
  }
  char bytes[64 << 10];
  const ssize_t got = ::recv(connection.socket, bytes, sizeof bytes, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return close(id, "gone");
  if (connection.doing == Connection::Doing::Streaming) return;
  goOnReading(id, connection, {bytes, static_cast<std::size_t>(got)});
}

void Door::goOnReading(ConnectionId id, Connection& connection, std::string_view bytes) {
  const bool had = connection.reader.hasBegun();
  const std::size_t held = connection.reader.held();
  const RequestReader::State state = connection.reader.read(bytes);
  noteIdle(id, connection);
  const auto counted = [&] { countReceiving(held, connection.reader.held()); };
  const Clock::time_point now = Clock::now();
  if (!had && connection.reader.hasBegun()) connection.deadline = now + limits_.request;
  switch (state) {
    case RequestReader::State::Needs:
      counted();
      if (connection.reader.takeContinue()) {
        connection.out += "HTTP/1.1 100 Continue\r\n\r\n";
        write(id, connection);
      } else if (receiving_ > kReceiving) {
        put(id, connection,
            responseOf({503, "too many bodies are on their way in", "body", "later", "", {}}));
      }
      return;
    case RequestReader::State::Refused:
      counted();
      connection.route = "refused";
      connection.begun = now;
      put(id, connection, connection.reader.refusal());
      return;
    case RequestReader::State::Whole: break;
  }
  Request request = connection.reader.takeRequest();
  counted();
  connection.doing = Connection::Doing::Waiting;
  noteIdle(id, connection);
  connection.isHead = request.method == "HEAD";
  connection.keepAlive = request.keepAlive && !stopping_;
  const std::string* origin = request.header("origin");
  connection.isReadable =
      origin && !origin_.empty() && *origin == origin_ &&
      (request.method == "GET" || connection.isHead || request.method == "OPTIONS");
  connection.begun = now;
  connection.deadline = Clock::time_point::max();
  connection.route = requests_->received(id, std::move(request));
}

}  // namespace reticle::serve
