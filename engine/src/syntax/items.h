// Where the items of a block begin: what recovery looks for after a mistake.
#pragma once

#include <cstdint>

#include "syntax/lexeme_reader.h"

namespace reticle {

// What a block holds: where its items begin and what ends it.
enum class Inside : std::uint8_t {
  Module,
  Fields,
  Values,
  Conditions,
  Actions,
  Steps,
  TestActions,
  Rows,
  Sections,
  Expects
};

// A declaration begins there: its keyword, followed by what only declarations have there. Keywords
// are soft, so the word alone says nothing.
bool declarationStarts(const LexemeReader& lexemes, std::uint32_t ahead = 0);

// An item of such a block can begin there, or the block ends.
bool itemStarts(const LexemeReader& lexemes, Inside inside, std::uint32_t ahead = 0);

}  // namespace reticle
