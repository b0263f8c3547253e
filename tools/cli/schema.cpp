// reticle schema: the JSON Schema of rules as JSON.
#include <iostream>

#include "command.h"
#include "reticle/form.h"

namespace reticle::cli {
namespace {

int schema(const Arguments& arguments) {
  if (!arguments.files.empty()) return misused("schema", "it takes no files");
  std::cout << moduleSchema();
  return kDone;
}

}  // namespace

Command schemaCommand() {
  return {"schema", "", "Prints the JSON Schema of the JSON form, for editors and generators.",
          "",       {}, schema};
}

}  // namespace reticle::cli
