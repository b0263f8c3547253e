// The words of the language, by what they do: one table for completion, semantic tokens and quick
// colourings of editors. What the parser accepts where is said by the parser; this table says what
// is worth offering there.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace reticle {

enum class KeywordGroup : std::uint8_t { Declaration, Clause, Condition, Action, Constant, Type };

// Where a word can begin something; a set of these.
namespace begins {
inline constexpr std::uint32_t kModule = 1, kTypeHead = 2, kField = 4, kFieldTail = 8,
                               kRuleHead = 16, kTrigger = 32, kCondition = 64, kAction = 128,
                               kStep = 256, kDoing = 512, kExpect = 1024, kFlowHead = 2048,
                               kStepTail = 4096, kTableHead = 8192, kSection = 16384,
                               kOperand = 32768, kPatternTail = 65536, kType = 131072;
}

struct Keyword {
  std::string_view word;  // "no-loop" is three lexemes
  KeywordGroup group{};
  std::uint32_t places = 0;  // 0: only after certain words
  std::string_view doc;      // one sentence; may be empty
};

const std::vector<Keyword>& keywords();
// Null when it is no word of the language.
const Keyword* findKeyword(std::string_view word);

}  // namespace reticle
