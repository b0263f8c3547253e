// The course of a run: settlings and the way of the clock, one after another, added up.
#pragma once

#include <cstdint>
#include <optional>

#include "host.h"
#include "reticle/engine.h"

namespace reticle::cli {

// Borrows the host and its engine.
class Course {
 public:
  // `firings`: at most so many, of all settlings together.
  Course(Engine& engine, ScriptHost& host, SettleOptions options,
         std::optional<std::uint64_t> firings)
      : engine_(engine), host_(host), options_(std::move(options)), left_(firings) {}

  void settle();
  void advance(Span64 by);
  // The same to a time; one that is over changes nothing.
  void advanceTo(Time to);

  // False once a settling stopped at a limit: what would follow begins in the middle of something.
  bool goesOn() const { return report_.reason != SettleReport::Reason::Limit; }
  // Firings of all, the rest as of the last one that had something to say.
  const SettleReport& report() const { return report_; }

 private:
  void add(SettleReport report);

  Engine& engine_;
  ScriptHost& host_;
  SettleOptions options_;
  std::optional<std::uint64_t> left_;
  SettleReport report_;
};

}  // namespace reticle::cli
