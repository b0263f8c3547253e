// Values from outside made to fit a type, and the messages when they do not.
#include <doctest/doctest.h>

#include "base/value_json.h"
#include "expression/coerce.h"

namespace expression_coerce_test {

using namespace reticle;

namespace {

// The value read by the type, or the message.
std::string read(std::string_view text, const Type& type, std::string_view where = "`x`") {
  const Result<Value> result = coerce(*parseJson(text), type, where);
  return result.ok() ? toText(*result) : result.error().message;
}

Type listOf(const Type& item) {
  Type type = Type::of(TypeKind::List);
  type.arguments.push_back(item);
  return type;
}

Type mapOf(TypeKind key, TypeKind item) {
  Type type = Type::of(TypeKind::Map);
  type.arguments = {Type::of(key), Type::of(item)};
  return type;
}

}  // namespace

TEST_SUITE("coerce") {
  TEST_CASE("a host's value is read by the declared type") {
    Type band = Type::of(TypeKind::Enum);
    band.values = {"COLD", "WARM"};
    CHECK(read("3", Type::of(TypeKind::Double)) == "3.0");
    CHECK(read("3.0", Type::of(TypeKind::Int)) == "3");
    CHECK(read(R"("2024-01-15T01:00:00+01:00")", Type::of(TypeKind::Timestamp)) ==
          "2024-01-15T00:00:00Z");
    CHECK(read(R"("2024-02-29")", Type::of(TypeKind::Timestamp)) == "2024-02-29T00:00:00Z");
    CHECK(read(R"("10m")", Type::of(TypeKind::Duration)) == "10m");
    CHECK(read(R"("aGk=")", Type::of(TypeKind::Bytes)) == "b\"hi\"");
    CHECK(read(R"("WARM")", band) == "\"WARM\"");
    CHECK(read("[1, 2]", listOf(Type::of(TypeKind::Double))) == "[1.0, 2.0]");
    CHECK(read(R"({"1": 2})", mapOf(TypeKind::Int, TypeKind::Double)) == "{1: 2.0}");
    CHECK(read(R"({"true": "1s"})", mapOf(TypeKind::Bool, TypeKind::Duration)) == "{true: 1s}");
    CHECK(read("null", Type::of(TypeKind::Int).asOptional()) == "null");
    CHECK(read("null", Type::of(TypeKind::Any)) == "null");
    CHECK(read(R"({"$fact": 3})", Type::of(TypeKind::Record)) == "#3");
    CHECK(read(R"({"a": [1]})", Type::of(TypeKind::Any)) == R"({"a": [1]})");
  }

  TEST_CASE("what does not fit is reported with what was found and what would be right") {
    Type band = Type::of(TypeKind::Enum);
    band.values = {"COLD", "WARM"};
    const std::string_view where = "the field \"qty\" of CartItem";
    CHECK(read(R"("three")", Type::of(TypeKind::Int), where) ==
          "the field \"qty\" of CartItem needs an int, this is \"three\"");
    CHECK(read("1.5", Type::of(TypeKind::Int), where) ==
          "the field \"qty\" of CartItem needs an int, this is 1.5");
    CHECK(read("null", Type::of(TypeKind::Int), where) ==
          "the field \"qty\" of CartItem needs an int, this is null");
    CHECK(read(R"("HOT")", band) == "`x` needs one of \"COLD\", \"WARM\", this is \"HOT\"");
    CHECK(read(R"("yesterday")", Type::of(TypeKind::Timestamp)) ==
          "`x` needs a timestamp such as \"2024-01-15T09:30:00Z\", this is \"yesterday\"");
    CHECK(read(R"("2023-02-29")", Type::of(TypeKind::Timestamp)) ==
          "`x` needs a timestamp such as \"2024-01-15T09:30:00Z\", this is \"2023-02-29\"");
    CHECK(read("[1, \"x\"]", listOf(Type::of(TypeKind::Int))) ==
          "item 1 of `x` needs an int, this is \"x\"");
    CHECK(read("[[1], [null]]", listOf(listOf(Type::of(TypeKind::Int)))) ==
          "item 0 of item 1 of `x` needs an int, this is null");
    CHECK(read(R"({"k": 1})", mapOf(TypeKind::String, TypeKind::Bool)) ==
          "the entry \"k\" of `x` needs true or false, this is 1");
    CHECK(read(R"({"k": 1})", mapOf(TypeKind::Int, TypeKind::Int)) ==
          "a key of `x` needs an int, this is \"k\"");
    CHECK(read(R"({"$int": "9007199254740993"})", Type::of(TypeKind::Double)) ==
          "`x` needs a number, this is 9007199254740993, which a double cannot hold exactly");
    CHECK(read("[]", Type::of(TypeKind::String)) == "`x` needs a string, this is a list");
    CHECK(read("\"" + std::string(500, 'a') + "\"", Type::of(TypeKind::Int)).size() < 120);
    const Result<Value> missing = coerce(Value{}, Type::of(TypeKind::Int), "`x`");
    CHECK(missing.error().fix == "give a value, or declare it as `int?`");
    CHECK(missing.error().code == ErrorCode::WrongType);
  }
}

}  // namespace expression_coerce_test
