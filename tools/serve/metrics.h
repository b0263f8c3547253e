// What a server has done, in numbers, for Prometheus: the text format 0.0.4.
//
// A metric is known by its name; its help and kind stand in the table of metrics.cpp. Threads may
// count at the same time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace reticle::serve {

class Metrics {
 public:
  struct Counter {
    double value = 0;
  };
  struct Histogram {
    std::array<std::uint64_t, 16> counts{};  // one for each bound, the last for what is beyond
    std::uint64_t count = 0;
    double sum = 0;
    const double* bounds = nullptr;
  };
  // Where something is counted, for those that count with every request: looked for once. It stays
  // where it is until clear().
  Counter& counter(std::string_view name, const std::string& labels = {});
  Histogram& histogram(std::string_view name, const std::string& labels = {});
  void count(Counter& counter, std::uint64_t by = 1);
  void observe(Histogram& histogram, double value);

  // `labels` as they stand between the braces: `status="200"`; may be empty.
  void count(std::string_view name, const std::string& labels = {}, std::uint64_t by = 1);
  // A gauge takes the value; a counter that somebody else keeps does, too.
  void set(std::string_view name, const std::string& labels, double value);
  // In seconds, or in whatever the histogram's name says.
  void observe(std::string_view name, const std::string& labels, double value);
  // Forgets the values of a metric, before all of them are set anew.
  void clear(std::string_view name);

  std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<std::string, Counter>, std::less<>> values_;  // by name, by labels
  std::map<std::string, std::map<std::string, Histogram>, std::less<>> histograms_;
};

// `type="order.\"new\""`: a label with its value escaped.
std::string label(std::string_view name, std::string_view value);

}  // namespace reticle::serve
