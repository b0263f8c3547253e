// Which request is for whom: what can be answered at once is, the rest becomes a job of the
// engine's thread.
#pragma once

#include "door.h"
#include "engine_room.h"
#include "metrics.h"
#include "options.h"
#include "trace_stream.h"

namespace reticle::serve {

class Routes final : public Requests {
 public:
  // Borrows all of them.
  Routes(const ServeOptions& options, Door& door, EngineRoom& room, Metrics& metrics,
         const TraceStream& trace)
      : options_(options), door_(door), room_(room), metrics_(metrics), trace_(trace) {}

  const char* received(ConnectionId from, Request request) override;
  void hungUp() override;

 private:
  void answer(ConnectionId from, Response response);
  void offer(ConnectionId from, Job job);
  void takeEvents(ConnectionId from, const Request& request);
  void setSubject(ConnectionId from, const Request& request);
  void replaceRules(ConnectionId from, const Request& request);
  void beginStream(ConnectionId from, const Request& request);
  void health(ConnectionId from);

  const ServeOptions& options_;
  Door& door_;
  EngineRoom& room_;
  Metrics& metrics_;
  const TraceStream& trace_;
};

}  // namespace reticle::serve
