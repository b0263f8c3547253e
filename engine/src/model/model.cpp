// Looking things up in a checked program.
#include "model/model.h"

#include <algorithm>

namespace reticle::model {

// Hidden fields are found too, by their whole names.
std::optional<FieldId> FactType::find(std::string_view field) const {
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return static_cast<FieldId>(i);
  }
  return std::nullopt;
}

// By the name it has in the program, which is qualified when two modules use it.
const FactType* Program::findType(std::string_view name) const {
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const FactType& type) { return type.name == name; });
  return found == types.end() ? nullptr : &*found;
}

// One cell that is not known makes the row one that may match less.
bool Table::certain(std::size_t row) const {
  return std::all_of(rows[row].cells.begin(), rows[row].cells.end(),
                     [](const Cell& cell) { return cell.certain; });
}

}  // namespace reticle::model
