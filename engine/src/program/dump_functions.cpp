// The table of built-in functions as text, from which their page is made.
#include "expression/functions.h"
#include "reticle/dump.h"

namespace reticle {
namespace {

// `string.charAt(int)`, `math.greatest(int, …)`
std::string formOf(const Overload& overload) {
  std::string text;
  const std::size_t from = overload.method ? 1 : 0;
  if (overload.method) text = toText(overload.params[0]) + ".";
  text += std::string(overload.name) + "(";
  for (std::size_t i = from; i < overload.params.size(); ++i) {
    text += (i > from ? ", " : "") + toText(overload.params[i]);
  }
  return text + (overload.repeats ? ", …)" : ")");
}

}  // namespace

std::string dumpFunctions() {
  std::string out;
  for (const Overload& overload : builtins()) {
    (out += overload.name) += '\t';
    out += formOf(overload) + '\t';
    out += toText(overload.result) + (overload.canFail ? "?" : "") + '\t';
    (out += overload.doc) += '\n';
  }
  return out;
}

}  // namespace reticle
