// What leaves by the door: answers, the trace, and connections whose time is over.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

#include "door.h"
#include "problem.h"

namespace reticle::serve {

// --- answers

void Door::answer(std::vector<Answer> answers) {
  for (const Answer& each : answers) leaving_ += each.second.body.size();
  {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) {
      answers_ = std::move(answers);
    } else {
      for (Answer& each : answers) answers_.push_back(std::move(each));
    }
  }
  wake();
}

void Door::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(wake_, &one, sizeof one);
}

void Door::traceGrew() {
  if (!traceGrew_.exchange(true)) wake();
}

void Door::stop() {
  stopAsked_ = true;
  wake();
}

// Answering may lead to further requests of the same connections, and those to answers.
void Door::deliverAnswers() {
  for (;;) {
    std::vector<Answer> answers;
    {
      const std::lock_guard lock(mutex_);
      answers.swap(answers_);
    }
    if (answers.empty()) return;
    for (Answer& each : answers) {
      leaving_ -= each.second.body.size();
      const auto found = connections_.find(each.first);
      if (found != connections_.end()) put(each.first, found->second, std::move(each.second));
    }
  }
}

void Door::countAnswer(const Connection& connection, int status) {
  Metrics::Counter*& answered = answered_[{connection.route, status}];
  Metrics::Histogram*& duration = durations_[connection.route];
  const std::string route = answered && duration ? "" : label("route", connection.route);
  if (!answered) {
    answered = &metrics_.counter("reticle_requests_total",
                                 route + ",status=\"" + std::to_string(status) + "\"");
  }
  if (!duration) duration = &metrics_.histogram("reticle_request_duration_seconds", route);
  metrics_.count(*answered);
  metrics_.observe(*duration,
                   std::chrono::duration<double>(Clock::now() - connection.begun).count());
}

// A response that ends the connection: what the client still sends is read and forgotten by the
// system when the connection is closed; the answer is on its way before that.
void Door::put(ConnectionId id, Connection& connection, Response response) {
  if (std::exchange(connection.isReadable, false)) {
    response.headers.emplace_back("Access-Control-Allow-Origin", origin_);
  }
  countAnswer(connection, response.status);
  const bool streams = response.streamFrom && !connection.isHead;
  const bool goesOn = connection.keepAlive && !response.close && !response.streamFrom &&
                      !stopping_ && connection.doing == Connection::Doing::Waiting;
  connection.endsAfter = !goesOn && !streams;
  connection.out += written(response, goesOn, !connection.isHead);
  connection.deadline = Clock::now() + kWriteTime;
  if (streams) {
    connection.doing = Connection::Doing::Streaming;
    connection.deadline = Clock::time_point::max();
    connection.trace = {*response.streamFrom, false};
    metrics_.set("reticle_trace_readers", "", static_cast<double>(++streams_));
    return fillStream(id, connection);
  }
  connection.doing = Connection::Doing::Writing;
  noteIdle(id, connection);
  write(id, connection);
}

void Door::write(ConnectionId id, Connection& connection) {
  countLeaving(connection);
  while (connection.sent < connection.out.size()) {
    const ssize_t sent = ::send(connection.socket, connection.out.data() + connection.sent,
                                connection.out.size() - connection.sent, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      if (connection.doing == Connection::Doing::Streaming &&
          connection.deadline == Clock::time_point::max()) {
        connection.deadline = Clock::now() + kWriteTime;
      }
      return watch(id, connection, EPOLLOUT | (connection.watched & EPOLLIN));
    }
    if (sent <= 0) return close(id, "gone");
    connection.sent += static_cast<std::size_t>(sent);
    if (connection.doing == Connection::Doing::Writing) {
      connection.deadline = Clock::now() + kWriteTime;
    }
  }
  std::string().swap(connection.out);
  connection.sent = 0;
  countLeaving(connection);
  if (stopping_ && connection.doing == Connection::Doing::Writing) connection.endsAfter = true;
  if (connection.endsAfter) {
    ::shutdown(connection.socket, SHUT_WR);
    // What came and was not read would make the system cut the answer off.
    char rest[16 << 10];
    for (int i = 0; i < 64 && ::recv(connection.socket, rest, sizeof rest, 0) > 0; ++i) continue;
    return close(id, "ended");
  }
  watch(id, connection, EPOLLIN);
  if (connection.doing == Connection::Doing::Streaming) return fillStream(id, connection);
  if (connection.doing != Connection::Doing::Writing) return;
  connection.doing = Connection::Doing::Reading;
  connection.deadline = Clock::now() + kIdleTime;
  noteIdle(id, connection);
  // The next request may be there already.
  if (connection.reader.hasBegun()) goOnReading(id, connection, {});
}

// --- streams

// As much of the trace as there is room for. One that is overtaken is told, and ends.
void Door::fillStream(ConnectionId id, Connection& connection) {
  if (connection.endsAfter) return;
  if (connection.out.size() - connection.sent < kClientBytes) {
    connection.out.erase(0, connection.sent);
    connection.sent = 0;
    connection.out += trace_.read(connection.trace, kClientBytes - connection.out.size());
  }
  if (connection.trace.isOvertaken) {
    connection.out += trace_.lostRecord(connection.trace);
    connection.endsAfter = true;
    connection.deadline = Clock::now() + kWriteTime;
    metrics_.count("reticle_trace_dropped_total");
  }
  countLeaving(connection);
  if (connection.sent < connection.out.size() && (connection.watched & EPOLLOUT) == 0) {
    connection.deadline = connection.endsAfter ? connection.deadline : Clock::time_point::max();
    write(id, connection);
  }
}

void Door::fillStreams() {
  std::vector<ConnectionId> ids;
  for (const auto& [id, connection] : connections_) {
    if (connection.doing == Connection::Doing::Streaming) ids.push_back(id);
  }
  for (const ConnectionId id : ids) {
    const auto found = connections_.find(id);
    if (found != connections_.end()) fillStream(id, found->second);
  }
}

// --- deadlines and the end

// Who has had its time. A stream that takes nothing is kept until the ring has overtaken it.
void Door::sweep() {
  listenAgain();
  const Clock::time_point now = Clock::now();
  std::vector<ConnectionId> late;
  for (const auto& [id, connection] : connections_) {
    if (connection.deadline <= now) late.push_back(id);
  }
  for (const ConnectionId id : late) {
    Connection& connection = connections_.find(id)->second;
    const bool isHalf =
        connection.doing == Connection::Doing::Reading && connection.reader.hasBegun();
    const bool isSlowStream =
        connection.doing == Connection::Doing::Streaming && !connection.endsAfter;
    if (isHalf) {
      connection.route = "refused";
      connection.begun = now;
      put(id, connection,
          responseOf({408,
                      "the request did not come whole in time",
                      "",
                      "within " + std::to_string(limits_.request.count()) + " ms",
                      "",
                      {}}));
    } else if (isSlowStream) {
      fillStream(id, connection);
    } else {
      close(id, connection.doing == Connection::Doing::Reading ? "idle" : "slow");
    }
  }
}

// Requests that are dealt with are answered; what has not come whole has no claim.
void Door::beginStop() {
  if (stopping_) return;
  stopping_ = true;
  drainedBy_ = Clock::now() + kDrainTime;
  ::close(listener_);
  listener_ = -1;
  std::vector<ConnectionId> idle;
  for (const auto& [id, connection] : connections_) {
    if (connection.doing == Connection::Doing::Reading ||
        connection.doing == Connection::Doing::Streaming) {
      idle.push_back(id);
    }
  }
  for (const ConnectionId id : idle) close(id, "stopped");
}

bool Door::hasDrained() const { return connections_.empty() || Clock::now() > drainedBy_; }

}  // namespace reticle::serve
