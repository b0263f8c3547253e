// Counters, gauges and histograms, and their text.
#include "metrics.h"

#include <cmath>
#include <cstdio>

namespace reticle::serve {
namespace {

struct Described {
  std::string_view name, kind, help;
};

// All metrics there are, in the order of the text. Conventions: seconds, bytes, `_total`.
constexpr Described kMetrics[] = {
    {"reticle_requests_total", "counter", "Requests answered, by route and status."},
    {"reticle_request_duration_seconds", "histogram",
     "From the whole request to its answer, by route."},
    {"reticle_connections", "gauge", "Connections that are open."},
    {"reticle_connections_total", "counter", "Connections, by what became of them."},
    {"reticle_receiving_bytes", "gauge", "Bytes of requests that have not come whole."},
    {"reticle_leaving_bytes", "gauge", "Bytes of answers and of the trace that have not left."},
    {"reticle_events_total", "counter", "Events handed in, by what became of them."},
    {"reticle_properties_total", "counter", "Changes of subjects' properties handed in."},
    {"reticle_queue_events", "gauge", "Events that wait for the engine."},
    {"reticle_group_inputs", "histogram", "Inputs that shared one flush of the journal."},
    {"reticle_settle_duration_seconds", "histogram", "One settling."},
    {"reticle_settle_limits_total", "counter", "Settlings that did not come to rest."},
    {"reticle_flush_duration_seconds", "histogram", "One flush of the journal."},
    {"reticle_journal_bytes", "gauge", "Length of the journal."},
    {"reticle_facts", "gauge", "Facts in working memory."},
    {"reticle_clock_seconds", "gauge", "Where the session's clock stands."},
    {"reticle_rule_firings_total", "counter", "Firings since the start, by rule."},
    {"reticle_rule_failures_total", "counter", "Firings that failed since the start, by rule."},
    {"reticle_rules_replaced_total", "counter",
     "Replacements of the rules, by what became of them."},
    {"reticle_calls_total", "counter", "Calls of host functions that ended, by function."},
    {"reticle_calls_open", "gauge", "Calls of host functions under way."},
    {"reticle_call_duration_seconds", "histogram", "One call of a host function."},
    {"reticle_outputs_total", "counter",
     "Events that left the engine, by whether any target is for "
     "them."},
    {"reticle_deliveries_total", "counter",
     "Attempts to deliver an event, by what became of them."},
    {"reticle_outbox_events", "gauge", "Deliveries that are not done yet."},
    {"reticle_dead_letters_total", "counter", "Deliveries that were given up."},
    {"reticle_trace_readers", "gauge", "Who reads the trace."},
    {"reticle_trace_dropped_total", "counter", "Readers of the trace that were too slow."},
};

// Of durations 50 µs to about 13 s; of sizes 1 to 8192. Each bound is twice or four times the last.
bool isSize(std::string_view name) { return name == "reticle_group_inputs"; }

constexpr std::size_t kBounds = 15;

std::array<double, kBounds> boundsOf(bool isSize) {
  std::array<double, kBounds> bounds{};
  for (std::size_t at = 0; at < kBounds; ++at) {
    const int power = static_cast<int>(at);
    bounds[at] = isSize ? std::ldexp(1.0, power) : 50e-6 * std::ldexp(1.0, power * 4 / 3);
  }
  return bounds;
}

const std::array<double, kBounds> kSizes = boundsOf(true), kDurations = boundsOf(false);

std::string number(double value) {
  char text[40];
  const bool whole = std::floor(value) == value && std::fabs(value) < 1e15;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.9g", value);
  return text;
}

std::string braced(const std::string& labels) { return labels.empty() ? "" : "{" + labels + "}"; }

}  // namespace

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text + '"';
}

// The nodes of a map stay where they are.
Metrics::Counter& Metrics::counter(std::string_view name, const std::string& labels) {
  const std::lock_guard lock(mutex_);
  auto found = values_.find(name);
  if (found == values_.end()) found = values_.try_emplace(std::string(name)).first;
  return found->second[labels];
}

Metrics::Histogram& Metrics::histogram(std::string_view name, const std::string& labels) {
  const std::lock_guard lock(mutex_);
  auto found = histograms_.find(name);
  if (found == histograms_.end()) found = histograms_.try_emplace(std::string(name)).first;
  Histogram& histogram = found->second[labels];
  histogram.bounds = (isSize(name) ? kSizes : kDurations).data();
  return histogram;
}

void Metrics::count(Counter& counter, std::uint64_t by) {
  const std::lock_guard lock(mutex_);
  counter.value += static_cast<double>(by);
}

void Metrics::count(std::string_view name, const std::string& labels, std::uint64_t by) {
  count(counter(name, labels), by);
}

void Metrics::set(std::string_view name, const std::string& labels, double value) {
  Counter& counter = this->counter(name, labels);
  const std::lock_guard lock(mutex_);
  counter.value = value;
}

void Metrics::observe(Histogram& histogram, double value) {
  std::size_t at = 0;
  while (at < kBounds && value > histogram.bounds[at]) ++at;
  const std::lock_guard lock(mutex_);
  ++histogram.counts[at];
  ++histogram.count;
  histogram.sum += value;
}

void Metrics::observe(std::string_view name, const std::string& labels, double value) {
  observe(histogram(name, labels), value);
}

void Metrics::clear(std::string_view name) {
  const std::lock_guard lock(mutex_);
  values_.erase(std::string(name));
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const Described& metric : kMetrics) {
    const std::string name(metric.name);
    const auto values = values_.find(name);
    const auto histograms = histograms_.find(name);
    if (values == values_.end() && histograms == histograms_.end()) continue;
    text += "# HELP " + name + " " + std::string(metric.help) + "\n# TYPE " + name + " " +
            std::string(metric.kind) + "\n";
    if (values != values_.end()) {
      for (const auto& [labels, counter] : values->second) {
        text += name + braced(labels) + " " + number(counter.value) + "\n";
      }
    }
    if (histograms == histograms_.end()) continue;
    for (const auto& [labels, histogram] : histograms->second) {
      const std::string before = labels.empty() ? "" : labels + ",";
      std::uint64_t below = 0;
      for (std::size_t at = 0; at <= kBounds; ++at) {
        below += histogram.counts[at];
        const std::string bound = at == kBounds ? "+Inf" : number(histogram.bounds[at]);
        text +=
            name + "_bucket{" + before + "le=\"" + bound + "\"} " + std::to_string(below) + "\n";
      }
      text += name + "_sum" + braced(labels) + " " + number(histogram.sum) + "\n" + name +
              "_count" + braced(labels) + " " + std::to_string(histogram.count) + "\n";
    }
  }
  return text;
}

}  // namespace reticle::serve
