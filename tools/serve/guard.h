// Who may ask: the name by which the server is called, and the token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http.h"
#include "options.h"
#include "problem.h"

namespace reticle::serve {

// Nothing: the request may go on.
//
// On loopback the `host` must be a name of this machine's loopback or one of --host: otherwise a
// page of anybody's, whose name suddenly means 127.0.0.1, could speak to the server (DNS
// rebinding). With a token every request needs it, but for /healthz.
std::optional<Response> refusalOf(const Request& request, const ServeOptions& options);

// Takes as long for any two texts of one length.
bool sameSecret(std::string_view a, std::string_view b);

}  // namespace reticle::serve
