// The strategies by name. ORDER: Strategy.
#include "reticle/options.h"

namespace reticle {
namespace {

constexpr std::pair<Strategy, const char*> kNames[] = {
    {Strategy::Depth, "depth"},
    {Strategy::Breadth, "breadth"},
    {Strategy::Lex, "lex"},
    {Strategy::Mea, "mea"},
    {Strategy::Simplicity, "simplicity"},
    {Strategy::Complexity, "complexity"},
    {Strategy::Random, "random"},
};

}  // namespace

const char* name(Strategy strategy) {
  for (const auto& [each, text] : kNames) {
    if (each == strategy) return text;
  }
  return "";
}

std::optional<Strategy> strategyNamed(std::string_view name) {
  for (const auto& [each, text] : kNames) {
    if (name == text) return each;
  }
  return std::nullopt;
}

}  // namespace reticle
