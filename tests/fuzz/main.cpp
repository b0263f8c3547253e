// The entry points of libFuzzer for one target, RETICLE_FUZZ_BROKEN. Half of the changes are
// libFuzzer's, of bytes; the other half are of whole lexemes, or of whole values when
// RETICLE_FUZZ_DOCUMENTS, since text that cannot be read tells nothing about the later stages.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "document/document.h"
#include "fuzz/targets.h"
#include "syntax/lexer.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t room);

namespace {

using namespace reticle;

// Of this process's own time: a busy machine is no finding.
constexpr std::clock_t kMostSeconds = 2;

class Numbers {
 public:
  explicit Numbers(unsigned seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::size_t below(std::size_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return bound == 0 ? 0 : static_cast<std::size_t>(state_ >> 16) % bound;
  }

 private:
  std::uint64_t state_;
};

// A stretch of one to eight lexemes.
Span stretch(const Lexemes& lexemes, Numbers& numbers) {
  const std::size_t count = lexemes.items.size();
  const std::size_t first = numbers.below(count);
  const std::size_t last = std::min(count - 1, first + numbers.below(numbers.below(8) + 1));
  return {0, lexemes.items[first].begin, lexemes.items[last].end};
}

// The values and the members of a document; a member with its name.
struct Pieces {
  std::vector<Span> values, members;
};

void collect(const DocumentNode& node, std::string_view text, Pieces& pieces) {
  if (node.span.end <= node.span.begin || node.span.end > text.size()) return;
  pieces.values.push_back(node.span);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    collect(node.items[i], text, pieces);
    if (i >= node.nameSpans.size()) continue;
    std::uint32_t begin = node.nameSpans[i].begin;
    if (begin > 0 && text[begin - 1] == '"') --begin;
    if (begin < node.items[i].span.end) {
      pieces.members.push_back({0, begin, node.items[i].span.end});
    }
  }
}

Pieces piecesOf(const std::string& text) {
  std::vector<Diagnostic> ignored;
  Pieces pieces;
  collect(readDocument(
              {text[0] == '-' || (text[0] >= 'a' && text[0] <= 'z') ? "a.yaml" : "a.json", text}, 0,
              ignored),
          text, pieces);
  return pieces;
}

std::string changedDocument(const std::string& text, const std::string& other, Numbers& numbers) {
  const Pieces here = piecesOf(text), there = &other == &text ? here : piecesOf(other);
  const bool ofMembers = numbers.below(2) == 0 && !here.members.empty() && !there.members.empty();
  const std::vector<Span>& places = ofMembers ? here.members : here.values;
  const std::vector<Span>& sources = ofMembers ? there.members : there.values;
  if (places.empty() || sources.empty()) return text;
  const Span place = places[numbers.below(places.size())],
             source = sources[numbers.below(sources.size())];
  const std::string piece = other.substr(source.begin, source.end - source.begin);
  std::string out = text;
  switch (numbers.below(4)) {
    case 0:
      out.erase(place.begin, place.end - place.begin +
                                 (place.end < text.size() && text[place.end] == ',' ? 1 : 0));
      break;
    case 1: out.insert(place.begin, piece + ", "); break;
    default: out.replace(place.begin, place.end - place.begin, piece); break;
  }
  return out;
}

std::string changed(const std::string& text, const std::string& other, Numbers& numbers) {
  if (text.empty() || other.empty()) return other;
  if (RETICLE_FUZZ_DOCUMENTS && numbers.below(4) != 0) return changedDocument(text, other, numbers);
  std::vector<Diagnostic> ignored;
  const Lexemes lexemes = lex(text, 0, ignored);
  const Span here = stretch(lexemes, numbers);
  const Span there =
      &other == &text ? stretch(lexemes, numbers) : stretch(lex(other, 0, ignored), numbers);
  const std::string piece = other.substr(there.begin, there.end - there.begin);
  std::string out = text;
  switch (numbers.below(4)) {
    case 0: out.erase(here.begin, here.end - here.begin); break;
    case 1: out.insert(here.begin, piece + " "); break;
    default: out.replace(here.begin, here.end - here.begin, piece); break;
  }
  return out;
}

// libFuzzer wants at least one byte.
std::size_t put(const std::string& changed, std::uint8_t* data, std::size_t room) {
  const std::string_view text = changed.empty() ? std::string_view(" ") : changed;
  const std::size_t size = std::min(text.size(), room);
  std::memcpy(data, text.data(), size);
  return size;
}

std::string textOf(const std::uint8_t* data, std::size_t size) {
  return std::string(reinterpret_cast<const char*>(data), size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::clock_t began = std::clock();
  std::string broken =
      fuzz::RETICLE_FUZZ_BROKEN(std::string_view(reinterpret_cast<const char*>(data), size));
  if (broken.empty() && std::clock() - began > kMostSeconds * CLOCKS_PER_SEC) {
    broken = "more than two seconds for one input";
  }
  if (broken.empty()) return 0;
  std::fprintf(stderr, "BROKEN: %s\n", broken.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t room, unsigned seed) {
  Numbers numbers(seed);
  if (size == 0 || numbers.below(2) == 0) return LLVMFuzzerMutate(data, size, room);
  std::string text = textOf(data, size);
  for (std::size_t i = numbers.below(3) + 1; i > 0; --i) text = changed(text, text, numbers);
  return put(text, data, room);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* other, std::size_t otherSize,
                                                 std::uint8_t* out, std::size_t room,
                                                 unsigned seed) {
  Numbers numbers(seed);
  std::string text = textOf(data, size);
  for (std::size_t i = numbers.below(2) + 1; i > 0; --i) {
    text = changed(text, textOf(other, otherSize), numbers);
  }
  return put(text, out, room);
}
