#include "reticle/form.h"

#include <string_view>

namespace reticle {

Form formOf(const Source& source) {
  const auto ends = [&](std::string_view end) {
    return source.name.size() >= end.size() && source.name.compare(source.name.size() - end.size(), end.size(), end) == 0;
  };
  if (ends(".json")) return Form::Json;
  if (ends(".yaml") || ends(".yml")) return Form::Yaml;
  return Form::Text;
}

bool Converted::ok() const { return !hasErrors(diagnostics); }

}  // namespace reticle
