// Many facts of one type at once: read by column, checked by row, then inserted one after another,
// each as a change of its own. Unlike a single insertion, none takes the place of a derived fact of
// its key: that key is taken.

#include <algorithm>

#include "base/slot_index.h"
#include "expression/coerce.h"
#include "session/state.h"

namespace reticle {

namespace {

// Messages count rows from 0, as hosts do.
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

// The later one of the first two rows that have the same key; nothing when no two do.
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

// --- the rows of one batch

namespace {

class Batch {
 public:
  Batch(Session::State& state, const model::FactType& type, std::vector<std::uint32_t> columns)
      : s_(state), type_(type), width_(type.fields.size()), columns_(std::move(columns)) {
    for (std::uint32_t i = 0; i < type.declared; ++i) {
      if (std::find(columns_.begin(), columns_.end(), i) == columns_.end()) missing_.push_back(i);
    }
  }

  // Fields without a column must have a default, or be optional.
  Status checkMissing() const {
    for (const std::uint32_t field : missing_) {
      if (!type_.fields[field].initial.present() && !type_.fields[field].type.optional) {
        return Error{ErrorCode::MissingField,
                     "the field \"" + type_.fields[field].name + "\" of " + type_.name +
                         " is missing; it has no default, so it must be given",
                     type_.fields[field].name,
                     {}};
      }
    }
    return Done{};
  }

  // Brings the values into rows, each with all fields of the type, and checks them.
  Status read(std::vector<Value> values) {
    count_ = columns_.empty() ? 0 : values.size() / columns_.size();
    // Columns in the order of the declaration, as they mostly are, stay where they are (unless the
    // engine adds fields of its own).
    bool inOrder = columns_.size() == width_;
    for (std::size_t i = 0; i < columns_.size(); ++i) inOrder = inOrder && columns_[i] == i;
    if (inOrder) {
      rows_ = std::move(values);
    } else {
      rows_.resize(count_ * width_);
    }
    for (std::size_t row = 0; row < count_; ++row) {
      Value* const given = inOrder ? nullptr : values.data() + row * columns_.size();
      if (const Status fits = readRow(row, given); !fits) return fits;
    }
    return checkRepeated();
  }

  // The same for an open type, which takes what it does not declare: field by field.
  Status readOpen(const std::vector<std::string>& names, const std::vector<Value>& values) {
    count_ = names.empty() ? 0 : values.size() / names.size();
    for (std::size_t row = 0; row < count_; ++row) {
      Fields fields;
      for (std::size_t i = 0; i < names.size(); ++i) {
        fields.emplace_back(names[i], values[row * names.size() + i]);
      }
      const Result<GivenFields> given = s_.checks.byName(type_.id, fields);
      if (!given.ok()) return inRow(given.error(), row);
      Result<std::vector<Value>> complete = s_.checks.complete(type_.id, *given);
      if (!complete.ok()) return inRow(complete.error(), row);
      for (Value& value : *complete) s_.texts.share(value);
      complete->resize(width_);
      std::move(complete->begin(), complete->end(), std::back_inserter(rows_));
      if (const Status free = isFree(row); !free) return free;
    }
    return checkRepeated();
  }

  std::vector<FactId> insert() {
    std::vector<FactId> facts;
    facts.reserve(count_);
    for (std::size_t row = 0; row < count_; ++row) {
      const std::span<Value> values{rows_.data() + row * width_, width_};
      FactId fact = type_.asSet ? s_.checks.twin(type_.id, values) : kNoFact;
      if (fact == kNoFact) {
        fact = s_.assertFact(type_.id, values, false);
      } else if (s_.memory.find(fact)->logical) {
        s_.stateAs(fact, values);
      }
      facts.push_back(fact);
    }
    s_.settleTruths();
    return facts;
  }

 private:
  Status checkRepeated() const {
    const auto repeated = type_.asSet ? std::nullopt : repeatedKey(type_, rows_);
    if (!repeated) return Done{};
    return Error{ErrorCode::DuplicateKey,
                 "row " + std::to_string(*repeated) + ": an earlier row has this key already",
                 {},
                 {}};
  }

  // `given`: null when the row stands in its place already.
  Status readRow(std::size_t row, Value* given) {
    Value* const fields = rows_.data() + row * width_;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const model::Field& field = type_.fields[columns_[i]];
      Value& value = fields[columns_[i]];
      if (given) value = std::move(given[i]);
      // coerce() says what is wrong, at a price; most values fit as they are.
      if (fit(value, field.type)) {
        s_.texts.share(value);
        continue;
      }
      return coerce(value, field.type,
                    "the field \"" + field.name + "\" of " + type_.name + inRow(row))
          .error();
    }
    for (const std::uint32_t field : missing_) {
      if (type_.fields[field].initial.present()) {
        fields[field] =
            evaluate(type_.fields[field].initial.code, Frame{nullptr, nullptr, &s_.session});
      }
    }
    if (const Status checked = s_.checks.checkFields(type_, {fields, width_}); !checked) {
      return inRow(checked.error(), row);
    }
    return isFree(row);
  }

  Status isFree(std::size_t row) const {
    if (type_.asSet) return Done{};
    const Value* const fields = rows_.data() + row * width_;
    const FactId twin = s_.checks.twin(type_.id, {fields, width_});
    if (twin == kNoFact) return Done{};
    return Error{ErrorCode::DuplicateKey,
                 "row " + std::to_string(row) + ": there is a " + type_.name +
                     " with this key already: fact " + std::to_string(index(twin)) + ", " +
                     s_.checks.describe(twin),
                 {},
                 "update that fact"};
  }

  Session::State& s_;
  const model::FactType& type_;
  const std::size_t width_;  // fields of a row, hidden ones too
  const std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> missing_;  // declared fields without a column
  std::size_t count_ = 0;
  std::vector<Value> rows_;
};

}  // namespace

Result<std::vector<FactId>> Session::insertAll(std::string_view typeName,
                                               const std::vector<std::string>& names,
                                               std::vector<Value> values) {
  State& s = *state_;
  const auto insertable = s.checks.insertableType(typeName);
  if (!insertable) return insertable.error();
  const model::FactType& type = **insertable;
  if (type.kind != model::FactKind::Fact) {
    return Error{ErrorCode::WrongType,
                 type.name + " is a subject: its properties are set one subject at a time",
                 "type",
                 {}};
  }
  auto columns = type.open ? Result<std::vector<std::uint32_t>>(std::vector<std::uint32_t>())
                           : columnsOf(type, names);
  if (!columns) return columns.error();
  if (names.empty() ? !values.empty() : values.size() % names.size() != 0) {
    return Error{ErrorCode::BadInput,
                 std::to_string(values.size()) + " values do not make rows of " +
                     std::to_string(names.size()),
                 "values",
                 {}};
  }
  Batch batch(s, type, std::move(*columns));
  if (type.open) {
    if (const Status sound = batch.readOpen(names, values); !sound) return sound.error();
    return batch.insert();
  }
  if (const Status complete = batch.checkMissing(); !complete) return complete.error();
  if (const Status sound = batch.read(std::move(values)); !sound) return sound.error();
  return batch.insert();
}

}  // namespace reticle
