// Looking things up in a checked program.
#include "model/model.h"

#include <algorithm>

namespace reticle::model {

std::optional<FieldId> FactType::find(std::string_view field) const {
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return static_cast<FieldId>(i);
  }
  return std::nullopt;
}

const FactType* Program::findType(std::string_view name) const {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const FactType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

bool Table::certain(std::size_t row) const {
  return std::all_of(rows[row].cells.begin(), rows[row].cells.end(),
                     [](const Cell& cell) { return cell.certain; });
}

}  // namespace reticle::model
