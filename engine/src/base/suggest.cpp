// Edit distance with transpositions, and the suggestions made of it.
#include "base/suggest.h"

#include <algorithm>

namespace reticle::model {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// In halves of a letter.
enum class Case { Half, Whole };
std::size_t cost(char a, char b, Case letters) {
  if (a == b) return 0;
  return letters == Case::Half && lower(a) == lower(b) ? 1 : 2;
}

// Damerau-Levenshtein over neighbours; beyond `limit` it gives up and returns limit + 1.
std::size_t distanceOf(std::string_view a, std::string_view b, std::size_t limit, Case letters) {
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference * 2 > limit) return limit + 1;
  // Three rows of the usual table: swaps look two rows back.
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = 2 * i;
    std::size_t least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 2, row[j - 1] + 2, last[j - 1] + cost(a[i - 1], b[j - 1], letters)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 2);
      }
      least = std::min(least, row[j]);
    }
    // No path through this row can come back below the limit.
    if (least > limit) return limit + 1;
    std::swap(before, last);
    std::swap(last, row);
  }
  return std::min(last[b.size()], limit + 1);
}

}  // namespace

std::size_t editDistance(std::string_view a, std::string_view b, std::size_t limit) {
  return distanceOf(a, b, limit, Case::Half);
}

std::size_t letterDistance(std::string_view a, std::string_view b, std::size_t limit) {
  constexpr std::size_t kLongest = 40;
  if (a.size() > kLongest || b.size() > kLongest) return limit + 1;
  return std::min((distanceOf(a, b, 2 * limit, Case::Whole) + 1) / 2, limit + 1);
}

std::string nearest(std::string_view written, const std::vector<std::string>& names) {
  // A third of the letters may be wrong; in a word of one or two letters only their case.
  const std::size_t limit =
      written.size() <= 2 ? written.size() : std::max<std::size_t>(2, written.size() / 3 * 2);
  std::size_t best = limit + 1;
  std::string found;
  for (const std::string& name : names) {
    if (name == written) continue;
    const std::size_t distance = editDistance(written, name, limit);
    if (distance >= best) continue;
    best = distance;
    found = name;
  }
  return found;
}

}  // namespace reticle::model
