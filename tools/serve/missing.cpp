// reticle serve in a build without cpp-httplib: it says what is missing.
#include <iostream>

#include "../cli/command.h"

namespace reticle::cli {

Command serveCommand() {
  return {"serve",
          "…",
          "Serves a session over HTTP; this build cannot.",
          "It was built without cpp-httplib. Install it (Debian: libcpp-httplib-dev), configure "
          "and build again.\n",
          {},
          [](const Arguments&) -> int {
            std::cerr << "reticle serve: this build has no server, since cpp-httplib was not "
                         "there; install it (Debian: libcpp-httplib-dev), configure and build "
                         "again\n";
            return kFailed;
          }};
}

}  // namespace reticle::cli
