// Sums of doubles without rounding in between (Shewchuk 1997, as in Python's fsum), so that what
// was added can be taken away again and the order does not count.
#include "match/exact_sum.h"

#include <cmath>
#include <limits>
#include <utility>

namespace reticle {

namespace {

// Numbers that might overflow in a sum are kept apart, scaled down.
constexpr double kLarge = 0x1p900;
constexpr double kDown = 0x1p-128, kUp = 0x1p128;

// Adds one number to the parts: each addition's error, which is a double, too, is kept (two-sum,
// Knuth).
void grow(std::vector<double>& parts, double value) {
  std::size_t kept = 0;
  for (double part : parts) {
    if (std::fabs(value) < std::fabs(part)) std::swap(value, part);
    const double sum = value + part;
    const double error = part - (sum - value);
    if (error != 0) parts[kept++] = error;
    value = sum;
  }
  parts.resize(kept);
  if (value != 0) parts.push_back(value);
}

// From the largest part down; the sum is rounded once.
double rounded(const std::vector<double>& parts) {
  std::size_t at = parts.size();
  if (at == 0) return 0;
  double high = parts[--at], low = 0;
  while (at > 0) {
    const double before = high, part = parts[--at];
    high = before + part;
    low = part - (high - before);
    if (low != 0) break;
  }
  // Halfway between two doubles, what lies below decides.
  if (at > 0 && ((low < 0 && parts[at - 1] < 0) || (low > 0 && parts[at - 1] > 0))) {
    const double twice = low * 2, next = high + twice;
    if (twice == next - high) high = next;
  }
  return high;
}

}  // namespace

// NaN and infinities are counted, as nothing could take them out of a sum again.
void ExactSum::change(double value, int sign) {
  if (value != value) {
    nans_ += sign;
  } else if (std::isinf(value)) {
    (value > 0 ? positives_ : negatives_) += sign;
  } else {
    const bool large = std::fabs(value) >= kLarge;
    grow(large ? large_ : parts_, sign * value * (large ? kDown : 1));
  }
}

// The rounding error of a product is a double, too (Dekker's two-product, by fused multiply-add).
void ExactSum::addProduct(double a, double b) {
  const double product = a * b;
  add(product);
  add(std::fma(a, b, -product));
}

void ExactSum::addProduct(const ExactSum& sum, double factor) {
  for (const double part : sum.parts_) addProduct(part, factor);
  for (const double part : sum.large_) addProduct(part * kUp, factor);
}

double ExactSum::value() const {
  if (nans_ > 0 || (positives_ > 0 && negatives_ > 0)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (positives_ > 0) return std::numeric_limits<double>::infinity();
  if (negatives_ > 0) return -std::numeric_limits<double>::infinity();
  if (large_.empty()) return rounded(parts_);
  std::vector<double> all = large_;
  for (const double part : parts_) grow(all, part * kDown);
  return rounded(all) * kUp;
}

}  // namespace reticle
