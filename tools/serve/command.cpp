// reticle serve: a session behind HTTP.
#include <pthread.h>
#include <signal.h>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "../cli/command.h"
#include "../cli/open_engine.h"
#include "door.h"
#include "engine_room.h"
#include "metrics.h"
#include "options.h"
#include "routes.h"
#include "trace_stream.h"

namespace reticle::cli {
namespace {

// Before there is a second thread: only the door hears of them. A file that may not get longer is
// an error of its write, as a full disk is.
void blockSignals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, each);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  for (const int each : {SIGPIPE, SIGXFSZ}) ::signal(each, SIG_IGN);
}

void sayWhere(const serve::ServeOptions& options, int port, std::size_t rules) {
  const bool isSix = options.address.find(':') != std::string::npos;
  std::cout << "listening on http://" << (isSix ? "[" : "") << options.address << (isSix ? "]" : "")
            << ":" << port << "/, " << rules << (rules == 1 ? " rule" : " rules") << ", journal "
            << options.store << "\n";
  if (!options.isLoopback) {
    std::cout << "this is plain HTTP: put something in front of it that terminates TLS, and let "
                 "nobody else reach it\n";
  }
  std::cout.flush();
}

std::string epochNow() {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count());
}

// The order of the end: the door first, so that all answers have left; then the engine, so that all
// it took is in the journal. Threads that wait for other machines are not waited for.
int serveRules(const Arguments& arguments) {
  const Result<serve::ServeOptions> options = serve::readServeOptions(arguments);
  if (!options) return misused("serve", options.error().message);
  blockSignals();
  serve::Metrics metrics;
  serve::TraceStream trace(options->traces, options->limits.traceBytes, epochNow());
  serve::Door door(options->limits, options->origin, metrics, trace);
  auto* room = new serve::EngineRoom(*options, door, metrics, trace);
  const auto leave = [room](int status) {
    const bool isSound = room->end();
    std::cout.flush();
    std::_Exit(isSound ? status : kFailed);
  };
  if (const Status opened = room->open(); !opened) {
    complain(opened.error());
    leave(kFailed);
  }
  const Result<int> port = door.listen(options->address, options->port);
  if (!port) {
    complain(port.error());
    leave(kFailed);
  }
  serve::Routes routes(*options, door, *room, metrics, trace);
  sayWhere(*options, *port, room->rules());
  room->begin();
  door.run(routes);
  std::cerr << "stopped\n";
  leave(kDone);
  return kFailed;
}

}  // namespace

Command serveCommand() {
  return {
      "serve",
      "--port N --rules FILE… --store FILE [--call NAME=URL]… [--deliver URL]…",
      "Serves a session over HTTP: CloudEvents in and out, questions, metrics, the trace.",
      "  POST /, /events              CloudEvents 1.0: structured, batch, binary\n"
      "  GET /subjects, /subjects/S   subjects; PUT and PATCH set properties of one\n"
      "  GET /facts, /runs, /agenda   what is there; ?type=, ?limit=, ?after=\n"
      "  GET /explain?fact=N          what a fact came from\n"
      "  GET /why-not?rule=R&c.id=x   why a rule does not fire\n"
      "  GET /query/Q?name=value      the rows of a query\n"
      "  GET /metrics, /healthz       for Prometheus; whether it is well\n"
      "  GET /trace                   trace records as server-sent events, with --trace\n"
      "  PUT /rules                   other rules: the body, or without one the files read anew, "
      "as by SIGHUP\n\n"
      "What is answered with 2xx is in the journal. SIGTERM and SIGINT end it: requests are "
      "answered, the exit status is 0.\n"
      "It listens on 127.0.0.1 unless --listen says otherwise. engine/docs/serving.md says what is "
      "promised.\n",
      serve::serveOptions(),
      serveRules};
}

}  // namespace reticle::cli
