// reticle schema: the JSON Schema of rules as JSON, and that of example.json.
#include <iostream>

#include "command.h"
#include "example.h"
#include "reticle/form.h"

namespace reticle::cli {
namespace {

int schema(const Arguments& arguments) {
  const std::vector<std::string> names{"module", "example"};
  if (arguments.files.size() > 1) return misused("schema", "one schema at a time");
  const std::string wanted = arguments.files.empty() ? "module" : arguments.files[0];
  if (wanted == "module") {
    std::cout << moduleSchema();
  } else if (wanted == "example") {
    std::cout << exampleSchema();
  } else {
    return misused("schema", "there is no schema of `" + wanted + "`" + suggestion(wanted, names) +
                                 "; there are module and example");
  }
  return kDone;
}

}  // namespace

Command schemaCommand() {
  return {"schema",
          "[module|example]",
          "Prints the JSON Schema of the JSON form of rules, or of example.json.",
          "For editors and generators. Without a word it is that of rules.\n",
          {},
          schema};
}

}  // namespace reticle::cli
