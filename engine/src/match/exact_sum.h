// Sums of doubles that do not depend on the order of additions and can be taken back: a partial sum
// is kept exactly, as doubles that do not overlap, and rounded once when it is asked for (Shewchuk
// 1997, "Adaptive Precision Floating-Point Arithmetic", section 2; rounding after Python's
// math.fsum).
#pragma once

#include <cstdint>
#include <vector>

namespace reticle {

class ExactSum {
 public:
  void add(double value) { change(value, 1); }
  void remove(double value) { change(value, -1); }  // Requires: it was added
  // Adds the product of two numbers, or of a number and another sum, without rounding. Requires:
  // finite, and so is the product
  void addProduct(double a, double b);
  void addProduct(const ExactSum& sum, double factor);
  // correctly rounded; infinities and NaN as addition has them
  double value() const;

 private:
  void change(double value, int sign);
  // Ascending in magnitude, not overlapping. Very large numbers stand apart, scaled, so that no
  // partial sum overflows.
  std::vector<double> parts_, large_;
  std::int64_t positives_ = 0, negatives_ = 0, nans_ = 0;  // infinities, and what is no number
};

}  // namespace reticle
