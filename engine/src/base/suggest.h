// "Did you mean …?": the nearest of some names by edit distance.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reticle::model {

// How many letters must be added, dropped, changed or swapped with their neighbour to turn one word
// into the other; limit + 1 when it is more than `limit`. Upper and lower case differ by half a
// letter: the result counts halves.
std::size_t editDistance(std::string_view a, std::string_view b, std::size_t limit);

// The same in whole letters, upper and lower case being as different as any two: for words of the
// language, where case counts. No word of more than 40 letters is near another.
std::size_t letterDistance(std::string_view a, std::string_view b, std::size_t limit);

// The one name that an author may have meant, or "" when none is near. Ties go to the one that
// comes first.
std::string nearest(std::string_view written, const std::vector<std::string>& names);

}  // namespace reticle::model
