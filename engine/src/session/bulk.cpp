// Many facts of one type at once: read by column, checked by row, then inserted one after another,
// each as a change of its own. Unlike a single insertion, none takes the place of a derived fact of
// its key: that key is taken.

#include <algorithm>

#include "base/slot_index.h"
#include "expression/coerce.h"
#include "session/state.h"

namespace reticle {

namespace {

std::string inRow(std::size_t row) { return " in row " + std::to_string(row); }

Error inRow(Error error, std::size_t row) {
  error.message = "row " + std::to_string(row) + ": " + error.message;
  return error;
}

// The declared fields that the columns stand for.
Result<std::vector<std::uint32_t>> columnsOf(const model::FactType& type,
                                             const std::vector<std::string>& names) {
  std::vector<std::uint32_t> columns;
  for (const std::string& name : names) {
    const auto field = type.find(name);
    if (!field || index(*field) >= type.declared) {
      return Error{ErrorCode::UnknownField, type.name + " has no field \"" + name + "\"", name, {}};
    }
    if (std::find(columns.begin(), columns.end(), index(*field)) != columns.end()) {
      return Error{ErrorCode::BadInput, "the field \"" + name + "\" is given twice", name, {}};
    }
    columns.push_back(index(*field));
  }
  return columns;
}

// Whether no two rows have the same key; answers the later one of the first two that do.
std::optional<std::size_t> repeatedKey(const model::FactType& type,
                                       const std::vector<Value>& rows) {
  if (type.keys.empty()) return std::nullopt;
  const std::size_t width = type.fields.size();
  SlotIndex seen;
  for (std::size_t row = 0; row * width < rows.size(); ++row) {
    const Value* const values = rows.data() + row * width;
    std::uint64_t hash = 0;
    for (FieldId key : type.keys) hash = hashCombine(hash, values[index(key)].hash());
    const auto same = [&](std::uint32_t other) {
      const Value* const theirs = rows.data() + other * width;
      return std::all_of(type.keys.begin(), type.keys.end(),
                         [&](FieldId key) { return theirs[index(key)] == values[index(key)]; });
    };
    if (seen.find(hash, same) != SlotIndex::kNone) return row;
    seen.add(hash, static_cast<std::uint32_t>(row));
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<FactId>> Session::insertAll(std::string_view typeName,
                                               const std::vector<std::string>& names,
                                               std::vector<Value> values) {
  State& s = *state_;
  const auto insertable = s.insertableType(typeName);
  if (!insertable) return insertable.error();
  const model::FactType& type = **insertable;
  if (type.kind != model::FactKind::Fact) {
    return Error{ErrorCode::WrongType,
                 type.name + " is a subject: its properties are set one subject at a time",
                 "type",
                 {}};
  }
  const auto columns = columnsOf(type, names);
  if (!columns) return columns.error();
  if (names.empty() ? !values.empty() : values.size() % names.size() != 0) {
    return Error{ErrorCode::BadInput,
                 std::to_string(values.size()) + " values do not make rows of " +
                     std::to_string(names.size()),
                 "values",
                 {}};
  }

  std::vector<std::uint32_t> missing;
  for (std::uint32_t i = 0; i < type.declared; ++i) {
    if (std::find(columns->begin(), columns->end(), i) == columns->end()) missing.push_back(i);
  }
  for (const std::uint32_t field : missing) {
    if (!type.fields[field].initial.present() && !type.fields[field].type.optional) {
      return Error{ErrorCode::MissingField,
                   "the field \"" + type.fields[field].name + "\" of " + type.name +
                       " is missing; it has no default, so it must be given",
                   type.fields[field].name,
                   {}};
    }
  }

  // Columns in the order of the declaration, as they mostly are, stay where they are (unless the
  // engine adds fields of its own).
  const std::size_t count = names.empty() ? 0 : values.size() / names.size(),
                    width = type.fields.size();
  bool inOrder = columns->size() == width;
  for (std::size_t i = 0; i < columns->size(); ++i) inOrder = inOrder && (*columns)[i] == i;
  std::vector<Value> rows;
  if (inOrder) {
    rows = std::move(values);
  } else {
    rows.resize(count * width);
  }
  for (std::size_t row = 0; row < count; ++row) {
    Value* const fields = rows.data() + row * width;
    for (std::size_t i = 0; i < columns->size(); ++i) {
      const model::Field& field = type.fields[(*columns)[i]];
      Value& value = fields[(*columns)[i]];
      if (!inOrder) value = std::move(values[row * columns->size() + i]);
      if (fit(value, field.type)) {
        s.texts.share(value);
        continue;
      }
      return coerce(value, field.type,
                    "the field \"" + field.name + "\" of " + type.name + inRow(row))
          .error();
    }
    for (const std::uint32_t field : missing) {
      if (type.fields[field].initial.present()) {
        fields[field] =
            reticle::evaluate(type.fields[field].initial.code, Frame{nullptr, nullptr, this});
      }
    }
    if (const Status checked = s.checkFields(type, {fields, width}); !checked) {
      return inRow(checked.error(), row);
    }
    const FactId twin = s.twin(type.id, {fields, width});
    if (twin == kNoFact) continue;
    return Error{ErrorCode::DuplicateKey,
                 "row " + std::to_string(row) + ": there is a " + type.name +
                     " with this key already: fact " + std::to_string(index(twin)) + ", " +
                     s.describe(twin),
                 {},
                 "update that fact"};
  }
  if (const auto repeated = repeatedKey(type, rows)) {
    return Error{ErrorCode::DuplicateKey,
                 "row " + std::to_string(*repeated) + ": an earlier row has this key already",
                 {},
                 {}};
  }

  std::vector<FactId> facts;
  facts.reserve(count);
  for (std::size_t row = 0; row < count; ++row) {
    facts.push_back(s.assertFact(type.id, {rows.data() + row * width, width}, false));
  }
  s.retractUnsupported();
  return facts;
}

}  // namespace reticle
