// Typed ids: positions in vectors, or numbers handed out once within a session. Never pointers,
// never reused where a host or a trace can see them.
#pragma once

#include <cstdint>

namespace reticle {

// Positions in a compiled program; dense, from 0.
enum class TypeId : std::uint32_t {};
enum class FieldId : std::uint32_t {};
enum class RuleId : std::uint32_t {};
enum class FlowId : std::uint32_t {};
enum class FunctionId : std::uint32_t {};  // host functions
enum class QueryId : std::uint32_t {};
enum class NodeId : std::uint32_t {};  // parents have smaller ids than their children

// Numbers given out by a session, from 1; 0 means none.
enum class FactId : std::uint32_t {};
enum class ActivationId : std::uint32_t {};
enum class RunId : std::uint32_t {};
enum class TimerId : std::uint32_t {};

template <typename Id>
constexpr std::uint32_t index(Id id) {
  return static_cast<std::uint32_t>(id);
}

constexpr FactId kNoFact{0};
constexpr RuleId kNoRule{0xffffffffu};
constexpr NodeId kNoNode{0xffffffffu};
constexpr RunId kNoRun{0};

// Time on a session's clock: microseconds since 1970-01-01T00:00:00Z. The engine never reads a
// clock of its own.
using Time = std::int64_t;
// A span of time in microseconds.
using Span64 = std::int64_t;

}  // namespace reticle
