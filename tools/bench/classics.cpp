// The facts of the classics, made as the generators of the OPS5 benchmark suite make them.
#include <array>
#include <cstdint>

#include "workload.h"

namespace reticle::bench {
namespace {

Value number(std::int64_t value) { return Value::integer(value); }
Value text(std::string_view value) { return Value::string(value); }

// A generator of its own, so that all builds and machines agree.
class Dice {
 public:
  std::uint32_t below(std::uint32_t count) {
    state_ = (state_ * 1103515245u + 12345u) & 0x7fffffffu;
    return (state_ >> 16) % count;
  }

 private:
  std::uint32_t state_ = 1;
};

struct Segment {
  std::int64_t from, to;
};

// A point is the number 10,000 x + y. One block, the lines between four of them, and where the four
// stand in a region.
constexpr std::array<Segment, 17> kBlock{{{0, 20000},
                                          {20000, 30000},
                                          {30000, 40000},
                                          {0, 2},
                                          {2, 3},
                                          {3, 4},
                                          {4, 40004},
                                          {40004, 40000},
                                          {40000, 50001},
                                          {50001, 50002},
                                          {50002, 50003},
                                          {50003, 50005},
                                          {50005, 40004},
                                          {50005, 30005},
                                          {30005, 20005},
                                          {20005, 10005},
                                          {10005, 4}}};
constexpr std::array<Segment, 4> kBetween{
    {{50003, 60003}, {30005, 30006}, {80005, 80006}, {50008, 60008}}};
constexpr std::array<std::int64_t, 4> kBlocks{0, 60000, 6, 60006};

void drawLines(std::int64_t offset, const Segment* segments, std::size_t count, FactSink& sink) {
  for (std::size_t i = 0; i < count; ++i) {
    sink.row({number(segments[i].from + offset), number(segments[i].to + offset)});
  }
}

void drawRegion(std::int64_t offset, FactSink& sink) {
  drawLines(offset, kBetween.data(), kBetween.size(), sink);
  for (const std::int64_t block : kBlocks) {
    drawLines(offset + block, kBlock.data(), kBlock.size(), sink);
  }
}

// One region, and `regions` more to its right, each joined to the one before it.
void drawRegions(std::size_t regions, FactSink& sink) {
  sink.begin("Line", {"p1", "p2"});
  std::int64_t offset = 0;
  drawRegion(offset, sink);
  for (std::size_t i = 0; i < regions; ++i) {
    offset += 120000;
    drawRegion(offset, sink);
    drawLines(offset - 60000, kBetween.data(), kBetween.size(), sink);
  }
  sink.begin("Stage", {"value"});
  sink.row({text("duplicate")});
}

}  // namespace

// As many women as men, each with two or three of three hobbies: any two share one, so that no seat
// is given in vain.
void mannersFacts(std::size_t guests, FactSink& sink) {
  Dice dice;
  sink.begin("Guest", {"name", "sex", "hobby"});
  for (std::size_t i = 1; i <= guests; ++i) {
    const Value name = text("n" + std::to_string(i)), sex = text(i % 2 == 1 ? "m" : "f");
    const std::uint32_t hobbies = 2 + dice.below(2), first = dice.below(3);
    for (std::uint32_t j = 0; j < hobbies; ++j) {
      sink.row({name, sex, text("h" + std::to_string((first + j) % 3 + 1))});
    }
  }
  sink.begin("LastSeat", {"seat"});
  sink.row({number(static_cast<std::int64_t>(guests))});
  sink.begin("Count", {"value"});
  sink.row({number(1)});
  sink.begin("Context", {"phase"});
  sink.row({text("start")});
}

void waltzFacts(std::size_t regions, FactSink& sink) { drawRegions(regions, sink); }

// Regions of lines, and the labels that junctions may have.
void waltzdbFacts(std::size_t regions, FactSink& sink) {
  struct Legal {
    const char* kind;
    const char* name;
    const char* n1;
    const char* n2;
    const char* n3;
  };
  static constexpr std::array<Legal, 16> kLegal{{{"2j", "L", "B", "B", ""},
                                                 {"2j", "L", "+", "B", ""},
                                                 {"2j", "L", "B", "+", ""},
                                                 {"2j", "L", "-", "B", ""},
                                                 {"2j", "L", "B", "-", ""},
                                                 {"3j", "fork", "+", "+", "+"},
                                                 {"3j", "fork", "-", "-", "-"},
                                                 {"3j", "fork", "B", "-", "B"},
                                                 {"3j", "fork", "-", "B", "B"},
                                                 {"3j", "fork", "B", "B", "-"},
                                                 {"3j", "tee", "B", "+", "B"},
                                                 {"3j", "tee", "B", "-", "B"},
                                                 {"3j", "tee", "B", "B", "B"},
                                                 {"3j", "arrow", "B", "+", "B"},
                                                 {"3j", "arrow", "-", "+", "-"},
                                                 {"3j", "arrow", "+", "-", "+"}}};
  sink.begin("Label", {"kind", "name", "id", "n1", "n2", "n3"});
  for (std::size_t i = 0; i < kLegal.size(); ++i) {
    const Legal& label = kLegal[i];
    sink.row({text(label.kind), text(label.name), number(static_cast<std::int64_t>(i + 1)),
              text(label.n1), text(label.n2), text(label.n3)});
  }
  drawRegions(regions, sink);
}

// One puzzle that singles solve; on every further board its digits are other ones.
void sudokuFacts(std::size_t boards, FactSink& sink) {
  static constexpr std::string_view kPuzzle =
      "530070000600195000098000060800060003400803001700020006060000280000419005000080079";
  const auto each = [&](auto&& given) {
    for (std::size_t board = 0; board < boards; ++board) {
      for (std::size_t at = 0; at < kPuzzle.size(); ++at) {
        const std::size_t row = at / 9, col = at % 9,
                          digit = static_cast<std::size_t>(kPuzzle[at] - '0');
        given(number(static_cast<std::int64_t>(board)), row, col,
              digit == 0 ? 0 : (digit - 1 + board) % 9 + 1);
      }
    }
  };
  const auto row = [&](const Value& board, std::size_t row, std::size_t col, std::size_t value) {
    const auto whole = [](std::size_t n) { return number(static_cast<std::int64_t>(n)); };
    sink.row(
        {board, whole(row + 1), whole(col + 1), whole(row / 3 * 3 + col / 3 + 1), whole(value)});
  };
  sink.begin("Candidate", {"board", "row", "col", "box", "value"});
  each([&](const Value& board, std::size_t r, std::size_t c, std::size_t digit) {
    for (std::size_t value = 1; digit == 0 && value <= 9; ++value) row(board, r, c, value);
  });
  sink.begin("Fixed", {"board", "row", "col", "box", "value"});
  each([&](const Value& board, std::size_t r, std::size_t c, std::size_t digit) {
    if (digit != 0) row(board, r, c, digit);
  });
}

}  // namespace reticle::bench
